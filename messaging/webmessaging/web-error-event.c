/* web-error-event.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error-event-private.h"

/**
 * WebErrorEvent:
 *
 * An event that says what has gone wrong: usually a script in a worker has thrown an exception.
 *
 * See [ErrorEvent](https://html.spec.whatwg.org/#errorevent).
 */

struct _WebErrorEvent
{
  WebEvent parent_instance;

  char   *message;
  char   *filename;
  char   *stack;     /* nullable */
  GBytes *exception; /* nullable; what was thrown: bytes of a #WebSerializedData */
  guint   lineno;
  guint   colno;
};

G_DEFINE_FINAL_TYPE (WebErrorEvent, web_error_event, WEB_TYPE_EVENT)

enum
{
  PROP_MESSAGE = 1,
  PROP_FILENAME,
  PROP_LINENO,
  PROP_COLNO,
  PROP_STACK,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
web_error_event_finalize (GObject *object)
{
  WebErrorEvent *self = WEB_ERROR_EVENT (object);

  g_free (self->message);
  g_free (self->filename);
  g_free (self->stack);
  g_clear_pointer (&self->exception, g_bytes_unref);

  G_OBJECT_CLASS (web_error_event_parent_class)->finalize (object);
}

static void
web_error_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WebErrorEvent *self = WEB_ERROR_EVENT (object);

  switch (prop_id)
    {
    case PROP_MESSAGE:
      g_value_set_string (value, web_error_event_get_message (self));
      break;

    case PROP_FILENAME:
      g_value_set_string (value, web_error_event_get_filename (self));
      break;

    case PROP_LINENO:
      g_value_set_uint (value, self->lineno);
      break;

    case PROP_COLNO:
      g_value_set_uint (value, self->colno);
      break;

    case PROP_STACK:
      g_value_set_string (value, self->stack);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_error_event_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  WebErrorEvent *self = WEB_ERROR_EVENT (object);

  switch (prop_id)
    {
    case PROP_MESSAGE:
      g_free (self->message);
      self->message = g_value_dup_string (value);
      break;

    case PROP_FILENAME:
      g_free (self->filename);
      self->filename = g_value_dup_string (value);
      break;

    case PROP_LINENO:
      self->lineno = g_value_get_uint (value);
      break;

    case PROP_COLNO:
      self->colno = g_value_get_uint (value);
      break;

    case PROP_STACK:
      g_free (self->stack);
      self->stack = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_error_event_class_init (WebErrorEventClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = web_error_event_finalize;
  object_class->get_property = web_error_event_get_property;
  object_class->set_property = web_error_event_set_property;

  /**
   * WebErrorEvent:message: (getter get_message)
   *
   * What has gone wrong.
   */
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", flags);

  /**
   * WebErrorEvent:filename: (getter get_filename)
   *
   * The file or URL of the script; empty if that is not known.
   */
  props[PROP_FILENAME] = g_param_spec_string ("filename", NULL, NULL, "", flags);

  /**
   * WebErrorEvent:lineno: (getter get_lineno)
   *
   * The line in the script, from 1 on; 0 if that is not known.
   */
  props[PROP_LINENO] = g_param_spec_uint ("lineno", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * WebErrorEvent:colno: (getter get_colno)
   *
   * The column in that line, from 1 on; 0 if that is not known.
   */
  props[PROP_COLNO] = g_param_spec_uint ("colno", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * WebErrorEvent:stack: (getter get_stack)
   *
   * Which functions were being called, as the language of the script writes that.
   */
  props[PROP_STACK] = g_param_spec_string ("stack", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
web_error_event_init (WebErrorEvent *self)
{
}

/**
 * web_error_event_new:
 * @type: the type of the event
 * @message: (nullable): what has gone wrong
 * @filename: (nullable): the file or URL of the script
 * @lineno: the line in it, 0 if that is not known
 * @colno: the column, 0 if that is not known
 *
 * Makes an untrusted event that can be cancelled.
 *
 * See [ErrorEvent()](https://html.spec.whatwg.org/#errorevent).
 *
 * Returns: (transfer full): a new event
 */
WebErrorEvent *
web_error_event_new (const char *type,
                     const char *message,
                     const char *filename,
                     guint       lineno,
                     guint       colno)
{
  WebErrorEvent *self;

  g_return_val_if_fail (type != NULL, NULL);

  self = g_object_new (WEB_TYPE_ERROR_EVENT, "message", message, "filename", filename, "lineno",
                       lineno, "colno", colno, NULL);
  web_event_init_event (WEB_EVENT (self), type, FALSE, TRUE);

  return self;
}

/*
 * web_error_event_new_reported:
 *
 * Makes the event for the owner of a worker: HTML, webappapis.html#runtime-script-errors-2.
 */
WebErrorEvent *
web_error_event_new_reported (const char *message,
                              const char *filename,
                              guint       lineno,
                              guint       colno,
                              const char *stack,
                              GBytes     *exception)
{
  WebErrorEvent *self = web_error_event_new ("error", message, filename, lineno, colno);

  self->stack = g_strdup (stack);
  self->exception = exception != NULL ? g_bytes_ref (exception) : NULL;

  return self;
}

/*
 * web_error_event_get_exception:
 *
 * Returns: (transfer none) (nullable): what was thrown, as bytes of a #WebSerializedData
 */
GBytes *
web_error_event_get_exception (WebErrorEvent *self)
{
  return self->exception;
}

/**
 * web_error_event_get_message: (get-property message)
 * @self: an event
 *
 * Gets what has gone wrong.
 *
 * See [message](https://html.spec.whatwg.org/#dom-errorevent-message).
 *
 * Returns: (transfer none): the message, perhaps empty
 */
const char *
web_error_event_get_message (WebErrorEvent *self)
{
  g_return_val_if_fail (WEB_IS_ERROR_EVENT (self), "");

  return self->message != NULL ? self->message : "";
}

/**
 * web_error_event_get_filename: (get-property filename)
 * @self: an event
 *
 * Gets the file or URL of the script.
 *
 * See [filename](https://html.spec.whatwg.org/#dom-errorevent-filename).
 *
 * Returns: (transfer none): the file or URL, empty if that is not known
 */
const char *
web_error_event_get_filename (WebErrorEvent *self)
{
  g_return_val_if_fail (WEB_IS_ERROR_EVENT (self), "");

  return self->filename != NULL ? self->filename : "";
}

/**
 * web_error_event_get_lineno: (get-property lineno)
 * @self: an event
 *
 * Gets the line in the script.
 *
 * See [lineno](https://html.spec.whatwg.org/#dom-errorevent-lineno).
 *
 * Returns: the line, from 1 on; 0 if that is not known
 */
guint
web_error_event_get_lineno (WebErrorEvent *self)
{
  g_return_val_if_fail (WEB_IS_ERROR_EVENT (self), 0);

  return self->lineno;
}

/**
 * web_error_event_get_colno: (get-property colno)
 * @self: an event
 *
 * Gets the column in the line.
 *
 * See [colno](https://html.spec.whatwg.org/#dom-errorevent-colno).
 *
 * Returns: the column, from 1 on; 0 if that is not known
 */
guint
web_error_event_get_colno (WebErrorEvent *self)
{
  g_return_val_if_fail (WEB_IS_ERROR_EVENT (self), 0);

  return self->colno;
}

/**
 * web_error_event_get_stack: (get-property stack)
 * @self: an event
 *
 * Gets which functions were being called, as the language of the script writes that.
 *
 * Returns: (transfer none) (nullable): several lines, %NULL if that is not known
 */
const char *
web_error_event_get_stack (WebErrorEvent *self)
{
  g_return_val_if_fail (WEB_IS_ERROR_EVENT (self), NULL);

  return self->stack;
}
