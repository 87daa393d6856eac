/* web-pipe.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A pipe with two ends, which carries the messages of two entangled ports.
 *
 * An end owns the queue of the messages that travel towards it: it is the *port message queue* of
 * the standard. Exactly one holder has an end at any time: a #WebMessagePort, or, while a port is
 * being transferred, the data holder that travels in a message. A transfer hands the end over and
 * moves no message.
 *
 * The pipe is the only thing that two threads share, and its lock covers both ends. Nothing that
 * a user could see happens under it: no callback, no g_object_unref(), no free of a message.
 * Locks are taken in this order: in_flight, the pipe's, the task source's.
 */

#include "web-pipe-private.h"
#include "web-serialized-data-private.h"

typedef struct _WebMessage WebMessage;
typedef struct _WebPipe    WebPipe;

struct _WebMessage
{
  WebMessage        *next;
  WebSerializedData *data;     /* owned */
  guint              sequence; /* its place in the context of the port */
};

typedef struct
{
  WebMessage *head;
  WebMessage *tail;
} WebMessageList;

struct _WebPipeEnd
{
  WebTaskQueue queue; /* must be first */
  WebPipe     *pipe;
  WebPipeEnd  *peer; /* the other end */

  /* Protected by the lock of the pipe. */
  WebMessageList  messages; /* undelivered, oldest first */
  WebMessagePort *port;     /* unowned, unless @holds_port; %NULL while the end is in flight */
  WebPipeEndFunc  run_task;
  WebTaskSource  *task_source;       /* owned; where the port lives, %NULL with @port */
  guint           enabled : 1;       /* the port message queue is enabled */
  guint           demand : 1;        /* somebody waits for one message, enabled or not */
  guint           closed : 1;        /* this side has disentangled itself */
  guint           close_pending : 1; /* the other side has, and the port is still to be told */
  guint           holds_port : 1; /* the pipe owns a reference on @port, see begin_hold_locked() */
  guint           close_sequence; /* the place of the close event in the context of the port */

  /* Protected by in_flight: the end in whose queue this end lies while it travels. */
  WebPipeEnd *container;
};

struct _WebPipe
{
  int        ref_count; /* atomic */
  GMutex     lock;
  WebPipeEnd ends[2];
};

/* Protects which end lies in the queue of which, so that a message which would enclose itself can
 * be found before it is sent. Taken only for messages that carry ports. */
G_LOCK_DEFINE_STATIC (in_flight);

static WebPipeEnd *
web_pipe_end_ref (WebPipeEnd *self)
{
  g_atomic_int_inc (&self->pipe->ref_count);

  return self;
}

static void
web_pipe_end_unref (WebPipeEnd *self)
{
  WebPipe *pipe = self->pipe;

  if (!g_atomic_int_dec_and_test (&pipe->ref_count))
    return;

  g_mutex_clear (&pipe->lock);
  g_free (pipe);
}

static void
web_message_list_push (WebMessageList *self, WebMessage *message)
{
  if (self->tail != NULL)
    self->tail->next = message;
  else
    self->head = message;
  self->tail = message;
}

static WebMessage *
web_message_list_pop (WebMessageList *self)
{
  WebMessage *message = self->head;

  if (message != NULL)
    {
      self->head = message->next;
      if (self->head == NULL)
        self->tail = NULL;
    }

  return message;
}

static WebMessageList
web_message_list_steal (WebMessageList *self)
{
  WebMessageList list = *self;

  *self = (WebMessageList){ NULL, NULL };

  return list;
}

/* Frees the messages of an end that is no more, and with them the ends that travelled in those
 * messages, with their own messages. Ports may be nested as deep as a program likes, so this loops
 * where a destructor would recurse. */
static void
web_message_list_free (WebMessageList list)
{
  static _Thread_local WebMessageList doomed;
  static _Thread_local gboolean       freeing;
  WebMessage                         *message;

  if (list.head != NULL)
    {
      list.tail->next = doomed.head;
      doomed.head = list.head;
      if (doomed.tail == NULL)
        doomed.tail = list.tail;
    }

  if (freeing)
    return;

  freeing = TRUE;
  while ((message = web_message_list_pop (&doomed)) != NULL)
    {
      web_serialized_data_unref (message->data);
      g_free (message);
    }
  freeing = FALSE;
}

/* The ends in @data leave the queue that they lay in. */
static void
leave_container (WebSerializedData *data)
{
  guint n_ends = web_serialized_data_get_n_transferred (data);
  guint i;

  if (n_ends == 0)
    return;

  G_LOCK (in_flight);
  for (i = 0; i < n_ends; i++)
    {
      WebPipeEnd *end = web_serialized_data_peek_end (data, i);

      if (end != NULL)
        end->container = NULL;
    }
  G_UNLOCK (in_flight);
}

/* Puts the ends in @data into the queue of @self. A message that carries the very end it is sent
 * to, directly or through the queues that this end lies in, could never be received: then nothing
 * is done, and the channel is lost.
 *
 * HTML, web-messaging.html#message-port-post-message-steps, step 3 and its "doomed"; the standard
 * names only the direct case, and leaves the others to the garbage collector. */
static gboolean
enter_container_locked (WebPipeEnd *self, WebSerializedData *data)
{
  guint       n_ends = web_serialized_data_get_n_transferred (data);
  WebPipeEnd *outer;
  guint       i;

  for (outer = self; outer != NULL; outer = outer->container)
    for (i = 0; i < n_ends; i++)
      if (web_serialized_data_peek_end (data, i) == outer)
        return FALSE;

  for (i = 0; i < n_ends; i++)
    {
      WebPipeEnd *end = web_serialized_data_peek_end (data, i);

      if (end != NULL)
        end->container = self;
    }

  return TRUE;
}

static gboolean
has_task_locked (WebPipeEnd *self)
{
  if (self->messages.head != NULL)
    return self->enabled || self->demand;

  return self->close_pending;
}

/* The place of what is queued now; without a port it is given when there is one. */
static guint
next_sequence_locked (WebPipeEnd *self)
{
  return self->task_source != NULL ? web_task_source_next_sequence (self->task_source) : 0;
}

/* Tells the context of the port that there is something to take. Returns the task source to pass
 * to wake_and_unref() once the lock is released. */
static WebTaskSource *
mark_ready_locked (WebPipeEnd *self)
{
  guint sequence;

  if (self->task_source == NULL || !has_task_locked (self))
    return NULL;

  sequence = self->messages.head != NULL ? self->messages.head->sequence : self->close_sequence;
  if (!web_task_source_mark_ready (self->task_source, &self->queue, sequence))
    return NULL;

  return web_task_source_ref (self->task_source);
}

static void
wake_and_unref (WebTaskSource *task_source)
{
  if (task_source == NULL)
    return;

  web_task_source_wake (task_source);
  web_task_source_unref (task_source);
}

/* A port must not disappear because nobody but a handler of its own refers to it, as long as it is
 * enabled and has something to deliver or another side that can send, or is about to be told that
 * it has none: HTML, web-messaging.html#ports-and-garbage-collection. The pipe holds a reference
 * meanwhile. */
static gboolean
should_hold_locked (WebPipeEnd *self)
{
  gboolean can_send = !self->closed && !self->peer->closed;
  gboolean has_messages = self->messages.head != NULL;

  return self->port != NULL &&
         ((self->enabled && (has_messages || can_send)) || (self->close_pending && !has_messages));
}

/* Whether the pipe takes over a reference on the port that the caller has. A reference is not taken
 * under the lock: the wrapper of a language may be told of it. */
static gboolean
begin_hold_locked (WebPipeEnd *self)
{
  if (self->holds_port || !should_hold_locked (self))
    return FALSE;

  self->holds_port = TRUE;

  return TRUE;
}

/* Returns the port if the reference of the pipe is to be dropped, once the lock is released. */
static WebMessagePort *
end_hold_locked (WebPipeEnd *self)
{
  if (!self->holds_port || should_hold_locked (self))
    return NULL;

  self->holds_port = FALSE;

  return self->port;
}

/* HTML, web-messaging.html#disentangle: the other side is told, after what was sent before.
 *
 * With @hold_peer, also if nobody refers to it any more: a task refers to its port. Not where the
 * end goes with its last reference: that may be in the midst of a garbage collection, which takes
 * the other port for garbage as well and must not find it alive again. */
static WebTaskSource *
disentangle_locked (WebPipeEnd *self, gboolean hold_peer)
{
  if (self->closed)
    return NULL;

  self->closed = TRUE;
  self->close_pending = FALSE;

  if (self->peer->closed)
    return NULL;

  self->peer->close_pending = TRUE;
  self->peer->close_sequence = next_sequence_locked (self->peer);
  if (hold_peer && begin_hold_locked (self->peer))
    g_object_ref (self->peer->port);

  return mark_ready_locked (self->peer);
}

/* Takes the end from its port, together with the references that are to be dropped. */
static WebMessagePort *
detach_locked (WebPipeEnd *self, WebTaskSource **task_source)
{
  WebMessagePort *held = NULL;

  if (self->task_source != NULL)
    web_task_source_remove (self->task_source, &self->queue);
  *task_source = g_steal_pointer (&self->task_source);

  if (self->holds_port)
    held = self->port;
  self->holds_port = FALSE;
  self->port = NULL;
  self->enabled = FALSE;
  self->demand = FALSE;

  return held;
}

/* Whether this thread is dropping a message, see web_pipe_lose(). */
static _Thread_local gboolean losing;

/* Disentangles the end and drops its messages; it stays a valid end of a closed pipe. */
static void
web_pipe_end_shut (WebPipeEnd *self)
{
  WebPipe        *pipe = self->pipe;
  WebTaskSource  *task_source;
  WebTaskSource  *wake;
  WebMessagePort *held;
  WebMessageList  messages;
  WebMessage     *message;

  g_mutex_lock (&pipe->lock);
  wake = disentangle_locked (self, losing);
  held = detach_locked (self, &task_source);
  messages = web_message_list_steal (&self->messages);
  g_mutex_unlock (&pipe->lock);

  wake_and_unref (wake);
  for (message = messages.head; message != NULL; message = message->next)
    leave_container (message->data);
  web_message_list_free (messages);
  g_clear_pointer (&task_source, web_task_source_unref);
  g_clear_object (&held);
}

static void
web_pipe_end_queue_ref (WebTaskQueue *queue)
{
  web_pipe_end_ref ((WebPipeEnd *)queue);
}

static void
web_pipe_end_queue_unref (WebTaskQueue *queue)
{
  web_pipe_end_unref ((WebPipeEnd *)queue);
}

static void
web_pipe_end_queue_run_task (WebTaskQueue *queue)
{
  WebPipeEnd     *self = (WebPipeEnd *)queue;
  WebMessagePort *port;
  WebPipeEndFunc  run_task;
  gboolean        is_kept;

  /* The port may have been dropped or transferred since the task was queued. If it is there, it is
   * kept by the pipe or by who demands a message, and both let go of it in this thread only; one
   * that is not may lose its last reference in another thread at any time. */
  g_mutex_lock (&self->pipe->lock);
  port = self->port;
  run_task = self->run_task;
  is_kept = self->holds_port || self->demand;
  if (port != NULL && !is_kept)
    g_object_ref (port);
  g_mutex_unlock (&self->pipe->lock);

  if (port == NULL)
    return;

  if (is_kept)
    g_object_ref (port);
  run_task (port);
  g_object_unref (port);
}

static void
web_pipe_end_queue_context_gone (WebTaskQueue *queue)
{
  web_pipe_end_shut ((WebPipeEnd *)queue);
}

static const WebTaskQueueFuncs queue_funcs = {
  .ref = web_pipe_end_queue_ref,
  .unref = web_pipe_end_queue_unref,
  .run_task = web_pipe_end_queue_run_task,
  .context_gone = web_pipe_end_queue_context_gone,
};

/*
 * web_pipe_new:
 *
 * Makes a pipe and gives both of its ends to the caller: HTML, web-messaging.html#entangle.
 */
void
web_pipe_new (WebPipeEnd **end1, WebPipeEnd **end2)
{
  WebPipe *pipe = g_new0 (WebPipe, 1);
  guint    i;

  pipe->ref_count = G_N_ELEMENTS (pipe->ends);
  g_mutex_init (&pipe->lock);
  for (i = 0; i < G_N_ELEMENTS (pipe->ends); i++)
    {
      pipe->ends[i].pipe = pipe;
      pipe->ends[i].peer = &pipe->ends[1 - i];
      web_task_queue_init (&pipe->ends[i].queue, &queue_funcs);
    }

  *end1 = &pipe->ends[0];
  *end2 = &pipe->ends[1];
}

/*
 * web_pipe_end_attach:
 *
 * @port, which lives in the context of @task_source, takes the end. It is told through @run_task
 * when there is something to take; that starts at once only for an end whose other side has
 * closed with nothing left to deliver, since the queue of a new port is disabled.
 */
void
web_pipe_end_attach (WebPipeEnd     *self,
                     WebMessagePort *port,
                     WebPipeEndFunc  run_task,
                     WebTaskSource  *task_source)
{
  WebMessage    *message;
  WebTaskSource *wake = NULL;
  gboolean       held = FALSE;
  gboolean       gone;

  g_object_ref (port);
  g_mutex_lock (&self->pipe->lock);
  g_assert (self->port == NULL);
  gone = !web_task_source_add (task_source, &self->queue);
  if (!gone)
    {
      self->port = port;
      self->run_task = run_task;
      self->task_source = web_task_source_ref (task_source);
      /* What was queued on the way is queued here now. */
      for (message = self->messages.head; message != NULL; message = message->next)
        message->sequence = next_sequence_locked (self);
      self->close_sequence = next_sequence_locked (self);
      held = begin_hold_locked (self);
      wake = mark_ready_locked (self);
    }
  g_mutex_unlock (&self->pipe->lock);

  wake_and_unref (wake);
  if (gone)
    web_pipe_end_shut (self);
  if (!held)
    g_object_unref (port);
}

/*
 * web_pipe_end_detach:
 *
 * The port gives the end up, for a transfer. Undelivered messages stay with the end.
 */
void
web_pipe_end_detach (WebPipeEnd *self)
{
  WebTaskSource  *task_source;
  WebMessagePort *held;

  g_mutex_lock (&self->pipe->lock);
  held = detach_locked (self, &task_source);
  g_mutex_unlock (&self->pipe->lock);

  g_clear_pointer (&task_source, web_task_source_unref);
  g_clear_object (&held);
}

/*
 * web_pipe_end_close:
 *
 * Disentangles the end; the messages in its queue are still to be delivered.
 */
void
web_pipe_end_close (WebPipeEnd *self)
{
  WebTaskSource  *wake;
  WebMessagePort *held;

  g_mutex_lock (&self->pipe->lock);
  wake = disentangle_locked (self, TRUE);
  held = end_hold_locked (self);
  g_mutex_unlock (&self->pipe->lock);

  wake_and_unref (wake);
  g_clear_object (&held);
}

/*
 * web_pipe_end_release:
 * @self: (transfer full): an end
 *
 * The holder drops the end: it is disentangled, and its messages are lost with all that was
 * transferred in them. May be called on any thread.
 */
void
web_pipe_end_release (WebPipeEnd *self)
{
  web_pipe_end_shut (self);
  web_pipe_end_unref (self);
}

/*
 * web_pipe_end_enable:
 * @port: the port that has the end
 *
 * Enables the port message queue.
 */
void
web_pipe_end_enable (WebPipeEnd *self, WebMessagePort *port)
{
  WebTaskSource *wake = NULL;
  gboolean       held = FALSE;

  g_object_ref (port);
  g_mutex_lock (&self->pipe->lock);
  if (self->port == port)
    {
      self->enabled = TRUE;
      held = begin_hold_locked (self);
      wake = mark_ready_locked (self);
    }
  g_mutex_unlock (&self->pipe->lock);

  wake_and_unref (wake);
  if (!held)
    g_object_unref (port);
}

/*
 * web_pipe_end_set_demand:
 *
 * Says whether the port wants messages although its queue may be disabled.
 */
void
web_pipe_end_set_demand (WebPipeEnd *self, gboolean demand)
{
  WebTaskSource *wake;

  g_mutex_lock (&self->pipe->lock);
  self->demand = demand;
  wake = mark_ready_locked (self);
  g_mutex_unlock (&self->pipe->lock);

  wake_and_unref (wake);
}

/*
 * web_pipe_lose:
 * @data: (transfer full): a message that nobody will receive
 *
 * Drops a message. The other sides of the ports in it are told.
 */
void
web_pipe_lose (WebSerializedData *data)
{
  gboolean was_losing = losing;

  losing = TRUE;
  web_serialized_data_unref (data);
  losing = was_losing;
}

/*
 * web_pipe_end_post:
 * @data: (transfer full): a message
 *
 * Sends a message to the other end. Where there is no other side any more it is dropped.
 */
void
web_pipe_end_post (WebPipeEnd *self, WebSerializedData *data)
{
  gboolean       has_ends = web_serialized_data_get_n_transferred (data) > 0;
  WebPipeEnd    *target = self->peer;
  WebTaskSource *wake = NULL;
  WebMessage    *message = NULL;

  if (has_ends)
    G_LOCK (in_flight);
  g_mutex_lock (&self->pipe->lock);

  if (!self->closed && !target->closed)
    {
      if (!has_ends || enter_container_locked (target, data))
        {
          message = g_new (WebMessage, 1);
          message->next = NULL;
          message->data = g_steal_pointer (&data);
          message->sequence = next_sequence_locked (target);
          web_message_list_push (&target->messages, message);
          wake = mark_ready_locked (target);
        }
      else
        {
          g_debug ("A message was posted to a port that it carries itself; the channel is lost");
        }
    }

  g_mutex_unlock (&self->pipe->lock);
  if (has_ends)
    G_UNLOCK (in_flight);

  wake_and_unref (wake);
  if (data != NULL)
    web_pipe_lose (data);
}

/*
 * web_pipe_end_take:
 * @data: (out) (transfer full): the message, for %WEB_PIPE_TASK_MESSAGE
 *
 * Takes the next task; its port calls this in its context. The context is told first if there is
 * another one, so that a main loop that the handler runs goes on with it.
 */
WebPipeTask
web_pipe_end_take (WebPipeEnd *self, WebSerializedData **data)
{
  WebPipeTask     task = WEB_PIPE_TASK_NONE;
  WebMessage     *message = NULL;
  WebTaskSource  *wake;
  WebMessagePort *held;

  g_mutex_lock (&self->pipe->lock);
  if (has_task_locked (self))
    {
      if ((message = web_message_list_pop (&self->messages)) != NULL)
        {
          task = WEB_PIPE_TASK_MESSAGE;
        }
      else
        {
          self->close_pending = FALSE;
          task = WEB_PIPE_TASK_CLOSE;
        }
    }
  wake = mark_ready_locked (self);
  held = end_hold_locked (self);
  g_mutex_unlock (&self->pipe->lock);

  wake_and_unref (wake);
  if (message != NULL)
    {
      leave_container (message->data);
      *data = message->data;
      g_free (message);
    }
  /* Not the last one: the caller runs a task of this port. */
  g_clear_object (&held);

  return task;
}

/*
 * web_pipe_end_is_over:
 *
 * Whether nothing can arrive any more: one side has closed, and all is delivered.
 */
gboolean
web_pipe_end_is_over (WebPipeEnd *self)
{
  gboolean over;

  g_mutex_lock (&self->pipe->lock);
  over =
    (self->closed || self->peer->closed) && self->messages.head == NULL && !self->close_pending;
  g_mutex_unlock (&self->pipe->lock);

  return over;
}
