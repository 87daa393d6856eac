/* web-jsc-host.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-jsc-host-private.h"

#include <string.h>

/**
 * WebJscHost:
 *
 * What a program does for its scripts in JavaScriptCore: loads other scripts, prepares workers, and
 * is told of exceptions.
 *
 * Without a host, scripts load others from files (`file:`), resources (`resource:`) and `data:`
 * URLs, and exceptions are printed.
 *
 * The workers of a script have its host. So the functions are called on several threads. Set them
 * before the host is used. GJS runs its functions on the main thread only, so that a program for it
 * can set no functions for workers.
 */

typedef struct
{
  GCallback      function; /* nullable */
  gpointer       data;
  GDestroyNotify destroy;
} Hook;

struct _WebJscHost
{
  GObject parent_instance;

  Hook load;
  Hook worker;
  Hook report;
};

G_DEFINE_FINAL_TYPE (WebJscHost, web_jsc_host, G_TYPE_OBJECT)

static void
hook_set (Hook *self, GCallback function, gpointer data, GDestroyNotify destroy)
{
  if (self->destroy != NULL)
    self->destroy (self->data);
  *self = (Hook){ function, data, destroy };
}

static void
web_jsc_host_finalize (GObject *object)
{
  WebJscHost *self = WEB_JSC_HOST (object);

  hook_set (&self->load, NULL, NULL, NULL);
  hook_set (&self->worker, NULL, NULL, NULL);
  hook_set (&self->report, NULL, NULL, NULL);

  G_OBJECT_CLASS (web_jsc_host_parent_class)->finalize (object);
}

static void
web_jsc_host_class_init (WebJscHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = web_jsc_host_finalize;
}

static void
web_jsc_host_init (WebJscHost *self)
{
}

/**
 * web_jsc_host_new:
 *
 * Makes a host with no functions.
 *
 * Returns: (transfer full): a new host
 */
WebJscHost *
web_jsc_host_new (void)
{
  return g_object_new (WEB_JSC_TYPE_HOST, NULL);
}

/**
 * web_jsc_host_set_loader:
 * @self: a host that is not in use
 * @load: (scope notified) (closure user_data) (destroy destroy): loads scripts
 * @user_data: data for @load
 * @destroy: (nullable): called with @user_data when it is no longer needed
 *
 * Sets the function that loads the scripts of workers and of `importScripts()`.
 */
void
web_jsc_host_set_loader (WebJscHost    *self,
                         WebJscLoadFunc load,
                         gpointer       user_data,
                         GDestroyNotify destroy)
{
  g_return_if_fail (WEB_JSC_IS_HOST (self));

  hook_set (&self->load, G_CALLBACK (load), user_data, destroy);
}

/**
 * web_jsc_host_set_worker_func:
 * @self: a host that is not in use
 * @func: (scope notified) (closure user_data) (destroy destroy): prepares workers
 * @user_data: data for @func
 * @destroy: (nullable): called with @user_data when it is no longer needed
 *
 * Sets the function that is called in each worker before its script runs.
 */
void
web_jsc_host_set_worker_func (WebJscHost      *self,
                              WebJscWorkerFunc func,
                              gpointer         user_data,
                              GDestroyNotify   destroy)
{
  g_return_if_fail (WEB_JSC_IS_HOST (self));

  hook_set (&self->worker, G_CALLBACK (func), user_data, destroy);
}

/**
 * web_jsc_host_set_report_func:
 * @self: a host that is not in use
 * @report: (scope notified) (closure user_data) (destroy destroy): is told of exceptions
 * @user_data: data for @report
 * @destroy: (nullable): called with @user_data when it is no longer needed
 *
 * Sets the function that is told of exceptions that no script has handled, instead of printing
 * them.
 */
void
web_jsc_host_set_report_func (WebJscHost      *self,
                              WebJscReportFunc report,
                              gpointer         user_data,
                              GDestroyNotify   destroy)
{
  g_return_if_fail (WEB_JSC_IS_HOST (self));

  hook_set (&self->report, G_CALLBACK (report), user_data, destroy);
}

/* URL, #string-percent-decode: a % that no two digits follow stays. */
static GByteArray *
percent_decode (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  while (*text != '\0')
    {
      guint8 byte = *text++;

      if (byte == '%' && g_ascii_isxdigit (text[0]) && g_ascii_isxdigit (text[1]))
        {
          byte = g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]);
          text += 2;
        }
      g_byte_array_append (bytes, &byte, 1);
    }

  return bytes;
}

/* Infra, #forgiving-base64-decode. GLib needs the padding. */
static gboolean
decode_base64 (GByteArray *bytes)
{
  guint i, n = 0;
  gsize size = 0;

  for (i = 0; i < bytes->len; i++)
    if (strchr (" \t\n\f\r", bytes->data[i]) == NULL || bytes->data[i] == '\0')
      bytes->data[n++] = bytes->data[i];
  if (n > 0 && n % 4 == 0 && bytes->data[n - 1] == '=')
    n -= bytes->data[n - 2] == '=' ? 2 : 1;
  g_byte_array_set_size (bytes, n);
  for (i = 0; i < n; i++)
    if (!g_ascii_isalnum (bytes->data[i]) && bytes->data[i] != '+' && bytes->data[i] != '/')
      return FALSE;
  if (n % 4 == 1)
    return FALSE;

  for (i = n; i % 4 != 0; i++)
    g_byte_array_append (bytes, (const guint8 *)"=", 1);
  g_byte_array_append (bytes, (const guint8 *)"", 1);
  if (n > 0)
    g_base64_decode_inplace ((char *)bytes->data, &size);
  g_byte_array_set_size (bytes, size);

  return TRUE;
}

static gboolean
is_base64 (const char *parameters, gsize length)
{
  const gsize size = strlen ("base64");

  while (length > 0 && g_ascii_isspace (parameters[length - 1]))
    length--;
  if (length < size || g_ascii_strncasecmp (parameters + length - size, "base64", size) != 0)
    return FALSE;

  length -= size;
  while (length > 0 && parameters[length - 1] == ' ')
    length--;

  return length > 0 && parameters[length - 1] == ';';
}

/* Fetch, #data-url-processor */
static GBytes *
load_data (const char *url, GError **error)
{
  const char *comma = strchr (url, ',');
  g_autoptr (GByteArray) bytes = comma != NULL ? percent_decode (comma + 1) : NULL;

  if (comma == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The URL has no comma");
  else if (is_base64 (url, comma - url) && !decode_base64 (bytes))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "The URL has characters that are not base64");
  else
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));

  return NULL;
}

/*
 * web_jsc_host_load:
 * @self: (nullable): a host
 *
 * Loads a script; without a host that does, those of `file:`, `resource:` and `data:` URLs.
 *
 * Returns: (transfer full) (nullable): its bytes, %NULL and an error if there are none
 */
GBytes *
web_jsc_host_load (WebJscHost *self, const char *url, GError **error)
{
  g_autofree char *parsed = g_uri_parse_scheme (url);
  g_autofree char *scheme = parsed != NULL ? g_ascii_strdown (parsed, -1) : NULL;
  g_autofree char *address = g_strndup (url, strcspn (url, "#"));
  g_autoptr (GFile) file = NULL;

  if (self != NULL && self->load.function != NULL)
    return ((WebJscLoadFunc)self->load.function) (address, self->load.data, error);

  if (g_strcmp0 (scheme, "data") == 0)
    return load_data (address, error);
  if (g_strcmp0 (scheme, "file") != 0 && g_strcmp0 (scheme, "resource") != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "Scripts cannot be loaded by the scheme %s", scheme != NULL ? scheme : "");
      return NULL;
    }

  address[strcspn (address, "?")] = '\0';
  file = g_file_new_for_uri (address);

  return g_file_load_bytes (file, NULL, NULL, error);
}

/*
 * web_jsc_host_prepare_worker:
 * @self: (nullable): a host
 *
 * Lets the program prepare the context of a worker.
 */
void
web_jsc_host_prepare_worker (WebJscHost *self, JSCContext *context)
{
  if (self != NULL && self->worker.function != NULL)
    ((WebJscWorkerFunc)self->worker.function) (context, self->worker.data);
}

/*
 * web_jsc_host_report:
 * @self: (nullable): a host
 *
 * Tells the program of an exception. Returns %FALSE if it does not want to be told.
 */
gboolean
web_jsc_host_report (WebJscHost *self,
                     const char *message,
                     const char *filename,
                     guint       lineno,
                     guint       colno,
                     const char *stack)
{
  if (self == NULL || self->report.function == NULL)
    return FALSE;

  ((WebJscReportFunc)self->report.function) (message, filename, lineno, colno, stack,
                                             self->report.data);

  return TRUE;
}
