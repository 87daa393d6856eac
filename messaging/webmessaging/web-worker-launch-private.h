/* web-worker-launch-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-worker-private.h"
#include "web-worker-global-scope.h"

G_BEGIN_DECLS

WebWorker *web_worker_launch (const char *const   *argv,
                              const char          *name,
                              GVariant            *data,
                              gboolean             is_shared,
                              GSubprocessLauncher *launcher,
                              GError             **error);

WebWorkerGlobalScope *web_worker_launch_arrive (GError **error);

G_END_DECLS
