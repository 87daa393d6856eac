/* test-port-close.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* HTML, web-messaging.html#dom-messageport-close and #disentangle */

#include "web-test-ports.h"

static void
test_close_tells_the_other_side (WebTestPair *self, gconstpointer data)
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
test_close_event_needs_no_start (WebTestPair *self, gconstpointer data)
{
  web_message_port_close (self->port1);
  web_test_settle ();
  web_test_assert_log (self->log2, "close");
}

static void
test_close_event_waits_for_messages (WebTestPair *self, gconstpointer data)
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
test_close_event_is_a_plain_trusted_event (WebTestPair *self, gconstpointer data)
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
test_close_stops_posts_of_both_sides (WebTestPair *self, gconstpointer data)
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
test_close_in_handler_keeps_inflight_messages (WebTestPair *self, gconstpointer data)
{
  web_message_port_set_on_message (self->port2, close_port, NULL, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2");
}

static void
test_close_own_keeps_queued_messages (WebTestPair *self, gconstpointer data)
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
test_close_both_sides_at_once (WebTestPair *self, gconstpointer data)
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
test_closed_port_cannot_be_transferred (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();
  WebTransferable *transfer[1];

  web_message_port_close (other.port1);
  transfer[0] = WEB_TRANSFERABLE (other.port1);
  g_assert_true (web_transferable_is_detached (transfer[0]));
  web_test_assert_post_fails (self->port1, NULL, transfer, 1, WEB_MESSAGING_ERROR_DATA_CLONE);
}

static void
log_received_port (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  gsize n_ports;

  *(WebTestLog **)user_data = web_test_log_new (web_message_event_get_ports (event, &n_ports)[0]);
}

static void
test_other_port_of_a_closed_one_can_be_transferred (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();
  g_autoptr (WebTestLog) log = NULL;

  web_message_port_close (other.port1);
  g_assert_false (web_transferable_is_detached (WEB_TRANSFERABLE (other.port2)));
  web_message_port_set_on_message (self->port2, log_received_port, &log, NULL);
  web_test_post (self->port1, 1, other.port2, NULL);
  web_test_settle ();
  /* The news that wait for the old port come to the new one. */
  web_test_assert_log (log, "close");
}

static void
test_close_detached_port (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();

  web_test_post (self->port1, 1, other.port1, NULL);
  /* The old port no longer holds an end of the channel, so it ends nothing. */
  web_message_port_close (other.port1);
  web_message_port_start (other.port1);
  web_test_post (other.port1, 2, NULL);
  web_message_port_start (other.port2);
  web_test_settle ();
  web_test_assert_log (other.log2, "");
}

#define add(title, function) web_test_add_pair ("/message-port/close/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("close is fired once, at the other port, after the messages",
       test_close_tells_the_other_side);
  add ("close is fired at a port that was never started", test_close_event_needs_no_start);
  add ("close waits for messages that wait for a start", test_close_event_waits_for_messages);
  add ("close is a plain trusted event", test_close_event_is_a_plain_trusted_event);
  add ("after a close neither port can post", test_close_stops_posts_of_both_sides);
  add ("a port closed in its handler delivers what had arrived",
       test_close_in_handler_keeps_inflight_messages);
  add ("a closed port delivers what had arrived", test_close_own_keeps_queued_messages);
  add ("ports that are closed on both sides get no close event", test_close_both_sides_at_once);
  add ("a closed port cannot be transferred", test_closed_port_cannot_be_transferred);
  add ("the other port of a closed one can be transferred",
       test_other_port_of_a_closed_one_can_be_transferred);
  add ("closing a port that was transferred closes nothing", test_close_detached_port);

  return g_test_run ();
}
