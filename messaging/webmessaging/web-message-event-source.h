/* web-message-event-source.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"

G_BEGIN_DECLS

#define WEB_TYPE_MESSAGE_EVENT_SOURCE (web_message_event_source_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (WebMessageEventSource,
                     web_message_event_source,
                     WEB,
                     MESSAGE_EVENT_SOURCE,
                     WebEventTarget)

struct _WebMessageEventSourceInterface
{
  GTypeInterface parent_iface;
};

G_END_DECLS
