/* web-local-endpoint.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Two endpoints in one process: a message that is posted at one goes straight into the queue of the
 * other.
 *
 * When one of them leaves the process, the other one gets a link to it. The queue of the one that
 * leaves takes no message any more, so that a post there goes to the link instead.
 */

#include "web-local-endpoint-private.h"

#include "loop/web-lock-private.h"
#include "web-in-flight-private.h"
#include "web-link-private.h"

typedef struct _WebLocalPair WebLocalPair;

typedef struct
{
  WebEndpoint   parent; /* must be first */
  WebLocalPair *pair;
} WebLocalEndpoint;

/* Both live until nobody needs either, because each posts to the other one's queue. */
struct _WebLocalPair
{
  int              ref_count; /* atomic */
  WebLocalEndpoint endpoints[2];

  GMutex   lock;     /* one of them leaves at a time */
  WebLink *links[2]; /* owned, nullable: prepared for the endpoints. Protected by @lock */
};

static WebLocalPair *
get_pair (WebEndpoint *endpoint)
{
  return ((WebLocalEndpoint *)endpoint)->pair;
}

static void
web_local_endpoint_ref (WebEndpoint *endpoint)
{
  g_atomic_int_inc (&get_pair (endpoint)->ref_count);
}

static void
web_local_endpoint_unref (WebEndpoint *endpoint)
{
  WebLocalPair *pair = get_pair (endpoint);
  guint         i;

  if (!g_atomic_int_dec_and_test (&pair->ref_count))
    return;

  for (i = 0; i < G_N_ELEMENTS (pair->endpoints); i++)
    {
      web_endpoint_clear (&pair->endpoints[i].parent);
      g_clear_pointer (&pair->links[i], web_link_unref);
    }
  g_mutex_clear (&pair->lock);
  g_free (pair);
}

static WebEndpoint *
web_local_endpoint_get_peer (WebEndpoint *endpoint)
{
  WebLocalPair *pair = get_pair (endpoint);

  return &pair->endpoints[endpoint == &pair->endpoints[0].parent ? 1 : 0].parent;
}

static gboolean
web_local_endpoint_post (WebEndpoint *endpoint, WebMessage *message, GError **error)
{
  WebEndpoint *peer = web_local_endpoint_get_peer (endpoint);
  WebLink     *link;
  gboolean     posted;

  posted = message->holders != NULL ? web_in_flight_post (peer, &message->task, message->holders)
                                    : web_task_queue_post (&peer->queue, &message->task);
  if (posted)
    return TRUE;

  link = web_endpoint_get_link (endpoint);
  if (link != NULL)
    return web_link_post (link, message, error);

  web_task_drop (&message->task, TRUE);

  return TRUE;
}

/* HTML, web-messaging.html#disentangle */
static void
web_local_endpoint_disentangle (WebEndpoint *endpoint, gboolean hold_peer)
{
  WebLink *link;

  web_task_queue_end (&web_local_endpoint_get_peer (endpoint)->queue, hold_peer);
  link = web_endpoint_get_link (endpoint);
  if (link != NULL)
    web_link_close (link);
}

static gboolean
prepare_locked (WebLocalPair *pair, const WebMessageFuncs *message_funcs, GError **error)
{
  return pair->links[0] != NULL ||
         web_link_new_pair (message_funcs, &pair->links[0], &pair->links[1], error);
}

static gboolean
web_local_endpoint_prepare_to_leave (WebEndpoint           *endpoint,
                                     const WebMessageFuncs *message_funcs,
                                     GError               **error)
{
  WebLocalPair *pair = get_pair (endpoint);
  gboolean      prepared;

  web_mutex_lock (&pair->lock);
  prepared =
    web_endpoint_get_link (endpoint) != NULL || prepare_locked (pair, message_funcs, error);
  web_mutex_unlock (&pair->lock);

  return prepared;
}

/* What the other side posts goes to this queue until it is closed, and to the link from then on. */
static void
web_local_endpoint_leave (WebEndpoint           *endpoint,
                          const WebMessageFuncs *message_funcs,
                          WebTaskList           *tasks)
{
  WebLocalPair *pair = get_pair (endpoint);
  WebEndpoint  *peer = web_local_endpoint_get_peer (endpoint);
  const guint   index = endpoint == &pair->endpoints[0].parent ? 0 : 1;
  gboolean      ended, left;

  web_mutex_lock (&pair->lock);
  /* The other side may have left a moment ago, on its thread. */
  left = web_endpoint_get_link (endpoint) == NULL && prepare_locked (pair, message_funcs, NULL);
  if (left)
    {
      web_endpoint_set_link (peer, g_steal_pointer (&pair->links[1 - index]), &web_link_funcs);
      web_endpoint_set_link (endpoint, g_steal_pointer (&pair->links[index]), &web_link_funcs);
    }
  web_task_queue_leave (&endpoint->queue, tasks, &ended);
  web_mutex_unlock (&pair->lock);

  if (web_endpoint_get_link (endpoint) == NULL)
    web_task_queue_end (&peer->queue, TRUE);
  else if (left && ended)
    web_link_close (web_endpoint_get_link (peer));
}

static const WebEndpointFuncs funcs = {
  .ref = web_local_endpoint_ref,
  .unref = web_local_endpoint_unref,
  .post = web_local_endpoint_post,
  .disentangle = web_local_endpoint_disentangle,
  .get_peer = web_local_endpoint_get_peer,
  .prepare_to_leave = web_local_endpoint_prepare_to_leave,
  .leave = web_local_endpoint_leave,
};

/*
 * web_local_endpoint_new_pair:
 * @endpoint1: (out) (transfer full): one side
 * @endpoint2: (out) (transfer full): the other one
 *
 * HTML, web-messaging.html#entangle
 */
void
web_local_endpoint_new_pair (WebEndpoint **endpoint1, WebEndpoint **endpoint2)
{
  WebLocalPair *pair = g_new0 (WebLocalPair, 1);
  guint         i;

  g_mutex_init (&pair->lock);
  pair->ref_count = G_N_ELEMENTS (pair->endpoints);
  for (i = 0; i < G_N_ELEMENTS (pair->endpoints); i++)
    {
      pair->endpoints[i].pair = pair;
      web_endpoint_init (&pair->endpoints[i].parent, &funcs);
    }

  *endpoint1 = &pair->endpoints[0].parent;
  *endpoint2 = &pair->endpoints[1].parent;
}
