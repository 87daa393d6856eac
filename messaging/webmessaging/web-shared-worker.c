/* web-shared-worker.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-shared-worker-private.h"

#include "transport/web-local-endpoint-private.h"
#include "web-event-target-private.h"
#include "web-message-port-private.h"
#include "web-shared-workers-private.h"
#include "web-worker-report-private.h"

/**
 * WebSharedWorker:
 *
 * A user's side of a worker that an application has once, however many of its workers and threads
 * use it.
 *
 * The first object with a URL and a name starts the worker, a process, and each object gets a port
 * to it. In the worker each of them is a
 * [signal@WebMessaging.SharedWorkerGlobalScope::connect] event.
 *
 * The application is the process that was not started as a worker, and all workers below it. The
 * shared worker ends when it closes itself, and when its last user is gone: a user is the main
 * context in which an object was made.
 *
 * Guide: [Shared workers](workers.html#shared-workers).
 *
 * See [Shared
 * workers](https://html.spec.whatwg.org/#shared-workers-and-the-sharedworker-interface).
 */

struct _WebSharedWorker
{
  WebEventTarget parent_instance;

  WebMessagePort *port;  /* owned, or a weak pointer: see web_shared_worker_release_port() */
  WebMessagePort *lease; /* owned; see web-shared-workers.c. Its messages are fired here */
  gboolean        released;
};

G_DEFINE_FINAL_TYPE (WebSharedWorker, web_shared_worker, WEB_TYPE_EVENT_TARGET)

enum
{
  PROP_PORT = 1,
  N_PROPS
};

enum
{
  ERROR,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

static gboolean
take_message (WebEventTarget *target, WebSerializedData *data)
{
  GVariant *report = web_worker_report_peek (data);
  g_autoptr (WebEvent) event = NULL;

  if (report != NULL)
    {
      event = web_worker_report_to_event (report);
      web_event_target_fire_event (target, event, signals[ERROR]);
    }

  return TRUE;
}

static void
ended (WebEventTarget *target)
{
}

static void
run_task (GObject *object)
{
  g_autoptr (WebMessagePort) lease = g_object_ref (WEB_SHARED_WORKER (object)->lease);

  web_message_port_run_task (lease);
}

static const WebPortTargetFuncs lease_funcs = {
  .owner_funcs = {
    .run = run_task,
    .find = web_event_target_find,
    .lives_while_enabled = TRUE,
  },
  .take_message = take_message,
  .ended = ended,
};

static void
web_shared_worker_dispose (GObject *object)
{
  WebSharedWorker *self = WEB_SHARED_WORKER (object);

  if (self->lease != NULL && !web_message_port_let_target_go (self->lease, WEB_EVENT_TARGET (self)))
    return;

  g_clear_object (&self->lease);
  if (self->released)
    g_clear_weak_pointer (&self->port);
  else
    g_clear_object (&self->port);

  G_OBJECT_CLASS (web_shared_worker_parent_class)->dispose (object);
}

static void
web_shared_worker_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PORT:
      g_value_set_object (value, WEB_SHARED_WORKER (object)->port);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_shared_worker_class_init (WebSharedWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_shared_worker_dispose;
  object_class->get_property = web_shared_worker_get_property;

  /**
   * WebSharedWorker:port: (getter get_port)
   *
   * The port to the worker, always the same.
   */
  props[PROP_PORT] = g_param_spec_object ("port", NULL, NULL, WEB_TYPE_MESSAGE_PORT,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * WebSharedWorker::error:
   * @self: the shared worker
   * @event: a plain event if the worker could not be started, or a [class@WebMessaging.ErrorEvent]
   *   if it has ended unexpectedly
   *
   * The worker does not run.
   *
   * See [error](https://html.spec.whatwg.org/#event-error).
   */
  signals[ERROR] = g_signal_new ("error", WEB_TYPE_SHARED_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, WEB_TYPE_EVENT);
}

static void
web_shared_worker_init (WebSharedWorker *self)
{
}

static WebSharedWorker *
make (WebEndpoint **theirs, WebEndpoint **lease)
{
  WebSharedWorker *self = g_object_new (WEB_TYPE_SHARED_WORKER, NULL);
  WebEndpoint     *mine, *status;

  web_local_endpoint_new_pair (&mine, theirs);
  web_local_endpoint_new_pair (&status, lease);
  self->port = web_message_port_new_for_endpoint (mine, NULL);
  self->lease = web_message_port_new_for_target (status, WEB_EVENT_TARGET (self), &lease_funcs);
  web_message_port_start (self->lease);

  return self;
}

/**
 * web_shared_worker_new:
 * @url: what the worker runs; its URL, if it is a script
 * @name: (nullable): a name, to have several workers with the same URL
 * @argv: (array zero-terminated=1): the command that starts the worker, if it does not run yet
 * @data: (nullable): what the worker gets at its start. A floating reference is consumed
 *
 * Connects to the shared worker of the application that has this URL and name, and starts it if
 * there is none.
 *
 * The object and its port belong to the thread-default main context of the caller. What is posted
 * at the port waits for the worker.
 *
 * If the worker cannot be started, [signal@WebMessaging.SharedWorker::error] tells.
 *
 * See [SharedWorker()](https://html.spec.whatwg.org/#dom-sharedworker).
 *
 * Returns: (transfer full): a new object
 */
WebSharedWorker *
web_shared_worker_new (const char *url, const char *name, const char *const *argv, GVariant *data)
{
  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  return web_shared_worker_new_process (url, name != NULL ? name : "", "", argv, data);
}

/*
 * web_shared_worker_new_process:
 * @options: how the worker runs; if it runs already, but with others, it fails for this user
 */
WebSharedWorker *
web_shared_worker_new_process (const char        *url,
                               const char        *name,
                               const char        *options,
                               const char *const *argv,
                               GVariant          *data)
{
  g_autoptr (GVariant) value = data != NULL ? g_variant_ref_sink (data) : NULL;
  WebEndpoint     *theirs, *lease;
  WebSharedWorker *self = make (&theirs, &lease);

  web_shared_workers_connect (url, name, options, argv, value, theirs, lease);

  return self;
}

/*
 * web_shared_worker_new_thread:
 * @thread: (transfer full): the worker, if it does not run yet
 *
 * The same for a worker that is a thread, which only this process shares.
 */
WebSharedWorker *
web_shared_worker_new_thread (const char *url, const char *name, WebSharedThread *thread)
{
  WebEndpoint     *theirs, *lease;
  WebSharedWorker *self = make (&theirs, &lease);

  web_shared_workers_connect_thread (url, name, thread, theirs, lease);

  return self;
}

/*
 * web_shared_worker_leave:
 *
 * The user is gone, although its main context is not.
 */
void
web_shared_worker_leave (WebSharedWorker *self)
{
  g_object_ref (self);
  web_message_port_discard (self->lease);
  g_object_unref (self);
}

/**
 * web_shared_worker_get_port: (get-property port)
 * @self: a shared worker
 *
 * Gets the port to the worker. It is not started.
 *
 * See [port](https://html.spec.whatwg.org/#dom-sharedworker-port).
 *
 * Returns: (transfer none): the port, the same at each call
 */
WebMessagePort *
web_shared_worker_get_port (WebSharedWorker *self)
{
  g_return_val_if_fail (WEB_IS_SHARED_WORKER (self), NULL);

  return self->port;
}

/*
 * web_shared_worker_release_port:
 *
 * Gives the reference to the port up, as web_message_channel_release_ports() does.
 */
void
web_shared_worker_release_port (WebSharedWorker *self)
{
  g_autoptr (WebMessagePort) port = NULL;

  if (self->released)
    return;

  self->released = TRUE;
  port = self->port;
  g_object_add_weak_pointer (G_OBJECT (port), (gpointer *)&self->port);
}
