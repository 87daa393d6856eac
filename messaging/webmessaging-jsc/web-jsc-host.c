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

/* Fetch, #data-url-processor */
static GBytes *
load_data (const char *url, GError **error)
{
  const char      *comma = strchr (url, ',');
  g_autofree char *parameters = NULL;
  GBytes          *bytes;

  if (comma == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The URL has no comma");
      return NULL;
    }

  bytes = g_uri_unescape_bytes (comma + 1, -1, NULL, error);
  parameters = g_strndup (url, comma - url);
  g_strchomp (parameters);
  if (bytes != NULL && g_str_has_suffix (parameters, ";base64"))
    {
      g_autoptr (GBytes) encoded = bytes;
      g_autofree char *text =
        g_strndup (g_bytes_get_data (encoded, NULL), g_bytes_get_size (encoded));
      gsize   size;
      guint8 *data = g_base64_decode (text, &size);

      bytes = g_bytes_new_take (data, size);
    }

  return bytes;
}

/*
 * web_jsc_host_load:
 * @self: (nullable): a host
 */
GBytes *
web_jsc_host_load (WebJscHost *self, const char *url, GError **error)
{
  g_autofree char *scheme = g_uri_parse_scheme (url);
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
 * Returns %FALSE if the host does not want to be told.
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
