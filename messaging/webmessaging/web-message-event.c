/* web-message-event.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loop/web-debug-private.h"
#include "web-error.h"
#include "web-event-private.h"
#include "web-event-target-private.h"
#include "web-message-event-private.h"
#include "web-message-event-source.h"
#include "web-serialized-data-private.h"

/**
 * WebMessageEvent:
 *
 * A message that has arrived.
 *
 * [property@WebMessaging.MessageEvent:data] is the message.
 * [method@WebMessaging.MessageEvent.get_ports] returns the ports that were transferred with it, in
 * the order of the transfer list; a `h` value in the data stands for the object that
 * [method@WebMessaging.MessageEvent.get_object] returns for it.
 *
 * The event belongs to the thread that received it.
 *
 * See [The MessageEvent interface](https://html.spec.whatwg.org/#the-messageevent-interface).
 */

struct _WebMessageEvent
{
  WebEvent parent_instance;

  GVariant          *data;    /* owned, nullable */
  WebSerializedData *message; /* owned, nullable: what @data is made of when somebody asks for it */
  GPtrArray         *objects; /* owned, nullable: of GObject; a handle is an index */
  GPtrArray         *ports;   /* owned, nullable: of WebMessagePort */
  char              *origin;  /* %NULL for an empty string, as @last_event_id */
  char              *last_event_id;
  WebMessageEventSource *source; /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (WebMessageEvent, web_message_event, WEB_TYPE_EVENT)

enum
{
  PROP_DATA = 1,
  PROP_ORIGIN,
  PROP_LAST_EVENT_ID,
  PROP_SOURCE,
  PROP_PORTS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static GPtrArray *
copy_ports (gpointer const *ports, gsize n_ports)
{
  GPtrArray *copy;
  gsize      i;

  if (n_ports == 0)
    return NULL;

  copy = g_ptr_array_new_full (n_ports, g_object_unref);
  for (i = 0; i < n_ports; i++)
    g_ptr_array_add (copy, g_object_ref (ports[i]));

  return copy;
}

static char *
copy_string (const char *string)
{
  return string != NULL && *string != '\0' ? g_strdup (string) : NULL;
}

static void
web_message_event_clear (WebMessageEvent *self)
{
  g_clear_pointer (&self->data, g_variant_unref);
  g_clear_pointer (&self->message, web_serialized_data_unref);
  g_clear_pointer (&self->objects, g_ptr_array_unref);
  g_clear_pointer (&self->ports, g_ptr_array_unref);
  g_clear_pointer (&self->origin, g_free);
  g_clear_pointer (&self->last_event_id, g_free);
  g_clear_object (&self->source);
}

static void
web_message_event_finalize (GObject *object)
{
  web_message_event_clear (WEB_MESSAGE_EVENT (object));

  G_OBJECT_CLASS (web_message_event_parent_class)->finalize (object);
}

static void
web_message_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WebMessageEvent *self = WEB_MESSAGE_EVENT (object);

  switch (prop_id)
    {
    case PROP_DATA:
      g_value_set_variant (value, web_message_event_get_data (self));
      break;

    case PROP_ORIGIN:
      g_value_set_string (value, web_message_event_get_origin (self));
      break;

    case PROP_LAST_EVENT_ID:
      g_value_set_string (value, web_message_event_get_last_event_id (self));
      break;

    case PROP_SOURCE:
      g_value_set_object (value, self->source);
      break;

    case PROP_PORTS:
      if (self->ports != NULL)
        g_value_take_boxed (value, copy_ports (self->ports->pdata, self->ports->len));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_data (WebMessageEvent *self, GVariant *data)
{
  g_clear_pointer (&self->message, web_serialized_data_unref);
  g_clear_pointer (&self->objects, g_ptr_array_unref);
  g_clear_pointer (&self->data, g_variant_unref);
  self->data = data != NULL ? g_variant_ref_sink (data) : NULL;
}

static void
set_string (char **place, const char *string)
{
  g_free (*place);
  *place = copy_string (string);
}

static void
set_ports (WebMessageEvent *self, GPtrArray *ports)
{
  g_clear_pointer (&self->ports, g_ptr_array_unref);
  if (ports != NULL)
    self->ports = copy_ports (ports->pdata, ports->len);
}

static void
web_message_event_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  WebMessageEvent *self = WEB_MESSAGE_EVENT (object);

  if (!web_event_begin_change (WEB_EVENT (self)))
    return;

  switch (prop_id)
    {
    case PROP_DATA:
      set_data (self, g_value_get_variant (value));
      break;

    case PROP_ORIGIN:
      set_string (&self->origin, g_value_get_string (value));
      break;

    case PROP_LAST_EVENT_ID:
      set_string (&self->last_event_id, g_value_get_string (value));
      break;

    case PROP_SOURCE:
      g_set_object (&self->source, g_value_get_object (value));
      break;

    case PROP_PORTS:
      set_ports (self, g_value_get_boxed (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_message_event_class_init (WebMessageEventClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = web_message_event_finalize;
  object_class->get_property = web_message_event_get_property;
  object_class->set_property = web_message_event_set_property;

  /**
   * WebMessageEvent:data: (getter get_data)
   *
   * The message.
   */
  props[PROP_DATA] = g_param_spec_variant ("data", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, flags);

  /**
   * WebMessageEvent:origin: (getter get_origin)
   *
   * The origin of the window that has sent the message.
   */
  props[PROP_ORIGIN] = g_param_spec_string ("origin", NULL, NULL, "", flags);

  /**
   * WebMessageEvent:last-event-id: (getter get_last_event_id)
   *
   * The identifier of the last event of a server.
   */
  props[PROP_LAST_EVENT_ID] = g_param_spec_string ("last-event-id", NULL, NULL, "", flags);

  /**
   * WebMessageEvent:source: (getter get_source)
   *
   * The window that has sent the message.
   */
  props[PROP_SOURCE] =
    g_param_spec_object ("source", NULL, NULL, WEB_TYPE_MESSAGE_EVENT_SOURCE, flags);

  /**
   * WebMessageEvent:ports: (type GLib.PtrArray(WebMessaging.MessagePort)) (getter get_ports)
   *
   * The ports that were transferred with the message; %NULL if there are none.
   */
  props[PROP_PORTS] = g_param_spec_boxed ("ports", NULL, NULL, G_TYPE_PTR_ARRAY, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
web_message_event_init (WebMessageEvent *self)
{
}

/**
 * web_message_event_new:
 * @type: the type of the event, `"message"` for most
 * @data: (nullable): the message; a floating reference is consumed
 *
 * Makes an event for a message, to be dispatched by the program. g_object_new() makes one with
 * other properties.
 *
 * See [MessageEvent()](https://html.spec.whatwg.org/#dom-messageevent).
 *
 * Returns: (transfer full): a new event
 */
WebMessageEvent *
web_message_event_new (const char *type, GVariant *data)
{
  WebMessageEvent *self;

  g_return_val_if_fail (type != NULL, NULL);

  self = g_object_new (WEB_TYPE_MESSAGE_EVENT, NULL);
  web_event_init_event (WEB_EVENT (self), type, FALSE, FALSE);
  set_data (self, data);

  return self;
}

/**
 * web_message_event_init_message_event:
 * @self: an event
 * @type: the type of the event
 * @bubbles: whether the event bubbles
 * @cancelable: whether it can be cancelled
 * @data: (nullable): the message; a floating reference is consumed
 * @origin: (nullable): the origin of the sender, %NULL for none
 * @last_event_id: (nullable): the identifier of the last event of a server, %NULL for none
 * @source: (nullable): the sender, %NULL for none
 * @ports: (array length=n_ports) (nullable): the ports that come with the message
 * @n_ports: how many there are in @ports
 *
 * Initializes the event again, as [method@WebMessaging.Event.init_event] does, with another
 * message. Does nothing while the event is being dispatched.
 *
 * See [initMessageEvent()](https://html.spec.whatwg.org/#dom-messageevent-initmessageevent).
 */
void
web_message_event_init_message_event (WebMessageEvent       *self,
                                      const char            *type,
                                      gboolean               bubbles,
                                      gboolean               cancelable,
                                      GVariant              *data,
                                      const char            *origin,
                                      const char            *last_event_id,
                                      WebMessageEventSource *source,
                                      WebMessagePort *const *ports,
                                      gsize                  n_ports)
{
  g_autoptr (GVariant) new_data = NULL;
  g_autoptr (WebMessageEventSource) new_source = NULL;
  g_autoptr (GPtrArray) new_ports = NULL;
  g_autofree char *new_origin = NULL;
  g_autofree char *new_last_event_id = NULL;

  g_return_if_fail (WEB_IS_MESSAGE_EVENT (self));
  g_return_if_fail (type != NULL);
  g_return_if_fail (source == NULL || WEB_IS_MESSAGE_EVENT_SOURCE (source));
  g_return_if_fail (ports != NULL || n_ports == 0);

  if (data != NULL)
    new_data = g_variant_ref_sink (data);
  if (web_event_has_flag (WEB_EVENT (self), WEB_EVENT_DISPATCHING))
    return;

  /* The arguments may belong to the event. */
  new_source = source != NULL ? g_object_ref (source) : NULL;
  new_ports = copy_ports ((gpointer const *)ports, n_ports);
  new_origin = copy_string (origin);
  new_last_event_id = copy_string (last_event_id);
  web_message_event_clear (self);

  web_event_init_event (WEB_EVENT (self), type, bubbles, cancelable);
  self->data = g_steal_pointer (&new_data);
  self->ports = g_steal_pointer (&new_ports);
  self->source = g_steal_pointer (&new_source);
  self->origin = g_steal_pointer (&new_origin);
  self->last_event_id = g_steal_pointer (&new_last_event_id);
}

/* Returns an event of type "message": one that was retired, if there is one. */
static WebMessageEvent *
new_message (WebScheduler *scheduler)
{
  GObject         *spare = web_scheduler_take_spare (scheduler);
  WebMessageEvent *self;

  if (spare != NULL)
    {
      self = WEB_MESSAGE_EVENT (spare);
      web_event_reset (WEB_EVENT (self), web_scheduler_get_now (scheduler));
    }
  else
    {
      self = g_object_new (WEB_TYPE_MESSAGE_EVENT, NULL);
      web_event_init_event (WEB_EVENT (self), "message", FALSE, FALSE);
    }

  return self;
}

static WebMessageEvent *
new_messageerror (void)
{
  WebMessageEvent *self = g_object_new (WEB_TYPE_MESSAGE_EVENT, NULL);

  web_event_init_event (WEB_EVENT (self), "messageerror", FALSE, FALSE);

  return self;
}

static void
set_sender (WebMessageEvent *self, const char *origin, WebMessageEventSource *source)
{
  self->origin = copy_string (origin);
  self->source = source != NULL ? g_object_ref (source) : NULL;
}

/* Drops an event of new_message(). If nobody has kept the event, the next message in the same
 * context uses it again. */
static void
retire (WebMessageEvent *self, WebScheduler *scheduler)
{
  /* What handlers have connected to it is not for the next one; they may keep it even now. */
  if (web_event_is_unshared (WEB_EVENT (self)))
    g_signal_handlers_destroy (self);
  if (!web_event_is_unshared (WEB_EVENT (self)))
    {
      g_object_unref (self);
      return;
    }

  web_message_event_clear (self);
  web_event_reset (WEB_EVENT (self), 0);
  web_scheduler_give_spare (scheduler, G_OBJECT (self));
}

/* Makes the value of the message: the realm of a script makes a value of its language, and C gets a
 * GVariant. */
static gboolean
deserialize (WebMessageEvent *self, WebSerializedData *data, WebRealm *realm, GError **error)
{
  if (realm != NULL)
    {
      self->message = web_serialized_data_ref (data);
      if (web_realm_deserialize (realm, self, web_serialized_data_get_cbor (data)))
        return TRUE;

      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "The message could not be deserialized in the language of the receiver");
      return FALSE;
    }

  if (!web_serialized_data_is_cbor (data))
    {
      self->data = web_serialized_data_take_value (data);
      return TRUE;
    }

  self->message = web_serialized_data_ref (data);

  return web_serialized_data_get_value (data, NULL, error);
}

/*
 * web_message_event_new_received:
 * @data: a message that is the caller's alone to receive
 *
 * Deserializes a message that has arrived, and makes the event for it: HTML,
 * web-messaging.html#message-port-post-message-steps, steps 7.3 to 7.7.
 */
WebMessageEvent *
web_message_event_new_received (WebSerializedData *data,
                                const WebReceiver *receiver,
                                GError           **error)
{
  WebMessageEvent *self;
  GPtrArray       *objects;
  GPtrArray       *ports;

  if (!web_serialized_data_receive (data, receiver, &objects, &ports, error))
    return NULL;

  self = new_message (receiver->scheduler);
  self->objects = objects;
  self->ports = ports;
  if (deserialize (self, data, receiver->realm, error))
    return self;

  retire (self, receiver->scheduler);

  return NULL;
}

/*
 * web_message_event_fire_received:
 * @data: a message that is the caller's alone to receive
 * @origin: (nullable): the origin of the sender
 * @source: (nullable): the sender
 * @message: the signal of @target for messages
 * @messageerror: its signal for those that cannot be deserialized
 *
 * Deserializes a message and fires the event for it at @target.
 */
void
web_message_event_fire_received (WebSerializedData     *data,
                                 const WebReceiver     *receiver,
                                 const char            *origin,
                                 WebMessageEventSource *source,
                                 WebEventTarget        *target,
                                 guint                  message,
                                 guint                  messageerror)
{
  g_autoptr (GError) error = NULL;
  WebMessageEvent *event = web_message_event_new_received (data, receiver, &error);

  if (event != NULL)
    {
      if (web_debug_enabled () && !web_event_target_has_listener (target, "message") &&
          !g_signal_has_handler_pending (target, message, 0, TRUE))
        g_debug ("A message at %s %p is lost: nobody has connected to its message signal, or set a "
                 "function with set_on_message()",
                 G_OBJECT_TYPE_NAME (target), (void *)target);
      set_sender (event, origin, source);
      web_event_target_fire_event (target, WEB_EVENT (event), message);
      retire (event, receiver->scheduler);
    }
  else
    {
      web_debug ("%s %p gets messageerror, because a message could not be deserialized: %s",
                 G_OBJECT_TYPE_NAME (target), (void *)target, error->message);
      event = new_messageerror ();
      set_sender (event, origin, source);
      web_event_target_fire_event (target, WEB_EVENT (event), messageerror);
      g_object_unref (event);
    }
}

typedef struct
{
  WebMessageEventHandler function;
  gpointer               user_data;
  GDestroyNotify         destroy;
} Handler;

static void
call_handler (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  Handler *self = user_data;

  /* A program may dispatch a plain event of the same name. */
  if (WEB_IS_MESSAGE_EVENT (event))
    self->function (target, WEB_MESSAGE_EVENT (event), self->user_data);
}

static void
handler_free (gpointer data)
{
  Handler *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

/*
 * web_message_event_set_handler:
 * @handler: (nullable): a function
 *
 * Sets the event handler of @target for messages to a function that takes a #WebMessageEvent.
 */
void
web_message_event_set_handler (WebEventTarget        *target,
                               WebMessageEventHandler handler,
                               gpointer               user_data,
                               GDestroyNotify         destroy)
{
  Handler *data = g_new (Handler, 1);

  if (web_debug_enabled () && handler != NULL &&
      web_event_target_has_event_handler (target, "message"))
    g_debug (
      "The function that set_on_message() has set for %s %p is replaced by another one, and is "
      "called no more: to have several, connect to the message signal and call start()",
      G_OBJECT_TYPE_NAME (target), (void *)target);
  data->function = handler;
  data->user_data = user_data;
  data->destroy = destroy;
  web_event_target_set_event_handler (target, "message", handler != NULL ? call_handler : NULL,
                                      data, handler_free);
}

/**
 * web_message_event_get_data: (get-property data)
 * @self: an event
 *
 * Gets the message.
 *
 * See [data](https://html.spec.whatwg.org/#dom-messageevent-data).
 *
 * A message that a script has posted and another script receives is converted now.
 *
 * Returns: (transfer none) (nullable): the message; %NULL if it was posted without a value, or if a
 *   `GVariant` cannot hold it
 */
GVariant *
web_message_event_get_data (WebMessageEvent *self)
{
  g_autoptr (GError) error = NULL;
  GVariant *data;

  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (self), NULL);

  if (self->message == NULL)
    return self->data;

  if (!web_serialized_data_get_value (self->message, &data, &error))
    g_debug ("The data of a message event is no GVariant: %s", error->message);

  return data;
}

/*
 * web_message_event_turn_into_connect:
 * @self: an event that was received, with one port
 *
 * HTML, workers.html#dom-sharedworker, step 11.5: the event for a new user of a shared worker.
 */
void
web_message_event_turn_into_connect (WebMessageEvent *self)
{
  web_event_init_event (WEB_EVENT (self), "connect", FALSE, FALSE);
  if (self->ports != NULL)
    set_sender (self, NULL, self->ports->pdata[0]);
}

/*
 * web_message_event_get_message:
 * @self: an event
 *
 * Gets the message as it was serialized, for those who want it in another form than
 * [property@WebMessaging.MessageEvent:data] has.
 *
 * What was transferred in it was received already, by the event.
 *
 * Returns: (transfer none) (nullable): the message; %NULL if it was posted as a `GVariant` and
 *   arrived as that, or if the event was made by the program
 */
WebSerializedData *
web_message_event_get_message (WebMessageEvent *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (self), NULL);

  return self->message;
}

/**
 * web_message_event_get_origin: (get-property origin)
 * @self: an event
 *
 * Gets the origin of the window that has sent the message.
 *
 * See [origin](https://html.spec.whatwg.org/#dom-messageevent-origin).
 *
 * Returns: (transfer none): the origin, such as `"https://example.org"`; `"null"` for an opaque
 *   one; an empty string for a message that came through a port
 */
const char *
web_message_event_get_origin (WebMessageEvent *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (self), "");

  return self->origin != NULL ? self->origin : "";
}

/**
 * web_message_event_get_last_event_id: (get-property last-event-id)
 * @self: an event
 *
 * Gets the identifier of the last event of a server. The library itself never sets one.
 *
 * See [lastEventId](https://html.spec.whatwg.org/#dom-messageevent-lasteventid).
 *
 * Returns: (transfer none): the identifier, or an empty string
 */
const char *
web_message_event_get_last_event_id (WebMessageEvent *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (self), "");

  return self->last_event_id != NULL ? self->last_event_id : "";
}

/**
 * web_message_event_get_source: (get-property source)
 * @self: an event
 *
 * Gets the window that has sent the message.
 *
 * See [source](https://html.spec.whatwg.org/#dom-messageevent-source).
 *
 * Returns: (transfer none) (nullable): the sender; %NULL for a message that came through a port
 */
WebMessageEventSource *
web_message_event_get_source (WebMessageEvent *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (self), NULL);

  return self->source;
}

/**
 * web_message_event_get_ports:
 * @self: an event
 * @n_ports: (out): how many ports there are
 *
 * Gets the ports that were transferred with the message, in the order of the transfer list.
 *
 * See [ports](https://html.spec.whatwg.org/#dom-messageevent-ports).
 *
 * Returns: (transfer none) (array length=n_ports) (nullable): the ports; %NULL if there are none
 */
WebMessagePort **
web_message_event_get_ports (WebMessageEvent *self, gsize *n_ports)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (self), NULL);
  g_return_val_if_fail (n_ports != NULL, NULL);

  *n_ports = self->ports != NULL ? self->ports->len : 0;

  return self->ports != NULL ? (WebMessagePort **)self->ports->pdata : NULL;
}

/**
 * web_message_event_get_object:
 * @self: an event
 * @handle: a `h` value in the data (g_variant_get_handle())
 *
 * Gets the object that a handle in the data stands for: one that was transferred, or the copy of
 * one that was cloned.
 *
 * Returns: (transfer none) (nullable): the object; %NULL if the message has none of that number
 */
GObject *
web_message_event_get_object (WebMessageEvent *self, gint32 handle)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (self), NULL);

  if (self->objects == NULL || handle < 0 || (guint)handle >= self->objects->len)
    return NULL;

  return g_ptr_array_index (self->objects, handle);
}
