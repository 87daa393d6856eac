/* web-event-target-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"
#include "web-realm-private.h"

G_BEGIN_DECLS

gboolean web_event_target_fire_event (WebEventTarget *self, WebEvent *event, guint signal_id);

void      web_event_target_set_realm (WebEventTarget *self, WebRealm *realm);
WebRealm *web_event_target_get_realm (WebEventTarget *self);
guint64   web_event_target_track (WebEventTarget *self, WebRealm *realm);
gboolean  web_event_target_has_listener (WebEventTarget *self, const char *type);
gboolean  web_event_target_has_event_handler (WebEventTarget *self, const char *type);
gboolean  web_event_target_find (GObject *self, GObject **reference);

G_END_DECLS
