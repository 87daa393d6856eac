/* web-worker.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"

G_BEGIN_DECLS

/**
 * WebWorkerFunc:
 * @scope: the global scope of the worker
 * @user_data: the data that was given with the function
 *
 * A function that a worker runs on its thread. It connects to the signals of @scope and returns;
 * after that, the worker handles messages until it is closed or terminated.
 */
typedef void (*WebWorkerFunc) (WebDedicatedWorkerGlobalScope *scope, gpointer user_data);

/**
 * WebWorkerMessageHandler:
 * @worker: the worker object
 * @event: the event with the message
 * @user_data: the data that was given with the function
 *
 * A function that handles messages. The library calls it on the thread of @worker.
 */
typedef void (*WebWorkerMessageHandler) (WebWorker       *worker,
                                         WebMessageEvent *event,
                                         gpointer         user_data);

#define WEB_TYPE_WORKER (web_worker_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebWorker, web_worker, WEB, WORKER, WebEventTarget)

WEB_AVAILABLE_IN_ALL
WebWorker *web_worker_new_thread (const char    *name,
                                  WebWorkerFunc  func,
                                  gpointer       user_data,
                                  GDestroyNotify destroy);
/* web-worker-process.c */
WEB_AVAILABLE_IN_ALL
WebWorker *web_worker_new_process (const char *const   *argv,
                                   const char          *name,
                                   GVariant            *data,
                                   GSubprocessLauncher *launcher,
                                   GError             **error);

WEB_AVAILABLE_IN_ALL
gboolean web_worker_post_message (WebWorker              *self,
                                  GVariant               *message,
                                  WebTransferable *const *transfer,
                                  gsize                   n_transfer,
                                  GError                **error);
WEB_AVAILABLE_IN_ALL
gboolean web_worker_post_serialized (WebWorker *self, WebSerializedData *message, GError **error);
WEB_AVAILABLE_IN_ALL
void web_worker_set_on_message (WebWorker              *self,
                                WebWorkerMessageHandler handler,
                                gpointer                user_data,
                                GDestroyNotify          destroy);
WEB_AVAILABLE_IN_ALL
void web_worker_start (WebWorker *self);
WEB_AVAILABLE_IN_ALL
void web_worker_terminate (WebWorker *self);
WEB_AVAILABLE_IN_ALL
void web_worker_join (WebWorker *self);

WEB_AVAILABLE_IN_ALL
gboolean web_worker_get_closed (WebWorker *self);
WEB_AVAILABLE_IN_ALL
const char *web_worker_get_name (WebWorker *self);
WEB_AVAILABLE_IN_ALL
GSubprocess *web_worker_get_subprocess (WebWorker *self);

WEB_AVAILABLE_IN_ALL
void web_worker_receive_async (WebWorker          *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
WEB_AVAILABLE_IN_ALL
WebMessageEvent *web_worker_receive_finish (WebWorker *self, GAsyncResult *result, GError **error);

G_END_DECLS
