/* web-serialized-data-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-message-private.h"
#include "web-foreign-holder-private.h"
#include "web-receiver-private.h"
#include "web-serialized-data.h"
#include "wire/web-message-bytes-private.h"

G_BEGIN_DECLS

typedef struct
{
  GType             type;        /* G_TYPE_INVALID for what came from another process */
  char             *type_name;   /* owned, of such an object */
  GObject          *data_holder; /* owned; %NULL once it was received */
  WebForeignHolder *foreign;     /* owned, nullable: of @data_holder, as it leaves the process */
} WebTransferred;

struct _WebSerializedData
{
  int             ref_count; /* atomic */
  int             claimed;   /* atomic; whether what was transferred has found its receiver */
  WebMessageParts parts;
  WebTransferred *transferred;
  guint           n_transferred;
  gboolean        unreadable; /* stands for a message that could not be written or read */
  WebMessage      message;    /* see web_serialized_data_to_message() */
};

extern const WebMessageFuncs web_serialized_data_message_funcs;

WebSerializedData *web_serialized_data_new_empty (void);
WebMessage        *web_serialized_data_to_message (WebSerializedData *self, GPtrArray *holders);

GPtrArray *web_serialized_data_dup_endpoint_holders (WebSerializedData *self);

WebSerializedData *web_serialized_data_claim (WebSerializedData *self, GError **error);
void               web_serialized_data_unclaim (WebSerializedData *self, WebSerializedData *moved);
gboolean           web_serialized_data_receive (WebSerializedData *self,
                                                const WebReceiver *receiver,
                                                GPtrArray        **objects,
                                                GPtrArray        **ports,
                                                GError           **error);

gboolean web_serialized_data_fail_if_unreadable (WebSerializedData *self, GError **error);
gboolean web_serialized_data_prepare_to_leave (WebSerializedData *self, GError **error);
void     web_serialized_data_put_back (WebSerializedData      *self,
                                       WebTransferable *const *transfer,
                                       gsize                   n_transfer);

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
