/* web-shared-worker-global-scope.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-worker-global-scope.h"

G_BEGIN_DECLS

#define WEB_TYPE_SHARED_WORKER_GLOBAL_SCOPE (web_shared_worker_global_scope_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebSharedWorkerGlobalScope,
                      web_shared_worker_global_scope,
                      WEB,
                      SHARED_WORKER_GLOBAL_SCOPE,
                      WebWorkerGlobalScope)

G_END_DECLS
