/* web-worker-global-scope-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-port-private.h"
#include "web-worker-global-scope.h"

G_BEGIN_DECLS

WebWorkerGlobalScope *web_worker_global_scope_new (GType                     type,
                                                   const char               *name,
                                                   GVariant                 *data,
                                                   WebEndpoint              *port,
                                                   const WebPortTargetFuncs *port_funcs,
                                                   GCancellable             *cancellable,
                                                   gboolean                  is_process);
WebMessagePort       *web_worker_global_scope_get_port (WebWorkerGlobalScope *self);

/* For WebPortTargetFuncs. */
void web_worker_global_scope_run_task (GObject *object);
void web_worker_global_scope_ended (WebEventTarget *target);

GCancellable *web_worker_global_scope_get_current_cancellable (void);
gboolean      web_worker_global_scope_handle_report (GVariant *report);

G_END_DECLS
