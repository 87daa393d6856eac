/* wire-format.h: the examples of docs/wire-format.md
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <string.h>

typedef void (*WireExampleFunc) (const char *kind, GHashTable *fields, gpointer user_data);

/* The bytes that a text of hexadecimal digits and spaces stands for; %NULL stands for none. */
static inline GBytes *
wire_example_to_bytes (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  while (hex != NULL && *hex != '\0')
    {
      guint8 byte;

      if (*hex == ' ')
        {
          hex++;
          continue;
        }
      byte = g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]);
      g_byte_array_append (bytes, &byte, 1);
      hex += 2;
    }

  return g_byte_array_free_to_bytes (bytes);
}

/* Calls @func with each example of a file. */
static inline void
wire_examples_foreach (const char *path, WireExampleFunc func, gpointer user_data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GHashTable) fields = NULL;
  g_autoptr (GError) error = NULL;
  const char *kind = NULL;
  guint       i;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);

  lines = g_strsplit (text, "\n", -1);
  for (i = 0; lines[i] != NULL; i++)
    {
      if (kind == NULL)
        {
          if (g_str_equal (lines[i], "```example") || g_str_equal (lines[i], "```message"))
            {
              kind = lines[i] + 3;
              fields = g_hash_table_new (g_str_hash, g_str_equal);
            }
        }
      else if (g_str_equal (lines[i], "```"))
        {
          func (kind, fields, user_data);
          g_clear_pointer (&fields, g_hash_table_unref);
          kind = NULL;
        }
      else
        {
          char *value = strchr (lines[i], ' ');

          *value++ = '\0';
          g_hash_table_insert (fields, lines[i], g_strstrip (value));
        }
    }
}
