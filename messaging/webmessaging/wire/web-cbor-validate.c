/* web-cbor-validate.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "web-cbor-private.h"
#include "web-error.h"

/* Validates the bytes of an unknown sender: are they a value as docs/wire-format.md describes it?
 * There is one function for each kind of item. It reads the item that it is named after, and no
 * more. */

/* Stands in the list of shared values for what is not a byte array. */
#define NO_BUFFER G_MAXSIZE

typedef struct
{
  WebCborReader *reader;
  GPtrArray     *buffers;
  gsize          n_handles;
  gsize          next_buffer; /* those out of line come in order, each once */
  guint          depth;
  GArray        *shared; /* of gsize: how long a shared byte array is */
} Validator;

static gboolean validate_value (Validator *self, GError **error);

static gboolean
fail (Validator *self, GError **error, const char *what)
{
  g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
               "Invalid message: %s (before byte %" G_GSIZE_FORMAT ")", what,
               self->reader->position);
  return FALSE;
}

static gboolean
read_kind (Validator *self, WebCborKind kind, WebCborItem *item, GError **error)
{
  return web_cbor_reader_next (self->reader, item, error) &&
         (item->kind == kind || fail (self, error, "unexpected type"));
}

static gboolean
read_array (Validator *self, guint64 n_items, GError **error)
{
  WebCborItem item;

  return read_kind (self, WEB_CBOR_ARRAY, &item, error) &&
         (item.number == n_items || fail (self, error, "wrong array length"));
}

/* Returns %TRUE for UTF-8 that may also have surrogates in it. */
static gboolean
is_wtf8 (const char *text, gsize size)
{
  while (size > 0)
    {
      const char *end;

      if (g_utf8_validate_len (text, size, &end))
        return TRUE;

      size -= end - text;
      if (size > 0 && *end == '\0')
        {
          text = end + 1;
          size--;
        }
      else if (size >= 3 && (guchar)end[0] == 0xed && ((guchar)end[1] & 0xe0) == 0xa0 &&
               ((guchar)end[2] & 0xc0) == 0x80)
        {
          text = end + 3;
          size -= 3;
        }
      else
        {
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
is_utf8 (const char *text, gsize size)
{
  const char *end;

  /* g_utf8_validate_len() stops at a null character. */
  while (!g_utf8_validate_len (text, size, &end))
    {
      size -= end - text;
      if (size == 0 || *end != '\0')
        return FALSE;
      text = end + 1;
      size--;
    }

  return TRUE;
}

/* Validates the string that @item begins. */
static gboolean
validate_string_item (Validator *self, WebCborItem *item, GError **error)
{
  if (item->kind == WEB_CBOR_TEXT)
    return is_utf8 ((const char *)item->data, item->number) ||
           fail (self, error, "text that is not UTF-8");

  if (item->kind != WEB_CBOR_TAG || item->number != WEB_CBOR_TAG_WTF8)
    return fail (self, error, "not a string");

  return read_kind (self, WEB_CBOR_BYTES, item, error) &&
         (is_wtf8 ((const char *)item->data, item->number) ||
          fail (self, error, "text that is not WTF-8"));
}

static gboolean
validate_string (Validator *self, GError **error)
{
  WebCborItem item;

  return web_cbor_reader_next (self->reader, &item, error) &&
         validate_string_item (self, &item, error);
}

static gboolean
validate_number (Validator *self, GError **error)
{
  WebCborItem item;

  return web_cbor_reader_next (self->reader, &item, error) &&
         (item.kind == WEB_CBOR_UINT || item.kind == WEB_CBOR_NEGINT ||
          item.kind == WEB_CBOR_FLOAT || fail (self, error, "not a number"));
}

static gboolean
validate_bignum (Validator *self, GError **error)
{
  WebCborItem item;

  return web_cbor_reader_next (self->reader, &item, error) &&
         ((item.kind == WEB_CBOR_TAG && (item.number == WEB_CBOR_TAG_POSITIVE_BIGNUM ||
                                         item.number == WEB_CBOR_TAG_NEGATIVE_BIGNUM)) ||
          fail (self, error, "not a bignum")) &&
         read_kind (self, WEB_CBOR_BYTES, &item, error);
}

static gboolean
validate_boolean (Validator *self, GError **error)
{
  WebCborItem item;

  return read_kind (self, WEB_CBOR_BOOLEAN, &item, error);
}

static gboolean
validate_items (Validator *self, guint64 n_items, GError **error)
{
  guint64 i;

  for (i = 0; i < n_items; i++)
    if (!validate_value (self, error))
      return FALSE;

  return TRUE;
}

/* Validates what follows the head of an array, in which elements may be missing. */
static gboolean
validate_elements (Validator *self, guint64 n_elements, GError **error)
{
  guint64 i;

  for (i = 0; i < n_elements; i++)
    {
      WebCborReader ahead = *self->reader;
      WebCborItem   item;

      if (!web_cbor_reader_next (&ahead, &item, error))
        return FALSE;

      if (item.kind == WEB_CBOR_TAG && item.number == WEB_CBOR_TAG_HOLE)
        {
          *self->reader = ahead;
          if (!read_kind (self, WEB_CBOR_NULL, &item, error))
            return FALSE;
        }
      else if (!validate_value (self, error))
        {
          return FALSE;
        }
    }

  return TRUE;
}

/* Validates what follows the head of a map with @n_pairs strings and values. */
static gboolean
validate_pairs (Validator *self, guint64 n_pairs, GError **error)
{
  guint64 i;

  for (i = 0; i < n_pairs; i++)
    if (!validate_string (self, error) || !validate_value (self, error))
      return FALSE;

  return TRUE;
}

static gboolean
validate_members (Validator *self, GError **error)
{
  WebCborItem item;

  return read_kind (self, WEB_CBOR_MAP, &item, error) && validate_pairs (self, item.number, error);
}

/* Validates a byte array out of line. They come in order, so that a short message cannot mean the
 * same long one many times. */
static gboolean
validate_out_of_line (Validator *self, gsize *size, GError **error)
{
  WebCborItem item;

  if (!read_kind (self, WEB_CBOR_UINT, &item, error))
    return FALSE;
  if (item.number != self->next_buffer || item.number >= self->buffers->len)
    return fail (self, error, "reference to a missing byte array");

  *size = g_bytes_get_size (g_ptr_array_index (self->buffers, self->next_buffer++));

  return TRUE;
}

static gboolean validate_resizable (Validator *self, gsize *size, GError **error);

static gboolean
is_buffer (const WebCborItem *item)
{
  return item->kind == WEB_CBOR_BYTES ||
         (item->kind == WEB_CBOR_TAG &&
          (item->number == WEB_CBOR_TAG_BUFFER || item->number == WEB_CBOR_TAG_RESIZABLE));
}

/* Validates the byte array that @item begins. */
static gboolean
validate_buffer_item (Validator *self, const WebCborItem *item, gsize *size, GError **error)
{
  if (!is_buffer (item))
    return fail (self, error, "not a byte array");

  if (item->kind == WEB_CBOR_TAG)
    return item->number == WEB_CBOR_TAG_BUFFER ? validate_out_of_line (self, size, error)
                                               : validate_resizable (self, size, error);

  *size = item->number;

  return TRUE;
}

static gboolean
validate_resizable (Validator *self, gsize *size, GError **error)
{
  WebCborItem item;

  if (!read_array (self, 2, error) || !web_cbor_reader_next (self->reader, &item, error))
    return FALSE;
  if (item.kind == WEB_CBOR_TAG && item.number == WEB_CBOR_TAG_RESIZABLE)
    return fail (self, error, "resizable byte array in another one");

  return validate_buffer_item (self, &item, size, error) &&
         read_kind (self, WEB_CBOR_UINT, &item, error) &&
         (item.number >= *size || fail (self, error, "byte array longer than its maximum"));
}

static gboolean
validate_shareable (Validator *self, GError **error)
{
  const gsize   no_buffer = NO_BUFFER;
  const guint   index = self->shared->len;
  WebCborReader ahead = *self->reader;
  WebCborItem   item;
  gsize         size;
  gboolean      valid;

  g_array_append_val (self->shared, no_buffer);
  if (!web_cbor_reader_next (&ahead, &item, error))
    return FALSE;

  if (is_buffer (&item))
    {
      *self->reader = ahead;
      if (!validate_buffer_item (self, &item, &size, error))
        return FALSE;
      g_array_index (self->shared, gsize, index) = size;
      return TRUE;
    }

  if (item.kind == WEB_CBOR_TAG &&
      (item.number == WEB_CBOR_TAG_SHAREABLE || item.number == WEB_CBOR_TAG_REFERENCE))
    return fail (self, error, "mark without a value");

  /* The mark is not a level of its own: whoever writes the value knows only later that it is
   * shared. */
  self->depth--;
  valid = validate_value (self, error);
  self->depth++;

  return valid;
}

static gboolean
validate_reference (Validator *self, guint *index, GError **error)
{
  WebCborItem item;

  if (!read_kind (self, WEB_CBOR_UINT, &item, error))
    return FALSE;
  if (item.number >= self->shared->len)
    return fail (self, error, "dangling reference");

  *index = item.number;

  return TRUE;
}

/* Validates the byte array of a view, which it may share with others. */
static gboolean
validate_buffer (Validator *self, gsize *size, GError **error)
{
  guint       index = self->shared->len;
  WebCborItem item;

  if (!web_cbor_reader_next (self->reader, &item, error))
    return FALSE;

  if (item.kind == WEB_CBOR_TAG && item.number == WEB_CBOR_TAG_SHAREABLE)
    {
      if (!validate_shareable (self, error))
        return FALSE;
    }
  else if (item.kind == WEB_CBOR_TAG && item.number == WEB_CBOR_TAG_REFERENCE)
    {
      if (!validate_reference (self, &index, error))
        return FALSE;
    }
  else
    {
      return validate_buffer_item (self, &item, size, error);
    }

  *size = g_array_index (self->shared, gsize, index);

  return *size != NO_BUFFER || fail (self, error, "view of something other than a byte array");
}

static gboolean
validate_typed_array (Validator *self, gsize element_size, GError **error)
{
  gsize size;

  return validate_buffer (self, &size, error) &&
         (size % element_size == 0 || fail (self, error, "typed array with half an element"));
}

static gboolean
validate_view (Validator *self, GError **error)
{
  WebCborItem kind, offset, length;
  gsize       size, element_size;

  if (!read_array (self, 4, error) || !read_kind (self, WEB_CBOR_UINT, &kind, error) ||
      !validate_buffer (self, &size, error) || !read_kind (self, WEB_CBOR_UINT, &offset, error) ||
      !web_cbor_reader_next (self->reader, &length, error))
    return FALSE;

  /* 0 for a DataView */
  element_size = kind.number == 0 ? 1 : web_cbor_get_element_size (kind.number);
  if (element_size == 0)
    return fail (self, error, "view of an unknown type");
  if (offset.number > size || offset.number % element_size != 0)
    return fail (self, error, "view that begins outside of its byte array");
  if (length.kind == WEB_CBOR_NULL)
    return TRUE;

  return (length.kind == WEB_CBOR_UINT && length.number <= (size - offset.number) / element_size) ||
         fail (self, error, "view that ends outside of its byte array");
}

static gboolean
validate_sparse (Validator *self, GError **error)
{
  WebCborItem length, item;
  guint64     i, n_members;

  if (!read_array (self, 2, error) || !read_kind (self, WEB_CBOR_UINT, &length, error) ||
      !read_kind (self, WEB_CBOR_MAP, &item, error))
    return FALSE;
  if (length.number > G_MAXUINT32)
    return fail (self, error, "array length out of range");

  n_members = item.number;
  for (i = 0; i < n_members; i++)
    {
      if (!web_cbor_reader_next (self->reader, &item, error))
        return FALSE;
      if (item.kind == WEB_CBOR_UINT)
        {
          if (item.number >= length.number)
            return fail (self, error, "array index out of range");
        }
      else if (!validate_string_item (self, &item, error))
        {
          return FALSE;
        }
      if (!validate_value (self, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
validate_regexp (Validator *self, GError **error)
{
  WebCborItem item;

  return read_kind (self, WEB_CBOR_ARRAY, &item, error) &&
         (item.number == 1 || item.number == 2 || fail (self, error, "wrong array length")) &&
         validate_string (self, error) && (item.number == 1 || validate_string (self, error));
}

static gboolean
validate_object (Validator *self, GError **error)
{
  static const struct
  {
    const char *name;
    gboolean (*validate) (Validator *self, GError **error);
  } types[] = {
    { "Boolean", validate_boolean },     { "Number", validate_number },
    { "String", validate_string },       { "BigInt", validate_bignum },
    { "Error", validate_members },       { "EvalError", validate_members },
    { "RangeError", validate_members },  { "ReferenceError", validate_members },
    { "SyntaxError", validate_members }, { "TypeError", validate_members },
    { "URIError", validate_members },    { "DOMException", validate_members },
  };
  WebCborItem item;
  gsize       i;

  if (!read_array (self, 2, error) || !read_kind (self, WEB_CBOR_TEXT, &item, error))
    return FALSE;

  for (i = 0; i < G_N_ELEMENTS (types); i++)
    if (strlen (types[i].name) == item.number &&
        memcmp (types[i].name, item.data, item.number) == 0)
      return types[i].validate (self, error);

  return fail (self, error, "object of an unknown type");
}

static gboolean
validate_record (Validator *self, GError **error)
{
  return read_array (self, 2, error) && validate_string (self, error) &&
         validate_members (self, error);
}

static gboolean
validate_tag (Validator *self, guint64 tag, GError **error)
{
  WebCborItem item;
  guint       index;
  gsize       size;

  switch (tag)
    {
    case WEB_CBOR_TAG_EPOCH_TIME:
      return validate_number (self, error);

    case WEB_CBOR_TAG_POSITIVE_BIGNUM:
    case WEB_CBOR_TAG_NEGATIVE_BIGNUM:
      return read_kind (self, WEB_CBOR_BYTES, &item, error);

    case WEB_CBOR_TAG_OBJECT:
      return validate_object (self, error);

    case WEB_CBOR_TAG_SHAREABLE:
      return validate_shareable (self, error);

    case WEB_CBOR_TAG_REFERENCE:
      return validate_reference (self, &index, error);

    case WEB_CBOR_TAG_SET:
      return read_kind (self, WEB_CBOR_ARRAY, &item, error) &&
             validate_items (self, item.number, error);

    case WEB_CBOR_TAG_MAP:
      return read_kind (self, WEB_CBOR_MAP, &item, error) &&
             validate_items (self, item.number * 2, error);

    case WEB_CBOR_TAG_WTF8:
      item.kind = WEB_CBOR_TAG;
      item.number = tag;
      return validate_string_item (self, &item, error);

    case WEB_CBOR_TAG_REGEXP:
      return validate_regexp (self, error);

    case WEB_CBOR_TAG_HANDLE:
      return read_kind (self, WEB_CBOR_UINT, &item, error) &&
             (item.number < self->n_handles || fail (self, error, "handle without an object"));

    case WEB_CBOR_TAG_BUFFER:
      return validate_out_of_line (self, &size, error);

    case WEB_CBOR_TAG_RESIZABLE:
      return validate_resizable (self, &size, error);

    case WEB_CBOR_TAG_VIEW:
      return validate_view (self, error);

    case WEB_CBOR_TAG_SPARSE:
      return validate_sparse (self, error);

    case WEB_CBOR_TAG_RECORD:
      return validate_record (self, error);

    default:
      size = web_cbor_get_element_size (tag);
      return size > 0 ? validate_typed_array (self, size, error)
                      : fail (self, error, "unknown tag");
    }
}

static gboolean
validate_value (Validator *self, GError **error)
{
  WebCborItem item;
  gboolean    valid = TRUE;

  if (!web_cbor_reader_next (self->reader, &item, error))
    return FALSE;
  if (self->depth == WEB_CBOR_MAX_DEPTH)
    return fail (self, error, "values nested too deeply");

  self->depth++;
  switch (item.kind)
    {
    case WEB_CBOR_TEXT:
      valid = validate_string_item (self, &item, error);
      break;
    case WEB_CBOR_ARRAY:
      valid = validate_elements (self, item.number, error);
      break;
    case WEB_CBOR_MAP:
      valid = validate_pairs (self, item.number, error);
      break;
    case WEB_CBOR_TAG:
      valid = validate_tag (self, item.number, error);
      break;
    case WEB_CBOR_UINT:
    case WEB_CBOR_NEGINT:
    case WEB_CBOR_BYTES:
    case WEB_CBOR_BOOLEAN:
    case WEB_CBOR_NULL:
    case WEB_CBOR_UNDEFINED:
    case WEB_CBOR_FLOAT:
    case WEB_CBOR_OTHER:
    default:
      break;
    }
  self->depth--;

  return valid;
}

/*
 * web_cbor_validate:
 * @reader: at the beginning of the value; is moved to its end
 * @buffers: (element-type GBytes): the byte arrays out of line
 * @n_handles: the number of objects that come with the value
 *
 * Returns: %TRUE if the value is one that every language can try to read
 */
gboolean
web_cbor_validate (WebCborReader *reader, GPtrArray *buffers, gsize n_handles, GError **error)
{
  g_autoptr (GArray) shared = g_array_new (FALSE, FALSE, sizeof (gsize));
  Validator self = {
    .reader = reader,
    .buffers = buffers,
    .n_handles = n_handles,
    .shared = shared,
  };

  return validate_value (&self, error);
}
