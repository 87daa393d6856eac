/* web-local-endpoint.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Two endpoints in one process: a message that is posted at one goes straight into the queue of the
 * other. */

#include "web-local-endpoint-private.h"

#include "web-in-flight-private.h"
#include "web-message-private.h"

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
    web_endpoint_clear (&pair->endpoints[i].parent);
  g_free (pair);
}

static WebEndpoint *
web_local_endpoint_get_peer (WebEndpoint *endpoint)
{
  WebLocalPair *pair = get_pair (endpoint);

  return &pair->endpoints[endpoint == &pair->endpoints[0].parent ? 1 : 0].parent;
}

static void
web_local_endpoint_post (WebEndpoint *endpoint, WebMessage *message)
{
  WebEndpoint *peer = web_local_endpoint_get_peer (endpoint);
  gboolean     posted;

  posted = message->holders != NULL ? web_in_flight_post (peer, &message->task, message->holders)
                                    : web_task_queue_post (&peer->queue, &message->task);
  if (!posted)
    web_task_drop (&message->task, TRUE);
}

/* HTML, web-messaging.html#disentangle */
static void
web_local_endpoint_disentangle (WebEndpoint *endpoint, gboolean hold_peer)
{
  web_task_queue_end (&web_local_endpoint_get_peer (endpoint)->queue, hold_peer);
}

static const WebEndpointFuncs funcs = {
  .ref = web_local_endpoint_ref,
  .unref = web_local_endpoint_unref,
  .post = web_local_endpoint_post,
  .disentangle = web_local_endpoint_disentangle,
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

  pair->ref_count = G_N_ELEMENTS (pair->endpoints);
  for (i = 0; i < G_N_ELEMENTS (pair->endpoints); i++)
    {
      pair->endpoints[i].pair = pair;
      web_endpoint_init (&pair->endpoints[i].parent, &funcs);
    }

  *endpoint1 = &pair->endpoints[0].parent;
  *endpoint2 = &pair->endpoints[1].parent;
}
