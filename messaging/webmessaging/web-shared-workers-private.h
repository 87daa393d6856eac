/* web-shared-workers-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-endpoint-private.h"
#include "web-types.h"

G_BEGIN_DECLS

void web_shared_workers_prepare (void);
void web_shared_workers_connect (const char        *url,
                                 const char        *name,
                                 const char *const *argv,
                                 GVariant          *data,
                                 WebEndpoint       *port,
                                 WebEndpoint       *lease);

G_END_DECLS
