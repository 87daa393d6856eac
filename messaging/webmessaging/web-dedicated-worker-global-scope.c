/* web-dedicated-worker-global-scope.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-dedicated-worker-global-scope-private.h"

#include "web-event-target-private.h"
#include "web-message-event-private.h"

/**
 * WebDedicatedWorkerGlobalScope:
 *
 * The global scope of a worker with one owner. What it posts arrives at the
 * [class@WebMessaging.Worker] object of the owner, and what is posted there arrives here.
 *
 * The function of a thread gets it as an argument. The main function of a process makes it:
 *
 * ```c
 * g_autoptr (WebWorkerGlobalScope) scope = web_worker_global_scope_from_environment (&error);
 *
 * g_signal_connect (scope, "message", G_CALLBACK (on_message), NULL);
 * web_worker_global_scope_run (scope);
 * ```
 *
 * Guide: [Workers](workers.html).
 *
 * See [DedicatedWorkerGlobalScope](https://html.spec.whatwg.org/#dedicatedworkerglobalscope).
 */

struct _WebDedicatedWorkerGlobalScope
{
  WebWorkerGlobalScope parent_instance;
};

G_DEFINE_FINAL_TYPE (WebDedicatedWorkerGlobalScope,
                     web_dedicated_worker_global_scope,
                     WEB_TYPE_WORKER_GLOBAL_SCOPE)

/* The order is that of #WebPortTargetFuncs. */
enum
{
  MESSAGE,
  MESSAGEERROR,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const WebPortTargetFuncs port_funcs = {
  .owner_funcs = {
    .run = web_worker_global_scope_run_task,
    .find = web_event_target_find,
    .lives_while_enabled = TRUE,
    .advice = "which does not run yet: the function of a thread has to return first, and a process "
              "calls web_worker_global_scope_run()",
  },
  .signals = signals,
  .ended = web_worker_global_scope_ended,
};

static void
web_dedicated_worker_global_scope_class_init (WebDedicatedWorkerGlobalScopeClass *klass)
{
  /**
   * WebDedicatedWorkerGlobalScope::message:
   * @self: the scope
   * @event: the event with the message
   *
   * A message has arrived from the owner.
   *
   * See [message](https://html.spec.whatwg.org/#event-message).
   */
  signals[MESSAGE] =
    g_signal_new ("message", WEB_TYPE_DEDICATED_WORKER_GLOBAL_SCOPE, G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);

  /**
   * WebDedicatedWorkerGlobalScope::messageerror:
   * @self: the scope
   * @event: an event with no data
   *
   * A message that has arrived could not be deserialized. What was transferred with it is lost.
   *
   * See [messageerror](https://html.spec.whatwg.org/#event-messageerror).
   */
  signals[MESSAGEERROR] =
    g_signal_new ("messageerror", WEB_TYPE_DEDICATED_WORKER_GLOBAL_SCOPE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);
}

static void
web_dedicated_worker_global_scope_init (WebDedicatedWorkerGlobalScope *self)
{
}

/*
 * web_dedicated_worker_global_scope_new:
 *
 * See web_worker_global_scope_new().
 */
WebDedicatedWorkerGlobalScope *
web_dedicated_worker_global_scope_new (const char   *name,
                                       GVariant     *data,
                                       WebEndpoint  *port,
                                       GCancellable *cancellable,
                                       gboolean      is_process)
{
  return WEB_DEDICATED_WORKER_GLOBAL_SCOPE (
    web_worker_global_scope_new (WEB_TYPE_DEDICATED_WORKER_GLOBAL_SCOPE, name, data, port,
                                 &port_funcs, cancellable, is_process));
}

static WebMessagePort *
get_port (WebDedicatedWorkerGlobalScope *self)
{
  return web_worker_global_scope_get_port (WEB_WORKER_GLOBAL_SCOPE (self));
}

/**
 * web_dedicated_worker_global_scope_post_message:
 * @self: a scope
 * @message: (nullable): the message. A floating reference is consumed, also when the call fails
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with the message
 * @n_transfer: how many there are in @transfer
 * @error: return location for an error
 *
 * Posts a message to the owner of the worker, as [method@WebMessaging.MessagePort.post_message]
 * does to another port.
 *
 * Must be called on the thread of the worker.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.post_message].
 *
 * See [postMessage()](https://html.spec.whatwg.org/#dom-dedicatedworkerglobalscope-postmessage).
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_dedicated_worker_global_scope_post_message (WebDedicatedWorkerGlobalScope *self,
                                                GVariant                      *message,
                                                WebTransferable *const        *transfer,
                                                gsize                          n_transfer,
                                                GError                       **error)
{
  g_return_val_if_fail (WEB_IS_DEDICATED_WORKER_GLOBAL_SCOPE (self), FALSE);

  return web_message_port_post_message (get_port (self), message, transfer, n_transfer, error);
}

/**
 * web_dedicated_worker_global_scope_post_serialized:
 * @self: a scope
 * @message: a serialized message
 * @error: return location for an error
 *
 * Posts a message that was serialized before, as
 * [method@WebMessaging.MessagePort.post_serialized] does to another port.
 *
 * Must be called on the thread of the worker.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.post_serialized].
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_dedicated_worker_global_scope_post_serialized (WebDedicatedWorkerGlobalScope *self,
                                                   WebSerializedData             *message,
                                                   GError                       **error)
{
  g_return_val_if_fail (WEB_IS_DEDICATED_WORKER_GLOBAL_SCOPE (self), FALSE);

  return web_message_port_post_serialized (get_port (self), message, error);
}

/**
 * web_dedicated_worker_global_scope_set_on_message:
 * @self: a scope
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): the function that
 *   handles messages, %NULL for none
 * @user_data: data for @handler
 * @destroy: (nullable): called with @user_data when @handler is no longer needed
 *
 * Sets the function that handles messages. It is called once the worker runs: see
 * [method@WebMessaging.WorkerGlobalScope.run].
 *
 * There is at most one such function; a new one replaces the old one.
 *
 * Must be called on the thread of the worker.
 *
 * See [onmessage](https://html.spec.whatwg.org/#handler-messageeventtarget-onmessage).
 */
void
web_dedicated_worker_global_scope_set_on_message (WebDedicatedWorkerGlobalScope *self,
                                                  WebWorkerScopeMessageHandler   handler,
                                                  gpointer                       user_data,
                                                  GDestroyNotify                 destroy)
{
  g_return_if_fail (WEB_IS_DEDICATED_WORKER_GLOBAL_SCOPE (self));

  /* The handler that goes may have had the last reference. */
  g_object_ref (self);
  web_message_event_set_handler (WEB_EVENT_TARGET (self), (WebMessageEventHandler)handler,
                                 user_data, destroy);
  g_object_unref (self);
}

/**
 * web_dedicated_worker_global_scope_receive_async:
 * @self: a scope
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the message, on the thread of the worker
 * @user_data: data for @callback
 *
 * Waits for the next message of the owner, as [method@WebMessaging.MessagePort.receive_async] does
 * at a port.
 *
 * Must be called on the thread of the worker.
 */
void
web_dedicated_worker_global_scope_receive_async (WebDedicatedWorkerGlobalScope *self,
                                                 GCancellable                  *cancellable,
                                                 GAsyncReadyCallback            callback,
                                                 gpointer                       user_data)
{
  g_return_if_fail (WEB_IS_DEDICATED_WORKER_GLOBAL_SCOPE (self));

  web_message_port_receive_async (get_port (self), cancellable, callback, user_data);
}

/**
 * web_dedicated_worker_global_scope_receive_finish:
 * @self: a scope
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Gets the message that a call of
 * [method@WebMessaging.DedicatedWorkerGlobalScope.receive_async] has waited for.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.receive_finish].
 *
 * Returns: (transfer full): the event with the message
 */
WebMessageEvent *
web_dedicated_worker_global_scope_receive_finish (WebDedicatedWorkerGlobalScope *self,
                                                  GAsyncResult                  *result,
                                                  GError                       **error)
{
  g_return_val_if_fail (WEB_IS_DEDICATED_WORKER_GLOBAL_SCOPE (self), NULL);

  return web_message_port_receive_finish (get_port (self), result, error);
}
