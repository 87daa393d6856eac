/* web-message-bytes.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "web-error.h"
#include "web-memory-file-private.h"
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

/* How most messages begin: a message of three parts, no buffers, no cloned objects, and the pair
 * that is a GVariant. */
static const guint8 gvariant_head[] = { 0xda, 'W',  'E', 'B', 0x07, 0x83, 0x80,
                                        0x80, 0xda, 'W', 'E', 'B',  0x06, 0x82 };

/* One function writes each part of a message. */

typedef struct
{
  GByteArray *out;
  WebParcel  *parcel; /* nullable; takes long byte arrays in memory files */
} MessageWriter;

/* Writes the number of a memory file instead of bytes that it holds. Without a descriptor for it,
 * the bytes go like any others. */
static gboolean
write_file (MessageWriter *self, int fd, gsize size)
{
  if (fd < 0)
    return FALSE;

  web_cbor_write_head (self->out, WEB_CBOR_UINT, web_parcel_add_fd (self->parcel, fd));
  self->parcel->files += size;

  return TRUE;
}

static void
write_gvariant (MessageWriter *self, GVariant *variant)
{
  g_autoptr (GVariant) little =
    G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (variant) : g_variant_ref (variant);
  const gsize size = g_variant_get_size (little);

  web_cbor_write_text (self->out, g_variant_get_type_string (little));
  if (self->parcel != NULL && size >= WEB_MEMORY_FILE_MIN)
    {
      g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (little);

      if (write_file (self, web_memory_file_new (bytes, NULL), size))
        return;
    }
  web_cbor_write_bytes (self->out, g_variant_get_data (little), size);
}

static void
write_buffer (MessageWriter *self, GBytes *buffer)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (buffer, &size);

  if (self->parcel == NULL || size < WEB_MEMORY_FILE_MIN ||
      !write_file (self, web_memory_file_new (buffer, NULL), size))
    web_cbor_write_bytes (self->out, data, size);
}

static void
write_value (MessageWriter *self, const WebMessageParts *parts)
{
  gsize         size;
  gconstpointer data;

  if (parts->is_cbor)
    {
      data = g_bytes_get_data (parts->cbor->bytes, &size);
      g_byte_array_append (self->out, data, size);
    }
  else
    {
      web_cbor_write_head (self->out, WEB_CBOR_TAG, WEB_CBOR_TAG_GVARIANT);
      web_cbor_write_head (self->out, WEB_CBOR_ARRAY, 2);
      write_gvariant (self, parts->value);
    }
}

static void
write_parts (MessageWriter *self, const WebMessageParts *parts)
{
  GPtrArray *buffers = parts->is_cbor ? parts->cbor->buffers : NULL;
  gboolean   has_value = parts->is_cbor || parts->value != NULL;
  guint      i;

  if (!parts->is_cbor && has_value && parts->n_cloned == 0)
    {
      g_byte_array_append (self->out, gvariant_head, sizeof gvariant_head);
      write_gvariant (self, parts->value);
      return;
    }

  web_cbor_write_head (self->out, WEB_CBOR_TAG, WEB_CBOR_TAG_MESSAGE);
  web_cbor_write_head (self->out, WEB_CBOR_ARRAY, has_value ? 3 : 2);

  web_cbor_write_head (self->out, WEB_CBOR_ARRAY, buffers != NULL ? buffers->len : 0);
  for (i = 0; buffers != NULL && i < buffers->len; i++)
    write_buffer (self, buffers->pdata[i]);

  web_cbor_write_head (self->out, WEB_CBOR_ARRAY, parts->n_cloned);
  for (i = 0; i < parts->n_cloned; i++)
    {
      const WebCloned *cloned = &parts->cloned[i];

      web_cbor_write_head (self->out, WEB_CBOR_ARRAY, 3);
      web_cbor_write_text (self->out, cloned->type_name != NULL ? cloned->type_name
                                                                : g_type_name (cloned->type));
      write_gvariant (self, cloned->serialized);
    }

  if (has_value)
    write_value (self, parts);
}

/*
 * web_message_parts_to_bytes:
 *
 * Returns: (transfer full): the message in bytes
 */
GBytes *
web_message_parts_to_bytes (const WebMessageParts *self)
{
  MessageWriter writer = { .out = g_byte_array_new () };

  write_parts (&writer, self);

  return g_byte_array_free_to_bytes (writer.out);
}

/*
 * web_message_parts_write:
 *
 * Writes the message for another process. Long byte arrays go in memory files.
 */
void
web_message_parts_write (const WebMessageParts *self, WebParcel *parcel)
{
  MessageWriter writer = { .out = parcel->bytes, .parcel = parcel };

  write_parts (&writer, self);
}

/* One function reads each part of a message. */

typedef struct
{
  WebCborReader    reader;
  GBytes          *bytes; /* what @reader reads, if that is not what is left of @parcel; borrowed */
  WebParcelReader *parcel; /* nullable; has the memory files */
  gsize            n_transferred;
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
dup_range (MessageReader *self, const guint8 *data, gsize size)
{
  return self->parcel != NULL
           ? web_parcel_reader_dup_range (self->parcel, data, size)
           : g_bytes_new_from_bytes (self->bytes, data - self->reader.data, size);
}

/* Reads bytes, or the memory file that holds them. */
static GBytes *
read_bytes (MessageReader *self, GError **error)
{
  WebCborItem item;
  GBytes     *bytes;
  int         fd;

  if (!web_cbor_reader_next (&self->reader, &item, error))
    return NULL;

  if (item.kind == WEB_CBOR_BYTES)
    return dup_range (self, item.data, item.number);

  if (item.kind != WEB_CBOR_UINT || self->parcel == NULL)
    {
      fail_to_read (error, "unexpected type");
      return NULL;
    }

  fd = web_parcel_reader_take_fd (self->parcel, item.number);
  if (fd < 0)
    {
      fail_to_read (error, "there is no such memory file");
      return NULL;
    }

  bytes = web_memory_file_map (fd, self->parcel->max_file_size, error);
  if (bytes != NULL)
    self->parcel->max_file_size -= g_bytes_get_size (bytes);

  return bytes;
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
  bytes = read_bytes (self, error);
  if (bytes == NULL)
    return NULL;
  if (!g_variant_type_string_is_valid (type) || !g_variant_type_is_definite (G_VARIANT_TYPE (type)))
    {
      fail_to_read (error, "invalid GVariant type");
      return NULL;
    }

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

/* Reads a number or a short string, which most messages are, without a detour: a type of one
 * letter, and up to 255 bytes, which are all that is left. Returns %FALSE if it is anything else,
 * or wrong. */
static gboolean
read_simple_value (MessageReader *self, WebMessageParts *message)
{
  const guint8 *data = self->reader.data + self->reader.position;
  const gsize   remaining = web_cbor_reader_get_remaining (&self->reader);
  gsize         head;

  if (G_BYTE_ORDER != G_LITTLE_ENDIAN || remaining < 4 || data[0] != 0x61)
    return FALSE;

  /* A length up to 23 is in the first byte, one up to 255 in the second. */
  if (remaining - 3 < 24 && data[2] == 0x40 + remaining - 3)
    head = 3;
  else if (data[2] == 0x58 && data[3] == remaining - 4)
    head = 4;
  else
    return FALSE;

  message->value = web_variant_new_simple (data[1], data + head, remaining - head);
  if (message->value != NULL)
    self->reader.position = self->reader.size;

  return message->value != NULL;
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
      GBytes *bytes = read_bytes (self, error);

      if (bytes == NULL)
        return NULL;
      g_ptr_array_add (buffers, bytes);
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
read_gvariant_value (MessageReader *self, WebMessageParts *message, GError **error)
{
  message->value = read_gvariant (self, error);

  return message->value != NULL &&
         web_variant_check (message->value, self->n_transferred + message->n_cloned, error);
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
      return read_gvariant_value (self, message, error);
    }

  if (!web_cbor_validate (&self->reader, buffers, self->n_transferred + message->n_cloned, error))
    return FALSE;

  bytes = dup_range (self, self->reader.data + start, self->reader.position - start);
  message->cbor = web_cbor_new (bytes, buffers);
  message->cbor->is_valid = TRUE;
  message->is_cbor = TRUE;

  return TRUE;
}

static gboolean
read_all_parts (MessageReader *self, WebMessageParts *message, GError **error)
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
  return buffers != NULL && read_cloned (self, message, error) &&
         (n_parts == 2 || read_value (self, buffers, message, error));
}

static gboolean
read_parts (MessageReader *self, WebMessageParts *message, GError **error)
{
  gboolean read;

  if (web_cbor_reader_get_remaining (&self->reader) > sizeof gvariant_head &&
      memcmp (self->reader.data, gvariant_head, sizeof gvariant_head) == 0)
    {
      self->reader.position = sizeof gvariant_head;
      read = read_simple_value (self, message) || read_gvariant_value (self, message, error);
    }
  else
    {
      read = read_all_parts (self, message, error);
    }

  return read && (web_cbor_reader_get_remaining (&self->reader) == 0 ||
                  fail_to_read (error, "extra bytes at the end"));
}

/*
 * web_message_parts_read:
 * @self: empty parts
 * @bytes: a message from a sender that need not be trusted
 * @n_transferred: how many objects were transferred with it
 *
 * Returns: %TRUE if @bytes are a message; the caller clears @self in any case
 */
gboolean
web_message_parts_read (WebMessageParts *self, GBytes *bytes, gsize n_transferred, GError **error)
{
  MessageReader reader = { .bytes = bytes, .n_transferred = n_transferred };

  reader.reader.data = g_bytes_get_data (bytes, &reader.reader.size);

  return read_parts (&reader, self, error);
}

/*
 * web_message_parts_read_parcel:
 * @parcel: what has come from another process; all that is left of it is a message
 *
 * Reads what web_message_parts_write() has written, as web_message_parts_read() does.
 */
gboolean
web_message_parts_read_parcel (WebMessageParts *self,
                               WebParcelReader *parcel,
                               gsize            n_transferred,
                               GError         **error)
{
  MessageReader reader = { .parcel = parcel, .n_transferred = n_transferred };

  reader.reader.size = web_parcel_reader_get_remaining (parcel);
  reader.reader.data = web_parcel_reader_read_data (parcel, reader.reader.size);

  return read_parts (&reader, self, error);
}
