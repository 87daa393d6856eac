/* web-broadcast-channel.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"

G_BEGIN_DECLS

/**
 * WebBroadcastHandler:
 * @channel: the channel that received the message
 * @event: the event with the message
 * @user_data: the data that was given with the function
 *
 * A function that handles messages. The library calls it on the thread of @channel.
 */
typedef void (*WebBroadcastHandler) (WebBroadcastChannel *channel,
                                     WebMessageEvent     *event,
                                     gpointer             user_data);

#define WEB_TYPE_BROADCAST_CHANNEL (web_broadcast_channel_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebBroadcastChannel,
                      web_broadcast_channel,
                      WEB,
                      BROADCAST_CHANNEL,
                      WebEventTarget)

WEB_AVAILABLE_IN_ALL
WebBroadcastChannel *web_broadcast_channel_new (const char *name);
WEB_AVAILABLE_IN_ALL
WebBroadcastChannel *web_broadcast_channel_new_for_origin (const char *name, WebOrigin *origin);
WEB_AVAILABLE_IN_ALL
WebBroadcastChannel *web_broadcast_channel_new_for_window (const char *name, WebWindow *window);

WEB_AVAILABLE_IN_ALL
const char *web_broadcast_channel_get_name (WebBroadcastChannel *self);
WEB_AVAILABLE_IN_ALL
WebOrigin *web_broadcast_channel_get_origin (WebBroadcastChannel *self);

WEB_AVAILABLE_IN_ALL
gboolean web_broadcast_channel_post_message (WebBroadcastChannel *self,
                                             GVariant            *message,
                                             GError             **error);
WEB_AVAILABLE_IN_ALL
gboolean web_broadcast_channel_post_serialized (WebBroadcastChannel *self,
                                                WebSerializedData   *message,
                                                GError             **error);

WEB_AVAILABLE_IN_ALL
void web_broadcast_channel_close (WebBroadcastChannel *self);
WEB_AVAILABLE_IN_ALL
gboolean web_broadcast_channel_get_closed (WebBroadcastChannel *self);

WEB_AVAILABLE_IN_ALL
void web_broadcast_channel_set_on_message (WebBroadcastChannel *self,
                                           WebBroadcastHandler  handler,
                                           gpointer             user_data,
                                           GDestroyNotify       destroy);

G_END_DECLS
