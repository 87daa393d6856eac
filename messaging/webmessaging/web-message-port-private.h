/* web-message-port-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-port.h"
#include "transport/web-pipe-private.h"

G_BEGIN_DECLS

WebMessagePort *web_message_port_new_for_end (WebPipeEnd *end, WebWindow *window);
void            web_message_port_set_window (WebMessagePort *self, WebWindow *window);
void            web_message_port_discard (WebMessagePort *self);

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

WebPipeEnd *web_message_port_data_holder_peek_end (GObject *data_holder);

G_END_DECLS
