/* web-jsc-utf8.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-jsc-utf8-private.h"

#include <string.h>

/*
 * web_jsc_utf8_is_valid:
 *
 * Returns: %TRUE for UTF-8. Unlike g_utf8_validate_len(), it takes U+0000 for a character.
 */
gboolean
web_jsc_utf8_is_valid (GBytes *bytes)
{
  gsize       size;
  const char *text = g_bytes_get_data (bytes, &size);
  const char *end = text + size;

  while (text < end)
    {
      const char *zero = memchr (text, '\0', end - text);
      const char *stop = zero != NULL ? zero : end;

      if (!g_utf8_validate_len (text, stop - text, NULL))
        return FALSE;
      text = stop + 1;
    }

  return TRUE;
}

/* Encoding, #utf-8-decoder. Returns how many bytes are a character, or are replaced together. */
static gsize
measure_character (const guint8 *text, gsize size, gboolean *is_valid)
{
  const guint8 lead = text[0];
  const gsize  length = lead < 0x80                   ? 1
                        : lead < 0xc2 || lead >= 0xf5 ? 0
                        : lead < 0xe0                 ? 2
                        : lead < 0xf0                 ? 3
                                                      : 4;
  guint8       lower = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  guint8       upper = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  gsize        i;

  *is_valid = FALSE;
  for (i = 1; i < length; i++)
    {
      if (i == size || text[i] < lower || text[i] > upper)
        return i;
      lower = 0x80;
      upper = 0xbf;
    }
  *is_valid = length > 0;

  return i;
}

/*
 * web_jsc_utf8_make_valid:
 *
 * Encoding, #utf-8-decode.
 *
 * Returns: (transfer full): the bytes, with U+FFFD for what is not UTF-8
 */
GBytes *
web_jsc_utf8_make_valid (GBytes *bytes)
{
  GString    *decoded;
  gsize       i, length, size;
  const char *text = g_bytes_get_data (bytes, &size);

  if (web_jsc_utf8_is_valid (bytes))
    return g_bytes_ref (bytes);

  decoded = g_string_sized_new (size);
  for (i = 0; i < size; i += length)
    {
      gboolean is_valid;

      length = measure_character ((const guint8 *)text + i, size - i, &is_valid);
      if (is_valid)
        g_string_append_len (decoded, text + i, length);
      else
        g_string_append (decoded, "\357\277\275");
    }

  return g_string_free_to_bytes (decoded);
}
