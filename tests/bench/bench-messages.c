/* bench-messages.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How fast messages go, in one thread and between two, beside what a program would do by hand:
 * an idle source a message, g_main_context_invoke(), and an event descriptor with poll(). */

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench.h"

enum
{
  N_ONE_WAY = 1000000,
  N_ROUND_TRIPS = 200000,
  N_THREAD_ROUND_TRIPS = 20000,
};

static void
post (WebMessagePort *port, GVariant *message)
{
  if (!web_message_port_post_message (port, message, NULL, 0, NULL))
    g_assert_not_reached ();
}

static void
count_down (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  (*(int *)user_data)--;
}

static void
answer (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  post (port, web_message_event_get_data (event));
}

static void
answer_and_count (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  if (--*(int *)user_data > 0)
    answer (port, event, NULL);
}

static void
wait_for (int *n)
{
  while (*n > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
one_way_in_a_thread (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  double          start = bench_seconds ();
  int             n = N_ONE_WAY;
  int             i;

  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port2, count_down, &n, NULL);
  for (i = 0; i < N_ONE_WAY; i++)
    {
      post (port1, g_variant_new_int32 (i));
      /* Not all at once: a queue of a million messages measures the allocator. */
      if (i % 1000 == 999)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }
  wait_for (&n);
  bench_print ("one way, one thread", N_ONE_WAY / (bench_seconds () - start), "messages/s");

  web_message_port_close (port1);
  g_object_unref (port1);
  g_object_unref (port2);
}

static gboolean
idle_count_down (gpointer user_data)
{
  (*(int *)user_data)--;

  return G_SOURCE_REMOVE;
}

static void
one_way_with_idle_sources (void)
{
  double start = bench_seconds ();
  int    n = N_ONE_WAY;
  int    i;

  for (i = 0; i < N_ONE_WAY; i++)
    {
      g_idle_add (idle_count_down, &n);
      if (i % 1000 == 999)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }
  wait_for (&n);
  bench_print ("one way, one thread, an idle source each", N_ONE_WAY / (bench_seconds () - start),
               "messages/s");
}

static void
round_trip_in_a_thread (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  double          start = bench_seconds ();
  int             n = N_ROUND_TRIPS;

  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port1, answer_and_count, &n, NULL);
  web_message_port_set_on_message (port2, answer, NULL, NULL);
  post (port1, g_variant_new_int32 (1));
  wait_for (&n);
  bench_print ("round trip, one thread", (bench_seconds () - start) / N_ROUND_TRIPS * 1e6, "us");

  web_message_port_close (port1);
  g_object_unref (port1);
  g_object_unref (port2);
}

/* A thread that echoes at one port, or posts through it. */
typedef struct
{
  GThread      *thread;
  GMainContext *context;
  GMainLoop    *loop;
  GObject      *data_holder;
  GVariant     *message; /* for a thread that posts */
  int           n_posts;
} Peer;

static void
quit_peer (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  Peer *self = user_data;

  g_main_loop_quit (self->loop);
}

static gpointer
run_peer (gpointer data)
{
  Peer           *self = data;
  WebMessagePort *port;
  int             i;

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  port = web_test_receive_port (self->data_holder);
  if (self->message != NULL)
    {
      for (i = 0; i < self->n_posts; i++)
        post (port, self->message);
    }
  else
    {
      g_signal_connect (port, "close", G_CALLBACK (quit_peer), self);
      web_message_port_set_on_message (port, answer, NULL, NULL);
      g_main_loop_run (self->loop);
    }
  g_object_unref (port);
  g_main_context_pop_thread_default (self->context);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);

  return NULL;
}

static void
start_peer (Peer *self, WebMessagePort *port)
{
  self->data_holder = web_test_detach_port (port);
  self->thread = g_thread_new ("peer", run_peer, self);
}

static double
receive_from_thread (GVariant *message, int n_messages)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  Peer            peer = { .message = message, .n_posts = n_messages };
  double          start;
  int             n = n_messages;

  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port2, count_down, &n, NULL);
  start = bench_seconds ();
  start_peer (&peer, port1);
  wait_for (&n);
  start = bench_seconds () - start;

  g_thread_join (peer.thread);
  web_message_port_close (port2);
  g_object_unref (port2);

  return start;
}

static void
one_way_between_threads (void)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (g_variant_new_int32 (1));
  double best = G_MAXDOUBLE;
  int    i;

  for (i = 0; i < 3; i++)
    best = MIN (best, receive_from_thread (message, N_ONE_WAY));
  bench_print ("one way, between threads", N_ONE_WAY / best, "messages/s");
}

/* A buffer is passed by reference, whatever its size. */
static void
large_messages (void)
{
  enum
  {
    N = 20000
  };
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (64 << 20), 64 << 20);
  g_autoptr (GVariant) large =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
  g_autoptr (GVariant) empty = g_variant_ref_sink (g_variant_new ("ay", NULL));
  double best_large = G_MAXDOUBLE;
  double best_empty = G_MAXDOUBLE;
  int    i;

  for (i = 0; i < 5; i++)
    {
      best_large = MIN (best_large, receive_from_thread (large, N));
      best_empty = MIN (best_empty, receive_from_thread (empty, N));
    }
  bench_print ("64 MiB buffer between threads, against an empty one", best_large / best_empty,
               "times");
}

static void
round_trip_between_threads (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  Peer            peer = { 0 };
  double          start;
  int             n = N_THREAD_ROUND_TRIPS;

  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port1, answer_and_count, &n, NULL);
  start_peer (&peer, port2);
  start = bench_seconds ();
  post (port1, g_variant_new_int32 (1));
  wait_for (&n);
  bench_print ("round trip, between threads",
               (bench_seconds () - start) / N_THREAD_ROUND_TRIPS * 1e6, "us");

  web_message_port_close (port1);
  g_thread_join (peer.thread);
  g_object_unref (port1);
}

static void
wait_for_eventfd (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  guint64       count;

  if (poll (&poll_fd, 1, -1) != 1 || read (fd, &count, sizeof count) < 0)
    g_assert_not_reached ();
}

static void
signal_eventfd (int fd)
{
  guint64 one = 1;

  if (write (fd, &one, sizeof one) < 0)
    g_assert_not_reached ();
}

static gpointer
echo_eventfd (gpointer data)
{
  int *fds = data;
  int  i;

  for (i = 0; i < N_THREAD_ROUND_TRIPS; i++)
    {
      wait_for_eventfd (fds[0]);
      signal_eventfd (fds[1]);
    }

  return NULL;
}

static void
round_trip_with_eventfd (void)
{
  int      fds[] = { eventfd (0, EFD_NONBLOCK), eventfd (0, EFD_NONBLOCK) };
  GThread *thread = g_thread_new ("eventfd", echo_eventfd, fds);
  double   start = bench_seconds ();
  int      i;

  for (i = 0; i < N_THREAD_ROUND_TRIPS; i++)
    {
      signal_eventfd (fds[0]);
      wait_for_eventfd (fds[1]);
    }
  bench_print ("round trip, between threads, eventfd and poll",
               (bench_seconds () - start) / N_THREAD_ROUND_TRIPS * 1e6, "us");
  g_thread_join (thread);
  close (fds[0]);
  close (fds[1]);
}

typedef struct
{
  GMainContext *there;
  GMainLoop    *loop;
  int           n;
} Invoke;

static gboolean invoke_here (gpointer data);

static gboolean
invoke_there (gpointer data)
{
  g_main_context_invoke (NULL, invoke_here, data);

  return G_SOURCE_REMOVE;
}

static gboolean
invoke_here (gpointer data)
{
  Invoke *self = data;

  if (--self->n > 0)
    g_main_context_invoke (self->there, invoke_there, self);

  return G_SOURCE_REMOVE;
}

static gpointer
run_loop (gpointer loop)
{
  g_main_loop_run (loop);

  return NULL;
}

static gboolean
quit_loop (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static void
round_trip_with_invoke (void)
{
  Invoke   invoke = { .there = g_main_context_new (), .n = N_THREAD_ROUND_TRIPS };
  GThread *thread;
  double   start;

  invoke.loop = g_main_loop_new (invoke.there, FALSE);
  thread = g_thread_new ("invoke", run_loop, invoke.loop);
  /* The context must be owned by its thread, or the call would run here. */
  while (!g_main_loop_is_running (invoke.loop))
    g_usleep (1000);
  start = bench_seconds ();
  g_main_context_invoke (invoke.there, invoke_there, &invoke);
  wait_for (&invoke.n);
  bench_print ("round trip, between threads, g_main_context_invoke()",
               (bench_seconds () - start) / N_THREAD_ROUND_TRIPS * 1e6, "us");
  g_main_context_invoke (invoke.there, quit_loop, invoke.loop);
  g_thread_join (thread);
  g_main_loop_unref (invoke.loop);
  g_main_context_unref (invoke.there);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_main_context_acquire (context);
  one_way_in_a_thread ();
  one_way_with_idle_sources ();
  one_way_between_threads ();
  round_trip_in_a_thread ();
  round_trip_between_threads ();
  round_trip_with_eventfd ();
  round_trip_with_invoke ();
  large_messages ();
  g_main_context_release (context);

  return 0;
}
