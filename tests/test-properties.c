/* test-properties.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a program binds to, or watches with "notify". */

#include "web-test-ports.h"

static gboolean
get_closed (gpointer object)
{
  gboolean closed;

  g_object_get (object, "closed", &closed, NULL);

  return closed;
}

static void
log_notify (GObject *object, GParamSpec *pspec, gpointer log)
{
  web_test_log_add (log, pspec->name);
  g_assert_true (get_closed (object));
}

static void
assert_closed (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  g_assert_true (get_closed (port));
}

static void
watch (WebTestPair *self)
{
  g_signal_connect (self->port1, "notify::closed", G_CALLBACK (log_notify), self->log1);
  g_signal_connect (self->port2, "notify::closed", G_CALLBACK (log_notify), self->log2);
  g_signal_connect (self->port2, "close", G_CALLBACK (assert_closed), NULL);
}

static void
test_closed (WebTestPair *self, gconstpointer data)
{
  watch (self);
  web_message_port_start (self->port2);
  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port1);
  /* At once at the port itself; at the other one after the messages, and before the event. */
  web_test_assert_log (self->log1, "closed");
  g_assert_true (get_closed (self->port1));
  g_assert_false (get_closed (self->port2));
  web_test_settle ();
  web_test_assert_log (self->log2, "1 closed close");

  web_message_port_close (self->port2);
  web_message_port_close (self->port1);
  web_test_settle ();
  web_test_assert_log (self->log1, "closed");
  web_test_assert_log (self->log2, "1 closed close");
}

static void
test_closed_waits_for_messages (WebTestPair *self, gconstpointer data)
{
  watch (self);
  web_test_post (self->port1, 1, NULL);
  web_message_port_close (self->port1);
  web_test_settle ();
  g_assert_false (get_closed (self->port2));
  web_test_assert_log (self->log2, "");
  web_message_port_start (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 closed close");
}

static void
test_closed_after_transfer (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) carrier = web_test_pair ();
  g_autoptr (WebMessagePort) moved = NULL;

  watch (self);
  web_test_pair_start (&carrier);
  moved = web_test_carry (&carrier, self->port2);
  g_assert_false (get_closed (self->port2));
  g_assert_false (get_closed (moved));
  web_message_port_close (self->port1);
  web_test_settle ();
  g_assert_true (get_closed (moved));
  g_assert_false (get_closed (self->port2));
  web_test_assert_log (self->log2, "");
}

/* What the other port was told is true of the new one, which is told nothing any more. */
static void
test_closed_before_transfer (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) carrier = web_test_pair ();
  g_autoptr (WebMessagePort) moved = NULL;

  web_test_pair_start (&carrier);
  web_message_port_close (self->port1);
  web_test_settle ();
  g_assert_true (get_closed (self->port2));
  moved = web_test_carry (&carrier, self->port2);
  g_assert_true (get_closed (moved));
}

static void
test_bind (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("post", NULL);

  g_object_bind_property (self->port1, "closed", action, "enabled",
                          G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
  g_assert_true (g_action_get_enabled (G_ACTION (action)));
  web_message_port_close (self->port2);
  web_test_settle ();
  g_assert_false (g_action_get_enabled (G_ACTION (action)));
}

/* The handler has the last reference. */
static void
drop_port (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  g_clear_object ((WebMessagePort **)user_data);
}

static void
test_drop_in_notify (WebTestPair *self, gconstpointer data)
{
  gpointer weak = self->port1;

  g_object_add_weak_pointer (weak, &weak);
  g_signal_connect (self->port1, "notify::closed", G_CALLBACK (drop_port), &self->port1);
  web_message_port_close (self->port1);
  g_assert_null (self->port1);
  g_assert_null (weak);
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *)user_data)++;
}

static void
test_started (WebTestPair *self, gconstpointer data)
{
  guint n_notified = 0;

  g_signal_connect (self->port1, "notify::started", G_CALLBACK (count_notify), &n_notified);
  web_message_port_set_on_message (self->port1, NULL, NULL, NULL);
  web_message_port_start (self->port1);
  g_assert_cmpuint (n_notified, ==, 1);
  g_signal_handlers_disconnect_by_data (self->port1, &n_notified);
}

/* A notification for each message would cost more than the message. */
static void
test_buffered_amount_is_quiet (WebTestPair *self, gconstpointer data)
{
  guint n_notified = 0;
  int   i;

  g_signal_connect (self->port1, "notify", G_CALLBACK (count_notify), &n_notified);
  web_message_port_start (self->port2);
  g_assert_cmpuint (n_notified, ==, 0);
  for (i = 0; i < 100; i++)
    {
      web_test_post (self->port1, i, NULL);
      web_test_settle ();
    }
  g_assert_cmpuint (n_notified, ==, 0);
  g_signal_handlers_disconnect_by_data (self->port1, &n_notified);
}

/* What belongs to a window closes with it, and tells so. */
static void
test_window (void)
{
  g_autoptr (WebWindow) window = web_window_new (NULL, NULL);
  g_autoptr (WebMessageChannel) channel = web_message_channel_new_for_window (window);
  g_autoptr (WebBroadcastChannel) broadcast = web_broadcast_channel_new_for_window ("x", window);
  WebMessagePort *port = web_message_channel_get_port1 (channel);
  guint           n_window = 0, n_port = 0, n_broadcast = 0;

  g_signal_connect (window, "notify::closed", G_CALLBACK (count_notify), &n_window);
  g_signal_connect (port, "notify::closed", G_CALLBACK (count_notify), &n_port);
  g_signal_connect (broadcast, "notify::closed", G_CALLBACK (count_notify), &n_broadcast);
  web_window_close (window);
  g_assert_true (get_closed (port));
  g_assert_true (get_closed (broadcast));
  web_test_settle ();
  g_assert_cmpuint (n_window, ==, 1);
  g_assert_cmpuint (n_port, ==, 1);
  g_assert_cmpuint (n_broadcast, ==, 1);

  web_message_port_close (port);
  web_broadcast_channel_close (broadcast);
  web_test_settle ();
  g_assert_cmpuint (n_port, ==, 1);
  g_assert_cmpuint (n_broadcast, ==, 1);
}

/* No notification: nobody runs its context any more. */
static void
test_context_gone (void)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (WebMessageChannel) channel = NULL;
  WebMessagePort *port;
  guint           n_notified = 0;

  g_main_context_push_thread_default (context);
  channel = web_message_channel_new ();
  g_main_context_pop_thread_default (context);
  port = web_message_channel_get_port1 (channel);
  g_signal_connect (port, "notify::closed", G_CALLBACK (count_notify), &n_notified);
  g_assert_false (get_closed (port));
  g_main_context_unref (context);
  g_assert_true (get_closed (port));
  g_assert_cmpuint (n_notified, ==, 0);
}

static void
close_scope (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  if (user_data != NULL)
    web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
}

static void
note_close (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  g_assert_true (get_closed (worker));
  *(gboolean *)user_data = TRUE;
}

static void
test_worker (void)
{
  g_autoptr (WebWorker) ends =
    web_worker_new_thread (NULL, close_scope, GUINT_TO_POINTER (1), NULL);
  g_autoptr (WebWorker) runs = web_worker_new_thread (NULL, close_scope, NULL, NULL);
  gboolean ended = FALSE;
  guint    n_ends = 0, n_runs = 0;

  g_signal_connect (ends, "notify::closed", G_CALLBACK (count_notify), &n_ends);
  g_signal_connect (ends, "close", G_CALLBACK (note_close), &ended);
  web_worker_start (ends);
  web_test_wait_until (ended);
  g_assert_cmpuint (n_ends, ==, 1);
  web_worker_terminate (ends);
  g_assert_cmpuint (n_ends, ==, 1);

  g_signal_connect (runs, "notify::closed", G_CALLBACK (count_notify), &n_runs);
  g_assert_false (web_worker_get_closed (runs));
  web_worker_terminate (runs);
  g_assert_true (web_worker_get_closed (runs));
  g_assert_cmpuint (n_runs, ==, 1);
}

#define add(title, function) web_test_add_pair ("/properties/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("closed comes once, after the messages and before close", test_closed);
  add ("closed waits for messages that wait for a start", test_closed_waits_for_messages);
  add ("closed moves with the port", test_closed_after_transfer);
  add ("a channel that had ended moves with the port", test_closed_before_transfer);
  add ("closed can be bound to", test_bind);
  add ("a handler of notify drops the port", test_drop_in_notify);
  add ("started comes once", test_started);
  add ("messages notify nothing", test_buffered_amount_is_quiet);
  g_test_add_func ("/properties/what belongs to a window closes with it", test_window);
  g_test_add_func ("/properties/a port is closed once its context is gone", test_context_gone);
  g_test_add_func ("/properties/closed of a worker", test_worker);

  return g_test_run ();
}
