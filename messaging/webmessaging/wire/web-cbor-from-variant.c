/* web-cbor-from-variant.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "web-cbor-private.h"
#include "web-variant-private.h"

/* Converts a GVariant to CBOR, as docs/wire-format.md describes it. */

typedef struct
{
  GByteArray *out;
  GPtrArray  *buffers;
} Writer;

static void write_variant (Writer *self, GVariant *variant);

static void
write_integer (Writer *self, gint64 number)
{
  if (number >= 0)
    web_cbor_write_head (self->out, WEB_CBOR_UINT, number);
  else
    web_cbor_write_head (self->out, WEB_CBOR_NEGINT, -1 - number);
}

static void
write_byte_array (Writer *self, GVariant *variant)
{
  gsize size = g_variant_get_size (variant);

  if (size < WEB_CBOR_OUT_OF_LINE)
    {
      web_cbor_write_bytes (self->out, g_variant_get_data (variant), size);
    }
  else
    {
      web_cbor_write_head (self->out, WEB_CBOR_TAG, WEB_CBOR_TAG_BUFFER);
      web_cbor_write_head (self->out, WEB_CBOR_UINT, self->buffers->len);
      g_ptr_array_add (self->buffers, g_variant_get_data_as_bytes (variant));
    }
}

static void
write_typed_array (Writer *self, guint64 tag, GVariant *variant)
{
  g_autoptr (GVariant) array =
    G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (variant) : g_variant_ref (variant);

  web_cbor_write_head (self->out, WEB_CBOR_TAG, tag);
  write_byte_array (self, array);
}

static void
write_children (Writer *self, GVariant *variant)
{
  g_autoptr (GVariant) container = web_variant_ref_trusted (variant);
  gsize n_children = g_variant_n_children (container);
  gsize i;

  for (i = 0; i < n_children; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (container, i);

      write_variant (self, child);
    }
}

static void
write_items (Writer *self, GVariant *variant)
{
  web_cbor_write_head (self->out, WEB_CBOR_ARRAY, g_variant_n_children (variant));
  write_children (self, variant);
}

static void
write_dictionary (Writer *self, GVariant *variant)
{
  g_autoptr (GVariant) container = web_variant_ref_trusted (variant);
  gsize n_children = g_variant_n_children (variant);
  gsize i;

  if (strchr ("sog", g_variant_get_type_string (variant)[2]) == NULL)
    web_cbor_write_head (self->out, WEB_CBOR_TAG, WEB_CBOR_TAG_MAP);

  web_cbor_write_head (self->out, WEB_CBOR_MAP, n_children);
  for (i = 0; i < n_children; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (container, i);

      write_children (self, entry);
    }
}

static void
write_array (Writer *self, GVariant *variant)
{
  const char *type = g_variant_get_type_string (variant);

  switch (type[1])
    {
    case 'y':
      write_byte_array (self, variant);
      break;
    case 'n':
      write_typed_array (self, WEB_CBOR_TAG_INT16, variant);
      break;
    case 'q':
      write_typed_array (self, WEB_CBOR_TAG_UINT16, variant);
      break;
    case 'i':
      write_typed_array (self, WEB_CBOR_TAG_INT32, variant);
      break;
    case 'u':
      write_typed_array (self, WEB_CBOR_TAG_UINT32, variant);
      break;
    case 'x':
      write_typed_array (self, WEB_CBOR_TAG_INT64, variant);
      break;
    case 't':
      write_typed_array (self, WEB_CBOR_TAG_UINT64, variant);
      break;
    case 'd':
      write_typed_array (self, WEB_CBOR_TAG_FLOAT64, variant);
      break;
    case '{':
      write_dictionary (self, variant);
      break;
    default:
      write_items (self, variant);
      break;
    }
}

static void
write_variant (Writer *self, GVariant *variant)
{
  switch (g_variant_classify (variant))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      web_cbor_write_head (self->out, WEB_CBOR_BOOLEAN, g_variant_get_boolean (variant));
      break;
    case G_VARIANT_CLASS_BYTE:
      write_integer (self, g_variant_get_byte (variant));
      break;
    case G_VARIANT_CLASS_INT16:
      write_integer (self, g_variant_get_int16 (variant));
      break;
    case G_VARIANT_CLASS_UINT16:
      write_integer (self, g_variant_get_uint16 (variant));
      break;
    case G_VARIANT_CLASS_INT32:
      write_integer (self, g_variant_get_int32 (variant));
      break;
    case G_VARIANT_CLASS_UINT32:
      write_integer (self, g_variant_get_uint32 (variant));
      break;
    case G_VARIANT_CLASS_INT64:
      write_integer (self, g_variant_get_int64 (variant));
      break;
    case G_VARIANT_CLASS_UINT64:
      web_cbor_write_head (self->out, WEB_CBOR_UINT, g_variant_get_uint64 (variant));
      break;
    case G_VARIANT_CLASS_HANDLE:
      web_cbor_write_head (self->out, WEB_CBOR_TAG, WEB_CBOR_TAG_HANDLE);
      web_cbor_write_head (self->out, WEB_CBOR_UINT, g_variant_get_handle (variant));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      web_cbor_write_float (self->out, g_variant_get_double (variant));
      break;
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      web_cbor_write_text (self->out, g_variant_get_string (variant, NULL));
      break;
    case G_VARIANT_CLASS_VARIANT:
      write_children (self, variant);
      break;
    case G_VARIANT_CLASS_MAYBE:
      if (g_variant_n_children (variant) == 0)
        web_cbor_write_head (self->out, WEB_CBOR_NULL, 0);
      else
        write_children (self, variant);
      break;
    case G_VARIANT_CLASS_ARRAY:
      write_array (self, variant);
      break;
    case G_VARIANT_CLASS_TUPLE:
      if (g_variant_n_children (variant) == 0)
        web_cbor_write_head (self->out, WEB_CBOR_UNDEFINED, 0);
      else
        write_items (self, variant);
      break;
    case G_VARIANT_CLASS_DICT_ENTRY:
      write_items (self, variant);
      break;
    default:
      g_return_if_reached ();
    }
}

/*
 * web_cbor_new_for_variant:
 * @variant: a value that web_variant_check() has accepted
 *
 * Converts a value to the CBOR that scripts read. It refers to long byte arrays.
 */
WebCbor *
web_cbor_new_for_variant (GVariant *variant)
{
  g_autoptr (GPtrArray) buffers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GBytes) bytes = NULL;
  Writer writer = { .out = g_byte_array_new (), .buffers = buffers };

  write_variant (&writer, variant);
  bytes = g_byte_array_free_to_bytes (writer.out);

  return web_cbor_new (bytes, buffers);
}
