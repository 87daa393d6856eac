/* test-broadcast-channel.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* HTML, web-messaging.html#broadcasting-to-other-browsing-contexts */

#include "web-test-thread.h"
#include <webmessaging/bindings/web-private.h>

/* How often two threads try to meet; each round is a chance. */
#define N_ROUNDS 300

static void
post (WebBroadcastChannel *channel, int number)
{
  g_autoptr (GError) error = NULL;
  gboolean posted =
    web_broadcast_channel_post_message (channel, g_variant_new_int32 (number), &error);

  g_assert_no_error (error);
  g_assert_true (posted);
}

static void
assert_post_fails (WebBroadcastChannel *channel, GVariant *message, WebMessagingError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (web_broadcast_channel_post_message (channel, message, &error));
  web_test_assert_error (error, code);
}

/* Three channels of the application with one name. */
typedef struct
{
  WebBroadcastChannel *channels[3];
  WebTestLog          *logs[3];
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (self->channels); i++)
    {
      self->channels[i] = web_broadcast_channel_new ("test");
      self->logs[i] = web_test_log_new (self->channels[i]);
    }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (self->channels); i++)
    {
      web_test_log_free (self->logs[i]);
      if (self->channels[i] != NULL)
        g_assert_finalize_object (self->channels[i]);
    }
}

static void
assert_logs (Fixture *self, const char *first, const char *second, const char *third)
{
  web_test_settle ();
  web_test_assert_log (self->logs[0], first);
  web_test_assert_log (self->logs[1], second);
  web_test_assert_log (self->logs[2], third);
}

static void
test_post (Fixture *self, gconstpointer data)
{
  WebMessageEvent *event;
  gsize            n_ports;

  post (self->channels[1], 1);
  web_test_assert_log (self->logs[0], "");
  assert_logs (self, "1", "", "1");

  event = self->logs[0]->last;
  g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (event)), ==, "message");
  g_assert_true (web_event_get_is_trusted (WEB_EVENT (event)));
  g_assert_false (web_event_get_bubbles (WEB_EVENT (event)));
  g_assert_cmpstr (web_message_event_get_origin (event), ==, "");
  g_assert_cmpstr (web_message_event_get_last_event_id (event), ==, "");
  g_assert_null (web_message_event_get_source (event));
  g_assert_null (web_message_event_get_ports (event, &n_ports));

  g_assert_true (web_broadcast_channel_post_message (self->channels[0], NULL, NULL));
  post (self->channels[2], 3);
  assert_logs (self, "1 3", "- 3", "1 -");
}

static void
test_properties (Fixture *self, gconstpointer data)
{
  g_autofree char *name = NULL;
  g_autoptr (WebOrigin) origin = NULL;
  g_autoptr (WebBroadcastChannel) unnamed = g_object_new (WEB_TYPE_BROADCAST_CHANNEL, NULL);
  gboolean closed;

  g_object_get (self->channels[0], "name", &name, "origin", &origin, "closed", &closed, NULL);
  g_assert_cmpstr (name, ==, "test");
  g_assert_null (origin);
  g_assert_false (closed);
  g_assert_cmpstr (web_broadcast_channel_get_name (self->channels[0]), ==, "test");
  g_assert_null (web_broadcast_channel_get_origin (self->channels[0]));
  g_assert_cmpstr (web_broadcast_channel_get_name (unnamed), ==, "");
}

static void
test_names (Fixture *self, gconstpointer data)
{
  g_autoptr (WebBroadcastChannel) other = web_broadcast_channel_new ("Test");
  g_autoptr (WebBroadcastChannel) empty = web_broadcast_channel_new ("");
  g_autoptr (WebBroadcastChannel) same = web_broadcast_channel_new ("");
  g_autoptr (WebTestLog) log = web_test_log_new (other);
  g_autoptr (WebTestLog) empty_log = web_test_log_new (empty);

  post (self->channels[0], 1);
  post (other, 2);
  post (same, 3);
  assert_logs (self, "", "1", "1");
  web_test_assert_log (log, "");
  web_test_assert_log (empty_log, "3");
}

static WebBroadcastChannel *
new_for_url (const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WebOrigin) origin = web_origin_new_for_url (url, &error);

  g_assert_no_error (error);

  return web_broadcast_channel_new_for_origin ("test", origin);
}

static void
test_origins (Fixture *self, gconstpointer data)
{
  g_autoptr (WebBroadcastChannel) sender = new_for_url ("https://a.example/one");
  g_autoptr (WebBroadcastChannel) same = new_for_url ("https://a.example:443/two");
  g_autoptr (WebBroadcastChannel) other = new_for_url ("http://a.example/one");
  g_autoptr (WebTestLog) same_log = web_test_log_new (same);
  g_autoptr (WebTestLog) other_log = web_test_log_new (other);

  post (sender, 1);
  post (self->channels[0], 2);
  assert_logs (self, "", "2", "2");
  web_test_assert_log (same_log, "1");
  web_test_assert_log (other_log, "");
  g_assert_cmpstr (web_message_event_get_origin (same_log->last), ==, "https://a.example");
  g_assert_false (web_origin_is_opaque (web_broadcast_channel_get_origin (sender)));
}

static void
test_opaque_origins (Fixture *self, gconstpointer data)
{
  g_autoptr (WebOrigin) origin = web_origin_new_opaque ();
  g_autoptr (WebBroadcastChannel) sender = web_broadcast_channel_new_for_origin ("test", origin);
  g_autoptr (WebBroadcastChannel) same = web_broadcast_channel_new_for_origin ("test", origin);
  g_autoptr (WebBroadcastChannel) other = new_for_url ("data:,");
  g_autoptr (WebTestLog) same_log = web_test_log_new (same);
  g_autoptr (WebTestLog) other_log = web_test_log_new (other);

  g_clear_pointer (&origin, web_origin_unref);
  post (sender, 1);
  assert_logs (self, "", "", "");
  web_test_assert_log (same_log, "1");
  web_test_assert_log (other_log, "");
  g_assert_cmpstr (web_message_event_get_origin (same_log->last), ==, "null");
}

typedef struct
{
  GString             *order; /* in which messages arrive */
  WebBroadcastChannel *close; /* unowned, nullable: closed by the first message */
} Course;

static void
on_message (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  Course *self = user_data;

  g_string_append_printf (self->order, "%s:%d ", web_broadcast_channel_get_name (channel),
                          g_variant_get_int32 (web_message_event_get_data (event)));
  if (self->close != NULL)
    web_broadcast_channel_close (g_steal_pointer (&self->close));
}

static void
number_message (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  g_string_append_printf (user_data, "%p ", channel);
}

/* Each message reaches the channels in the order in which they were made; others that are made and
 * closed meanwhile change nothing. */
static void
test_order_of_creation (void)
{
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (WebBroadcastChannel) sender = web_broadcast_channel_new ("test");
  guint i, n;

  for (i = 0; i < 100; i++)
    {
      g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("test");

      web_broadcast_channel_set_on_message (channel, number_message, order, NULL);
      if (i % 3 == 0)
        continue;
      if (i % 3 == 1)
        web_broadcast_channel_close (channel);
      g_ptr_array_add (channels, g_steal_pointer (&channel));
    }

  for (n = 0; n < 3; n++)
    {
      post (sender, n);
      for (i = 1; i < channels->len; i += 2)
        g_string_append_printf (expected, "%p ", channels->pdata[i]);
    }
  web_test_settle ();
  g_assert_cmpuint (channels->len, ==, 66);
  g_assert_cmpstr (order->str, ==, expected->str);
}

/* The standard has one task source for all of them. */
static void
test_order_of_posts (Fixture *self, gconstpointer data)
{
  post (self->channels[0], 1);
  post (self->channels[1], 2);
  post (self->channels[0], 3);
  assert_logs (self, "2", "1 3", "1 2 3");
}

static void
test_too_late (Fixture *self, gconstpointer data)
{
  g_autoptr (WebBroadcastChannel) late = NULL;
  g_autoptr (WebTestLog) log = NULL;

  post (self->channels[0], 1);
  late = web_broadcast_channel_new ("test");
  log = web_test_log_new (late);
  post (self->channels[0], 2);
  web_test_settle ();
  web_test_assert_log (log, "2");
}

/* A listener that comes after the post, but before the task, is called. */
static void
test_late_listener (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) order = g_string_new (NULL);
  Course course = { .order = order };

  post (self->channels[0], 1);
  web_broadcast_channel_set_on_message (self->channels[1], on_message, &course, NULL);
  web_test_settle ();
  g_assert_cmpstr (order->str, ==, "test:1 ");

  web_broadcast_channel_set_on_message (self->channels[1], NULL, NULL, NULL);
  post (self->channels[0], 2);
  web_test_settle ();
  g_assert_cmpstr (order->str, ==, "test:1 ");
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *)user_data)++;
}

static void
test_close (Fixture *self, gconstpointer data)
{
  guint n_notified = 0;

  g_signal_connect (self->channels[0], "notify::closed", G_CALLBACK (count_notify), &n_notified);
  post (self->channels[0], 1);
  web_broadcast_channel_close (self->channels[0]);
  g_assert_true (web_broadcast_channel_get_closed (self->channels[0]));
  g_assert_cmpuint (n_notified, ==, 1);
  assert_post_fails (self->channels[0], g_variant_new_int32 (2), WEB_MESSAGING_ERROR_INVALID_STATE);
  assert_post_fails (self->channels[0], g_variant_new_handle (0),
                     WEB_MESSAGING_ERROR_INVALID_STATE);
  web_broadcast_channel_close (self->channels[0]);
  g_assert_cmpuint (n_notified, ==, 1);

  post (self->channels[1], 3);
  assert_logs (self, "", "1", "1 3");
  g_signal_handlers_disconnect_by_data (self->channels[0], &n_notified);
}

/* Closing takes effect for what was posted and not delivered. */
static void
test_close_before_delivery (Fixture *self, gconstpointer data)
{
  post (self->channels[0], 1);
  web_broadcast_channel_close (self->channels[1]);
  assert_logs (self, "", "", "1");
}

static void
test_close_in_handler (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) order = g_string_new (NULL);
  Course course = { .order = order, .close = self->channels[2] };

  web_broadcast_channel_set_on_message (self->channels[1], on_message, &course, NULL);
  post (self->channels[0], 1);
  post (self->channels[0], 2);
  assert_logs (self, "", "1 2", "");

  course.close = self->channels[1];
  post (self->channels[0], 3);
  post (self->channels[0], 4);
  assert_logs (self, "", "1 2 3", "");
  g_assert_cmpstr (order->str, ==, "test:1 test:2 test:3 ");
}

static void
drop_channel (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  WebBroadcastChannel **owned = user_data;

  g_clear_object (owned);
}

static void
test_drop_in_handler (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->logs[1], web_test_log_free);
  self->logs[1] = web_test_log_new (self->channels[0]);
  web_broadcast_channel_set_on_message (self->channels[1], drop_channel, &self->channels[1], NULL);
  post (self->channels[0], 1);
  post (self->channels[0], 2);
  web_test_settle ();
  g_assert_null (self->channels[1]);
  web_test_assert_log (self->logs[2], "1 2");
}

static void
run_dispose (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  g_object_run_dispose (G_OBJECT (channel));
}

static void
test_dispose_in_handler (Fixture *self, gconstpointer data)
{
  web_broadcast_channel_set_on_message (self->channels[1], run_dispose, NULL, NULL);
  post (self->channels[0], 1);
  post (self->channels[0], 2);
  web_test_settle ();
  g_assert_true (web_broadcast_channel_get_closed (self->channels[1]));
  assert_post_fails (self->channels[1], NULL, WEB_MESSAGING_ERROR_INVALID_STATE);
  web_test_assert_log (self->logs[2], "1 2");
}

/* A handler in C keeps nothing alive. */
static void
test_drop (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) order = g_string_new (NULL);
  Course course = { .order = order };

  web_broadcast_channel_set_on_message (self->channels[1], on_message, &course, NULL);
  post (self->channels[0], 1);
  g_assert_finalize_object (g_steal_pointer (&self->channels[1]));
  assert_logs (self, "", "", "1");
  g_assert_cmpstr (order->str, ==, "");
}

static void
test_post_errors (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessageChannel) ports = web_message_channel_new ();
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (web_message_channel_get_port1 (ports)) };
  g_autoptr (WebSerializedData) message = NULL;
  g_autoptr (GError) error = NULL;

  assert_post_fails (self->channels[0], g_variant_new_handle (0), WEB_MESSAGING_ERROR_DATA_CLONE);

  message = web_serialized_data_new (NULL, transfer, 1, NULL, 0, NULL);
  g_assert_false (web_broadcast_channel_post_serialized (self->channels[0], message, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  assert_logs (self, "", "", "");
}

static void
test_post_serialized (Fixture *self, gconstpointer data)
{
  g_autoptr (WebSerializedData) message =
    web_serialized_data_new (g_variant_new_int32 (1), NULL, 0, NULL, 0, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (web_broadcast_channel_post_serialized (self->channels[0], message, NULL));
  g_assert_true (web_broadcast_channel_post_serialized (self->channels[1], message, NULL));
  assert_logs (self, "1", "1", "1 1");

  web_broadcast_channel_close (self->channels[0]);
  g_assert_false (web_broadcast_channel_post_serialized (self->channels[0], message, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_STATE);
}

/* An array that contains itself is no GVariant. */
static void
test_messageerror (Fixture *self, gconstpointer data)
{
  const guint8 circle[] = { 0xd8, 0x1c, 0x81, 0xd8, 0x1d, 0x00 };
  g_autoptr (GBytes) cbor = g_bytes_new_static (circle, sizeof circle);
  g_autoptr (WebSerializedData) message = NULL;
  g_autoptr (GError) error = NULL;

  message = web_private_serialize_cbor (cbor, NULL, 0, NULL, 0, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_true (web_broadcast_channel_post_serialized (self->channels[0], message, NULL));
  post (self->channels[0], 2);
  assert_logs (self, "", "messageerror 2", "messageerror 2");
}

static void
test_window (void)
{
  g_autoptr (WebWindow) window = web_window_new ("https://a.example/", NULL);
  g_autoptr (WebBroadcastChannel) other = new_for_url ("https://a.example/");
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new_for_window ("test", window);
  g_autoptr (WebBroadcastChannel) closed = web_broadcast_channel_new_for_window ("test", window);
  g_autoptr (WebBroadcastChannel) late = NULL;
  g_autoptr (WebTestLog) other_log = web_test_log_new (other);
  g_autoptr (WebTestLog) log = web_test_log_new (channel);

  post (channel, 1);
  post (other, 2);
  web_test_settle ();
  web_test_assert_log (other_log, "1");
  web_test_assert_log (log, "2");

  post (channel, 3);
  post (other, 4);
  web_broadcast_channel_close (closed);
  web_window_close (window);
  g_assert_true (web_broadcast_channel_get_closed (channel));
  late = web_broadcast_channel_new_for_window ("test", window);
  post (other, 5);
  /* The document is not fully active. */
  post (channel, 6);
  post (closed, 7);
  post (late, 8);
  web_test_settle ();
  web_test_assert_log (other_log, "1 3");
  web_test_assert_log (log, "2");
}

/* A script that listens keeps its channel. */

static int
deserialize (WebMessageEvent *event, const guint8 *cbor, gsize size, gpointer user_data)
{
  return 1;
}

static void
count_event (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  (*(guint *)user_data)++;
}

typedef struct
{
  WebBroadcastChannel *sender;
  WebPrivateRealm     *realm;
  gpointer             weak; /* to the channel that is listened to */
  guint                n_events;
} Script;

static void
script_set_up (Script *self, gconstpointer data)
{
  self->sender = web_broadcast_channel_new ("script");
  self->realm = web_private_realm_new (WEB_PRIVATE_VERSION, deserialize, NULL, NULL, NULL);
}

static void
script_tear_down (Script *self, gconstpointer data)
{
  web_test_settle ();
  g_assert_null (self->weak);
  g_assert_finalize_object (self->sender);
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, self->realm);
}

static WebEventTarget *
script_adopt (Script *self, WebBroadcastChannel *channel)
{
  g_set_weak_pointer (&self->weak, channel);
  web_private_realm_adopt (self->realm, WEB_EVENT_TARGET (channel));

  return WEB_EVENT_TARGET (channel);
}

static WebEventTarget *
script_add_channel (Script *self)
{
  return script_adopt (self, web_broadcast_channel_new ("script"));
}

static guint
script_listen (Script *self, WebEventTarget *channel, const char *type, WebListenerFlags flags)
{
  return web_event_target_add_event_listener (channel, type, flags, count_event, &self->n_events,
                                              NULL);
}

static void
script_handle (Script *self, WebEventTarget *channel, const char *type, gboolean handles)
{
  web_event_target_set_event_handler (channel, type, handles ? count_event : NULL, &self->n_events,
                                      NULL);
}

static void
script_assert_alive (Script *self, guint n_events)
{
  g_assert_nonnull (self->weak);
  post (self->sender, 1);
  web_test_settle ();
  g_assert_cmpuint (self->n_events, ==, n_events);
  g_assert_nonnull (self->weak);
}

static void
test_listener_keeps_channel (Script *self, gconstpointer data)
{
  WebEventTarget *channel = script_add_channel (self);
  guint           id, other;

  id = script_listen (self, channel, "message", WEB_LISTENER_NONE);
  other = script_listen (self, channel, "messageerror", WEB_LISTENER_NONE);
  g_object_unref (channel);
  script_assert_alive (self, 1);
  web_event_target_remove_event_listener (channel, id);
  script_assert_alive (self, 1);
  web_event_target_remove_event_listener (channel, other);
}

static void
test_handler_keeps_channel (Script *self, gconstpointer data)
{
  WebEventTarget *channel = script_add_channel (self);

  script_handle (self, channel, "message", TRUE);
  g_object_unref (channel);
  script_assert_alive (self, 1);
  script_handle (self, channel, "message", TRUE);
  script_assert_alive (self, 2);
  script_handle (self, channel, "message", FALSE);
}

static void
test_once_keeps_channel (Script *self, gconstpointer data)
{
  WebEventTarget *channel = script_add_channel (self);

  script_listen (self, channel, "message", WEB_LISTENER_ONCE);
  g_object_unref (channel);
  post (self->sender, 1);
  post (self->sender, 2);
  web_test_settle ();
  g_assert_cmpuint (self->n_events, ==, 1);
}

static void
test_close_lets_channel_go (Script *self, gconstpointer data)
{
  WebEventTarget *channel = script_add_channel (self);

  script_handle (self, channel, "message", TRUE);
  g_object_unref (channel);
  script_assert_alive (self, 1);
  web_broadcast_channel_close (WEB_BROADCAST_CHANNEL (channel));
}

static void
test_listener_at_closed_channel (Script *self, gconstpointer data)
{
  WebEventTarget *channel = script_add_channel (self);

  web_broadcast_channel_close (WEB_BROADCAST_CHANNEL (channel));
  script_handle (self, channel, "message", TRUE);
  g_object_unref (channel);
}

/* What listened before the script did. */
static void
test_adoption_keeps_channel (Script *self, gconstpointer data)
{
  WebBroadcastChannel *channel = web_broadcast_channel_new ("script");

  script_handle (self, WEB_EVENT_TARGET (channel), "message", TRUE);
  script_adopt (self, channel);
  g_object_unref (channel);
  script_assert_alive (self, 1);
  web_broadcast_channel_close (channel);
}

/* Only messages can come by themselves. */
static void
test_other_listener_keeps_nothing (Script *self, gconstpointer data)
{
  WebEventTarget *channel = script_add_channel (self);

  script_handle (self, channel, "other", TRUE);
  g_object_unref (channel);
}

static void
test_closed_window_lets_channel_go (Script *self, gconstpointer data)
{
  g_autoptr (WebWindow) window = web_window_new (NULL, NULL);
  WebEventTarget *channel =
    script_adopt (self, web_broadcast_channel_new_for_window ("script", window));

  script_handle (self, channel, "message", TRUE);
  g_object_unref (channel);
  web_test_settle ();
  g_assert_nonnull (self->weak);
  web_window_close (window);
}

static gpointer
listen_without_a_loop (gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (WebBroadcastChannel) sender = NULL;
  Script *self = user_data;

  g_main_context_push_thread_default (context);
  sender = web_broadcast_channel_new ("script");
  script_handle (self, script_add_channel (self), "message", TRUE);
  g_object_unref (self->weak);
  post (sender, 1);
  g_assert_nonnull (self->weak);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* The channel goes with its context. */
static void
test_context_ends (Script *self, gconstpointer data)
{
  g_thread_join (g_thread_new ("listener", listen_without_a_loop, self));
  post (self->sender, 1);
}

/* Several threads */

enum
{
  N_THREADS = 4,
  N_CHANNELS = 3,
  N_NUMBERS = 1000
};

typedef struct
{
  WebTestThread        thread;
  int                  index;
  WebBroadcastChannel *channels[N_CHANNELS];
  int                  next[N_THREADS];
  int                  n_received; /* atomic */
} Peer;

static void
check_number (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  Peer *self = user_data;
  int   sender, number, i;

  g_variant_get (web_message_event_get_data (event), "(ii)", &sender, &number);
  for (i = 0; self->channels[i] != channel; i++)
    ;

  /* In the order of creation: each message gets here N_CHANNELS times, or one time less from the
   * channel that has sent it. */
  if (sender != self->index)
    {
      g_assert_cmpint (number * N_CHANNELS + i, ==, self->next[sender]);
      self->next[sender]++;
    }
  else
    {
      g_assert_cmpint (i, !=, 0);
    }
  g_atomic_int_inc (&self->n_received);
}

static gboolean
make_channels (gpointer user_data)
{
  Peer *self = user_data;
  int   i;

  for (i = 0; i < N_CHANNELS; i++)
    {
      self->channels[i] = web_broadcast_channel_new ("threads");
      web_broadcast_channel_set_on_message (self->channels[i], check_number, self, NULL);
    }
  g_atomic_int_inc (&self->n_received);

  return G_SOURCE_REMOVE;
}

static gboolean
post_numbers (gpointer user_data)
{
  Peer *self = user_data;
  int   i;

  for (i = 0; i < N_NUMBERS; i++)
    web_broadcast_channel_post_message (self->channels[0], g_variant_new ("(ii)", self->index, i),
                                        NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
drop_channels (gpointer user_data)
{
  Peer *self = user_data;
  int   i;

  for (i = 0; i < N_CHANNELS; i++)
    g_assert_finalize_object (self->channels[i]);

  return G_SOURCE_REMOVE;
}

static void
wait_for (Peer *peer, int n_received)
{
  while (g_atomic_int_get (&peer->n_received) < n_received)
    g_usleep (1000);
}

static void
test_threads (void)
{
  const int n_messages = (N_THREADS * N_CHANNELS - 1) * N_NUMBERS;
  Peer      peers[N_THREADS] = { 0 };
  int       i;

  for (i = 0; i < N_THREADS; i++)
    {
      peers[i].index = i;
      web_test_thread_start (&peers[i].thread);
      web_test_thread_invoke (&peers[i].thread, make_channels, &peers[i]);
    }
  for (i = 0; i < N_THREADS; i++)
    wait_for (&peers[i], 1);
  for (i = 0; i < N_THREADS; i++)
    web_test_thread_invoke (&peers[i].thread, post_numbers, &peers[i]);
  for (i = 0; i < N_THREADS; i++)
    wait_for (&peers[i], 1 + n_messages);
  for (i = 0; i < N_THREADS; i++)
    {
      web_test_thread_invoke (&peers[i].thread, drop_channels, &peers[i]);
      web_test_thread_stop (&peers[i].thread);
      g_assert_cmpint (peers[i].n_received, ==, 1 + n_messages);
    }
}

/* A thread that posts until it is told to stop. */
typedef struct
{
  GThread   *thread;
  WebOrigin *origin; /* owned, nullable */
  int        stop;   /* atomic */
} Poster;

static gpointer
post_thread (gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (WebBroadcastChannel) sender = NULL;
  Poster *self = user_data;

  g_main_context_push_thread_default (context);
  sender = g_object_new (WEB_TYPE_BROADCAST_CHANNEL, "name", "race", "origin", self->origin, NULL);
  while (!g_atomic_int_get (&self->stop))
    {
      post (sender, 1);
      g_thread_yield ();
    }
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
poster_start (Poster *self)
{
  self->thread = g_thread_new ("poster", post_thread, self);
}

static void
poster_stop (Poster *self)
{
  g_atomic_int_set (&self->stop, TRUE);
  g_thread_join (self->thread);
  g_clear_pointer (&self->origin, web_origin_unref);
}

static void
assert_open (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  g_assert_false (web_broadcast_channel_get_closed (channel));
  (*(guint *)user_data)++;
}

static gpointer
drop_object (gpointer object)
{
  g_object_unref (object);

  return NULL;
}

/* A channel is closed, dropped, or dropped on a third thread, while another thread posts and its
 * own context delivers. */
static void
test_races (void)
{
  Poster poster = { NULL };
  guint  n_received = 0;
  int    i;

  poster_start (&poster);
  for (i = 0; i < N_ROUNDS; i++)
    {
      WebBroadcastChannel *channel = web_broadcast_channel_new ("race");
      GThread             *dropper = NULL;
      guint                before;

      web_broadcast_channel_set_on_message (channel, assert_open, &n_received, NULL);
      if (i % 10 == 0)
        web_test_wait_until (n_received > 0);
      g_main_context_iteration (NULL, FALSE);
      if (i % 3 == 0)
        web_broadcast_channel_close (channel);
      before = n_received;
      if (i % 3 != 1)
        g_object_unref (channel);
      else
        dropper = g_thread_new ("dropper", drop_object, channel);
      g_main_context_iteration (NULL, FALSE);
      if (dropper != NULL)
        g_thread_join (dropper);
      else
        g_assert_cmpuint (n_received, ==, before);
      n_received = 0;
    }

  poster_stop (&poster);
}

/* The window of a channel, to which only its listener refers, goes on a third thread. */
static void
test_windows_go (Script *self, gconstpointer data)
{
  Poster poster = { .origin = web_origin_new_opaque () };
  int    i;

  poster_start (&poster);
  for (i = 0; i < N_ROUNDS; i++)
    {
      WebWindow      *window = web_window_new_for_origin (poster.origin);
      WebEventTarget *channel;
      GThread        *dropper;

      channel = script_adopt (self, web_broadcast_channel_new_for_window ("race", window));
      script_handle (self, channel, "message", TRUE);
      g_object_unref (channel);
      g_main_context_iteration (NULL, FALSE);
      g_assert_nonnull (self->weak);
      dropper = g_thread_new ("dropper", drop_object, window);
      g_main_context_iteration (NULL, FALSE);
      g_thread_join (dropper);
      web_test_settle ();
      g_assert_null (self->weak);
    }

  poster_stop (&poster);
}

/* A context ends while another thread posts. */
static void
test_contexts_end (void)
{
  Poster poster = { NULL };
  int    i;

  poster_start (&poster);
  for (i = 0; i < N_ROUNDS; i++)
    {
      GMainContext        *context = g_main_context_new ();
      WebBroadcastChannel *channel;
      guint                n_received = 0;

      g_main_context_push_thread_default (context);
      channel = web_broadcast_channel_new ("race");
      web_broadcast_channel_set_on_message (channel, assert_open, &n_received, NULL);
      if (i % 2 == 0)
        web_test_wait_until (n_received > 0);
      g_main_context_pop_thread_default (context);
      g_main_context_unref (context);
      g_object_unref (channel);
    }

  poster_stop (&poster);
}

static void
check_no_lock (gpointer data, GObject *object, gboolean is_last)
{
  g_assert_false (web_private_is_locked ());
}

/* Like a binding, holds a toggle reference, whose callback runs when the library takes or drops the
 * second one. */
static void
test_toggle_reference (Script *self, gconstpointer data)
{
  WebEventTarget *channel = script_add_channel (self);

  g_object_add_toggle_ref (G_OBJECT (channel), check_no_lock, NULL);
  g_object_unref (channel);
  post (self->sender, 1);
  web_test_settle ();
  script_handle (self, channel, "message", TRUE);
  post (self->sender, 2);
  web_test_settle ();
  script_handle (self, channel, "message", FALSE);
  post (self->sender, 3);
  web_test_settle ();
  g_assert_cmpuint (self->n_events, ==, 1);
  g_object_remove_toggle_ref (G_OBJECT (channel), check_no_lock, NULL);
}

#define add(title, function)                                                                       \
  g_test_add ("/broadcast-channel/" title, Fixture, NULL, set_up, function, tear_down)
#define add_script(title, function)                                                                \
  g_test_add ("/broadcast-channel/" title, Script, NULL, script_set_up, function, script_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("all but the sender get a message", test_post);
  add ("properties", test_properties);
  add ("names are compared exactly", test_names);
  add ("only the same origin hears it", test_origins);
  add ("an opaque origin only hears itself", test_opaque_origins);
  g_test_add_func ("/broadcast-channel/the receivers come in the order of their creation",
                   test_order_of_creation);
  add ("messages come in the order of the posts", test_order_of_posts);
  add ("a channel gets what is posted after it was made", test_too_late);
  add ("a listener may come after the post", test_late_listener);

  add ("a closed channel neither posts nor receives", test_close);
  add ("what waits is dropped", test_close_before_delivery);
  add ("a handler may close any channel", test_close_in_handler);
  add ("a handler may drop the last reference", test_drop_in_handler);
  add ("a handler may dispose its channel", test_dispose_in_handler);
  add ("the last reference closes it", test_drop);
  g_test_add_func ("/broadcast-channel/a window closes its channels", test_window);

  add ("what cannot be posted", test_post_errors);
  add ("a serialized message is posted any number of times", test_post_serialized);
  add ("what cannot be deserialized is an error", test_messageerror);

  add_script ("a listener of a script keeps it", test_listener_keeps_channel);
  add_script ("a handler of a script keeps it", test_handler_keeps_channel);
  add_script ("a listener that is called once keeps it", test_once_keeps_channel);
  add_script ("a listener that was there before the script keeps it", test_adoption_keeps_channel);
  add_script ("nobody keeps it once it is closed", test_close_lets_channel_go);
  add_script ("nobody keeps one that was closed before", test_listener_at_closed_channel);
  add_script ("other listeners do not keep it", test_other_listener_keeps_nothing);
  add_script ("nobody keeps it once its window is closed", test_closed_window_lets_channel_go);
  add_script ("nobody keeps it once its context is gone", test_context_ends);
  add_script ("no reference is taken under a lock", test_toggle_reference);

  g_test_add_func ("/broadcast-channel/threads hear each other in order", test_threads);
  g_test_add_func ("/broadcast-channel/closing while another thread posts", test_races);
  add_script ("windows go while another thread posts", test_windows_go);
  g_test_add_func ("/broadcast-channel/contexts end while another thread posts", test_contexts_end);

  return g_test_run ();
}
