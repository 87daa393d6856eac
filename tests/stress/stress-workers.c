/* stress-workers.c: workers that are started, flooded, and killed at any moment
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A few workers at a time, some with a worker of their own, get more messages and broadcasts than
 * they can handle, and are killed, terminated, closed or dropped at random. At the end nothing must
 * be left: no process, no descriptor.
 *
 * STRESS_WORKERS says how many are started, and STRESS_SEED repeats a run. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../web-test.h"

#define N_AT_A_TIME 6

typedef struct
{
  WebWorker *worker; /* owned */
  guint      turns;  /* until its end */
  gboolean   closed, failed;
} Slot;

static Slot                 slots[N_AT_A_TIME];
static WebBroadcastChannel *news;
static guint                n_started, n_killed, n_terminated, n_closed, n_messages;

/* Processes of this program and below it, by the name of the program. */
static guint
count_processes (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint       n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "environ", NULL);
      g_autofree char *mark = g_strdup_printf ("STRESS_OWNER=%d", getpid ());
      g_autofree char *environment = NULL;
      gsize            size;

      if (g_file_get_contents (path, &environment, &size, NULL) &&
          memmem (environment, size, mark, strlen (mark) + 1) != NULL && atoi (name) != getpid ())
        n++;
    }

  return n;
}

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
on_message (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  n_messages++;
}

static void
on_error (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  ((Slot *)user_data)->failed = TRUE;
}

static void
on_close (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  ((Slot *)user_data)->closed = TRUE;
}

static void
post (Slot *slot, const char *text)
{
  g_autoptr (GError) error = NULL;

  web_worker_post_message (slot->worker, g_variant_new_string (text), NULL, 0, &error);
  g_assert_no_error (error);
}

static void
start (Slot *slot)
{
  const char *argv[] = { WORKER_PROGRAM, NULL };
  g_autoptr (GError) error = NULL;

  memset (slot, 0, sizeof *slot);
  slot->worker = web_worker_new_process (argv, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  slot->turns = (guint)g_test_rand_int_range (1, 60);
  g_signal_connect (slot->worker, "message", G_CALLBACK (on_message), slot);
  g_signal_connect (slot->worker, "error", G_CALLBACK (on_error), slot);
  g_signal_connect (slot->worker, "close", G_CALLBACK (on_close), slot);
  web_worker_start (slot->worker);
  post (slot, "listen");
  if (g_test_rand_bit ())
    {
      post (slot, "nest");
      post (slot, "nested listen");
    }
  n_started++;
}

static void
release (Slot *slot)
{
  g_signal_handlers_disconnect_by_data (slot->worker, slot);
  g_clear_object (&slot->worker);
}

static void
end (Slot *slot)
{
  GSubprocess *process = web_worker_get_subprocess (slot->worker);

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      /* What has closed just now cannot be killed. */
      n_killed++;
      g_subprocess_send_signal (process, SIGKILL);
      web_test_wait_until (slot->closed);
      g_assert_true (slot->failed);
      break;

    case 1:
      n_closed++;
      post (slot, "close");
      web_test_wait_until (slot->closed);
      g_assert_false (slot->failed);
      break;

    case 2:
      n_terminated++;
      post (slot, "hang");
      web_worker_terminate (slot->worker);
      break;

    default:
      n_terminated++;
      web_worker_terminate (slot->worker);
      break;
    }

  release (slot);
}

static void
turn (guint n)
{
  g_autofree char *text = g_strdup_printf ("message %u", n);
  guint            i;

  for (i = 0; i < N_AT_A_TIME; i++)
    {
      Slot *slot = &slots[i];
      guint j;

      if (slot->worker == NULL)
        start (slot);
      for (j = 0; j < 20; j++)
        post (slot, text);
      if (--slot->turns == 0)
        end (slot);
    }

  web_broadcast_channel_post_message (news, g_variant_new_string (text), NULL);
  web_test_settle ();
}

static gboolean
look_again (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
test_workers (void)
{
  const char *number = g_getenv ("STRESS_WORKERS");
  const guint n_workers = number != NULL ? (guint)atoi (number) : 40;
  guint       n_fds, i, n = 0;

  /* Threads and descriptors that the library keeps. */
  start (&slots[0]);
  post (&slots[0], "close");
  web_test_wait_until (slots[0].closed);
  release (&slots[0]);
  web_test_wait_until (count_processes () == 0);
  web_test_settle ();
  n_fds = count_fds ();

  while (n_started < n_workers)
    turn (n++);
  for (i = 0; i < N_AT_A_TIME; i++)
    if (slots[i].worker != NULL)
      end (&slots[i]);

  web_test_wait_until (count_processes () == 0);
  web_test_wait_until (count_fds () <= n_fds);
  g_test_message ("%u workers: %u killed, %u terminated, %u closed; %u messages; left: %u "
                  "processes, %d descriptors",
                  n_started, n_killed, n_terminated, n_closed, n_messages, count_processes (),
                  (int)count_fds () - (int)n_fds);
}

/* One after the other: memory stays level. */
static glong
get_resident (void)
{
  g_autofree char *text = NULL;
  glong            resident = 0;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  sscanf (text, "%*d %ld", &resident);

  return resident * sysconf (_SC_PAGESIZE) / 1024;
}

static void
test_in_a_row (void)
{
  glong before = 0, after;
  guint n_fds = 0, i;

  for (i = 0; i < 200; i++)
    {
      Slot *slot = &slots[0];

      if (i == 50)
        {
          before = get_resident ();
          n_fds = count_fds ();
        }
      start (slot);
      post (slot, "close");
      web_test_wait_until (slot->closed);
      release (slot);
    }

  web_test_wait_until (count_processes () == 0);
  web_test_wait_until (count_fds () <= n_fds);
  after = get_resident ();
  g_test_message ("200 workers in a row: %+ld KiB from 50 on", after - before);
  /* A sanitizer keeps what was freed. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  g_assert_cmpint (after - before, <, 4096);
#endif
}

int
main (int argc, char **argv)
{
  g_autofree char *owner = g_strdup_printf ("%d", getpid ());

  g_test_init (&argc, &argv, NULL);
  g_setenv ("STRESS_OWNER", owner, TRUE);
  /* Nothing wakes the main loop when a process has ended. */
  g_timeout_add (5, look_again, NULL);
  news = web_broadcast_channel_new ("news");

  g_test_add_func ("/stress/workers/random", test_workers);
  g_test_add_func ("/stress/workers/in-a-row", test_in_a_row);

  return g_test_run ();
}
