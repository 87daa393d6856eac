/* web-event-target-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"

G_BEGIN_DECLS

gboolean web_event_target_fire_event (WebEventTarget *self, WebEvent *event, guint signal_id);

G_END_DECLS
