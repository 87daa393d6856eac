/* web-message-bytes-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-cbor-private.h"
#include "web-parcel-private.h"

G_BEGIN_DECLS

/* A serialized object. */
typedef struct
{
  GType     type;
  char     *type_name;  /* owned, of what came as bytes; NULL otherwise */
  GVariant *serialized; /* owned */
} WebCloned;

/* What a message is made of, except for transferred objects. */
typedef struct
{
  GVariant  *value;   /* owned, nullable, atomic: may be made of @cbor on any thread */
  WebCbor   *cbor;    /* owned, nullable, atomic: may be made of @value on any thread */
  gboolean   is_cbor; /* which of the two the sender has made */
  guint      n_cloned;
  WebCloned *cloned; /* owned */
} WebMessageParts;

void web_message_parts_clear (WebMessageParts *self);
void web_message_parts_copy (WebMessageParts *self, WebMessageParts *copy);

GBytes  *web_message_parts_to_bytes (const WebMessageParts *self);
void     web_message_parts_write (const WebMessageParts *self, WebParcel *parcel);
gboolean web_message_parts_read (WebMessageParts *self,
                                 GBytes          *bytes,
                                 gsize            n_transferred,
                                 GError         **error);
gboolean web_message_parts_read_parcel (WebMessageParts *self,
                                        WebParcelReader *parcel,
                                        gsize            n_transferred,
                                        GError         **error);

G_END_DECLS
