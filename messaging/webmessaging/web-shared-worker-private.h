/* web-shared-worker-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-shared-worker.h"
#include "web-shared-workers-private.h"

G_BEGIN_DECLS

WebSharedWorker *web_shared_worker_new_process (const char        *url,
                                                const char        *name,
                                                const char        *options,
                                                const char *const *argv,
                                                GVariant          *data);
WebSharedWorker *web_shared_worker_new_thread (const char      *url,
                                               const char      *name,
                                               WebSharedThread *thread);
void             web_shared_worker_release_port (WebSharedWorker *self);
void             web_shared_worker_leave (WebSharedWorker *self);

G_END_DECLS
