/* bench-costs.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The table in docs/costs.md: what things cost, compared with a message in one thread. All take
 * turns in short rounds, and the fastest round of each counts: what disturbs a round only makes it
 * slower. Where most of the time goes to a file in memory, or to the start of a process, it is
 * compared with these things done by hand. */

#include <malloc.h>
#include <string.h>

#include "bench.h"

enum
{
  N_ROUNDS = 21,
  N_MESSAGES = 20000,
  N_AT_ONCE = 1000,
  N_ROUND_TRIPS = 500,
  N_CHANNELS = 2000,
  N_STARTS = 20,
  N_PROCESSES = 3,
  LARGE = 64 << 20,
};

static const char *program;
static WebWorker  *thread;
static WebWorker  *process;
static GVariant   *small;
static GBytes     *large;
static int         n_left; /* messages to wait for */

static void
settle_worker (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  n_left--;
}

static void
wait_for_messages (void)
{
  while (n_left > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* What a worker does: it answers a number with so many messages, and anything else with an empty
 * message. */
static void
answer (WebDedicatedWorkerGlobalScope *scope, WebMessageEvent *event, gpointer user_data)
{
  GVariant *data = web_message_event_get_data (event);
  int       n = g_variant_is_of_type (data, G_VARIANT_TYPE_INT32) ? g_variant_get_int32 (data) : 1;
  int       i;

  for (i = 0; i < n; i++)
    web_dedicated_worker_global_scope_post_message (scope, g_variant_new ("()"), NULL, 0, NULL);
}

static void
run_worker (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  web_dedicated_worker_global_scope_set_on_message (scope, answer, NULL, NULL);
}

static WebWorker *
start_thread (void)
{
  return web_worker_new_thread (NULL, run_worker, NULL, NULL);
}

static WebWorker *
start_process (void)
{
  const char *argv[] = { program, "worker", NULL };
  WebWorker  *worker = web_worker_new_process (argv, NULL, NULL, NULL, NULL);

  g_assert_nonnull (worker);

  return worker;
}

static void
ask (WebWorker *worker, GVariant *question, int n_answers)
{
  n_left = n_answers;
  web_worker_post_message (worker, question, NULL, 0, NULL);
  wait_for_messages ();
}

static void
count_port (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  n_left--;
}

static void
message_in_a_thread (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  int             i, j;

  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port2, count_port, NULL, NULL);
  for (i = 0; i < N_MESSAGES; i += N_AT_ONCE)
    {
      n_left = N_AT_ONCE;
      for (j = 0; j < N_AT_ONCE; j++)
        web_message_port_post_message (port1, small, NULL, 0, NULL);
      wait_for_messages ();
    }
  web_message_port_close (port1);
  g_object_unref (port1);
  g_object_unref (port2);
}

static gboolean
count_idle (gpointer user_data)
{
  n_left--;

  return G_SOURCE_REMOVE;
}

static void
idle_source (void)
{
  int i, j;

  for (i = 0; i < N_MESSAGES; i += N_AT_ONCE)
    {
      n_left = N_AT_ONCE;
      for (j = 0; j < N_AT_ONCE; j++)
        g_idle_add (count_idle, NULL);
      wait_for_messages ();
    }
}

static void
message_from_a_thread (void)
{
  ask (thread, g_variant_new_int32 (N_MESSAGES), N_MESSAGES);
}

static void
message_from_a_process (void)
{
  ask (process, g_variant_new_int32 (N_MESSAGES), N_MESSAGES);
}

static void
round_trip_to_a_thread (void)
{
  int i;

  for (i = 0; i < N_ROUND_TRIPS; i++)
    ask (thread, small, 1);
}

static void
round_trip_to_a_process (void)
{
  int i;

  for (i = 0; i < N_ROUND_TRIPS; i++)
    ask (process, small, 1);
}

static void
make_channels (void)
{
  int i;

  for (i = 0; i < N_CHANNELS; i++)
    {
      g_autoptr (WebMessageChannel) channel = web_message_channel_new ();

      web_message_port_close (web_message_channel_get_port1 (channel));
    }
}

static void
post_port (WebWorker *worker, WebMessagePort *port)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (web_message_channel_get_port2 (channel)) };

  if (worker != NULL)
    web_worker_post_message (worker, g_variant_new ("(h)", 0), transfer, 1, NULL);
  else
    web_message_port_post_message (port, g_variant_new ("(h)", 0), transfer, 1, NULL);
}

static void
port_in_a_thread (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  int             i;

  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port2, count_port, NULL, NULL);
  for (i = 0; i < N_ROUND_TRIPS; i++)
    {
      n_left = 1;
      post_port (NULL, port1);
      wait_for_messages ();
    }
  web_message_port_close (port1);
  g_object_unref (port1);
  g_object_unref (port2);
}

static void
port_to_a_process (void)
{
  int i;

  for (i = 0; i < N_ROUND_TRIPS; i++)
    {
      n_left = 1;
      post_port (process, NULL);
      wait_for_messages ();
    }
}

static void
start_workers (WebWorker *(*start) (void), int n)
{
  int i;

  for (i = 0; i < n; i++)
    {
      g_autoptr (WebWorker) worker = start ();

      web_worker_post_message (worker, small, NULL, 0, NULL);
      n_left = 1;
      g_signal_connect (worker, "message", G_CALLBACK (settle_worker), NULL);
      web_worker_start (worker);
      wait_for_messages ();
      web_worker_terminate (worker);
    }
}

static void
start_threads (void)
{
  start_workers (start_thread, N_STARTS);
}

static void
start_processes (void)
{
  start_workers (start_process, N_PROCESSES);
}

static void
start_bare_processes (void)
{
  int i;

  for (i = 0; i < N_PROCESSES; i++)
    {
      g_autoptr (GSubprocess) child =
        g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, program, "bare", NULL);
      char byte;

      if (g_input_stream_read (g_subprocess_get_stdout_pipe (child), &byte, 1, NULL, NULL) != 1)
        g_assert_not_reached ();
      g_subprocess_wait (child, NULL, NULL);
    }
}

static void
copy_large (void)
{
  g_autofree char *copy = g_malloc (LARGE);

  memcpy (copy, g_bytes_get_data (large, NULL), LARGE);
  g_assert_cmpint (copy[LARGE / 2], ==, 7);
}

static void
large_to_a_thread (void)
{
  ask (thread, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, large, TRUE), 1);
}

static void
large_to_a_process (void)
{
  ask (process, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, large, TRUE), 1);
}

typedef struct
{
  const char *what;
  void (*run) (void);
  int         n;      /* how often it happens in a run */
  int         beside; /* index of what it is compared with */
  const char *unit;
  double      best; /* seconds */
} Cost;

enum
{
  MESSAGE,
  COPY = 11,
  BARE_PROCESS = 14,
};

static Cost costs[] = {
  { "message in one thread", message_in_a_thread, N_MESSAGES, MESSAGE, "messages" },
  { "idle source", idle_source, N_MESSAGES, MESSAGE, "messages" },
  { "message from a thread, one of many", message_from_a_thread, N_MESSAGES, MESSAGE, "messages" },
  { "message from a process, one of many", message_from_a_process, N_MESSAGES, MESSAGE,
    "messages" },
  { "round trip to a thread", round_trip_to_a_thread, N_ROUND_TRIPS, MESSAGE, "messages" },
  { "round trip to a process", round_trip_to_a_process, N_ROUND_TRIPS, MESSAGE, "messages" },
  { "channel made and closed", make_channels, N_CHANNELS, MESSAGE, "messages" },
  { "channel, one port of it posted in one thread", port_in_a_thread, N_ROUND_TRIPS, MESSAGE,
    "messages" },
  { "channel, one port of it posted to a process and answered", port_to_a_process, N_ROUND_TRIPS,
    MESSAGE, "messages" },
  { "worker in a thread, to its first answer", start_threads, N_STARTS, MESSAGE, "messages" },
  { "64 MiB to a thread and answered", large_to_a_thread, 1, MESSAGE, "messages" },
  { "64 MiB copied with memcpy()", copy_large, 1, COPY, "copies" },
  { "64 MiB to a process and answered", large_to_a_process, 1, COPY, "copies" },
  { "worker in a process, to its first answer", start_processes, N_PROCESSES, BARE_PROCESS,
    "processes" },
  { "bare process, to its first byte", start_bare_processes, N_PROCESSES, BARE_PROCESS,
    "processes" },
};

static void
measure_time (void)
{
  guint i, round;

  for (i = 0; i < G_N_ELEMENTS (costs); i++)
    costs[i].best = G_MAXDOUBLE;
  for (round = 0; round < N_ROUNDS; round++)
    for (i = 0; i < G_N_ELEMENTS (costs); i++)
      {
        const double start = bench_seconds ();

        costs[i].run ();
        costs[i].best = MIN (costs[i].best, (bench_seconds () - start) / costs[i].n);
        web_test_settle ();
      }
  for (i = 0; i < G_N_ELEMENTS (costs); i++)
    {
      bench_print (costs[i].what, costs[i].best * 1e6, "us");
      if (costs[i].beside != (int)i)
        bench_print ("  that is", costs[i].best / costs[costs[i].beside].best, costs[i].unit);
    }
}

static void
measure_memory (void)
{
  g_autoptr (GPtrArray) channels = g_ptr_array_new_full (N_CHANNELS, g_object_unref);
  WebMessagePort *port;
  gsize           before;
  int             i;

  before = mallinfo2 ().uordblks;
  for (i = 0; i < N_CHANNELS; i++)
    g_ptr_array_add (channels, web_message_channel_new ());
  bench_print ("memory of an idle channel", (mallinfo2 ().uordblks - before) / N_CHANNELS, "bytes");

  port = web_message_channel_get_port1 (channels->pdata[0]);
  before = mallinfo2 ().uordblks;
  for (i = 0; i < N_MESSAGES; i++)
    web_message_port_post_message (port, small, NULL, 0, NULL);
  bench_print ("memory of a message that waits, its value aside",
               (mallinfo2 ().uordblks - before) / N_MESSAGES, "bytes");
}

int
main (int argc, char *argv[])
{
  program = argv[0];

  if (argc > 1 && g_str_equal (argv[1], "bare"))
    {
      g_print ("x");
      return 0;
    }
  if (argc > 1)
    {
      g_autoptr (WebWorkerGlobalScope) scope = web_worker_global_scope_from_environment (NULL);

      run_worker (WEB_DEDICATED_WORKER_GLOBAL_SCOPE (scope), NULL);
      web_worker_global_scope_run (scope);
      return 0;
    }

  small = g_variant_ref_sink (g_variant_new ("()"));
  large = g_bytes_new_take (memset (g_malloc (LARGE), 7, LARGE), LARGE);
  measure_memory ();
  thread = start_thread ();
  process = start_process ();
  g_signal_connect (thread, "message", G_CALLBACK (settle_worker), NULL);
  g_signal_connect (process, "message", G_CALLBACK (settle_worker), NULL);
  web_worker_start (thread);
  web_worker_start (process);
  measure_time ();
  web_worker_terminate (thread);
  web_worker_terminate (process);
  g_object_unref (thread);
  g_object_unref (process);
  g_variant_unref (small);
  g_bytes_unref (large);

  return 0;
}
