/* test-cbor.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-test.h"
#include <webmessaging/bindings/web-private.h>
#include "wire-format.h"

static WebSerializedData *
new_for_cbor (GBytes *cbor, GBytes *buffer, gboolean has_handle)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (GError) error = NULL;
  WebSerializedData *data;

  web_test_channel (&port1, &port2);
  data =
    web_private_serialize_cbor (cbor, &buffer, buffer != NULL ? 1 : 0, (WebTransferable **)&port1,
                                has_handle ? 1 : 0, NULL, 0, &error);
  g_assert_no_error (error);

  return data;
}

static WebSerializedData *
new_for_hex (const char *hex)
{
  g_autoptr (GBytes) cbor = wire_example_to_bytes (hex);

  return new_for_cbor (cbor, NULL, FALSE);
}

static void
assert_reads_as (WebSerializedData *data, const char *expected)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = web_test_get_value (data, &error);

  if (g_str_equal (expected, "DataCloneError"))
    {
      g_assert_null (value);
      web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
    }
  else
    {
      g_autoptr (GVariant) parsed = NULL;
      g_autofree char *text = NULL;
      g_autofree char *expected_text = NULL;

      g_assert_no_error (error);
      parsed = g_variant_parse (NULL, expected, NULL, NULL, &error);
      g_assert_no_error (error);
      text = g_variant_print (value, TRUE);
      expected_text = g_variant_print (parsed, TRUE);
      g_assert_cmpstr (text, ==, expected_text);
    }
}

static void
assert_writes (const char *text, GBytes *cbor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_parse (NULL, text, NULL, NULL, &error);
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  GBytes *written;

  g_assert_no_error (error);
  web_test_channel (&port1, &port2);
  data = web_serialized_data_new (value, (WebTransferable **)&port1, 1, NULL, 0, &error);
  g_assert_no_error (error);
  written = web_private_get_cbor (data);
  g_assert_cmpmem (g_bytes_get_data (written, NULL), g_bytes_get_size (written),
                   g_bytes_get_data (cbor, NULL), g_bytes_get_size (cbor));
}

static void
check_example (const char *kind, GHashTable *fields, gpointer user_data)
{
  g_autoptr (GBytes) bytes = wire_example_to_bytes (g_hash_table_lookup (fields, "hex"));
  const char *buffer_hex = g_hash_table_lookup (fields, "buffers");
  const char *text = g_hash_table_lookup (fields, "GVariant");
  guint      *n_checked = user_data;
  gboolean    reads = TRUE;
  gboolean    writes = TRUE;

  if (text == NULL)
    return;

  (*n_checked)++;
  g_test_message ("%s", text);
  if (g_str_has_prefix (text, "<- "))
    writes = FALSE;
  else if (g_str_has_prefix (text, "-> "))
    reads = FALSE;
  if (!reads || !writes)
    text += 3;

  if (g_str_equal (kind, "message"))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WebSerializedData) data = web_serialized_data_new_from_bytes (bytes, &error);
      g_autoptr (GBytes) again = NULL;

      g_assert_no_error (error);
      assert_reads_as (data, text);
      again = web_serialized_data_to_bytes (data, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (again, bytes));
      return;
    }

  if (reads)
    {
      g_autoptr (GBytes) buffer = buffer_hex != NULL ? wire_example_to_bytes (buffer_hex) : NULL;
      g_autoptr (WebSerializedData) data =
        new_for_cbor (bytes, buffer, g_hash_table_contains (fields, "handles"));

      assert_reads_as (data, text);
    }
  if (writes && !g_str_equal (text, "DataCloneError"))
    assert_writes (text, bytes);
}

static void
test_examples (void)
{
  guint n_checked = 0;

  wire_examples_foreach (WIRE_FORMAT, check_example, &n_checked);
  g_assert_cmpuint (n_checked, >, 30);
}

/* Each is rejected as a value. */
static const char *const damaged[] = {
  "",                                             /* nothing */
  "01 01",                                        /* two values */
  "61",                                           /* a text that ends too early */
  "61 ff",                                        /* not UTF-8 */
  "63 ed a0 80",                                  /* a surrogate in UTF-8 */
  "7b ff ff ff ff ff ff ff ff",                   /* an impossible length */
  "82 01",                                        /* an element is missing */
  "9b 00 00 00 ff ff ff ff ff",                   /* more elements than bytes */
  "bb 7f ff ff ff ff ff ff ff",                   /* more members than bytes */
  "a1 01 02",                                     /* a key that is not a string */
  "9f 01 ff",                                     /* of indefinite length */
  "5f 41 00 ff",                                  /* the same, of bytes */
  "7f 61 61 ff",                                  /* the same, of text */
  "ff",                                           /* an end without a beginning */
  "e0",                                           /* a simple value of no meaning */
  "f8 20",                                        /* another one */
  "fc",                                           /* reserved */
  "c0 61 30",                                     /* a tag that is not ours */
  "d8 25 41 00",                                  /* another one */
  "c1 61 30",                                     /* a date that is text */
  "c2 01",                                        /* a bignum that is a number */
  "d8 1b 80",                                     /* an object without a type */
  "d8 1b 82 61 58 01",                            /* of an unknown type */
  "d8 1b 82 67 42 6f 6f 6c 65 61 6e 01",          /* a Boolean that is a number */
  "d8 1b 82 65 45 72 72 6f 72 01",                /* an Error without members */
  "d8 1b 82 66 42 69 67 49 6e 74 01",             /* a BigInt that is a number */
  "d8 1c d8 1c 80",                               /* marked twice */
  "d8 1d 00",                                     /* a reference to nothing */
  "82 d8 1c 80 d8 1d 01",                         /* another one */
  "82 d8 1c 80 d8 1d 20",                         /* a negative one */
  "d9 01 02 a0",                                  /* a set that is a map */
  "d9 01 03 80",                                  /* a map that is an array */
  "d9 01 11 61 61",                               /* WTF-8 that is text */
  "d9 01 11 41 ff",                               /* bytes that are not WTF-8 */
  "d9 52 4a 80",                                  /* a regular expression without a source */
  "d9 52 4a 81 01",                               /* one of a number */
  "d8 45 41 00",                                  /* half an element */
  "d8 45 82 01 02",                               /* elements that are not bytes */
  "82 d8 1c 80 d8 40 d8 1d 00",                   /* a view of an array */
  "d8 40 d8 1c 80",                               /* another one */
  "da 57 45 42 00 00",                            /* a handle of no object */
  "da 57 45 42 01 00",                            /* bytes that are not there */
  "da 57 45 42 02 84 00 41 00 02 00",             /* a view that begins behind its bytes */
  "da 57 45 42 02 84 00 41 00 00 02",             /* one that ends there */
  "da 57 45 42 02 84 18 45 42 00 00 01 00",       /* one that begins in the middle of an element */
  "da 57 45 42 02 84 01 41 00 00 01",             /* one of an unknown type */
  "da 57 45 42 02 83 00 41 00 00",                /* one without a length */
  "da 57 45 42 03 82 42 00 00 01",                /* bytes beyond their maximum */
  "da 57 45 42 03 82 da 57 45 42 03 82 40 00 00", /* one resizable in another one */
  "da 57 45 42 04 82 01 a1 01 00",                /* an element behind the end */
  "da 57 45 42 04 82 1b 00 00 00 01 00 00 00 00 a0", /* an array that is too long */
  "da 57 45 42 05 82 01 a0",                         /* a record without a name */
  "81 da 57 45 42 06 82 61 73 41 00",                /* a GVariant in the middle */
  "da 57 45 42 07 83 80 80 01",                      /* a message in the middle */
  "da 57 45 42 08 f6",                               /* a hole outside of an array */
  "81 da 57 45 42 08 f5",                            /* a hole around something */
};

static void
test_damaged (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (WebSerializedData) data = new_for_hex (damaged[i]);
      g_autoptr (GBytes) message = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", damaged[i]);
      g_assert_null (web_test_get_value (data, &error));
      web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

      message = web_serialized_data_to_bytes (data, &error);
      g_assert_no_error (error);
      g_assert_null (web_serialized_data_new_from_bytes (message, &error));
      web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
    }
}

static void
test_damaged_messages (void)
{
  const char *const messages[] = {
    "",
    "01",                                                    /* no tag */
    "d8 1b 82 80 80",                                        /* another tag */
    "da 57 45 42 07 81 80",                                  /* no objects */
    "da 57 45 42 07 84 80 80 01 01",                         /* too many parts */
    "da 57 45 42 07 82 80 80 00",                            /* something behind it */
    "da 57 45 42 07 83 81 01 80 01",                         /* a buffer that is a number */
    "da 57 45 42 07 82 80 9a 7f ff ff ff",                   /* an impossible number of objects */
    "da 57 45 42 07 82 80 81 82 61 61 61 73",                /* an object of two parts */
    "da 57 45 42 07 82 80 81 83 61 ff 61 73 41 00",          /* a class that is not UTF-8 */
    "da 57 45 42 07 82 80 81 83 61 61 61 68 44 00 00 00 00", /* a handle in an object */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 81 61 73",       /* a GVariant without bytes */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 21 41 00", /* of no type */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 2a 41 00", /* of an indefinite type */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 73 41 61", /* not in normal form */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 73 40",    /* … an empty one */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 73 42 00 00", /* … with a zero byte in it */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 73 42 ff 00", /* … that is not UTF-8 */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 73 43 61 00", /* … whose end is missing */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 73 41 00 00", /* … with something behind it */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 62 41 02",    /* … a boolean */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 69 43 00 00 00", /* … a number */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 69 42",          /* … and one without bytes */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 73",             /* … without a length */
    "da 57 45 42 07 83 80 80 da 57 45 42 06 82 61 68 44 00 00 00 00", /* a handle of no object */
    "da 57 45 42 07 83 80 80 82 da 57 45 42 01 00 01",                /* bytes that are not there */
    "da 57 45 42 07 83 81 41 00 80 82 da 57 45 42 01 00 da 57 45 42 01 00", /* bytes twice */
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (GBytes) bytes = wire_example_to_bytes (messages[i]);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", messages[i]);
      g_assert_null (web_serialized_data_new_from_bytes (bytes, &error));
      web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
    }
}

static GBytes *
nest (guint depth, guint8 head)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, depth);
  memset (bytes->data, head, depth);
  g_byte_array_append (bytes, (const guint8 *)"\x01", 1);

  return g_byte_array_free_to_bytes (bytes);
}

static void
test_depth (void)
{
  g_autoptr (WebSerializedData) marked = NULL;
  GString *hex = g_string_new (NULL);
  const struct
  {
    guint    depth;
    gboolean is_message;
    gboolean is_variant;
  } cases[] = {
    { 50, TRUE, TRUE },     { 1000, TRUE, FALSE },    { 1023, TRUE, FALSE },
    { 1024, FALSE, FALSE }, { 100000, FALSE, FALSE },
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) cbor = nest (cases[i].depth, 0x81);
      g_autoptr (WebSerializedData) data = new_for_cbor (cbor, NULL, FALSE);
      g_autoptr (GBytes) bytes = web_serialized_data_to_bytes (data, NULL);
      g_autoptr (WebSerializedData) again = web_serialized_data_new_from_bytes (bytes, NULL);
      GVariant *value = web_test_get_value (data, NULL);

      g_assert_cmpint (again != NULL, ==, cases[i].is_message);
      g_assert_cmpint (value != NULL, ==, cases[i].is_variant);
      /* GVariant itself can read what was made. */
      if (value != NULL)
        {
          g_autoptr (GBytes) serialized = g_variant_get_data_as_bytes (value);
          g_autoptr (GVariant) read = g_variant_ref_sink (
            g_variant_new_from_bytes (G_VARIANT_TYPE ("av"), serialized, FALSE));

          g_assert_true (g_variant_is_normal_form (read));
        }
    }

  /* A mark is not a level. */
  for (i = 0; i < 50; i++)
    g_string_append (hex, "d8 1c 81");
  g_string_append (hex, "01");
  marked = new_for_hex (hex->str);
  g_string_free (hex, TRUE);
  g_assert_nonnull (web_test_get_value (marked, NULL));
}

/* Maps have one more level in a GVariant than arrays have. */
static void
test_depth_of_maps (void)
{
  guint depth;

  for (depth = 30; depth < 60; depth++)
    {
      GString *hex = g_string_new (NULL);
      g_autoptr (WebSerializedData) data = NULL;
      GVariant *value;
      guint     i;

      for (i = 0; i < depth; i++)
        g_string_append (hex, i % 2 == 0 ? "d9 01 03 a1 01" : "a1 61 61");
      g_string_append (hex, "01");
      data = new_for_hex (hex->str);
      g_string_free (hex, TRUE);

      value = web_test_get_value (data, NULL);
      g_assert_true (depth > 35 || value != NULL);
      if (value != NULL)
        {
          g_autoptr (GBytes) serialized = g_variant_get_data_as_bytes (value);
          g_autoptr (GVariant) read = g_variant_ref_sink (
            g_variant_new_from_bytes (g_variant_get_type (value), serialized, FALSE));

          g_assert_true (g_variant_is_normal_form (read));
        }
    }
}

/* References that would double a message thirty times, and pile up its depth. */
static void
test_expansion (void)
{
  GString *hex = g_string_new ("98 1f d8 1c 64 61 62 63 64");
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (GError) error = NULL;
  int i;

  for (i = 0; i < 30; i++)
    g_string_append_printf (hex, " d8 1c 82 d8 1d %s%02x d8 1d %s%02x", i < 24 ? "" : "18 ", i,
                            i < 24 ? "" : "18 ", i);
  data = new_for_hex (hex->str);
  g_assert_null (web_test_get_value (data, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_string_free (hex, TRUE);

  /* Each value refers to the one before, within a few arrays. */
  g_clear_pointer (&data, web_serialized_data_unref);
  hex = g_string_new ("8a d8 1c 81 81 81 81 81 81 81 81 81 81 01");
  for (i = 0; i < 9; i++)
    g_string_append_printf (hex, " d8 1c 81 81 81 81 81 81 81 81 81 81 d8 1d %02x", i);
  data = new_for_hex (hex->str);
  g_assert_null (web_test_get_value (data, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_string_free (hex, TRUE);

  /* An array of almost nothing but its length */
  g_clear_pointer (&data, web_serialized_data_unref);
  data = new_for_hex ("da 57 45 42 04 82 1a 00 10 00 00 a0");
  g_assert_null (web_test_get_value (data, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
}

/* Many views of a long byte array are not long themselves. */
static void
test_views_of_one_buffer (void)
{
  GString *hex = g_string_new ("99 03 e8 da 57 45 42 02 84 18 40 d8 1c da 57 45 42 01 00 00 01");
  g_autoptr (GBytes) cbor = NULL;
  g_autoptr (GBytes) buffer = g_bytes_new_take (g_malloc0 (1 << 20), 1 << 20);
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *value;
  int       i;

  for (i = 1; i < 1000; i++)
    g_string_append (hex, " da 57 45 42 02 84 18 40 d8 1d 00 01 01");
  cbor = wire_example_to_bytes (hex->str);
  g_string_free (hex, TRUE);
  data = new_for_cbor (cbor, buffer, FALSE);
  value = web_test_get_value (data, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_n_children (value), ==, 1000);
}

static void
test_exact_types (void)
{
  const char *const texts[] = {
    "('a', byte 7, int16 -2, uint16 3, -4, uint32 5, int64 -6, uint64 7, 1.5, true)",
    "[(1, 'a'), (2, 'b')]",
    "{'a': <1>, 'b': <{1: 'x'}>}",
    "@a{sv} {}",
    "@mmi just nothing",
    "@as []",
    "(objectpath '/a', signature 'ay', ())",
    "byte 7",
    "int16 -2",
    "uint16 3",
    "-4",
    "uint32 5",
    "int64 -6",
    "uint64 7",
    "1.5",
    "true",
    "objectpath '/a'",
    "signature 'ay'",
    "<<<'deep'>>>",
    "[byte 1, 2, 3]",
    "b'bytes'",
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_parsed (texts[i]));
      g_autoptr (WebSerializedData) data = web_serialized_data_new (value, NULL, 0, NULL, 0, NULL);
      g_autoptr (GBytes) bytes = web_serialized_data_to_bytes (data, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (WebSerializedData) read = web_serialized_data_new_from_bytes (bytes, &error);

      g_assert_no_error (error);
      g_assert_cmpvariant (web_test_get_value (read, &error), value);
      /* Scripts read the same in both. */
      g_assert_true (g_bytes_equal (web_private_get_cbor (data), web_private_get_cbor (read)));
      g_assert_cmpvariant (web_test_get_value (read, &error), value);
    }
}

/* Returns a message that is a string, whose length takes so many bytes. */
static GBytes *
spell_string (const char *text, guint n_length_bytes)
{
  const guint8 head[] = { 0xda, 'W', 'E', 'B', 0x07, 0x83, 0x80, 0x80,
                          0xda, 'W', 'E', 'B', 0x06, 0x82, 0x61, 's' };
  const gsize  size = strlen (text) + 1;
  GByteArray  *out = g_byte_array_new ();

  g_byte_array_append (out, head, sizeof head);
  if (n_length_bytes == 0)
    g_byte_array_append (out, (guint8[]){ 0x40 + size }, 1);
  else if (n_length_bytes == 1)
    g_byte_array_append (out, (guint8[]){ 0x58, size }, 2);
  else
    g_byte_array_append (out, (guint8[]){ 0x59, size >> 8, size }, 3);
  g_byte_array_append (out, (const guint8 *)text, size);

  return g_byte_array_free_to_bytes (out);
}

/* A length may take more bytes than it needs. */
static void
test_spelling_of_strings (void)
{
  gsize size, i;

  for (size = 1; size <= 300; size++)
    for (i = 0; i < 2; i++)
      {
        g_autofree char *ascii = g_strnfill (size - 1, 'x');
        g_autofree char *text =
          i == 0 || size < 3 ? g_strdup (ascii) : g_strconcat (ascii + 2, "\303\251", NULL);
        guint n_length_bytes = size <= 23 ? 0 : size <= 255 ? 1 : 2;

        for (; n_length_bytes <= 2; n_length_bytes++)
          {
            g_autoptr (GBytes) bytes = spell_string (text, n_length_bytes);
            g_autoptr (GError) error = NULL;
            g_autoptr (WebSerializedData) read = web_serialized_data_new_from_bytes (bytes, &error);

            g_assert_no_error (error);
            g_assert_cmpstr (g_variant_get_string (web_test_get_value (read, &error), NULL), ==,
                             text);
          }
      }
}

static void
test_out_of_line (void)
{
  g_autofree char *memory = g_strnfill (8192, 'x');
  g_autoptr (GBytes) long_bytes = g_bytes_new (memory, 8192);
  g_autoptr (GBytes) short_bytes = g_bytes_new (memory, 100);
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (WebSerializedData) cbor_data = NULL;
  g_autoptr (WebSerializedData) read = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) child = NULL;
  GVariant  *children[2];
  GPtrArray *buffers;

  children[0] = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, long_bytes, TRUE);
  children[1] = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, short_bytes, TRUE);
  data = web_serialized_data_new (g_variant_new_tuple (children, 2), NULL, 0, NULL, 0, &error);
  g_assert_no_error (error);

  /* To CBOR, nothing is copied… */
  buffers = web_private_get_buffers (data);
  g_assert_cmpuint (buffers->len, ==, 1);
  g_assert_true (g_bytes_get_data (buffers->pdata[0], NULL) == g_bytes_get_data (long_bytes, NULL));
  g_assert_cmpuint (g_bytes_get_size (web_private_get_cbor (data)), <, 200);

  /* … nor from it. */
  cbor_data = web_private_serialize_cbor (web_private_get_cbor (data), (GBytes **)buffers->pdata, 1,
                                          NULL, 0, NULL, 0, &error);
  g_assert_no_error (error);
  g_variant_get_child (web_test_get_value (cbor_data, &error), 0, "v", &child);
  g_assert_true (g_variant_get_data (child) == g_bytes_get_data (long_bytes, NULL));

  bytes = web_serialized_data_to_bytes (cbor_data, &error);
  g_assert_no_error (error);
  read = web_serialized_data_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (web_test_get_value (read, &error), web_test_get_value (cbor_data, &error));
}

static void
test_transferred_objects_cannot_leave (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (GError) error = NULL;

  web_test_channel (&port1, &port2);
  data = web_serialized_data_new (g_variant_new_handle (0), (WebTransferable **)&port1, 1, NULL, 0,
                                  &error);
  g_assert_no_error (error);
  g_assert_null (web_serialized_data_to_bytes (data, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
}

static void
test_unknown_class (void)
{
  const char *const names[] = { "NoSuchClass", "GObject",         "GInitiallyUnowned",
                                "gint",        "WebSerializable", "WebMessagePort" };
  gsize             i;

  for (i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GString *hex = g_string_new ("da 57 45 42 07 83 80 81 83 ");
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (WebSerializedData) data = NULL;
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebMessagePort) port2 = NULL;
      g_autoptr (WebTestLog) log = NULL;
      g_autoptr (GError) error = NULL;
      const char *c;

      g_string_append_printf (hex, "%02x", 0x60 + (guint)strlen (names[i]));
      for (c = names[i]; *c != '\0'; c++)
        g_string_append_printf (hex, "%02x", *c);
      g_string_append (hex, "61 73 41 00 da 57 45 42 00 00");
      bytes = wire_example_to_bytes (hex->str);
      g_string_free (hex, TRUE);

      data = web_serialized_data_new_from_bytes (bytes, &error);
      g_assert_no_error (error);
      g_assert_false (web_serialized_data_deserialize (data, NULL, NULL, &error));
      web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

      web_test_channel (&port1, &port2);
      log = web_test_log_new (port2);
      web_message_port_start (port2);
      g_assert_true (web_message_port_post_serialized (port1, data, &error));
      web_test_settle ();
      g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (log->last)), ==, "messageerror");
      web_message_port_close (port1);
      web_test_settle ();
    }
}

/* Without a script, a value that a GVariant cannot hold is an error for its receiver. */
static void
test_messageerror (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GError) error = NULL;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);

  g_assert_true (web_private_post_cbor (WEB_EVENT_TARGET (port1), (const guint8 *)"\xc2\x41\x01", 3,
                                        NULL, 0, NULL, 0, NULL, 0, &error));
  g_assert_no_error (error);
  web_test_settle ();
  g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (log->last)), ==, "messageerror");
  g_assert_null (web_message_event_get_data (log->last));

  g_assert_true (web_private_post_cbor (WEB_EVENT_TARGET (port1), (const guint8 *)"\x18\x2a", 2,
                                        NULL, 0, NULL, 0, NULL, 0, &error));
  web_test_settle ();
  g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (log->last)), ==, "message");
  g_assert_cmpint (g_variant_get_int64 (web_message_event_get_data (log->last)), ==, 42);
  g_assert_nonnull (web_private_get_message (log->last));

  web_message_port_close (port1);
  web_test_settle ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cbor/examples", test_examples);
  g_test_add_func ("/cbor/damaged", test_damaged);
  g_test_add_func ("/cbor/damaged-messages", test_damaged_messages);
  g_test_add_func ("/cbor/depth", test_depth);
  g_test_add_func ("/cbor/depth-of-maps", test_depth_of_maps);
  g_test_add_func ("/cbor/expansion", test_expansion);
  g_test_add_func ("/cbor/views-of-one-buffer", test_views_of_one_buffer);
  g_test_add_func ("/cbor/exact-types", test_exact_types);
  g_test_add_func ("/cbor/spelling-of-strings", test_spelling_of_strings);
  g_test_add_func ("/cbor/out-of-line", test_out_of_line);
  g_test_add_func ("/cbor/transferred-objects-cannot-leave", test_transferred_objects_cannot_leave);
  g_test_add_func ("/cbor/unknown-class", test_unknown_class);
  g_test_add_func ("/cbor/messageerror", test_messageerror);

  return g_test_run ();
}
