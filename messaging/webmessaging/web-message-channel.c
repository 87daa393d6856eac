/* web-message-channel.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-message-channel-private.h"

#include "loop/web-debug-private.h"
#include "transport/web-local-endpoint-private.h"
#include "web-message-port-private.h"
#include "web-window-private.h"

/**
 * WebMessageChannel:
 *
 * A new channel: two ports, each of which receives what is posted at the other.
 *
 * ```c
 * g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
 * WebMessagePort *port1 = web_message_channel_get_port1 (channel);
 * WebMessagePort *port2 = web_message_channel_get_port2 (channel);
 *
 * web_message_port_set_on_message (port1, on_message, NULL, NULL);
 * web_message_port_post_message (port2, g_variant_new_string ("Hello"), NULL, 0, NULL);
 * ```
 *
 * The channel only makes its ports. Drop the channel when somebody else holds them.
 *
 * Both ports belong to the thread-default main context of the thread that makes the channel.
 *
 * Guide: [Channels and ports](channels.html).
 *
 * See [Message channels](https://html.spec.whatwg.org/#message-channels).
 */

struct _WebMessageChannel
{
  GObject parent_instance;

  WebWindow      *window; /* owned, nullable; only while the object is constructed */
  WebMessagePort *port1;  /* owned, or a weak pointer: see web_message_channel_release_ports() */
  WebMessagePort *port2;  /* the same */
  gboolean        released;
};

G_DEFINE_FINAL_TYPE (WebMessageChannel, web_message_channel, G_TYPE_OBJECT)

enum
{
  PROP_PORT1 = 1,
  PROP_PORT2,
  PROP_WINDOW,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* HTML, web-messaging.html#dom-messagechannel */
static void
web_message_channel_constructed (GObject *object)
{
  WebMessageChannel *self = WEB_MESSAGE_CHANNEL (object);
  WebEndpointSet    *siblings = NULL;
  WebEndpoint       *endpoint1;
  WebEndpoint       *endpoint2;

  G_OBJECT_CLASS (web_message_channel_parent_class)->constructed (object);

  if (self->window != NULL)
    siblings = web_window_get_endpoints (self->window);
  web_local_endpoint_new_pair (&endpoint1, &endpoint2);
  self->port1 = web_message_port_new_for_endpoint (endpoint1, siblings);
  self->port2 = web_message_port_new_for_endpoint (endpoint2, siblings);
  g_clear_object (&self->window);
  web_debug ("WebMessagePort %p and WebMessagePort %p are the two ports of a channel",
             (void *)self->port1, (void *)self->port2);
}

static void
web_message_channel_dispose (GObject *object)
{
  WebMessageChannel *self = WEB_MESSAGE_CHANNEL (object);

  if (self->released)
    {
      g_clear_weak_pointer (&self->port1);
      g_clear_weak_pointer (&self->port2);
    }
  else
    {
      g_clear_object (&self->port1);
      g_clear_object (&self->port2);
    }

  G_OBJECT_CLASS (web_message_channel_parent_class)->dispose (object);
}

static void
web_message_channel_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WebMessageChannel *self = WEB_MESSAGE_CHANNEL (object);

  switch (prop_id)
    {
    case PROP_PORT1:
      g_value_set_object (value, self->port1);
      break;

    case PROP_PORT2:
      g_value_set_object (value, self->port2);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_message_channel_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  WebMessageChannel *self = WEB_MESSAGE_CHANNEL (object);

  switch (prop_id)
    {
    case PROP_WINDOW:
      self->window = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_message_channel_class_init (WebMessageChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = web_message_channel_constructed;
  object_class->dispose = web_message_channel_dispose;
  object_class->get_property = web_message_channel_get_property;
  object_class->set_property = web_message_channel_set_property;

  /**
   * WebMessageChannel:port1: (getter get_port1)
   *
   * The first port, always the same.
   */
  props[PROP_PORT1] = g_param_spec_object ("port1", NULL, NULL, WEB_TYPE_MESSAGE_PORT,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebMessageChannel:port2: (getter get_port2)
   *
   * The second port, always the same.
   */
  props[PROP_PORT2] = g_param_spec_object ("port2", NULL, NULL, WEB_TYPE_MESSAGE_PORT,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebMessageChannel:window:
   *
   * The window that the ports belong to, if any. The ports close when the window does.
   */
  props[PROP_WINDOW] =
    g_param_spec_object ("window", NULL, NULL, WEB_TYPE_WINDOW,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
web_message_channel_init (WebMessageChannel *self)
{
}

/**
 * web_message_channel_new:
 *
 * Makes a channel, whose two ports belong to the thread-default main context.
 *
 * See [MessageChannel()](https://html.spec.whatwg.org/#dom-messagechannel).
 *
 * Returns: (transfer full): a new channel
 */
WebMessageChannel *
web_message_channel_new (void)
{
  return g_object_new (WEB_TYPE_MESSAGE_CHANNEL, NULL);
}

/**
 * web_message_channel_new_for_window:
 * @window: a window of the same main context
 *
 * Makes a channel whose two ports belong to a window and close when the window does.
 *
 * Returns: (transfer full): a new channel
 */
WebMessageChannel *
web_message_channel_new_for_window (WebWindow *window)
{
  g_return_val_if_fail (WEB_IS_WINDOW (window), NULL);

  return g_object_new (WEB_TYPE_MESSAGE_CHANNEL, "window", window, NULL);
}

/**
 * web_message_channel_get_port1:
 * @self: a channel
 *
 * Gets the first port.
 *
 * See [port1](https://html.spec.whatwg.org/#dom-messagechannel-port1).
 *
 * Returns: (transfer none): the port, the same at each call
 */
WebMessagePort *
web_message_channel_get_port1 (WebMessageChannel *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_CHANNEL (self), NULL);

  return self->port1;
}

/**
 * web_message_channel_get_port2:
 * @self: a channel
 *
 * Gets the second port.
 *
 * See [port2](https://html.spec.whatwg.org/#dom-messagechannel-port2).
 *
 * Returns: (transfer none): the port, the same at each call
 */
WebMessagePort *
web_message_channel_get_port2 (WebMessageChannel *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_CHANNEL (self), NULL);

  return self->port2;
}

static void
release_port (WebMessagePort **port)
{
  g_autoptr (WebMessagePort) owned = *port;

  if (owned != NULL)
    g_object_add_weak_pointer (G_OBJECT (owned), (gpointer *)port);
}

/*
 * web_message_channel_release_ports:
 *
 * Gives the channel's references to the ports up. A binding calls this and keeps the ports itself,
 * because a garbage collector sees the references of wrappers and not those of the channel: a
 * handler of a port that refers to the channel would keep both alive.
 */
void
web_message_channel_release_ports (WebMessageChannel *self)
{
  if (self->released)
    return;

  self->released = TRUE;
  release_port (&self->port1);
  release_port (&self->port2);
}
