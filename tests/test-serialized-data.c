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

/* A class of which objects can leave, but not arrive: it lacks half of the methods. */

#define TEST_TYPE_LEAVER (test_leaver_get_type ())
G_DECLARE_FINAL_TYPE (TestLeaver, test_leaver, TEST, LEAVER, GObject)

struct _TestLeaver
{
  GObject parent_instance;
};

static GVariant *
test_leaver_serialize (WebSerializable *serializable, GError **error)
{
  /* An error beside a value counts for nothing. */
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "ignored");

  return g_variant_new_int32 (1);
}

static void
test_leaver_serializable_iface_init (WebSerializableInterface *iface)
{
  iface->serialize = test_leaver_serialize;
}

static GObject *
test_leaver_transfer (WebTransferable *transferable, GError **error)
{
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static void
test_leaver_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->transfer = test_leaver_transfer;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLeaver,
                               test_leaver,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_SERIALIZABLE,
                                                      test_leaver_serializable_iface_init)
                                 G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                        test_leaver_transferable_iface_init))

static void
test_leaver_class_init (TestLeaverClass *klass)
{
}

static void
test_leaver_init (TestLeaver *self)
{
}

/* A class that implements none of the methods of its interfaces. */

#define TEST_TYPE_MUTE (test_mute_get_type ())
G_DECLARE_FINAL_TYPE (TestMute, test_mute, TEST, MUTE, GObject)

struct _TestMute
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMute,
                               test_mute,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_SERIALIZABLE, NULL)
                                 G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE, NULL))

static void
test_mute_class_init (TestMuteClass *klass)
{
}

static void
test_mute_init (TestMute *self)
{
}

/* A window that delivers everything twice. */

#define TEST_TYPE_TEE (test_tee_get_type ())
G_DECLARE_FINAL_TYPE (TestTee, test_tee, TEST, TEE, WebWindow)

struct _TestTee
{
  WebWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (TestTee, test_tee, WEB_TYPE_WINDOW)

static void
test_tee_queue_message (WebWindow         *window,
                        WebSerializedData *message,
                        WebOrigin         *target_origin,
                        WebWindow         *source,
                        WebOrigin         *source_origin)
{
  WebWindowClass *parent_class = WEB_WINDOW_CLASS (test_tee_parent_class);

  parent_class->queue_message (window, message, target_origin, source, source_origin);
  parent_class->queue_message (window, message, target_origin, source, source_origin);
}

static void
test_tee_class_init (TestTeeClass *klass)
{
  WEB_WINDOW_CLASS (klass)->queue_message = test_tee_queue_message;
}

static void
test_tee_init (TestTee *self)
{
}

static void
test_value_only (void)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new ("(si)", "a", 1));
  g_autoptr (GError) error = NULL;
  g_autoptr (WebSerializedData) data = web_serialized_data_new (value, NULL, 0, NULL, 0, &error);
  int i;

  g_assert_no_error (error);
  g_assert_true (web_test_get_value (data, NULL) == value);
  /* As often as one likes. */
  for (i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) objects = NULL;
      g_autoptr (GVariant) copy = NULL;

      g_assert_true (web_serialized_data_deserialize (data, &copy, &objects, &error));
      g_assert_no_error (error);
      g_assert_true (copy == value);
      g_assert_null (objects);
    }
}

/* No value is not an error. */
static void
test_no_value (void)
{
  GVariant  *value = (GVariant *)1;
  GPtrArray *objects = (GPtrArray *)1;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebSerializedData) data = web_serialized_data_new (NULL, NULL, 0, NULL, 0, &error);

  g_assert_no_error (error);
  g_assert_true (web_serialized_data_get_value (data, &value, &error));
  g_assert_null (value);
  value = (GVariant *)1;
  g_assert_true (web_serialized_data_deserialize (data, &value, &objects, &error));
  g_assert_no_error (error);
  g_assert_null (value);
  g_assert_null (objects);
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
  g_assert_false (web_serialized_data_deserialize (data, NULL, NULL, &error));
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

/* A value as bytes, trusted by GLib or not. */
static GVariant *
to_bytes (GVariant *value, gboolean trusted)
{
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (value);

  return g_variant_ref_sink (g_variant_new_from_bytes (g_variant_get_type (value), bytes, trusted));
}

static gboolean
can_be_sent (GVariant *value, gsize n_objects)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (GError) error = NULL;

  while (notes->len < n_objects)
    g_ptr_array_add (notes, test_note_new ("a note"));
  data =
    web_serialized_data_new (value, NULL, 0, (WebSerializable **)notes->pdata, n_objects, &error);
  if (data == NULL)
    web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  return data != NULL;
}

/* A handle is found wherever it is, in trees and in bytes. */
static void
test_handles (void)
{
  const char *const texts[] = {
    "handle 1",
    "[handle 0, 1]",
    "@mh just 1",
    "@mmmh just 1",
    "<handle 1>",
    "<<<handle 1>>>",
    "(1, handle 1)",
    "('a', <'b'>, 'c', <handle 1>, 'd')",
    "(byte 1, 2.5, 'text', ['s', ''], handle 1, ())",
    "('h', handle 1, @as [])",
    "(@ms nothing, @mv nothing, handle 1, @mi nothing, int64 2)",
    "[(handle 0, 'x'), (1, 'y')]",
    "[(byte 1, handle 0), (2, 1)]",
    "[[<'h'>], [<handle 1>, <'h'>], []]",
    "{'height': <104>, 'host': <handle 1>}",
    "{handle 0: 'a', 1: 'b'}",
    "{'a': {'b': [<@mh nothing>, <{byte 7: handle 1}>]}}",
    "(1, (2, (3, ('x', (true, handle 1), 'y'))))",
    "<(uint64 1, [(true, <handle 1>)])>",
    "[@mv nothing, just <handle 1>]",
    "[@a{sv} {}, {'k': <handle 1>}]",
    "(@(a{sv}v) ({}, <handle 1>), 0.5)",
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_parsed (texts[i]));
      GVariant *items[40];
      int       j;

      g_test_message ("%s", texts[i]);
      for (j = 0; j < 40; j++)
        items[j] = value;

      /* In a few bytes, in more than 256, and in a tuple of many */
      for (j = 0; j < 3; j++)
        {
          g_autoptr (GVariant) container =
            g_variant_ref_sink (j == 2 ? g_variant_new_tuple (items, 40)
                                       : g_variant_new_array (NULL, items, 1 + 39 * j));
          g_autoptr (GVariant) copy = g_variant_ref_sink (g_variant_new_variant (container));
          g_autoptr (GVariant) trusted = to_bytes (copy, TRUE);
          g_autoptr (GVariant) untrusted = to_bytes (copy, FALSE);
          g_autoptr (GVariant) inner_trusted = g_variant_get_variant (trusted);
          g_autoptr (GVariant) inner_untrusted = g_variant_get_variant (untrusted);
          GVariant *const forms[] = { container, copy,          trusted,
                                      untrusted, inner_trusted, inner_untrusted };
          gsize           k;

          for (k = 0; k < G_N_ELEMENTS (forms); k++)
            {
              g_assert_true (can_be_sent (forms[k], 2));
              g_assert_false (can_be_sent (forms[k], 1));
              g_assert_false (can_be_sent (forms[k], 0));
            }
        }
    }

  g_assert_false (can_be_sent (g_variant_new_handle (-1), 2));
}

static void
add_random_type (GString *type, GRand *random, guint depth)
{
  const char basic[] = "ybnqiuxtdsogh";
  int        kind = depth == 0 ? 0 : g_rand_int_range (random, 0, 6);
  int        i;

  switch (kind)
    {
    case 1:
      g_string_append_c (type, 'a');
      add_random_type (type, random, depth - 1);
      break;
    case 2:
      g_string_append_c (type, 'm');
      add_random_type (type, random, depth - 1);
      break;
    case 3:
      g_string_append_c (type, '(');
      for (i = g_rand_int_range (random, 0, depth == 3 ? 20 : 4); i > 0; i--)
        add_random_type (type, random, depth - 1);
      g_string_append_c (type, ')');
      break;
    case 4:
      g_string_append_c (type, 'v');
      break;
    case 5:
      g_string_append (type, "a{");
      add_random_type (type, random, 0);
      add_random_type (type, random, depth - 1);
      g_string_append_c (type, '}');
      break;
    default:
      g_string_append_c (type, basic[g_rand_int_range (random, 0, sizeof basic - 1)]);
      break;
    }
}

/* A value of a type, with numbers that look like types, and handles up to *@max_handle. */
static GVariant *
make_random_value (const GVariantType *type, GRand *random, guint depth, int *max_handle)
{
  const gint64        number = g_rand_boolean (random) ? 'h' : g_rand_int_range (random, 0, 120);
  GVariantBuilder     builder;
  const GVariantType *member;
  int                 i;

  switch (*g_variant_type_peek_string (type))
    {
    case 'y':
      return g_variant_new_byte (number);
    case 'b':
      return g_variant_new_boolean (number % 2);
    case 'n':
      return g_variant_new_int16 (number);
    case 'q':
      return g_variant_new_uint16 (number);
    case 'i':
      return g_variant_new_int32 (number);
    case 'u':
      return g_variant_new_uint32 (number);
    case 'x':
      return g_variant_new_int64 (number);
    case 't':
      return g_variant_new_uint64 (number);
    case 'd':
      return g_variant_new_double (number);
    case 's':
      return g_variant_new_string (number % 3 == 0 ? "" : "handle");
    case 'o':
      return g_variant_new_object_path ("/h");
    case 'g':
      return g_variant_new_signature ("h");
    case 'h':
      i = g_rand_int_range (random, 0, 3);
      *max_handle = MAX (*max_handle, i);
      return g_variant_new_handle (i);
    case 'v':
      {
        GString  *content = g_string_new (NULL);
        GVariant *value;

        add_random_type (content, random, depth / 2);
        value = make_random_value (G_VARIANT_TYPE (content->str), random, depth / 2, max_handle);
        g_string_free (content, TRUE);
        return g_variant_new_variant (value);
      }
    case 'm':
      member = g_variant_type_element (type);
      return g_variant_new_maybe (member, number % 2
                                            ? make_random_value (member, random, depth, max_handle)
                                            : NULL);
    case 'a':
      member = g_variant_type_element (type);
      g_variant_builder_init (&builder, type);
      for (i = g_rand_int_range (random, 0, depth > 1 ? 20 : 3); i > 0; i--)
        g_variant_builder_add_value (&builder,
                                     make_random_value (member, random, depth / 2, max_handle));
      return g_variant_builder_end (&builder);
    default:
      g_variant_builder_init (&builder, type);
      for (member = g_variant_type_first (type); member != NULL;
           member = g_variant_type_next (member))
        g_variant_builder_add_value (&builder,
                                     make_random_value (member, random, depth, max_handle));
      return g_variant_builder_end (&builder);
    }
}

/* The same handles are found in a tree and in bytes, whatever the type. */
static void
test_random_handles (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  int i;

  for (i = 0; i < 2000; i++)
    {
      GString *type = g_string_new (NULL);
      g_autoptr (GVariant) tree = NULL;
      g_autoptr (GVariant) bytes = NULL;
      int max_handle = -1;
      int n_objects;

      add_random_type (type, random, 3);
      tree =
        g_variant_ref_sink (make_random_value (G_VARIANT_TYPE (type->str), random, 3, &max_handle));
      for (n_objects = 0; n_objects < 4; n_objects++)
        g_assert_cmpint (can_be_sent (tree, n_objects), ==, n_objects > max_handle);
      bytes = to_bytes (tree, FALSE);
      for (n_objects = 0; n_objects < 4; n_objects++)
        g_assert_cmpint (can_be_sent (bytes, n_objects), ==, n_objects > max_handle);
      g_string_free (type, TRUE);
    }
}

/* A value that only looks like a handle is not a handle. */
static void
test_no_handles (void)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) bytes = NULL;
  int i;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(svv)"));
  for (i = 0; i < 1000; i++)
    g_variant_builder_add (&builder, "(svv)", "h", g_variant_new_int32 (104 << (i % 16)),
                           g_variant_new_string ("h"));
  value = g_variant_ref_sink (g_variant_builder_end (&builder));
  bytes = to_bytes (value, FALSE);
  g_assert_true (can_be_sent (value, 0));
  g_assert_true (can_be_sent (bytes, 0));
}

/* GLib would read such a value as another one. */
static void
test_no_normal_form (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\xff", 1);
  GVariant *value = g_variant_new_from_bytes (G_VARIANT_TYPE ("as"), bytes, FALSE);

  g_assert_false (can_be_sent (g_variant_new ("(v)", value), 0));
}

static GVariant *
nest (guint depth)
{
  GVariant *value = g_variant_new_string ("");

  while (depth-- > 0)
    value = g_variant_new_variant (value);

  return value;
}

/* The sender rejects a value that no receiver of bytes could read. */
static void
test_depth (void)
{
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (WebSerializedData) read = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  data = web_serialized_data_new (nest (127), NULL, 0, NULL, 0, &error);
  g_assert_no_error (error);
  bytes = web_serialized_data_to_bytes (data, &error);
  g_assert_no_error (error);
  read = web_serialized_data_new_from_bytes (bytes, &error);
  g_assert_no_error (error);

  g_assert_false (can_be_sent (nest (128), 0));
  g_assert_false (can_be_sent (nest (20000), 0));
  g_assert_true (can_be_sent (g_variant_new ("(a{sv}v)", NULL, nest (125)), 0));
  g_assert_false (can_be_sent (g_variant_new ("(a{sv}v)", NULL, nest (127)), 0));
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

  g_assert_false (web_serialized_data_deserialize (data, NULL, NULL, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  web_message_port_close (port1);
  web_test_settle ();
}

/* A method that a class does not implement is an error, wherever the object comes from. */
static void
test_missing_methods (void)
{
  g_autoptr (TestMute) mute = g_object_new (TEST_TYPE_MUTE, NULL);
  g_autoptr (TestLeaver) leaver = g_object_new (TEST_TYPE_LEAVER, NULL);
  WebSerializable *objects[] = { WEB_SERIALIZABLE (mute) };
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (mute) };
  g_autoptr (WebSerializedData) data = NULL;
  g_autoptr (WebSerializedData) read = NULL;
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  assert_fails (NULL, NULL, 0, objects, 1, WEB_MESSAGING_ERROR_DATA_CLONE);
  assert_fails (NULL, transfer, 1, NULL, 0, WEB_MESSAGING_ERROR_DATA_CLONE);

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);

  objects[0] = WEB_SERIALIZABLE (leaver);
  data = web_serialized_data_new (NULL, NULL, 0, objects, 1, &error);
  g_assert_no_error (error);
  bytes = web_serialized_data_to_bytes (data, &error);
  read = web_serialized_data_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  g_assert_true (web_message_port_post_serialized (port1, read, &error));
  web_test_settle ();
  web_test_assert_log (log, "messageerror");

  transfer[0] = WEB_TRANSFERABLE (leaver);
  g_assert_true (web_message_port_post_message (port1, NULL, transfer, 1, &error));
  web_test_settle ();
  web_test_assert_log (log, "messageerror messageerror");

  web_message_port_close (port1);
  web_test_settle ();
}

static void
count (WebWindow *window, WebEvent *event, gpointer user_data)
{
  (*(int *)user_data)++;
}

/* A class of windows that queues a message twice delivers what was transferred once. */
static void
test_received_twice (void)
{
  g_autoptr (WebWindow) window = g_object_new (TEST_TYPE_TEE, NULL);
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  WebTransferable *transfer[1];
  int              n_messages = 0;
  int              n_errors = 0;

  web_test_channel (&port1, &port2);
  transfer[0] = WEB_TRANSFERABLE (port1);
  g_signal_connect (window, "message", G_CALLBACK (count), &n_messages);
  g_signal_connect (window, "messageerror", G_CALLBACK (count), &n_errors);
  g_assert_true (web_window_post_message (window, NULL, NULL, "*", transfer, 1, NULL));
  web_test_settle ();
  g_assert_cmpint (n_messages, ==, 1);
  g_assert_cmpint (n_errors, ==, 1);
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
  g_test_add_func ("/serialized-data/handles", test_handles);
  g_test_add_func ("/serialized-data/random-handles", test_random_handles);
  g_test_add_func ("/serialized-data/no-handles", test_no_handles);
  g_test_add_func ("/serialized-data/no-normal-form", test_no_normal_form);
  g_test_add_func ("/serialized-data/depth", test_depth);
  g_test_add_func ("/serialized-data/failing-deserialize",
                   test_failing_deserialize_is_a_messageerror);
  g_test_add_func ("/serialized-data/missing-methods", test_missing_methods);
  g_test_add_func ("/serialized-data/received-twice", test_received_twice);
  g_test_add_func ("/serialized-data/dropped-record-closes", test_dropped_record_closes);

  return g_test_run ();
}
