/* web-worker.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-worker-private.h"

#include "loop/web-debug-private.h"
#include "loop/web-lock-private.h"
#include "transport/web-local-endpoint-private.h"
#include "web-dedicated-worker-global-scope-private.h"
#include "web-error-event.h"
#include "web-event-target-private.h"
#include "web-message-event-private.h"
#include "web-message-port-private.h"
#include "web-serialized-data-private.h"
#include "web-shared-worker-global-scope-private.h"
#include "web-worker-report-private.h"

/**
 * WebWorker:
 *
 * A worker: a thread or a process that does work of its own and talks to its owner through
 * messages.
 *
 * The worker has a [class@WebMessaging.DedicatedWorkerGlobalScope]. What is posted at the one
 * arrives at the other.
 *
 * ```c
 * static void
 * on_message (WebDedicatedWorkerGlobalScope *scope, WebMessageEvent *event, gpointer user_data)
 * {
 *   GVariant *answer = work_for_long (web_message_event_get_data (event));
 *
 *   web_dedicated_worker_global_scope_post_message (scope, answer, NULL, 0, NULL);
 * }
 *
 * static void
 * run_worker (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
 * {
 *   g_signal_connect (scope, "message", G_CALLBACK (on_message), NULL);
 * }
 *
 * g_autoptr (WebWorker) worker = web_worker_new_thread ("worker", run_worker, NULL, NULL);
 *
 * g_signal_connect (worker, "message", G_CALLBACK (on_answer), NULL);
 * web_worker_start (worker);
 * web_worker_post_message (worker, g_variant_new_string ("question"), NULL, 0, NULL);
 * ```
 *
 * A thread is quick to start and shares the memory of the program
 * ([ctor@WebMessaging.Worker.new_thread]). A process may be written in another language, can be
 * stopped whatever it does, and takes nothing down with it when it crashes
 * ([ctor@WebMessaging.Worker.new_process]).
 *
 * ## The end of a worker
 *
 * A worker ends when it calls [method@WebMessaging.WorkerGlobalScope.close], when its owner calls
 * [method@WebMessaging.Worker.terminate], and with its owner: when the process of the owner ends or
 * the main context of the worker object is finalized. A worker that was started goes on if only the
 * last reference to the object is dropped; like a port, it may have something to say.
 *
 * The owner gets [signal@WebMessaging.Worker::close] when a worker has ended by itself. One that
 * crashes or exits without having closed gets [signal@WebMessaging.Worker::error] before that.
 *
 * Guides: [Workers](workers.html), and in C [Getting started](getting-started-c.html).
 *
 * See [Dedicated
 * workers](https://html.spec.whatwg.org/#dedicated-workers-and-the-worker-interface).
 */

/* What the owner and the thread of a worker share. */
typedef struct
{
  int                 ref_count; /* atomic */
  GMutex              lock;
  WebScheduler       *scheduler;   /* owned, nullable; of the worker. Protected by @lock */
  GCancellable       *cancellable; /* owned; cancelled when the worker is to end */
  GCancellable       *parent;      /* owned, nullable; that of the worker that has started it */
  gulong              handler;     /* at @parent, until the thread ends */
  WebEndpoint        *port;        /* owned, until the thread takes it */
  char               *name;
  WebWorkerFunc       func; /* one of these two */
  WebSharedWorkerFunc shared_func;
  gpointer            user_data;
  GDestroyNotify      destroy;
} WorkerThread;

struct _WebWorker
{
  WebEventTarget parent_instance;

  WebMessagePort *port; /* owned, nullable: the outside port, whose messages are fired here */
  char           *name;
  WorkerThread   *thread;  /* owned, nullable */
  GThread        *handle;  /* owned, nullable; of the thread, until it is joined */
  WebRelative    *process; /* owned, nullable */
  gboolean        closing; /* the worker has said that it ends */
  gboolean        closed;  /* and the program was told, or has terminated it */
};

G_DEFINE_FINAL_TYPE (WebWorker, web_worker, WEB_TYPE_EVENT_TARGET)

enum
{
  PROP_CLOSED = 1,
  PROP_NAME,
  PROP_SUBPROCESS,
  N_PROPS
};

/* The order is that of #WebPortTargetFuncs. */
enum
{
  MESSAGE,
  MESSAGEERROR,
  ERROR,
  CLOSE,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

static void
worker_thread_unref (WorkerThread *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_pointer (&self->scheduler, web_scheduler_unref);
  g_object_unref (self->cancellable);
  g_clear_object (&self->parent);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self);
}

/* The worker delivers nothing more from now on, and ends when its function lets it. */
static void
worker_thread_end (WorkerThread *self)
{
  g_cancellable_cancel (self->cancellable);

  web_mutex_lock (&self->lock);
  if (self->scheduler != NULL)
    web_scheduler_halt (self->scheduler);
  web_mutex_unlock (&self->lock);
}

static void
on_parent_cancelled (GCancellable *parent, WorkerThread *self)
{
  worker_thread_end (self);
}

/* HTML, workers.html#the-worker's-lifetime. The worker that starts this one may be terminated, and
 * take its time to end. The thread disconnects. */
static void
worker_thread_follow (WorkerThread *self, GCancellable *parent)
{
  if (parent == NULL)
    return;

  self->parent = g_object_ref (parent);
  self->handler = g_cancellable_connect (parent, G_CALLBACK (on_parent_cancelled), self, NULL);
}

static void
close_scope (gpointer scope, gpointer user_data)
{
  web_worker_global_scope_close (scope);
}

static void
set_scheduler (WorkerThread *self, WebScheduler *scheduler)
{
  web_mutex_lock (&self->lock);
  self->scheduler = scheduler;
  web_mutex_unlock (&self->lock);
}

static WebWorkerGlobalScope *
make_scope (WorkerThread *self)
{
  WebEndpoint *port = g_steal_pointer (&self->port);

  if (self->shared_func != NULL)
    return WEB_WORKER_GLOBAL_SCOPE (
      web_shared_worker_global_scope_new (self->name, NULL, port, self->cancellable, FALSE));

  return WEB_WORKER_GLOBAL_SCOPE (
    web_dedicated_worker_global_scope_new (self->name, NULL, port, self->cancellable, FALSE));
}

/* HTML, workers.html#run-a-worker */
static gpointer
worker_thread_run (gpointer user_data)
{
  WorkerThread         *self = user_data;
  GMainContext         *context = g_main_context_new ();
  WebWorkerGlobalScope *scope;
  WebScheduler         *scheduler;

  g_main_context_push_thread_default (context);
  scheduler = web_scheduler_ref_thread_default ();
  scope = make_scope (self);

  web_scheduler_set_halt_func (scheduler, close_scope, scope);
  set_scheduler (self, scheduler);

  /* It may have been terminated before. */
  if (g_cancellable_is_cancelled (self->cancellable))
    web_worker_global_scope_close (scope);
  else if (self->shared_func != NULL)
    self->shared_func (scope, self->user_data);
  else
    self->func (WEB_DEDICATED_WORKER_GLOBAL_SCOPE (scope), self->user_data);
  web_worker_global_scope_run (scope);

  g_cancellable_disconnect (self->parent, self->handler);
  web_scheduler_set_halt_func (scheduler, NULL, NULL);
  g_object_unref (scope);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  worker_thread_unref (self);

  return NULL;
}

static void
fire (WebWorker *self, WebEvent *event, guint signal)
{
  web_event_target_fire_event (WEB_EVENT_TARGET (self), event, signals[signal]);
}

/* Returns %TRUE if somebody listens. */
static gboolean
fire_error (WebWorker *self, WebEvent *event)
{
  const gboolean has_listener = web_event_target_has_listener (WEB_EVENT_TARGET (self), "error") ||
                                g_signal_has_handler_pending (self, signals[ERROR], 0, FALSE);

  fire (self, event, ERROR);

  return has_listener;
}

static void
warn_of_error (WebWorker *self, WebEvent *event)
{
  g_warning ("Error in worker%s%s: %s. Nobody has connected to the error signal of the WebWorker",
             *self->name != '\0' ? " " : "", self->name,
             web_error_event_get_message (WEB_ERROR_EVENT (event)));
}

/* HTML, webappapis.html#runtime-script-errors-2: what nobody cancels here goes on to the scope in
 * which the worker was made. */
static void
handle_report (WebWorker *self, GVariant *report)
{
  g_autoptr (WebEvent) event = web_worker_report_to_event (report);
  const WebWorkerReportKind kind = web_worker_report_get_kind (report);

  gboolean is_heard = fire_error (self, event);

  if (web_event_get_default_prevented (event) || kind == WEB_WORKER_REPORT_FAILURE)
    return;

  is_heard |= web_worker_global_scope_handle_report (report);
  if (!is_heard && kind == WEB_WORKER_REPORT_ERROR)
    warn_of_error (self, event);
}

static gboolean
web_worker_take_message (WebEventTarget *target, WebSerializedData *data)
{
  WebWorker *self = WEB_WORKER (target);
  GVariant  *report = web_worker_report_peek (data);

  if (report == NULL)
    return FALSE;

  if (web_worker_report_get_kind (report) == WEB_WORKER_REPORT_CLOSING)
    self->closing = TRUE;
  else
    handle_report (self, report);

  return TRUE;
}

static void
set_closed (WebWorker *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  web_realm_prepare (NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSED]);
}

/* The connection to the worker has ended. */
static void
web_worker_ended (WebEventTarget *target)
{
  WebWorker *self = WEB_WORKER (target);
  g_autoptr (WebEvent) event = web_event_new ("close");

  set_closed (self);
  if (!self->closing && self->process != NULL)
    {
      g_autofree char *message = web_relative_describe_end (self->process);
      g_autoptr (WebErrorEvent) error = web_error_event_new ("error", message, NULL, 0, 0);

      if (!fire_error (self, WEB_EVENT (error)))
        warn_of_error (self, WEB_EVENT (error));
    }
  fire (self, event, CLOSE);
}

static void
web_worker_run_task (GObject *object)
{
  g_autoptr (WebMessagePort) port = g_object_ref (WEB_WORKER (object)->port);

  web_message_port_run_task (port);
}

static const WebPortTargetFuncs port_funcs = {
  .owner_funcs = {
    .run = web_worker_run_task,
    .find = web_event_target_find,
    .lives_while_enabled = TRUE,
    .advice = "which was never started: call start() or set_on_message(), or ask for them with "
              "receive_async()",
  },
  .signals = signals,
  .take_message = web_worker_take_message,
  .ended = web_worker_ended,
};

static void
web_worker_dispose (GObject *object)
{
  WebWorker *self = WEB_WORKER (object);

  if (self->port != NULL && !web_message_port_let_target_go (self->port, WEB_EVENT_TARGET (self)))
    return;

  if (self->port != NULL && !self->closed)
    web_debug (
      "WebWorker %p is freed, because nobody refers to it, and the worker ends: one that was "
      "not started lives as long as the program keeps a reference to it",
      (void *)self);
  if (self->thread != NULL)
    worker_thread_end (self->thread);
  if (self->process != NULL)
    web_relative_end (self->process);
  g_clear_pointer (&self->thread, worker_thread_unref);
  g_clear_pointer (&self->handle, g_thread_unref);
  g_clear_pointer (&self->process, web_relative_unref);
  g_clear_object (&self->port);

  G_OBJECT_CLASS (web_worker_parent_class)->dispose (object);
}

static void
web_worker_finalize (GObject *object)
{
  g_free (WEB_WORKER (object)->name);

  G_OBJECT_CLASS (web_worker_parent_class)->finalize (object);
}

static void
web_worker_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WebWorker *self = WEB_WORKER (object);

  switch (prop_id)
    {
    case PROP_CLOSED:
      g_value_set_boolean (value, web_worker_get_closed (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_SUBPROCESS:
      g_value_set_object (value, web_worker_get_subprocess (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_worker_class_init (WebWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_worker_dispose;
  object_class->finalize = web_worker_finalize;
  object_class->get_property = web_worker_get_property;

  /**
   * WebWorker:closed: (getter get_closed)
   *
   * %TRUE if nothing will arrive from the worker any more. It never turns %FALSE again.
   *
   * [method@WebMessaging.Worker.terminate] sets and notifies it at once. If the worker has ended by
   * itself, it is notified after its last message, before [signal@WebMessaging.Worker::error] and
   * [signal@WebMessaging.Worker::close], whose handlers see %TRUE.
   *
   * Notified on the thread of the worker object. A thread or process may still be about to end.
   */
  props[PROP_CLOSED] =
    g_param_spec_boolean ("closed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebWorker:name: (getter get_name)
   *
   * The name of the worker, perhaps empty.
   */
  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebWorker:subprocess: (getter get_subprocess)
   *
   * The process of the worker, %NULL if it is a thread.
   */
  props[PROP_SUBPROCESS] = g_param_spec_object ("subprocess", NULL, NULL, G_TYPE_SUBPROCESS,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * WebWorker::message:
   * @self: the worker
   * @event: the event with the message
   *
   * A message has arrived from the worker.
   *
   * See [message](https://html.spec.whatwg.org/#event-message).
   */
  signals[MESSAGE] = g_signal_new ("message", WEB_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);

  /**
   * WebWorker::messageerror:
   * @self: the worker
   * @event: an event with no data
   *
   * A message that has arrived could not be deserialized. What was transferred with it is lost.
   *
   * See [messageerror](https://html.spec.whatwg.org/#event-messageerror).
   */
  signals[MESSAGEERROR] = g_signal_new ("messageerror", WEB_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);

  /**
   * WebWorker::error:
   * @self: the worker
   * @event: a [class@WebMessaging.ErrorEvent], or a plain event if the program of the worker could
   *   not even be started
   *
   * Something has gone wrong in the worker: an exception of a script that nobody has handled, an
   * error that the worker has reported
   * ([method@WebMessaging.WorkerGlobalScope.report_error]), or the end of its process, if that was
   * not announced.
   *
   * If the owner is a worker itself and nobody cancels the event, the error goes on to its owner.
   * If nobody has connected to this signal, the library logs a warning, except for an exception
   * that the worker has printed.
   *
   * See [error](https://html.spec.whatwg.org/#event-error).
   */
  signals[ERROR] = g_signal_new ("error", WEB_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, WEB_TYPE_EVENT);

  /**
   * WebWorker::close:
   * @self: the worker
   * @event: an event of type `"close"`
   *
   * The worker has ended by itself, and all its messages were delivered. Not emitted after
   * [method@WebMessaging.Worker.terminate].
   */
  signals[CLOSE] = g_signal_new ("close", WEB_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, WEB_TYPE_EVENT);
}

static void
web_worker_init (WebWorker *self)
{
}

static WebWorker *
web_worker_new (const char *name, WebEndpoint *port)
{
  WebWorker *self = g_object_new (WEB_TYPE_WORKER, NULL);

  self->name = g_strdup (name != NULL ? name : "");
  self->port = web_message_port_new_for_target (port, WEB_EVENT_TARGET (self), &port_funcs);

  return self;
}

static WebWorker *
start_thread (const char         *name,
              WebWorkerFunc       func,
              WebSharedWorkerFunc shared_func,
              gpointer            user_data,
              GDestroyNotify      destroy)
{
  WebEndpoint  *outside, *inside;
  WebWorker    *self;
  WorkerThread *thread;

  web_local_endpoint_new_pair (&outside, &inside);
  self = web_worker_new (name, outside);

  thread = g_new0 (WorkerThread, 1);
  thread->ref_count = 2;
  g_mutex_init (&thread->lock);
  thread->cancellable = g_cancellable_new ();
  thread->port = inside;
  thread->name = g_strdup (self->name);
  thread->func = func;
  thread->shared_func = shared_func;
  thread->user_data = user_data;
  thread->destroy = destroy;
  self->thread = thread;
  if (shared_func == NULL)
    worker_thread_follow (thread, web_worker_global_scope_get_current_cancellable ());
  self->handle =
    g_thread_new (*self->name != '\0' ? self->name : "worker", worker_thread_run, thread);

  return self;
}

/**
 * web_worker_new_thread:
 * @name: (nullable): a name for the worker, which is also that of its thread
 * @func: (scope notified) (closure user_data) (destroy destroy): what the worker runs
 * @user_data: data for @func
 * @destroy: (nullable): called with @user_data on the thread of the worker, when the worker has
 *   ended
 *
 * Starts a worker that is a thread with a main context of its own.
 *
 * The worker runs @func, and then its main context until it ends. A function that takes long looks
 * at [method@WebMessaging.WorkerGlobalScope.get_cancellable] now and then: a thread cannot be
 * stopped from outside.
 *
 * The worker object belongs to the thread-default main context of the caller. It keeps messages
 * until it is started.
 *
 * For C and languages like it. In Python and JavaScript a worker is a process.
 *
 * Returns: (transfer full): a new worker
 */
WebWorker *
web_worker_new_thread (const char    *name,
                       WebWorkerFunc  func,
                       gpointer       user_data,
                       GDestroyNotify destroy)
{
  g_return_val_if_fail (func != NULL, NULL);

  return start_thread (name, func, NULL, user_data, destroy);
}

/*
 * web_worker_new_shared_thread:
 *
 * The same with the scope of a shared worker.
 */
WebWorker *
web_worker_new_shared_thread (const char         *name,
                              WebSharedWorkerFunc func,
                              gpointer            user_data,
                              GDestroyNotify      destroy)
{
  return start_thread (name, NULL, func, user_data, destroy);
}

/*
 * web_worker_new_for_process:
 * @port: (transfer full): the outside port
 * @process: (transfer full): the process
 */
WebWorker *
web_worker_new_for_process (const char *name, WebEndpoint *port, WebRelative *process)
{
  WebWorker *self = web_worker_new (name, port);

  self->process = process;

  return self;
}

/*
 * web_worker_get_port:
 *
 * Returns: (transfer none): the outside port
 */
WebMessagePort *
web_worker_get_port (WebWorker *self)
{
  return self->port;
}

/**
 * web_worker_post_message:
 * @self: a worker
 * @message: (nullable): the message. A floating reference is consumed, also when the call fails
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with the message
 * @n_transfer: how many there are in @transfer
 * @error: return location for an error
 *
 * Posts a message to the worker, as [method@WebMessaging.MessagePort.post_message] does to another
 * port. It waits until the worker has run its function or script for the first time.
 *
 * Must be called on the thread of the worker object.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.post_message].
 *
 * See [postMessage()](https://html.spec.whatwg.org/#dom-worker-postmessage).
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_worker_post_message (WebWorker              *self,
                         GVariant               *message,
                         WebTransferable *const *transfer,
                         gsize                   n_transfer,
                         GError                **error)
{
  g_return_val_if_fail (WEB_IS_WORKER (self), FALSE);

  return web_message_port_post_message (self->port, message, transfer, n_transfer, error);
}

/**
 * web_worker_post_serialized:
 * @self: a worker
 * @message: a serialized message
 * @error: return location for an error
 *
 * Posts a message that was serialized before, as
 * [method@WebMessaging.MessagePort.post_serialized] does to another port.
 *
 * Must be called on the thread of the worker object.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.post_serialized].
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_worker_post_serialized (WebWorker *self, WebSerializedData *message, GError **error)
{
  g_return_val_if_fail (WEB_IS_WORKER (self), FALSE);

  return web_message_port_post_serialized (self->port, message, error);
}

/**
 * web_worker_set_on_message:
 * @self: a worker
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): the function that
 *   handles messages, %NULL for none
 * @user_data: data for @handler
 * @destroy: (nullable): called with @user_data when @handler is no longer needed
 *
 * Sets the function that handles messages, and starts the worker, as
 * [method@WebMessaging.Worker.start] does.
 *
 * There is at most one such function; a new one replaces the old one.
 *
 * Must be called on the thread of the worker object.
 *
 * See [onmessage](https://html.spec.whatwg.org/#handler-messageeventtarget-onmessage).
 */
void
web_worker_set_on_message (WebWorker              *self,
                           WebWorkerMessageHandler handler,
                           gpointer                user_data,
                           GDestroyNotify          destroy)
{
  g_return_if_fail (WEB_IS_WORKER (self));

  /* The handler that goes may have had the last reference. */
  g_object_ref (self);
  web_message_event_set_handler (WEB_EVENT_TARGET (self), (WebMessageEventHandler)handler,
                                 user_data, destroy);
  web_message_port_start (self->port);
  g_object_unref (self);
}

/**
 * web_worker_start:
 * @self: a worker
 *
 * Has the messages and errors of the worker delivered. Call it when all handlers are connected.
 *
 * Must be called on the thread of the worker object.
 */
void
web_worker_start (WebWorker *self)
{
  g_return_if_fail (WEB_IS_WORKER (self));

  web_message_port_start (self->port);
}

/**
 * web_worker_terminate:
 * @self: a worker
 *
 * Parts the owner from the worker at once, and lets the worker end. Nothing arrives from it any
 * more, not even [signal@WebMessaging.Worker::close], and what was or will be posted to it is lost.
 * [property@WebMessaging.Worker:closed] turns %TRUE.
 *
 * A process is killed, with all workers that it has started. A thread is asked to stop: it delivers
 * no more messages, and ends when its function returns (see
 * [method@WebMessaging.WorkerGlobalScope.get_cancellable]). So are the threads that it has started.
 * Neither this call nor exit() waits for that; [method@WebMessaging.Worker.join] does.
 *
 * Must be called on the thread of the worker object.
 *
 * See [terminate()](https://html.spec.whatwg.org/#dom-worker-terminate).
 */
void
web_worker_terminate (WebWorker *self)
{
  g_return_if_fail (WEB_IS_WORKER (self));

  g_object_ref (self);
  if (self->thread != NULL)
    worker_thread_end (self->thread);
  if (self->process != NULL)
    web_relative_end (self->process);
  if (self->port != NULL)
    web_message_port_discard (self->port);
  set_closed (self);
  g_object_unref (self);
}

/**
 * web_worker_join:
 * @self: a worker
 *
 * Waits until the thread or process of the worker has ended. A thread has then called the function
 * that frees its data, so that nothing that the thread used is used any more.
 *
 * Blocks, and delivers nothing meanwhile. A worker that was neither terminated nor closed does not
 * end, so call [method@WebMessaging.Worker.terminate] before. A thread ends when the function that
 * it runs returns: see [method@WebMessaging.WorkerGlobalScope.get_cancellable].
 *
 * ```c
 * web_worker_terminate (worker);
 * web_worker_join (worker);
 * ```
 *
 * Must be called on the thread of the worker object.
 */
void
web_worker_join (WebWorker *self)
{
  g_return_if_fail (WEB_IS_WORKER (self));

  if (self->handle != NULL)
    g_thread_join (g_steal_pointer (&self->handle));
  if (self->process != NULL && web_relative_get_process (self->process) != NULL)
    g_subprocess_wait (web_relative_get_process (self->process), NULL, NULL);
}

/**
 * web_worker_get_closed: (get-property closed)
 * @self: a worker
 *
 * Gets whether the worker was terminated, or has ended by itself and the program was told.
 *
 * Must be called on the thread of the worker object.
 *
 * Returns: %TRUE if nothing will arrive from the worker any more
 */
gboolean
web_worker_get_closed (WebWorker *self)
{
  g_return_val_if_fail (WEB_IS_WORKER (self), TRUE);

  return self->closed;
}

/**
 * web_worker_get_name: (get-property name)
 * @self: a worker
 *
 * Gets the name of the worker.
 *
 * Returns: (transfer none): the name, perhaps empty
 */
const char *
web_worker_get_name (WebWorker *self)
{
  g_return_val_if_fail (WEB_IS_WORKER (self), NULL);

  return self->name;
}

/**
 * web_worker_get_subprocess: (get-property subprocess)
 * @self: a worker
 *
 * Gets the process of the worker.
 *
 * Returns: (transfer none) (nullable): the process, %NULL if the worker is a thread
 */
GSubprocess *
web_worker_get_subprocess (WebWorker *self)
{
  g_return_val_if_fail (WEB_IS_WORKER (self), NULL);

  return self->process != NULL ? web_relative_get_process (self->process) : NULL;
}

/**
 * web_worker_receive_async:
 * @self: a worker
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the message, on the thread of the worker object
 * @user_data: data for @callback
 *
 * Waits for the next message of the worker, as [method@WebMessaging.MessagePort.receive_async] does
 * at a port. The worker need not be started: messages wait until somebody asks for them.
 *
 * Must be called on the thread of the worker object.
 */
void
web_worker_receive_async (WebWorker          *self,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (WEB_IS_WORKER (self));

  web_message_port_receive_async (self->port, cancellable, callback, user_data);
}

/**
 * web_worker_receive_finish:
 * @self: a worker
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Gets the message that a call of [method@WebMessaging.Worker.receive_async] has waited for.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.receive_finish].
 *
 * Returns: (transfer full): the event with the message
 */
WebMessageEvent *
web_worker_receive_finish (WebWorker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WEB_IS_WORKER (self), NULL);

  return web_message_port_receive_finish (self->port, result, error);
}
