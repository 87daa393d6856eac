/* test-port-receive.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* web_message_port_receive_async() */

#include "web-test-ports.h"

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
test_receive (WebTestPair *self, gconstpointer data)
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
test_receive_until_close (WebTestPair *self, gconstpointer data)
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
test_receive_at_closed_port (WebTestPair *self, gconstpointer data)
{
  Received received = { 0 };

  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  web_message_port_close (self->port2);
  assert_received (&received, 1, "InvalidStateError;");
}

static void
test_receive_at_closed_port_with_messages (WebTestPair *self, gconstpointer data)
{
  Received received = { 0 };

  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port2);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  assert_received (&received, 2, "1;InvalidStateError;");
}

static void
test_receive_at_transferred_port (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();
  Received received = { 0 };

  web_message_port_receive_async (other.port1, NULL, received_cb, &received);
  web_test_post (self->port1, 1, other.port1, NULL);
  assert_received (&received, 1, "InvalidStateError;");
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

static void
test_receive_cancelled (WebTestPair *self, gconstpointer data)
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
test_receive_cancelled_loses_nothing (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Received received = { 0 };

  /* The message is there when the call is cancelled, before the main loop runs. */
  web_message_port_receive_async (self->port2, cancellable, received_cb, &received);
  web_test_post (self->port1, 1, NULL);
  g_cancellable_cancel (cancellable);
  assert_received (&received, 1, "cancelled;");

  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  assert_received (&received, 1, "1;");
}

static void
test_receive_one_of_two (WebTestPair *self, gconstpointer data)
{
  Received received = { 0 };

  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  assert_received (&received, 1, "1;");
  g_assert_finalize_object (g_steal_pointer (&self->port2));
  web_test_settle ();
  web_test_assert_log (self->log1, "close");
}

static void
test_receive_keeps_port_alive (WebTestPair *self, gconstpointer data)
{
  Received received = { 0 };

  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  g_clear_object (&self->port2);
  web_test_post (self->port1, 1, NULL);
  assert_received (&received, 1, "1;");
}

/* Asks for the next message from the callback, and logs the messages. */
static void
receive_next_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WebTestLog *log = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessageEvent) event =
    web_message_port_receive_finish (WEB_MESSAGE_PORT (source), result, &error);

  if (event == NULL)
    {
      web_test_log_add (log, "over");
      return;
    }

  web_test_log_message (NULL, event, log);
  web_message_port_receive_async (WEB_MESSAGE_PORT (source), NULL, receive_next_cb, log);
}

static void
test_receive_in_callback (WebTestPair *self, gconstpointer data)
{
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_message_port_close (self->port1);
  web_message_port_receive_async (self->port2, NULL, receive_next_cb, self->log2);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2 over close");
}

static void
test_receive_in_callback_beside_handler (WebTestPair *self, gconstpointer data)
{
  web_message_port_start (self->port2);
  web_message_port_receive_async (self->port2, NULL, receive_next_cb, self->log2);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_post (self->port1, 3, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2 3");
  web_message_port_close (self->port1);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2 3 over close");
}

static void
test_receive_in_two_callbacks (WebTestPair *self, gconstpointer data)
{
  int i;

  web_message_port_receive_async (self->port2, NULL, receive_next_cb, self->log2);
  web_message_port_receive_async (self->port2, NULL, receive_next_cb, self->log2);
  for (i = 1; i <= 5; i++)
    web_test_post (self->port1, i, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2 3 4 5");
}

static void
receive_cancelled_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Received     *received = user_data;
  GCancellable *cancellable = g_object_get_data (source, "cancellable");

  received_cb (source, result, user_data);
  if (received->n_done < 3)
    web_message_port_receive_async (WEB_MESSAGE_PORT (source), cancellable,
                                    receive_cancelled_again_cb, user_data);
}

static void
test_receive_cancelled_again (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Received received = { 0 };

  g_cancellable_cancel (cancellable);
  g_object_set_data (G_OBJECT (self->port2), "cancellable", cancellable);
  web_test_post (self->port1, 1, NULL);
  web_message_port_receive_async (self->port2, cancellable, receive_cancelled_again_cb, &received);
  g_assert_cmpuint (received.n_done, ==, 0);
  assert_received (&received, 3, "cancelled;cancelled;cancelled;");
  web_message_port_start (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "1");
}

/* Puts a port back, as a post does if the transfer of another object fails. */
static void
test_receive_at_port_that_is_put_back (WebTestPair *self, gconstpointer data)
{
  WebTransferable *transferable = WEB_TRANSFERABLE (self->port2);
  Received         received = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) data_holder = NULL;

  web_message_port_receive_async (self->port2, NULL, received_cb, &received);
  data_holder = web_transferable_transfer (transferable, &error);
  g_assert_no_error (error);
  g_assert_true (web_transferable_transfer_receive (transferable, data_holder, &error));
  g_assert_no_error (error);

  web_test_settle ();
  g_assert_cmpuint (received.n_done, ==, 0);
  web_test_post (self->port1, 1, NULL);
  assert_received (&received, 1, "1;");
}

static void
test_receive_at_port_of_closed_window (void)
{
  g_autoptr (WebWindow) window = web_window_new (NULL, NULL);
  g_autoptr (WebMessageChannel) channel = web_message_channel_new_for_window (window);
  Received received = { 0 };

  web_message_port_receive_async (web_message_channel_get_port1 (channel), NULL, received_cb,
                                  &received);
  web_window_close (window);
  assert_received (&received, 1, "InvalidStateError;");
}

#define add(title, function) web_test_add_pair ("/message-port/receive/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("calls get the messages in order, without a start and without an event", test_receive);
  add ("calls fail after the last message of a closed channel", test_receive_until_close);
  add ("a close ends a waiting call", test_receive_at_closed_port);
  add ("a closed port returns what had arrived", test_receive_at_closed_port_with_messages);
  add ("a transfer ends a waiting call", test_receive_at_transferred_port);
  g_test_add_func ("/message-port/receive/a call at a port without a channel fails",
                   test_port_without_channel);
  add ("a cancelled call takes no message", test_receive_cancelled);
  add ("a message that waits when its call is cancelled is not lost",
       test_receive_cancelled_loses_nothing);
  add ("a message that nobody has asked for does not keep the port alive", test_receive_one_of_two);
  add ("a waiting call keeps the port alive", test_receive_keeps_port_alive);

  add ("a callback that asks for the next message gets it in order, and close comes last",
       test_receive_in_callback);
  add ("a callback that asks for the next message is ahead of the handler",
       test_receive_in_callback_beside_handler);
  add ("two callbacks that ask for the next message keep the order", test_receive_in_two_callbacks);
  add ("a callback may go on asking with a cancelled cancellable", test_receive_cancelled_again);
  add ("a port that is put back after a failed transfer keeps its waiting calls",
       test_receive_at_port_that_is_put_back);
  g_test_add_func ("/message-port/receive/closing the window of the port ends a waiting call",
                   test_receive_at_port_of_closed_window);

  return g_test_run ();
}
