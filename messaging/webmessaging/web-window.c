/* web-window.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loop/web-debug-private.h"
#include "transport/web-message-private.h"
#include "web-error.h"
#include "web-event-target-private.h"
#include "web-message-event-private.h"
#include "web-message-event-source.h"
#include "web-origin.h"
#include "web-realm-private.h"
#include "web-serialized-data-private.h"
#include "web-window-private.h"

/**
 * WebWindow:
 *
 * A message target with an origin, like a browser window. Anyone with a reference can post to it.
 *
 * In an application, a window stands for any part with an identity of its own: a plug-in, a view, a
 * document. The origin says who the window is. A sender names the origin that it means, and the
 * library drops the message if the window has another origin when the message arrives.
 *
 * ```c
 * web_window_post_message (plugin, shell, g_variant_new_string ("Hello"),
 *                          "https://plugin.example", NULL, 0, &error);
 * ```
 *
 * The receiver learns the origin and the window of the sender
 * ([property@WebMessaging.MessageEvent:origin], [property@WebMessaging.MessageEvent:source]), and
 * can answer. For a longer talk, post one port of a channel and go on through the other.
 *
 * A window belongs to the main context in which it was made. Messages may be posted to it from any
 * thread. The ports that a window has made or received close when the window does, and so do its
 * broadcast channels.
 *
 * See [Posting messages](https://html.spec.whatwg.org/#posting-messages).
 */

/* What is queued for a window. */
typedef struct
{
  WebMessage message;       /* must be first */
  WebOrigin *target_origin; /* owned; %NULL for any */
  WebWindow *source;        /* owned, nullable */
  char      *source_origin; /* owned */
} PostedMessage;

/* The posted message task source: HTML, web-messaging.html#posted-message-task-source. Counted
 * apart from the window, because another thread may post while the window is freed. */
typedef struct
{
  WebTaskQueue queue;     /* must be first */
  int          ref_count; /* atomic */
} PostedMessageQueue;

typedef struct
{
  WebOrigin          *origin;    /* owned */
  WebScheduler       *scheduler; /* owned; of the context that the window belongs to */
  PostedMessageQueue *messages;  /* owned */
  WebEndpointSet     *endpoints; /* owned; of the ports and channels that belong to the window */
  gboolean            closed;
} WebWindowPrivate;

G_DEFINE_TYPE_WITH_CODE (WebWindow,
                         web_window,
                         WEB_TYPE_EVENT_TARGET,
                         G_ADD_PRIVATE (WebWindow)
                           G_IMPLEMENT_INTERFACE (WEB_TYPE_MESSAGE_EVENT_SOURCE, NULL))

enum
{
  PROP_ORIGIN = 1,
  PROP_CLOSED,
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

static WebWindowPrivate *
get_private (WebWindow *self)
{
  return web_window_get_instance_private (self);
}

static void
posted_message_free (WebTask *task, gboolean lost)
{
  PostedMessage *self = (PostedMessage *)task;

  web_message_clear (&self->message, lost);
  g_clear_pointer (&self->target_origin, web_origin_unref);
  g_clear_object (&self->source);
  g_free (self->source_origin);
  g_free (self);
}

/* HTML, web-messaging.html#window-post-message-steps, step 8: the task. */
static void
web_window_deliver (WebWindow *self, PostedMessage *posted)
{
  WebWindowPrivate *priv = get_private (self);
  WebEventTarget   *target = WEB_EVENT_TARGET (self);
  WebReceiver receiver = { priv->scheduler, priv->endpoints, web_event_target_get_realm (target) };

  /* step 8.1 */
  if (posted->target_origin != NULL &&
      !web_origin_is_same_origin (posted->target_origin, priv->origin))
    {
      if (web_debug_enabled ())
        {
          g_autofree char *wanted = web_origin_serialize (posted->target_origin);
          g_autofree char *own = web_origin_serialize (priv->origin);

          g_debug ("A message for the origin %s is lost: WebWindow %p has the origin %s", wanted,
                   (void *)self, own);
        }
      return;
    }

  /* steps 8.2 to 8.7 */
  web_message_event_fire_received (posted->message.data, &receiver, posted->source_origin,
                                   (WebMessageEventSource *)posted->source, target,
                                   signals[MESSAGE], signals[MESSAGEERROR]);
}

static void
web_window_run_task (GObject *object)
{
  WebWindow  *self = WEB_WINDOW (object);
  WebMessage *message;

  if (web_message_take (&get_private (self)->messages->queue, &message) != WEB_TASK_QUEUE_TASK)
    return;

  web_window_deliver (self, (PostedMessage *)message);
  web_message_free (message);
}

static const WebTaskQueueOwnerFuncs owner_funcs = {
  .run = web_window_run_task,
  .find = web_event_target_find,
};

static void
messages_ref (WebTaskQueue *queue)
{
  g_atomic_int_inc (&((PostedMessageQueue *)queue)->ref_count);
}

static void
messages_unref (WebTaskQueue *queue)
{
  if (!g_atomic_int_dec_and_test (&((PostedMessageQueue *)queue)->ref_count))
    return;

  web_task_queue_clear (queue);
  g_free (queue);
}

static void
messages_context_gone (WebTaskQueue *queue)
{
  web_task_queue_shut (queue, FALSE);
}

static const WebTaskQueueFuncs messages_funcs = {
  .ref = messages_ref,
  .unref = messages_unref,
  .context_gone = messages_context_gone,
};

/* HTML, web-messaging.html#window-post-message-steps, step 8: queues the task. */
static void
web_window_real_queue_message (WebWindow         *self,
                               WebSerializedData *message,
                               WebOrigin         *target_origin,
                               WebWindow         *source,
                               WebOrigin         *source_origin)
{
  PostedMessage *posted = g_new0 (PostedMessage, 1);

  web_message_init (&posted->message, web_serialized_data_ref (message),
                    &web_serialized_data_message_funcs,
                    web_serialized_data_dup_endpoint_holders (message));
  posted->message.task.free = posted_message_free;
  posted->target_origin = target_origin != NULL ? web_origin_ref (target_origin) : NULL;
  posted->source = source != NULL ? g_object_ref (source) : NULL;
  posted->source_origin = web_origin_serialize (source_origin);

  if (!web_task_queue_post (&get_private (self)->messages->queue, &posted->message.task))
    {
      web_debug ("A message for WebWindow %p is lost: the window is closed", (void *)self);
      web_task_drop (&posted->message.task, TRUE);
    }
}

static void
web_window_dispose (GObject *object)
{
  WebWindowPrivate *priv = get_private (WEB_WINDOW (object));

  /* May run on any thread, while the window's context may be about to run a task of the window. */
  if (!web_task_queue_let_owner_go (&priv->messages->queue, object))
    return;

  web_task_queue_shut (&priv->messages->queue, FALSE);
  web_endpoint_set_close (priv->endpoints, FALSE);

  G_OBJECT_CLASS (web_window_parent_class)->dispose (object);
}

static void
web_window_finalize (GObject *object)
{
  WebWindowPrivate *priv = get_private (WEB_WINDOW (object));

  messages_unref (&priv->messages->queue);
  web_endpoint_set_unref (priv->endpoints);
  web_scheduler_unref (priv->scheduler);
  web_origin_unref (priv->origin);

  G_OBJECT_CLASS (web_window_parent_class)->finalize (object);
}

static void
web_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WebWindow *self = WEB_WINDOW (object);

  switch (prop_id)
    {
    case PROP_ORIGIN:
      g_value_set_boxed (value, web_window_get_origin (self));
      break;

    case PROP_CLOSED:
      g_value_set_boolean (value, web_window_get_closed (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WebWindow *self = WEB_WINDOW (object);

  switch (prop_id)
    {
    case PROP_ORIGIN:
      if (g_value_get_boxed (value) != NULL)
        web_window_set_origin (self, g_value_get_boxed (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_window_class_init (WebWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_window_dispose;
  object_class->finalize = web_window_finalize;
  object_class->get_property = web_window_get_property;
  object_class->set_property = web_window_set_property;

  klass->queue_message = web_window_real_queue_message;

  /**
   * WebWindow:origin: (getter get_origin) (setter set_origin)
   *
   * The origin of the window; a new opaque one if none is given.
   */
  props[PROP_ORIGIN] =
    g_param_spec_boxed ("origin", NULL, NULL, WEB_TYPE_ORIGIN,
                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * WebWindow:closed: (getter get_closed)
   *
   * %TRUE if the window was closed.
   */
  props[PROP_CLOSED] =
    g_param_spec_boolean ("closed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * WebWindow::message:
   * @self: the window
   * @event: the event with the message
   *
   * A message was posted to the window.
   *
   * See [message](https://html.spec.whatwg.org/#event-message).
   */
  signals[MESSAGE] = g_signal_new ("message", WEB_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);

  /**
   * WebWindow::messageerror:
   * @self: the window
   * @event: an event with no data
   *
   * A message that was posted to the window could not be deserialized. The objects that were
   * transferred with the message are lost.
   *
   * See [messageerror](https://html.spec.whatwg.org/#event-messageerror).
   */
  signals[MESSAGEERROR] = g_signal_new ("messageerror", WEB_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);
}

static void
web_window_init (WebWindow *self)
{
  WebWindowPrivate *priv = get_private (self);

  priv->origin = web_origin_new_opaque ();
  priv->scheduler = web_scheduler_ref_thread_default ();
  priv->endpoints = web_endpoint_set_new ();
  priv->messages = g_new0 (PostedMessageQueue, 1);
  priv->messages->ref_count = 1;
  web_task_queue_init (&priv->messages->queue, &messages_funcs);
  web_task_queue_attach (&priv->messages->queue, G_OBJECT (self), &owner_funcs, priv->scheduler);
  web_task_queue_enable (&priv->messages->queue, G_OBJECT (self));
}

/*
 * web_window_get_endpoints:
 *
 * Returns: (transfer none): the endpoints of the ports and channels that belong to the window
 */
WebEndpointSet *
web_window_get_endpoints (WebWindow *self)
{
  return get_private (self)->endpoints;
}

/**
 * web_window_new:
 * @url: (nullable): the URL of what the window shows, %NULL for an opaque origin
 * @error: return location for an error
 *
 * Makes a window in the thread-default main context, with the origin of a URL.
 *
 * Sets %WEB_MESSAGING_ERROR_SYNTAX if @url is not an absolute URL.
 *
 * Returns: (transfer full): a new window
 */
WebWindow *
web_window_new (const char *url, GError **error)
{
  g_autoptr (WebOrigin) origin = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  origin = url != NULL ? web_origin_new_for_url (url, error) : web_origin_new_opaque ();

  return origin != NULL ? web_window_new_for_origin (origin) : NULL;
}

/**
 * web_window_new_for_origin:
 * @origin: an origin
 *
 * Makes a window in the thread-default main context.
 *
 * Two windows with one origin object, even an opaque one, have the same origin.
 *
 * Returns: (transfer full): a new window
 */
WebWindow *
web_window_new_for_origin (WebOrigin *origin)
{
  g_return_val_if_fail (origin != NULL, NULL);

  return g_object_new (WEB_TYPE_WINDOW, "origin", origin, NULL);
}

/**
 * web_window_get_origin: (get-property origin)
 * @self: a window
 *
 * Gets the origin of the window.
 *
 * Must be called on the thread of the window.
 *
 * Returns: (transfer none): the origin
 */
WebOrigin *
web_window_get_origin (WebWindow *self)
{
  g_return_val_if_fail (WEB_IS_WINDOW (self), NULL);

  return get_private (self)->origin;
}

/**
 * web_window_set_origin: (set-property origin)
 * @self: a window
 * @origin: an origin
 *
 * Gives the window another origin, because it shows another document, for example. The library
 * drops messages for the old origin when their turn comes.
 *
 * Must be called on the thread of the window.
 */
void
web_window_set_origin (WebWindow *self, WebOrigin *origin)
{
  WebWindowPrivate *priv;

  g_return_if_fail (WEB_IS_WINDOW (self));
  g_return_if_fail (origin != NULL);

  priv = get_private (self);
  if (priv->origin == origin)
    return;

  web_origin_ref (origin);
  web_origin_unref (priv->origin);
  priv->origin = origin;
  web_realm_prepare (NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ORIGIN]);
}

/* HTML, web-messaging.html#window-post-message-steps, steps 3 to 5 */
static gboolean
parse_target_origin (const char *text, WebWindow *source, WebOrigin **origin, GError **error)
{
  *origin = NULL;

  if (text == NULL || g_str_equal (text, "/"))
    {
      if (source == NULL)
        {
          g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_SYNTAX,
                               "Invalid target origin: “/” needs a source window");
          return FALSE;
        }
      *origin = web_origin_ref (get_private (source)->origin);
    }
  else if (!g_str_equal (text, "*"))
    {
      *origin = web_origin_new_for_url (text, error);
    }

  return *origin != NULL || (text != NULL && g_str_equal (text, "*"));
}

static void
post (WebWindow *self, WebWindow *source, WebSerializedData *message, WebOrigin *target_origin)
{
  g_autoptr (WebOrigin) source_origin =
    source != NULL ? web_origin_ref (get_private (source)->origin) : web_origin_new_opaque ();

  web_realm_prepare (NULL);
  WEB_WINDOW_GET_CLASS (self)->queue_message (self, message, target_origin, source, source_origin);
}

/**
 * web_window_post_message:
 * @self: the window that the message is for
 * @source: (nullable): the sending window, %NULL for the program itself
 * @message: (nullable): the message. A floating reference is consumed, also when the call fails
 * @target_origin: (nullable): the origin that the message is for: a URL, whose path does not
 *   matter; `"/"`, or %NULL, for the origin of @source; `"*"` for any
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with the message
 * @n_transfer: how many there are in @transfer
 * @error: return location for an error
 *
 * Posts a message to a window.
 *
 * The message arrives as a [signal@WebMessaging.Window::message] of @self, with the origin of
 * @source. The message and the objects in @transfer are silently lost if @self is closed or does
 * not have the origin @target_origin when the turn of the message comes. For `h` values in @message
 * and for @transfer, see [method@WebMessaging.MessagePort.post_message].
 *
 * When the call fails, nothing was sent and nothing was transferred.
 *
 * Must be called on the thread of @source and of the objects in @transfer. @self may live on
 * another thread.
 *
 * Sets %WEB_MESSAGING_ERROR_SYNTAX if @target_origin is none of the above,
 * %WEB_MESSAGING_ERROR_INVALID_ARGUMENT if there is a %NULL in @transfer, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if an object cannot be transferred, a handle in @message is not
 * an index into @transfer, or @message is nested more than 128 deep or not in normal form.
 *
 * See [postMessage()](https://html.spec.whatwg.org/#dom-window-postmessage).
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_window_post_message (WebWindow              *self,
                         WebWindow              *source,
                         GVariant               *message,
                         const char             *target_origin,
                         WebTransferable *const *transfer,
                         gsize                   n_transfer,
                         GError                **error)
{
  g_autoptr (GVariant) value = NULL;
  g_autoptr (WebOrigin) origin = NULL;
  g_autoptr (WebSerializedData) data = NULL;

  g_return_val_if_fail (WEB_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (source == NULL || WEB_IS_WINDOW (source), FALSE);
  g_return_val_if_fail (transfer != NULL || n_transfer == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (message != NULL)
    value = g_variant_ref_sink (message);
  if (source != NULL)
    web_return_val_if_wrong_thread (get_private (source)->scheduler, FALSE);

  if (!parse_target_origin (target_origin, source, &origin, error))
    return FALSE;

  /* HTML, web-messaging.html#window-post-message-steps, steps 6 and 7 */
  data = web_serialized_data_new (value, transfer, n_transfer, NULL, 0, error);
  if (data == NULL)
    return FALSE;

  post (self, source, data, origin);

  return TRUE;
}

/**
 * web_window_post_serialized:
 * @self: the window that the message is for
 * @source: (nullable): the sending window, %NULL for the program itself
 * @message: a serialized message
 * @target_origin: (nullable): the origin that the message is for, as in
 *   [method@WebMessaging.Window.post_message]
 * @error: return location for an error
 *
 * Posts a message that was serialized before to a window.
 *
 * Must be called on the thread of @source. @self may live on another thread.
 *
 * Sets %WEB_MESSAGING_ERROR_SYNTAX if @target_origin is not valid, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if the message has transferred objects and was posted or
 * deserialized before.
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_window_post_serialized (WebWindow         *self,
                            WebWindow         *source,
                            WebSerializedData *message,
                            const char        *target_origin,
                            GError           **error)
{
  g_autoptr (WebOrigin) origin = NULL;
  g_autoptr (WebSerializedData) data = NULL;

  g_return_val_if_fail (WEB_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (source == NULL || WEB_IS_WINDOW (source), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  if (source != NULL)
    web_return_val_if_wrong_thread (get_private (source)->scheduler, FALSE);

  if (!parse_target_origin (target_origin, source, &origin, error))
    return FALSE;

  data = web_serialized_data_claim (message, error);
  if (data == NULL)
    return FALSE;

  post (self, source, data, origin);

  return TRUE;
}

/**
 * web_window_close:
 * @self: a window
 *
 * Closes the window for good, and its ports and broadcast channels. Messages that wait at them and
 * at the window are dropped.
 *
 * Must be called on the thread of the window.
 *
 * See [destroy a document](https://html.spec.whatwg.org/#destroy-a-document).
 */
void
web_window_close (WebWindow *self)
{
  WebWindowPrivate *priv;

  g_return_if_fail (WEB_IS_WINDOW (self));
  web_return_if_wrong_thread (get_private (self)->scheduler);

  priv = get_private (self);
  if (priv->closed)
    return;

  g_object_ref (self);
  priv->closed = TRUE;
  web_task_queue_discard (&priv->messages->queue, TRUE);
  web_endpoint_set_close (priv->endpoints, TRUE);
  web_realm_prepare (NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSED]);
  g_object_unref (self);
}

/**
 * web_window_get_closed: (get-property closed)
 * @self: a window
 *
 * Gets whether the window was closed.
 *
 * Must be called on the thread of the window.
 *
 * Returns: %TRUE if the window was closed
 */
gboolean
web_window_get_closed (WebWindow *self)
{
  g_return_val_if_fail (WEB_IS_WINDOW (self), TRUE);

  return get_private (self)->closed;
}
