/* web-task-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WebTask WebTask;

/* A task of a queue: HTML, webappapis.html#concept-task. Embedded in the structure that says what
 * to do. */
struct _WebTask
{
  WebTask *next;  /* in its list */
  guint64  place; /* among all tasks of the context that it was queued in */

  /* Frees a task. @lost: nobody has run the task, or will; see web_task_list_drop() */
  void (*free) (WebTask *self, gboolean lost);
};

typedef struct
{
  WebTask *head;
  WebTask *tail;
} WebTaskList;

void        web_task_list_push (WebTaskList *self, WebTask *task);
WebTask    *web_task_list_pop (WebTaskList *self);
void        web_task_list_append (WebTaskList *self, WebTaskList list);
WebTaskList web_task_list_steal (WebTaskList *self);
void        web_task_list_drop (WebTaskList list, gboolean lost);

void web_task_drop (WebTask *self, gboolean lost);

G_END_DECLS
