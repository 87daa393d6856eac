/* test-slow-peer.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A port whose other side reads late, or not at all: what the sender keeps is bounded, the sender
 * is told, and nothing is lost. */

#include <unistd.h>

#include "web-test.h"

#define MIB (1024 * 1024)

static GVariant *
new_array (gsize size)
{
  guint8 *data = g_malloc0 (size);

  return g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, data, size, TRUE, g_free, data);
}

/* Posts until there is no room, and returns how often. */
static guint
post_until_full (WebMessagePort *port, gsize size)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (web_message_port_post_message (port, new_array (size), NULL, 0, &error))
    n++;
  web_test_assert_error (error, WEB_MESSAGING_ERROR_QUOTA_EXCEEDED);

  return n;
}

static void
count_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  (*(guint *)user_data)++;
}

static void
on_drained (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (web_message_port_drain_finish (WEB_MESSAGE_PORT (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *)user_data = TRUE;
}

/* Messages of one size, for a receiver that begins when there is no room any more, several times */
static void
test_size (gsize size, guint64 limit, guint64 most)
{
  WebMessagePort *port1, *port2;
  guint           n_posted = 0, n_received = 0, round;

  web_test_socket_channel (&port1, &port2);
  g_object_set (port1, "buffer-limit", limit, NULL);
  for (round = 0; round < 3; round++)
    {
      const guint n = post_until_full (port1, size);
      gboolean    drained = FALSE;

      g_assert_cmpuint (n * (guint64)size, <=, most);
      g_assert_cmpuint (web_message_port_get_buffered_amount (port1), >=, limit);
      g_assert_cmpuint (web_message_port_get_buffered_amount (port1), <=, limit + size + 1000);
      n_posted += n;
      if (round == 0)
        web_message_port_set_on_message (port2, count_message, &n_received, NULL);
      web_message_port_drain_async (port1, 0, NULL, on_drained, &drained);
      web_test_wait_until (drained);
      g_assert_cmpuint (web_message_port_get_buffered_amount (port1), ==, 0);
      web_test_wait_until (n_received == n_posted);
    }
  web_message_port_close (port1);
  web_test_settle ();
  g_object_unref (port1);
  g_object_unref (port2);
}

static void
test_small_messages (void)
{
  /* The kernel has at most some MiB, of which most is not content. */
  test_size (20, MIB, 4 * MIB);
}

static void
test_messages_in_packets (void)
{
  test_size (20000, MIB, 6 * MIB);
}

/* The kernel counts the packets, and not the memory files in them. */
static void
test_messages_in_files (void)
{
  test_size (MIB, 4 * MIB, (128 + 4 + 2) * MIB);
}

/* One message may be longer than the limit. */
static void
test_message_beyond_limit (void)
{
  WebMessagePort *port1, *port2;
  guint           n_received = 0;

  web_test_socket_channel (&port1, &port2);
  g_object_set (port1, "buffer-limit", (guint64)1000, NULL);
  g_assert_true (web_message_port_post_message (port1, new_array (100 * MIB), NULL, 0, NULL));
  web_message_port_set_on_message (port2, count_message, &n_received, NULL);
  web_test_wait_until (n_received == 1);
  web_message_port_close (port1);
  web_test_settle ();
  g_object_unref (port1);
  g_object_unref (port2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (240);

  g_test_add_func ("/slow-peer/small-messages", test_small_messages);
  g_test_add_func ("/slow-peer/messages-in-packets", test_messages_in_packets);
  g_test_add_func ("/slow-peer/messages-in-files", test_messages_in_files);
  g_test_add_func ("/slow-peer/message-beyond-limit", test_message_beyond_limit);

  return g_test_run ();
}
