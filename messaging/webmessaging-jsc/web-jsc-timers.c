/* web-jsc-timers.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The timers of a realm: HTML, timers-and-user-prompts.html#timers.
 *
 * They fire in the order of their times, also after a script has been busy. GLib would let sources
 * that are ready fire in the order in which they were attached. So they have one source.
 */

#include "web-jsc-timers-private.h"

typedef struct
{
  gint64 time; /* of the monotonic clock, in microseconds */
  gint64 order;
  guint  number;
  guint  interval; /* in milliseconds, 0 for one that fires once */
} Timer;

struct _WebJscTimers
{
  GSource source;

  WebJscTimerFunc func;
  gpointer        user_data;
  GSequence      *queue;   /* of Timer, owned, the next one first */
  GHashTable     *numbers; /* to their places in the queue */
  gint64          n_started;
};

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Timer *first = a, *second = b;

  if (first->time != second->time)
    return first->time < second->time ? -1 : 1;

  return first->order < second->order ? -1 : first->order > second->order;
}

static void
add (WebJscTimers *self, Timer *timer, guint milliseconds)
{
  timer->time = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;
  timer->order = ++self->n_started;
  g_hash_table_insert (self->numbers, GUINT_TO_POINTER (timer->number),
                       g_sequence_insert_sorted (self->queue, timer, compare, NULL));
}

static void
wait_for_next (WebJscTimers *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->queue);
  const Timer   *timer = g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);

  g_source_set_ready_time (&self->source, timer != NULL ? timer->time : -1);
}

/* One timer at a time: each is a task of its own, and other sources have their turns in between. */
static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WebJscTimers  *self = (WebJscTimers *)source;
  GSequenceIter *first = g_sequence_get_begin_iter (self->queue);
  const Timer   *timer = g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
  guint          number, interval;

  if (timer == NULL || timer->time > g_get_monotonic_time ())
    {
      wait_for_next (self);
      return G_SOURCE_CONTINUE;
    }

  number = timer->number;
  interval = timer->interval;
  if (interval == 0)
    web_jsc_timers_stop (self, number);
  self->func (number, self->user_data);

  /* The function may have stopped it, or all of them. */
  if (g_source_is_destroyed (source))
    return G_SOURCE_REMOVE;
  if (interval > 0)
    {
      first = g_hash_table_lookup (self->numbers, GUINT_TO_POINTER (number));
      if (first != NULL)
        {
          Timer again = *(Timer *)g_sequence_get (first);

          g_sequence_remove (first);
          add (self, g_memdup2 (&again, sizeof again), interval);
        }
    }
  wait_for_next (self);

  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  WebJscTimers *self = (WebJscTimers *)source;

  g_hash_table_unref (self->numbers);
  g_sequence_free (self->queue);
}

/*
 * web_jsc_timers_new:
 * @func: called when it is time, with @user_data
 *
 * Returns: (transfer full): timers that fire in @context
 */
WebJscTimers *
web_jsc_timers_new (GMainContext *context, WebJscTimerFunc func, gpointer user_data)
{
  static GSourceFuncs funcs = { .dispatch = dispatch, .finalize = finalize };
  GSource            *source = g_source_new (&funcs, sizeof (WebJscTimers));
  WebJscTimers       *self = (WebJscTimers *)source;

  g_source_set_static_name (source, "[webmessaging] timers");
  self->func = func;
  self->user_data = user_data;
  self->queue = g_sequence_new (g_free);
  self->numbers = g_hash_table_new (NULL, NULL);
  g_source_attach (source, context);

  return self;
}

/*
 * web_jsc_timers_free:
 *
 * May be called on any thread when no script runs any more, and while a timer fires.
 */
void
web_jsc_timers_free (WebJscTimers *self)
{
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

void
web_jsc_timers_start (WebJscTimers *self, guint number, guint milliseconds, gboolean repeats)
{
  Timer *timer = g_new0 (Timer, 1);

  timer->number = number;
  timer->interval = repeats ? MAX (milliseconds, 1) : 0;
  add (self, timer, repeats ? timer->interval : milliseconds);
  wait_for_next (self);
}

void
web_jsc_timers_stop (WebJscTimers *self, guint number)
{
  gpointer place;

  if (g_hash_table_steal_extended (self->numbers, GUINT_TO_POINTER (number), NULL, &place))
    g_sequence_remove (place);
}
