/* test-port-drain.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* web_message_port_drain_async() */

#include "web-test.h"

#define N_BYTES (4 * 1024 * 1024)

/* Two ports that know of each other what two processes do. */
typedef struct
{
  WebMessagePort *port1, *port2;
  GString        *text; /* what the calls came to */
  guint           n_done;
  guint           n_posted;
  guint           n_received;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->port1 = web_message_port_new_from_fd (fds[0], NULL);
  self->port2 = web_message_port_new_from_fd (fds[1], NULL);
  self->text = g_string_new (NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  web_message_port_close (self->port1);
  web_message_port_close (self->port2);
  web_test_settle ();
  g_assert_finalize_object (self->port1);
  g_assert_finalize_object (self->port2);
  g_string_free (self->text, TRUE);
}

static void
drained_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_async_result_get_user_data (result) == self);
  if (web_message_port_drain_finish (WEB_MESSAGE_PORT (source), result, &error))
    g_string_append (self->text, "drained;");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_string_append (self->text, "cancelled;");
  else
    g_string_append_printf (self->text, "%s;", web_dom_exception_get_name (error));
  self->n_done++;
}

static void
drain (Fixture *self, guint64 amount, GCancellable *cancellable)
{
  const guint n_done = self->n_done;

  web_message_port_drain_async (self->port1, amount, cancellable, drained_cb, self);
  g_assert_cmpuint (self->n_done, ==, n_done);
}

static void
assert_drained (Fixture *self, guint n_done, const char *expected)
{
  web_test_wait_until (self->n_done >= n_done);
  web_test_settle ();
  g_assert_cmpstr (self->text->str, ==, expected);
  g_string_truncate (self->text, 0);
  self->n_done = 0;
}

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  ((Fixture *)user_data)->n_received++;
}

/* More than the socket takes. */
static guint
flood (Fixture *self)
{
  const guint n_messages = N_BYTES / 1024;
  guint       i;

  for (i = 0; i < n_messages; i++)
    {
      g_autoptr (GError) error = NULL;

      web_message_port_post_message (self->port1,
                                     g_variant_new_take_string (g_strnfill (1024, 'x')), NULL, 0,
                                     &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (web_message_port_get_buffered_amount (self->port1), >, N_BYTES / 2);

  return n_messages;
}

static void
test_nothing_waits (Fixture *self, gconstpointer data)
{
  drain (self, 0, NULL);
  drain (self, 5, NULL);
  assert_drained (self, 2, "drained;drained;");
}

static void
test_local_port (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();

  web_message_port_drain_async (web_message_channel_get_port1 (channel), 0, NULL, drained_cb, self);
  assert_drained (self, 1, "drained;");
}

static void
test_slow_receiver (Fixture *self, gconstpointer data)
{
  const guint n_messages = flood (self);

  drain (self, N_BYTES / 4, NULL);
  drain (self, 0, NULL);
  web_test_settle ();
  g_assert_cmpuint (self->n_done, ==, 0);

  web_message_port_set_on_message (self->port2, on_message, self, NULL);
  web_test_wait_until (self->n_done > 0);
  g_assert_cmpuint (web_message_port_get_buffered_amount (self->port1), <=, N_BYTES / 4);
  assert_drained (self, 2, "drained;drained;");
  g_assert_cmpuint (web_message_port_get_buffered_amount (self->port1), ==, 0);
  web_test_wait_until (self->n_received == n_messages);
}

/* Several: the first one of a turn is written at once. */
static void
post_more (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  Fixture *self = user_data;
  guint    i;

  self->n_received++;
  for (i = 0; i < 3 && self->n_posted < 3 * N_BYTES / 1024; i++, self->n_posted++)
    web_message_port_post_message (self->port1, g_variant_new_int32 (1), NULL, 0, NULL);
}

/* What is posted while a call waits is written in the end, and the call returns then. */
static void
test_posts_go_on (Fixture *self, gconstpointer data)
{
  const guint n_messages = flood (self);

  drain (self, 0, NULL);
  web_message_port_set_on_message (self->port2, post_more, self, NULL);
  web_test_wait_until (self->n_received == n_messages + self->n_posted);
  assert_drained (self, 1, "drained;");
}

static void
test_receiver_is_gone (Fixture *self, gconstpointer data)
{
  flood (self);
  drain (self, 0, NULL);
  web_message_port_close (self->port2);
  assert_drained (self, 1, "drained;");
}

static void
test_port_is_closed (Fixture *self, gconstpointer data)
{
  const guint n_messages = flood (self);

  web_message_port_close (self->port1);
  drain (self, 0, NULL);
  web_message_port_set_on_message (self->port2, on_message, self, NULL);
  assert_drained (self, 1, "drained;");
  web_test_wait_until (self->n_received == n_messages);
}

static void
test_port_is_transferred (Fixture *self, gconstpointer data)
{
  g_autoptr (GObject) holder = NULL;

  flood (self);
  drain (self, 0, NULL);
  holder = web_message_port_hand_over (self->port1, NULL);
  /* Not from within the call. */
  g_assert_cmpuint (self->n_done, ==, 0);
  assert_drained (self, 1, "InvalidStateError;");
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const guint signal = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);
  guint       i;

  /* A call leaves nothing behind at a cancellable that lives longer. */
  drain (self, 0, cancellable);
  assert_drained (self, 1, "drained;");
  g_assert_false (g_signal_has_handler_pending (cancellable, signal, 0, TRUE));

  flood (self);
  for (i = 0; i < 2; i++)
    drain (self, 0, cancellable);
  g_cancellable_cancel (cancellable);
  drain (self, 0, cancellable);
  assert_drained (self, 3, "cancelled;cancelled;cancelled;");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  add ("/port/drain/nothing-waits", test_nothing_waits);
  add ("/port/drain/local-port", test_local_port);
  add ("/port/drain/slow-receiver", test_slow_receiver);
  add ("/port/drain/posts-go-on", test_posts_go_on);
  add ("/port/drain/receiver-is-gone", test_receiver_is_gone);
  add ("/port/drain/port-is-closed", test_port_is_closed);
  add ("/port/drain/port-is-transferred", test_port_is_transferred);
  add ("/port/drain/cancelled", test_cancelled);
#undef add

  return g_test_run ();
}
