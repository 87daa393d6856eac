/* bench-idle.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What 10,000 idle channels cost a main loop that has other things to do.
 *
 * Two contexts are iterated in turn, one with channels and one without, and the fastest round of
 * each counts: what disturbs a round only makes it slower. */

#include <sys/eventfd.h>

#include "bench.h"

enum
{
  N_CHANNELS = 10000,
  N_ROUNDS = 60,
  N_ITERATIONS = 20000,
};

typedef struct
{
  GMainContext *context;
  GPtrArray    *channels;
  double        best; /* seconds for one iteration */
} Loop;

static gboolean
keep_going (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
ignore_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
}

static void
loop_init (Loop *self, guint n_channels)
{
  GSource *source = g_idle_source_new ();
  guint    i;

  self->context = g_main_context_new ();
  self->channels = g_ptr_array_new_with_free_func (g_object_unref);
  self->best = G_MAXDOUBLE;

  /* Something at the priority of a redraw, so that a turn of the loop asks every source. */
  g_source_set_priority (source, G_PRIORITY_HIGH_IDLE + 20);
  g_source_set_callback (source, keep_going, NULL, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);

  g_main_context_push_thread_default (self->context);
  for (i = 0; i < n_channels; i++)
    {
      WebMessageChannel *channel = web_message_channel_new ();

      web_message_port_set_on_message (web_message_channel_get_port1 (channel), ignore_message,
                                       NULL, NULL);
      web_message_port_start (web_message_channel_get_port2 (channel));
      g_ptr_array_add (self->channels, channel);
    }
  g_main_context_pop_thread_default (self->context);
}

static void
loop_measure (Loop *self)
{
  double start = bench_seconds ();
  int    i;

  for (i = 0; i < N_ITERATIONS; i++)
    g_main_context_iteration (self->context, FALSE);
  self->best = MIN (self->best, (bench_seconds () - start) / N_ITERATIONS);
}

/* What any source costs that polls a descriptor, as one that other threads can wake must. */
static gboolean
dispatch_nothing (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
add_empty_source (Loop *self)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_nothing };
  GSource            *source = g_source_new (&funcs, sizeof (GSource));

  g_source_add_unix_fd (source, eventfd (0, EFD_CLOEXEC), G_IO_IN);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

int
main (int argc, char *argv[])
{
  Loop none;
  Loop empty;
  Loop one;
  Loop many;
  int  i;

  loop_init (&none, 0);
  loop_init (&empty, 0);
  add_empty_source (&empty);
  loop_init (&one, 1);
  loop_init (&many, N_CHANNELS);
  for (i = 0; i < N_ROUNDS; i++)
    {
      loop_measure (&none);
      loop_measure (&empty);
      loop_measure (&one);
      loop_measure (&many);
    }

  bench_print ("main loop iteration, no channel", none.best * 1e9, "ns");
  bench_print ("main loop iteration, an empty source with a descriptor", empty.best * 1e9, "ns");
  bench_print ("main loop iteration, 1 idle channel", one.best * 1e9, "ns");
  bench_print ("main loop iteration, 10,000 idle channels", many.best * 1e9, "ns");
  bench_print ("10,000 idle channels against 1", (many.best / one.best - 1) * 100, "%");
  bench_print ("10,000 idle channels against none", (many.best / none.best - 1) * 100, "%");

  return 0;
}
