/* web-broadcast-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-endpoint-private.h"
#include "web-origin.h"
#include "web-serialized-data.h"

G_BEGIN_DECLS

/* Sends a message of this process to the other processes of the application. Called on the thread
 * of the sender, after the message was queued in this process, with no lock held. */
typedef void (*WebBroadcastRelayFunc) (const char        *scope,
                                       const char        *name,
                                       WebSerializedData *data);

WebEndpoint *web_broadcast_join (WebOrigin *origin, const char *name);
const char  *web_broadcast_get_scope (WebEndpoint *endpoint);

void     web_broadcast_post (WebEndpoint *endpoint, WebSerializedData *data);
gboolean web_broadcast_has_receiver (const char *scope, const char *name);
void     web_broadcast_deliver (const char        *scope,
                                const char        *name,
                                WebSerializedData *data,
                                gpointer           sender);
void     web_broadcast_set_relay (WebBroadcastRelayFunc relay);

G_END_DECLS
