/* web-worker-global-scope.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"

G_BEGIN_DECLS

#define WEB_TYPE_WORKER_GLOBAL_SCOPE (web_worker_global_scope_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (WebWorkerGlobalScope,
                          web_worker_global_scope,
                          WEB,
                          WORKER_GLOBAL_SCOPE,
                          WebEventTarget)

struct _WebWorkerGlobalScopeClass
{
  WebEventTargetClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

/* web-worker-process.c */
WEB_AVAILABLE_IN_ALL
WebWorkerGlobalScope *web_worker_global_scope_from_environment (GError **error);

WEB_AVAILABLE_IN_ALL
const char *web_worker_global_scope_get_name (WebWorkerGlobalScope *self);
WEB_AVAILABLE_IN_ALL
GVariant *web_worker_global_scope_get_data (WebWorkerGlobalScope *self);
WEB_AVAILABLE_IN_ALL
gboolean web_worker_global_scope_get_closing (WebWorkerGlobalScope *self);
WEB_AVAILABLE_IN_ALL
GCancellable *web_worker_global_scope_get_cancellable (WebWorkerGlobalScope *self);

WEB_AVAILABLE_IN_ALL
void web_worker_global_scope_start (WebWorkerGlobalScope *self);
WEB_AVAILABLE_IN_ALL
void web_worker_global_scope_run (WebWorkerGlobalScope *self);
WEB_AVAILABLE_IN_ALL
void web_worker_global_scope_close (WebWorkerGlobalScope *self);

WEB_AVAILABLE_IN_ALL
void web_worker_global_scope_report_error (WebWorkerGlobalScope *self, const GError *error);
WEB_AVAILABLE_IN_ALL
void web_worker_global_scope_report_exception (WebWorkerGlobalScope *self,
                                               const char           *message,
                                               const char           *filename,
                                               guint                 lineno,
                                               guint                 colno,
                                               const char           *stack,
                                               WebSerializedData    *exception);
WEB_AVAILABLE_IN_ALL
void web_worker_global_scope_report_failure (WebWorkerGlobalScope *self);

G_END_DECLS
