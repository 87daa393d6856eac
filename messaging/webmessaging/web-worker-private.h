/* web-worker-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-endpoint-private.h"
#include "web-cluster-private.h"
#include "web-worker.h"

G_BEGIN_DECLS

WebWorker *web_worker_new_for_process (const char *name, WebEndpoint *port, WebRelative *process);
WebMessagePort *web_worker_get_port (WebWorker *self);

G_END_DECLS
