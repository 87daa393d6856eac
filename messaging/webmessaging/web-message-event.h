/* web-message-event.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event.h"

G_BEGIN_DECLS

#define WEB_TYPE_MESSAGE_EVENT (web_message_event_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebMessageEvent, web_message_event, WEB, MESSAGE_EVENT, WebEvent)

WEB_AVAILABLE_IN_ALL
WebMessageEvent *web_message_event_new (const char *type, GVariant *data);
WEB_AVAILABLE_IN_ALL
void web_message_event_init_message_event (WebMessageEvent       *self,
                                           const char            *type,
                                           gboolean               bubbles,
                                           gboolean               cancelable,
                                           GVariant              *data,
                                           const char            *origin,
                                           const char            *last_event_id,
                                           WebMessageEventSource *source,
                                           WebMessagePort *const *ports,
                                           gsize                  n_ports);

WEB_AVAILABLE_IN_ALL
GVariant *web_message_event_get_data (WebMessageEvent *self);
WEB_AVAILABLE_IN_ALL
const char *web_message_event_get_origin (WebMessageEvent *self);
WEB_AVAILABLE_IN_ALL
const char *web_message_event_get_last_event_id (WebMessageEvent *self);
WEB_AVAILABLE_IN_ALL
WebMessageEventSource *web_message_event_get_source (WebMessageEvent *self);
WEB_AVAILABLE_IN_ALL
WebMessagePort **web_message_event_get_ports (WebMessageEvent *self, gsize *n_ports);
WEB_AVAILABLE_IN_ALL
GObject *web_message_event_get_object (WebMessageEvent *self, gint32 handle);

G_END_DECLS
