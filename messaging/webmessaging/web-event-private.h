/* web-event-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event.h"
#include "web-realm-private.h"

G_BEGIN_DECLS

/* The flags of DOM, #dom-event. */
typedef enum
{
  WEB_EVENT_INITIALIZED = 1 << 0,
  WEB_EVENT_BUBBLES = 1 << 1,
  WEB_EVENT_CANCELABLE = 1 << 2,
  WEB_EVENT_COMPOSED = 1 << 3,
  WEB_EVENT_TRUSTED = 1 << 4,
  WEB_EVENT_DISPATCHING = 1 << 5,
  WEB_EVENT_STOP_PROPAGATION = 1 << 6,
  WEB_EVENT_STOP_IMMEDIATE_PROPAGATION = 1 << 7,
  WEB_EVENT_CANCELED = 1 << 8,
  WEB_EVENT_IN_PASSIVE_LISTENER = 1 << 9,
} WebEventFlags;

/* A weak reference to an event target, which its events share. Counted (g_atomic_rc_box). */
typedef struct _WebWeakTarget WebWeakTarget;

WebWeakTarget *web_weak_target_new (WebEventTarget *target);
void           web_weak_target_unref (WebWeakTarget *self);
guint64        web_weak_target_track (WebWeakTarget *self, WebRealm *realm);
gboolean       web_weak_target_find (WebWeakTarget *self, WebEventTarget **target);

WebEventTarget *web_event_ref_target (WebEvent *self);

gboolean web_event_has_flag (WebEvent *self, WebEventFlags flag);
void     web_event_set_flag (WebEvent *self, WebEventFlags flag, gboolean value);
gboolean web_event_begin_change (WebEvent *self);
void     web_event_begin_dispatch (WebEvent *self, WebEventTarget *target);
void     web_event_end_dispatch (WebEvent *self, WebWeakTarget *weak_target);
void     web_event_set_signal (WebEvent *self, guint signal_id);

gboolean web_event_is_unshared (WebEvent *self);
void     web_event_reset (WebEvent *self, gint64 time_stamp);

G_END_DECLS
