/* web-cbor-to-variant.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <math.h>
#include <string.h>

#include "web-cbor-private.h"
#include "web-error.h"

/* Converts CBOR to a GVariant, as docs/wire-format.md describes it. */

/* GVariant itself reads nothing that is nested more deeply than 128 containers. */
#define MAX_VARIANT_DEPTH 120

/* The GVariant of a message of n bytes may take 256 n bytes of memory, and a constant. A value that
 * occurs again counts each time with its size in the bytes of the GVariant. */
#define MEMORY_FACTOR   256
#define MEMORY_CONSTANT 49152

/* About what a GVariant takes: a container, or one with content of its own. */
#define CONTAINER_SIZE 64
#define LEAF_SIZE      112

typedef struct
{
  GVariant *value; /* owned; %NULL while it is being read */
  guint     height;
} Shared;

typedef struct
{
  WebCborReader reader;
  WebCbor      *cbor;
  gsize         budget;
  guint         depth;
  guint         deepest; /* of what was read since a shared value began */
  GArray       *shared;  /* of Shared */
  GVariant     *date_name;
  GVariant     *small[256]; /* boxed items of one byte that came before, indexed by that byte */
} Converter;

static GVariant *convert_value (Converter *self, GError **error);

static GVariant *
fail (GError **error, const char *what)
{
  g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
               "Value could not be converted to a GVariant: %s", what);
  return NULL;
}

static gboolean
spend (Converter *self, gsize size, GError **error)
{
  if (size > self->budget)
    {
      fail (error, "it takes too much memory");
      return FALSE;
    }

  self->budget -= size;

  return TRUE;
}

static gboolean
check_depth (Converter *self, guint depth, GError **error)
{
  if (depth > MAX_VARIANT_DEPTH)
    {
      fail (error, "it is nested too deeply");
      return FALSE;
    }

  self->deepest = MAX (self->deepest, depth);

  return TRUE;
}

/* The value was validated before, so the next item is of the expected kind. */
static WebCborItem
read_item (Converter *self)
{
  WebCborItem item = { .kind = WEB_CBOR_OTHER };

  if (!web_cbor_reader_next (&self->reader, &item, NULL))
    g_assert_not_reached ();

  return item;
}

static GVariant *
box (GVariant *value)
{
  GVariant *boxed = g_variant_ref_sink (g_variant_new_variant (value));

  g_variant_unref (value);

  return boxed;
}

/* Integers from -24 to 23; an empty string, array or map; false, true, null and undefined */
static gboolean
is_small (guint8 first)
{
  return first < 0x18 || (first >= 0x20 && first < 0x38) || first == 0x40 || first == 0x60 ||
         first == 0x80 || first == 0xa0 || (first >= 0xf4 && first <= 0xf7);
}

/* Converts a value to a `v`. */
static GVariant *
convert_boxed (Converter *self, GError **error)
{
  const guint8 first = self->reader.data[self->reader.position];
  GVariant    *value;

  if (self->small[first] != NULL)
    {
      if (!check_depth (self, self->depth + 2, error))
        return NULL;
      self->reader.position++;
      return g_variant_ref (self->small[first]);
    }

  if (!spend (self, CONTAINER_SIZE + sizeof (gpointer), error))
    return NULL;
  value = convert_value (self, error);
  if (value == NULL)
    return NULL;

  value = box (value);
  if (is_small (first))
    self->small[first] = g_variant_ref (value);

  return value;
}

/* Converts items to an `av`. */
static GVariant *
convert_items (Converter *self, gsize n_items, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  gsize i;

  if (!spend (self, n_items * 2 * sizeof (gpointer), error))
    return NULL;

  items = g_ptr_array_new_full (n_items, (GDestroyNotify)g_variant_unref);
  for (i = 0; i < n_items; i++)
    {
      GVariant *item = convert_boxed (self, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
    }

  return g_variant_ref_sink (
    g_variant_new_array (G_VARIANT_TYPE_VARIANT, (GVariant **)items->pdata, n_items));
}

static GVariant *
convert_string_item (Converter *self, const WebCborItem *item, GError **error)
{
  if (item->kind == WEB_CBOR_TAG)
    return fail (error, "it has a string with a lone surrogate");
  if (memchr (item->data, '\0', item->number) != NULL)
    return fail (error, "it has a string with U+0000");
  if (!spend (self, LEAF_SIZE + item->number, error))
    return NULL;

  return g_variant_ref_sink (
    g_variant_new_take_string (g_strndup ((const char *)item->data, item->number)));
}

static GVariant *
convert_string (Converter *self, GError **error)
{
  WebCborItem item = read_item (self);

  return convert_string_item (self, &item, error);
}

/* Converts pairs to an `a{sv}`, or to an `a(vv)` if keys can be of any type. */
static GVariant *
convert_pairs (Converter *self, gsize n_pairs, gboolean has_any_keys, GError **error)
{
  const GVariantType *type = has_any_keys ? G_VARIANT_TYPE ("(vv)") : G_VARIANT_TYPE ("{sv}");
  g_autoptr (GPtrArray) pairs = NULL;
  gsize i;

  if (!spend (self, n_pairs * (CONTAINER_SIZE + 4 * sizeof (gpointer)), error))
    return NULL;

  pairs = g_ptr_array_new_full (n_pairs, (GDestroyNotify)g_variant_unref);
  self->depth++;
  for (i = 0; i < n_pairs; i++)
    {
      g_autoptr (GVariant) key =
        has_any_keys ? convert_boxed (self, error) : convert_string (self, error);
      g_autoptr (GVariant) value = key != NULL ? convert_boxed (self, error) : NULL;
      GVariant *pair[] = { key, value };

      if (value == NULL)
        return NULL;
      g_ptr_array_add (pairs,
                       g_variant_ref_sink (has_any_keys ? g_variant_new_tuple (pair, 2)
                                                        : g_variant_new_dict_entry (key, value)));
    }
  self->depth--;

  return g_variant_ref_sink (g_variant_new_array (type, (GVariant **)pairs->pdata, n_pairs));
}

static GVariant *
new_byte_array (GBytes *bytes)
{
  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
}

static GVariant *
new_inline_byte_array (Converter *self, const WebCborItem *item)
{
  g_autoptr (GBytes) bytes =
    g_bytes_new_from_bytes (self->cbor->bytes, item->data - self->reader.data, item->number);

  return new_byte_array (bytes);
}

/* Makes a `(sv)` of a value and its name, for types that GVariant does not have. */
static GVariant *
new_named (const char *name, GVariant *value)
{
  return g_variant_ref_sink (g_variant_new ("(sv)", name, value));
}

/* The name is made once for a message, because a date can be as short as two bytes. */
static GVariant *
convert_date (Converter *self, GError **error)
{
  g_autoptr (GVariant) seconds = convert_boxed (self, error);
  GVariant *pair[2];

  if (seconds == NULL)
    return NULL;

  if (self->date_name == NULL)
    self->date_name = g_variant_ref_sink (g_variant_new_string ("Date"));
  pair[0] = self->date_name;
  pair[1] = seconds;

  return g_variant_ref_sink (g_variant_new_tuple (pair, 2));
}

static double
read_half (guint16 half)
{
  const int    exponent = half >> 10 & 0x1f;
  const double mantissa = half & 0x3ff;
  double       real;

  if (exponent == 0)
    real = ldexp (mantissa, -24);
  else if (exponent != 31)
    real = ldexp (mantissa + 1024, exponent - 25);
  else
    real = mantissa == 0 ? INFINITY : NAN;

  return half & 0x8000 ? -real : real;
}

/* Copies elements of a type that GVariant does not have to the next greater type. */
static GVariant *
widen (guint64 tag, const guint8 *data, gsize n_elements)
{
  gsize i;

  if (tag == WEB_CBOR_TAG_INT8)
    {
      g_autofree gint16 *wide = g_new (gint16, n_elements);

      for (i = 0; i < n_elements; i++)
        wide[i] = (gint8)data[i];
      return g_variant_new_fixed_array (G_VARIANT_TYPE_INT16, wide, n_elements, sizeof *wide);
    }
  else
    {
      g_autofree double *wide = g_new (double, n_elements);

      for (i = 0; i < n_elements; i++)
        {
          if (tag == WEB_CBOR_TAG_FLOAT16)
            {
              guint16 half;

              memcpy (&half, data + i * sizeof half, sizeof half);
              wide[i] = read_half (GUINT16_FROM_LE (half));
            }
          else
            {
              union
              {
                guint32 bits;
                float   real;
              } single;

              memcpy (&single.bits, data + i * sizeof single, sizeof single);
              single.bits = GUINT32_FROM_LE (single.bits);
              wide[i] = single.real;
            }
        }
      return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, wide, n_elements, sizeof *wide);
    }
}

/* Makes the array that GVariant has for elements in little-endian bytes. It refers to the bytes
 * where possible. */
static GVariant *
new_typed_array (guint64 tag, GBytes *bytes)
{
  g_autoptr (GVariant) array = NULL;
  const char *type;

  switch (tag)
    {
    case WEB_CBOR_TAG_UINT16:
      type = "aq";
      break;
    case WEB_CBOR_TAG_UINT32:
      type = "au";
      break;
    case WEB_CBOR_TAG_UINT64:
      type = "at";
      break;
    case WEB_CBOR_TAG_INT16:
      type = "an";
      break;
    case WEB_CBOR_TAG_INT32:
      type = "ai";
      break;
    case WEB_CBOR_TAG_INT64:
      type = "ax";
      break;
    case WEB_CBOR_TAG_FLOAT64:
      type = "ad";
      break;

    case WEB_CBOR_TAG_INT8:
    case WEB_CBOR_TAG_FLOAT16:
    case WEB_CBOR_TAG_FLOAT32:
      {
        gsize         size;
        const guint8 *data = g_bytes_get_data (bytes, &size);

        return g_variant_ref_sink (widen (tag, data, size / web_cbor_get_element_size (tag)));
      }

    default: /* bytes, or a DataView */
      return new_byte_array (bytes);
    }

  array = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, TRUE));
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    return g_variant_byteswap (array);

  return g_steal_pointer (&array);
}

/* Counts a view of @size bytes, whose elements may be widened. */
static gboolean
spend_view (Converter *self, guint64 tag, gsize size, GError **error)
{
  gsize width = tag == WEB_CBOR_TAG_FLOAT16                               ? 4
                : tag == WEB_CBOR_TAG_INT8 || tag == WEB_CBOR_TAG_FLOAT32 ? 2
                                                                          : 1;

  return spend (self, width == 1 ? size : 2 * width * size, error);
}

/* Converts the byte array of a view. One that is shared is not copied; each view counts only what
 * it shows. */
static GVariant *
convert_buffer (Converter *self, GError **error)
{
  const gsize start = self->reader.position;
  WebCborItem item = read_item (self);

  if (item.kind == WEB_CBOR_TAG && item.number == WEB_CBOR_TAG_REFERENCE)
    return g_variant_ref (g_array_index (self->shared, Shared, read_item (self).number).value);

  self->reader.position = start;

  return convert_value (self, error);
}

static GVariant *
convert_typed_array (Converter *self, guint64 tag, GError **error)
{
  g_autoptr (GVariant) buffer = convert_buffer (self, error);
  g_autoptr (GBytes) bytes = NULL;

  if (buffer == NULL)
    return NULL;

  bytes = g_variant_get_data_as_bytes (buffer);
  if (!spend_view (self, tag, g_bytes_get_size (bytes), error))
    return NULL;

  return new_typed_array (tag, bytes);
}

static GVariant *
convert_view (Converter *self, GError **error)
{
  g_autoptr (GVariant) buffer = NULL;
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) part = NULL;
  WebCborItem kind, offset, length;
  gsize       element_size, size;

  read_item (self);
  kind = read_item (self);
  buffer = convert_buffer (self, error);
  if (buffer == NULL)
    return NULL;
  offset = read_item (self);
  length = read_item (self);

  whole = g_variant_get_data_as_bytes (buffer);
  element_size = kind.number == 0 ? 1 : web_cbor_get_element_size (kind.number);
  if (length.kind == WEB_CBOR_NULL)
    size = (g_bytes_get_size (whole) - offset.number) / element_size * element_size;
  else
    size = length.number * element_size;
  if (!spend_view (self, kind.number, size, error))
    return NULL;
  part = g_bytes_new_from_bytes (whole, offset.number, size);

  return new_typed_array (kind.number, part);
}

static GVariant *
convert_sparse (Converter *self, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GVariant) hole = NULL;
  gsize length, n_members, i;

  read_item (self);
  length = read_item (self).number;
  n_members = read_item (self).number;
  if (!spend (self, 2 * length * sizeof (gpointer), error))
    return NULL;

  hole = box (g_variant_ref_sink (g_variant_new_tuple (NULL, 0)));
  items = g_ptr_array_new_full (length, (GDestroyNotify)g_variant_unref);
  for (i = 0; i < length; i++)
    g_ptr_array_add (items, g_variant_ref (hole));
  for (i = 0; i < n_members; i++)
    {
      WebCborItem key = read_item (self);
      GVariant   *value;

      if (key.kind != WEB_CBOR_UINT)
        return fail (error, "it has an array with named properties");

      value = convert_boxed (self, error);
      if (value == NULL)
        return NULL;
      g_variant_unref (items->pdata[key.number]);
      items->pdata[key.number] = value;
    }

  return g_variant_ref_sink (
    g_variant_new_array (G_VARIANT_TYPE_VARIANT, (GVariant **)items->pdata, length));
}

static GVariant *
convert_regexp (Converter *self, GError **error)
{
  g_autoptr (GVariant) source = NULL;
  g_autoptr (GVariant) flags = NULL;
  gsize     n_strings = read_item (self).number;
  GVariant *strings[2];

  source = convert_string (self, error);
  if (source == NULL)
    return NULL;
  flags =
    n_strings > 1 ? convert_string (self, error) : g_variant_ref_sink (g_variant_new_string (""));
  if (flags == NULL)
    return NULL;

  strings[0] = source;
  strings[1] = flags;

  return new_named ("RegExp", g_variant_new_tuple (strings, 2));
}

/* Converts a boxed primitive to the primitive, and an error to its name and its members. */
static GVariant *
convert_object (Converter *self, GError **error)
{
  g_autoptr (GVariant) content = NULL;
  g_autofree char *name = NULL;
  WebCborItem      item;

  read_item (self);
  item = read_item (self);
  name = g_strndup ((const char *)item.data, item.number);
  content = convert_value (self, error);
  if (content == NULL || !g_variant_is_of_type (content, G_VARIANT_TYPE_VARDICT))
    return g_steal_pointer (&content);

  return new_named (name, content);
}

static GVariant *
convert_record (Converter *self, GError **error)
{
  g_autoptr (GVariant) name = NULL;

  read_item (self);
  name = convert_string (self, error);

  return name != NULL ? convert_value (self, error) : NULL;
}

static GVariant *
convert_shareable (Converter *self, GError **error)
{
  const guint index = self->shared->len;
  const guint deepest = self->deepest;
  Shared      shared = { NULL, 0 };

  g_array_append_val (self->shared, shared);
  /* The mark is not a level of its own. */
  self->depth -= 2;
  self->deepest = self->depth;
  shared.value = convert_value (self, error);
  if (shared.value != NULL)
    {
      shared.height = self->deepest - self->depth;
      g_array_index (self->shared, Shared, index) = shared;
      g_variant_ref (shared.value);
    }
  self->depth += 2;
  self->deepest = MAX (self->deepest, deepest);

  return shared.value;
}

static GVariant *
convert_reference (Converter *self, GError **error)
{
  const Shared *shared = &g_array_index (self->shared, Shared, read_item (self).number);

  if (shared->value == NULL)
    return fail (error, "it has a cyclic reference");
  if (!check_depth (self, self->depth - 2 + shared->height, error) ||
      !spend (self, g_variant_get_size (shared->value), error))
    return NULL;

  return g_variant_ref (shared->value);
}

static GVariant *
convert_tag (Converter *self, guint64 tag, GError **error)
{
  switch (tag)
    {
    case WEB_CBOR_TAG_EPOCH_TIME:
      return convert_date (self, error);

    case WEB_CBOR_TAG_POSITIVE_BIGNUM:
    case WEB_CBOR_TAG_NEGATIVE_BIGNUM:
      return fail (error, "it has a BigInt");

    case WEB_CBOR_TAG_OBJECT:
      return convert_object (self, error);

    case WEB_CBOR_TAG_SHAREABLE:
      return convert_shareable (self, error);

    case WEB_CBOR_TAG_REFERENCE:
      return convert_reference (self, error);

    case WEB_CBOR_TAG_SET:
      return convert_items (self, read_item (self).number, error);

    case WEB_CBOR_TAG_MAP:
      return convert_pairs (self, read_item (self).number, TRUE, error);

    case WEB_CBOR_TAG_WTF8:
      return fail (error, "it has a string with a lone surrogate");

    case WEB_CBOR_TAG_REGEXP:
      return convert_regexp (self, error);

    case WEB_CBOR_TAG_HANDLE:
      return g_variant_ref_sink (g_variant_new_handle (read_item (self).number));

    case WEB_CBOR_TAG_BUFFER:
      return new_byte_array (g_ptr_array_index (self->cbor->buffers, read_item (self).number));

    case WEB_CBOR_TAG_RESIZABLE:
      {
        GVariant *buffer;

        read_item (self);
        buffer = convert_value (self, error);
        read_item (self);
        return buffer;
      }

    case WEB_CBOR_TAG_VIEW:
      return convert_view (self, error);

    case WEB_CBOR_TAG_HOLE:
      read_item (self);
      return g_variant_ref_sink (g_variant_new_tuple (NULL, 0));

    case WEB_CBOR_TAG_SPARSE:
      return convert_sparse (self, error);

    case WEB_CBOR_TAG_RECORD:
      return convert_record (self, error);

    default:
      return convert_typed_array (self, tag, error);
    }
}

static GVariant *
convert_item (Converter *self, const WebCborItem *item, GError **error)
{
  switch (item->kind)
    {
    case WEB_CBOR_UINT:
      return g_variant_ref_sink (item->number <= G_MAXINT64 ? g_variant_new_int64 (item->number)
                                                            : g_variant_new_uint64 (item->number));
    case WEB_CBOR_NEGINT:
      if (item->number > G_MAXINT64)
        return fail (error, "it has an integer of more than 64 bits");
      return g_variant_ref_sink (g_variant_new_int64 (-1 - (gint64)item->number));
    case WEB_CBOR_BYTES:
      return new_inline_byte_array (self, item);
    case WEB_CBOR_TEXT:
      return convert_string_item (self, item, error);
    case WEB_CBOR_ARRAY:
      return convert_items (self, item->number, error);
    case WEB_CBOR_MAP:
      return convert_pairs (self, item->number, FALSE, error);
    case WEB_CBOR_TAG:
      return convert_tag (self, item->number, error);
    case WEB_CBOR_BOOLEAN:
      return g_variant_ref_sink (g_variant_new_boolean (item->number != 0));
    case WEB_CBOR_NULL:
      return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL));
    case WEB_CBOR_UNDEFINED:
      return g_variant_ref_sink (g_variant_new_tuple (NULL, 0));
    case WEB_CBOR_FLOAT:
      return g_variant_ref_sink (g_variant_new_double (item->real));
    case WEB_CBOR_OTHER:
    default:
      g_assert_not_reached ();
    }
}

static GVariant *
convert_value (Converter *self, GError **error)
{
  WebCborItem item = read_item (self);
  GVariant   *value;

  /* Each level is an array or a tuple, and the box of its item; that of a map has pairs as well. */
  if (!check_depth (self, self->depth + 2, error) || !spend (self, LEAF_SIZE, error))
    return NULL;

  self->depth += 2;
  value = convert_item (self, &item, error);
  self->depth -= 2;

  return value;
}

static void
clear_shared (gpointer data)
{
  Shared *shared = data;

  g_clear_pointer (&shared->value, g_variant_unref);
}

static gboolean
validate (WebCborReader *reader, GPtrArray *buffers, gsize n_handles, GError **error)
{
  if (!web_cbor_validate (reader, buffers, n_handles, error))
    return FALSE;

  if (web_cbor_reader_get_remaining (reader) == 0)
    return TRUE;

  g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                       "Invalid message: extra bytes after the value");
  return FALSE;
}

/*
 * web_cbor_to_variant:
 * @n_handles: the number of objects that come with the value
 *
 * Validates a value and converts it to a GVariant, which refers to byte arrays out of line.
 */
GVariant *
web_cbor_to_variant (WebCbor *self, gsize n_handles, GError **error)
{
  g_autoptr (GArray) shared = g_array_new (FALSE, FALSE, sizeof (Shared));
  Converter converter = { .cbor = self, .shared = shared };
  GVariant *value;
  gsize     size;
  gsize     i;

  g_array_set_clear_func (shared, clear_shared);
  converter.reader.data = g_bytes_get_data (self->bytes, &converter.reader.size);
  if (!self->is_valid && !validate (&converter.reader, self->buffers, n_handles, error))
    return NULL;

  size = converter.reader.size;
  for (i = 0; i < self->buffers->len; i++)
    size += g_bytes_get_size (g_ptr_array_index (self->buffers, i));
  converter.budget = MEMORY_CONSTANT + MEMORY_FACTOR * size;
  converter.reader.position = 0;
  value = convert_value (&converter, error);

  g_clear_pointer (&converter.date_name, g_variant_unref);
  for (i = 0; i < G_N_ELEMENTS (converter.small); i++)
    g_clear_pointer (&converter.small[i], g_variant_unref);

  return value;
}
