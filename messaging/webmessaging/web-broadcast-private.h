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

/* Sends the messages of this process to the other processes of the application. Both functions are
 * called on the thread of the sender, with no lock held. */
typedef struct
{
  /* Returns FALSE, with an error, if too much waits to be sent already. */
  gboolean (*check_room) (GError **error);

  /* Called after the message was queued in this process. */
  void (*send) (const char *scope, const char *name, WebSerializedData *data);
} WebBroadcastRelay;

WebEndpoint *web_broadcast_join (WebOrigin *origin, const char *name);
const char  *web_broadcast_get_scope (WebEndpoint *endpoint);

gboolean web_broadcast_post (WebEndpoint *endpoint, WebSerializedData *data, GError **error);
gboolean web_broadcast_has_receiver (const char *scope, const char *name);
void     web_broadcast_deliver (const char        *scope,
                                const char        *name,
                                WebSerializedData *data,
                                gpointer           sender);
void     web_broadcast_set_relay (const WebBroadcastRelay *relay);

G_END_DECLS
