/* web-cbor-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "web-cbor-tag.h"

G_BEGIN_DECLS

/* Byte arrays from this size on are kept out of line. */
#define WEB_CBOR_OUT_OF_LINE 4096

/* How deep values may be nested. */
#define WEB_CBOR_MAX_DEPTH 1024

/* A value in CBOR, with the byte arrays that it refers to. Immutable, in an atomic rc box. */
typedef struct
{
  GBytes    *bytes;    /* owned */
  GPtrArray *buffers;  /* owned: of GBytes */
  gboolean   is_valid; /* set before anybody shares it: web_cbor_validate() has accepted it */
} WebCbor;

WebCbor *web_cbor_new (GBytes *bytes, GPtrArray *buffers);
WebCbor *web_cbor_ref (WebCbor *self);
void     web_cbor_unref (WebCbor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebCbor, web_cbor_unref)

typedef enum
{
  WEB_CBOR_UINT,
  WEB_CBOR_NEGINT, /* -1 - number */
  WEB_CBOR_BYTES,
  WEB_CBOR_TEXT,
  WEB_CBOR_ARRAY,
  WEB_CBOR_MAP,
  WEB_CBOR_TAG,
  WEB_CBOR_BOOLEAN,
  WEB_CBOR_NULL,
  WEB_CBOR_UNDEFINED,
  WEB_CBOR_FLOAT,
  WEB_CBOR_OTHER, /* what has no place in a message */
} WebCborKind;

/* The head of a data item, and the content of a string. */
typedef struct
{
  WebCborKind   kind;
  guint64       number; /* the integer, tag, boolean, or number of bytes, items or pairs */
  const guint8 *data;   /* of a string; borrowed */
  double        real;   /* of a float */
} WebCborItem;

typedef struct
{
  const guint8 *data;
  gsize         size;
  gsize         position;
} WebCborReader;

gboolean web_cbor_reader_next (WebCborReader *self, WebCborItem *item, GError **error);
gsize    web_cbor_reader_get_remaining (WebCborReader *self);

void web_cbor_write_head (GByteArray *out, WebCborKind kind, guint64 number);
void web_cbor_write_float (GByteArray *out, double real);
void web_cbor_write_bytes (GByteArray *out, const void *data, gsize size);
void web_cbor_write_text (GByteArray *out, const char *text);

gsize web_cbor_get_element_size (guint64 tag);

gboolean web_cbor_validate (WebCborReader *reader,
                            GPtrArray     *buffers,
                            gsize          n_handles,
                            GError       **error);

GVariant *web_cbor_to_variant (WebCbor *self, gsize n_handles, GError **error);
WebCbor  *web_cbor_new_for_variant (GVariant *variant);

G_END_DECLS
