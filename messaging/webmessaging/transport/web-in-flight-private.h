/* web-in-flight-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-endpoint-holder-private.h"

G_BEGIN_DECLS

gboolean web_in_flight_post (WebEndpoint *target, WebTask *message, GPtrArray *holders);
void     web_in_flight_leave (GPtrArray *holders);

G_END_DECLS
