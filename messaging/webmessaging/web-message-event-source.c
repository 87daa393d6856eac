/* web-message-event-source.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-message-event-source.h"

/**
 * WebMessageEventSource:
 *
 * An event target that can be the source of a message: the
 * [property@WebMessaging.MessageEvent:source] of its event.
 *
 * Windows and ports implement this interface, which has no methods.
 *
 * See [MessageEventSource](https://html.spec.whatwg.org/#messageeventsource).
 */

G_DEFINE_INTERFACE (WebMessageEventSource, web_message_event_source, WEB_TYPE_EVENT_TARGET)

static void
web_message_event_source_default_init (WebMessageEventSourceInterface *iface)
{
}
