/* bench-workers.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How long a worker takes to its first message, beside a bare thread and a bare process; and a
 * broadcast channel whose receivers are in workers. bench-workers.mjs measures the latter in Node.
 */

#include <string.h>
#include <unistd.h>

#include "bench.h"

enum
{
  N_STARTS = 500,
  N_WORKERS = 10,
  N_CHANNELS = 10, /* in each of them */
  N_POSTS = 3000,
  N_POSTS_AT_ONCE = 10,
};

static const char *program;

static int
compare (gconstpointer a, gconstpointer b)
{
  const double one = *(const double *)a, other = *(const double *)b;

  return (one > other) - (one < other);
}

static void
print_median (const char *what, double *seconds)
{
  qsort (seconds, N_STARTS, sizeof *seconds, compare);
  bench_print (what, seconds[N_STARTS / 2] * 1e6, "us");
}

static gpointer
hand_over (gpointer queue)
{
  g_async_queue_push (queue, queue);

  return NULL;
}

static void
start_bare_threads (void)
{
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  double seconds[N_STARTS];
  guint  i;

  for (i = 0; i < N_STARTS; i++)
    {
      const double start = bench_seconds ();
      GThread     *thread = g_thread_new ("worker", hand_over, queue);

      g_async_queue_pop (queue);
      seconds[i] = bench_seconds () - start;
      g_thread_join (thread);
    }
  print_median ("start of a bare thread, to its first hand-over", seconds);
}

static void
say_ready (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  web_dedicated_worker_global_scope_post_message (scope, g_variant_new_boolean (TRUE), NULL, 0,
                                                  NULL);
}

static void
on_first_message (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
}

static void
wait_for_first_message (WebWorker *worker)
{
  gboolean ready = FALSE;

  g_signal_connect (worker, "message", G_CALLBACK (on_first_message), &ready);
  web_worker_start (worker);
  while (!ready)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (worker, &ready);
}

static void
on_destroyed (gpointer n_running)
{
  g_atomic_int_add ((int *)n_running, -1);
}

static void
start_threads (void)
{
  double seconds[N_STARTS];
  int    n_running = 0;
  guint  i;

  for (i = 0; i < N_STARTS; i++)
    {
      const double start = bench_seconds ();
      g_autoptr (WebWorker) worker = NULL;

      n_running = 1;
      worker = web_worker_new_thread (NULL, say_ready, &n_running, on_destroyed);
      wait_for_first_message (worker);
      seconds[i] = bench_seconds () - start;
      web_worker_terminate (worker);
      while (g_atomic_int_get (&n_running) > 0)
        g_thread_yield ();
    }
  print_median ("start of a worker in a thread, to its first message", seconds);
}

static void
start_bare_processes (void)
{
  double seconds[N_STARTS];
  guint  i;

  for (i = 0; i < N_STARTS; i++)
    {
      const double start = bench_seconds ();
      g_autoptr (GSubprocess) process =
        g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, program, "bare", NULL);
      char byte;

      if (g_input_stream_read (g_subprocess_get_stdout_pipe (process), &byte, 1, NULL, NULL) != 1)
        g_assert_not_reached ();
      seconds[i] = bench_seconds () - start;
      g_subprocess_wait (process, NULL, NULL);
    }
  print_median ("start of a bare process, to its first byte", seconds);
}

static WebWorker *
new_process (const char *role)
{
  const char *argv[] = { program, role, NULL };
  WebWorker  *worker = web_worker_new_process (argv, NULL, NULL, NULL, NULL);

  g_assert_nonnull (worker);

  return worker;
}

static void
start_processes (void)
{
  double seconds[N_STARTS];
  guint  i;

  for (i = 0; i < N_STARTS; i++)
    {
      const double start = bench_seconds ();
      g_autoptr (WebWorker) worker = new_process ("start");

      wait_for_first_message (worker);
      seconds[i] = bench_seconds () - start;
      web_worker_terminate (worker);
      g_subprocess_wait (web_worker_get_subprocess (worker), NULL, NULL);
    }
  print_median ("start of a worker in a process, to its first message", seconds);
}

/* A worker with receivers. It says when they are there, and when they have got everything. */
typedef struct
{
  WebDedicatedWorkerGlobalScope *scope;
  WebBroadcastChannel           *channels[N_CHANNELS]; /* owned */
  int                            n;
} Receivers;

static void
on_broadcast (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  Receivers *self = user_data;

  if (--self->n == 0)
    say_ready (self->scope, NULL);
}

static void
receivers_free (gpointer data)
{
  Receivers *self = data;
  guint      i;

  for (i = 0; i < N_CHANNELS; i++)
    g_object_unref (self->channels[i]);
  g_free (self);
}

static void
receive (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  Receivers *self = g_new0 (Receivers, 1);
  guint      i;

  self->scope = scope;
  self->n = N_POSTS * N_CHANNELS;
  for (i = 0; i < N_CHANNELS; i++)
    {
      self->channels[i] = web_broadcast_channel_new ("bench");
      web_broadcast_channel_set_on_message (self->channels[i], on_broadcast, self, NULL);
    }
  g_object_set_data_full (G_OBJECT (scope), "receivers", self, receivers_free);
  say_ready (scope, NULL);
}

static void
on_done (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  --*(int *)user_data;
}

static void
broadcast (const char *what, WebWorker *(*new_worker) (void))
{
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("bench");
  WebWorker *workers[N_WORKERS];
  int        n_left = N_WORKERS, i;
  double     start;

  for (i = 0; i < N_WORKERS; i++)
    {
      workers[i] = new_worker ();
      wait_for_first_message (workers[i]);
      g_signal_connect (workers[i], "message", G_CALLBACK (on_done), &n_left);
    }

  start = bench_seconds ();
  for (i = 0; i < N_POSTS; i++)
    {
      if (!web_broadcast_channel_post_message (channel, g_variant_new_int32 (i), NULL))
        g_assert_not_reached ();
      if (i % N_POSTS_AT_ONCE == N_POSTS_AT_ONCE - 1)
        g_main_context_iteration (NULL, FALSE);
    }
  while (n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  bench_print (what, N_POSTS * N_WORKERS * N_CHANNELS / (bench_seconds () - start), "messages/s");

  for (i = 0; i < N_WORKERS; i++)
    {
      web_worker_terminate (workers[i]);
      g_object_unref (workers[i]);
    }
}

static WebWorker *
new_receiving_thread (void)
{
  return web_worker_new_thread (NULL, receive, NULL, NULL);
}

static WebWorker *
new_receiving_process (void)
{
  return new_process ("receive");
}

static int
be_worker (const char *role)
{
  g_autoptr (WebWorkerGlobalScope) scope = web_worker_global_scope_from_environment (NULL);
  WebDedicatedWorkerGlobalScope *self = WEB_DEDICATED_WORKER_GLOBAL_SCOPE (scope);

  if (strcmp (role, "start") == 0)
    say_ready (self, NULL);
  else
    receive (self, NULL);
  web_worker_global_scope_run (scope);

  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "bare") == 0)
    return write (STDOUT_FILENO, "!", 1) == 1 ? 0 : 1;
  if (argc == 2)
    return be_worker (argv[1]);

  program = argv[0];
  start_bare_threads ();
  start_threads ();
  start_bare_processes ();
  start_processes ();
  broadcast ("broadcast to 100 in 10 threads", new_receiving_thread);
  broadcast ("broadcast to 100 in 10 processes", new_receiving_process);

  return 0;
}
