/* web-task-queue.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A queue holds tasks, and whether they may run. Any thread may queue a task; the thread that runs
 * the context of the queue's owner, a port or a window, takes it.
 *
 * A queue outlives its owner, and may travel from one owner to the next with all its tasks: that is
 * how a port is transferred.
 *
 * Nothing that a user could see happens under the lock of a queue: no callback, no g_object_ref(),
 * which may run a toggle-ref callback, no g_object_unref(), no free of a task. The lock of the
 * scheduler is taken inside the lock of a queue.
 */

#include <sys/types.h>
#include <unistd.h>

#include "web-debug-private.h"
#include "web-lock-private.h"
#include "web-task-queue-private.h"
#include "web-watchdog-private.h"

static gboolean
is_over_locked (WebTaskQueue *self)
{
  return (self->closed || self->ended) && self->tasks.head == NULL && !self->end_pending;
}

/* HTML, web-messaging.html#ports-and-garbage-collection. The queue holds a reference to its owner,
 * to which perhaps only a handler refers, while somebody waits there. It holds one to a port also
 * while the port is enabled and has a task or a sender, and until the port is told that the sender
 * is gone. */
static gboolean
should_hold_locked (WebTaskQueue *self)
{
  gboolean has_tasks = self->tasks.head != NULL;
  gboolean can_receive = !self->closed && !self->ended;

  if (self->owner == NULL)
    return FALSE;
  if (self->demand)
    return TRUE;

  return self->owner_funcs->lives_while_enabled &&
         ((self->enabled && (has_tasks || can_receive)) || (self->end_pending && !has_tasks));
}

static gboolean
has_task_locked (WebTaskQueue *self)
{
  if (self->tasks.head != NULL)
    return self->enabled || self->demand;

  /* The last condition: the queue drops its reference in the context of the owner. */
  return self->end_pending || g_atomic_int_get (&self->kicked) ||
         (self->demand && is_over_locked (self)) ||
         (self->holds_owner && !should_hold_locked (self));
}

static guint64
get_place_locked (WebTaskQueue *self)
{
  if (self->n_early > 0)
    return self->attach_place;
  if (self->tasks.head != NULL)
    return self->tasks.head->place;

  return self->end_place;
}

/* Tells the context of the owner that there is something to take. Returns the scheduler to pass to
 * wake_and_unref() once the lock is released. */
static WebScheduler *
mark_ready_locked (WebTaskQueue *self)
{
  if (self->scheduler == NULL || !has_task_locked (self) ||
      !web_scheduler_mark_ready (self->scheduler, &self->scheduled, get_place_locked (self)))
    return NULL;

  return web_scheduler_ref (self->scheduler);
}

static void
wake_and_unref (WebScheduler *scheduler)
{
  if (scheduler == NULL)
    return;

  web_scheduler_wake (scheduler);
  web_scheduler_unref (scheduler);
}

/* Returns %TRUE if the queue keeps the caller's reference to the owner. The caller takes it,
 * because g_object_ref() may run a binding's toggle-ref callback and must not be called with the
 * lock held. */
static gboolean
begin_hold_locked (WebTaskQueue *self)
{
  if (self->holds_owner || !should_hold_locked (self))
    return FALSE;

  self->holds_owner = TRUE;

  return TRUE;
}

/* Returns the owner if the caller has to drop the queue's reference to it, once the lock is
 * released. Only in the context of the owner. */
static GObject *
end_hold_locked (WebTaskQueue *self)
{
  if (!self->holds_owner || should_hold_locked (self))
    return NULL;

  self->holds_owner = FALSE;

  return self->owner;
}

/* Returns the owner, and keeps it from being freed until unpin_owner(): see
 * web_task_queue_let_owner_go(). Only in the context of the owner, so that the queue does not
 * change hands at the same time. */
static GObject *
pin_owner_locked (WebTaskQueue *self)
{
  if (self->owner != NULL)
    self->n_pins++;

  return self->owner;
}

static void
unpin_owner (WebTaskQueue *self)
{
  g_autoptr (GObject) orphan = NULL;

  web_mutex_lock (&self->lock);
  if (--self->n_pins == 0)
    orphan = g_steal_pointer (&self->orphan);
  web_mutex_unlock (&self->lock);
}

/* Returns a reference to a pinned owner, %NULL if another thread has just dropped the last one.
 *
 * g_weak_ref_get() alone would do, but GLib 2.74 holds a lock while it takes the reference, which
 * may run a toggle-ref callback. That runs for the second reference only; here g_weak_ref_get()
 * takes the third. */
static GObject *
get_reference (WebTaskQueue *self, const WebTaskQueueOwnerFuncs *funcs, GObject *owner)
{
  g_autoptr (GObject) alive = NULL;
  GObject *reference;

  if (funcs->find (owner, &reference))
    return reference;

  g_object_ref (owner);
  alive = g_weak_ref_get (&self->weak_owner);
  if (alive == NULL)
    g_clear_object (&owner);

  return owner;
}

/* Drops what get_reference() has returned.
 *
 * If only a toggle reference is left, g_object_unref() calls its callback, and passes it an object
 * that nobody keeps alive: GLib has dropped the reference by then. While the callback waits for the
 * lock of its language, a garbage collector that has the lock may drop the toggle reference, if it
 * has found before get_reference() that the object is garbage. Hence the pin. */
static void
drop_reference (WebTaskQueue *self, GObject *owner)
{
  gboolean pinned;

  web_mutex_lock (&self->lock);
  pinned = self->owner == owner && pin_owner_locked (self) != NULL;
  web_mutex_unlock (&self->lock);

  g_object_unref (owner);
  if (pinned)
    unpin_owner (self);
}

/* Takes the queue from its owner. The caller drops the returned reference and @scheduler. */
static GObject *
detach_locked (WebTaskQueue *self, WebScheduler **scheduler)
{
  GObject *held = self->holds_owner ? self->owner : NULL;

  if (self->scheduler != NULL)
    web_scheduler_remove (self->scheduler, &self->scheduled);
  *scheduler = g_steal_pointer (&self->scheduler);

  self->owner = NULL;
  self->holds_owner = FALSE;
  self->enabled = FALSE;
  self->demand = FALSE;

  return held;
}

/* Lets the owner take what comes next. The scheduler calls this in its context. */
static void
web_task_queue_run (WebScheduled *scheduled)
{
  WebTaskQueue                 *self = (WebTaskQueue *)scheduled;
  const WebTaskQueueOwnerFuncs *funcs;
  GObject                      *owner, *reference;
  gboolean                      held, found;

  /* Nobody but this thread drops the reference of the queue. */
  web_mutex_lock (&self->lock);
  held = self->holds_owner;
  owner = held ? self->owner : pin_owner_locked (self);
  funcs = self->owner_funcs;
  /* See hold_owner_to_be_told(). */
  found = !held || self->ended;
  web_mutex_unlock (&self->lock);

  if (owner == NULL)
    return;

  if (held)
    {
      reference = g_object_ref (owner);
    }
  else
    {
      reference = get_reference (self, funcs, owner);
      unpin_owner (self);
    }
  if (reference == NULL)
    return;

  funcs->run (reference);
  if (found)
    drop_reference (self, reference);
  else
    g_object_unref (reference);
}

static void
web_task_queue_ref (WebScheduled *scheduled)
{
  WebTaskQueue *self = (WebTaskQueue *)scheduled;

  self->funcs->ref (self);
}

static void
web_task_queue_unref (WebScheduled *scheduled)
{
  WebTaskQueue *self = (WebTaskQueue *)scheduled;

  self->funcs->unref (self);
}

static void
web_task_queue_context_gone (WebScheduled *scheduled, WebScheduler *scheduler)
{
  WebTaskQueue *self = (WebTaskQueue *)scheduled;
  gboolean      lives_there;

  /* A callback may have handed the port over while the context ended. */
  web_mutex_lock (&self->lock);
  lives_there = self->scheduler == scheduler;
  web_mutex_unlock (&self->lock);

  if (lives_there)
    self->funcs->context_gone (self);
}

static void
web_task_queue_inspect_scheduled (WebScheduled *scheduled, WebScheduledInfo *info)
{
  web_task_queue_inspect ((WebTaskQueue *)scheduled, info);
}

static const WebScheduledFuncs scheduled_funcs = {
  .ref = web_task_queue_ref,
  .unref = web_task_queue_unref,
  .run = web_task_queue_run,
  .context_gone = web_task_queue_context_gone,
  .inspect = web_task_queue_inspect_scheduled,
};

void
web_task_queue_init (WebTaskQueue *self, const WebTaskQueueFuncs *funcs)
{
  web_scheduled_init (&self->scheduled, &scheduled_funcs);
  self->funcs = funcs;
  g_weak_ref_init (&self->weak_owner, NULL);
  g_mutex_init (&self->lock);
}

void
web_task_queue_clear (WebTaskQueue *self)
{
  g_assert (self->owner == NULL && self->tasks.head == NULL);
  g_weak_ref_clear (&self->weak_owner);
  g_mutex_clear (&self->lock);
}

static void
tell_attached (GObject *owner, WebScheduler *scheduler, gboolean attached, guint n_tasks)
{
  g_autofree char *name = web_scheduler_describe (scheduler);
  const char      *type = G_OBJECT_TYPE_NAME (owner);

  web_watchdog_start ();
  if (!attached)
    g_debug ("%s %p belongs to %s, which is gone: nothing will arrive", type, (void *)owner, name);
  else if (n_tasks > 0)
    g_debug ("%s %p belongs to %s; %u message%s at it", type, (void *)owner, name, n_tasks,
             n_tasks == 1 ? " waits" : "s wait");
  else
    g_debug ("%s %p belongs to %s", type, (void *)owner, name);

  if (g_main_context_get_thread_default () == NULL && gettid () != getpid ())
    g_debug ("%s %p was made on a thread that has no main context of its own, so it belongs to the "
             "default one: messages arrive in the thread that runs that. To receive them in this "
             "thread, call g_main_context_push_thread_default() before",
             type, (void *)owner);
}

/*
 * web_task_queue_attach:
 *
 * @owner, which lives in the context of @scheduler, takes the queue. The queue calls run() of
 * @funcs when there is something to take: at once only if the queue has ended with nothing left to
 * run, because tasks are disabled at first.
 *
 * Returns %FALSE if the context is gone.
 */
gboolean
web_task_queue_attach (WebTaskQueue                 *self,
                       GObject                      *owner,
                       const WebTaskQueueOwnerFuncs *funcs,
                       WebScheduler                 *scheduler)
{
  WebScheduler *wake = NULL;
  gboolean      held = FALSE;
  gboolean      attached;
  guint         n_tasks;

  g_object_ref (owner);
  g_weak_ref_set (&self->weak_owner, owner);
  web_mutex_lock (&self->lock);
  g_assert (self->owner == NULL);
  attached = web_scheduler_add (scheduler, &self->scheduled);
  if (attached)
    {
      self->owner = owner;
      self->owner_funcs = funcs;
      self->scheduler = web_scheduler_ref (scheduler);
      /* Tasks that were queued on the way count as queued now. */
      self->n_early = self->n_tasks;
      self->attach_place = web_scheduler_next_place (scheduler);
      self->end_place = self->attach_place;
      held = begin_hold_locked (self);
      wake = mark_ready_locked (self);
    }
  n_tasks = self->n_tasks;
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  if (web_debug_enabled ())
    tell_attached (owner, scheduler, attached, n_tasks);
  if (!held)
    g_object_unref (owner);

  return attached;
}

/*
 * web_task_queue_detach:
 *
 * The owner gives the queue up, or its context is gone; tasks stay in it.
 */
void
web_task_queue_detach (WebTaskQueue *self)
{
  WebScheduler *scheduler;
  GObject      *held;

  web_mutex_lock (&self->lock);
  held = detach_locked (self, &scheduler);
  web_mutex_unlock (&self->lock);

  g_weak_ref_set (&self->weak_owner, NULL);
  g_clear_pointer (&scheduler, web_scheduler_unref);
  g_clear_object (&held);
}

/*
 * web_task_queue_let_owner_go:
 *
 * The owner calls this first when it is disposed, with its last reference: on any thread, even
 * while its own context is about to run a task. Returns %FALSE if the owner must stay as it is and
 * return from its disposal.
 *
 * A pinned owner gets another reference, which goes with the last pin, so that it is disposed now
 * and freed then. To wait here would not do. The caller may be a garbage collector that has the
 * lock of a language, and whoever has pinned the owner may wait for that.
 */
gboolean
web_task_queue_let_owner_go (WebTaskQueue *self, GObject *owner)
{
  g_autoptr (GObject) alive = g_weak_ref_get (&self->weak_owner);
  WebScheduler *wake = NULL;
  gboolean      is_own_thread, is_kept = FALSE, is_orphan = FALSE;

  g_object_ref (owner);
  web_mutex_lock (&self->lock);
  is_own_thread = self->owner == owner && web_scheduler_is_current (self->scheduler);
  if (self->owner == owner && alive != NULL)
    {
      /* This is g_object_run_dispose(), which is for the thread of the owner. */
      is_kept = !is_own_thread;
    }
  else if (self->owner == owner)
    {
      /* The owner is yet to be told that the sender is gone: a task refers to its port. */
      is_kept = is_own_thread && self->end_keeps_owner && begin_hold_locked (self);
      if (is_kept)
        {
          /* Once more: perhaps the owner could not be found when its turn came. */
          wake = mark_ready_locked (self);
        }
      else
        {
          is_orphan = self->n_pins > 0;
          self->owner = NULL;
        }
      if (is_orphan)
        self->orphan = owner;
    }
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  if (is_kept && alive == NULL)
    g_weak_ref_set (&self->weak_owner, owner);
  else if (!is_orphan)
    g_object_unref (owner);

  return !is_kept;
}

/*
 * web_task_queue_enable:
 *
 * Lets tasks run, for as long as the owner has the queue. Called by the owner.
 */
void
web_task_queue_enable (WebTaskQueue *self, GObject *owner)
{
  WebScheduler *wake = NULL;
  gboolean      held = FALSE;

  g_object_ref (owner);
  web_mutex_lock (&self->lock);
  if (self->owner == owner)
    {
      self->enabled = TRUE;
      held = begin_hold_locked (self);
      wake = mark_ready_locked (self);
    }
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  if (self->funcs->wanted != NULL)
    self->funcs->wanted (self);
  if (!held)
    g_object_unref (owner);
}

/*
 * web_task_queue_set_demand:
 *
 * Sets whether the owner wants tasks although they may be disabled, and wants to be told if none
 * will come. Called by the owner.
 */
void
web_task_queue_set_demand (WebTaskQueue *self, GObject *owner, gboolean demand)
{
  WebScheduler *wake = NULL;
  GObject      *released = NULL;
  gboolean      held = FALSE;

  g_object_ref (owner);
  web_mutex_lock (&self->lock);
  if (self->owner == owner)
    {
      self->demand = demand;
      held = begin_hold_locked (self);
      released = end_hold_locked (self);
      wake = mark_ready_locked (self);
    }
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  if (demand && self->funcs->wanted != NULL)
    self->funcs->wanted (self);
  g_clear_object (&released);
  if (!held)
    g_object_unref (owner);
}

/*
 * web_task_queue_post:
 *
 * Queues a task. Returns %FALSE if the queue no longer takes tasks; the caller then keeps the task.
 */
gboolean
web_task_queue_post (WebTaskQueue *self, WebTask *task)
{
  task->next = NULL;

  return web_task_queue_post_list (self, (WebTaskList){ task, task });
}

/*
 * web_task_queue_post_list:
 *
 * Queues tasks, which have one place among those of the context: they came together. Returns
 * %FALSE if the queue no longer takes tasks; the caller then keeps them all.
 */
gboolean
web_task_queue_post_list (WebTaskQueue *self, WebTaskList tasks)
{
  WebScheduler *wake = NULL;
  WebTask      *task;
  guint64       place;
  gboolean      queued;

  web_mutex_lock (&self->lock);
  queued = !self->closed && !self->ended;
  if (queued)
    {
      place = self->scheduler != NULL ? web_scheduler_next_place (self->scheduler) : 0;
      for (task = tasks.head; task != NULL; task = task->next)
        {
          task->place = place;
          self->n_tasks++;
        }
      web_task_list_append (&self->tasks, tasks);
      wake = mark_ready_locked (self);
    }
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);

  return queued;
}

/* Lets a queue that has ended hold a reference to its pinned owner. */
static void
hold_owner_to_be_told (WebTaskQueue *self, const WebTaskQueueOwnerFuncs *funcs, GObject *owner)
{
  GObject *reference = get_reference (self, funcs, owner);
  gboolean held = FALSE;

  unpin_owner (self);
  if (reference == NULL)
    return;

  web_mutex_lock (&self->lock);
  if (self->owner == reference)
    held = begin_hold_locked (self);
  web_mutex_unlock (&self->lock);

  if (!held)
    drop_reference (self, reference);
}

/*
 * web_task_queue_end:
 * @hold_owner: %TRUE if the owner is told even if nobody refers to it any more, because a task
 *   refers to its port. %FALSE if the sender goes with its last reference: that may happen during a
 *   garbage collection that takes the owner for garbage as well
 *
 * Ends the queue: the sender is gone. The owner is told after all tasks that were queued before.
 */
void
web_task_queue_end (WebTaskQueue *self, gboolean hold_owner)
{
  const WebTaskQueueOwnerFuncs *funcs;
  WebScheduler                 *wake = NULL;
  GObject                      *owner = NULL;

  web_mutex_lock (&self->lock);
  funcs = self->owner_funcs;
  if (!self->closed && !self->ended)
    {
      self->ended = TRUE;
      self->end_pending = TRUE;
      self->end_keeps_owner = hold_owner;
      if (self->scheduler != NULL)
        self->end_place = web_scheduler_next_place (self->scheduler);
      /* Another thread must not touch the owner: see web_task_queue_let_owner_go(). */
      if (hold_owner && !self->holds_owner && should_hold_locked (self) &&
          web_scheduler_is_current (self->scheduler))
        owner = pin_owner_locked (self);
      wake = mark_ready_locked (self);
    }
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  if (owner != NULL)
    hold_owner_to_be_told (self, funcs, owner);
}

/*
 * web_task_queue_take:
 * @task: (out) (transfer full): the task, for %WEB_TASK_QUEUE_TASK
 *
 * Takes what comes next; the owner calls this in its context. If there is more, the scheduler is
 * told first, so that a main loop that the task runs goes on with the rest.
 */
WebTaskQueueItem
web_task_queue_take (WebTaskQueue *self, WebTask **task)
{
  WebTaskQueueItem item = WEB_TASK_QUEUE_NOTHING;
  WebScheduler    *wake;
  GObject         *released;

  web_mutex_lock (&self->lock);
  if (!has_task_locked (self))
    {
      item = WEB_TASK_QUEUE_NOTHING;
    }
  else if ((*task = web_task_list_pop (&self->tasks)) != NULL)
    {
      self->n_tasks--;
      if (self->n_early > 0)
        self->n_early--;
      item = WEB_TASK_QUEUE_TASK;
    }
  else if (self->end_pending)
    {
      self->end_pending = FALSE;
      item = WEB_TASK_QUEUE_END;
    }
  else if (self->demand && is_over_locked (self))
    {
      item = WEB_TASK_QUEUE_OVER;
    }
  released = end_hold_locked (self);
  /* An owner that is told that the queue is over stops demanding. */
  wake = item != WEB_TASK_QUEUE_OVER ? mark_ready_locked (self) : NULL;
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  /* Not the last reference: the caller runs a task of this owner. */
  g_clear_object (&released);

  return item;
}

/*
 * web_task_queue_wants:
 * @has_tasks: (out): whether tasks wait
 *
 * Returns %TRUE if somebody would run a task now.
 */
gboolean
web_task_queue_wants (WebTaskQueue *self, gboolean *has_tasks)
{
  gboolean wants;

  web_mutex_lock (&self->lock);
  wants = self->enabled || self->demand;
  *has_tasks = self->tasks.head != NULL;
  web_mutex_unlock (&self->lock);

  return wants;
}

/*
 * web_task_queue_dup_scheduler:
 *
 * Returns: (transfer full) (nullable): the scheduler of the context of the owner
 */
WebScheduler *
web_task_queue_dup_scheduler (WebTaskQueue *self)
{
  WebScheduler *scheduler;

  web_mutex_lock (&self->lock);
  scheduler = self->scheduler != NULL ? web_scheduler_ref (self->scheduler) : NULL;
  web_mutex_unlock (&self->lock);

  return scheduler;
}

/*
 * web_task_queue_leave:
 * @tasks: (out): what waits
 * @ended: (out): whether the sender is gone
 *
 * Closes a queue that no owner has, because its place is in another process from now on. A sender
 * that has its task back then sends it there.
 */
void
web_task_queue_leave (WebTaskQueue *self, WebTaskList *tasks, gboolean *ended)
{
  web_mutex_lock (&self->lock);
  g_assert (self->owner == NULL);
  self->closed = TRUE;
  self->end_pending = FALSE;
  self->n_tasks = 0;
  self->n_early = 0;
  *ended = self->ended;
  *tasks = web_task_list_steal (&self->tasks);
  web_mutex_unlock (&self->lock);
}

/*
 * web_task_queue_kick:
 *
 * Calls the owner back in its context, even if there is nothing to take. May be called on any
 * thread.
 */
void
web_task_queue_kick (WebTaskQueue *self)
{
  WebScheduler *wake;

  web_mutex_lock (&self->lock);
  g_atomic_int_set (&self->kicked, TRUE);
  wake = mark_ready_locked (self);
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
}

/*
 * web_task_queue_take_kick:
 *
 * Returns %TRUE if the queue was kicked. The owner asks before it takes what comes next.
 */
gboolean
web_task_queue_take_kick (WebTaskQueue *self)
{
  return g_atomic_int_get (&self->kicked) &&
         g_atomic_int_compare_and_exchange (&self->kicked, TRUE, FALSE);
}

/*
 * web_task_queue_close:
 *
 * Takes no new tasks. Tasks that are queued already still run; the owner is not told of the end.
 */
void
web_task_queue_close (WebTaskQueue *self)
{
  WebScheduler *wake;
  GObject      *released;

  web_mutex_lock (&self->lock);
  self->closed = TRUE;
  self->end_pending = FALSE;
  released = end_hold_locked (self);
  wake = mark_ready_locked (self);
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  g_clear_object (&released);
}

/*
 * web_task_queue_discard:
 * @lost: see web_task_list_drop()
 *
 * Closes the queue on behalf of the owner and drops what is in it. May be called on any thread.
 */
void
web_task_queue_discard (WebTaskQueue *self, gboolean lost)
{
  WebScheduler *wake;
  WebTaskList   tasks;

  web_mutex_lock (&self->lock);
  self->closed = TRUE;
  self->end_pending = FALSE;
  self->n_tasks = 0;
  self->n_early = 0;
  tasks = web_task_list_steal (&self->tasks);
  wake = mark_ready_locked (self);
  web_mutex_unlock (&self->lock);

  wake_and_unref (wake);
  web_task_list_drop (tasks, lost);
}

/*
 * web_task_queue_shut:
 * @lost: see web_task_list_drop()
 *
 * Closes the queue for good, drops what is in it, and forgets the owner. May be called on any
 * thread, by the owner or when its context is gone.
 */
void
web_task_queue_shut (WebTaskQueue *self, gboolean lost)
{
  web_task_queue_discard (self, lost);
  web_task_queue_detach (self);
}

gboolean
web_task_queue_is_closed (WebTaskQueue *self)
{
  gboolean closed;

  web_mutex_lock (&self->lock);
  closed = self->closed;
  web_mutex_unlock (&self->lock);

  return closed;
}

/*
 * web_task_queue_is_over:
 *
 * Returns %TRUE if nothing will come any more, not even the end.
 */
gboolean
web_task_queue_is_over (WebTaskQueue *self)
{
  gboolean over;

  web_mutex_lock (&self->lock);
  over = is_over_locked (self);
  web_mutex_unlock (&self->lock);

  return over;
}

/*
 * web_task_queue_inspect:
 * @info: (out caller-allocates): the state of the queue, for debug output
 *
 * May be called on any thread.
 */
void
web_task_queue_inspect (WebTaskQueue *self, WebScheduledInfo *info)
{
  web_mutex_lock (&self->lock);
  info->owner = self->owner;
  info->type = self->owner != NULL ? G_OBJECT_TYPE_NAME (self->owner) : "A port on its way";
  info->advice = self->owner != NULL ? self->owner_funcs->advice : NULL;
  info->n_tasks = self->n_tasks;
  info->is_wanted = self->enabled || self->demand;
  info->is_open = !self->closed && !self->ended;
  info->is_kept =
    self->owner != NULL && self->owner_funcs->lives_while_enabled && self->enabled && info->is_open;
  web_mutex_unlock (&self->lock);
  info->has_unread = self->funcs->has_unread != NULL && self->funcs->has_unread (self);
}
