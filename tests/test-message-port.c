/* test-message-port.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-test.h"

typedef struct
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  WebTestLog     *log1;
  WebTestLog     *log2;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  web_test_channel (&self->port1, &self->port2);
  self->log1 = web_test_log_new (self->port1);
  self->log2 = web_test_log_new (self->port2);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  web_message_port_close (self->port1);
  web_message_port_close (self->port2);
  web_test_settle ();
  g_clear_pointer (&self->log1, web_test_log_free);
  g_clear_pointer (&self->log2, web_test_log_free);
  g_assert_finalize_object (g_steal_pointer (&self->port1));
  g_assert_finalize_object (g_steal_pointer (&self->port2));
}

/* web-messaging.html#port-message-queue */

static void
test_initially_disabled (Fixture *self, gconstpointer data)
{
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "");

  /* Nothing is lost meanwhile. */
  web_test_post (self->port1, 2, NULL);
  web_message_port_start (self->port2);
  web_test_assert_log (self->log2, "");
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2");
}

static void
test_start_twice (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port2);
  web_message_port_start (self->port2);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1");
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
test_listening_does_not_start (Fixture *self, gconstpointer data)
{
  int n = 0;

  web_event_target_add_event_listener (WEB_EVENT_TARGET (self->port2), "message", WEB_LISTENER_NONE,
                                       count_event, &n, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  g_assert_cmpint (n, ==, 0);
}

static void
test_on_message_starts (Fixture *self, gconstpointer data)
{
  int n = 0;

  web_test_post (self->port1, 1, NULL);
  web_message_port_set_on_message (self->port2, count_message, &n, NULL);
  web_test_settle ();
  g_assert_cmpint (n, ==, 1);

  /* Without a handler the queue stays enabled. */
  web_message_port_set_on_message (self->port2, NULL, NULL, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  g_assert_cmpint (n, ==, 1);
  web_test_assert_log (self->log2, "1 2");
}

static void
test_on_message_null_starts (Fixture *self, gconstpointer data)
{
  web_message_port_set_on_message (self->port2, NULL, NULL, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1");
}

static void
count_destroyed (gpointer data)
{
  (*(int *)data)++;
}

static void
replace_on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  int *destroyed = user_data;

  web_message_port_set_on_message (port, NULL, NULL, NULL);
  /* What the handler uses stays whole until it returns. */
  g_assert_cmpint (*destroyed, ==, 0);
}

static void
test_on_message_destroy (Fixture *self, gconstpointer data)
{
  int destroyed = 0;

  web_message_port_set_on_message (self->port2, replace_on_message, &destroyed, count_destroyed);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  g_assert_cmpint (destroyed, ==, 1);
}

/* web-messaging.html#message-port-post-message-steps */

static void
test_post_is_asynchronous_and_ordered (Fixture *self, gconstpointer data)
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
test_post_both_ways (Fixture *self, gconstpointer data)
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
test_post_shares_the_variant (Fixture *self, gconstpointer data)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (g_variant_new_string ("big"));
  g_autoptr (GError) error = NULL;

  web_message_port_start (self->port2);
  g_assert_true (web_message_port_post_message (self->port1, message, NULL, 0, &error));
  g_assert_no_error (error);
  web_test_settle ();
  g_assert_true (web_message_event_get_data (self->log2->last) == message);
}

static void
test_post_without_value (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port2);
  g_assert_true (web_message_port_post_message (self->port1, NULL, NULL, 0, NULL));
  web_test_settle ();
  web_test_assert_log (self->log2, "-");
}

static void
test_event_properties (Fixture *self, gconstpointer data)
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

  /* The first is kept, of the second a weak reference, the third not at all. */
  if (kept->len == 0)
    g_ptr_array_add (kept, g_object_ref (event));
  else if (kept->len == 1)
    g_ptr_array_add (kept, NULL);
  if (kept->len == 2 && kept->pdata[1] == NULL)
    g_set_weak_pointer (&kept->pdata[1], event);
}

/* An event that nobody has kept may be used again for the next message; others may not. */
static void
test_kept_events (Fixture *self, gconstpointer data)
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
  /* The weak reference has told of the end of the second. */
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
assert_post_fails (WebMessagePort   *port,
                   GVariant         *message,
                   WebTransferable **transfer,
                   gsize             n_transfer,
                   WebMessagingError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (web_message_port_post_message (port, message, transfer, n_transfer, &error));
  web_test_assert_error (error, code);
}

static void
test_post_source_port_in_transfer (Fixture *self, gconstpointer data)
{
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (self->port1) };

  web_message_port_start (self->port2);
  assert_post_fails (self->port1, g_variant_new_int32 (1), transfer, 1,
                     WEB_MESSAGING_ERROR_DATA_CLONE);

  /* The channel is as it was. */
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "2");
}

static void
test_post_target_port_in_transfer (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_start (self->port2);

  /* No error: the port is transferred into a message that nobody can receive. */
  web_test_post (self->port1, 1, self->port2, NULL);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (self->port2)));
  web_test_settle ();
  web_test_assert_log (self->log2, "");
  web_test_assert_log (self->log1, "close");
}

static void
test_post_null_in_transfer (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  WebTransferable *transfer[2] = { NULL };

  web_test_channel (&other1, &other2);
  transfer[0] = WEB_TRANSFERABLE (other1);
  assert_post_fails (self->port1, NULL, transfer, 2, WEB_MESSAGING_ERROR_TYPE);
  g_assert_false (web_transferable_is_detached (transfer[0]));
}

static void
test_post_same_port_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  WebTransferable *transfer[3];

  web_test_channel (&other1, &other2);
  transfer[0] = WEB_TRANSFERABLE (other1);
  transfer[1] = WEB_TRANSFERABLE (other2);
  transfer[2] = WEB_TRANSFERABLE (other1);
  assert_post_fails (self->port1, NULL, transfer, 3, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (web_transferable_is_detached (transfer[0]));
  g_assert_false (web_transferable_is_detached (transfer[1]));
}

static void
test_post_detached_port (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  g_autoptr (WebMessagePort) third1 = NULL;
  g_autoptr (WebMessagePort) third2 = NULL;
  WebTransferable *transfer[2];

  web_test_channel (&other1, &other2);
  web_test_channel (&third1, &third2);
  web_test_post (self->port1, 1, other1, NULL);

  transfer[0] = WEB_TRANSFERABLE (third1);
  transfer[1] = WEB_TRANSFERABLE (other1);
  assert_post_fails (self->port1, NULL, transfer, 2, WEB_MESSAGING_ERROR_DATA_CLONE);
  /* Nothing was half transferred. */
  g_assert_false (web_transferable_is_detached (transfer[0]));
}

static void
test_post_bad_handles (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  WebTransferable *transfer[1];

  web_test_channel (&other1, &other2);
  transfer[0] = WEB_TRANSFERABLE (other1);
  assert_post_fails (self->port1, g_variant_new_handle (1), transfer, 1,
                     WEB_MESSAGING_ERROR_DATA_CLONE);
  assert_post_fails (self->port1, g_variant_new_handle (-1), transfer, 1,
                     WEB_MESSAGING_ERROR_DATA_CLONE);
  assert_post_fails (self->port1, g_variant_new_handle (0), NULL, 0,
                     WEB_MESSAGING_ERROR_DATA_CLONE);
  assert_post_fails (self->port1, g_variant_new_parsed ("{'a': <[<1>, <(true, handle 7)>]>}"),
                     transfer, 1, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (web_transferable_is_detached (transfer[0]));

  web_message_port_start (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "");
}

static void
test_handles_stand_for_ports (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) a1 = NULL;
  g_autoptr (WebMessagePort) a2 = NULL;
  g_autoptr (WebMessagePort) b1 = NULL;
  g_autoptr (WebMessagePort) b2 = NULL;
  WebTransferable *transfer[2];
  WebMessagePort **ports;
  gsize            n_ports;

  web_test_channel (&a1, &a2);
  web_test_channel (&b1, &b2);
  transfer[0] = WEB_TRANSFERABLE (a2);
  transfer[1] = WEB_TRANSFERABLE (b2);
  web_message_port_start (self->port2);
  g_assert_true (
    web_message_port_post_message (self->port1,
                                   g_variant_new_parsed ("{'b': <handle 1>, 'again': <handle 1>}"),
                                   transfer, 2, NULL));
  web_test_settle ();

  ports = web_message_event_get_ports (self->log2->last, &n_ports);
  g_assert_cmpuint (n_ports, ==, 2);
  g_assert_true (web_message_event_get_object (self->log2->last, 0) == G_OBJECT (ports[0]));
  g_assert_true (web_message_event_get_object (self->log2->last, 1) == G_OBJECT (ports[1]));
  g_assert_null (web_message_event_get_object (self->log2->last, 2));
  g_assert_null (web_message_event_get_object (self->log2->last, -1));
  /* The same array each time. */
  g_assert_true (ports == web_message_event_get_ports (self->log2->last, &n_ports));
}

static void
test_post_to_nobody_still_transfers (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  g_autoptr (WebTestLog) log = NULL;

  web_test_channel (&other1, &other2);
  log = web_test_log_new (other2);
  web_message_port_close (self->port2);
  web_test_post (self->port1, 1, other1, NULL);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (other1)));
  web_test_settle ();
  web_test_assert_log (log, "close");
}

static void
test_dispatched_plain_event (Fixture *self, gconstpointer data)
{
  g_autoptr (WebEvent) event = web_event_new ("message", FALSE, FALSE, FALSE);
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

/* web-messaging.html#dom-messageport-close and #disentangle */

static void
test_close_tells_the_other_side (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_start (self->port2);
  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port1);
  web_message_port_close (self->port1);
  web_test_settle ();
  /* Once, after what was sent before it, and not at the side that has closed. */
  web_test_assert_log (self->log2, "1 close");
  web_test_assert_log (self->log1, "");

  web_message_port_close (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log1, "");
}

static void
test_close_event_needs_no_start (Fixture *self, gconstpointer data)
{
  web_message_port_close (self->port1);
  web_test_settle ();
  web_test_assert_log (self->log2, "close");
}

static void
test_close_event_waits_for_messages (Fixture *self, gconstpointer data)
{
  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port1);
  web_test_settle ();
  web_test_assert_log (self->log2, "");
  web_message_port_start (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 close");
}

static void
keep_event (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  g_set_object ((WebEvent **)user_data, event);
}

static void
test_close_event_is_a_plain_trusted_event (Fixture *self, gconstpointer data)
{
  g_autoptr (WebEvent) event = NULL;

  g_signal_connect (self->port2, "close", G_CALLBACK (keep_event), &event);
  web_message_port_close (self->port1);
  web_test_settle ();
  g_assert_true (G_OBJECT_TYPE (event) == WEB_TYPE_EVENT);
  g_assert_cmpstr (web_event_get_event_type (event), ==, "close");
  g_assert_true (web_event_get_is_trusted (event));
  g_assert_false (web_event_get_bubbles (event));
  g_assert_false (web_event_get_cancelable (event));
}

static void
test_close_stops_posts_of_both_sides (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_start (self->port2);
  web_message_port_close (self->port1);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port2, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "");
  web_test_assert_log (self->log2, "close");
}

static void
close_port (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  web_message_port_close (port);
}

static void
test_close_in_handler_keeps_inflight_messages (Fixture *self, gconstpointer data)
{
  web_message_port_set_on_message (self->port2, close_port, NULL, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2");
}

static void
test_close_own_keeps_queued_messages (Fixture *self, gconstpointer data)
{
  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "");
  web_message_port_start (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "1");
}

static void
test_close_both_sides_at_once (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_start (self->port2);
  web_message_port_close (self->port1);
  web_message_port_close (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log1, "");
  web_test_assert_log (self->log2, "");
}

static void
test_closed_port_cannot_be_transferred (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  WebTransferable *transfer[1];

  web_test_channel (&other1, &other2);
  web_message_port_close (other1);
  transfer[0] = WEB_TRANSFERABLE (other1);
  g_assert_true (web_transferable_is_detached (transfer[0]));
  assert_post_fails (self->port1, NULL, transfer, 1, WEB_MESSAGING_ERROR_DATA_CLONE);
}

static void
log_received_port (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  gsize n_ports;

  *(WebTestLog **)user_data = web_test_log_new (web_message_event_get_ports (event, &n_ports)[0]);
}

static void
test_other_port_of_a_closed_one_can_be_transferred (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  g_autoptr (WebTestLog) log = NULL;

  web_test_channel (&other1, &other2);
  web_message_port_close (other1);
  g_assert_false (web_transferable_is_detached (WEB_TRANSFERABLE (other2)));
  web_message_port_set_on_message (self->port2, log_received_port, &log, NULL);
  web_test_post (self->port1, 1, other2, NULL);
  web_test_settle ();
  /* The news that wait for the old port come to the new one. */
  web_test_assert_log (log, "close");
}

static void
test_close_detached_port (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  g_autoptr (WebTestLog) log = NULL;

  web_test_channel (&other1, &other2);
  log = web_test_log_new (other2);
  web_test_post (self->port1, 1, other1, NULL);
  /* It holds no end of the channel any more, and so ends nothing. */
  web_message_port_close (other1);
  web_message_port_start (other1);
  web_test_post (other1, 2, NULL);
  web_message_port_start (other2);
  web_test_settle ();
  web_test_assert_log (log, "");
}

/* web-messaging.html#ports-and-garbage-collection */

static void
test_drop_unstarted_port_closes (void)
{
  WebMessagePort *port1;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  web_test_post (port1, 1, NULL);
  g_assert_finalize_object (port1);
  web_test_settle ();
  web_test_assert_log (log, "1 close");
}

/* The task that fires the event refers to the port, as any task does. */
static void
test_pending_close_keeps_port (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  g_autoptr (WebTestLog) log = NULL;
  gpointer weak;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  weak = port2;
  g_object_add_weak_pointer (G_OBJECT (port2), &weak);
  web_message_port_close (port1);
  g_object_unref (port1);
  g_object_unref (port2);
  g_assert_nonnull (weak);
  web_test_settle ();
  web_test_assert_log (log, "close");
  g_assert_null (weak);

  /* Not so where it goes together with its other side. */
  web_test_channel (&port1, &port2);
  g_assert_finalize_object (port1);
  g_assert_finalize_object (port2);
}

static void
test_drop_channel_keeps_ports (void)
{
  WebMessageChannel *channel = web_message_channel_new ();
  g_autoptr (WebMessagePort) port1 = g_object_ref (web_message_channel_get_port1 (channel));
  g_autoptr (WebMessagePort) port2 = g_object_ref (web_message_channel_get_port2 (channel));
  g_autoptr (WebTestLog) log = web_test_log_new (port2);

  g_assert_finalize_object (channel);
  web_message_port_start (port2);
  web_test_post (port1, 1, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1");
  web_message_port_close (port1);
  web_test_settle ();
}

static void
test_started_port_stays_alive (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  WebMessagePort *port2;
  gpointer        weak;

  web_test_channel (&port1, &port2);
  weak = port2;
  g_object_add_weak_pointer (G_OBJECT (port2), &weak);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  g_object_unref (port2);
  g_assert_nonnull (weak);

  web_test_post (port1, 1, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1");
  g_assert_nonnull (weak);

  web_message_port_close (port1);
  g_assert_nonnull (weak);
  web_test_settle ();
  web_test_assert_log (log, "1 close");
  g_clear_object (&log->last);
  g_assert_null (weak);
}

static void
test_started_port_is_freed_by_its_own_close (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  WebMessagePort *port2;
  gpointer        weak;

  web_test_channel (&port1, &port2);
  weak = port2;
  g_object_add_weak_pointer (G_OBJECT (port2), &weak);
  log = web_test_log_new (port2);
  web_message_port_set_on_message (port2, close_port, NULL, NULL);
  g_object_unref (port2);

  web_test_post (port1, 1, NULL);
  web_test_post (port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1 2");
  g_clear_object (&log->last);
  g_assert_null (weak);
}

static void
unref_port (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  WebMessagePort **owned = user_data;

  web_message_port_close (port);
  g_clear_object (owned);
}

static void
test_drop_last_reference_in_handler (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  WebMessagePort *port2;
  gpointer        weak;

  web_test_channel (&port1, &port2);
  weak = port2;
  g_object_add_weak_pointer (G_OBJECT (port2), &weak);
  web_message_port_set_on_message (port2, unref_port, &port2, NULL);
  web_test_post (port1, 1, NULL);
  web_test_settle ();
  g_assert_null (weak);
}

static void
run_dispose (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_object_run_dispose (G_OBJECT (port));
}

static void
test_dispose_in_handler (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_set_on_message (self->port2, run_dispose, NULL, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "close");
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
test_nested_main_loop (Fixture *self, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (self->port2, self->log2);
  web_message_port_set_on_message (self->port2, run_nested_loop, self->log2, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_post (self->port1, 3, NULL);
  web_test_wait_until (self->log2->n_events == 3);
  web_test_assert_log (self->log2, "2 3 1");
}

static gpointer
post_from_thread (gpointer port)
{
  g_test_expect_message ("WebMessaging", G_LOG_LEVEL_CRITICAL, "*called on another thread*");
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
test_post_on_wrong_thread (Fixture *self, gconstpointer data)
{
  web_message_port_start (self->port2);
  g_idle_add (post_while_running, self->port1);
  web_test_settle ();
  web_test_assert_log (self->log2, "");
}

/* web_message_port_receive_async() */

typedef struct
{
  GString *text;
  guint    n_done;
} Received;

static void
received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Received *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessageEvent) event =
    web_message_port_receive_finish (WEB_MESSAGE_PORT (source), result, &error);

  if (self->text == NULL)
    self->text = g_string_new (NULL);

  if (event != NULL)
    g_string_append_printf (self->text, "%d;",
                            g_variant_get_int32 (web_message_event_get_data (event)));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_string_append (self->text, "cancelled;");
  else
    g_string_append_printf (self->text, "%s;", web_dom_exception_get_name (error));
  self->n_done++;
}

static void
assert_received (Received *self, guint n_done, const char *expected)
{
  web_test_wait_until (self->n_done == n_done);
  g_assert_cmpstr (self->text->str, ==, expected);
  g_string_free (g_steal_pointer (&self->text), TRUE);
  self->n_done = 0;
}

static void
test_receive (Fixture *self, gconstpointer data)
{
  Received received = { 0 };

  /* In the order of the calls, without a start, and without an event. */
  web_test_post (self->port1, 1, NULL);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  web_test_settle ();
  g_assert_cmpuint (received.n_done, ==, 1);
  web_test_post (self->port1, 2, NULL);
  web_test_post (self->port1, 3, NULL);
  assert_received (&received, 2, "1;2;");
  web_test_assert_log (self->log2, "");

  /* The rest waits. */
  web_message_port_start (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "3");
}

static void
test_receive_until_close (Fixture *self, gconstpointer data)
{
  Received received = { 0 };

  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port1);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  assert_received (&received, 2, "1;InvalidStateError;");
  web_test_settle ();
  web_test_assert_log (self->log2, "close");

  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  g_assert_cmpuint (received.n_done, ==, 0);
  assert_received (&received, 1, "InvalidStateError;");
}

static void
test_receive_at_closed_port (Fixture *self, gconstpointer data)
{
  Received received = { 0 };

  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  web_message_port_close (self->port2);
  assert_received (&received, 1, "InvalidStateError;");
}

static void
test_receive_at_closed_port_with_messages (Fixture *self, gconstpointer data)
{
  Received received = { 0 };

  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port2);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  assert_received (&received, 2, "1;InvalidStateError;");
}

static void
test_receive_at_transferred_port (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) other1 = NULL;
  g_autoptr (WebMessagePort) other2 = NULL;
  Received received = { 0 };

  web_test_channel (&other1, &other2);
  web_message_port_receive_async (other1, NULL, received_cb, &received);
  web_test_post (self->port1, 1, other1, NULL);
  assert_received (&received, 1, "InvalidStateError;");
}

static void
test_receive_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  Received first = { 0 };
  Received second = { 0 };

  g_cancellable_cancel (cancelled);
  web_message_port_receive_async (self->port2, cancelled, received_cb, &first);
  assert_received (&first, 1, "cancelled;");

  web_message_port_receive_async (self->port2, cancellable, received_cb, &first);
  web_test_settle ();
  g_assert_cmpuint (first.n_done, ==, 0);
  web_message_port_receive_async (self->port2, NULL, received_cb, &second);
  g_cancellable_cancel (cancellable);
  assert_received (&first, 1, "cancelled;");

  /* The message is there for the next one. */
  web_test_post (self->port1, 1, NULL);
  assert_received (&second, 1, "1;");
}

static void
test_receive_cancelled_loses_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Received received = { 0 };

  /* The message is there when the call is cancelled, before the main loop knows of either. */
  web_message_port_receive_async (self->port2, cancellable, received_cb, &received);
  web_test_post (self->port1, 1, NULL);
  g_cancellable_cancel (cancellable);
  assert_received (&received, 1, "cancelled;");

  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  assert_received (&received, 1, "1;");
}

static void
test_receive_keeps_port_alive (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  WebMessagePort *port2;
  Received        received = { 0 };

  web_test_channel (&port1, &port2);
  web_message_port_receive_async (port2, NULL, received_cb, &received);
  g_object_unref (port2);
  web_test_post (port1, 1, NULL);
  assert_received (&received, 1, "1;");
}

/* What it leaves behind does not keep a port alive that was never started. */
static void
test_receive_one_of_two (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  WebMessagePort *port2;
  g_autoptr (WebTestLog) log = NULL;
  Received received = { 0 };

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port1);
  web_test_post (port1, 1, NULL);
  web_test_post (port1, 2, NULL);
  web_message_port_receive_async (port2, NULL, received_cb, &received);
  assert_received (&received, 1, "1;");
  g_assert_finalize_object (port2);
  web_test_settle ();
  web_test_assert_log (log, "close");
}

/* web-messaging.html#dom-messagechannel */

static void
test_channel_ports (void)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;

  g_object_get (channel, "port1", &port1, "port2", &port2, NULL);
  g_assert_true (port1 == web_message_channel_get_port1 (channel));
  g_assert_true (port2 == web_message_channel_get_port2 (channel));
  g_assert_true (port1 != port2);
}

static void
test_port_without_channel (void)
{
  g_autoptr (WebMessagePort) port = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);
  Received received = { 0 };

  /* It is a port as good as a transferred one. */
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (port)));
  web_message_port_start (port);
  web_test_post (port, 1, NULL);
  web_message_port_receive_async (port, NULL, received_cb, &received);
  assert_received (&received, 1, "InvalidStateError;");
  web_message_port_close (port);
}

#define add(name, function)                                                                        \
  g_test_add ("/message-port/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-channel/ports", test_channel_ports);
  g_test_add_func ("/message-channel/drop-keeps-ports", test_drop_channel_keeps_ports);

  add ("enabling/initially-disabled", test_initially_disabled);
  add ("enabling/start-twice", test_start_twice);
  add ("enabling/listening-does-not-start", test_listening_does_not_start);
  add ("enabling/on-message-starts", test_on_message_starts);
  add ("enabling/on-message-null-starts", test_on_message_null_starts);
  add ("enabling/on-message-destroy", test_on_message_destroy);

  add ("post/asynchronous-and-ordered", test_post_is_asynchronous_and_ordered);
  add ("post/both-ways", test_post_both_ways);
  add ("post/shares-the-variant", test_post_shares_the_variant);
  add ("post/without-value", test_post_without_value);
  add ("post/event-properties", test_event_properties);
  add ("post/kept-events", test_kept_events);
  add ("post/source-port-in-transfer", test_post_source_port_in_transfer);
  add ("post/target-port-in-transfer", test_post_target_port_in_transfer);
  add ("post/null-in-transfer", test_post_null_in_transfer);
  add ("post/same-port-twice", test_post_same_port_twice);
  add ("post/detached-port", test_post_detached_port);
  add ("post/bad-handles", test_post_bad_handles);
  add ("post/handles-stand-for-ports", test_handles_stand_for_ports);
  add ("post/to-nobody-still-transfers", test_post_to_nobody_still_transfers);
  add ("post/dispatched-plain-event", test_dispatched_plain_event);
  add ("post/wrong-thread", test_post_on_wrong_thread);
  add ("post/nested-main-loop", test_nested_main_loop);
  g_test_add_func ("/message-port/post/port-without-channel", test_port_without_channel);

  add ("close/tells-the-other-side", test_close_tells_the_other_side);
  add ("close/event-needs-no-start", test_close_event_needs_no_start);
  add ("close/event-waits-for-messages", test_close_event_waits_for_messages);
  add ("close/event-is-plain", test_close_event_is_a_plain_trusted_event);
  add ("close/stops-posts-of-both-sides", test_close_stops_posts_of_both_sides);
  add ("close/in-handler-keeps-inflight", test_close_in_handler_keeps_inflight_messages);
  add ("close/own-keeps-queued", test_close_own_keeps_queued_messages);
  add ("close/both-sides-at-once", test_close_both_sides_at_once);
  add ("close/closed-port-cannot-be-transferred", test_closed_port_cannot_be_transferred);
  add ("close/other-port-can-be-transferred", test_other_port_of_a_closed_one_can_be_transferred);
  add ("close/detached-port", test_close_detached_port);

  g_test_add_func ("/message-port/lifetime/drop-unstarted-closes", test_drop_unstarted_port_closes);
  g_test_add_func ("/message-port/lifetime/pending-close-keeps-port",
                   test_pending_close_keeps_port);
  g_test_add_func ("/message-port/lifetime/started-stays-alive", test_started_port_stays_alive);
  g_test_add_func ("/message-port/lifetime/freed-by-own-close",
                   test_started_port_is_freed_by_its_own_close);
  g_test_add_func ("/message-port/lifetime/drop-in-handler", test_drop_last_reference_in_handler);
  add ("lifetime/dispose-in-handler", test_dispose_in_handler);

  add ("receive/in-order", test_receive);
  add ("receive/until-close", test_receive_until_close);
  add ("receive/at-closed-port", test_receive_at_closed_port);
  add ("receive/at-closed-port-with-messages", test_receive_at_closed_port_with_messages);
  add ("receive/at-transferred-port", test_receive_at_transferred_port);
  add ("receive/cancelled", test_receive_cancelled);
  add ("receive/cancelled-loses-nothing", test_receive_cancelled_loses_nothing);
  g_test_add_func ("/message-port/receive/one-of-two", test_receive_one_of_two);
  g_test_add_func ("/message-port/receive/keeps-port-alive", test_receive_keeps_port_alive);

  return g_test_run ();
}
