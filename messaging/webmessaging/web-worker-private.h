/* web-worker-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-endpoint-private.h"
#include "web-cluster-private.h"
#include "web-worker-global-scope.h"
#include "web-worker.h"

G_BEGIN_DECLS

/* What a shared worker runs that is a thread. */
typedef void (*WebSharedWorkerFunc) (WebWorkerGlobalScope *scope, gpointer user_data);

WebWorker *web_worker_new_shared_thread (const char         *name,
                                         WebSharedWorkerFunc func,
                                         gpointer            user_data,
                                         GDestroyNotify      destroy);
WebWorker *web_worker_new_for_process (const char *name, WebEndpoint *port, WebRelative *process);
WebMessagePort *web_worker_get_port (WebWorker *self);

G_END_DECLS
