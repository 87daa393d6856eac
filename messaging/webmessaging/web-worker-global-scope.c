/* web-worker-global-scope.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-worker-global-scope-private.h"

#include "transport/web-outbox-private.h"
#include "web-cluster-private.h"
#include "web-error.h"
#include "web-event-target-private.h"
#include "web-serialized-data-private.h"
#include "web-worker-report-private.h"

/**
 * WebWorkerGlobalScope:
 *
 * The worker's end of the connection to its owner: its name, and how it ends. The two kinds of
 * workers have scopes with more: [class@WebMessaging.DedicatedWorkerGlobalScope] and
 * [class@WebMessaging.SharedWorkerGlobalScope].
 *
 * A scope belongs to the thread of the worker.
 *
 * See [WorkerGlobalScope](https://html.spec.whatwg.org/#the-workerglobalscope-common-interface).
 */

typedef struct
{
  WebMessagePort *port;      /* owned: the inside port, whose messages are fired at the scope */
  WebScheduler   *scheduler; /* owned */
  char           *name;
  GVariant       *data;        /* owned, nullable */
  GCancellable   *cancellable; /* owned */
  GMainLoop      *loop;        /* owned, nullable; that of run() */
  gboolean        is_process;
  gboolean        closing;
  gboolean        finished;
} WebWorkerGlobalScopePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WebWorkerGlobalScope,
                                     web_worker_global_scope,
                                     WEB_TYPE_EVENT_TARGET)

enum
{
  PROP_NAME = 1,
  PROP_CLOSING,
  N_PROPS
};

enum
{
  ERROR,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

/* The scope of this thread, unowned. */
static GPrivate current_scope;

static WebWorkerGlobalScopePrivate *
get_private (WebWorkerGlobalScope *self)
{
  return web_worker_global_scope_get_instance_private (self);
}

void
web_worker_global_scope_run_task (GObject *object)
{
  g_autoptr (WebMessagePort) port =
    g_object_ref (get_private (WEB_WORKER_GLOBAL_SCOPE (object))->port);

  web_message_port_run_task (port);
}

/* The owner is gone. */
void
web_worker_global_scope_ended (WebEventTarget *target)
{
  web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (target));
}

static void
web_worker_global_scope_dispose (GObject *object)
{
  WebWorkerGlobalScope        *self = WEB_WORKER_GLOBAL_SCOPE (object);
  WebWorkerGlobalScopePrivate *priv = get_private (self);

  if (priv->port != NULL && !web_message_port_let_target_go (priv->port, WEB_EVENT_TARGET (self)))
    return;

  if (g_private_get (&current_scope) == self)
    g_private_set (&current_scope, NULL);
  g_clear_object (&priv->port);

  G_OBJECT_CLASS (web_worker_global_scope_parent_class)->dispose (object);
}

static void
web_worker_global_scope_finalize (GObject *object)
{
  WebWorkerGlobalScopePrivate *priv = get_private (WEB_WORKER_GLOBAL_SCOPE (object));

  web_scheduler_unref (priv->scheduler);
  g_free (priv->name);
  g_clear_pointer (&priv->data, g_variant_unref);
  g_clear_object (&priv->cancellable);
  g_clear_pointer (&priv->loop, g_main_loop_unref);

  G_OBJECT_CLASS (web_worker_global_scope_parent_class)->finalize (object);
}

static void
web_worker_global_scope_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  WebWorkerGlobalScope *self = WEB_WORKER_GLOBAL_SCOPE (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, web_worker_global_scope_get_name (self));
      break;

    case PROP_CLOSING:
      g_value_set_boolean (value, web_worker_global_scope_get_closing (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_worker_global_scope_class_init (WebWorkerGlobalScopeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_worker_global_scope_dispose;
  object_class->finalize = web_worker_global_scope_finalize;
  object_class->get_property = web_worker_global_scope_get_property;

  /**
   * WebWorkerGlobalScope:name: (getter get_name)
   *
   * The name that the owner has given to the worker, perhaps empty.
   */
  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebWorkerGlobalScope:closing: (getter get_closing)
   *
   * %TRUE if the worker is about to end, and handles no more messages.
   */
  props[PROP_CLOSING] =
    g_param_spec_boolean ("closing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * WebWorkerGlobalScope::error:
   * @self: the scope
   * @event: a [class@WebMessaging.ErrorEvent]
   *
   * A worker that this worker has started has an error that nobody has cancelled there. If nobody
   * cancels it here, it goes on to the owner of this worker.
   *
   * See [error](https://html.spec.whatwg.org/#event-error).
   */
  signals[ERROR] = g_signal_new ("error", WEB_TYPE_WORKER_GLOBAL_SCOPE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_EVENT);
}

static void
web_worker_global_scope_init (WebWorkerGlobalScope *self)
{
  get_private (self)->scheduler = web_scheduler_ref_thread_default ();
}

/*
 * web_worker_global_scope_new:
 * @data: (nullable): what the owner has given to the worker
 * @port: (transfer full): the inside port
 * @cancellable: cancelled when the worker is to end
 * @is_process: whether the worker is a process of its own
 *
 * Makes the scope of the worker in whose thread this is.
 */
WebWorkerGlobalScope *
web_worker_global_scope_new (GType                     type,
                             const char               *name,
                             GVariant                 *data,
                             WebEndpoint              *port,
                             const WebPortTargetFuncs *port_funcs,
                             GCancellable             *cancellable,
                             gboolean                  is_process)
{
  WebWorkerGlobalScope        *self = g_object_new (type, NULL);
  WebWorkerGlobalScopePrivate *priv = get_private (self);

  priv->name = g_strdup (name);
  priv->data = data != NULL ? g_variant_ref_sink (data) : NULL;
  priv->port = web_message_port_new_for_target (port, WEB_EVENT_TARGET (self), port_funcs);
  priv->cancellable = g_object_ref (cancellable);
  priv->is_process = is_process;
  g_private_set (&current_scope, self);

  return self;
}

/*
 * web_worker_global_scope_get_port:
 *
 * Returns: (transfer none): the inside port
 */
WebMessagePort *
web_worker_global_scope_get_port (WebWorkerGlobalScope *self)
{
  return get_private (self)->port;
}

/**
 * web_worker_global_scope_get_name: (get-property name)
 * @self: a scope
 *
 * Gets the name that the owner has given to the worker.
 *
 * See [name](https://html.spec.whatwg.org/#dom-dedicatedworkerglobalscope-name).
 *
 * Returns: (transfer none): the name, perhaps empty
 */
const char *
web_worker_global_scope_get_name (WebWorkerGlobalScope *self)
{
  g_return_val_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self), NULL);

  return get_private (self)->name;
}

/**
 * web_worker_global_scope_get_data:
 * @self: a scope
 *
 * Gets what the owner of a process has given to it with
 * [ctor@WebMessaging.Worker.new_process].
 *
 * Returns: (transfer none) (nullable): the data, %NULL if there is none
 */
GVariant *
web_worker_global_scope_get_data (WebWorkerGlobalScope *self)
{
  g_return_val_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self), NULL);

  return get_private (self)->data;
}

/**
 * web_worker_global_scope_get_closing: (get-property closing)
 * @self: a scope
 *
 * Gets whether the worker is about to end: it has called
 * [method@WebMessaging.WorkerGlobalScope.close], was terminated, or has lost its owner.
 *
 * Returns: %TRUE if the worker handles no more messages
 */
gboolean
web_worker_global_scope_get_closing (WebWorkerGlobalScope *self)
{
  g_return_val_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self), TRUE);

  return get_private (self)->closing;
}

/**
 * web_worker_global_scope_get_cancellable:
 * @self: a scope
 *
 * Gets what is cancelled when the owner of a thread terminates it. A function that takes long looks
 * at it now and then, or gives it to the calls that it waits for.
 *
 * The thread of the owner cancels it. A process is killed instead.
 *
 * Returns: (transfer none): the cancellable
 */
GCancellable *
web_worker_global_scope_get_cancellable (WebWorkerGlobalScope *self)
{
  g_return_val_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self), NULL);

  return get_private (self)->cancellable;
}

/**
 * web_worker_global_scope_start:
 * @self: a scope
 *
 * Has the messages for the worker delivered. For a program with a main loop of its own; others call
 * [method@WebMessaging.WorkerGlobalScope.run].
 *
 * Must be called on the thread of the worker.
 */
void
web_worker_global_scope_start (WebWorkerGlobalScope *self)
{
  g_return_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self));

  web_message_port_start (get_private (self)->port);
}

static void
post_report (WebWorkerGlobalScope *self, WebSerializedData *report)
{
  g_autoptr (GError) error = NULL;

  /* A scope that does not come from the library belongs to no worker. */
  if (get_private (self)->port != NULL &&
      !web_message_port_post_serialized (get_private (self)->port, report, &error))
    g_debug ("The owner of a worker does not get a report: %s", error->message);
}

static void
report (WebWorkerGlobalScope *self, const WebWorkerReport *what)
{
  g_autoptr (WebSerializedData) data = web_worker_report_serialize (what);

  post_report (self, data);
}

/* What the worker has posted before arrives. */
static void
finish (WebWorkerGlobalScope *self)
{
  WebWorkerGlobalScopePrivate *priv = get_private (self);
  const WebWorkerReport        closing = { .kind = WEB_WORKER_REPORT_CLOSING };

  if (priv->finished || priv->port == NULL)
    return;

  priv->finished = TRUE;
  report (self, &closing);
  web_message_port_discard (priv->port);
  if (priv->is_process)
    {
      web_cluster_flush ();
      web_outbox_wait (priv->cancellable);
      web_cluster_leave ();
    }
}

/**
 * web_worker_global_scope_run:
 * @self: a scope
 *
 * Runs the worker: has its messages delivered, and iterates the thread-default main context until
 * the worker is closed. Then makes sure that its owner gets all that was posted.
 *
 * The main function of a process calls this last. A program with a main loop of its own calls
 * [method@WebMessaging.WorkerGlobalScope.start], and this when its main loop has ended.
 * For a thread the library calls it.
 *
 * Must be called on the thread of the worker.
 */
void
web_worker_global_scope_run (WebWorkerGlobalScope *self)
{
  WebWorkerGlobalScopePrivate *priv;

  g_return_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self));

  priv = get_private (self);
  g_object_ref (self);
  web_worker_global_scope_start (self);
  if (!priv->closing && priv->loop == NULL)
    {
      priv->loop = g_main_loop_new (g_main_context_get_thread_default (), FALSE);
      g_main_loop_run (priv->loop);
      /* It keeps the main context, and something there may keep the scope. */
      g_clear_pointer (&priv->loop, g_main_loop_unref);
    }
  if (priv->closing)
    finish (self);
  g_object_unref (self);
}

/**
 * web_worker_global_scope_close:
 * @self: a scope
 *
 * Ends the worker. Neither the scope nor any port of its main context gets another message. What
 * runs goes on to its end, and what it posts still goes out.
 *
 * Must be called on the thread of the worker.
 *
 * See [close()](https://html.spec.whatwg.org/#dom-dedicatedworkerglobalscope-close).
 */
void
web_worker_global_scope_close (WebWorkerGlobalScope *self)
{
  WebWorkerGlobalScopePrivate *priv;

  g_return_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self));

  priv = get_private (self);
  if (priv->closing)
    return;

  priv->closing = TRUE;
  web_scheduler_halt (priv->scheduler);
  if (priv->loop != NULL)
    g_main_loop_quit (priv->loop);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSING]);
}

/**
 * web_worker_global_scope_report_exception:
 * @self: a scope
 * @message: what has gone wrong
 * @filename: (nullable): the file or URL of the script
 * @lineno: the line in it, from 1 on; 0 if that is not known
 * @colno: the column, from 1 on; 0 if that is not known
 * @stack: (nullable): which functions were being called
 * @exception: (nullable): what was thrown
 *
 * Tells the owner of the worker of an exception that nobody has handled. The owner gets
 * [signal@WebMessaging.Worker::error], after all that was posted before.
 *
 * Must be called on the thread of the worker.
 */
void
web_worker_global_scope_report_exception (WebWorkerGlobalScope *self,
                                          const char           *message,
                                          const char           *filename,
                                          guint                 lineno,
                                          guint                 colno,
                                          const char           *stack,
                                          WebSerializedData    *exception)
{
  g_autoptr (GBytes) bytes = NULL;
  WebWorkerReport details = {
    .kind = WEB_WORKER_REPORT_EXCEPTION,
    .message = message,
    .filename = filename,
    .lineno = lineno,
    .colno = colno,
    .stack = stack,
  };

  g_return_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self));
  g_return_if_fail (message != NULL);

  if (exception != NULL)
    details.exception = bytes = web_serialized_data_to_bytes (exception, NULL);
  report (self, &details);
}

/**
 * web_worker_global_scope_report_error:
 * @self: a scope
 * @error: an error
 *
 * Tells the owner of the worker that something has gone wrong: it gets
 * [signal@WebMessaging.Worker::error] with the message of @error. If nobody has connected to that
 * signal, the library logs a warning there. The worker goes on; call
 * [method@WebMessaging.WorkerGlobalScope.close] if it should not.
 *
 * Must be called on the thread of the worker.
 */
void
web_worker_global_scope_report_error (WebWorkerGlobalScope *self, const GError *error)
{
  const WebWorkerReport details = {
    .kind = WEB_WORKER_REPORT_ERROR,
    .message = error != NULL ? error->message : NULL,
  };

  g_return_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self));
  g_return_if_fail (error != NULL);

  report (self, &details);
}

/**
 * web_worker_global_scope_report_failure:
 * @self: a scope
 *
 * Tells the owner that the script of the worker could not be found or understood: it gets
 * [signal@WebMessaging.Worker::error] with a plain event.
 *
 * Must be called on the thread of the worker.
 */
void
web_worker_global_scope_report_failure (WebWorkerGlobalScope *self)
{
  const WebWorkerReport failure = { .kind = WEB_WORKER_REPORT_FAILURE };

  g_return_if_fail (WEB_IS_WORKER_GLOBAL_SCOPE (self));

  report (self, &failure);
}

/*
 * web_worker_global_scope_get_current_cancellable:
 *
 * Returns: (transfer none) (nullable): that of the scope of this thread, %NULL if this thread is
 * not a worker
 */
GCancellable *
web_worker_global_scope_get_current_cancellable (void)
{
  WebWorkerGlobalScope *self = g_private_get (&current_scope);

  return self != NULL ? get_private (self)->cancellable : NULL;
}

/*
 * web_worker_global_scope_handle_report:
 * @report: of a worker that was started on this thread; nobody has cancelled its event
 *
 * Passes it on to the scope of this thread, if that is a worker itself, and then to its owner.
 * Returns %FALSE if this thread is not a worker.
 */
gboolean
web_worker_global_scope_handle_report (GVariant *report)
{
  g_autoptr (WebEvent) event = NULL;
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (WebWorkerGlobalScope) self = g_private_get (&current_scope);

  if (self == NULL)
    return FALSE;

  g_object_ref (self);
  event = web_worker_report_to_event (report);
  web_event_target_fire_event (WEB_EVENT_TARGET (self), event, signals[ERROR]);
  if (web_event_get_default_prevented (event))
    return TRUE;

  data = web_worker_report_serialize_again (report);
  post_report (self, data);

  return TRUE;
}
