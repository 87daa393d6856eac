/* web-serialized-data-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-receiver-private.h"
#include "web-serialized-data.h"
#include "wire/web-message-bytes-private.h"

G_BEGIN_DECLS

typedef struct
{
  GType    type;
  GObject *data_holder; /* owned; %NULL once it was received */
} WebTransferred;

struct _WebSerializedData
{
  int             ref_count; /* atomic */
  int             claimed;   /* atomic; whether what was transferred has found its receiver */
  WebMessageParts parts;
  WebTransferred *transferred;
  guint           n_transferred;
};

WebSerializedData *web_serialized_data_new_empty (void);

GPtrArray *web_serialized_data_dup_endpoint_holders (WebSerializedData *self);

WebSerializedData *web_serialized_data_claim (WebSerializedData *self, GError **error);
gboolean           web_serialized_data_receive (WebSerializedData *self,
                                                const WebReceiver *receiver,
                                                GPtrArray        **objects,
                                                GPtrArray        **ports,
                                                GError           **error);

WebSerializedData *web_serialized_data_new_for_cbor (GBytes                 *cbor,
                                                     GBytes *const          *buffers,
                                                     gsize                   n_buffers,
                                                     WebTransferable *const *transfer,
                                                     gsize                   n_transfer,
                                                     WebSerializable *const *objects,
                                                     gsize                   n_objects,
                                                     GError                **error);
GBytes            *web_serialized_data_get_cbor (WebSerializedData *self);
GPtrArray         *web_serialized_data_get_buffers (WebSerializedData *self);
gboolean           web_serialized_data_deserialize_objects (WebSerializedData *self,
                                                            GPtrArray        **objects,
                                                            GError           **error);

gboolean  web_serialized_data_is_cbor (WebSerializedData *self);
GVariant *web_serialized_data_take_value (WebSerializedData *self);

G_END_DECLS
