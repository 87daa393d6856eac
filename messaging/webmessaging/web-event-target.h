/* web-event-target.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

/**
 * WebListenerFlags:
 * @WEB_LISTENER_NONE: no flags
 * @WEB_LISTENER_CAPTURE: the listener is called before those without this flag
 * @WEB_LISTENER_ONCE: the listener is removed before it is called for the first time
 * @WEB_LISTENER_PASSIVE: the listener cannot cancel the event
 *
 * How a listener is called, see
 * [AddEventListenerOptions](https://dom.spec.whatwg.org/#dictdef-addeventlisteneroptions).
 */
typedef enum
{
  WEB_LISTENER_NONE = 0,
  WEB_LISTENER_CAPTURE = 1 << 0,
  WEB_LISTENER_ONCE = 1 << 1,
  WEB_LISTENER_PASSIVE = 1 << 2,
} WebListenerFlags;

/**
 * WebEventListener:
 * @target: the object at which the event is dispatched
 * @event: the event
 * @user_data: the data of the listener
 *
 * A function that listens to events. It is called on the thread of @target.
 */
typedef void (*WebEventListener) (WebEventTarget *target, WebEvent *event, gpointer user_data);

#define WEB_TYPE_EVENT_TARGET (web_event_target_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (WebEventTarget, web_event_target, WEB, EVENT_TARGET, GObject)

struct _WebEventTargetClass
{
  GObjectClass parent_class;

  /*< private >*/
  void (*listeners_changed) (WebEventTarget *self);

  gpointer padding[7];
};

WEB_AVAILABLE_IN_ALL
WebEventTarget *web_event_target_new (void);

WEB_AVAILABLE_IN_ALL
guint web_event_target_add_event_listener (WebEventTarget  *self,
                                           const char      *type,
                                           WebListenerFlags flags,
                                           WebEventListener listener,
                                           gpointer         user_data,
                                           GDestroyNotify   destroy);
WEB_AVAILABLE_IN_ALL
gboolean web_event_target_remove_event_listener (WebEventTarget *self, guint id);
WEB_AVAILABLE_IN_ALL
void web_event_target_set_event_handler (WebEventTarget  *self,
                                         const char      *type,
                                         WebEventListener handler,
                                         gpointer         user_data,
                                         GDestroyNotify   destroy);
WEB_AVAILABLE_IN_ALL
gboolean web_event_target_dispatch_event (WebEventTarget *self, WebEvent *event, GError **error);

G_END_DECLS
