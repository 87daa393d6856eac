/* test-port-lifetime.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What keeps a port alive. HTML, web-messaging.html#ports-and-garbage-collection */

#include "web-test-ports.h"

static void
test_drop_unstarted_port_closes (WebTestPair *self, gconstpointer data)
{
  web_message_port_start (self->port2);
  web_test_post (self->port1, 1, NULL);
  g_assert_finalize_object (g_steal_pointer (&self->port1));
  web_test_settle ();
  web_test_assert_log (self->log2, "1 close");
}

/* The task that fires the event refers to the port, as any task does. */
static void
test_pending_close_keeps_port (WebTestPair *self, gconstpointer data)
{
  gpointer weak = NULL;

  web_test_skip_over_sockets ("the end of a channel arrives with the main loop");

  g_set_weak_pointer (&weak, self->port2);
  web_message_port_close (self->port1);
  g_clear_object (&self->port1);
  g_clear_object (&self->port2);
  g_assert_nonnull (weak);
  web_test_settle ();
  web_test_assert_log (self->log2, "close");
  g_assert_null (weak);
}

static void
test_drop_both_sides (WebTestPair *self, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&self->port1));
  g_assert_finalize_object (g_steal_pointer (&self->port2));
  web_test_settle ();
  web_test_assert_log (self->log2, "");
}

static void
test_started_port_stays_alive (WebTestPair *self, gconstpointer data)
{
  gpointer weak = NULL;

  g_set_weak_pointer (&weak, self->port2);
  web_message_port_start (self->port2);
  g_clear_object (&self->port2);
  g_assert_nonnull (weak);

  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1");
  g_assert_nonnull (weak);

  web_message_port_close (self->port1);
  g_assert_nonnull (weak);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 close");
  g_clear_object (&self->log2->last);
  g_assert_null (weak);
}

static void
close_port (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  web_message_port_close (port);
}

static void
test_started_port_is_freed_by_its_own_close (WebTestPair *self, gconstpointer data)
{
  gpointer weak = NULL;

  g_set_weak_pointer (&weak, self->port2);
  web_message_port_set_on_message (self->port2, close_port, NULL, NULL);
  g_clear_object (&self->port2);

  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "1 2");
  g_clear_object (&self->log2->last);
  g_assert_null (weak);
}

static void
close_and_drop (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  WebMessagePort **owned = user_data;

  web_message_port_close (port);
  g_clear_object (owned);
}

static void
test_drop_last_reference_in_handler (WebTestPair *self, gconstpointer data)
{
  gpointer weak = NULL;

  g_set_weak_pointer (&weak, self->port2);
  g_clear_pointer (&self->log2, web_test_log_free);
  web_message_port_set_on_message (self->port2, close_and_drop, &self->port2, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();
  g_assert_null (weak);
}

static void
run_dispose (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_object_run_dispose (G_OBJECT (port));
}

static void
test_dispose_in_handler (WebTestPair *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_set_on_message (self->port2, run_dispose, NULL, NULL);
  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log1, "close");
}

static void
count_notify (gpointer data, GClosure *closure)
{
  (*(guint *)data)++;
}

static void
on_event_notify (GObject *event, GParamSpec *pspec, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
connect_to_event (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_signal_connect_data (event, "notify", G_CALLBACK (on_event_notify), user_data, count_notify, 0);
}

/* An event that nobody has kept is used again, but not what was connected to it. */
static void
test_handlers_of_an_event (WebTestPair *self, gconstpointer data)
{
  guint n_destroyed = 0;
  int   i;

  g_clear_pointer (&self->log2, web_test_log_free);
  web_message_port_set_on_message (self->port2, connect_to_event, &n_destroyed, NULL);
  for (i = 0; i < 3; i++)
    web_test_post (self->port1, i, NULL);
  web_test_settle ();
  g_assert_cmpuint (n_destroyed, ==, 3);
}

#define add(title, function) web_test_add_pair ("/message-port/lifetime/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("dropping a port that was not started closes it", test_drop_unstarted_port_closes);
  add ("a close event on its way keeps its port alive", test_pending_close_keeps_port);
  add ("a channel that is dropped as a whole fires nothing", test_drop_both_sides);
  add ("a started port lives as long as its other side can send", test_started_port_stays_alive);
  add ("a started port is freed once it has closed itself",
       test_started_port_is_freed_by_its_own_close);
  add ("a handler may drop the last reference to its port", test_drop_last_reference_in_handler);
  add ("a handler may dispose its port", test_dispose_in_handler);

  add ("a handler that is connected to an event goes with it", test_handlers_of_an_event);

  return g_test_run ();
}
