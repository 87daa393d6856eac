/* web-endpoint-holder.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-endpoint-holder-private.h"

#include "loop/web-debug-private.h"

struct _WebEndpointHolder
{
  GObject         parent_instance;
  GType           owner_type;  /* of the object that has given the endpoint up */
  int             claimed;     /* atomic; TRUE if a message carries it */
  WebEndpoint    *endpoint;    /* owned, atomic; %NULL once a port has received it */
  WebEndpointSet *destination; /* owned, nullable: of the receiving port's window */
};

G_DEFINE_FINAL_TYPE (WebEndpointHolder, web_endpoint_holder, G_TYPE_OBJECT)

static void
web_endpoint_holder_finalize (GObject *object)
{
  WebEndpointHolder *self = WEB_ENDPOINT_HOLDER (object);
  WebEndpoint       *endpoint = web_endpoint_holder_steal (self);

  if (endpoint != NULL)
    {
      web_debug ("A port that was handed over or transferred was never received, which ends its "
                 "channel: the receiver calls web_message_port_take_over() for one that was handed "
                 "over");
      web_endpoint_release (endpoint, FALSE);
    }
  g_clear_pointer (&self->destination, web_endpoint_set_unref);

  G_OBJECT_CLASS (web_endpoint_holder_parent_class)->finalize (object);
}

static void
web_endpoint_holder_class_init (WebEndpointHolderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = web_endpoint_holder_finalize;
}

static void
web_endpoint_holder_init (WebEndpointHolder *self)
{
}

/*
 * web_endpoint_holder_new:
 * @endpoint: (transfer full): an endpoint that its port has given up
 * @owner_type: the type of that port
 */
WebEndpointHolder *
web_endpoint_holder_new (WebEndpoint *endpoint, GType owner_type)
{
  WebEndpointHolder *self = g_object_new (WEB_TYPE_ENDPOINT_HOLDER, NULL);

  self->endpoint = endpoint;
  self->owner_type = owner_type;

  return self;
}

/*
 * web_endpoint_holder_is_for:
 *
 * Returns %TRUE if an object of @type has given the endpoint up, and not one that wraps a port.
 */
gboolean
web_endpoint_holder_is_for (WebEndpointHolder *self, GType type)
{
  return self->owner_type == type;
}

/*
 * web_endpoint_holder_claim:
 *
 * Notes that a message carries the endpoint. Returns %FALSE if another message does.
 */
gboolean
web_endpoint_holder_claim (WebEndpointHolder *self)
{
  return g_atomic_int_compare_and_exchange (&self->claimed, FALSE, TRUE);
}

/*
 * web_endpoint_holder_peek:
 *
 * Returns: (nullable): the endpoint, if it was not received yet
 */
WebEndpoint *
web_endpoint_holder_peek (WebEndpointHolder *self)
{
  return g_atomic_pointer_get (&self->endpoint);
}

/*
 * web_endpoint_holder_steal:
 *
 * Returns: (transfer full) (nullable): the endpoint, for one caller only
 */
WebEndpoint *
web_endpoint_holder_steal (WebEndpointHolder *self)
{
  WebEndpoint *endpoint = g_atomic_pointer_get (&self->endpoint);

  if (endpoint != NULL &&
      !g_atomic_pointer_compare_and_exchange (&self->endpoint, endpoint, (WebEndpoint *)NULL))
    return NULL;

  return endpoint;
}

/*
 * web_endpoint_holder_set_destination:
 *
 * Sets which window the port will belong to, before the port receives the endpoint.
 */
void
web_endpoint_holder_set_destination (WebEndpointHolder *self, WebEndpointSet *set)
{
  g_clear_pointer (&self->destination, web_endpoint_set_unref);
  self->destination = set != NULL ? web_endpoint_set_ref (set) : NULL;
}

WebEndpointSet *
web_endpoint_holder_get_destination (WebEndpointHolder *self)
{
  return self->destination;
}
