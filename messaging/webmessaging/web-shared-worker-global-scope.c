/* web-shared-worker-global-scope.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-shared-worker-global-scope-private.h"

#include "web-event-target-private.h"
#include "web-message-event-private.h"

/**
 * WebSharedWorkerGlobalScope:
 *
 * The global scope of a worker that several users share. Each of them gets a port of its own.
 *
 * See [SharedWorkerGlobalScope](https://html.spec.whatwg.org/#sharedworkerglobalscope).
 */

struct _WebSharedWorkerGlobalScope
{
  WebWorkerGlobalScope parent_instance;
};

G_DEFINE_FINAL_TYPE (WebSharedWorkerGlobalScope,
                     web_shared_worker_global_scope,
                     WEB_TYPE_WORKER_GLOBAL_SCOPE)

enum
{
  CONNECT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* HTML, workers.html#dom-sharedworker, step 11.5. The inside port brings nothing but the ports of
 * new users. */
static gboolean
take_message (WebEventTarget *target, WebSerializedData *data)
{
  g_autoptr (WebScheduler) scheduler = web_scheduler_ref_thread_default ();
  const WebReceiver receiver = { .scheduler = scheduler,
                                 .realm = web_event_target_get_realm (target) };
  g_autoptr (WebMessageEvent) event = web_message_event_new_received (data, &receiver, NULL);

  if (event != NULL)
    {
      web_message_event_turn_into_connect (event);
      web_event_target_fire_event (target, WEB_EVENT (event), signals[CONNECT]);
    }

  return TRUE;
}

static const WebPortTargetFuncs port_funcs = {
  .owner_funcs = {
    .run = web_worker_global_scope_run_task,
    .find = web_event_target_find,
    .lives_while_enabled = TRUE,
    .advice = "which does not run yet: the function of a thread has to return first, and a process "
              "calls web_worker_global_scope_run()",
  },
  .take_message = take_message,
  .ended = web_worker_global_scope_ended,
};

static void
web_shared_worker_global_scope_class_init (WebSharedWorkerGlobalScopeClass *klass)
{
  /**
   * WebSharedWorkerGlobalScope::connect:
   * @self: the scope
   * @event: an event that brings the port of a new user, which is not started
   *
   * Somebody has made a [class@WebMessaging.SharedWorker] for this worker.
   *
   * See [connect](https://html.spec.whatwg.org/#event-workerglobalscope-connect).
   */
  signals[CONNECT] =
    g_signal_new ("connect", WEB_TYPE_SHARED_WORKER_GLOBAL_SCOPE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);
}

static void
web_shared_worker_global_scope_init (WebSharedWorkerGlobalScope *self)
{
}

/*
 * web_shared_worker_global_scope_new:
 *
 * See web_worker_global_scope_new().
 */
WebSharedWorkerGlobalScope *
web_shared_worker_global_scope_new (const char   *name,
                                    GVariant     *data,
                                    WebEndpoint  *port,
                                    GCancellable *cancellable,
                                    gboolean      is_process)
{
  return WEB_SHARED_WORKER_GLOBAL_SCOPE (
    web_worker_global_scope_new (WEB_TYPE_SHARED_WORKER_GLOBAL_SCOPE, name, data, port, &port_funcs,
                                 cancellable, is_process));
}
