/* web-message-bytes.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error.h"
#include "web-message-bytes-private.h"
#include "web-variant-private.h"

/* Writes and reads messages as bytes, as docs/wire-format.md describes them. */

void
web_message_parts_clear (WebMessageParts *self)
{
  guint i;

  for (i = 0; i < self->n_cloned; i++)
    {
      g_clear_pointer (&self->cloned[i].serialized, g_variant_unref);
      g_free (self->cloned[i].type_name);
    }
  g_clear_pointer (&self->cloned, g_free);
  self->n_cloned = 0;
  g_clear_pointer (&self->value, g_variant_unref);
  g_clear_pointer (&self->cbor, web_cbor_unref);
}

/*
 * web_message_parts_copy:
 * @copy: empty parts, which get references to those of @self
 */
void
web_message_parts_copy (WebMessageParts *self, WebMessageParts *copy)
{
  GVariant *value = g_atomic_pointer_get (&self->value);
  WebCbor  *cbor = g_atomic_pointer_get (&self->cbor);
  guint     i;

  copy->value = value != NULL ? g_variant_ref (value) : NULL;
  copy->cbor = cbor != NULL ? web_cbor_ref (cbor) : NULL;
  copy->is_cbor = self->is_cbor;

  copy->n_cloned = self->n_cloned;
  copy->cloned = g_new (WebCloned, self->n_cloned);
  for (i = 0; i < self->n_cloned; i++)
    {
      copy->cloned[i].type = self->cloned[i].type;
      copy->cloned[i].type_name = g_strdup (self->cloned[i].type_name);
      copy->cloned[i].serialized = g_variant_ref (self->cloned[i].serialized);
    }
}

static void
write_gvariant (GByteArray *out, GVariant *variant)
{
  g_autoptr (GVariant) little =
    G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (variant) : g_variant_ref (variant);

  web_cbor_write_text (out, g_variant_get_type_string (little));
  web_cbor_write_bytes (out, g_variant_get_data (little), g_variant_get_size (little));
}

static void
write_value (const WebMessageParts *self, GByteArray *out)
{
  gsize         size;
  gconstpointer data;

  if (self->is_cbor)
    {
      data = g_bytes_get_data (self->cbor->bytes, &size);
      g_byte_array_append (out, data, size);
    }
  else
    {
      web_cbor_write_head (out, WEB_CBOR_TAG, WEB_CBOR_TAG_GVARIANT);
      web_cbor_write_head (out, WEB_CBOR_ARRAY, 2);
      write_gvariant (out, self->value);
    }
}

/*
 * web_message_parts_to_bytes:
 *
 * Returns: (transfer full): the message in bytes
 */
GBytes *
web_message_parts_to_bytes (const WebMessageParts *self)
{
  GByteArray *out;
  GPtrArray  *buffers;
  guint       i;

  buffers = self->is_cbor ? self->cbor->buffers : NULL;
  out = g_byte_array_new ();

  web_cbor_write_head (out, WEB_CBOR_TAG, WEB_CBOR_TAG_MESSAGE);
  web_cbor_write_head (out, WEB_CBOR_ARRAY, self->is_cbor || self->value != NULL ? 3 : 2);

  web_cbor_write_head (out, WEB_CBOR_ARRAY, buffers != NULL ? buffers->len : 0);
  for (i = 0; buffers != NULL && i < buffers->len; i++)
    {
      gsize         size;
      gconstpointer data = g_bytes_get_data (buffers->pdata[i], &size);

      web_cbor_write_bytes (out, data, size);
    }

  web_cbor_write_head (out, WEB_CBOR_ARRAY, self->n_cloned);
  for (i = 0; i < self->n_cloned; i++)
    {
      const WebCloned *cloned = &self->cloned[i];

      web_cbor_write_head (out, WEB_CBOR_ARRAY, 3);
      web_cbor_write_text (out, cloned->type_name != NULL ? cloned->type_name
                                                          : g_type_name (cloned->type));
      write_gvariant (out, cloned->serialized);
    }

  if (self->is_cbor || self->value != NULL)
    write_value (self, out);

  return g_byte_array_free_to_bytes (out);
}

/* One function reads each part of a message. */

typedef struct
{
  WebCborReader reader;
  GBytes       *bytes; /* what @reader reads; borrowed */
} MessageReader;

static gboolean
fail_to_read (GError **error, const char *what)
{
  g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE, "Invalid message: %s",
               what);
  return FALSE;
}

static gboolean
read_kind (MessageReader *self, WebCborKind kind, WebCborItem *item, GError **error)
{
  return web_cbor_reader_next (&self->reader, item, error) &&
         (item->kind == kind || fail_to_read (error, "unexpected type"));
}

static GBytes *
slice (MessageReader *self, const WebCborItem *item)
{
  return g_bytes_new_from_bytes (self->bytes, item->data - self->reader.data, item->number);
}

static GVariant *
read_gvariant (MessageReader *self, GError **error)
{
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *type = NULL;
  WebCborItem      item;

  if (!read_kind (self, WEB_CBOR_TEXT, &item, error))
    return NULL;
  type = g_strndup ((const char *)item.data, item.number);
  if (!read_kind (self, WEB_CBOR_BYTES, &item, error))
    return NULL;
  if (!g_variant_type_string_is_valid (type) || !g_variant_type_is_definite (G_VARIANT_TYPE (type)))
    {
      fail_to_read (error, "invalid GVariant type");
      return NULL;
    }

  bytes = slice (self, &item);
  variant = web_variant_new_from_bytes (type, bytes);
  if (variant == NULL)
    {
      fail_to_read (error, "GVariant that is not in normal form");
      return NULL;
    }
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    return g_variant_byteswap (variant);

  return g_steal_pointer (&variant);
}

static GPtrArray *
read_buffers (MessageReader *self, GError **error)
{
  g_autoptr (GPtrArray) buffers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  WebCborItem item;
  gsize       n_buffers, i;

  if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
    return NULL;

  n_buffers = item.number;
  for (i = 0; i < n_buffers; i++)
    {
      if (!read_kind (self, WEB_CBOR_BYTES, &item, error))
        return NULL;
      g_ptr_array_add (buffers, slice (self, &item));
    }

  return g_steal_pointer (&buffers);
}

static gboolean
read_cloned (MessageReader *self, WebMessageParts *message, GError **error)
{
  WebCborItem item;
  gsize       n_cloned;

  if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
    return FALSE;
  n_cloned = item.number;

  /* Each takes four bytes or more. */
  if (n_cloned > web_cbor_reader_get_remaining (&self->reader) / 4)
    return fail_to_read (error, "unexpected end");

  message->cloned = g_new0 (WebCloned, n_cloned);
  while (message->n_cloned < n_cloned)
    {
      WebCloned *cloned = &message->cloned[message->n_cloned];

      if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
        return FALSE;
      if (item.number != 3)
        return fail_to_read (error, "incomplete object");
      if (!read_kind (self, WEB_CBOR_TEXT, &item, error))
        return FALSE;
      if (!g_utf8_validate_len ((const char *)item.data, item.number, NULL))
        return fail_to_read (error, "class name that is not UTF-8");

      cloned->type_name = g_strndup ((const char *)item.data, item.number);
      message->n_cloned++;
      cloned->serialized = read_gvariant (self, error);
      if (cloned->serialized == NULL || !web_variant_check (cloned->serialized, 0, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_value (MessageReader *self, GPtrArray *buffers, WebMessageParts *message, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const gsize   start = self->reader.position;
  WebCborReader ahead = self->reader;
  WebCborItem   item;

  if (!web_cbor_reader_next (&ahead, &item, error))
    return FALSE;

  if (item.kind == WEB_CBOR_TAG && item.number == WEB_CBOR_TAG_GVARIANT)
    {
      self->reader = ahead;
      if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
        return FALSE;
      if (item.number != 2)
        return fail_to_read (error, "incomplete GVariant");
      message->value = read_gvariant (self, error);
      return message->value != NULL && web_variant_check (message->value, message->n_cloned, error);
    }

  if (!web_cbor_validate (&self->reader, buffers, message->n_cloned, error))
    return FALSE;

  bytes = g_bytes_new_from_bytes (self->bytes, start, self->reader.position - start);
  message->cbor = web_cbor_new (bytes, buffers);
  message->cbor->is_valid = TRUE;
  message->is_cbor = TRUE;

  return TRUE;
}

static gboolean
read_parts (MessageReader *self, WebMessageParts *message, GError **error)
{
  g_autoptr (GPtrArray) buffers = NULL;
  WebCborItem item;
  gsize       n_parts;

  if (!read_kind (self, WEB_CBOR_TAG, &item, error))
    return FALSE;
  if (item.number != WEB_CBOR_TAG_MESSAGE)
    return fail_to_read (error, "wrong tag");
  if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
    return FALSE;
  n_parts = item.number;
  if (n_parts != 2 && n_parts != 3)
    return fail_to_read (error, "wrong number of parts");

  buffers = read_buffers (self, error);
  if (buffers == NULL || !read_cloned (self, message, error) ||
      (n_parts == 3 && !read_value (self, buffers, message, error)))
    return FALSE;

  return web_cbor_reader_get_remaining (&self->reader) == 0 ||
         fail_to_read (error, "extra bytes at the end");
}

/*
 * web_message_parts_read:
 * @self: empty parts
 * @bytes: a message from a sender that need not be trusted
 *
 * Returns: %TRUE if @bytes are a message; the caller clears @self in any case
 */
gboolean
web_message_parts_read (WebMessageParts *self, GBytes *bytes, GError **error)
{
  MessageReader reader = { .bytes = bytes };

  reader.reader.data = g_bytes_get_data (bytes, &reader.reader.size);

  return read_parts (&reader, self, error);
}
