/* web-scheduler.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The scheduler of a #GMainContext says which task comes next: HTML,
 * webappapis.html#event-loop-processing-model, step 2.
 *
 * There is one for each context, shared by all ports and windows that live there. It keeps a heap
 * of the queues that have tasks, so that an idle queue costs a main loop nothing. Any thread may
 * put a queue there; the thread that runs the context takes it and runs its tasks, the oldest
 * first.
 *
 * A main loop sees two sources. The *prompt* one, at the priority that the program has chosen for
 * the context, runs tasks until its budget is used up. Then it holds back for as long, so that
 * sources of a lower priority get their turn: GTK draws at priority 120, and a source that is
 * always ready at the default priority would stop every redraw. During that time the *patient*
 * source, at the lowest priority of all, goes on with the tasks if nothing else wants to run.
 * Neither a flood of messages nor a busy idle handler can starve the other one, and the context has
 * something to dispatch for as long as there are tasks.
 */

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "web-lock-private.h"
#include "web-scheduler-private.h"

/* How long one dispatch may run tasks: as long as others have run since the last one, so that each
 * side gets half of the time if both want it. What has a lower priority waits that long at most. */
#define MIN_BUDGET_USEC (G_TIME_SPAN_MILLISECOND / 2)
#define MAX_BUDGET_USEC (4 * G_TIME_SPAN_MILLISECOND)

#define PATIENT_PRIORITY G_MAXINT

struct _WebScheduler
{
  int ref_count; /* atomic; one is held by each of the two GSources */

  GMutex      lock;
  GQueue      members; /* of WebScheduled: all that live in this context. Protected by @lock */
  WebTaskHeap ready;   /* of WebScheduled: those that have tasks, by the place of the oldest one.
                        * Protected by @lock */
  guint64 n_places;    /* atomic: the tasks that were queued so far */

  /* Set if the context may be in poll(), and has to be woken; @sleeper_depth tells in which of the
   * nested main loops of its thread. Protected by @lock, see must_wake_locked(). */
  gboolean sleeping;
  int      sleeper_depth;
  GThread *thread; /* unowned, atomic; the last thread to iterate the context, or else to use it */

  /* For debug output. Protected by @lock. */
  guint         n_prepared; /* how often the context was about to sleep */
  guint         n_run;      /* tasks that were run */
  WebScheduled *running;    /* unowned: the queue whose task runs; only while debug output is on */
  guint         run_prepared; /* @n_prepared when that task began */

  gboolean gone;   /* the context was finalized. Protected by @lock */
  int      halted; /* atomic; no task will run any more */

  int wake_fd; /* an eventfd that the prompt source polls; closed under @lock with the context, so
                * that a poster never touches one that is being finalized */

  GMainContext *context;  /* unowned: a context owns its sources, and not the reverse */
  GSource      *prompt;   /* unowned: it tells whether the context is alive, see find_locked() */
  GSource      *patient;  /* unowned: alive as long as @prompt is */
  gpointer      wake_tag; /* of @wake_fd in @prompt */
  int           priority; /* of @prompt. Protected by @lock */

  /* Descriptors that are watched. Protected by @lock. */
  int epoll_fd;          /* polls all that are watched: what is idle costs a turn nothing; -1
                          * until there is the first one */
  int         n_watched; /* atomic: how many there are */
  GHashTable *watches;   /* of WebWatch, unowned, by its id */
  guint64     n_watches; /* that there have been: the last id */
  GPtrArray  *first;     /* of WebWatch, unowned: those with is_first */
  GPtrArray  *dirty;     /* of WebWatch, owned, nullable */

  /* Only used by the thread that runs the context. */
  gboolean batching;  /* whether a turn of the main loop may run several tasks */
  GFunc    halt_func; /* nullable; see web_scheduler_set_halt_func() */
  gpointer halt_data;
  gint64   used;            /* the time of the tasks that have run in a row */
  gint64   budget;          /* the time that they may use */
  gint64   end;             /* of the last of them */
  gint64   now;             /* when the task that runs has begun */
  gint64   hold_back_until; /* the prompt source is not ready before; 0 if it need not wait */
  guint    n_turns;         /* of the main loop */
  gboolean polls_watches;   /* one of the two sources polls @epoll_fd */
  gboolean has_watched;     /* a watched descriptor is what has led to these tasks */
  GObject *spare;           /* owned, nullable; see web_scheduler_give_spare() */
  guint8  *buffer;          /* owned, nullable; see web_scheduler_get_buffer() */
};

typedef struct
{
  GSource       source;
  WebScheduler *scheduler; /* owned */
  GPollFD       watches;   /* the descriptor @epoll_fd; no events while the other source polls it */
} TaskGSource;

/* The scheduler of each context. An entry is removed when its prompt source is finalized; until
 * then @prompt may be used with this lock held. */
static GMutex      contexts_lock;
static GHashTable *contexts;

static WebScheduled *
peek_ready_locked (WebScheduler *self)
{
  WebTaskHeapItem *item = web_task_heap_peek (&self->ready);

  return item != NULL ? (gpointer)((guint8 *)item - G_STRUCT_OFFSET (WebScheduled, heap_item))
                      : NULL;
}

static void
remove_ready_locked (WebScheduler *self, WebScheduled *queue)
{
  web_task_heap_remove (&self->ready, &queue->heap_item);
  g_atomic_int_set (&queue->is_ready, FALSE);
}

static gboolean
has_task_locked (WebScheduler *self)
{
  return !web_task_heap_is_empty (&self->ready) && !g_atomic_int_get (&self->halted);
}

static WebScheduled *
pop_ready (WebScheduler *self)
{
  WebScheduled *queue;

  web_mutex_lock (&self->lock);
  queue = has_task_locked (self) ? peek_ready_locked (self) : NULL;
  if (queue != NULL)
    {
      remove_ready_locked (self, queue);
      queue->funcs->ref (queue);
    }
  web_mutex_unlock (&self->lock);

  return queue;
}

static gboolean
has_ready_task (WebScheduler *self)
{
  gboolean ret;

  web_mutex_lock (&self->lock);
  ret = has_task_locked (self);
  web_mutex_unlock (&self->lock);

  return ret;
}

/* Returns the queue whose task has run until now. */
static WebScheduled *
set_running (WebScheduler *self, WebScheduled *queue)
{
  WebScheduled *last;

  web_mutex_lock (&self->lock);
  last = self->running;
  self->running = queue;
  self->run_prepared = self->n_prepared;
  self->n_run++;
  web_mutex_unlock (&self->lock);

  return last;
}

/* Runs a task for those who want to see what happens. */
static void
run_observed (WebScheduler *self, WebScheduled *queue)
{
  WebScheduled    *outer = set_running (self, queue);
  const gboolean   traced = web_trace_enabled ();
  const gint64     begin = traced ? web_trace_begin () : 0;
  WebScheduledInfo info;

  queue->funcs->inspect (queue, &info);
  queue->funcs->run (queue);
  if (traced)
    web_trace_end (begin, "deliver", "%s %p", info.type, info.owner);
  set_running (self, outer);
}

/* Runs the next task. Returns %FALSE if there is none. */
static gboolean
run_task (WebScheduler *self)
{
  WebScheduled *queue = pop_ready (self);

  if (queue == NULL)
    return FALSE;

  if (G_UNLIKELY (web_debug_get_flags () != 0))
    run_observed (self, queue);
  else
    queue->funcs->run (queue);
  queue->funcs->unref (queue);

  self->now = g_get_monotonic_time ();

  return TRUE;
}

static GPollFD *
get_watches (GSource *source)
{
  return &((TaskGSource *)source)->watches;
}

/* GLib reads the events anew in each turn. To change them with g_source_modify_unix_fd() would wake
 * the context, which is awake. */
static void
set_masked (WebScheduler *self, gboolean masked)
{
  get_watches (self->prompt)->events = masked ? 0 : G_IO_IN;
  get_watches (self->patient)->events = masked ? G_IO_IN : 0;
}

/* From the first watch on, a turn of the main loop polls one descriptor more. Only the thread of
 * the context changes its sources. */
static void
poll_watches (WebScheduler *self)
{
  get_watches (self->prompt)->fd = get_watches (self->patient)->fd = self->epoll_fd;
  g_source_add_poll (self->prompt, get_watches (self->prompt));
  g_source_add_poll (self->patient, get_watches (self->patient));
  self->polls_watches = TRUE;
}

/* While the prompt source holds back, a watched descriptor must not make it ready. */
static void
set_hold_back (WebScheduler *self, gint64 until)
{
  self->hold_back_until = until;
  set_masked (self, until != 0);
}

/* Runs tasks, in the order in which they were queued, until no task is left or the budget is used
 * up. Without batching, the budget spans several turns of the main loop. */
static void
web_scheduler_run (WebScheduler *self)
{
  gboolean has_more;
  gint64   begin, deadline;

  begin = self->now = g_get_monotonic_time ();
  if (self->has_watched && begin - self->end > MIN_BUDGET_USEC)
    self->used = 0;
  if (self->used == 0)
    {
      gint64 others = self->hold_back_until != 0 ? begin - self->end : 0;

      self->budget = CLAMP (others, MIN_BUDGET_USEC, MAX_BUDGET_USEC);
    }
  deadline = begin + self->budget - self->used;
  set_hold_back (self, 0);

  if (self->batching)
    while ((has_more = run_task (self)) && self->now < deadline)
      ;
  else
    has_more = run_task (self) && has_ready_task (self);

  self->end = self->now;
  self->used += self->now - begin;
  /* A descriptor may have more at once: what it brings is one flood, however small the portions. */
  if (!has_more && !self->has_watched)
    {
      self->used = 0;
    }
  else if (self->now >= deadline)
    {
      set_hold_back (self, self->now + MIN (self->used, MAX_BUDGET_USEC));
      self->used = 0;
    }
}

static void
run_traced (WebScheduler *self)
{
  g_autofree char *name = web_scheduler_describe (self);
  const gint64     begin = web_trace_begin ();

  web_scheduler_run (self);
  web_trace_end (begin, "dispatch", "%s", name);
}

#define MAX_EVENTS 64

static int
wait_for_events (WebScheduler *self, struct epoll_event *events)
{
  int n_events;

  do
    n_events = epoll_wait (self->epoll_fd, events, MAX_EVENTS, 0);
  while (n_events < 0 && errno == EINTR);

  return n_events;
}

/* With one descriptor there is nothing to ask: it can be read, or has ended, which whoever reads it
 * will see. */
static WebWatch *
get_only_watch_locked (WebScheduler *self)
{
  GHashTableIter iter;
  gpointer       watch;

  if (g_hash_table_size (self->watches) != 1)
    return NULL;

  g_hash_table_iter_init (&iter, self->watches);
  g_hash_table_iter_next (&iter, NULL, &watch);

  return ((WebWatch *)watch)->events == EPOLLIN ? watch : NULL;
}

/* Tells the watches whose descriptors are ready. */
static void
run_watches (WebScheduler *self)
{
  struct epoll_event events[MAX_EVENTS];
  WebWatch          *watches[MAX_EVENTS];
  WebWatch          *only;
  int                n_events = 1, i;

  web_mutex_lock (&self->lock);
  only = get_only_watch_locked (self);
  if (only != NULL)
    only->funcs->ref (only);
  web_mutex_unlock (&self->lock);

  if (only != NULL)
    {
      watches[0] = only;
      events[0].events = EPOLLIN;
    }
  else
    {
      n_events = wait_for_events (self, events);
      web_mutex_lock (&self->lock);
      for (i = 0; i < n_events; i++)
        {
          const guint64 id = events[i].data.u64;

          watches[i] = g_hash_table_lookup (self->watches, &id);
          if (watches[i] != NULL)
            watches[i]->funcs->ref (watches[i]);
        }
      web_mutex_unlock (&self->lock);
    }

  for (i = 0; i < n_events; i++)
    if (watches[i] != NULL)
      {
        self->has_watched = TRUE;
        watches[i]->funcs->ready (watches[i], events[i].events);
        watches[i]->funcs->unref (watches[i]);
      }
}

static void
flush_watches (WebScheduler *self)
{
  GPtrArray *dirty;
  guint      i;

  web_mutex_lock (&self->lock);
  dirty = g_steal_pointer (&self->dirty);
  for (i = 0; dirty != NULL && i < dirty->len; i++)
    ((WebWatch *)dirty->pdata[i])->dirty = FALSE;
  web_mutex_unlock (&self->lock);

  for (i = 0; dirty != NULL && i < dirty->len; i++)
    {
      WebWatch *watch = dirty->pdata[i];

      watch->funcs->flush (watch);
      watch->funcs->unref (watch);
    }
  g_clear_pointer (&dirty, g_ptr_array_unref);
}

/* The context is finalized, or was destroyed with its tasks: drop what can no longer run. */
static void
web_scheduler_shut_down (WebScheduler *self)
{
  GQueue members = G_QUEUE_INIT;
  GList *link;

  web_mutex_lock (&contexts_lock);
  if (g_hash_table_lookup (contexts, self->context) == self)
    g_hash_table_remove (contexts, self->context);
  web_mutex_unlock (&contexts_lock);

  web_mutex_lock (&self->lock);
  self->gone = TRUE;
  close (self->wake_fd);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  g_clear_pointer (&self->watches, g_hash_table_unref);
  g_clear_pointer (&self->first, g_ptr_array_unref);
  while (!web_task_heap_is_empty (&self->ready))
    remove_ready_locked (self, peek_ready_locked (self));
  while ((link = g_queue_pop_head_link (&self->members)) != NULL)
    {
      WebScheduled *queue = link->data;

      queue->is_member = FALSE;
      queue->funcs->ref (queue);
      g_queue_push_tail (&members, queue);
    }
  web_mutex_unlock (&self->lock);

  g_clear_object (&self->spare);
  flush_watches (self);
  while ((link = g_queue_pop_head_link (&members)) != NULL)
    {
      WebScheduled *queue = link->data;

      queue->funcs->context_gone (queue, self);
      queue->funcs->unref (queue);
      g_list_free_1 (link);
    }
}

static gboolean
task_dispatch (WebScheduler *self, GSource *source)
{
  GMainContext *thread_default = g_main_context_get_thread_default ();
  gboolean      push;

  web_scheduler_ref (self);

  self->has_watched = FALSE;
  if (get_watches (source)->revents != 0)
    run_watches (self);

  /* Handlers, and the steps that receive transferred objects, run in the context of the receiver,
   * even if its thread has not made that context the default. */
  if (thread_default == NULL)
    thread_default = g_main_context_default ();
  push = thread_default != self->context;

  if (push)
    g_main_context_push_thread_default (self->context);
  if (web_trace_enabled ())
    run_traced (self);
  else
    web_scheduler_run (self);
  if (push)
    g_main_context_pop_thread_default (self->context);

  web_scheduler_unref (self);

  return G_SOURCE_CONTINUE;
}

/* Notes that the context may be about to sleep, unless it has a task. Returns %TRUE if it has one.
 */
static gboolean
prepare_to_sleep (WebScheduler *self)
{
  gboolean has_tasks;

  web_mutex_lock (&self->lock);
  has_tasks = has_task_locked (self);
  self->n_prepared++;
  self->sleeping = !has_tasks;
  g_atomic_pointer_set (&self->thread, g_thread_self ());
  self->sleeper_depth = g_main_depth ();
  web_mutex_unlock (&self->lock);

  return has_tasks;
}

static gboolean
prompt_prepare (GSource *source, int *timeout)
{
  WebScheduler *self = ((TaskGSource *)source)->scheduler;
  gboolean      is_due, has_tasks;

  *timeout = -1;
  self->n_turns++;

  if (!self->polls_watches && g_atomic_int_get (&self->n_watched) > 0)
    poll_watches (self);
  if (g_atomic_pointer_get (&self->dirty) != NULL)
    flush_watches (self);
  is_due = self->hold_back_until == 0 || g_source_get_time (source) >= self->hold_back_until;
  /* The patient source does not get to its descriptor while another one is always ready. */
  if (is_due)
    set_masked (self, FALSE);
  has_tasks = prepare_to_sleep (self);

  return has_tasks && is_due;
}

/* The event descriptor, which wakes the context, needs no check. */
static gboolean
prompt_check (GSource *source)
{
  return get_watches (source)->revents != 0;
}

static gboolean
prompt_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WebScheduler *self = ((TaskGSource *)source)->scheduler;
  guint64       count;

  /* EAGAIN: an inner loop on the same context has read it already. */
  if (g_source_query_unix_fd (source, self->wake_tag) != 0)
    while (read (self->wake_fd, &count, sizeof count) < 0 && errno == EINTR)
      ;

  if (g_atomic_int_get (&self->halted) && self->halt_func != NULL)
    {
      GFunc halt_func = g_steal_pointer (&self->halt_func);

      halt_func (self->halt_data, NULL);
    }

  return task_dispatch (self, source);
}

static gboolean
patient_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WebScheduler *self = ((TaskGSource *)source)->scheduler;

  return task_dispatch (self, source);
}

/* Ready only while the prompt source holds back; otherwise the prompt source runs the tasks. Looks
 * for tasks again: this source is prepared last, and tasks may have gone meanwhile. */
static gboolean
patient_prepare (GSource *source, int *timeout)
{
  WebScheduler *self = ((TaskGSource *)source)->scheduler;

  *timeout = -1;

  return self->hold_back_until != 0 && prepare_to_sleep (self);
}

static gboolean
patient_check (GSource *source)
{
  WebScheduler *self = ((TaskGSource *)source)->scheduler;

  return get_watches (source)->revents != 0 ||
         (self->hold_back_until != 0 && has_ready_task (self));
}

static void
prompt_finalize (GSource *source)
{
  WebScheduler *self = ((TaskGSource *)source)->scheduler;

  web_scheduler_shut_down (self);
  web_scheduler_unref (self);
}

static void
patient_finalize (GSource *source)
{
  web_scheduler_unref (((TaskGSource *)source)->scheduler);
}

static GSourceFuncs prompt_funcs = {
  .prepare = prompt_prepare,
  .check = prompt_check,
  .dispatch = prompt_dispatch,
  .finalize = prompt_finalize,
};

static GSourceFuncs patient_funcs = {
  .prepare = patient_prepare,
  .check = patient_check,
  .dispatch = patient_dispatch,
  .finalize = patient_finalize,
};

static GSource *
attach_source (WebScheduler *self, GSourceFuncs *funcs, int priority, const char *name)
{
  GSource *source = g_source_new (funcs, sizeof (TaskGSource));

  ((TaskGSource *)source)->scheduler = web_scheduler_ref (self);
  g_source_set_static_name (source, name);
  g_source_set_priority (source, priority);
  /* A handler may run a main loop of its own; messages arrive there too. */
  g_source_set_can_recurse (source, TRUE);
  if (funcs == &prompt_funcs)
    self->wake_tag = g_source_add_unix_fd (source, self->wake_fd, G_IO_IN);
  g_source_attach (source, self->context);
  g_source_unref (source);

  return source;
}

/* @thread: the one that runs the context, as far as is known; nullable */
static WebScheduler *
web_scheduler_new (GMainContext *context, GThread *thread)
{
  WebScheduler *self = g_new0 (WebScheduler, 1);

  web_debug_look ();
  self->ref_count = 1;
  self->context = context;
  self->batching = TRUE;
  self->thread = thread;
  self->priority = G_PRIORITY_DEFAULT;
  web_task_heap_init (&self->ready);
  g_mutex_init (&self->lock);
  self->watches = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->first = g_ptr_array_new ();
  self->epoll_fd = -1;
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->wake_fd < 0)
    g_error ("Cannot make an event descriptor for a main context: %s", g_strerror (errno));

  self->prompt = attach_source (self, &prompt_funcs, self->priority, "[webmessaging] prompt");
  self->patient = attach_source (self, &patient_funcs, PATIENT_PRIORITY, "[webmessaging] patient");

  return self;
}

/* The address of a finalized context may be in use again before its sources are finalized;
 * g_main_context_unref() marks them as destroyed before it frees the context. */
static WebScheduler *
find_locked (GMainContext *context)
{
  WebScheduler *self;

  if (contexts == NULL)
    contexts = g_hash_table_new (NULL, NULL);

  self = g_hash_table_lookup (contexts, context);
  if (self == NULL || g_source_is_destroyed (self->prompt))
    return NULL;

  return web_scheduler_ref (self);
}

static WebScheduler *
ref_for_context (GMainContext *context, GThread *thread)
{
  WebScheduler *self;

  web_mutex_lock (&contexts_lock);
  if ((self = find_locked (context)) == NULL)
    {
      self = web_scheduler_new (context, thread);
      g_hash_table_insert (contexts, context, self);
    }
  web_mutex_unlock (&contexts_lock);

  return self;
}

/*
 * web_scheduler_set_context_priority:
 *
 * Sets the priority at which the tasks of @context run. The caller keeps the context alive; it may
 * be that of another thread.
 */
void
web_scheduler_set_context_priority (GMainContext *context, int priority)
{
  g_autoptr (WebScheduler) self = ref_for_context (context, NULL);

  web_mutex_lock (&self->lock);
  self->priority = priority;
  if (!self->gone)
    {
      g_source_set_priority (self->prompt, priority);
      /* It may sleep with the old one. */
      g_main_context_wakeup (context);
    }
  web_mutex_unlock (&self->lock);
}

/*
 * web_scheduler_get_context_priority:
 *
 * Returns the priority at which the tasks of @context run, or would run. The caller keeps the
 * context alive.
 */
int
web_scheduler_get_context_priority (GMainContext *context)
{
  g_autoptr (WebScheduler) self = NULL;
  int priority = G_PRIORITY_DEFAULT;

  web_mutex_lock (&contexts_lock);
  self = find_locked (context);
  web_mutex_unlock (&contexts_lock);

  if (self != NULL)
    {
      web_mutex_lock (&self->lock);
      priority = self->priority;
      web_mutex_unlock (&self->lock);
    }

  return priority;
}

/*
 * web_scheduler_ref_thread_default:
 *
 * Gets the scheduler of the thread-default main context; the first call makes it. The calling
 * thread owns the context and keeps it alive meanwhile.
 */
WebScheduler *
web_scheduler_ref_thread_default (void)
{
  GMainContext *context = g_main_context_get_thread_default ();
  WebScheduler *self;

  if (context == NULL)
    context = g_main_context_default ();

  self = ref_for_context (context, g_thread_self ());
  /* Another thread has made it. */
  g_atomic_pointer_compare_and_exchange (&self->thread, (GThread *)NULL, g_thread_self ());

  return self;
}

WebScheduler *
web_scheduler_ref (WebScheduler *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
web_scheduler_unref (WebScheduler *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_object (&self->spare);
  g_free (self->buffer);
  web_task_heap_clear (&self->ready);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Makes a queue a member: its context_gone() is called when the context goes away. Returns %FALSE
 * if the context is gone already. */
gboolean
web_scheduler_add (WebScheduler *self, WebScheduled *queue)
{
  gboolean added;

  web_mutex_lock (&self->lock);
  added = !self->gone;
  if (added && !queue->is_member)
    {
      g_queue_push_tail_link (&self->members, &queue->member_link);
      queue->is_member = TRUE;
    }
  web_mutex_unlock (&self->lock);

  return added;
}

void
web_scheduler_remove (WebScheduler *self, WebScheduled *queue)
{
  web_mutex_lock (&self->lock);
  if (queue->is_member)
    g_queue_unlink (&self->members, &queue->member_link);
  if (queue->is_ready)
    remove_ready_locked (self, queue);
  queue->is_member = FALSE;
  web_mutex_unlock (&self->lock);
}

/* The first task of a sleeping context wakes it. A handler that posts in the context that runs it
 * is deeper in the main loop than the turn that was about to sleep, so that turn is past poll(). */
static gboolean
must_wake_locked (WebScheduler *self)
{
  return self->sleeping && web_task_heap_is_empty (&self->ready) &&
         (g_atomic_pointer_get (&self->thread) != g_thread_self () ||
          g_main_depth () <= self->sleeper_depth);
}

/* Returns the place of a new task among all that were queued in the context, never 0. */
guint64
web_scheduler_next_place (WebScheduler *self)
{
  return __atomic_add_fetch (&self->n_places, 1, __ATOMIC_RELAXED);
}

/* Puts a member with tasks into the ready heap; @place is that of its oldest task. Returns %TRUE
 * if the caller has to call web_scheduler_wake(), once it holds no lock.
 *
 * The caller holds the lock of the queue, which protects the place of a ready one, and run() takes
 * it before it looks for a task. So a queue that is ready, or was a moment ago, is yet to be looked
 * at. Only its place may have changed: a poster may have put it back with the place of the task
 * that the context was just about to take. */
gboolean
web_scheduler_mark_ready (WebScheduler *self, WebScheduled *queue, guint64 place)
{
  gboolean wake = FALSE;

  if (g_atomic_int_get (&queue->is_ready) && queue->heap_item.place == place)
    return FALSE;

  web_mutex_lock (&self->lock);
  if (queue->is_member)
    {
      if (queue->is_ready)
        remove_ready_locked (self, queue);
      else
        wake = must_wake_locked (self);
      queue->heap_item.place = place;
      web_task_heap_add (&self->ready, &queue->heap_item);
      g_atomic_int_set (&queue->is_ready, TRUE);
    }
  web_mutex_unlock (&self->lock);

  return wake;
}

/* Wakes the context, unless it is gone. */
void
web_scheduler_wake (WebScheduler *self)
{
  const guint64 one = 1;

  web_mutex_lock (&self->lock);
  /* EAGAIN: the counter is at its maximum, so the context is awake anyway. */
  while (!self->gone && write (self->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
    ;
  web_mutex_unlock (&self->lock);
}

/* No task runs in the context any more: HTML, workers.html#dom-workerglobalscope-closing. Its
 * thread is told, if it asks for that. May be called on any thread. */
void
web_scheduler_halt (WebScheduler *self)
{
  g_atomic_int_set (&self->halted, TRUE);
  web_scheduler_wake (self);
}

/* Has @function called once, with @user_data as its first argument, in a turn of the main loop
 * after the context was halted. Only for the thread of the context. */
void
web_scheduler_set_halt_func (WebScheduler *self, GFunc function, gpointer user_data)
{
  self->halt_func = function;
  self->halt_data = user_data;
}

gboolean
web_scheduler_is_halted (WebScheduler *self)
{
  return g_atomic_int_get (&self->halted);
}

/* Watches a descriptor for @events, or for other events than before. Returns %FALSE, with `errno`
 * set, if that is not possible, and with 0 there if the context is gone. */
gboolean
web_scheduler_watch (WebScheduler *self, WebWatch *watch, int fd, guint32 events)
{
  struct epoll_event event = { .events = events };
  gboolean           watched = FALSE;
  gboolean           is_first = FALSE;

  web_mutex_lock (&self->lock);
  errno = 0;
  if (!self->gone && self->epoll_fd < 0)
    self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (!self->gone && self->epoll_fd >= 0)
    {
      const int op = watch->id != 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

      event.data.u64 = watch->id != 0 ? watch->id : self->n_watches + 1;
      watched = epoll_ctl (self->epoll_fd, op, fd, &event) == 0;
      if (watched && watch->id == 0)
        {
          watch->id = ++self->n_watches;
          g_hash_table_insert (self->watches, &watch->id, watch);
          if (watch->is_first)
            g_ptr_array_add (self->first, watch);
          is_first = g_atomic_int_add (&self->n_watched, 1) == 0;
        }
      if (watched)
        watch->events = events;
    }
  web_mutex_unlock (&self->lock);

  /* See poll_watches(): it may sleep already, on another thread. */
  if (is_first)
    web_scheduler_wake (self);

  return watched;
}

void
web_scheduler_unwatch (WebScheduler *self, WebWatch *watch, int fd)
{
  web_mutex_lock (&self->lock);
  if (watch->id != 0 && !self->gone)
    {
      epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
      g_hash_table_remove (self->watches, &watch->id);
      if (watch->is_first)
        g_ptr_array_remove_fast (self->first, watch);
      g_atomic_int_add (&self->n_watched, -1);
    }
  watch->id = 0;
  web_mutex_unlock (&self->lock);
}

/* Has those watches look at their descriptors that are to be looked at before others. Only for the
 * thread of the context. */
void
web_scheduler_run_first_watches (WebScheduler *self)
{
  g_autoptr (GPtrArray) watches = g_ptr_array_new ();
  guint i;

  web_mutex_lock (&self->lock);
  for (i = 0; self->first != NULL && i < self->first->len; i++)
    {
      WebWatch *watch = self->first->pdata[i];

      watch->funcs->ref (watch);
      g_ptr_array_add (watches, watch);
    }
  web_mutex_unlock (&self->lock);

  for (i = 0; i < watches->len; i++)
    {
      WebWatch *watch = watches->pdata[i];

      watch->funcs->ready (watch, 0);
      watch->funcs->unref (watch);
    }
}

/* Has flush() called at the end of this turn of the main loop. */
void
web_scheduler_mark_dirty (WebScheduler *self, WebWatch *watch)
{
  web_mutex_lock (&self->lock);
  if (!self->gone && !watch->dirty)
    {
      if (self->dirty == NULL)
        g_atomic_pointer_set (&self->dirty, g_ptr_array_new ());
      watch->dirty = TRUE;
      watch->funcs->ref (watch);
      g_ptr_array_add (self->dirty, watch);
    }
  web_mutex_unlock (&self->lock);
}

/* Returns a number that changes with each turn of the main loop; only for its thread. */
guint
web_scheduler_get_turn (WebScheduler *self)
{
  return self->n_turns;
}

/* Returns a buffer for whoever reads from a descriptor, until the next one does. Only for the
 * thread of the context. */
guint8 *
web_scheduler_get_buffer (WebScheduler *self, gsize size)
{
  if (self->buffer == NULL)
    self->buffer = g_malloc (size);

  return self->buffer;
}

/* Returns when the running task has begun, on the monotonic clock; only for its thread. */
gint64
web_scheduler_get_now (WebScheduler *self)
{
  return self->now;
}

/* Sets whether a turn of the main loop may run several tasks; only for the context's thread. */
void
web_scheduler_set_batching (WebScheduler *self, gboolean batching)
{
  self->batching = batching;
}

/* Keeps an object that a task no longer needs for the next task: making one costs more than all
 * else that is done for a message. Only for the thread of the context, while it runs a task. */
void
web_scheduler_give_spare (WebScheduler *self, GObject *spare)
{
  if (self->spare == NULL)
    self->spare = spare;
  else
    g_object_unref (spare);
}

/* Returns the spare object, owned by the caller from now on; %NULL if there is none. */
GObject *
web_scheduler_take_spare (WebScheduler *self)
{
  return g_steal_pointer (&self->spare);
}

/* Attaches a source to the context, with the priority of tasks, unless the context is gone. */
void
web_scheduler_attach_source (WebScheduler *self, GSource *source)
{
  web_mutex_lock (&self->lock);
  if (!self->gone)
    {
      g_source_set_priority (source, self->priority);
      g_source_attach (source, self->context);
      /* Whoever polls the descriptors of the context from another loop does not know of it. */
      g_main_context_wakeup (self->context);
    }
  web_mutex_unlock (&self->lock);
}

/* Returns %TRUE if this thread runs the context. */
gboolean
web_scheduler_is_current (WebScheduler *self)
{
  return g_atomic_pointer_get (&self->thread) == g_thread_self ();
}

static gboolean
is_gone (WebScheduler *self)
{
  gboolean gone;

  web_mutex_lock (&self->lock);
  gone = self->gone;
  web_mutex_unlock (&self->lock);

  return gone;
}

static void
tell_other_thread (WebScheduler *self, const char *function, GLogLevelFlags level)
{
  g_autofree char *name = web_scheduler_describe (self);

  g_log (
    G_LOG_DOMAIN, level,
    "%s is called on another thread than the one that has made or received the object: messages "
    "arrive in the thread that runs %s. To give a port to this thread, call "
    "web_message_port_hand_over() there and web_message_port_take_over() here",
    function, name);
}

static gboolean
can_acquire (GMainContext *context)
{
  if (!g_main_context_acquire (context))
    return FALSE;

  g_main_context_release (context);

  return TRUE;
}

static gboolean
is_default (WebScheduler *self)
{
  return self->context == g_main_context_default ();
}

/* Returns %TRUE if another thread uses the default context but does not run it yet, and the calling
 * thread has a context of its own. */
static gboolean
is_foreign (WebScheduler *self)
{
  return is_default (self) && g_main_context_get_thread_default () != NULL;
}

/*
 * web_scheduler_is_taken_for_own:
 *
 * Returns %TRUE if this is the default context, which another thread uses, and the calling thread
 * has none of its own instead.
 */
gboolean
web_scheduler_is_taken_for_own (WebScheduler *self)
{
  return is_default (self) && g_main_context_get_thread_default () == NULL &&
         gettid () != getpid () && !web_scheduler_is_current (self);
}

/* Returns %TRUE if this thread may use the objects of the context: it runs the context, or nobody
 * does. */
gboolean
web_scheduler_is_usable (WebScheduler *self)
{
  return web_scheduler_is_current (self) || is_gone (self) ||
         (can_acquire (self->context) && !is_foreign (self));
}

gboolean
web_scheduler_check_thread (WebScheduler *self, const char *function)
{
  if (web_scheduler_is_current (self) || is_gone (self))
    return TRUE;

  if (can_acquire (self->context))
    {
      if (is_foreign (self))
        {
          tell_other_thread (self, function, G_LOG_LEVEL_CRITICAL);
          return FALSE;
        }
      if (web_scheduler_is_taken_for_own (self))
        tell_other_thread (self, function, G_LOG_LEVEL_WARNING);
      else if (web_debug_enabled ())
        tell_other_thread (self, function, G_LOG_LEVEL_DEBUG);
      return TRUE;
    }

  g_critical (
    "%s was called on a thread other than the one that runs the main context of the "
    "object: post to a port that belongs to this thread, or have the function called there "
    "with g_main_context_invoke()",
    function);
  return FALSE;
}

void
web_scheduled_init (WebScheduled *self, const WebScheduledFuncs *funcs)
{
  self->funcs = funcs;
  self->member_link.data = self;
}

/*
 * web_scheduler_ref_all:
 *
 * Returns: (transfer full): the schedulers of all main contexts
 */
GPtrArray *
web_scheduler_ref_all (void)
{
  GPtrArray     *all = g_ptr_array_new_with_free_func ((GDestroyNotify)web_scheduler_unref);
  GHashTableIter iter;
  gpointer       scheduler;

  web_mutex_lock (&contexts_lock);
  if (contexts != NULL)
    {
      g_hash_table_iter_init (&iter, contexts);
      while (g_hash_table_iter_next (&iter, NULL, &scheduler))
        g_ptr_array_add (all, web_scheduler_ref (scheduler));
    }
  web_mutex_unlock (&contexts_lock);

  return all;
}

/*
 * web_scheduler_get_state:
 * @state: (out caller-allocates): what the context does, for web_scheduler_state_clear()
 *
 * May be called on any thread.
 */
void
web_scheduler_get_state (WebScheduler *self, WebSchedulerState *state)
{
  struct pollfd events = { .events = POLLIN };
  GList        *link;

  web_mutex_lock (&self->lock);
  state->n_prepared = self->n_prepared;
  state->n_run = self->n_run;
  state->has_tasks = has_task_locked (self);
  events.fd = self->epoll_fd;
  state->has_events = poll (&events, 1, 0) > 0;
  state->running = self->running;
  state->is_nested = self->n_prepared != self->run_prepared;
  if (state->running != NULL)
    state->running->funcs->ref (state->running);
  state->members = g_ptr_array_sized_new (self->members.length);
  for (link = self->members.head; link != NULL; link = link->next)
    {
      WebScheduled *queue = link->data;

      queue->funcs->ref (queue);
      g_ptr_array_add (state->members, queue);
    }
  web_mutex_unlock (&self->lock);
}

void
web_scheduler_state_clear (WebSchedulerState *state)
{
  guint i;

  if (state->running != NULL)
    state->running->funcs->unref (state->running);
  for (i = 0; i < state->members->len; i++)
    {
      WebScheduled *queue = state->members->pdata[i];

      queue->funcs->unref (queue);
    }
  g_ptr_array_unref (state->members);
}

/*
 * web_scheduler_describe:
 *
 * Returns: (transfer full): words for the context, for debug output
 */
char *
web_scheduler_describe (WebScheduler *self)
{
  /* The pointer is only compared: the context may be gone. */
  return is_default (self) ? g_strdup ("the default main context")
                           : g_strdup_printf ("main context %p", (void *)self->context);
}
