/* web-broadcast-channel.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "transport/web-message-private.h"
#include "web-broadcast-channel.h"
#include "web-broadcast-private.h"
#include "web-error.h"
#include "web-event-target-private.h"
#include "web-message-event-private.h"
#include "web-message-event.h"
#include "web-origin.h"
#include "web-serialized-data-private.h"
#include "web-window-private.h"

/**
 * WebBroadcastChannel:
 *
 * A named channel. A message that is posted at it arrives at all other channels with the same name.
 *
 * Nobody needs to know who listens, and nothing has to be sent around first: whoever makes a
 * channel with the name takes part.
 *
 * ```c
 * g_autoptr (WebBroadcastChannel) settings = web_broadcast_channel_new ("settings");
 *
 * web_broadcast_channel_set_on_message (settings, on_settings_changed, self, NULL);
 * web_broadcast_channel_post_message (settings, g_variant_new_string ("theme"), NULL);
 * ```
 *
 * The channels may live in any threads of the process. Each gets the message in its own main
 * context. The channel that a message is posted at does not get it. Those of one main context get
 * it in the order in which they were made, and each gets the messages of one sender in the order of
 * the posts. Nothing is kept for a channel that is made later.
 *
 * Objects cannot be transferred, because there may be many receivers.
 *
 * ## Who hears whom
 *
 * Channels only hear each other if they have the same origin.
 * [ctor@WebMessaging.BroadcastChannel.new] makes a channel of the application itself, which has no
 * origin; these channels hear each other. Parts of a program that should not listen to the rest,
 * such as plug-ins, get an origin: [ctor@WebMessaging.BroadcastChannel.new_for_origin],
 * [ctor@WebMessaging.BroadcastChannel.new_for_window].
 *
 * ## The end of a channel
 *
 * [method@WebMessaging.BroadcastChannel.close] ends it at once: messages that wait are dropped.
 * Dropping the last reference does the same, and so does the end of the main context. A script that
 * listens to a channel keeps it alive until it is closed; a handler in C does not.
 *
 * A broadcast channel belongs to the thread that runs the main context in which it was made.
 *
 * Guide: [Many receivers](channels.html#many-receivers).
 *
 * See [Broadcasting to other browsing
 * contexts](https://html.spec.whatwg.org/#broadcasting-to-other-browsing-contexts).
 */

struct _WebBroadcastChannel
{
  WebEventTarget parent_instance;

  char           *name;      /* owned */
  WebOrigin      *origin;    /* owned; %NULL for the application itself */
  WebWindow      *window;    /* owned, nullable; only while the object is constructed */
  WebScheduler   *scheduler; /* owned; of the context that the channel belongs to */
  WebEndpoint    *endpoint;  /* owned; %NULL once the channel is disposed */
  WebEndpointSet *siblings;  /* owned, nullable; of the window that the channel belongs to */
  gboolean        closed;    /* HTML, web-messaging.html#concept-broadcastchannel-closed */
  gboolean        notified_closed;
};

G_DEFINE_FINAL_TYPE (WebBroadcastChannel, web_broadcast_channel, WEB_TYPE_EVENT_TARGET)

enum
{
  PROP_CLOSED = 1,
  PROP_NAME,
  PROP_ORIGIN,
  PROP_WINDOW,
  N_PROPS
};

enum
{
  MESSAGE,
  MESSAGEERROR,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

/* HTML, web-messaging.html#broadcastchannel: a channel that is open stays alive while a script
 * listens to it. It demands messages from its queue for that. */
static void
update_demand (WebBroadcastChannel *self)
{
  WebEventTarget *target = WEB_EVENT_TARGET (self);

  if (self->endpoint != NULL)
    web_task_queue_set_demand (&self->endpoint->queue, G_OBJECT (self),
                               !web_broadcast_channel_get_closed (self) &&
                                 web_event_target_get_realm (target) != NULL &&
                                 (web_event_target_has_listener (target, "message") ||
                                  web_event_target_has_listener (target, "messageerror")));
}

static void
web_broadcast_channel_listeners_changed (WebEventTarget *target)
{
  update_demand (WEB_BROADCAST_CHANNEL (target));
}

/* HTML, web-messaging.html#dom-broadcastchannel-postmessage, step 9: the task. */
static void
deliver_message (WebBroadcastChannel *self, WebSerializedData *data)
{
  WebEventTarget *target = WEB_EVENT_TARGET (self);
  WebReceiver  receiver = { self->scheduler, self->siblings, web_event_target_get_realm (target) };
  WebEndpoint *endpoint = web_endpoint_ref (self->endpoint);

  /* The sender has the same origin. A callback may dispose the channel. */
  web_message_event_fire_received (data, &receiver, web_broadcast_get_scope (endpoint), NULL,
                                   target, signals[MESSAGE], signals[MESSAGEERROR]);
  web_endpoint_unref (endpoint);
}

static void
notify_closed (WebBroadcastChannel *self)
{
  if (self->notified_closed || !web_broadcast_channel_get_closed (self))
    return;

  self->notified_closed = TRUE;
  web_realm_prepare (NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSED]);
}

static void
web_broadcast_channel_run_task (GObject *object)
{
  WebBroadcastChannel *self = WEB_BROADCAST_CHANNEL (object);
  WebMessage          *message;

  /* The window of the channel was closed. */
  if (self->endpoint != NULL && web_task_queue_take_kick (&self->endpoint->queue))
    notify_closed (self);
  if (self->endpoint == NULL)
    return;

  switch (web_message_take (&self->endpoint->queue, &message))
    {
    case WEB_TASK_QUEUE_TASK:
      deliver_message (self, message->data);
      web_message_free (message);
      break;

    case WEB_TASK_QUEUE_OVER:
      /* The window was closed. */
      update_demand (self);
      break;

    case WEB_TASK_QUEUE_END:
    case WEB_TASK_QUEUE_NOTHING:
    default:
      break;
    }
}

static const WebTaskQueueOwnerFuncs owner_funcs = {
  .run = web_broadcast_channel_run_task,
  .find = web_event_target_find,
};

static WebEndpoint *
give_endpoint_up (WebBroadcastChannel *self)
{
  WebEndpoint *endpoint = g_steal_pointer (&self->endpoint);

  if (endpoint != NULL && self->siblings != NULL)
    web_endpoint_set_remove (self->siblings, endpoint);

  return endpoint;
}

/* HTML, web-messaging.html#dom-broadcastchannel */
static void
web_broadcast_channel_constructed (GObject *object)
{
  WebBroadcastChannel *self = WEB_BROADCAST_CHANNEL (object);

  G_OBJECT_CLASS (web_broadcast_channel_parent_class)->constructed (object);

  if (self->name == NULL)
    self->name = g_strdup ("");
  if (self->window != NULL)
    {
      g_clear_pointer (&self->origin, web_origin_unref);
      self->origin = web_origin_ref (web_window_get_origin (self->window));
      self->siblings = web_endpoint_set_ref (web_window_get_endpoints (self->window));
    }
  g_clear_object (&self->window);

  self->endpoint = web_broadcast_join (self->origin, self->name);
  web_endpoint_attach (self->endpoint, object, &owner_funcs, self->scheduler);
  web_task_queue_enable (&self->endpoint->queue, object);
  if (self->siblings != NULL)
    web_endpoint_set_add (self->siblings, self->endpoint);
}

static void
web_broadcast_channel_dispose (GObject *object)
{
  WebBroadcastChannel *self = WEB_BROADCAST_CHANNEL (object);
  WebEndpoint         *endpoint;

  /* May run on any thread, while the channel's context may be about to run a task of the channel.
   */
  if (self->endpoint != NULL && !web_task_queue_let_owner_go (&self->endpoint->queue, object))
    return;

  endpoint = give_endpoint_up (self);
  if (endpoint != NULL)
    web_endpoint_release (endpoint, FALSE);

  G_OBJECT_CLASS (web_broadcast_channel_parent_class)->dispose (object);
}

static void
web_broadcast_channel_finalize (GObject *object)
{
  WebBroadcastChannel *self = WEB_BROADCAST_CHANNEL (object);

  g_clear_pointer (&self->siblings, web_endpoint_set_unref);
  g_clear_pointer (&self->scheduler, web_scheduler_unref);
  g_clear_pointer (&self->origin, web_origin_unref);
  g_free (self->name);

  G_OBJECT_CLASS (web_broadcast_channel_parent_class)->finalize (object);
}

static void
web_broadcast_channel_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  WebBroadcastChannel *self = WEB_BROADCAST_CHANNEL (object);

  switch (prop_id)
    {
    case PROP_CLOSED:
      g_value_set_boolean (value, web_broadcast_channel_get_closed (self));
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_ORIGIN:
      g_value_set_boxed (value, self->origin);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_broadcast_channel_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  WebBroadcastChannel *self = WEB_BROADCAST_CHANNEL (object);

  switch (prop_id)
    {
    case PROP_NAME:
      self->name = g_value_dup_string (value);
      break;

    case PROP_ORIGIN:
      self->origin = g_value_dup_boxed (value);
      break;

    case PROP_WINDOW:
      self->window = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_broadcast_channel_class_init (WebBroadcastChannelClass *klass)
{
  GObjectClass        *object_class = G_OBJECT_CLASS (klass);
  WebEventTargetClass *target_class = WEB_EVENT_TARGET_CLASS (klass);

  target_class->listeners_changed = web_broadcast_channel_listeners_changed;
  object_class->constructed = web_broadcast_channel_constructed;
  object_class->dispose = web_broadcast_channel_dispose;
  object_class->finalize = web_broadcast_channel_finalize;
  object_class->get_property = web_broadcast_channel_get_property;
  object_class->set_property = web_broadcast_channel_set_property;

  /**
   * WebBroadcastChannel:closed: (getter get_closed)
   *
   * %TRUE if the channel was closed, or its window was.
   */
  props[PROP_CLOSED] =
    g_param_spec_boolean ("closed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebBroadcastChannel:name: (getter get_name)
   *
   * The name of the channel.
   */
  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * WebBroadcastChannel:origin: (getter get_origin)
   *
   * The origin of the channel; %NULL for the application itself.
   */
  props[PROP_ORIGIN] =
    g_param_spec_boxed ("origin", NULL, NULL, WEB_TYPE_ORIGIN,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * WebBroadcastChannel:window:
   *
   * The window that the channel belongs to, if any. The channel has its origin, and closes when the
   * window does.
   */
  props[PROP_WINDOW] =
    g_param_spec_object ("window", NULL, NULL, WEB_TYPE_WINDOW,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * WebBroadcastChannel::message:
   * @self: the channel
   * @event: the event with the message
   *
   * A message has arrived. Emitted on the thread of the channel.
   *
   * The [property@WebMessaging.MessageEvent:origin] of the event is that of both channels, an empty
   * string for the application itself. It has no source and no ports.
   *
   * See [message](https://html.spec.whatwg.org/#event-message).
   */
  signals[MESSAGE] = g_signal_new ("message", WEB_TYPE_BROADCAST_CHANNEL, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);

  /**
   * WebBroadcastChannel::messageerror:
   * @self: the channel
   * @event: an event with no data
   *
   * A message that has arrived could not be deserialized.
   *
   * See [messageerror](https://html.spec.whatwg.org/#event-messageerror).
   */
  signals[MESSAGEERROR] =
    g_signal_new ("messageerror", WEB_TYPE_BROADCAST_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);
}

static void
web_broadcast_channel_init (WebBroadcastChannel *self)
{
  self->scheduler = web_scheduler_ref_thread_default ();
}

/**
 * web_broadcast_channel_new:
 * @name: the name of the channel, any string
 *
 * Makes a broadcast channel of the application itself in the thread-default main context.
 *
 * See [BroadcastChannel()](https://html.spec.whatwg.org/#dom-broadcastchannel).
 *
 * Returns: (transfer full): a new channel
 */
WebBroadcastChannel *
web_broadcast_channel_new (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (WEB_TYPE_BROADCAST_CHANNEL, "name", name, NULL);
}

/**
 * web_broadcast_channel_new_for_origin:
 * @name: the name of the channel, any string
 * @origin: an origin
 *
 * Makes a broadcast channel in the thread-default main context. Only channels with the same origin
 * hear it.
 *
 * Returns: (transfer full): a new channel
 */
WebBroadcastChannel *
web_broadcast_channel_new_for_origin (const char *name, WebOrigin *origin)
{
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (origin != NULL, NULL);

  return g_object_new (WEB_TYPE_BROADCAST_CHANNEL, "name", name, "origin", origin, NULL);
}

/**
 * web_broadcast_channel_new_for_window:
 * @name: the name of the channel, any string
 * @window: a window of the same main context
 *
 * Makes a broadcast channel that belongs to a window. It has the origin that the window has now.
 *
 * When the window is closed, so is the channel. Posts at it are silently ignored then, as they are
 * at one that is made afterwards.
 *
 * Returns: (transfer full): a new channel
 */
WebBroadcastChannel *
web_broadcast_channel_new_for_window (const char *name, WebWindow *window)
{
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (WEB_IS_WINDOW (window), NULL);

  return g_object_new (WEB_TYPE_BROADCAST_CHANNEL, "name", name, "window", window, NULL);
}

/**
 * web_broadcast_channel_get_name: (get-property name)
 * @self: a channel
 *
 * Gets the name of the channel.
 *
 * See [name](https://html.spec.whatwg.org/#dom-broadcastchannel-name).
 *
 * Returns: (transfer none): the name
 */
const char *
web_broadcast_channel_get_name (WebBroadcastChannel *self)
{
  g_return_val_if_fail (WEB_IS_BROADCAST_CHANNEL (self), NULL);

  return self->name;
}

/**
 * web_broadcast_channel_get_origin: (get-property origin)
 * @self: a channel
 *
 * Gets the origin of the channel.
 *
 * Returns: (transfer none) (nullable): the origin, %NULL for the application itself
 */
WebOrigin *
web_broadcast_channel_get_origin (WebBroadcastChannel *self)
{
  g_return_val_if_fail (WEB_IS_BROADCAST_CHANNEL (self), NULL);

  return self->origin;
}

/* HTML, web-messaging.html#eligible-for-messaging */
static gboolean
is_eligible_for_messaging (WebBroadcastChannel *self)
{
  if (web_scheduler_is_halted (self->scheduler))
    return FALSE;

  return self->siblings == NULL || !web_endpoint_set_is_closed (self->siblings);
}

static gboolean
fail_if_closed (WebBroadcastChannel *self, GError **error)
{
  if (!self->closed && self->endpoint != NULL)
    return FALSE;

  g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE,
                       "The broadcast channel is closed");

  return TRUE;
}

/**
 * web_broadcast_channel_post_message:
 * @self: a channel
 * @message: (nullable): the message. A floating reference is consumed, also when the call fails
 * @error: return location for an error
 *
 * Posts a message to all other channels with this name and origin.
 *
 * If there are none, nothing happens. A channel that was closed with its window ignores the post,
 * and so does one of a worker that has closed. When the call fails, nobody gets the message.
 *
 * Must be called on the thread of the channel.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE if the channel was closed, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if @message has handles, is nested more than 128 deep or is not
 * in normal form. Sets %WEB_MESSAGING_ERROR_QUOTA_EXCEEDED if 256 MiB wait to be sent to other
 * processes, which happens to a program that posts without end and never waits.
 *
 * See [postMessage()](https://html.spec.whatwg.org/#dom-broadcastchannel-postmessage).
 *
 * Returns: %TRUE unless there was an error
 */
gboolean
web_broadcast_channel_post_message (WebBroadcastChannel *self, GVariant *message, GError **error)
{
  g_autoptr (GVariant) value = NULL;
  g_autoptr (WebSerializedData) data = NULL;

  g_return_val_if_fail (WEB_IS_BROADCAST_CHANNEL (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (message != NULL)
    value = g_variant_ref_sink (message);
  web_return_val_if_posted_on_wrong_thread (self->scheduler, FALSE);

  /* HTML, web-messaging.html#dom-broadcastchannel-postmessage, steps 1 and 2 */
  if (!is_eligible_for_messaging (self))
    return TRUE;
  if (fail_if_closed (self, error))
    return FALSE;

  /* step 3 */
  data = web_serialized_data_new (value, NULL, 0, NULL, 0, error);
  if (data == NULL)
    return FALSE;

  return web_broadcast_post (self->endpoint, data, error);
}

/**
 * web_broadcast_channel_post_serialized:
 * @self: a channel
 * @message: a serialized message
 * @error: return location for an error
 *
 * Posts a message that was serialized before to all other channels with this name and origin.
 *
 * Must be called on the thread of the channel.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE if the channel was closed, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if the message has transferred objects. Sets
 * %WEB_MESSAGING_ERROR_QUOTA_EXCEEDED as [method@WebMessaging.BroadcastChannel.post_message] does.
 *
 * Returns: %TRUE unless there was an error
 */
gboolean
web_broadcast_channel_post_serialized (WebBroadcastChannel *self,
                                       WebSerializedData   *message,
                                       GError             **error)
{
  g_return_val_if_fail (WEB_IS_BROADCAST_CHANNEL (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  web_return_val_if_posted_on_wrong_thread (self->scheduler, FALSE);

  if (!is_eligible_for_messaging (self))
    return TRUE;
  if (fail_if_closed (self, error))
    return FALSE;

  if (message->n_transferred > 0)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "Message could not be broadcast: it has transferred objects");
      return FALSE;
    }

  return web_broadcast_post (self->endpoint, message, error);
}

/**
 * web_broadcast_channel_close:
 * @self: a channel
 *
 * Closes the channel. Messages that wait at it are dropped; those that were posted at it arrive.
 *
 * Must be called on the thread of the channel.
 *
 * See [close()](https://html.spec.whatwg.org/#dom-broadcastchannel-close).
 */
void
web_broadcast_channel_close (WebBroadcastChannel *self)
{
  g_return_if_fail (WEB_IS_BROADCAST_CHANNEL (self));
  web_return_if_wrong_thread (self->scheduler);

  if (self->closed)
    return;

  g_object_ref (self);
  self->closed = TRUE;
  if (self->endpoint != NULL)
    {
      if (self->siblings != NULL)
        web_endpoint_set_remove (self->siblings, self->endpoint);
      web_endpoint_discard (self->endpoint, TRUE);
      update_demand (self);
    }
  notify_closed (self);
  g_object_unref (self);
}

/**
 * web_broadcast_channel_get_closed: (get-property closed)
 * @self: a channel
 *
 * Gets whether the channel was closed, or its window was.
 *
 * Must be called on the thread of the channel.
 *
 * Returns: %TRUE if the channel is closed
 */
gboolean
web_broadcast_channel_get_closed (WebBroadcastChannel *self)
{
  g_return_val_if_fail (WEB_IS_BROADCAST_CHANNEL (self), TRUE);

  return self->closed || self->endpoint == NULL ||
         web_task_queue_is_closed (&self->endpoint->queue);
}

/**
 * web_broadcast_channel_set_on_message:
 * @self: a channel
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): the function that
 *   handles messages, %NULL for none
 * @user_data: data for @handler
 * @destroy: (nullable): called with @user_data when @handler is no longer needed
 *
 * Sets the function that handles messages.
 *
 * A channel has at most one such function; a new one replaces the old one. This is the fastest way
 * to receive messages in C.
 *
 * Must be called on the thread of the channel.
 *
 * See [onmessage](https://html.spec.whatwg.org/#handler-broadcastchannel-onmessage).
 */
void
web_broadcast_channel_set_on_message (WebBroadcastChannel *self,
                                      WebBroadcastHandler  handler,
                                      gpointer             user_data,
                                      GDestroyNotify       destroy)
{
  g_return_if_fail (WEB_IS_BROADCAST_CHANNEL (self));
  web_return_if_wrong_thread (self->scheduler);

  /* The handler that goes may have had the last reference. */
  g_object_ref (self);
  web_message_event_set_handler (WEB_EVENT_TARGET (self), (WebMessageEventHandler)handler,
                                 user_data, destroy);
  g_object_unref (self);
}
