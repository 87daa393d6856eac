/* test-port-post.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What is posted, and the event that arrives. HTML,
 * web-messaging.html#message-port-post-message-steps */

#include "web-test-ports.h"

static void
test_post_is_asynchronous_and_ordered (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  int i;

  web_message_port_start (self->port2);
  for (i = 0; i < 2000; i++)
    {
      web_test_post (self->port1, i, NULL);
      g_string_append_printf (expected, "%s%d", i > 0 ? " " : "", i);
    }
  web_test_assert_log (self->log2, "");
  web_test_settle ();
  web_test_assert_log (self->log2, expected->str);
}

static void
test_post_both_ways (WebTestPair *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_start (self->port2);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port2, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "2");
  web_test_assert_log (self->log2, "1");
}

static void
test_post_shares_the_variant (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (g_variant_new_string ("big"));
  g_autoptr (GError) error = NULL;

  web_test_skip_over_sockets ("the receiver gets a variant of its own");

  web_message_port_start (self->port2);
  g_assert_true (web_message_port_post_message (self->port1, message, NULL, 0, &error));
  g_assert_no_error (error);
  web_test_settle ();
  g_assert_true (web_message_event_get_data (self->log2->last) == message);
}

static void
test_post_without_value (WebTestPair *self, gconstpointer data)
{
  web_message_port_start (self->port2);
  g_assert_true (web_message_port_post_message (self->port1, NULL, NULL, 0, NULL));
  web_test_settle ();
  web_test_assert_log (self->log2, "-");
}

static void
test_event_properties (WebTestPair *self, gconstpointer data)
{
  g_autoptr (WebEventTarget) target = NULL;
  gint64           before = g_get_monotonic_time ();
  WebMessageEvent *message;
  gsize            n_ports = 99;
  WebEvent        *event;

  web_message_port_start (self->port2);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();

  message = self->log2->last;
  event = WEB_EVENT (message);
  g_assert_cmpstr (web_event_get_event_type (event), ==, "message");
  g_assert_true (web_event_get_is_trusted (event));
  g_assert_false (web_event_get_bubbles (event));
  g_assert_false (web_event_get_cancelable (event));
  g_assert_false (web_event_get_composed (event));
  g_assert_cmpstr (web_message_event_get_origin (message), ==, "");
  g_assert_cmpstr (web_message_event_get_last_event_id (message), ==, "");
  g_assert_null (web_message_event_get_source (message));
  g_assert_null (web_message_event_get_ports (message, &n_ports));
  g_assert_cmpuint (n_ports, ==, 0);
  g_assert_null (web_message_event_get_object (message, 0));
  g_assert_true (web_event_get_target (event) == WEB_EVENT_TARGET (self->port2));
  g_assert_null (web_event_get_current_target (event));
  g_assert_cmpint (web_event_get_time_stamp (event), >=, before);
  g_assert_cmpint (web_event_get_time_stamp (event), <=, g_get_monotonic_time ());

  g_object_get (event, "target", &target, NULL);
  g_assert_true (target == WEB_EVENT_TARGET (self->port2));
  g_clear_object (&self->log2->last);
}

static void
keep_some_events (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  GPtrArray *kept = user_data;

  /* The test keeps the first event, a weak reference to the second, and nothing of the third. */
  if (kept->len == 0)
    g_ptr_array_add (kept, g_object_ref (event));
  else if (kept->len == 1)
    g_ptr_array_add (kept, NULL);
  if (kept->len == 2 && kept->pdata[1] == NULL)
    g_set_weak_pointer (&kept->pdata[1], event);
}

/* An event that nobody has kept may be used again for the next message; others may not. */
static void
test_kept_events (WebTestPair *self, gconstpointer data)
{
  GPtrArray *kept = g_ptr_array_new ();
  WebEvent  *first;
  int        i;

  g_signal_handlers_disconnect_by_data (self->port2, self->log2);
  web_message_port_set_on_message (self->port2, keep_some_events, kept, NULL);
  for (i = 1; i <= 2; i++)
    {
      web_test_post (self->port1, i, NULL);
      web_test_settle ();
    }
  /* The weak reference shows that the second event is gone. */
  g_assert_cmpuint (kept->len, ==, 2);
  g_assert_null (kept->pdata[1]);

  kept->len = 3;
  web_test_post (self->port1, 3, NULL);
  web_test_post (self->port1, 4, NULL);
  web_test_settle ();

  first = kept->pdata[0];
  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (WEB_MESSAGE_EVENT (first))), ==,
                   1);
  g_assert_true (web_event_get_target (first) == WEB_EVENT_TARGET (self->port2));
  g_assert_true (web_event_get_is_trusted (first));
  g_object_unref (first);
  g_ptr_array_unref (kept);
}

static void
count_event (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  (*(int *)user_data)++;
}

static void
count_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  (*(int *)user_data)++;
}

static void
test_dispatched_plain_event (WebTestPair *self, gconstpointer data)
{
  g_autoptr (WebEvent) event = web_event_new ("message");
  int n_handler = 0;
  int n_listener = 0;

  web_message_port_set_on_message (self->port1, count_message, &n_handler, NULL);
  web_event_target_add_event_listener (WEB_EVENT_TARGET (self->port1), "message", WEB_LISTENER_NONE,
                                       count_event, &n_listener, NULL);
  g_assert_true (web_event_target_dispatch_event (WEB_EVENT_TARGET (self->port1), event, NULL));
  /* A handler for message events is not given an event of another class. */
  g_assert_cmpint (n_handler, ==, 0);
  g_assert_cmpint (n_listener, ==, 1);
  web_test_assert_log (self->log1, "");
}

static gpointer
post_from_thread (gpointer port)
{
  g_test_expect_message ("WebMessaging", G_LOG_LEVEL_CRITICAL, "*called on a thread other than*");
  g_assert_false (web_message_port_post_message (port, g_variant_new_int32 (1), NULL, 0, NULL));
  g_test_assert_expected_messages ();

  return NULL;
}

static gboolean
post_while_running (gpointer port)
{
  g_thread_join (g_thread_new ("wrong", post_from_thread, port));

  return G_SOURCE_REMOVE;
}

static void
test_post_on_wrong_thread (WebTestPair *self, gconstpointer data)
{
  if (!WEB_DEBUG_BUILD)
    {
      g_test_skip ("only a debug build checks each post");
      return;
    }
  web_message_port_start (self->port2);
  g_idle_add (post_while_running, self->port1);
  web_test_settle ();
  web_test_assert_log (self->log2, "");
}

static void
run_nested_loop (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  WebTestLog *log = user_data;
  int         number = g_variant_get_int32 (web_message_event_get_data (event));

  if (number == 1)
    web_test_wait_until (log->n_events == 2);
  web_test_log_message (NULL, event, log);
}

/* A handler that runs a main loop of its own gets the next messages in it. */
static void
test_nested_main_loop (WebTestPair *self, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (self->port2, self->log2);
  web_message_port_set_on_message (self->port2, run_nested_loop, self->log2, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_post (self->port1, 3, NULL);
  web_test_wait_until (self->log2->n_events == 3);
  web_test_assert_log (self->log2, "2 3 1");
}

#define add(title, function) web_test_add_pair ("/message-port/post/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("messages arrive later, in the order of the posts", test_post_is_asynchronous_and_ordered);
  add ("messages go both ways", test_post_both_ways);
  add ("the receiver gets the very variant that was posted", test_post_shares_the_variant);
  add ("a message needs no value", test_post_without_value);
  add ("the message event has the properties of the standard", test_event_properties);
  add ("an event that somebody has kept is not used for another message", test_kept_events);
  add ("an on_message handler is not given a plain event", test_dispatched_plain_event);
  add ("a port refuses a post on another thread", test_post_on_wrong_thread);
  add ("a main loop in a handler delivers the next messages", test_nested_main_loop);

  return g_test_run ();
}
