/* web-window-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-window.h"

G_BEGIN_DECLS

void web_window_add_port (WebWindow *self, WebMessagePort *port);
void web_window_remove_port (WebWindow *self, WebMessagePort *port);

G_END_DECLS
