/* web-jsc-worker-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-jsc-worker.h"

G_BEGIN_DECLS

WebWorker       *web_jsc_worker_new_of_type (const char *url,
                                             const char *name,
                                             gboolean    is_module,
                                             WebJscHost *host);
WebSharedWorker *web_jsc_shared_worker_new (const char *origin,
                                            const char *url,
                                            const char *name,
                                            gboolean    is_module,
                                            const char *credentials,
                                            WebJscHost *host);

G_END_DECLS
