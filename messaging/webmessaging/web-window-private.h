/* web-window-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-endpoint-set-private.h"
#include "web-window.h"

G_BEGIN_DECLS

WebEndpointSet *web_window_get_endpoints (WebWindow *self);

G_END_DECLS
