/* web-task.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-task-private.h"

void
web_task_list_push (WebTaskList *self, WebTask *task)
{
  task->next = NULL;
  if (self->tail != NULL)
    self->tail->next = task;
  else
    self->head = task;
  self->tail = task;
}

WebTask *
web_task_list_pop (WebTaskList *self)
{
  WebTask *task = self->head;

  if (task != NULL)
    {
      self->head = task->next;
      if (self->head == NULL)
        self->tail = NULL;
    }

  return task;
}

WebTaskList
web_task_list_steal (WebTaskList *self)
{
  WebTaskList list = *self;

  *self = (WebTaskList){ NULL, NULL };

  return list;
}

void
web_task_list_append (WebTaskList *self, WebTaskList list)
{
  if (list.head == NULL)
    return;

  if (self->tail != NULL)
    self->tail->next = list.head;
  else
    self->head = list.head;
  self->tail = list.tail;
}

/*
 * web_task_list_drop:
 * @lost: %TRUE if nobody will run these tasks. %FALSE if they go with the last reference to their
 *   owner: that may happen during a garbage collection, which must not find anything alive again
 *   that it has taken for garbage
 *
 * Frees tasks that were not run.
 *
 * A message that is freed may take ports and windows with it, which have messages of their own, and
 * so on, nested as deep as a program likes. So the tasks that a destructor drops while this thread
 * drops tasks join the same list, and no call nests.
 */
void
web_task_list_drop (WebTaskList list, gboolean lost)
{
  static _Thread_local WebTaskList *dropping;
  WebTask                          *task;

  if (dropping != NULL)
    {
      web_task_list_append (dropping, list);
      return;
    }

  dropping = &list;
  while ((task = web_task_list_pop (&list)) != NULL)
    task->free (task, lost);
  dropping = NULL;
}

/*
 * web_task_drop:
 *
 * Frees one task that was not run.
 */
void
web_task_drop (WebTask *self, gboolean lost)
{
  WebTaskList list = { NULL, NULL };

  web_task_list_push (&list, self);
  web_task_list_drop (list, lost);
}
