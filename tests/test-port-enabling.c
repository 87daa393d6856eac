/* test-port-enabling.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* When a port begins to deliver. HTML, web-messaging.html#port-message-queue */

#include "web-test-ports.h"

static void
test_initially_disabled (WebTestPair *self, gconstpointer data)
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
test_start_twice (WebTestPair *self, gconstpointer data)
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
test_listening_does_not_start (WebTestPair *self, gconstpointer data)
{
  int n = 0;

  web_event_target_add_event_listener (WEB_EVENT_TARGET (self->port2), "message", WEB_LISTENER_NONE,
                                       count_event, &n, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  g_assert_cmpint (n, ==, 0);
}

static void
count_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  (*(int *)user_data)++;
}

static void
test_on_message_starts (WebTestPair *self, gconstpointer data)
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
test_on_message_null_starts (WebTestPair *self, gconstpointer data)
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
test_on_message_destroy (WebTestPair *self, gconstpointer data)
{
  int destroyed = 0;

  web_message_port_set_on_message (self->port2, replace_on_message, &destroyed, count_destroyed);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  g_assert_cmpint (destroyed, ==, 1);
}

#define add(title, function) web_test_add_pair ("/message-port/enabling/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("a port delivers nothing before it is started, and loses nothing", test_initially_disabled);
  add ("a second start changes nothing", test_start_twice);
  add ("a listener for messages does not start the port", test_listening_does_not_start);
  add ("the first on_message handler starts the port", test_on_message_starts);
  add ("an on_message handler of NULL starts the port", test_on_message_null_starts);
  add ("a handler that replaces itself is destroyed after it has returned",
       test_on_message_destroy);

  return g_test_run ();
}
