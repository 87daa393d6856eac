/* web-event.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

/**
 * WebEventPhase:
 * @WEB_EVENT_PHASE_NONE: the event is not being dispatched
 * @WEB_EVENT_PHASE_CAPTURING: reserved: targets have no parents here
 * @WEB_EVENT_PHASE_AT_TARGET: the event is being dispatched at its target
 * @WEB_EVENT_PHASE_BUBBLING: reserved: targets have no parents here
 *
 * Where an event is on its way, see
 * [eventPhase](https://dom.spec.whatwg.org/#dom-event-eventphase).
 */
typedef enum
{
  WEB_EVENT_PHASE_NONE,
  WEB_EVENT_PHASE_CAPTURING,
  WEB_EVENT_PHASE_AT_TARGET,
  WEB_EVENT_PHASE_BUBBLING,
} WebEventPhase;

#define WEB_TYPE_EVENT (web_event_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (WebEvent, web_event, WEB, EVENT, GObject)

struct _WebEventClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

WEB_AVAILABLE_IN_ALL
WebEvent *web_event_new (const char *type);

WEB_AVAILABLE_IN_ALL
void web_event_init_event (WebEvent *self, const char *type, gboolean bubbles, gboolean cancelable);

WEB_AVAILABLE_IN_ALL
const char *web_event_get_event_type (WebEvent *self);
WEB_AVAILABLE_IN_ALL
WebEventTarget *web_event_get_target (WebEvent *self);
WEB_AVAILABLE_IN_ALL
WebEventTarget *web_event_get_current_target (WebEvent *self);
WEB_AVAILABLE_IN_ALL
WebEventPhase web_event_get_event_phase (WebEvent *self);
WEB_AVAILABLE_IN_ALL
gboolean web_event_get_bubbles (WebEvent *self);
WEB_AVAILABLE_IN_ALL
gboolean web_event_get_cancelable (WebEvent *self);
WEB_AVAILABLE_IN_ALL
gboolean web_event_get_composed (WebEvent *self);
WEB_AVAILABLE_IN_ALL
gboolean web_event_get_default_prevented (WebEvent *self);
WEB_AVAILABLE_IN_ALL
gboolean web_event_get_is_trusted (WebEvent *self);
WEB_AVAILABLE_IN_ALL
gint64 web_event_get_time_stamp (WebEvent *self);

WEB_AVAILABLE_IN_ALL
gboolean web_event_get_propagation_stopped (WebEvent *self);
WEB_AVAILABLE_IN_ALL
void web_event_stop_propagation (WebEvent *self);
WEB_AVAILABLE_IN_ALL
void web_event_stop_immediate_propagation (WebEvent *self);
WEB_AVAILABLE_IN_ALL
void web_event_prevent_default (WebEvent *self);

G_END_DECLS
