/* web-endpoint.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* One side of a channel, whatever is between the two sides.
 *
 * Exactly one holder has an endpoint at any time: a port, or, while a port is being transferred,
 * the data holder that travels in a message (#WebEndpointHolder). A transfer hands the endpoint
 * over, with the messages in its queue, and moves none of them.
 */

#include "web-endpoint-private.h"

#include "loop/web-debug-private.h"
#include "loop/web-lock-private.h"

const WebLinkLimits web_link_default_limits = {
  .buffer = 256 * 1024 * 1024,
  .message = 1024 * 1024 * 1024,
  .descriptors = 4096,
};

static void
web_endpoint_queue_ref (WebTaskQueue *queue)
{
  web_endpoint_ref ((WebEndpoint *)queue);
}

static void
web_endpoint_queue_unref (WebTaskQueue *queue)
{
  web_endpoint_unref ((WebEndpoint *)queue);
}

/* HTML, web-messaging.html#disentangle, when the relevant global object is destroyed */
static void
web_endpoint_queue_context_gone (WebTaskQueue *queue)
{
  WebEndpoint *self = (WebEndpoint *)queue;

  if (web_debug_enabled ())
    {
      WebScheduledInfo info;

      web_task_queue_inspect (queue, &info);
      if (info.n_tasks > 0)
        g_debug ("The main context of %s %p is gone, which ends the channel; %u message%s lost",
                 info.type, info.owner, info.n_tasks, info.n_tasks == 1 ? " is" : "s are");
      else
        g_debug ("The main context of %s %p is gone, which ends the channel", info.type,
                 info.owner);
    }
  self->funcs->disentangle (self, FALSE);
  web_task_queue_shut (queue, FALSE);
}

static void
web_endpoint_queue_wanted (WebTaskQueue *queue)
{
  WebEndpoint *self = (WebEndpoint *)queue;
  WebLink     *link = web_endpoint_get_link (self);

  if (link != NULL)
    self->link_funcs->want (link);
}

static gboolean
web_endpoint_queue_has_unread (WebTaskQueue *queue)
{
  WebEndpoint *self = (WebEndpoint *)queue;
  WebLink     *link = web_endpoint_get_link (self);

  return link != NULL && self->link_funcs->has_unread (link);
}

static const WebTaskQueueFuncs queue_funcs = {
  .ref = web_endpoint_queue_ref,
  .unref = web_endpoint_queue_unref,
  .context_gone = web_endpoint_queue_context_gone,
  .wanted = web_endpoint_queue_wanted,
  .has_unread = web_endpoint_queue_has_unread,
};

/*
 * web_endpoint_init:
 *
 * Initializes the endpoint that is embedded in one of some kind.
 */
void
web_endpoint_init (WebEndpoint *self, const WebEndpointFuncs *funcs)
{
  web_task_queue_init (&self->queue, &queue_funcs);
  self->funcs = funcs;
  self->limits = web_link_default_limits;
}

void
web_endpoint_clear (WebEndpoint *self)
{
  if (self->link != NULL)
    {
      self->link_funcs->set_endpoint (self->link, NULL);
      self->link_funcs->unref (self->link);
    }
  web_task_queue_clear (&self->queue);
}

WebEndpoint *
web_endpoint_ref (WebEndpoint *self)
{
  self->funcs->ref (self);

  return self;
}

void
web_endpoint_unref (WebEndpoint *self)
{
  self->funcs->unref (self);
}

/*
 * web_endpoint_attach:
 * @owner: the object that receives the messages
 * @funcs: its functions, for the queue
 * @scheduler: the scheduler of that context
 *
 * Gives an endpoint that nobody holds to an owner. Its queue is disabled.
 */
void
web_endpoint_attach (WebEndpoint                  *self,
                     GObject                      *owner,
                     const WebTaskQueueOwnerFuncs *funcs,
                     WebScheduler                 *scheduler)
{
  if (!web_task_queue_attach (&self->queue, owner, funcs, scheduler))
    web_endpoint_discard (self, FALSE);
  else if (web_endpoint_get_link (self) != NULL)
    self->link_funcs->sync (self->link);
}

/*
 * web_endpoint_detach:
 *
 * The owner gives the endpoint up, for a transfer. Undelivered messages stay in its queue.
 */
void
web_endpoint_detach (WebEndpoint *self)
{
  WebLink *link;

  web_task_queue_detach (&self->queue);
  link = web_endpoint_get_link (self);
  if (link != NULL)
    self->link_funcs->sync (link);
}

/* Passes the limits on to the link. The other side may leave the process, on its thread, while the
 * owner sets them here: whoever comes second sees both. */
static void
apply_limits (WebEndpoint *self, const WebLinkLimits *limits)
{
  WebLinkLimits copy;
  WebLink      *link;

  web_mutex_lock (&self->queue.lock);
  if (limits != NULL)
    self->limits = *limits;
  copy = self->limits;
  web_mutex_unlock (&self->queue.lock);

  link = web_endpoint_get_link (self);
  if (link != NULL)
    self->link_funcs->set_limits (link, &copy);
}

/*
 * web_endpoint_set_link:
 * @link: (transfer full): the connection to the other side, which the endpoint has from now on
 */
void
web_endpoint_set_link (WebEndpoint *self, WebLink *link, const WebLinkFuncs *funcs)
{
  funcs->set_endpoint (link, self);
  self->link_funcs = funcs;
  g_atomic_pointer_set (&self->link, link);
  apply_limits (self, NULL);
  funcs->sync (link);
}

/*
 * web_endpoint_set_limits:
 *
 * Sets the limits of the connection to another process, which there may be now or later.
 */
void
web_endpoint_set_limits (WebEndpoint *self, const WebLinkLimits *limits)
{
  apply_limits (self, limits);
}

/*
 * web_endpoint_get_link:
 *
 * Returns: (transfer none) (nullable): the connection to the other side, %NULL if that is in this
 *   process
 */
WebLink *
web_endpoint_get_link (WebEndpoint *self)
{
  return g_atomic_pointer_get (&self->link);
}

/*
 * web_endpoint_prepare_to_leave:
 *
 * Does what can fail before an endpoint leaves the process.
 */
gboolean
web_endpoint_prepare_to_leave (WebEndpoint *self, const WebMessageFuncs *funcs, GError **error)
{
  return web_endpoint_get_link (self) != NULL || self->funcs->prepare_to_leave == NULL ||
         self->funcs->prepare_to_leave (self, funcs, error);
}

/*
 * web_endpoint_post:
 * @message: (transfer full): a message
 *
 * Sends a message to the other side; drops the message if the other side is gone. If it cannot be
 * sent, the caller keeps it.
 */
gboolean
web_endpoint_post (WebEndpoint *self, WebMessage *message, GError **error)
{
  return self->funcs->post (self, message, error);
}

/*
 * web_endpoint_get_peer:
 *
 * Returns: (transfer none) (nullable): the other side, if that was made in this process; it lives
 *   as long as this one
 */
WebEndpoint *
web_endpoint_get_peer (WebEndpoint *self)
{
  return self->funcs->get_peer != NULL ? self->funcs->get_peer (self) : NULL;
}

/*
 * web_endpoint_close:
 *
 * Disentangles the endpoint; the messages in its queue are still to be delivered.
 */
void
web_endpoint_close (WebEndpoint *self)
{
  WebLink *link = web_endpoint_get_link (self);

  /* What the other side has written has arrived. */
  if (link != NULL)
    self->link_funcs->gather (link);
  web_task_queue_close (&self->queue);
  self->funcs->disentangle (self, TRUE);
}

/*
 * web_endpoint_discard:
 * @lost: see web_task_list_drop()
 *
 * Disentangles the endpoint and drops its messages, on behalf of the owner, who stays. May be
 * called on any thread.
 */
void
web_endpoint_discard (WebEndpoint *self, gboolean lost)
{
  web_task_queue_discard (&self->queue, lost);
  self->funcs->disentangle (self, lost);
}

/*
 * web_endpoint_release:
 * @self: (transfer full): an endpoint
 * @lost: see web_task_list_drop()
 *
 * The holder drops the endpoint: it is disentangled, and its messages are dropped with all that was
 * transferred in them. May be called on any thread.
 */
void
web_endpoint_release (WebEndpoint *self, gboolean lost)
{
  self->funcs->disentangle (self, lost);
  web_task_queue_shut (&self->queue, lost);
  web_endpoint_unref (self);
}
