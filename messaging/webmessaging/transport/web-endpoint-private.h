/* web-endpoint-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "loop/web-task-queue-private.h"

G_BEGIN_DECLS

typedef struct _WebEndpoint WebEndpoint;
typedef struct _WebLink     WebLink;
typedef struct _WebMessage  WebMessage;

typedef struct _WebMessageFuncs WebMessageFuncs;

/* The functions of a kind of endpoint. */
typedef struct
{
  void (*ref) (WebEndpoint *self);
  void (*unref) (WebEndpoint *self);

  /* Sends @message to the other side, or drops it if that is gone. Takes @message over, unless it
   * cannot be sent. */
  gboolean (*post) (WebEndpoint *self, WebMessage *message, GError **error);

  /* Tells the other side, once, that nothing will come any more. @hold_peer: see
   * web_task_queue_end(). May be called on any thread. */
  void (*disentangle) (WebEndpoint *self, gboolean hold_peer);

  /* Returns the other side, if that was made in this process. Nullable. */
  WebEndpoint *(*get_peer) (WebEndpoint *self);

  /* For an endpoint whose other side is in this process: gives both of them links, as this one
   * leaves the process. Nullable. prepare_to_leave() does what can fail; if leave() fails, the
   * endpoint has no link, and the other side is told that it is gone. Only for an endpoint that
   * nobody holds. */
  gboolean (*prepare_to_leave) (WebEndpoint *self, const WebMessageFuncs *funcs, GError **error);
  void (*leave) (WebEndpoint *self, const WebMessageFuncs *funcs, WebTaskList *tasks);
} WebEndpointFuncs;

/* How much may wait, in bytes and descriptors. The port has properties for them. */
typedef struct
{
  guint64 buffer;      /* posted, and not yet written */
  guint64 message;     /* of one message that arrives */
  guint   descriptors; /* the same */

  /* When another connection ends, this one is looked at first: it may have ended with the same
   * process, which its owner is to be told of before. */
  gboolean ends_first;
} WebLinkLimits;

extern const WebLinkLimits web_link_default_limits;

/* What an endpoint asks of the connection to another process. */
typedef struct
{
  void (*unref) (WebLink *self);
  /* The messages go to @endpoint from now on; %NULL once it is gone. */
  void (*set_endpoint) (WebLink *self, WebEndpoint *endpoint);
  /* The owner of the endpoint is another one now, or gone. */
  void (*sync) (WebLink *self);
  /* The owner wants messages. */
  void (*want) (WebLink *self);
  /* Takes what has arrived. */
  void (*gather) (WebLink *self);
  void (*set_limits) (WebLink *self, const WebLinkLimits *limits);
  /* Returns %TRUE if the kernel has a message to read. May be called on any thread. */
  gboolean (*has_unread) (WebLink *self);
} WebLinkFuncs;

/* What a port holds of a channel, and gives away in a transfer: one of two entangled sides. It owns
 * the queue of the messages that travel to it, the *port message queue* of the standard. */
struct _WebEndpoint
{
  WebTaskQueue            queue; /* must be first */
  const WebEndpointFuncs *funcs;

  WebLink            *link; /* owned, atomic; to the other side if that is in another process */
  const WebLinkFuncs *link_funcs; /* set before @link */
  WebLinkLimits       limits;     /* for @link, now or later; the lock of @queue protects them */

  /* The place of an endpoint that travels in a message; the lock of web-in-flight.c protects it. */
  WebEndpoint *container; /* owned; in whose queue the message waits */
  WebEndpoint *contents;  /* unowned; the first of those that lie in the queue of this one */
  WebEndpoint *previous;  /* unowned; beside it in the same container */
  WebEndpoint *next;
};

void web_endpoint_init (WebEndpoint *self, const WebEndpointFuncs *funcs);
void web_endpoint_clear (WebEndpoint *self);

WebEndpoint *web_endpoint_ref (WebEndpoint *self);
void         web_endpoint_unref (WebEndpoint *self);

void web_endpoint_attach (WebEndpoint                  *self,
                          GObject                      *owner,
                          const WebTaskQueueOwnerFuncs *funcs,
                          WebScheduler                 *scheduler);
void web_endpoint_detach (WebEndpoint *self);

void     web_endpoint_set_link (WebEndpoint *self, WebLink *link, const WebLinkFuncs *funcs);
WebLink *web_endpoint_get_link (WebEndpoint *self);
void     web_endpoint_set_limits (WebEndpoint *self, const WebLinkLimits *limits);
gboolean web_endpoint_prepare_to_leave (WebEndpoint           *self,
                                        const WebMessageFuncs *funcs,
                                        GError               **error);

gboolean web_endpoint_post (WebEndpoint *self, WebMessage *message, GError **error);
void     web_endpoint_close (WebEndpoint *self);
void     web_endpoint_discard (WebEndpoint *self, gboolean lost);
void     web_endpoint_release (WebEndpoint *self, gboolean lost);

WebEndpoint *web_endpoint_get_peer (WebEndpoint *self);

G_END_DECLS
