/* bench-broadcast.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* One broadcast channel posts, and others receive. bench-broadcast.js measures the same in Node. */

#include "bench.h"

enum
{
  N_RECEIVERS = 100,
  N_POSTS = 10000,
  N_POSTS_TO_NOBODY = 1000000,
  N_POSTS_AT_ONCE = 10,
};

static void
post (WebBroadcastChannel *channel, int number)
{
  if (!web_broadcast_channel_post_message (channel, g_variant_new_int32 (number), NULL))
    g_assert_not_reached ();
}

static void
count_down (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  g_atomic_int_add ((int *)user_data, -1);
}

static GPtrArray *
make_receivers (int *n)
{
  GPtrArray *receivers = g_ptr_array_new_with_free_func (g_object_unref);
  guint      i;

  for (i = 0; i < N_RECEIVERS; i++)
    {
      WebBroadcastChannel *receiver = web_broadcast_channel_new ("bench");

      web_broadcast_channel_set_on_message (receiver, count_down, n, NULL);
      g_ptr_array_add (receivers, receiver);
    }

  return receivers;
}

static void
post_all (WebBroadcastChannel *sender, int *n)
{
  int i;

  for (i = 0; i < N_POSTS; i++)
    {
      post (sender, i);
      /* Not all at once: a queue of a million messages measures the allocator. */
      if (i % N_POSTS_AT_ONCE == N_POSTS_AT_ONCE - 1)
        while (g_atomic_int_get (n) > (N_POSTS - i) * N_RECEIVERS)
          if (!g_main_context_iteration (NULL, FALSE))
            g_thread_yield ();
    }
  while (g_atomic_int_get (n) > 0)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
}

static void
to_receivers_in_a_thread (void)
{
  g_autoptr (WebBroadcastChannel) sender = web_broadcast_channel_new ("bench");
  int        n = N_POSTS * N_RECEIVERS;
  GPtrArray *receivers = make_receivers (&n);
  double     start = bench_seconds ();

  post_all (sender, &n);
  bench_print ("broadcast to 100 in one thread", N_POSTS * N_RECEIVERS / (bench_seconds () - start),
               "messages/s");
  g_ptr_array_unref (receivers);
}

/* Another thread, which has all receivers. */
typedef struct
{
  WebTestThread thread;
  GPtrArray    *receivers;
  int           n;     /* atomic */
  int           ready; /* atomic */
} Peer;

static gboolean
start_peer (gpointer user_data)
{
  Peer *self = user_data;

  self->receivers = make_receivers (&self->n);
  g_atomic_int_set (&self->ready, TRUE);

  return G_SOURCE_REMOVE;
}

static gboolean
stop_peer (gpointer user_data)
{
  g_clear_pointer (&((Peer *)user_data)->receivers, g_ptr_array_unref);

  return G_SOURCE_REMOVE;
}

static void
to_receivers_in_another_thread (void)
{
  g_autoptr (WebBroadcastChannel) sender = web_broadcast_channel_new ("bench");
  Peer   peer = { .n = N_POSTS * N_RECEIVERS };
  double start;

  web_test_thread_start (&peer.thread);
  web_test_thread_invoke (&peer.thread, start_peer, &peer);
  while (!g_atomic_int_get (&peer.ready))
    g_thread_yield ();

  start = bench_seconds ();
  post_all (sender, &peer.n);
  bench_print ("broadcast to 100 in another thread",
               N_POSTS * N_RECEIVERS / (bench_seconds () - start), "messages/s");

  web_test_thread_invoke (&peer.thread, stop_peer, &peer);
  web_test_thread_stop (&peer.thread);
}

static void
to_nobody (void)
{
  g_autoptr (WebBroadcastChannel) sender = web_broadcast_channel_new ("bench");
  double start = bench_seconds ();
  int    i;

  for (i = 0; i < N_POSTS_TO_NOBODY; i++)
    post (sender, i);
  bench_print ("broadcast to nobody", N_POSTS_TO_NOBODY / (bench_seconds () - start), "posts/s");
}

int
main (void)
{
  to_receivers_in_a_thread ();
  to_receivers_in_another_thread ();
  to_nobody ();

  return 0;
}
