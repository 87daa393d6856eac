/* web-cbor.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <cbor.h>
#include <string.h>

#include "web-cbor-private.h"
#include "web-error.h"

/*
 * web_cbor_new:
 * @buffers: (element-type GBytes): what the tags for byte arrays out of line count
 */
WebCbor *
web_cbor_new (GBytes *bytes, GPtrArray *buffers)
{
  WebCbor *self = g_atomic_rc_box_new (WebCbor);

  self->bytes = g_bytes_ref (bytes);
  self->buffers = g_ptr_array_ref (buffers);
  self->is_valid = FALSE;

  return self;
}

WebCbor *
web_cbor_ref (WebCbor *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
web_cbor_clear (gpointer data)
{
  WebCbor *self = data;

  g_bytes_unref (self->bytes);
  g_ptr_array_unref (self->buffers);
}

void
web_cbor_unref (WebCbor *self)
{
  g_atomic_rc_box_release_full (self, web_cbor_clear);
}

static void
set_number (void *context, WebCborKind kind, guint64 number)
{
  WebCborItem *item = context;

  item->kind = kind;
  item->number = number;
}

static void
set_uint8 (void *context, uint8_t number)
{
  set_number (context, WEB_CBOR_UINT, number);
}

static void
set_uint16 (void *context, uint16_t number)
{
  set_number (context, WEB_CBOR_UINT, number);
}

static void
set_uint32 (void *context, uint32_t number)
{
  set_number (context, WEB_CBOR_UINT, number);
}

static void
set_uint64 (void *context, uint64_t number)
{
  set_number (context, WEB_CBOR_UINT, number);
}

static void
set_negint8 (void *context, uint8_t number)
{
  set_number (context, WEB_CBOR_NEGINT, number);
}

static void
set_negint16 (void *context, uint16_t number)
{
  set_number (context, WEB_CBOR_NEGINT, number);
}

static void
set_negint32 (void *context, uint32_t number)
{
  set_number (context, WEB_CBOR_NEGINT, number);
}

static void
set_negint64 (void *context, uint64_t number)
{
  set_number (context, WEB_CBOR_NEGINT, number);
}

static void
set_bytes (void *context, cbor_data data, size_t size)
{
  WebCborItem *item = context;

  set_number (item, WEB_CBOR_BYTES, size);
  item->data = data;
}

static void
set_text (void *context, cbor_data data, size_t size)
{
  WebCborItem *item = context;

  set_number (item, WEB_CBOR_TEXT, size);
  item->data = data;
}

static void
set_array (void *context, size_t size)
{
  set_number (context, WEB_CBOR_ARRAY, size);
}

static void
set_map (void *context, size_t size)
{
  set_number (context, WEB_CBOR_MAP, size);
}

static void
set_tag (void *context, uint64_t tag)
{
  set_number (context, WEB_CBOR_TAG, tag);
}

static void
set_boolean (void *context, bool value)
{
  set_number (context, WEB_CBOR_BOOLEAN, value);
}

static void
set_null (void *context)
{
  set_number (context, WEB_CBOR_NULL, 0);
}

static void
set_undefined (void *context)
{
  set_number (context, WEB_CBOR_UNDEFINED, 0);
}

static void
set_double (void *context, double real)
{
  WebCborItem *item = context;

  set_number (item, WEB_CBOR_FLOAT, 0);
  item->real = real;
}

static void
set_float (void *context, float real)
{
  set_double (context, real);
}

static void
set_other (void *context)
{
  set_number (context, WEB_CBOR_OTHER, 0);
}

static const struct cbor_callbacks callbacks = {
  .uint8 = set_uint8,
  .uint16 = set_uint16,
  .uint32 = set_uint32,
  .uint64 = set_uint64,
  .negint8 = set_negint8,
  .negint16 = set_negint16,
  .negint32 = set_negint32,
  .negint64 = set_negint64,
  .byte_string_start = set_other,
  .byte_string = set_bytes,
  .string = set_text,
  .string_start = set_other,
  .indef_array_start = set_other,
  .array_start = set_array,
  .indef_map_start = set_other,
  .map_start = set_map,
  .tag = set_tag,
  .float2 = set_float,
  .float4 = set_float,
  .float8 = set_double,
  .undefined = set_undefined,
  .null = set_null,
  .boolean = set_boolean,
  .indef_break = set_other,
};

/*
 * web_cbor_reader_next:
 *
 * Reads the head of the next data item, and the content if it is a string. It rejects a string,
 * array or map that claims to be longer than the rest of the message.
 */
gboolean
web_cbor_reader_next (WebCborReader *self, WebCborItem *item, GError **error)
{
  struct cbor_decoder_result result = { .status = CBOR_DECODER_NEDATA };

  if (self->position < self->size)
    result = cbor_stream_decode (self->data + self->position, self->size - self->position,
                                 &callbacks, item);
  if (result.status == CBOR_DECODER_FINISHED && item->kind != WEB_CBOR_OTHER)
    {
      self->position += result.read;
      if ((item->kind != WEB_CBOR_ARRAY && item->kind != WEB_CBOR_MAP) ||
          item->number <=
            web_cbor_reader_get_remaining (self) / (item->kind == WEB_CBOR_MAP ? 2 : 1))
        return TRUE;
    }

  g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
               "Invalid message: no item of CBOR at byte %" G_GSIZE_FORMAT, self->position);
  return FALSE;
}

gsize
web_cbor_reader_get_remaining (WebCborReader *self)
{
  return self->size - self->position;
}

/*
 * web_cbor_write_head:
 *
 * Writes an integer, boolean, null or undefined, or the head of any other item.
 */
void
web_cbor_write_head (GByteArray *out, WebCborKind kind, guint64 number)
{
  guint8 head[9];
  gsize  size = 0;

  switch (kind)
    {
    case WEB_CBOR_UINT:
      size = cbor_encode_uint (number, head, sizeof head);
      break;
    case WEB_CBOR_NEGINT:
      size = cbor_encode_negint (number, head, sizeof head);
      break;
    case WEB_CBOR_BYTES:
      size = cbor_encode_bytestring_start (number, head, sizeof head);
      break;
    case WEB_CBOR_TEXT:
      size = cbor_encode_string_start (number, head, sizeof head);
      break;
    case WEB_CBOR_ARRAY:
      size = cbor_encode_array_start (number, head, sizeof head);
      break;
    case WEB_CBOR_MAP:
      size = cbor_encode_map_start (number, head, sizeof head);
      break;
    case WEB_CBOR_TAG:
      size = cbor_encode_tag (number, head, sizeof head);
      break;
    case WEB_CBOR_BOOLEAN:
      size = cbor_encode_bool (number != 0, head, sizeof head);
      break;
    case WEB_CBOR_NULL:
      size = cbor_encode_null (head, sizeof head);
      break;
    case WEB_CBOR_UNDEFINED:
      size = cbor_encode_undef (head, sizeof head);
      break;
    case WEB_CBOR_FLOAT:
    case WEB_CBOR_OTHER:
    default:
      g_return_if_reached ();
    }

  g_byte_array_append (out, head, size);
}

void
web_cbor_write_float (GByteArray *out, double real)
{
  guint8 item[9];

  g_byte_array_append (out, item, cbor_encode_double (real, item, sizeof item));
}

void
web_cbor_write_bytes (GByteArray *out, const void *data, gsize size)
{
  web_cbor_write_head (out, WEB_CBOR_BYTES, size);
  g_byte_array_append (out, data, size);
}

void
web_cbor_write_text (GByteArray *out, const char *text)
{
  gsize size = strlen (text);

  web_cbor_write_head (out, WEB_CBOR_TEXT, size);
  g_byte_array_append (out, (const guint8 *)text, size);
}

/*
 * web_cbor_get_element_size:
 *
 * Returns: the size of an element if @tag means a typed array, 0 otherwise
 */
gsize
web_cbor_get_element_size (guint64 tag)
{
  switch (tag)
    {
    case WEB_CBOR_TAG_UINT8:
    case WEB_CBOR_TAG_UINT8_CLAMPED:
    case WEB_CBOR_TAG_INT8:
      return 1;
    case WEB_CBOR_TAG_UINT16:
    case WEB_CBOR_TAG_INT16:
    case WEB_CBOR_TAG_FLOAT16:
      return 2;
    case WEB_CBOR_TAG_UINT32:
    case WEB_CBOR_TAG_INT32:
    case WEB_CBOR_TAG_FLOAT32:
      return 4;
    case WEB_CBOR_TAG_UINT64:
    case WEB_CBOR_TAG_INT64:
    case WEB_CBOR_TAG_FLOAT64:
      return 8;
    default:
      return 0;
    }
}
