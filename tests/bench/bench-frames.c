/* bench-frames.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The frame rate of a GTK window that draws all the time, by its frame clock: alone, while workers
 * post 50,000 messages a second to it, and while they post as many as they can. */

#include "bench.h"

#include <gtk/gtk.h>

#define SECONDS      4
#define N_WORKERS    2
#define PERIOD_MS    5
#define MOST_AT_ONCE 20000
#define MANY         50000.0
#define TOO_MANY     1e9

static guint  n_received;
static double angle;

/* In the thread of a worker. */

typedef struct
{
  WebDedicatedWorkerGlobalScope *scope;
  double                         start;
  double                         rate;
  guint                          n_posted;
} Poster;

/* As many as are due, also if the thread had to wait for a processor. */
static gboolean
post_due (gpointer user_data)
{
  Poster *self = user_data;
  double  due = (bench_seconds () - self->start) * self->rate;

  for (guint i = 0; self->n_posted < due && i < MOST_AT_ONCE; i++, self->n_posted++)
    web_dedicated_worker_global_scope_post_message (self->scope, g_variant_new_uint32 (i), NULL, 0,
                                                    NULL);

  return G_SOURCE_CONTINUE;
}

/* The message says how many to post in a second. */
static void
on_rate (WebDedicatedWorkerGlobalScope *scope, WebMessageEvent *event, gpointer user_data)
{
  double  rate = g_variant_get_double (web_message_event_get_data (event));
  Poster *poster = g_new (Poster, 1);
  g_autoptr (GSource) source = g_timeout_source_new (PERIOD_MS);

  *poster = (Poster){ scope, bench_seconds (), rate, 0 };
  g_source_set_callback (source, post_due, poster, g_free);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
run_worker (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  web_dedicated_worker_global_scope_set_on_message (scope, on_rate, NULL, NULL);
}

/* In the window. */

static void
on_message (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  n_received++;
}

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  cairo_arc (cr, width / 2.0, height / 2.0, height / 3.0, angle, angle + G_PI);
  cairo_fill (cr);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  angle += 0.1;
  gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

static void
wait_seconds (double seconds)
{
  double end = bench_seconds () + seconds;

  while (bench_seconds () < end)
    g_main_context_iteration (NULL, TRUE);
}

/* Returns the frames a second. */
static double
measure (GtkWidget *area, double rate, double *messages)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (area);
  WebWorker     *workers[N_WORKERS] = { NULL };
  gint64         frames;
  double         start, seconds;

  for (guint i = 0; i < N_WORKERS && rate > 0; i++)
    {
      workers[i] = web_worker_new_thread ("poster", run_worker, NULL, NULL);
      web_worker_set_on_message (workers[i], on_message, NULL, NULL);
      web_worker_post_message (workers[i], g_variant_new_double (rate / N_WORKERS), NULL, 0, NULL);
    }
  wait_seconds (0.5);

  n_received = 0;
  frames = gdk_frame_clock_get_frame_counter (clock);
  start = bench_seconds ();
  wait_seconds (SECONDS);
  seconds = bench_seconds () - start;
  frames = gdk_frame_clock_get_frame_counter (clock) - frames;
  *messages = n_received / seconds;

  for (guint i = 0; i < N_WORKERS && rate > 0; i++)
    {
      web_worker_terminate (workers[i]);
      web_worker_join (workers[i]);
      g_object_unref (workers[i]);
    }

  return frames / seconds;
}

int
main (void)
{
  GtkWidget *window, *area;
  double     alone, busy, flooded, messages;

  if (!gtk_init_check ())
    {
      g_printerr ("bench-frames needs a display\n");
      return 0;
    }

  window = gtk_window_new ();
  area = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw, NULL, NULL);
  gtk_widget_add_tick_callback (area, on_tick, NULL, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 300);
  gtk_window_set_child (GTK_WINDOW (window), area);
  gtk_window_present (GTK_WINDOW (window));
  wait_seconds (0.5);

  alone = measure (area, 0, &messages);
  bench_print ("frames of a window, alone", alone, "frames/s");

  busy = measure (area, MANY, &messages);
  bench_print ("frames of a window that gets 50,000 messages/s", busy, "frames/s");
  bench_print ("… messages it got", messages, "messages/s");
  bench_print ("… frame rate kept", 100 * busy / alone, "%");

  flooded = measure (area, TOO_MANY, &messages);
  bench_print ("frames of a window that is flooded", flooded, "frames/s");
  bench_print ("… messages it got", messages, "messages/s");
  bench_print ("… frame rate kept", 100 * flooded / alone, "%");

  gtk_window_destroy (GTK_WINDOW (window));

  return 0;
}
