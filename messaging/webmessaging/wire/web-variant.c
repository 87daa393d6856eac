/* web-variant.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "web-error.h"
#include "web-variant-private.h"

/* GLib reads large values in bytes slowly: each child costs an allocation and, until GLib trusts
 * the bytes, the time to read the offsets of all children before it. */

/* GVariant itself reads nothing that is nested more deeply. */
#define MAX_DEPTH 128

/* A container with fewer children is not worth a second look. */
#define MANY_CHILDREN 16

/* Returns %TRUE if @value is a container with many children, in bytes. A tree of GVariants returns
 * the same child each time; bytes return a new one. */
static gboolean
is_many_in_bytes (GVariant *value)
{
  g_autoptr (GVariant) child = NULL;
  g_autoptr (GVariant) again = NULL;

  if (!g_variant_is_container (value) || g_variant_n_children (value) < MANY_CHILDREN)
    return FALSE;

  child = g_variant_get_child_value (value, 0);
  again = g_variant_get_child_value (value, 0);

  return child != again;
}

typedef struct
{
  gsize   n_handles;
  GError *error;
} Checker;

static gboolean
fail (Checker *self, const char *message)
{
  g_set_error_literal (&self->error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE, message);
  return FALSE;
}

static gboolean
check_handle (Checker *self, gint32 handle)
{
  if (handle >= 0 && (gsize)handle < self->n_handles)
    return TRUE;

  g_set_error (&self->error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
               "GVariant could not be cloned: handle %d is out of range, the transfer list has "
               "%" G_GSIZE_FORMAT " objects",
               handle, self->n_handles);
  return FALSE;
}

/* Types are read as strings, in which the type of a member is not followed by a null byte. */

static const char *
skip_type (const char *type)
{
  guint n_open = 0;

  do
    {
      while (*type == 'a' || *type == 'm')
        type++;
      if (*type == '(' || *type == '{')
        n_open++;
      else if (*type == ')' || *type == '}')
        n_open--;
      type++;
    }
  while (n_open > 0);

  return type;
}

/* Returns %TRUE if values of this type, whose depth is @depth, have no handle in them and end
 * before the maximal depth. */
static gboolean
is_harmless (const char *type, const char *end, guint depth)
{
  const gsize length = end - type;

  for (; type < end; type++)
    if (*type == 'v' || *type == 'h')
      return FALSE;

  return depth + length <= MAX_DEPTH;
}

/* One way to read a value is from its bytes, whose form is in the GVariant specification. */

typedef struct
{
  const guint8 *data; /* borrowed */
  gsize         size;
} Span;

typedef struct
{
  gsize alignment;
  gsize size; /* 0 if values of the type differ in size */
} Layout;

static gboolean check_span (Checker *self, const char *type, Span span, guint depth);

static gsize
align (gsize offset, gsize alignment)
{
  return (offset + alignment - 1) / alignment * alignment;
}

static Layout
get_layout (const char *type)
{
  Layout layout = { 1, 0 };

  switch (*type)
    {
    case 'y':
    case 'b':
      return (Layout){ 1, 1 };
    case 'n':
    case 'q':
      return (Layout){ 2, 2 };
    case 'i':
    case 'u':
    case 'h':
      return (Layout){ 4, 4 };
    case 'x':
    case 't':
    case 'd':
      return (Layout){ 8, 8 };
    case 'v':
      return (Layout){ 8, 0 };
    case 'a':
    case 'm':
      layout.alignment = get_layout (type + 1).alignment;
      return layout;
    case '(':
    case '{':
      {
        gboolean is_fixed = TRUE;
        gsize    size = 0;

        for (type++; *type != ')' && *type != '}'; type = skip_type (type))
          {
            Layout member = get_layout (type);

            layout.alignment = MAX (layout.alignment, member.alignment);
            is_fixed = is_fixed && member.size > 0;
            size = align (size, member.alignment) + member.size;
          }
        if (is_fixed)
          layout.size = size == 0 ? 1 : align (size, layout.alignment);
        return layout;
      }
    default: /* a string */
      return layout;
    }
}

/* How many bytes an offset takes in a container of @size bytes. */
static gsize
get_offset_size (gsize size)
{
  return size <= G_MAXUINT8 ? 1 : size <= G_MAXUINT16 ? 2 : size <= G_MAXUINT32 ? 4 : 8;
}

static gboolean
read_offset (Span span, gsize position, gsize offset_size, gsize *offset)
{
  guint64 little = 0;

  if (position > span.size || span.size - position < offset_size)
    return FALSE;

  memcpy (&little, span.data + position, offset_size);
  *offset = GUINT64_FROM_LE (little);

  return *offset <= span.size;
}

static gboolean
check_part (Checker *self, const char *type, Span span, gsize start, gsize end, guint depth)
{
  if (start > end || end > span.size)
    return fail (self, "GVariant could not be cloned: it is not in normal form");

  return check_span (self, type, (Span){ span.data + start, end - start }, depth);
}

static gboolean
check_array_span (Checker *self, const char *type, Span span, guint depth)
{
  const Layout layout = get_layout (type);
  const gsize  offset_size = get_offset_size (span.size);
  gsize        offsets, position;
  gsize        start = 0;

  if (span.size == 0)
    return TRUE;

  if (layout.size > 0)
    {
      for (start = 0; start < span.size; start += layout.size)
        if (!check_part (self, type, span, start, start + layout.size, depth))
          return FALSE;
      return TRUE;
    }

  if (!read_offset (span, span.size - offset_size, offset_size, &offsets))
    return fail (self, "GVariant could not be cloned: it is not in normal form");
  for (position = offsets; position < span.size; position += offset_size)
    {
      gsize end;

      if (!read_offset (span, position, offset_size, &end))
        return fail (self, "GVariant could not be cloned: it is not in normal form");
      if (!check_part (self, type, span, align (start, layout.alignment), end, depth))
        return FALSE;
      start = end;
    }

  return TRUE;
}

static gboolean
check_tuple_span (Checker *self, const char *type, Span span, guint depth)
{
  const gsize offset_size = get_offset_size (span.size);
  gsize       offsets = span.size; /* where those begin that have been read */
  gsize       start = 0;

  while (*type != ')' && *type != '}')
    {
      const Layout      layout = get_layout (type);
      const char *const next = skip_type (type);
      gsize             end;

      start = align (start, layout.alignment);
      if (layout.size > 0)
        {
          end = start + layout.size;
        }
      else if (*next == ')' || *next == '}')
        {
          end = offsets;
        }
      else
        {
          if (offsets < offset_size ||
              !read_offset (span, offsets - offset_size, offset_size, &end))
            return fail (self, "GVariant could not be cloned: it is not in normal form");
          offsets -= offset_size;
        }

      if (!is_harmless (type, next, depth) && !check_part (self, type, span, start, end, depth))
        return FALSE;
      start = end;
      type = next;
    }

  return TRUE;
}

static gboolean
check_maybe_span (Checker *self, const char *type, Span span, guint depth)
{
  if (span.size == 0)
    return TRUE;
  if (get_layout (type).size == 0)
    span.size--;

  return check_span (self, type, span, depth);
}

static gboolean
check_variant_span (Checker *self, Span span, guint depth)
{
  const guint8 *end = memrchr (span.data, '\0', span.size);
  const char   *type;

  if (end == NULL)
    return fail (self, "GVariant could not be cloned: it is not in normal form");

  type = (const char *)end + 1;
  if (is_harmless (type, (const char *)span.data + span.size, depth))
    return TRUE;

  return check_span (self, type, (Span){ span.data, end - span.data }, depth);
}

static gboolean
check_span (Checker *self, const char *type, Span span, guint depth)
{
  if (depth >= MAX_DEPTH)
    return fail (self, "GVariant could not be cloned: it is nested too deeply");

  switch (*type)
    {
    case 'h':
      {
        gint32 handle;

        memcpy (&handle, span.data, sizeof handle);
        return check_handle (self, handle);
      }
    case 'v':
      return check_variant_span (self, span, depth + 1);
    case 'a':
      return check_array_span (self, type + 1, span, depth + 1);
    case 'm':
      return check_maybe_span (self, type + 1, span, depth + 1);
    case '(':
    case '{':
      return check_tuple_span (self, type + 1, span, depth + 1);
    default:
      return TRUE;
    }
}

/* The other way makes a GVariant of each child that may have a handle in it. */

static gboolean check_value (Checker *self, GVariant *value, guint depth);

static gboolean
check_child (Checker *self, GVariant *value, gsize index, guint depth)
{
  g_autoptr (GVariant) child = g_variant_get_child_value (value, index);

  return check_value (self, child, depth);
}

static gboolean
check_children (Checker *self, GVariant *value, guint depth)
{
  gsize n_children = g_variant_n_children (value);
  gsize i;

  for (i = 0; i < n_children; i++)
    if (!check_child (self, value, i, depth))
      return FALSE;

  return TRUE;
}

static gboolean
check_members (Checker *self, GVariant *value, const char *type, guint depth)
{
  gsize i;

  for (i = 0; *type != ')' && *type != '}'; i++)
    {
      const char *next = skip_type (type);

      if (!is_harmless (type, next, depth) && !check_child (self, value, i, depth))
        return FALSE;
      type = next;
    }

  return TRUE;
}

static gboolean
check_bytes (Checker *self, GVariant *value, const char *type, guint depth)
{
  Span span = { g_variant_get_data (value), g_variant_get_size (value) };

  return check_span (self, type, span, depth);
}

static gboolean
check_value (Checker *self, GVariant *value, guint depth)
{
  const char *type = g_variant_get_type_string (value);

  if (is_harmless (type, type + strlen (type), depth))
    return TRUE;
  if (depth >= MAX_DEPTH)
    return fail (self, "GVariant could not be cloned: it is nested too deeply");

  switch (*type)
    {
    case 'h':
      return check_handle (self, g_variant_get_handle (value));
    case 'v':
      return check_child (self, value, 0, depth + 1);
    case 'm':
      return check_children (self, value, depth + 1);
    case '{':
      return check_members (self, value, type + 1, depth + 1);
    case '(':
      return is_many_in_bytes (value) ? check_bytes (self, value, type, depth)
                                      : check_members (self, value, type + 1, depth + 1);
    case 'a':
      return type[1] == 'h' || is_many_in_bytes (value) ? check_bytes (self, value, type, depth)
                                                        : check_children (self, value, depth + 1);
    default:
      return TRUE;
    }
}

/* Returns %TRUE if a value is in normal form. All bytes are, in an array of numbers; GLib would
 * look at each of them. */
static gboolean
is_normal (GVariant *value)
{
  const char *type = g_variant_get_type_string (value);
  gboolean    is_array_of_numbers =
    type[0] == 'a' && strchr ("ynqiuxthd", type[1]) != NULL && type[2] == '\0';

  return (is_array_of_numbers && g_variant_get_size (value) % get_layout (type + 1).size == 0) ||
         g_variant_is_normal_form (value);
}

/*
 * web_variant_ref_trusted:
 * @value: a value in normal form
 *
 * Gets a value whose children can be read in linear time. GLib does not trust bytes only because
 * they passed g_variant_is_normal_form().
 *
 * Returns: (transfer full): the same value
 */
GVariant *
web_variant_ref_trusted (GVariant *value)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!is_many_in_bytes (value))
    return g_variant_ref (value);

  bytes = g_variant_get_data_as_bytes (value);

  return g_variant_ref_sink (g_variant_new_from_bytes (g_variant_get_type (value), bytes, TRUE));
}

/*
 * web_variant_check:
 *
 * Returns: %TRUE if a value can be sent: it is in normal form, is not nested more deeply than a
 *   receiver of bytes accepts, and every handle in it stands for one of @n_handles objects
 */
gboolean
web_variant_check (GVariant *value, gsize n_handles, GError **error)
{
  Checker checker = { .n_handles = n_handles };

  if (!is_normal (value))
    fail (&checker, "GVariant could not be cloned: it is not in normal form");
  else if (check_value (&checker, value, 0))
    return TRUE;

  g_propagate_error (error, checker.error);

  return FALSE;
}

/* Returns %TRUE if this is text without zero bytes. Most is ASCII, which a compiler looks through
 * in steps of many bytes, as long as nothing ends the loop early: only 0 and what is not ASCII sets
 * the highest bit. */
static gboolean
is_text (const guint8 *data, gsize size)
{
  guint8 bits = 0;
  gsize  i;

  for (i = 0; i < size; i++)
    bits |= data[i] | (data[i] - 1);

  return bits < 0x80 || g_utf8_validate_len ((const char *)data, size, NULL);
}

/* Returns %TRUE if the bytes surely are a value in normal form, which is quickly found out for a
 * number or a string. */
static gboolean
is_simple (const char *type, const guint8 *data, gsize size)
{
  if (type[1] != '\0')
    return FALSE;

  switch (*type)
    {
    case 'b':
      return size == 1 && *data <= 1;
    case 'y':
    case 'n':
    case 'q':
    case 'i':
    case 'u':
    case 'x':
    case 't':
    case 'd':
      return size == get_layout (type).size;
    case 's':
      return size > 0 && data[size - 1] == '\0' && is_text (data, size - 1);
    default:
      return FALSE;
    }
}

/* Up to this size a value is quick to look through, however often. */
#define SMALL_SIZE 512

/*
 * web_variant_new_from_bytes:
 * @type: a type string that is valid and definite
 *
 * Returns: (nullable): a value that GLib trusts, %NULL if @bytes are not in normal form
 */
GVariant *
web_variant_new_from_bytes (const char *type, GBytes *bytes)
{
  const GVariantType *variant_type = (const GVariantType *)type;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GBytes) aligned = NULL;
  gsize         size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (is_simple (type, data, size))
    return g_variant_ref_sink (g_variant_new_from_bytes (variant_type, bytes, TRUE));

  variant = g_variant_ref_sink (g_variant_new_from_bytes (variant_type, bytes, FALSE));

  /* GLib trusts what it has found in normal form, but looks for the members of a long one each
   * time. */
  if (size <= SMALL_SIZE)
    return g_variant_is_normal_form (variant) ? g_steal_pointer (&variant) : NULL;

  if (!is_normal (variant))
    return NULL;

  aligned = g_variant_get_data_as_bytes (variant);

  return g_variant_ref_sink (g_variant_new_from_bytes (variant_type, aligned, TRUE));
}

/*
 * web_variant_new_simple:
 * @letter: a type of one letter, or any other character
 *
 * Makes a number or a string, as web_variant_new_from_bytes() does. What it makes passes
 * web_variant_check().
 *
 * Returns: (nullable): a value, %NULL if it is of another type or not in normal form
 */
GVariant *
web_variant_new_simple (char letter, const guint8 *data, gsize size)
{
  const char type[] = { letter, '\0' };
  g_autoptr (GBytes) bytes = NULL;

  if (!is_simple (type, data, size))
    return NULL;

  bytes = g_bytes_new (data, size);

  return g_variant_ref_sink (g_variant_new_from_bytes ((const GVariantType *)type, bytes, TRUE));
}
