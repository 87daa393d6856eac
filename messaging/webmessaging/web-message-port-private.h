/* web-message-port-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-message-private.h"
#include "transport/web-endpoint-set-private.h"
#include "web-message-port.h"

G_BEGIN_DECLS

WebMessagePort *web_message_port_new_for_endpoint (WebEndpoint *endpoint, WebEndpointSet *siblings);

gboolean web_message_port_lives_in (WebMessagePort *self, WebScheduler *scheduler);

gboolean web_message_port_post_cbor (WebMessagePort         *self,
                                     const guint8           *cbor,
                                     gsize                   size,
                                     GBytes *const          *buffers,
                                     gsize                   n_buffers,
                                     WebTransferable *const *transfer,
                                     gsize                   n_transfer,
                                     WebSerializable *const *objects,
                                     gsize                   n_objects,
                                     GError                **error);

const WebSender *web_message_port_get_sender (WebMessagePort *self);

G_END_DECLS
