/* test-scheduler.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How ports share a main context with each other and with everything else. */

#include "web-test-ports.h"
#include <webmessaging/bindings/web-private.h>

static void
ignore_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
}

static guint
count_sources (GMainContext *context)
{
  guint    highest = 0;
  guint    n = 0;
  guint    id;
  GSource *probe = g_idle_source_new ();

  highest = g_source_attach (probe, context);
  g_source_destroy (probe);
  g_source_unref (probe);
  for (id = 1; id < highest; id++)
    if (g_main_context_find_source_by_id (context, id) != NULL)
      n++;

  return n;
}

/* A main loop looks at every source at every turn: there must not be one for each port. */
static void
test_number_of_sources (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_sources;
  int   i;

  g_main_context_push_thread_default (context);
  for (i = 0; i < 1000; i++)
    {
      WebMessageChannel *channel = web_message_channel_new ();

      g_ptr_array_add (channels, channel);
      web_message_port_set_on_message (web_message_channel_get_port1 (channel), ignore_message,
                                       NULL, NULL);
      if (i == 0)
        n_sources = count_sources (context);
      g_assert_cmpuint (count_sources (context), ==, n_sources);
    }
  g_assert_cmpuint (n_sources, <=, 2);
  for (i = 0; i < 1000; i++)
    web_message_port_close (web_message_channel_get_port1 (channels->pdata[i]));
  g_main_context_pop_thread_default (context);
}

/* Two ports that answer each other for ever. */
typedef struct
{
  WebMessagePort *port1; /* owned, as is the other one */
  WebMessagePort *port2;
  guint           n_messages;
} Flood;

static void
answer (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  Flood *self = user_data;

  self->n_messages++;
  web_message_port_post_message (port, web_message_event_get_data (event), NULL, 0, NULL);
}

static void
flood_start (Flood *self)
{
  self->n_messages = 0;
  web_test_channel (&self->port1, &self->port2);
  web_message_port_set_on_message (self->port1, answer, self, NULL);
  web_message_port_set_on_message (self->port2, answer, self, NULL);
  web_test_post (self->port1, 0, NULL);
}

static void
flood_stop (Flood *self)
{
  web_message_port_close (self->port1);
  web_test_settle ();
  g_assert_finalize_object (self->port1);
  g_assert_finalize_object (self->port2);
}

static gboolean
count_turns (gpointer user_data)
{
  (*(guint *)user_data)++;

  return G_SOURCE_CONTINUE;
}

/* Whatever the priority, a busy source and a flood of messages let each other run. */
static void
test_flood_lets_others_in (gconstpointer data)
{
  int   priority = GPOINTER_TO_INT (data);
  guint n_turns = 0;
  Flood flood;
  guint id;

  flood_start (&flood);
  id = g_idle_add_full (priority, count_turns, &n_turns, NULL);
  web_test_wait_until (n_turns >= 20 && flood.n_messages >= 5000);
  g_source_remove (id);
  flood_stop (&flood);
}

static gint64
spin (gint64 microseconds)
{
  gint64 start = g_get_monotonic_time ();
  gint64 now;

  while ((now = g_get_monotonic_time ()) < start + microseconds)
    ;

  return now - start;
}

static gboolean
count_busy_time (gpointer user_data)
{
  *(gint64 *)user_data += spin (50);

  return G_SOURCE_CONTINUE;
}

/* Each side gets a share of the time, however short a message or a turn of the other side is. */
static void
test_flood_keeps_its_share (void)
{
  gint64 busy = 0;
  gint64 start;
  Flood  flood;
  guint  id;

  flood_start (&flood);
  id = g_idle_add (count_busy_time, &busy);
  start = g_get_monotonic_time ();
  web_test_wait_until (busy >= 100 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, busy * 5 / 4);
  g_source_remove (id);
  flood_stop (&flood);
}

static void
use_budget_up (WebWindow *window, WebMessageEvent *event, gpointer user_data)
{
  spin (5 * G_TIME_SPAN_MILLISECOND);
}

typedef struct
{
  GSource    source;
  WebWindow *window; /* owned; dropped when the source is prepared */
} DropSource;

static gboolean
drop_source_prepare (GSource *source, int *timeout)
{
  g_clear_object (&((DropSource *)source)->window);
  *timeout = -1;

  return FALSE;
}

/* The last task goes while the context holds back and is about to sleep: the next task wakes it. */
static void
test_wake_up_after_holding_back (void)
{
  static GSourceFuncs funcs = { .prepare = drop_source_prepare };
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = g_source_new (&funcs, sizeof (DropSource));
  WebTestPair pair;
  WebWindow  *window;
  GPollFD     fds[8];
  int         priority, timeout, n_fds, i;

  g_main_context_push_thread_default (context);
  g_assert_true (g_main_context_acquire (context));
  pair = web_test_pair ();
  web_test_pair_start (&pair);
  window = web_window_new (NULL, NULL);
  g_signal_connect (window, "message", G_CALLBACK (use_budget_up), NULL);
  for (i = 0; i < 2; i++)
    web_window_post_message (window, NULL, NULL, "*", NULL, 0, NULL);
  g_main_context_iteration (context, FALSE);

  ((DropSource *)source)->window = window;
  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  g_source_attach (source, context);
  g_assert_false (g_main_context_prepare (context, &priority));
  n_fds = g_main_context_query (context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_assert_cmpint (n_fds, <=, G_N_ELEMENTS (fds));
  web_test_post (pair.port1, 1, NULL);
  g_assert_cmpint (g_poll (fds, n_fds, 0), >, 0);
  g_main_context_check (context, G_MAXINT, fds, n_fds);
  g_main_context_dispatch (context);

  web_test_settle ();
  web_test_assert_log (pair.log2, "1");
  g_source_destroy (source);
  web_test_pair_clear (&pair);
  g_main_context_release (context);
  g_main_context_pop_thread_default (context);
}

/* While there are messages, the context has something to do: running it until it is idle delivers
 * all of them. */
static void
test_flood_is_pending (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  Flood flood;
  int   i;

  flood_start (&flood);
  for (i = 0; i < 100; i++)
    {
      g_assert_true (g_main_context_pending (context));
      g_assert_true (g_main_context_iteration (context, FALSE));
    }
  flood_stop (&flood);
  g_assert_false (g_main_context_pending (context));
}

/* Without batching, a source of a higher priority runs between any two messages. */
static void
test_no_batching (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();
  Flood    flood;
  guint    n_turns = 0;
  GSource *source;
  int      i;

  web_test_skip_over_sockets ("a turn of the main loop reads before it delivers");

  g_main_context_push_thread_default (context);
  web_private_set_batching (FALSE);
  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  for (i = 1; i <= 3; i++)
    web_test_post (port1, i, NULL);
  for (i = 1; i <= 3; i++)
    {
      g_assert_true (g_main_context_iteration (context, FALSE));
      g_assert_cmpuint (log->n_events, ==, i);
    }
  g_assert_false (g_main_context_iteration (context, FALSE));
  web_message_port_close (port1);
  web_test_settle ();

  /* The budget counts all the same. */
  flood_start (&flood);
  source = g_idle_source_new ();
  g_source_set_callback (source, count_turns, &n_turns, NULL);
  g_source_attach (source, context);
  web_test_wait_until (n_turns >= 20 && flood.n_messages >= 5000);
  g_source_destroy (source);
  g_source_unref (source);
  flood_stop (&flood);
  g_clear_object (&log->last);
  g_main_context_pop_thread_default (context);
}

/* All that is posted in one context arrives in that order, whichever ports and windows it goes
 * through, as in the event loop of a browser. */
static void
test_order_of_posting (void)
{
  g_autoptr (WebMessagePort) a1 = NULL;
  g_autoptr (WebMessagePort) a2 = NULL;
  g_autoptr (WebMessagePort) b1 = NULL;
  g_autoptr (WebMessagePort) b2 = NULL;
  g_autoptr (WebWindow) window = web_window_new (NULL, NULL);
  g_autoptr (WebTestLog) log = NULL;

  web_test_skip_over_sockets ("channels are in order each for itself");

  web_test_channel (&a1, &a2);
  web_test_channel (&b1, &b2);
  log = web_test_log_new (a2);
  g_signal_connect (b2, "message", G_CALLBACK (web_test_log_message), log);
  g_signal_connect (b2, "close", G_CALLBACK (web_test_log_close), log);
  g_signal_connect (window, "message", G_CALLBACK (web_test_log_message), log);
  web_message_port_start (a2);
  web_test_post (b1, 1, NULL);
  web_test_post (a1, 2, NULL);
  web_test_post (a1, 3, NULL);
  web_test_post (b1, 4, NULL);
  g_assert_true (
    web_window_post_message (window, NULL, g_variant_new_int32 (5), "*", NULL, 0, NULL));
  web_message_port_start (b2);
  web_test_post (a1, 6, NULL);
  web_message_port_close (b1);
  web_test_post (a1, 7, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1 2 3 4 5 6 close 7");

  g_signal_handlers_disconnect_by_data (b2, log);
  g_signal_handlers_disconnect_by_data (window, log);
  g_clear_object (&log->last);
  web_message_port_close (a1);
  web_test_settle ();
}

static void
count_in_order (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  int *expected = user_data;

  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==, *expected);
  (*expected)++;
}

static void
test_order_of_posting_at_random (void)
{
  enum
  {
    N_CHANNELS = 300,
    N_MESSAGES = 20000
  };
  WebMessagePort *port1[N_CHANNELS];
  WebMessagePort *port2[N_CHANNELS];
  int             expected = 0;
  int             i;

  web_test_skip_over_sockets ("channels are in order each for itself");

  for (i = 0; i < N_CHANNELS; i++)
    {
      web_test_channel (&port1[i], &port2[i]);
      web_message_port_set_on_message (port2[i], count_in_order, &expected, NULL);
    }
  for (i = 0; i < N_MESSAGES; i++)
    web_test_post (port1[g_test_rand_int_range (0, N_CHANNELS)], i, NULL);
  web_test_settle ();
  g_assert_cmpint (expected, ==, N_MESSAGES);
  for (i = 0; i < N_CHANNELS; i++)
    {
      web_message_port_close (port1[i]);
      web_test_settle ();
      g_assert_finalize_object (port1[i]);
      g_assert_finalize_object (port2[i]);
    }
}

static void
note_thread_default (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  *(GMainContext **)user_data = g_main_context_get_thread_default ();
}

/* A handler runs with the context of its port as the default, whichever thread iterates the
 * context. */
static void
test_thread_default_in_handler (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  GMainContext *seen = NULL;

  g_main_context_push_thread_default (context);
  web_test_channel (&port1, &port2);
  g_main_context_pop_thread_default (context);

  web_message_port_set_on_message (port2, note_thread_default, &seen, NULL);
  web_test_post (port1, 1, NULL);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_true (seen == context);
  g_assert_null (g_main_context_get_thread_default ());
  web_message_port_close (port1);
  while (g_main_context_iteration (context, FALSE))
    ;
}

/* The messages for a context that is gone are dropped, with all they carry. */
static void
test_context_gone (void)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (WebMessagePort) here = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebMessagePort) carried1 = NULL;
  g_autoptr (WebMessagePort) carried2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (WebTestLog) carried_log = NULL;
  WebMessagePort *there;
  WebWindow      *window;
  gpointer        weak;

  web_test_channel (&here, &port2);
  web_test_channel (&carried1, &carried2);
  log = web_test_log_new (here);
  carried_log = web_test_log_new (carried1);

  /* The other side lives in @context, is started, and belongs to nobody else. */
  g_main_context_push_thread_default (context);
  {
    g_autoptr (GObject) data_holder = web_transferable_transfer (WEB_TRANSFERABLE (port2), NULL);

    there = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);
    g_assert_true (web_transferable_transfer_receive (WEB_TRANSFERABLE (there), data_holder, NULL));
  }
  window = web_window_new (NULL, NULL);
  g_main_context_pop_thread_default (context);
  weak = there;
  g_object_add_weak_pointer (G_OBJECT (there), &weak);
  web_message_port_set_on_message (there, ignore_message, NULL, NULL);
  g_object_unref (there);
  g_assert_nonnull (weak);
  web_test_post (here, 1, carried2, NULL);
  g_assert_true (web_window_post_message (window, window, NULL, "*", NULL, 0, NULL));

  g_main_context_unref (context);
  g_assert_null (weak);
  web_test_settle ();
  web_test_assert_log (log, "close");
  web_test_assert_log (carried_log, "close");

  g_assert_true (web_window_post_message (window, window, NULL, "*", NULL, 0, NULL));
  web_test_post (here, 2, NULL);
  g_assert_finalize_object (window);
}

/* A port that outlives its context is closed. */
static void
test_port_outlives_context (void)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (WebMessageChannel) channel = NULL;
  WebMessagePort *port1;

  g_main_context_push_thread_default (context);
  channel = web_message_channel_new ();
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);

  port1 = web_message_channel_get_port1 (channel);
  web_message_port_start (port1);
  web_test_post (port1, 1, NULL);
  web_message_port_close (port1);
}

/* The address of a context that is gone may be used again. */
static void
test_contexts_come_and_go (void)
{
  int i;

  for (i = 0; i < 200; i++)
    {
      GMainContext *context = g_main_context_new ();
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebMessagePort) port2 = NULL;
      g_autoptr (WebTestLog) log = NULL;

      g_main_context_push_thread_default (context);
      web_test_channel (&port1, &port2);
      log = web_test_log_new (port2);
      web_message_port_start (port2);
      web_test_post (port1, i, NULL);
      web_test_settle ();
      g_assert_cmpuint (log->n_events, ==, 1);
      g_main_context_pop_thread_default (context);
      g_main_context_unref (context);
    }
}

typedef struct
{
  GString *order;
  char     name;
} Mark;

static gboolean
mark_turn (gpointer user_data)
{
  Mark *self = user_data;

  g_string_append_c (self->order, self->name);

  return G_SOURCE_REMOVE;
}

static void
mark_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  mark_turn (user_data);
}

static void
add_mark (GMainContext *context, int priority, Mark *mark)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, mark_turn, mark, NULL);
  g_source_attach (source, context);
}

/* Returns which comes first: sources of GTK's two priorities and of the default one, or a message,
 * which is "m". */
static char *
get_order (GMainContext *context)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebMessagePort *port1 = web_message_channel_get_port1 (channel);
  WebMessagePort *port2 = web_message_channel_get_port2 (channel);
  GString        *order = g_string_new (NULL);
  Mark            message = { order, 'm' }, plain = { order, '0' }, redraw = { order, 'r' };

  web_message_port_set_on_message (port2, mark_message, &message, NULL);
  web_test_post (port1, 1, NULL);
  add_mark (context, G_PRIORITY_HIGH_IDLE + 20, &redraw);
  add_mark (context, G_PRIORITY_DEFAULT, &plain);
  web_test_settle ();
  web_message_port_close (port1);
  web_test_settle ();

  return g_string_free (order, FALSE);
}

static void
assert_order (GMainContext *context, int priority, const char *expected)
{
  g_autofree char *order = NULL;

  web_main_context_set_priority (context, priority);
  g_assert_cmpint (web_main_context_get_priority (context), ==, priority);
  order = get_order (context);
  g_assert_cmpstr (order, ==, expected);
}

static void
test_priority (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  g_assert_cmpint (web_main_context_get_priority (context), ==, G_PRIORITY_DEFAULT);
  g_assert_cmpint (web_main_context_get_priority (NULL), ==, G_PRIORITY_DEFAULT);
  /* Before there is a port, and after that. */
  assert_order (context, G_PRIORITY_LOW, "0rm");
  assert_order (context, G_PRIORITY_HIGH, "m0r");
  assert_order (context, G_PRIORITY_HIGH_IDLE, "0mr");
  assert_order (context, G_MAXINT, "0rm");
  web_main_context_set_priority (NULL, G_PRIORITY_HIGH);
  g_assert_cmpint (web_main_context_get_priority (context), ==, G_PRIORITY_HIGH);
  g_main_context_pop_thread_default (context);
  g_assert_cmpint (web_main_context_get_priority (NULL), ==, G_PRIORITY_DEFAULT);
}

static gpointer
set_priorities (gpointer user_data)
{
  GMainContext *context = user_data;
  int           i;

  for (i = 0; i < 1000; i++)
    web_main_context_set_priority (context, i % 200);

  return NULL;
}

/* From another thread, while the context delivers and sleeps; and before it has a port, so that
 * its thread is not taken for this one. */
static void
test_priority_from_another_thread (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GThread *thread = g_thread_new ("priority", set_priorities, context);
  Flood    flood;

  g_main_context_push_thread_default (context);
  flood_start (&flood);
  web_test_wait_until (flood.n_messages >= 5000);
  g_thread_join (thread);
  g_assert_cmpint (web_main_context_get_priority (NULL), ==, 999 % 200);
  web_test_wait_until (flood.n_messages >= 10000);
  flood_stop (&flood);
  g_main_context_pop_thread_default (context);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scheduler/number-of-sources", test_number_of_sources);
  g_test_add_data_func ("/scheduler/flood-lets-in/default", GINT_TO_POINTER (G_PRIORITY_DEFAULT),
                        test_flood_lets_others_in);
  g_test_add_data_func ("/scheduler/flood-lets-in/redraw",
                        GINT_TO_POINTER (G_PRIORITY_HIGH_IDLE + 20), test_flood_lets_others_in);
  g_test_add_data_func ("/scheduler/flood-lets-in/idle", GINT_TO_POINTER (G_PRIORITY_DEFAULT_IDLE),
                        test_flood_lets_others_in);
  g_test_add_data_func ("/scheduler/flood-lets-in/low", GINT_TO_POINTER (G_PRIORITY_LOW),
                        test_flood_lets_others_in);
  g_test_add_func ("/scheduler/flood-keeps-its-share", test_flood_keeps_its_share);
  g_test_add_func ("/scheduler/wake-up-after-holding-back", test_wake_up_after_holding_back);
  g_test_add_func ("/scheduler/flood-is-pending", test_flood_is_pending);
  g_test_add_func ("/scheduler/priority", test_priority);
  g_test_add_func ("/scheduler/priority-from-another-thread", test_priority_from_another_thread);
  g_test_add_func ("/scheduler/no-batching", test_no_batching);
  g_test_add_func ("/scheduler/order-of-posting", test_order_of_posting);
  g_test_add_func ("/scheduler/order-of-posting-at-random", test_order_of_posting_at_random);
  g_test_add_func ("/scheduler/thread-default-in-handler", test_thread_default_in_handler);
  g_test_add_func ("/scheduler/context-gone", test_context_gone);
  g_test_add_func ("/scheduler/port-outlives-context", test_port_outlives_context);
  g_test_add_func ("/scheduler/contexts-come-and-go", test_contexts_come_and_go);

  return g_test_run ();
}
