/* matrix.c: the part of C in the language matrix
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Usage: matrix-c ROWS send | receive SENDER | live
 *
 * send prints a line for each row: its name, a tab, and the bytes of the message in hexadecimal,
 * `!` and the name of an error, or `none`. receive reads such lines and prints, for each, the name,
 * a tab, and `ok` or what is wrong. live does both in one process, through a port. */

#include <stdio.h>
#include <string.h>

#include "../web-test.h"
#include "../wire-format.h"

#define MATRIX_TYPE_NOTE (matrix_note_get_type ())

G_DECLARE_FINAL_TYPE (MatrixNote, matrix_note, MATRIX, NOTE, GObject)

struct _MatrixNote
{
  GObject parent_instance;

  char *text;
};

static GVariant *
matrix_note_serialize (WebSerializable *serializable, GError **error)
{
  return g_variant_new_string (MATRIX_NOTE (serializable)->text);
}

static gboolean
matrix_note_deserialize (WebSerializable *serializable, GVariant *serialized, GError **error)
{
  MATRIX_NOTE (serializable)->text = g_variant_dup_string (serialized, NULL);

  return TRUE;
}

static void
matrix_note_iface_init (WebSerializableInterface *iface)
{
  iface->serialize = matrix_note_serialize;
  iface->deserialize = matrix_note_deserialize;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MatrixNote,
                               matrix_note,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_SERIALIZABLE,
                                                      matrix_note_iface_init))

static void
matrix_note_finalize (GObject *object)
{
  g_free (MATRIX_NOTE (object)->text);
  G_OBJECT_CLASS (matrix_note_parent_class)->finalize (object);
}

static void
matrix_note_class_init (MatrixNoteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = matrix_note_finalize;
}

static void
matrix_note_init (MatrixNote *self)
{
}

static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value;

  if (g_str_equal (text, "100000 times [byte 7]"))
    {
      g_autofree guint8 *bytes = g_malloc (100000);

      memset (bytes, 7, 100000);
      return g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, 100000, 1));
    }

  value = g_variant_parse (NULL, text, NULL, NULL, &error);
  if (value == NULL)
    g_error ("%s: %s", text, error->message);

  return value;
}

/* The message for a value; %NULL if it cannot be one, or if C has no such value. */
static WebSerializedData *
serialize (const char *text, GError **error)
{
  g_autoptr (GVariant) value = NULL;

  if (g_str_equal (text, "port"))
    {
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebMessagePort) port2 = NULL;

      web_test_channel (&port1, &port2);
      return web_serialized_data_new (g_variant_new_handle (0), (WebTransferable **)&port1, 1, NULL,
                                      0, error);
    }
  if (g_str_equal (text, "note"))
    {
      g_autoptr (MatrixNote) note = g_object_new (MATRIX_TYPE_NOTE, NULL);

      note->text = g_strdup ("a note");
      return web_serialized_data_new (g_variant_new_handle (0), NULL, 0, (WebSerializable **)&note,
                                      1, error);
    }
  if (g_str_equal (text, "stranger"))
    {
      g_autoptr (GBytes) bytes = wire_example_to_bytes (
        "da57454207 83 80 81 83 68 53747261 6e676572 61 73 41 00 da57454200 00");

      return web_serialized_data_new_from_bytes (bytes, error);
    }

  value = parse (text);

  return web_serialized_data_new (value, NULL, 0, NULL, 0, error);
}

static char *
describe (WebMessageEvent *event)
{
  GVariant *value = web_message_event_get_data (event);
  GObject  *object;

  if (g_str_equal (web_event_get_event_type (WEB_EVENT (event)), "messageerror"))
    return g_strdup ("DataCloneError");
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    return value != NULL ? g_variant_print (value, TRUE) : g_strdup ("no value");

  object = web_message_event_get_object (event, g_variant_get_handle (value));
  if (WEB_IS_MESSAGE_PORT (object))
    return g_strdup ("port");
  if (MATRIX_IS_NOTE (object) && g_str_equal (MATRIX_NOTE (object)->text, "a note"))
    return g_strdup ("note");

  return g_strdup ("an unknown object");
}

/* Sends a message through a port to ourselves, and says what came out. */
static char *
deliver (WebSerializedData *message, const char *expected)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autofree char *actual = NULL;
  g_autofree char *expected_text = NULL;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  if (!web_message_port_post_serialized (port1, message, NULL))
    return g_strdup ("could not be posted");
  web_test_wait_until (log->last != NULL);
  actual = describe (log->last);
  web_message_port_close (port1);
  web_test_settle ();

  if (strchr ("[({<@'-0123456789tui", *expected) != NULL)
    {
      g_autoptr (GVariant) value = parse (expected);

      expected_text = g_variant_print (value, TRUE);
    }

  if (g_str_equal (actual, expected) || g_strcmp0 (actual, expected_text) == 0)
    return g_strdup ("ok");

  return g_strndup (actual, 200);
}

static char *
get_expected (GKeyFile *rows, const char *row, const char *sender)
{
  g_autofree char *key = g_strdup_printf ("to-c-from-%s", sender);
  char            *expected = g_key_file_get_value (rows, row, key, NULL);

  return expected != NULL ? expected : g_key_file_get_value (rows, row, "to-c", NULL);
}

static void
send_rows (GKeyFile *rows, char **names)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *text = g_key_file_get_value (rows, *names, "from-c", NULL);
      g_autoptr (WebSerializedData) message = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      gsize         size, i;
      const guint8 *data;

      g_print ("%s\t", *names);
      if (g_str_equal (text, "none"))
        {
          g_print ("none\n");
          continue;
        }

      message = serialize (text, &error);
      bytes = message != NULL ? web_serialized_data_to_bytes (message, &error) : NULL;
      if (bytes == NULL)
        {
          g_print ("!%s\n", web_dom_exception_get_name (error));
          continue;
        }
      data = g_bytes_get_data (bytes, &size);
      for (i = 0; i < size; i++)
        g_print ("%02x", data[i]);
      g_print ("\n");
    }
}

static void
receive_rows (GKeyFile *rows, const char *sender)
{
  char  *line = NULL;
  size_t size = 0;

  while (getline (&line, &size, stdin) > 0)
    {
      g_auto (GStrv) parts = g_strsplit (g_strchomp (line), "\t", 2);
      g_autofree char *expected = get_expected (rows, parts[0], sender);
      g_autoptr (GBytes) bytes = wire_example_to_bytes (parts[1]);
      g_autoptr (GError) error = NULL;
      g_autoptr (WebSerializedData) message = web_serialized_data_new_from_bytes (bytes, &error);
      g_autofree char *result =
        message != NULL ? deliver (message, expected) : g_strdup (error->message);

      g_print ("%s\t%s\n", parts[0], result);
    }
  free (line);
}

static void
pass_rows (GKeyFile *rows, char **names)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *text = g_key_file_get_value (rows, *names, "from-c", NULL);
      g_autofree char *expected = get_expected (rows, *names, "c");
      g_autoptr (WebSerializedData) message = NULL;
      g_autofree char *result = NULL;

      if (g_str_equal (text, "none") || strstr (*names, "another process") != NULL)
        continue;
      message = serialize (text, NULL);
      result = deliver (message, expected);
      g_print ("c\tc\t%s\t%s\n", *names, result);
    }
}

int
main (int argc, char *argv[])
{
  g_autoptr (GKeyFile) rows = g_key_file_new ();
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) error = NULL;

  if (argc < 3 || !g_key_file_load_from_file (rows, argv[1], 0, &error))
    g_error ("%s", error != NULL ? error->message : "Arguments are missing");
  g_type_ensure (MATRIX_TYPE_NOTE);
  names = g_key_file_get_groups (rows, NULL);

  if (g_str_equal (argv[2], "send"))
    send_rows (rows, names);
  else if (g_str_equal (argv[2], "receive") && argc == 4)
    receive_rows (rows, argv[3]);
  else if (g_str_equal (argv[2], "live"))
    pass_rows (rows, names);
  else
    g_error ("No such mode: %s", argv[2]);

  return 0;
}
