/* test-message-channel.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The class alone: what ports do is in test-port-….c.
 * HTML, web-messaging.html#message-channels */

#include "web-test.h"

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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-channel/port1 and port2 are the same two objects each time",
                   test_channel_ports);
  g_test_add_func ("/message-channel/the ports outlive their channel",
                   test_drop_channel_keeps_ports);

  return g_test_run ();
}
