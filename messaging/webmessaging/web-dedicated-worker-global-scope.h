/* web-dedicated-worker-global-scope.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-worker-global-scope.h"

G_BEGIN_DECLS

/**
 * WebWorkerScopeMessageHandler:
 * @scope: the scope of the worker
 * @event: the event with the message
 * @user_data: the data that was given with the function
 *
 * A function that handles messages. The library calls it on the thread of @scope.
 */
typedef void (*WebWorkerScopeMessageHandler) (WebDedicatedWorkerGlobalScope *scope,
                                              WebMessageEvent               *event,
                                              gpointer                       user_data);

#define WEB_TYPE_DEDICATED_WORKER_GLOBAL_SCOPE (web_dedicated_worker_global_scope_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebDedicatedWorkerGlobalScope,
                      web_dedicated_worker_global_scope,
                      WEB,
                      DEDICATED_WORKER_GLOBAL_SCOPE,
                      WebWorkerGlobalScope)

WEB_AVAILABLE_IN_ALL
gboolean web_dedicated_worker_global_scope_post_message (WebDedicatedWorkerGlobalScope *self,
                                                         GVariant                      *message,
                                                         WebTransferable *const        *transfer,
                                                         gsize                          n_transfer,
                                                         GError                       **error);
WEB_AVAILABLE_IN_ALL
gboolean web_dedicated_worker_global_scope_post_serialized (WebDedicatedWorkerGlobalScope *self,
                                                            WebSerializedData             *message,
                                                            GError                       **error);
WEB_AVAILABLE_IN_ALL
void web_dedicated_worker_global_scope_set_on_message (WebDedicatedWorkerGlobalScope *self,
                                                       WebWorkerScopeMessageHandler   handler,
                                                       gpointer                       user_data,
                                                       GDestroyNotify                 destroy);
WEB_AVAILABLE_IN_ALL
void web_dedicated_worker_global_scope_receive_async (WebDedicatedWorkerGlobalScope *self,
                                                      GCancellable                  *cancellable,
                                                      GAsyncReadyCallback            callback,
                                                      gpointer                       user_data);
WEB_AVAILABLE_IN_ALL
WebMessageEvent *web_dedicated_worker_global_scope_receive_finish (
  WebDedicatedWorkerGlobalScope *self,
  GAsyncResult                  *result,
  GError                       **error);

G_END_DECLS
