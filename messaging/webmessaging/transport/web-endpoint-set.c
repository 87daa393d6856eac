/* web-endpoint-set.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The endpoints of the ports and broadcast channels that belong to a window, and close with it. A
 * window may be closed or dropped on any thread, so it knows endpoints, which may be discarded
 * there, and not ports. */

#include "web-endpoint-set-private.h"

#include "loop/web-lock-private.h"

/* Reference-counted (g_atomic_rc_box), because the window and its ports share it. */
struct _WebEndpointSet
{
  GMutex      lock;
  GHashTable *endpoints; /* of WebEndpoint, owned; %NULL once it is closed. Protected by @lock */
};

WebEndpointSet *
web_endpoint_set_new (void)
{
  WebEndpointSet *self = g_atomic_rc_box_new0 (WebEndpointSet);

  g_mutex_init (&self->lock);
  self->endpoints = g_hash_table_new (NULL, NULL);

  return self;
}

WebEndpointSet *
web_endpoint_set_ref (WebEndpointSet *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
web_endpoint_set_clear (WebEndpointSet *self)
{
  g_assert (self->endpoints == NULL || g_hash_table_size (self->endpoints) == 0);
  g_clear_pointer (&self->endpoints, g_hash_table_unref);
  g_mutex_clear (&self->lock);
}

void
web_endpoint_set_unref (WebEndpointSet *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)web_endpoint_set_clear);
}

/*
 * web_endpoint_set_add:
 *
 * Adds the endpoint of a port of the window; discards the endpoint at once if the window is closed.
 */
void
web_endpoint_set_add (WebEndpointSet *self, WebEndpoint *endpoint)
{
  gboolean open;

  web_mutex_lock (&self->lock);
  open = self->endpoints != NULL;
  if (open)
    g_hash_table_add (self->endpoints, web_endpoint_ref (endpoint));
  web_mutex_unlock (&self->lock);

  if (!open)
    web_endpoint_discard (endpoint, TRUE);
}

void
web_endpoint_set_remove (WebEndpointSet *self, WebEndpoint *endpoint)
{
  gboolean removed;

  web_mutex_lock (&self->lock);
  removed = self->endpoints != NULL && g_hash_table_steal (self->endpoints, endpoint);
  web_mutex_unlock (&self->lock);

  if (removed)
    web_endpoint_unref (endpoint);
}

/*
 * web_endpoint_set_close:
 * @lost: see web_task_list_drop()
 *
 * Discards all endpoints, and calls their owners back, who tell that they are closed. May be called
 * on any thread.
 */
void
web_endpoint_set_close (WebEndpointSet *self, gboolean lost)
{
  GHashTable    *endpoints;
  GHashTableIter iter;
  gpointer       endpoint;

  web_mutex_lock (&self->lock);
  endpoints = g_steal_pointer (&self->endpoints);
  web_mutex_unlock (&self->lock);

  if (endpoints == NULL)
    return;

  g_hash_table_iter_init (&iter, endpoints);
  while (g_hash_table_iter_next (&iter, &endpoint, NULL))
    {
      web_endpoint_discard (endpoint, lost);
      web_task_queue_kick (&((WebEndpoint *)endpoint)->queue);
      web_endpoint_unref (endpoint);
    }
  g_hash_table_unref (endpoints);
}

gboolean
web_endpoint_set_is_closed (WebEndpointSet *self)
{
  gboolean closed;

  web_mutex_lock (&self->lock);
  closed = self->endpoints == NULL;
  web_mutex_unlock (&self->lock);

  return closed;
}
