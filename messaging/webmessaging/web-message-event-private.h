/* web-message-event-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-event.h"
#include "web-receiver-private.h"

G_BEGIN_DECLS

/* The C form of onmessage, for a target of any class. */
typedef void (*WebMessageEventHandler) (gpointer         target,
                                        WebMessageEvent *event,
                                        gpointer         user_data);

WebMessageEvent *web_message_event_new_received (WebSerializedData *data,
                                                 const WebReceiver *receiver,
                                                 GError           **error);
void             web_message_event_fire_received (WebSerializedData     *data,
                                                  const WebReceiver     *receiver,
                                                  const char            *origin,
                                                  WebMessageEventSource *source,
                                                  WebEventTarget        *target,
                                                  guint                  message,
                                                  guint                  messageerror);

void web_message_event_set_handler (WebEventTarget        *target,
                                    WebMessageEventHandler handler,
                                    gpointer               user_data,
                                    GDestroyNotify         destroy);

void web_message_event_turn_into_connect (WebMessageEvent *self);

WebSerializedData *web_message_event_get_message (WebMessageEvent *self);

G_END_DECLS
