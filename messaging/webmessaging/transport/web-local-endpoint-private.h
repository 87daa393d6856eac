/* web-local-endpoint-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-endpoint-private.h"

G_BEGIN_DECLS

void web_local_endpoint_new_pair (WebEndpoint **endpoint1, WebEndpoint **endpoint2);

G_END_DECLS
