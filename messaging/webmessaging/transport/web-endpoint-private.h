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
typedef struct _WebMessage  WebMessage;

/* The functions of a kind of endpoint. */
typedef struct
{
  void (*ref) (WebEndpoint *self);
  void (*unref) (WebEndpoint *self);

  /* Sends @message to the other side, or drops it if that is gone. Takes @message over. */
  void (*post) (WebEndpoint *self, WebMessage *message);

  /* Tells the other side, once, that nothing will come any more. @hold_peer: see
   * web_task_queue_end(). May be called on any thread. */
  void (*disentangle) (WebEndpoint *self, gboolean hold_peer);
} WebEndpointFuncs;

/* What a port holds of a channel, and gives away in a transfer: one of two entangled sides. It owns
 * the queue of the messages that travel to it, the *port message queue* of the standard. */
struct _WebEndpoint
{
  WebTaskQueue            queue; /* must be first */
  const WebEndpointFuncs *funcs;

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

void web_endpoint_attach (WebEndpoint     *self,
                          GObject         *owner,
                          WebTaskQueueFunc run,
                          WebScheduler    *scheduler);
void web_endpoint_detach (WebEndpoint *self);

void web_endpoint_post (WebEndpoint *self, WebMessage *message);
void web_endpoint_close (WebEndpoint *self);
void web_endpoint_discard (WebEndpoint *self, gboolean lost);
void web_endpoint_release (WebEndpoint *self, gboolean lost);

G_END_DECLS
