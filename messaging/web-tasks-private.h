/* web-tasks-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-tasks.h"

G_BEGIN_DECLS

gboolean web_tasks_has_deserializer (void);
gboolean web_tasks_deserialize (WebMessageEvent *event, GBytes *cbor);

void web_tasks_prepare_callbacks (void);

G_END_DECLS
