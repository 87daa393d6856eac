/* web-main-context.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

WEB_AVAILABLE_IN_ALL
void web_main_context_set_priority (GMainContext *context, int priority);
WEB_AVAILABLE_IN_ALL
int web_main_context_get_priority (GMainContext *context);

G_END_DECLS
