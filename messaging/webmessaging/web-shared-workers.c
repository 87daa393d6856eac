/* web-shared-workers.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The shared workers of an application, and those of this process that are threads.
 *
 * The process that has no owner starts the processes and knows them all; the others send their
 * requests up the tree. Each process knows its threads. A request brings two ports: one for the
 * worker, whose other side the user has, and the *lease*, which tells when the user is gone, and
 * tells the user when the worker fails. All of this happens on the thread of the cluster.
 */

#include "web-shared-workers-private.h"

#include "web-error-event.h"
#include "web-message-port-private.h"
#include "web-worker-launch-private.h"
#include "web-worker-report-private.h"

/* URL, name, options, command, data or nothing, folder */
#define REQUEST_FORMAT "(sssaayavay)"

static const char kind[] = "shared";

typedef struct
{
  char      *key;
  char      *options; /* how it runs, for users to agree on */
  WebWorker *worker;  /* owned */
  GPtrArray *leases;  /* of WebMessagePort, owned */
} SharedWorker;

/* Of SharedWorker, owned, by its key. Only for the thread of the cluster. */
static GHashTable *workers;

static void
shared_worker_free (gpointer data)
{
  SharedWorker *self = data;

  g_signal_handlers_disconnect_by_data (self->worker, self);
  web_worker_terminate (self->worker);
  g_object_unref (self->worker);
  while (self->leases->len > 0)
    {
      g_autoptr (WebMessagePort) lease = g_ptr_array_steal_index (self->leases, 0);

      g_signal_handlers_disconnect_by_data (lease, self);
      web_message_port_close (lease);
    }
  g_ptr_array_unref (self->leases);
  g_free (self->options);
  g_free (self->key);
  g_free (self);
}

static void
report (WebMessagePort *lease, const WebWorkerReport *report)
{
  g_autoptr (WebSerializedData) message = web_worker_report_serialize (report);

  web_message_port_post_serialized (lease, message, NULL);
}

static void
report_failure (WebMessagePort *lease, const GError *error)
{
  const WebWorkerReport failure = { .kind = WEB_WORKER_REPORT_FAILURE };

  g_debug ("A shared worker could not be started: %s", error->message);
  report (lease, &failure);
  web_message_port_close (lease);
}

/* HTML, workers.html#run-a-worker: only what keeps the worker from running is for its users. */
static void
on_error (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  SharedWorker   *self = user_data;
  const gboolean  has_ended = web_message_port_get_closed (web_worker_get_port (worker));
  WebWorkerReport failure = { .kind = WEB_WORKER_REPORT_FAILURE };
  guint           i;

  if (WEB_IS_ERROR_EVENT (event))
    {
      if (!has_ended)
        return;
      failure.kind = WEB_WORKER_REPORT_EXCEPTION;
      failure.message = web_error_event_get_message (WEB_ERROR_EVENT (event));
    }

  for (i = 0; i < self->leases->len; i++)
    report (self->leases->pdata[i], &failure);
}

static void
on_close (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  g_hash_table_remove (workers, ((SharedWorker *)user_data)->key);
}

/* A user is gone. */
static void
on_lease_close (WebMessagePort *lease, WebEvent *event, gpointer user_data)
{
  SharedWorker *self = user_data;

  g_signal_handlers_disconnect_by_data (lease, self);
  g_ptr_array_remove (self->leases, lease);
  if (self->leases->len == 0)
    g_hash_table_remove (workers, self->key);
}

static SharedWorker *
add_worker (const char *key, const char *options, WebWorker *worker)
{
  SharedWorker *self = g_new0 (SharedWorker, 1);

  self->key = g_strdup (key);
  self->options = g_strdup (options);
  self->worker = worker;
  self->leases = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (worker, "error", G_CALLBACK (on_error), self);
  g_signal_connect (worker, "close", G_CALLBACK (on_close), self);
  web_worker_start (worker);
  g_hash_table_insert (workers, self->key, self);

  return self;
}

static SharedWorker *
start (const char *key, GVariant *request, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GVariantIter) optional = NULL;
  g_autoptr (GVariant) data = NULL;
  g_autofree const char **argv = NULL;
  const char             *name, *options, *folder;
  WebWorker              *worker;

  g_variant_get (request, "(&s&s&s^a&ayav^&ay)", NULL, &name, &options, &argv, &optional, &folder);
  g_variant_iter_next (optional, "v", &data);
  g_subprocess_launcher_set_cwd (launcher, folder);
  worker = web_worker_launch (argv, name, data, TRUE, launcher, error);

  return worker != NULL ? add_worker (key, options, worker) : NULL;
}

static SharedWorker *
find (char letter, const char *url, const char *name, char **key)
{
  if (workers == NULL)
    workers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, shared_worker_free);

  *key = g_strdup_printf ("%c %" G_GSIZE_FORMAT " %s %s", letter, strlen (url), url, name);

  return g_hash_table_lookup (workers, *key);
}

static gboolean
add_user (SharedWorker   *self,
          const char     *options,
          WebMessagePort *port,
          WebMessagePort *lease,
          GError        **error)
{
  if (!g_str_equal (self->options, options))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                           "The worker runs with other options");
      return FALSE;
    }

  if (!web_worker_post_message (self->worker, g_variant_new_string (""),
                                (WebTransferable *const *)&port, 1, error))
    {
      if (self->leases->len == 0)
        g_hash_table_remove (workers, self->key);
      return FALSE;
    }

  g_ptr_array_add (self->leases, g_object_ref (lease));
  g_signal_connect (lease, "close", G_CALLBACK (on_lease_close), self);
  web_message_port_start (lease);

  return TRUE;
}

/* HTML, workers.html#dom-sharedworker, step 11, in the process that has all of them */
static void
connect_user (GVariant *request, WebMessagePort *port, WebMessagePort *lease)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  const char      *url, *name, *options;
  SharedWorker    *self;

  g_variant_get_child (request, 0, "&s", &url);
  g_variant_get_child (request, 1, "&s", &name);
  g_variant_get_child (request, 2, "&s", &options);
  self = find ('p', url, name, &key);
  if (self == NULL)
    self = start (key, request, &error);
  if (self == NULL || !add_user (self, options, port, lease, &error))
    report_failure (lease, error);
}

static gboolean
is_request (GVariant *request)
{
  g_autoptr (GVariant) command = NULL;

  if (!g_variant_is_of_type (request, G_VARIANT_TYPE (REQUEST_FORMAT)))
    return FALSE;

  command = g_variant_get_child_value (request, 3);

  return g_variant_n_children (command) > 0;
}

static void
handle_request (WebRelative *from, GVariant *request, GPtrArray *ports)
{
  g_autoptr (GError) error = NULL;

  if (ports->len != 2 || !is_request (request))
    return;

  if (!web_cluster_has_owner ())
    connect_user (request, ports->pdata[0], ports->pdata[1]);
  else if (!web_cluster_send_up (kind, request, ports, &error))
    report_failure (ports->pdata[1], error);
}

/*
 * web_shared_workers_prepare:
 *
 * Must be called before other processes of the application can send requests.
 */
void
web_shared_workers_prepare (void)
{
  web_cluster_set_handler (kind, handle_request);
}

typedef struct
{
  GVariant    *request; /* owned */
  WebEndpoint *port;    /* owned */
  WebEndpoint *lease;   /* owned */
} Request;

static gboolean
run_request (gpointer user_data)
{
  Request *self = user_data;
  g_autoptr (GPtrArray) ports = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (ports, web_message_port_new_for_endpoint (self->port, NULL));
  g_ptr_array_add (ports, web_message_port_new_for_endpoint (self->lease, NULL));
  handle_request (NULL, self->request, ports);

  g_variant_unref (self->request);
  g_free (self);

  return G_SOURCE_REMOVE;
}

/*
 * web_shared_workers_connect:
 * @port: (transfer full): the side of the worker
 * @lease: (transfer full): see above
 *
 * Connects a user to the worker with this URL and name, which is started if there is none. If it
 * runs with other @options, the user is told that it failed.
 */
void
web_shared_workers_connect (const char        *url,
                            const char        *name,
                            const char        *options,
                            const char *const *argv,
                            GVariant          *data,
                            WebEndpoint       *port,
                            WebEndpoint       *lease)
{
  g_autofree char *folder = g_get_current_dir ();
  Request         *request = g_new (Request, 1);
  GVariantBuilder  optional;

  g_variant_builder_init (&optional, G_VARIANT_TYPE ("av"));
  if (data != NULL)
    g_variant_builder_add (&optional, "v", data);
  request->request = g_variant_ref_sink (
    g_variant_new ("(sss^aayav^ay)", url, name, options, argv, &optional, folder));
  request->port = port;
  request->lease = lease;

  web_shared_workers_prepare ();
  web_cluster_invoke (run_request, request);
}

typedef struct
{
  char            *url;
  char            *name;
  WebSharedThread *thread; /* owned */
  WebEndpoint     *port;   /* owned */
  WebEndpoint     *lease;  /* owned */
} ThreadRequest;

/* Nobody needs the thread: the worker runs already, or is not to run. */
static void
drop_thread (WebSharedThread *thread)
{
  if (thread->destroy != NULL)
    thread->destroy (thread->user_data);
}

/* The same step for a thread, which has to be started as the first user of it wanted. */
static gboolean
run_thread_request (gpointer user_data)
{
  ThreadRequest              *request = user_data;
  g_autofree WebSharedThread *thread = request->thread;
  g_autoptr (WebMessagePort) port = web_message_port_new_for_endpoint (request->port, NULL);
  g_autoptr (WebMessagePort) lease = web_message_port_new_for_endpoint (request->lease, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  SharedWorker    *self = find ('t', request->url, request->name, &key);

  if (self != NULL)
    drop_thread (thread);
  else
    self = add_worker (key, thread->options,
                       web_worker_new_shared_thread (request->name, thread->func, thread->user_data,
                                                     thread->destroy));
  if (!add_user (self, thread->options, port, lease, &error))
    report_failure (lease, error);

  g_free (thread->options);
  g_free (request->name);
  g_free (request->url);
  g_free (request);

  return G_SOURCE_REMOVE;
}

/*
 * web_shared_workers_connect_thread:
 * @thread: (transfer full): see above
 * @port: (transfer full): the side of the worker
 * @lease: (transfer full): see above
 *
 * Connects a user to the worker of this process with this URL and name, which is a thread.
 */
void
web_shared_workers_connect_thread (const char      *url,
                                   const char      *name,
                                   WebSharedThread *thread,
                                   WebEndpoint     *port,
                                   WebEndpoint     *lease)
{
  ThreadRequest *request = g_new (ThreadRequest, 1);

  *request = (ThreadRequest){ g_strdup (url), g_strdup (name), thread, port, lease };
  web_cluster_invoke (run_thread_request, request);
}
