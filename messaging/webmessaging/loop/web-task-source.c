/* web-task-source.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The task source of a #GMainContext: HTML, webappapis.html#task-source.
 *
 * One for each context, shared by all ports and windows that live there. It keeps a heap of the
 * queues that have tasks, so that an idle queue costs a main loop nothing. Any thread may put a
 * queue there; the thread that runs the context takes it and runs its tasks, the oldest first.
 *
 * A main loop sees two sources. The *prompt* one, at the default priority, runs tasks until its
 * budget is used up. Then it holds back for a moment, so that sources of a lower priority get
 * their turn: GTK draws at priority 120, and a source that is always ready at the default priority
 * would stop every redraw. During that moment the *patient* source, at the lowest priority of
 * all, goes on with the tasks if nothing else wants to run. Neither a flood of messages nor a
 * busy idle handler can starve the other one, and the context has something to dispatch for as
 * long as there are tasks.
 */

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "web-task-source-private.h"

/* How long, and how many tasks, one dispatch may run. */
#define BUDGET_USEC  (4 * G_TIME_SPAN_MILLISECOND)
#define BUDGET_TASKS 512

/* How long the prompt source holds back after a full budget. */
#define HOLD_BACK_USEC (4 * G_TIME_SPAN_MILLISECOND)

#define PATIENT_PRIORITY G_MAXINT

struct _WebTaskSource
{
  int ref_count; /* atomic; one is held by each of the two GSources */

  GMutex     lock;
  GQueue     members; /* of WebTaskQueue: all that live in this context. Protected by @lock */
  GPtrArray *ready;   /* of WebTaskQueue: those that have tasks, as a heap with the oldest task on
                       * top. Protected by @lock */

  int n_sequence; /* atomic: the tasks that were queued so far, it may wrap around */

  /* Whether the context may be in poll(), and has to be woken; which thread was about to do so,
   * and in which of its nested main loops. Protected by @lock, see must_wake_locked(). */
  gboolean sleeping;
  GThread *sleeper;
  int      sleeper_depth;

  gboolean gone; /* the context was finalized. Protected by @lock */

  int wake_fd; /* an eventfd that the prompt source polls; lives as long as the task source, so
                * that a poster never touches a context that is being finalized */

  GMainContext *context;  /* unowned: a context owns its sources, and not the reverse */
  GSource      *prompt;   /* unowned: it tells whether the context is alive, see find_locked() */
  gpointer      wake_tag; /* of @wake_fd in @prompt */

  /* Only used by the thread that runs the context. */
  gboolean batching;        /* whether a turn of the main loop may run several tasks */
  guint    n_tasks;         /* that were run in a row */
  gint64   deadline;        /* when they have used up their budget */
  gint64   now;             /* when the task that runs has begun */
  gint64   hold_back_until; /* the prompt source is not ready before; 0 if it need not wait */
  GObject *spare;           /* owned, nullable; see web_task_source_give_spare() */
};

typedef struct
{
  GSource        source;
  WebTaskSource *task_source; /* owned */
} TaskGSource;

/* Which task source belongs to which context. An entry is removed when its prompt source is
 * finalized; until then @prompt may be looked at with this lock held. */
static GMutex      contexts_lock;
static GHashTable *contexts;

static gboolean
is_older (WebTaskQueue *a, WebTaskQueue *b)
{
  return (int)(a->sequence - b->sequence) < 0;
}

static WebTaskQueue *
get_ready_locked (WebTaskSource *self, guint index)
{
  return g_ptr_array_index (self->ready, index);
}

static void
set_ready_locked (WebTaskSource *self, guint index, WebTaskQueue *queue)
{
  g_ptr_array_index (self->ready, index) = queue;
  queue->ready_index = index;
}

/* Moves a queue up from a place that is free, past those whose tasks are younger. */
static void
sift_up_locked (WebTaskSource *self, guint index, WebTaskQueue *queue)
{
  while (index > 0)
    {
      WebTaskQueue *parent = get_ready_locked (self, (index - 1) / 2);

      if (!is_older (queue, parent))
        break;

      set_ready_locked (self, index, parent);
      index = (index - 1) / 2;
    }
  set_ready_locked (self, index, queue);
}

/* Moves a queue down from a place that is free, past those whose tasks are older. */
static void
sift_down_locked (WebTaskSource *self, guint index, WebTaskQueue *queue)
{
  guint child;

  while ((child = 2 * index + 1) < self->ready->len)
    {
      if (child + 1 < self->ready->len &&
          is_older (get_ready_locked (self, child + 1), get_ready_locked (self, child)))
        child++;
      if (!is_older (get_ready_locked (self, child), queue))
        break;

      set_ready_locked (self, index, get_ready_locked (self, child));
      index = child;
    }
  sift_up_locked (self, index, queue);
}

static void
add_ready_locked (WebTaskSource *self, WebTaskQueue *queue)
{
  g_ptr_array_add (self->ready, queue);
  sift_up_locked (self, self->ready->len - 1, queue);
  g_atomic_int_set (&queue->is_ready, TRUE);
}

static void
remove_ready_locked (WebTaskSource *self, WebTaskQueue *queue)
{
  WebTaskQueue *last = get_ready_locked (self, self->ready->len - 1);

  g_ptr_array_set_size (self->ready, self->ready->len - 1);
  if (last != queue)
    sift_down_locked (self, queue->ready_index, last);
  g_atomic_int_set (&queue->is_ready, FALSE);
}

static WebTaskQueue *
pop_ready (WebTaskSource *self)
{
  WebTaskQueue *queue = NULL;

  g_mutex_lock (&self->lock);
  if (self->ready->len > 0)
    {
      queue = get_ready_locked (self, 0);
      remove_ready_locked (self, queue);
      queue->funcs->ref (queue);
    }
  g_mutex_unlock (&self->lock);

  return queue;
}

static gboolean
has_ready_task (WebTaskSource *self)
{
  gboolean ret;

  g_mutex_lock (&self->lock);
  ret = self->ready->len > 0;
  g_mutex_unlock (&self->lock);

  return ret;
}

/* Runs the next task. Returns %FALSE if there is none. */
static gboolean
run_task (WebTaskSource *self)
{
  WebTaskQueue *queue = pop_ready (self);

  if (queue == NULL)
    return FALSE;

  queue->funcs->run_task (queue);
  queue->funcs->unref (queue);

  self->n_tasks++;
  self->now = g_get_monotonic_time ();

  return TRUE;
}

/* Runs tasks, in the order in which they were queued, until there are no more or the budget is used
 * up. Without batching, the budget is that of several turns of the main loop. */
static void
web_task_source_run (WebTaskSource *self)
{
  gboolean has_more;

  self->hold_back_until = 0;
  self->now = g_get_monotonic_time ();
  if (self->n_tasks == 0)
    self->deadline = self->now + BUDGET_USEC;

  if (self->batching)
    while ((has_more = run_task (self)) && self->n_tasks < BUDGET_TASKS &&
           self->now < self->deadline)
      ;
  else
    has_more = run_task (self) && has_ready_task (self);

  if (!has_more)
    {
      self->n_tasks = 0;
    }
  else if (self->n_tasks >= BUDGET_TASKS || self->now >= self->deadline)
    {
      self->n_tasks = 0;
      self->hold_back_until = self->now + HOLD_BACK_USEC;
    }
}

/* The context is finalized, or was destroyed with its tasks: drop what can no longer run. */
static void
web_task_source_shut_down (WebTaskSource *self)
{
  GQueue members = G_QUEUE_INIT;
  GList *link;

  g_mutex_lock (&contexts_lock);
  if (g_hash_table_lookup (contexts, self->context) == self)
    g_hash_table_remove (contexts, self->context);
  g_mutex_unlock (&contexts_lock);

  g_mutex_lock (&self->lock);
  self->gone = TRUE;
  while (self->ready->len > 0)
    remove_ready_locked (self, get_ready_locked (self, self->ready->len - 1));
  while ((link = g_queue_pop_head_link (&self->members)) != NULL)
    {
      WebTaskQueue *queue = link->data;

      queue->is_member = FALSE;
      queue->funcs->ref (queue);
      g_queue_push_tail (&members, queue);
    }
  g_mutex_unlock (&self->lock);

  while ((link = g_queue_pop_head_link (&members)) != NULL)
    {
      WebTaskQueue *queue = link->data;

      queue->funcs->context_gone (queue);
      queue->funcs->unref (queue);
      g_list_free_1 (link);
    }
}

static gboolean
task_dispatch (WebTaskSource *self)
{
  GMainContext *thread_default = g_main_context_get_thread_default ();
  gboolean      push;

  web_task_source_ref (self);

  /* Handlers, and the steps that receive transferred objects, run in the context to which the
   * message goes, also where a thread runs a context that it has not made its default. */
  if (thread_default == NULL)
    thread_default = g_main_context_default ();
  push = thread_default != self->context;

  if (push)
    g_main_context_push_thread_default (self->context);
  web_task_source_run (self);
  if (push)
    g_main_context_pop_thread_default (self->context);

  web_task_source_unref (self);

  return G_SOURCE_CONTINUE;
}

/* There is no check(): a main loop asks it at each turn, and the event descriptor does as well. */
static gboolean
prompt_prepare (GSource *source, int *timeout)
{
  WebTaskSource *self = ((TaskGSource *)source)->task_source;
  gboolean       has_tasks;

  *timeout = -1;

  g_mutex_lock (&self->lock);
  has_tasks = self->ready->len > 0;
  self->sleeping = !has_tasks;
  self->sleeper = g_thread_self ();
  self->sleeper_depth = g_main_depth ();
  g_mutex_unlock (&self->lock);

  return has_tasks &&
         (self->hold_back_until == 0 || g_source_get_time (source) >= self->hold_back_until);
}

static gboolean
prompt_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WebTaskSource *self = ((TaskGSource *)source)->task_source;
  guint64        count;

  /* EAGAIN: an inner loop on the same context has read it already. */
  if (g_source_query_unix_fd (source, self->wake_tag) != 0)
    while (read (self->wake_fd, &count, sizeof count) < 0 && errno == EINTR)
      ;

  return task_dispatch (self);
}

static gboolean
patient_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return task_dispatch (((TaskGSource *)source)->task_source);
}

/* Only while the prompt source holds back: otherwise that one has the tasks. */
static gboolean
patient_is_ready (WebTaskSource *self)
{
  return self->hold_back_until != 0 && has_ready_task (self);
}

static gboolean
patient_prepare (GSource *source, int *timeout)
{
  *timeout = -1;

  return patient_is_ready (((TaskGSource *)source)->task_source);
}

static gboolean
patient_check (GSource *source)
{
  return patient_is_ready (((TaskGSource *)source)->task_source);
}

static void
prompt_finalize (GSource *source)
{
  WebTaskSource *self = ((TaskGSource *)source)->task_source;

  web_task_source_shut_down (self);
  web_task_source_unref (self);
}

static void
patient_finalize (GSource *source)
{
  web_task_source_unref (((TaskGSource *)source)->task_source);
}

static GSourceFuncs prompt_funcs = {
  .prepare = prompt_prepare,
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
attach_source (WebTaskSource *self, GSourceFuncs *funcs, int priority, const char *name)
{
  GSource *source = g_source_new (funcs, sizeof (TaskGSource));

  ((TaskGSource *)source)->task_source = web_task_source_ref (self);
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

static WebTaskSource *
web_task_source_new (GMainContext *context)
{
  WebTaskSource *self = g_new0 (WebTaskSource, 1);

  self->ref_count = 1;
  self->context = context;
  self->batching = TRUE;
  self->ready = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->wake_fd < 0)
    g_error ("Cannot make an event descriptor for a main context: %s", g_strerror (errno));

  self->prompt = attach_source (self, &prompt_funcs, G_PRIORITY_DEFAULT, "[webmessaging] prompt");
  attach_source (self, &patient_funcs, PATIENT_PRIORITY, "[webmessaging] patient");

  return self;
}

/* The address of a finalized context may be in use again while its sources still wait for their
 * own end; g_main_context_unref() has marked them as destroyed before it frees the context. */
static WebTaskSource *
find_locked (GMainContext *context)
{
  WebTaskSource *self;

  if (contexts == NULL)
    contexts = g_hash_table_new (NULL, NULL);

  self = g_hash_table_lookup (contexts, context);
  if (self == NULL || g_source_is_destroyed (self->prompt))
    return NULL;

  return web_task_source_ref (self);
}

/*
 * web_task_source_ref_thread_default:
 *
 * Gets the task source of the thread-default main context, made when it is first asked for. The
 * caller is the thread that owns the context, and keeps it alive meanwhile.
 */
WebTaskSource *
web_task_source_ref_thread_default (void)
{
  GMainContext  *context = g_main_context_get_thread_default ();
  WebTaskSource *self;

  if (context == NULL)
    context = g_main_context_default ();

  g_mutex_lock (&contexts_lock);
  if ((self = find_locked (context)) == NULL)
    {
      self = web_task_source_new (context);
      g_hash_table_insert (contexts, context, self);
    }
  g_mutex_unlock (&contexts_lock);

  return self;
}

WebTaskSource *
web_task_source_ref (WebTaskSource *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
web_task_source_unref (WebTaskSource *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_object (&self->spare);
  g_ptr_array_unref (self->ready);
  close (self->wake_fd);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Makes a queue a member, which is told when the context goes away. Returns %FALSE if it is gone
 * already. */
gboolean
web_task_source_add (WebTaskSource *self, WebTaskQueue *queue)
{
  gboolean added;

  g_mutex_lock (&self->lock);
  added = !self->gone;
  if (added && !queue->is_member)
    {
      g_queue_push_tail_link (&self->members, &queue->member_link);
      queue->is_member = TRUE;
    }
  g_mutex_unlock (&self->lock);

  return added;
}

void
web_task_source_remove (WebTaskSource *self, WebTaskQueue *queue)
{
  g_mutex_lock (&self->lock);
  if (queue->is_member)
    g_queue_unlink (&self->members, &queue->member_link);
  if (queue->is_ready)
    remove_ready_locked (self, queue);
  queue->is_member = FALSE;
  g_mutex_unlock (&self->lock);
}

/* The first task of a sleeping context wakes it. A handler that posts in the context that runs it
 * is deeper in the main loop than the turn that was about to sleep, so that turn is past poll(). */
static gboolean
must_wake_locked (WebTaskSource *self)
{
  return self->sleeping && self->ready->len == 0 &&
         (self->sleeper != g_thread_self () || g_main_depth () <= self->sleeper_depth);
}

/* The place of a new task among all that were queued in the context. */
guint
web_task_source_next_sequence (WebTaskSource *self)
{
  return (guint)g_atomic_int_add (&self->n_sequence, 1);
}

/* Puts a member with tasks into the ready heap; @sequence is the place of its oldest task. Returns
 * whether the caller has to call web_task_source_wake(), once it holds no lock.
 *
 * The caller holds the lock of the queue, and run_task() takes it before it looks for a task. So a
 * queue that is ready, or was a moment ago, is yet to be looked at, and nothing is to be done. */
gboolean
web_task_source_mark_ready (WebTaskSource *self, WebTaskQueue *queue, guint sequence)
{
  gboolean wake = FALSE;

  if (g_atomic_int_get (&queue->is_ready))
    return FALSE;

  g_mutex_lock (&self->lock);
  if (queue->is_member && !queue->is_ready)
    {
      wake = must_wake_locked (self);
      queue->sequence = sequence;
      add_ready_locked (self, queue);
    }
  g_mutex_unlock (&self->lock);

  return wake;
}

void
web_task_source_wake (WebTaskSource *self)
{
  const guint64 one = 1;

  /* EAGAIN: the counter is at its maximum, so the context is awake anyway. */
  while (write (self->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
    ;
}

/* When the task that runs has begun, on the monotonic clock; only for the thread that runs it. */
gint64
web_task_source_get_now (WebTaskSource *self)
{
  return self->now;
}

/* Whether a turn of the main loop may run several tasks; only for the thread of the context. */
void
web_task_source_set_batching (WebTaskSource *self, gboolean batching)
{
  self->batching = batching;
}

/* An object that a task has no use for any more, to be used again by the next one: making one
 * costs more than all else that is done for a message. Only for the thread of the context, while
 * it runs a task. */
void
web_task_source_give_spare (WebTaskSource *self, GObject *spare)
{
  if (self->spare == NULL)
    self->spare = spare;
  else
    g_object_unref (spare);
}

/* The spare object, owned by the caller from now on; %NULL if there is none. */
GObject *
web_task_source_take_spare (WebTaskSource *self)
{
  return g_steal_pointer (&self->spare);
}

/* The context; only the thread that runs it may ask. */
GMainContext *
web_task_source_get_context (WebTaskSource *self)
{
  return self->context;
}

/* Whether this thread may use what lives in the context: it runs the context, or nobody does. */
gboolean
web_task_source_check_thread (WebTaskSource *self, const char *function)
{
  gboolean gone;

  g_mutex_lock (&self->lock);
  gone = self->gone;
  g_mutex_unlock (&self->lock);

  if (gone)
    return TRUE;

  if (g_main_context_acquire (self->context))
    {
      g_main_context_release (self->context);
      return TRUE;
    }

  g_critical ("%s: called on another thread than the one that runs the main context of the object",
              function);
  return FALSE;
}

void
web_task_queue_init (WebTaskQueue *self, const WebTaskQueueFuncs *funcs)
{
  self->funcs = funcs;
  self->member_link.data = self;
}
