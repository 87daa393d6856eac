/* web-task-source-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WebTaskSource     WebTaskSource;
typedef struct _WebTaskQueue      WebTaskQueue;
typedef struct _WebTaskQueueFuncs WebTaskQueueFuncs;

/* What the owner of a queue provides. None is called with a lock of the task source held, except
 * `ref`, which does nothing but count. */
struct _WebTaskQueueFuncs
{
  void (*ref) (WebTaskQueue *queue);
  void (*unref) (WebTaskQueue *queue);

  /* Runs the oldest task, in the thread of the context. Calls web_task_source_mark_ready() first
   * if there is another one, with its place in the sequence of all. */
  void (*run_task) (WebTaskQueue *queue);

  /* The context is gone: no task of the queue will ever run. */
  void (*context_gone) (WebTaskQueue *queue);
};

/* A queue of tasks, embedded in its owner: one end of a pipe, or a window. The owner keeps the
 * tasks; the task source knows only which queues have some. */
struct _WebTaskQueue
{
  const WebTaskQueueFuncs *funcs;

  GList    member_link; /* in the members of a task source; its lock protects it */
  gboolean is_member;
  int      is_ready;    /* atomic: may be read without that lock */
  guint    ready_index; /* in the ready heap of a task source; its lock protects it */
  guint    sequence;    /* of its oldest task, while it is ready; the lock protects it */
};

void web_task_queue_init (WebTaskQueue *self, const WebTaskQueueFuncs *funcs);

WebTaskSource *web_task_source_ref_thread_default (void);
WebTaskSource *web_task_source_ref (WebTaskSource *self);
void           web_task_source_unref (WebTaskSource *self);

gboolean      web_task_source_add (WebTaskSource *self, WebTaskQueue *queue);
void          web_task_source_remove (WebTaskSource *self, WebTaskQueue *queue);
gboolean      web_task_source_mark_ready (WebTaskSource *self, WebTaskQueue *queue, guint sequence);
guint         web_task_source_next_sequence (WebTaskSource *self);
void          web_task_source_wake (WebTaskSource *self);
gint64        web_task_source_get_now (WebTaskSource *self);
void          web_task_source_give_spare (WebTaskSource *self, GObject *spare);
GObject      *web_task_source_take_spare (WebTaskSource *self);
GMainContext *web_task_source_get_context (WebTaskSource *self);
gboolean      web_task_source_check_thread (WebTaskSource *self, const char *function);

void web_task_source_set_batching (WebTaskSource *self, gboolean batching);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebTaskSource, web_task_source_unref)

/* Tells that a method was called on another thread than the one its object belongs to. */
#if WEB_CHECK_THREADS
#  define web_return_if_wrong_thread(task_source)                                                  \
    G_STMT_START                                                                                   \
    {                                                                                              \
      if (!web_task_source_check_thread ((task_source), G_STRFUNC))                                \
        return;                                                                                    \
    }                                                                                              \
    G_STMT_END
#  define web_return_val_if_wrong_thread(task_source, value)                                       \
    G_STMT_START                                                                                   \
    {                                                                                              \
      if (!web_task_source_check_thread ((task_source), G_STRFUNC))                                \
        return (value);                                                                            \
    }                                                                                              \
    G_STMT_END
#else
#  define web_return_if_wrong_thread(task_source)                                                  \
    G_STMT_START {}                                                                                \
    G_STMT_END
#  define web_return_val_if_wrong_thread(task_source, value)                                       \
    G_STMT_START {}                                                                                \
    G_STMT_END
#endif

G_END_DECLS
