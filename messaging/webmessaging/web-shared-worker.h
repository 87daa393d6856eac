/* web-shared-worker.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"

G_BEGIN_DECLS

#define WEB_TYPE_SHARED_WORKER (web_shared_worker_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebSharedWorker, web_shared_worker, WEB, SHARED_WORKER, WebEventTarget)

WEB_AVAILABLE_IN_ALL
WebSharedWorker *web_shared_worker_new (const char        *url,
                                        const char        *name,
                                        const char *const *argv,
                                        GVariant          *data);

WEB_AVAILABLE_IN_ALL
WebMessagePort *web_shared_worker_get_port (WebSharedWorker *self);

G_END_DECLS
