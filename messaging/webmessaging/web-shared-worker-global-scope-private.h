/* web-shared-worker-global-scope-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-shared-worker-global-scope.h"
#include "web-worker-global-scope-private.h"

G_BEGIN_DECLS

WebSharedWorkerGlobalScope *web_shared_worker_global_scope_new (const char   *name,
                                                                GVariant     *data,
                                                                WebEndpoint  *port,
                                                                GCancellable *cancellable,
                                                                gboolean      is_process);

G_END_DECLS
