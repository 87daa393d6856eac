/* web-task-queue-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "web-scheduler-private.h"
#include "web-task-private.h"

G_BEGIN_DECLS

typedef struct _WebTaskQueue WebTaskQueue;

/* What web_task_queue_take() returns. */
typedef enum
{
  WEB_TASK_QUEUE_NOTHING,
  WEB_TASK_QUEUE_TASK, /* a task */
  WEB_TASK_QUEUE_END,  /* the sender is gone, and all that it had queued was taken */
  WEB_TASK_QUEUE_OVER, /* nothing will come any more, and somebody still waits */
} WebTaskQueueItem;

/* The functions of the owner. Called in its context, with no lock held. */
typedef struct
{
  /* There is something to take. */
  void (*run) (GObject *owner);

  /* Stores a new reference to @owner, or %NULL if a garbage collector is about to drop the last
   * one. Returns %FALSE if references to @owner need no such care. The caller keeps @owner from
   * being freed, but has no reference. */
  gboolean (*find) (GObject *owner, GObject **reference);

  gboolean lives_while_enabled; /* see should_hold_locked() */

  /* Goes on from the name of an owner whose tasks wait because it is not enabled; nullable. */
  const char *advice;
} WebTaskQueueOwnerFuncs;

/* The functions of the structure that embeds a queue. Called with no lock held, except `ref`, which
 * only counts. */
typedef struct
{
  void (*ref) (WebTaskQueue *self);
  void (*unref) (WebTaskQueue *self);

  /* The context of the owner is gone: no task will ever run there. */
  void (*context_gone) (WebTaskQueue *self);

  /* The owner wants tasks, and was not known to want them before. Nullable. */
  void (*wanted) (WebTaskQueue *self);

  /* Something has arrived that was not read yet. Nullable. May be called on any thread. */
  gboolean (*has_unread) (WebTaskQueue *self);
} WebTaskQueueFuncs;

/* A queue of tasks: HTML, webappapis.html#task-queue. A port or window receives from it. */
struct _WebTaskQueue
{
  WebScheduled             scheduled; /* must be first */
  const WebTaskQueueFuncs *funcs;

  GMutex lock;

  const WebTaskQueueOwnerFuncs *owner_funcs; /* protected by @lock, set with @owner */

  /* Protected by @lock. */
  WebTaskList   tasks;  /* oldest first */
  guint         n_pins; /* of @owner, see pin_owner_locked() */
  GObject      *orphan; /* owned, nullable: a former @owner, dropped with the last pin */
  guint         n_tasks;
  guint         n_early;         /* tasks at the head that were queued before there was an owner */
  GObject      *owner;           /* unowned, unless @holds_owner; %NULL while the queue travels */
  WebScheduler *scheduler;       /* owned; where the owner lives, %NULL with @owner */
  guint64       attach_place;    /* in the scheduler, of the tasks that came early */
  guint64       end_place;       /* the same, of the end */
  guint         enabled : 1;     /* tasks may run */
  guint         demand : 1;      /* somebody waits for one task, enabled or not */
  guint         closed : 1;      /* by the owner: nothing new is queued */
  guint         ended : 1;       /* by the sender */
  guint         end_pending : 1; /* and the owner is still to be told */
  guint         end_keeps_owner : 1; /* see web_task_queue_let_owner_go() */
  guint         holds_owner : 1;     /* the queue owns a reference, see should_hold_locked() */

  int      kicked;     /* atomic; see web_task_queue_kick() */
  GWeakRef weak_owner; /* empty once @owner is going; has a lock of its own */
};

void web_task_queue_init (WebTaskQueue *self, const WebTaskQueueFuncs *funcs);
void web_task_queue_clear (WebTaskQueue *self);

gboolean web_task_queue_attach (WebTaskQueue                 *self,
                                GObject                      *owner,
                                const WebTaskQueueOwnerFuncs *funcs,
                                WebScheduler                 *scheduler);
void     web_task_queue_detach (WebTaskQueue *self);
gboolean web_task_queue_let_owner_go (WebTaskQueue *self, GObject *owner);

void web_task_queue_enable (WebTaskQueue *self, GObject *owner);
void web_task_queue_set_demand (WebTaskQueue *self, GObject *owner, gboolean demand);

gboolean         web_task_queue_post (WebTaskQueue *self, WebTask *task);
gboolean         web_task_queue_post_list (WebTaskQueue *self, WebTaskList tasks);
void             web_task_queue_end (WebTaskQueue *self, gboolean hold_owner);
WebTaskQueueItem web_task_queue_take (WebTaskQueue *self, WebTask **task);

gboolean      web_task_queue_wants (WebTaskQueue *self, gboolean *has_tasks);
WebScheduler *web_task_queue_dup_scheduler (WebTaskQueue *self);
void          web_task_queue_leave (WebTaskQueue *self, WebTaskList *tasks, gboolean *ended);

void     web_task_queue_kick (WebTaskQueue *self);
gboolean web_task_queue_take_kick (WebTaskQueue *self);

void web_task_queue_close (WebTaskQueue *self);
void web_task_queue_discard (WebTaskQueue *self, gboolean lost);
void web_task_queue_shut (WebTaskQueue *self, gboolean lost);

gboolean web_task_queue_is_closed (WebTaskQueue *self);
gboolean web_task_queue_is_over (WebTaskQueue *self);

void web_task_queue_inspect (WebTaskQueue *self, WebScheduledInfo *info);

G_END_DECLS
