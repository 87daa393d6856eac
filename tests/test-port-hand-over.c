/* test-port-hand-over.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The first port of a thread: web_message_port_hand_over() and web_message_port_take_over() */

#include "web-test-ports.h"

static void
test_messages_go_along (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GObject) handed_over = NULL;
  g_autoptr (WebMessagePort) port = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GError) error = NULL;

  web_test_pair_start (self);
  web_test_post (self->port1, 1, NULL);
  handed_over = web_message_port_hand_over (self->port2, &error);
  g_assert_no_error (error);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (self->port2)));
  web_test_post (self->port1, 2, NULL);

  port = web_message_port_take_over (handed_over, &error);
  g_assert_no_error (error);
  log = web_test_log_new (port);
  web_test_settle ();
  web_test_assert_log (log, "");
  web_message_port_start (port);
  web_test_post (port, 3, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1 2");
  web_test_assert_log (self->log1, "3");
  web_test_assert_log (self->log2, "");
}

static void
test_only_once (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) handed_over = web_message_port_hand_over (self->port2, &error);
  g_autoptr (WebMessagePort) port = NULL;

  g_assert_null (web_message_port_hand_over (self->port2, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  port = web_message_port_take_over (handed_over, &error);
  g_assert_no_error (error);
  g_assert_null (web_message_port_take_over (handed_over, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (web_transferable_is_detached (WEB_TRANSFERABLE (port)));
}

static void
test_closed_port (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  web_message_port_close (self->port2);
  g_assert_null (web_message_port_hand_over (self->port2, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
}

static void
test_something_else (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (web_message_port_take_over (G_OBJECT (self->port2), &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
}

static void
test_nobody_takes_it (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GObject *handed_over = web_message_port_hand_over (self->port2, &error);

  g_assert_no_error (error);
  web_test_settle ();
  web_test_assert_log (self->log1, "");
  g_assert_finalize_object (handed_over);
  web_test_settle ();
  web_test_assert_log (self->log1, "close");
}

#define add(title, function) web_test_add_pair ("/message-port/hand-over/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("a port that is taken over gets what was posted on the way", test_messages_go_along);
  add ("a port is handed over and taken over once", test_only_once);
  add ("a closed port cannot be handed over", test_closed_port);
  add ("only what was handed over can be taken over", test_something_else);
  add ("a port that nobody takes over is closed", test_nobody_takes_it);

  return g_test_run ();
}
