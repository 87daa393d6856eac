/* web-message.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-message-private.h"

#include "web-endpoint-holder-private.h"
#include "web-in-flight-private.h"

static void
free_task (WebTask *task, gboolean lost)
{
  WebMessage *self = (WebMessage *)task;

  web_message_clear (self, lost);
  g_free (self);
}

/*
 * web_message_new:
 * @data: (transfer full): its content
 * @holders: (transfer full) (nullable): the ports that travel in it
 *
 * Makes a message.
 */
WebMessage *
web_message_new (gpointer data, const WebMessageFuncs *funcs, GPtrArray *holders)
{
  WebMessage *self = g_new (WebMessage, 1);

  web_message_init (self, data, funcs, holders);

  return self;
}

/*
 * web_message_init:
 *
 * Initializes the message that a structure with its own free function begins with.
 */
void
web_message_init (WebMessage *self, gpointer data, const WebMessageFuncs *funcs, GPtrArray *holders)
{
  self->task.free = free_task;
  self->data = data;
  self->funcs = funcs;
  self->sender = WEB_SENDER_NONE;
  self->holders = holders;
}

/*
 * web_message_clear:
 * @lost: see web_task_list_drop()
 *
 * Drops what the message carries. The ports that still travel in it are released one by one, with
 * the messages that wait at them.
 */
void
web_message_clear (WebMessage *self, gboolean lost)
{
  guint i;

  if (self->holders != NULL)
    {
      web_in_flight_leave (self->holders);
      for (i = 0; i < self->holders->len; i++)
        {
          WebEndpoint *endpoint = web_endpoint_holder_steal (self->holders->pdata[i]);

          if (endpoint != NULL)
            web_endpoint_release (endpoint, lost);
        }
      g_clear_pointer (&self->holders, g_ptr_array_unref);
    }

  if (self->data != NULL)
    self->funcs->free (g_steal_pointer (&self->data));
}

/*
 * web_message_take:
 * @queue: a queue of messages
 * @message: (out) (transfer full): the message, for %WEB_TASK_QUEUE_TASK
 *
 * Takes what comes next from a queue; its owner calls this in its context.
 */
WebTaskQueueItem
web_message_take (WebTaskQueue *queue, WebMessage **message)
{
  WebTask         *task = NULL;
  WebTaskQueueItem item = web_task_queue_take (queue, &task);

  *message = (WebMessage *)task;
  if (task != NULL && (*message)->holders != NULL)
    web_in_flight_leave ((*message)->holders);

  return item;
}

/*
 * web_message_free:
 *
 * Frees a message that was delivered.
 */
void
web_message_free (WebMessage *self)
{
  self->task.free (&self->task, TRUE);
}
