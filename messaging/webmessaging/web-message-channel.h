/* web-message-channel.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

#define WEB_TYPE_MESSAGE_CHANNEL (web_message_channel_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebMessageChannel, web_message_channel, WEB, MESSAGE_CHANNEL, GObject)

WEB_AVAILABLE_IN_ALL
WebMessageChannel *web_message_channel_new (void);
WEB_AVAILABLE_IN_ALL
WebMessageChannel *web_message_channel_new_for_window (WebWindow *window);

WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_channel_get_port1 (WebMessageChannel *self);
WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_channel_get_port2 (WebMessageChannel *self);

G_END_DECLS
