/* web-watchdog.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* While debug output is on, one thread looks each second at all main contexts that have ports, and
 * writes what keeps messages from being delivered: a port that nobody has started, a context that
 * no thread runs, a handler that does not return. It says each of them once. At the end of the
 * program it names the ports that are still open.
 */

#include "web-watchdog-private.h"

#include <stdlib.h>
#include <unistd.h>

#include "web-debug-private.h"
#include "web-scheduler-private.h"

#define INTERVAL_USEC G_TIME_SPAN_SECOND

/* What was seen of a context the last time. */
typedef struct
{
  guint    n_prepared;
  guint    n_run;
  gboolean is_stuck; /* there was something to run */
  gboolean is_told;
  gboolean is_alive; /* it was seen this time */
} Seen;

/* How long a queue has been seen with messages that nobody wants. Stands in the queue as it is. */
enum
{
  NOT_WAITING,
  WAITING,
  TOLD,
};

static pid_t process; /* in which the thread runs */

static GHashTable *seen; /* of WebScheduler, unowned, to Seen. Only for the thread */

/* Tells how much waits, with the verb. What was not read yet is not counted. */
static char *
describe_waiting (guint n_tasks, gboolean has_unread)
{
  if (has_unread)
    return n_tasks > 0 ? g_strdup_printf ("%u messages and more from another process wait", n_tasks)
                       : g_strdup ("What another process has sent waits");

  return g_strdup_printf ("%u message%s", n_tasks, n_tasks == 1 ? " waits" : "s wait");
}

static void
look_at_queue (WebScheduled *queue)
{
  WebScheduledInfo info;

  queue->funcs->inspect (queue, &info);
  if ((info.n_tasks == 0 && !info.has_unread) || info.is_wanted)
    {
      queue->waiting = NOT_WAITING;
      return;
    }

  if (queue->waiting == WAITING)
    {
      g_autofree char *what = describe_waiting (info.n_tasks, info.has_unread);

      g_debug ("%s at %s %p%s%s", what, info.type, info.owner, info.advice != NULL ? ", " : "",
               info.advice != NULL ? info.advice : "");
    }
  if (queue->waiting != TOLD)
    queue->waiting++;
}

static guint
count_tasks (GPtrArray *members)
{
  guint n = 0, i;

  for (i = 0; i < members->len; i++)
    {
      WebScheduled    *queue = members->pdata[i];
      WebScheduledInfo info;

      queue->funcs->inspect (queue, &info);
      if (info.is_wanted)
        n += info.n_tasks;
    }

  return n;
}

static void
tell_stuck (WebScheduler *scheduler, const WebSchedulerState *state)
{
  g_autofree char *name = web_scheduler_describe (scheduler);
  const guint      n_tasks = count_tasks (state->members);
  g_autofree char *what = describe_waiting (n_tasks, state->has_events);

  if (state->running != NULL)
    {
      WebScheduledInfo info;

      state->running->funcs->inspect (state->running, &info);
      g_debug (
        "A handler of %s %p has run for more than a second, and nothing else is delivered in "
        "%s meanwhile: let handlers return soon, and do long work in another thread",
        info.type, info.owner, name);
    }
  else if (state->n_prepared == 0)
    {
      g_debug ("%s in %s, which no thread has run yet: call g_main_loop_run(), "
               "g_application_run() or g_main_context_iteration() in the thread of the receiver",
               what, name);
    }
  else
    {
      g_debug ("%s in %s, which no thread has run for more than a second: its main loop has ended, "
               "or a callback blocks it",
               what, name);
    }
}

static void
look_at_context (WebScheduler *scheduler, const WebSchedulerState *state)
{
  /* A handler may run a main loop of its own, which sleeps. */
  const gboolean is_stuck =
    state->has_tasks || state->has_events || (state->running != NULL && !state->is_nested);
  Seen *last = g_hash_table_lookup (seen, scheduler);

  if (last == NULL)
    {
      last = g_new0 (Seen, 1);
      g_hash_table_insert (seen, scheduler, last);
    }
  else if (is_stuck && last->is_stuck && last->n_prepared == state->n_prepared &&
           last->n_run == state->n_run)
    {
      if (!last->is_told)
        tell_stuck (scheduler, state);
      last->is_told = TRUE;
    }
  else
    {
      last->is_told = FALSE;
    }
  last->n_prepared = state->n_prepared;
  last->n_run = state->n_run;
  last->is_stuck = is_stuck;
  last->is_alive = TRUE;
}

static gboolean
forget_dead (gpointer scheduler, gpointer value, gpointer user_data)
{
  Seen    *last = value;
  gboolean was_alive = last->is_alive;

  last->is_alive = FALSE;

  return !was_alive;
}

typedef void (*LookFunc) (WebScheduler *scheduler, const WebSchedulerState *state);

static void
for_each_context (LookFunc function)
{
  g_autoptr (GPtrArray) schedulers = web_scheduler_ref_all ();
  guint i;

  for (i = 0; i < schedulers->len; i++)
    {
      WebSchedulerState state;

      web_scheduler_get_state (schedulers->pdata[i], &state);
      function (schedulers->pdata[i], &state);
      web_scheduler_state_clear (&state);
    }
}

static void
look (WebScheduler *scheduler, const WebSchedulerState *state)
{
  guint i;

  for (i = 0; i < state->members->len; i++)
    look_at_queue (state->members->pdata[i]);
  look_at_context (scheduler, state);
}

static gpointer
run (gpointer data)
{
  seen = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  for (;;)
    {
      g_usleep (INTERVAL_USEC);
      for_each_context (look);
      g_hash_table_foreach_remove (seen, forget_dead, NULL);
    }

  return NULL;
}

static void
name_open (WebScheduler *scheduler, const WebSchedulerState *state)
{
  guint i;

  for (i = 0; i < state->members->len; i++)
    {
      WebScheduled    *queue = state->members->pdata[i];
      WebScheduledInfo info;

      queue->funcs->inspect (queue, &info);
      if (info.is_kept)
        g_debug ("%s %p was started and is still open at the end of the program, which keeps it in "
                 "memory: close a port that is no longer needed",
                 info.type, info.owner);
      else if (info.n_tasks > 0)
        g_debug ("%u message%s at %s %p at the end of the program, and nobody has received %s",
                 info.n_tasks, info.n_tasks == 1 ? " waits" : "s wait", info.type, info.owner,
                 info.n_tasks == 1 ? "it" : "them");
    }
}

/* In a forked process, a lock may belong to a thread that is not there, and the ports are not its
 * own. */
static void
at_exit (void)
{
  if (getpid () == process)
    for_each_context (name_open);
}

/*
 * web_watchdog_start:
 *
 * Starts the thread, once. Only while debug output is on.
 */
void
web_watchdog_start (void)
{
  static gsize started;

  if (g_once_init_enter (&started))
    {
      process = getpid ();
      g_thread_unref (g_thread_new ("web-debug", run, NULL));
      atexit (at_exit);
      g_once_init_leave (&started, 1);
    }
}
