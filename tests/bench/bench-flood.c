/* bench-flood.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whether a window would still be redrawn: the ticks of a 60 Hz timer at the priority of GTK's
 * redraws (120), with and without a thread that floods a port of the same context. */

#include "bench.h"

#define SECONDS           2.0
#define REDRAW_PRIORITY   (G_PRIORITY_HIGH_IDLE + 20)
#define TICK_MILLISECONDS (1000 / 60)

typedef struct
{
  GObject *data_holder;
  int      stop; /* atomic */
} Flooder;

static gpointer
flood (gpointer data)
{
  Flooder *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (WebMessagePort) port = NULL;

  g_main_context_push_thread_default (context);
  port = web_test_receive_port (self->data_holder);
  while (!g_atomic_int_get (&self->stop))
    web_message_port_post_message (port, g_variant_new_int32 (1), NULL, 0, NULL);
  g_clear_object (&port);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
count_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  (*(gint64 *)user_data)++;
}

static gboolean
count_tick (gpointer user_data)
{
  (*(int *)user_data)++;

  return G_SOURCE_CONTINUE;
}

static int
run (void)
{
  double end = bench_seconds () + SECONDS;
  int    n_ticks = 0;
  guint  id = g_timeout_add_full (REDRAW_PRIORITY, TICK_MILLISECONDS, count_tick, &n_ticks, NULL);

  while (bench_seconds () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);

  return n_ticks;
}

int
main (int argc, char *argv[])
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  Flooder         flooder = { 0 };
  gint64          n_messages = 0;
  GThread        *thread;
  int             n_quiet;
  int             n_flooded;

  n_quiet = run ();

  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port2, count_message, &n_messages, NULL);
  flooder.data_holder = web_test_detach_port (port1);
  thread = g_thread_new ("flooder", flood, &flooder);
  n_flooded = run ();
  g_atomic_int_set (&flooder.stop, TRUE);
  g_thread_join (thread);
  web_message_port_close (port2);

  bench_print ("60 Hz ticks at priority 120 in 2 s, quiet", n_quiet, "ticks");
  bench_print ("60 Hz ticks at priority 120 in 2 s, flooded", n_flooded, "ticks");
  bench_print ("ticks kept under the flood", 100.0 * n_flooded / n_quiet, "%");
  bench_print ("messages delivered meanwhile", n_messages / SECONDS, "messages/s");

  return 0;
}
