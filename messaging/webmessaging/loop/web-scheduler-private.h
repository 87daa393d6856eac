/* web-scheduler-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "web-debug-private.h"
#include "web-task-heap-private.h"

G_BEGIN_DECLS

typedef struct _WebScheduler WebScheduler;
typedef struct _WebScheduled WebScheduled;

/* What debug output tells of a queue. */
typedef struct
{
  const char *type;  /* of the owner */
  gpointer    owner; /* unowned, nullable: only to be printed */
  guint       n_tasks;
  gboolean    has_unread; /* another process has sent what was not read, and is no task yet */
  gboolean    is_wanted;  /* somebody takes the tasks */
  const char *advice;     /* nullable: what makes that happen */
  gboolean    is_kept;    /* the owner is kept until one of the two sides closes */
  gboolean    is_open;
} WebScheduledInfo;

/* Called without the lock of the scheduler, except `ref`, which only counts. */
typedef struct
{
  void (*ref) (WebScheduled *self);
  void (*unref) (WebScheduled *self);

  /* Runs the oldest task, in the thread of the context. */
  void (*run) (WebScheduled *self);

  /* The context is gone: the scheduler will never call run(). The queue may just have left the
   * scheduler. */
  void (*context_gone) (WebScheduled *self, WebScheduler *scheduler);

  /* May be called on any thread. */
  void (*inspect) (WebScheduled *self, WebScheduledInfo *info);
} WebScheduledFuncs;

/* The item that a scheduler puts in order, embedded in a task queue. The scheduler knows only which
 * queues have tasks. Its lock protects all fields after @funcs. */
struct _WebScheduled
{
  const WebScheduledFuncs *funcs;

  GList           member_link; /* in its members */
  WebTaskHeapItem heap_item;   /* in its heap; the place of the oldest task */
  gboolean        is_member;
  int             is_ready; /* atomic: may be read without the lock */
  int             waiting;  /* only for the thread of web-watchdog.c */
};

typedef struct _WebWatch WebWatch;

/* Called without the lock of the scheduler, except `ref`, which only counts. */
typedef struct
{
  void (*ref) (WebWatch *self);
  void (*unref) (WebWatch *self);

  /* The descriptor has these events (EPOLLIN and so on), in the thread of the context. 0 if it is
   * to look itself: see web_scheduler_run_first_watches(). */
  void (*ready) (WebWatch *self, guint32 events);

  /* A turn of the main loop is over, in which the watch was marked as dirty. */
  void (*flush) (WebWatch *self);
} WebWatchFuncs;

/* A descriptor that the main loop of a context watches. The lock of the scheduler protects all
 * fields after @funcs. */
struct _WebWatch
{
  const WebWatchFuncs *funcs;
  guint64              id;     /* 0 if it is not watched */
  guint32              events; /* that it is watched for */
  gboolean             dirty;
  gboolean             is_first; /* set before it is watched */
};

void web_scheduled_init (WebScheduled *self, const WebScheduledFuncs *funcs);

WebScheduler *web_scheduler_ref_thread_default (void);
WebScheduler *web_scheduler_ref (WebScheduler *self);
void          web_scheduler_unref (WebScheduler *self);

void web_scheduler_set_context_priority (GMainContext *context, int priority);
int  web_scheduler_get_context_priority (GMainContext *context);

gboolean web_scheduler_add (WebScheduler *self, WebScheduled *queue);
void     web_scheduler_remove (WebScheduler *self, WebScheduled *queue);
guint64  web_scheduler_next_place (WebScheduler *self);
gboolean web_scheduler_mark_ready (WebScheduler *self, WebScheduled *queue, guint64 place);
void     web_scheduler_wake (WebScheduler *self);
void     web_scheduler_halt (WebScheduler *self);
void     web_scheduler_set_halt_func (WebScheduler *self, GFunc function, gpointer user_data);
gboolean web_scheduler_is_halted (WebScheduler *self);

gboolean web_scheduler_watch (WebScheduler *self, WebWatch *watch, int fd, guint32 events);
void     web_scheduler_unwatch (WebScheduler *self, WebWatch *watch, int fd);
void     web_scheduler_run_first_watches (WebScheduler *self);
void     web_scheduler_mark_dirty (WebScheduler *self, WebWatch *watch);
guint    web_scheduler_get_turn (WebScheduler *self);
guint8  *web_scheduler_get_buffer (WebScheduler *self, gsize size);

gint64   web_scheduler_get_now (WebScheduler *self);
void     web_scheduler_give_spare (WebScheduler *self, GObject *spare);
GObject *web_scheduler_take_spare (WebScheduler *self);
void     web_scheduler_attach_source (WebScheduler *self, GSource *source);
gboolean web_scheduler_is_current (WebScheduler *self);
gboolean web_scheduler_is_usable (WebScheduler *self);
gboolean web_scheduler_is_taken_for_own (WebScheduler *self);
gboolean web_scheduler_check_thread (WebScheduler *self, const char *function);

void web_scheduler_set_batching (WebScheduler *self, gboolean batching);

/* What debug output tells of a context. */
typedef struct
{
  guint         n_prepared; /* turns of its main loop */
  guint         n_run;      /* tasks */
  gboolean      has_tasks;
  gboolean      has_events; /* on the descriptors that it watches */
  WebScheduled *running;    /* counted, nullable: the queue whose task runs */
  gboolean      is_nested;  /* that task has run the main loop */
  GPtrArray    *members;    /* of WebScheduled, counted */
} WebSchedulerState;

GPtrArray *web_scheduler_ref_all (void);
void       web_scheduler_get_state (WebScheduler *self, WebSchedulerState *state);
void       web_scheduler_state_clear (WebSchedulerState *state);
char      *web_scheduler_describe (WebScheduler *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebScheduler, web_scheduler_unref)

/* Logs a critical warning if a method was called on a thread other than the object's. */
#define web_return_if_wrong_thread(scheduler)                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!web_scheduler_check_thread ((scheduler), G_STRFUNC))                                      \
      return;                                                                                      \
  }                                                                                                \
  G_STMT_END
#define web_return_val_if_wrong_thread(scheduler, value)                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!web_scheduler_check_thread ((scheduler), G_STRFUNC))                                      \
      return (value);                                                                              \
  }                                                                                                \
  G_STMT_END

/* The same for posts, in debug builds and while debug output is on: the check costs something for
 * each message. */
#define web_return_val_if_posted_on_wrong_thread(scheduler, value)                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (WEB_DEBUG_BUILD || web_debug_enabled ())                                                   \
      web_return_val_if_wrong_thread (scheduler, value);                                           \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
