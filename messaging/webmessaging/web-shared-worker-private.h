/* web-shared-worker-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-shared-worker.h"

G_BEGIN_DECLS

void web_shared_worker_release_port (WebSharedWorker *self);

G_END_DECLS
