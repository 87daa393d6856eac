/* test-serialized-data.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* HTML, structured-data.html#structuredserializewithtransfer and
 * #structureddeserializewithtransfer */

#include "web-test.h"

/* An application's own serializable. */

#define TEST_TYPE_NOTE (test_note_get_type ())
G_DECLARE_FINAL_TYPE (TestNote, test_note, TEST, NOTE, GObject)

struct _TestNote
{
  GObject parent_instance;
  char   *text;
};

static GVariant *
test_note_serialize (WebSerializable *serializable, GError **error)
{
  TestNote *self = TEST_NOTE (serializable);

  if (g_strcmp0 (self->text, "secret") == 0)
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "A secret is not cloned");
      return NULL;
    }
  if (g_strcmp0 (self->text, "silent") == 0)
    return NULL;
  if (g_strcmp0 (self->text, "handle") == 0)
    return g_variant_new_handle (0);

  return g_variant_new_string (self->text);
}

static gboolean
test_note_deserialize (WebSerializable *serializable, GVariant *serialized, GError **error)
{
  TestNote *self = TEST_NOTE (serializable);

  if (!g_variant_is_of_type (serialized, G_VARIANT_TYPE_STRING))
    return FALSE;

  g_free (self->text);
  self->text = g_variant_dup_string (serialized, NULL);
  if (g_str_equal (self->text, "forgotten"))
    return FALSE;

  return TRUE;
}

static void
test_note_serializable_iface_init (WebSerializableInterface *iface)
{
  iface->serialize = test_note_serialize;
  iface->deserialize = test_note_deserialize;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestNote,
                               test_note,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_SERIALIZABLE,
                                                      test_note_serializable_iface_init))

static void
test_note_finalize (GObject *object)
{
  g_free (TEST_NOTE (object)->text);
  G_OBJECT_CLASS (test_note_parent_class)->finalize (object);
}

static void
test_note_class_init (TestNoteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_note_finalize;
}

static void
test_note_init (TestNote *self)
{
}

static TestNote *
test_note_new (const char *text)
{
  TestNote *self = g_object_new (TEST_TYPE_NOTE, NULL);

  self->text = g_strdup (text);

  return self;
}

static void
test_value_only (void)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new ("(si)", "a", 1));
  g_autoptr (GError) error = NULL;
  g_autoptr (WebSerializedData) data = web_serialized_data_new (value, NULL, 0, NULL, 0, &error);
  int i;

  g_assert_no_error (error);
  g_assert_true (web_serialized_data_get_value (data, NULL) == value);
  /* As often as one likes. */
  for (i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) objects = NULL;
      g_autoptr (GVariant) copy = web_serialized_data_deserialize (data, &objects, &error);

      g_assert_no_error (error);
      g_assert_true (copy == value);
      g_assert_null (objects);
    }
}

static void
test_no_value (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WebSerializedData) data = web_serialized_data_new (NULL, NULL, 0, NULL, 0, &error);

  g_assert_no_error (error);
  g_assert_null (web_serialized_data_get_value (data, NULL));
  g_assert_null (web_serialized_data_deserialize (data, NULL, &error));
  g_assert_no_error (error);
}

static void
test_cloned_objects (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  g_autoptr (TestNote) note = test_note_new ("a note");
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GError) error = NULL;
  WebSerializable *objects[] = { WEB_SERIALIZABLE (note) };
  WebTransferable *transfer[1];
  GObject         *copy;
  int              i;

  /* Transferred objects come first in the count of handles. */
  web_test_channel (&port1, &port2);
  web_test_channel (&other1, &other2);
  transfer[0] = WEB_TRANSFERABLE (other2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  data = web_serialized_data_new (g_variant_new ("(hh)", 0, 1), transfer, 1, objects, 1, &error);
  g_assert_no_error (error);
  g_assert_true (web_message_port_post_serialized (port1, data, &error));
  g_assert_no_error (error);
  web_test_settle ();
  web_test_assert_log (log, "(0, 1)");
  g_assert_true (WEB_IS_MESSAGE_PORT (web_message_event_get_object (log->last, 0)));
  copy = web_message_event_get_object (log->last, 1);
  g_assert_true (TEST_IS_NOTE (copy));
  g_assert_true (copy != G_OBJECT (note));
  g_assert_cmpstr (TEST_NOTE (copy)->text, ==, "a note");
  g_assert_cmpstr (note->text, ==, "a note");

  /* A message with transferred objects goes to one receiver. */
  g_assert_false (web_message_port_post_serialized (port1, data, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_null (web_serialized_data_deserialize (data, NULL, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  /* One without goes to any number of them. */
  g_clear_pointer (&data, web_serialized_data_unref);
  data = web_serialized_data_new (g_variant_new_handle (0), NULL, 0, objects, 1, &error);
  g_assert_no_error (error);
  for (i = 0; i < 2; i++)
    {
      g_assert_true (web_message_port_post_serialized (port1, data, &error));
      web_test_settle ();
      copy = web_message_event_get_object (log->last, 0);
      g_assert_cmpstr (TEST_NOTE (copy)->text, ==, "a note");
    }

  web_message_port_close (port1);
  web_test_settle ();
}

static void
assert_fails (GVariant         *value,
              WebTransferable **transfer,
              gsize             n_transfer,
              WebSerializable **objects,
              gsize             n_objects,
              WebMessagingError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (web_serialized_data_new (value, transfer, n_transfer, objects, n_objects, &error));
  web_test_assert_error (error, code);
}

/* Whatever fails, the port in the transfer list stays where it is. */
static void
test_failures (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (TestNote) note = test_note_new ("a note");
  g_autoptr (TestNote) secret = test_note_new ("secret");
  g_autoptr (TestNote) silent = test_note_new ("silent");
  g_autoptr (TestNote) handle = test_note_new ("handle");
  WebTransferable *transfer[2];
  WebSerializable *objects[2];

  web_test_channel (&port1, &port2);
  transfer[0] = WEB_TRANSFERABLE (port1);

  objects[0] = WEB_SERIALIZABLE (note);
  objects[1] = NULL;
  assert_fails (NULL, transfer, 1, objects, 2, WEB_MESSAGING_ERROR_INVALID_ARGUMENT);
  objects[1] = WEB_SERIALIZABLE (note);
  assert_fails (NULL, transfer, 1, objects, 2, WEB_MESSAGING_ERROR_DATA_CLONE);
  objects[1] = (WebSerializable *)port2;
  assert_fails (NULL, transfer, 1, objects, 2, WEB_MESSAGING_ERROR_DATA_CLONE);
  objects[1] = WEB_SERIALIZABLE (secret);
  assert_fails (NULL, transfer, 1, objects, 2, WEB_MESSAGING_ERROR_DATA_CLONE);
  objects[1] = WEB_SERIALIZABLE (silent);
  assert_fails (NULL, transfer, 1, objects, 2, WEB_MESSAGING_ERROR_DATA_CLONE);
  objects[1] = WEB_SERIALIZABLE (handle);
  assert_fails (NULL, transfer, 1, objects, 2, WEB_MESSAGING_ERROR_DATA_CLONE);
  assert_fails (g_variant_new_handle (2), transfer, 1, objects, 1, WEB_MESSAGING_ERROR_DATA_CLONE);
  transfer[1] = (WebTransferable *)note;
  assert_fails (NULL, transfer, 2, NULL, 0, WEB_MESSAGING_ERROR_DATA_CLONE);

  g_assert_false (web_transferable_is_detached (transfer[0]));
}

static void
test_failing_deserialize_is_a_messageerror (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (TestNote) note = test_note_new ("forgotten");
  WebSerializable *objects[] = { WEB_SERIALIZABLE (note) };
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GError) error = NULL;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  data = web_serialized_data_new (g_variant_new_handle (0), NULL, 0, objects, 1, &error);
  g_assert_no_error (error);
  g_assert_true (web_message_port_post_serialized (port1, data, &error));
  web_test_settle ();
  web_test_assert_log (log, "messageerror");
  g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (log->last)), ==, "messageerror");
  g_assert_null (web_message_event_get_data (log->last));
  g_assert_true (web_event_get_is_trusted (WEB_EVENT (log->last)));

  g_assert_null (web_serialized_data_deserialize (data, NULL, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  web_message_port_close (port1);
  web_test_settle ();
}

static void
test_dropped_record_closes (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  WebTransferable   *transfer[1];
  WebSerializedData *data;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  transfer[0] = WEB_TRANSFERABLE (port1);
  data = web_serialized_data_new (NULL, transfer, 1, NULL, 0, NULL);
  web_serialized_data_unref (data);
  web_test_settle ();
  web_test_assert_log (log, "close");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/serialized-data/value-only", test_value_only);
  g_test_add_func ("/serialized-data/no-value", test_no_value);
  g_test_add_func ("/serialized-data/cloned-objects", test_cloned_objects);
  g_test_add_func ("/serialized-data/failures", test_failures);
  g_test_add_func ("/serialized-data/failing-deserialize",
                   test_failing_deserialize_is_a_messageerror);
  g_test_add_func ("/serialized-data/dropped-record-closes", test_dropped_record_closes);

  return g_test_run ();
}
