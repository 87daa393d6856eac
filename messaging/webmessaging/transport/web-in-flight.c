/* web-in-flight.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Which endpoint lies in the queue of which while it travels. An endpoint in flight is a node of a
 * tree: its parent is the endpoint in whose queue its message waits, which may be in flight itself.
 *
 * A message that would enclose itself, directly or through the queues that its target lies in,
 * could never be received. web_in_flight_post() finds such a message before it is sent: HTML,
 * web-messaging.html#message-port-post-message-steps, step 3 and its "doomed". The standard names
 * only the direct case, and leaves the others to the garbage collector.
 */

#include "web-in-flight-private.h"

#include "loop/web-lock-private.h"

/* Protects the tree. Taken only for messages that carry ports, and before the lock of a queue. */
static GMutex in_flight;

/* The next node of the tree below @root, in depth first order. */
static WebEndpoint *
next_below_locked (WebEndpoint *root, WebEndpoint *node)
{
  if (node->contents != NULL)
    return node->contents;

  while (node != root && node->next == NULL)
    node = node->container;

  return node != root ? node->next : NULL;
}

/* Returns %TRUE if @endpoint encloses @target. Looks up from the one and down from the other in
 * turns, so that the smaller of the two parts says how long it takes. */
static gboolean
encloses_locked (WebEndpoint *endpoint, WebEndpoint *target)
{
  WebEndpoint *up = target;
  WebEndpoint *down = endpoint;

  while (up != NULL && down != NULL)
    {
      if (up == endpoint || down == target)
        return TRUE;

      up = up->container;
      down = next_below_locked (endpoint, down);
    }

  return FALSE;
}

static WebEndpoint *
peek_endpoint (GPtrArray *holders, guint index)
{
  return web_endpoint_holder_peek (g_ptr_array_index (holders, index));
}

static gboolean
is_enclosed_locked (WebEndpoint *target, GPtrArray *holders)
{
  guint i;

  for (i = 0; i < holders->len; i++)
    {
      WebEndpoint *endpoint = peek_endpoint (holders, i);

      if (endpoint != NULL && encloses_locked (endpoint, target))
        return TRUE;
    }

  return FALSE;
}

static void
insert_locked (WebEndpoint *container, WebEndpoint *endpoint)
{
  endpoint->container = web_endpoint_ref (container);
  endpoint->previous = NULL;
  endpoint->next = container->contents;
  if (endpoint->next != NULL)
    endpoint->next->previous = endpoint;
  container->contents = endpoint;
}

static void
remove_locked (WebEndpoint *endpoint)
{
  if (endpoint->container == NULL)
    return;

  if (endpoint->previous != NULL)
    endpoint->previous->next = endpoint->next;
  else
    endpoint->container->contents = endpoint->next;
  if (endpoint->next != NULL)
    endpoint->next->previous = endpoint->previous;
  endpoint->previous = endpoint->next = NULL;
  g_clear_pointer (&endpoint->container, web_endpoint_unref);
}

static void
leave_locked (GPtrArray *holders)
{
  guint i;

  for (i = 0; i < holders->len; i++)
    {
      WebEndpoint *endpoint = peek_endpoint (holders, i);

      if (endpoint != NULL)
        remove_locked (endpoint);
    }
}

/*
 * web_in_flight_post:
 *
 * @holders: of WebEndpointHolder: the ports that travel in @message
 *
 * Puts a message that carries ports into the queue of @target. Returns %FALSE, and queues nothing,
 * if the queue takes no message or the message would enclose itself.
 */
gboolean
web_in_flight_post (WebEndpoint *target, WebTask *message, GPtrArray *holders)
{
  gboolean posted = FALSE;
  guint    i;

  web_mutex_lock (&in_flight);
  if (is_enclosed_locked (target, holders))
    {
      g_debug ("A message was posted to a port that it carries itself; the channel is lost");
    }
  else
    {
      for (i = 0; i < holders->len; i++)
        {
          WebEndpoint *endpoint = peek_endpoint (holders, i);

          if (endpoint != NULL)
            insert_locked (target, endpoint);
        }
      posted = web_task_queue_post (&target->queue, message);
      if (!posted)
        leave_locked (holders);
    }
  web_mutex_unlock (&in_flight);

  return posted;
}

/*
 * web_in_flight_leave:
 *
 * Removes the endpoints in @holders from the queue that they lay in.
 */
void
web_in_flight_leave (GPtrArray *holders)
{
  web_mutex_lock (&in_flight);
  leave_locked (holders);
  web_mutex_unlock (&in_flight);
}
