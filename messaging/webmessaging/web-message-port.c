/* web-message-port.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error.h"
#include "web-event-target-private.h"
#include "web-message-event-private.h"
#include "web-message-event-source.h"
#include "web-message-port-private.h"
#include "web-serialized-data-private.h"
#include "web-transferable.h"
#include "web-window-private.h"

/**
 * WebMessagePort:
 *
 * One of the two ports of a channel. What is posted at one arrives at the other.
 *
 * A port belongs to the thread that runs the main context in which it was made or received. The
 * other port may live in the same thread or in another one, and neither has to know. To give a
 * port to another thread, *transfer* it: post it through a port whose other side lives there. The
 * messages that wait at the port go with it, and the order of messages is kept.
 *
 * ## Receiving messages
 *
 * A new port keeps its messages until it is started, so that none is lost before somebody listens.
 *
 * ```c
 * static void
 * on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
 * {
 *   GVariant *data = web_message_event_get_data (event);
 *   …
 * }
 *
 * web_message_port_set_on_message (port, on_message, NULL, NULL);
 * ```
 *
 * [method@WebMessaging.MessagePort.set_on_message] starts the port. With the
 * [signal@WebMessaging.MessagePort::message] signal, call [method@WebMessaging.MessagePort.start]
 * when all handlers are connected. [method@WebMessaging.MessagePort.receive_async] takes one
 * message at a time, and needs no start.
 *
 * ## The end of a channel
 *
 * [method@WebMessaging.MessagePort.close] ends the channel for both ports. The other port gets
 * [signal@WebMessaging.MessagePort::close] after the messages that were posted before. The same
 * happens when the last reference on a port is dropped, or when its main context is gone.
 *
 * A port that was started stays alive for as long as the other side can still send, even if
 * nobody refers to it: it has a handler to run. Close it when it is no longer needed. A port that
 * was never started is held by nobody but its user.
 *
 * See [Message ports](https://html.spec.whatwg.org/#message-ports).
 */

struct _WebMessagePort
{
  WebEventTarget parent_instance;

  WebTaskSource *task_source; /* owned; of the context that the port belongs to */
  WebPipeEnd    *end;         /* owned; %NULL once it is given up by a transfer */
  GWeakRef       window;      /* the window that the port belongs to, if @has_window */
  GQueue         receivers;   /* of GTask: the calls of receive_async() that wait, oldest first */
  gboolean       started;     /* the port message queue is enabled */
  gboolean       closed;      /* close() was called */
  gboolean       has_window;
};

static void web_message_port_transferable_iface_init (WebTransferableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WebMessagePort,
                               web_message_port,
                               WEB_TYPE_EVENT_TARGET,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_MESSAGE_EVENT_SOURCE, NULL)
                                 G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                        web_message_port_transferable_iface_init))

enum
{
  MESSAGE,
  MESSAGEERROR,
  CLOSE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What travels in place of a port: HTML, structured-data.html#data-holder. */
#define WEB_TYPE_MESSAGE_PORT_DATA_HOLDER (web_message_port_data_holder_get_type ())
G_DECLARE_FINAL_TYPE (WebMessagePortDataHolder,
                      web_message_port_data_holder,
                      WEB,
                      MESSAGE_PORT_DATA_HOLDER,
                      GObject)

struct _WebMessagePortDataHolder
{
  GObject     parent_instance;
  WebPipeEnd *end; /* owned; %NULL once a port has received it */
};

G_DEFINE_FINAL_TYPE (WebMessagePortDataHolder, web_message_port_data_holder, G_TYPE_OBJECT)

static void
web_message_port_data_holder_finalize (GObject *object)
{
  g_clear_pointer (&WEB_MESSAGE_PORT_DATA_HOLDER (object)->end, web_pipe_end_release);

  G_OBJECT_CLASS (web_message_port_data_holder_parent_class)->finalize (object);
}

static void
web_message_port_data_holder_class_init (WebMessagePortDataHolderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = web_message_port_data_holder_finalize;
}

static void
web_message_port_data_holder_init (WebMessagePortDataHolder *self)
{
}

/*
 * web_message_port_data_holder_peek_end:
 *
 * The end that travels in @data_holder, %NULL if it is the data holder of another class.
 */
WebPipeEnd *
web_message_port_data_holder_peek_end (GObject *data_holder)
{
  return WEB_IS_MESSAGE_PORT_DATA_HOLDER (data_holder)
           ? WEB_MESSAGE_PORT_DATA_HOLDER (data_holder)->end
           : NULL;
}

static WebWindow *
dup_window (WebMessagePort *self)
{
  return self->has_window ? g_weak_ref_get (&self->window) : NULL;
}

static void
web_message_port_join_window (WebMessagePort *self)
{
  g_autoptr (WebWindow) window = dup_window (self);

  if (window != NULL)
    web_window_add_port (window, self);
}

static void
web_message_port_leave_window (WebMessagePort *self)
{
  g_autoptr (WebWindow) window = dup_window (self);

  if (window != NULL)
    web_window_remove_port (window, self);
}

/* Takes a waiting call of receive_async() off the list, with the reference of the list. */
static GTask *
take_receiver (WebMessagePort *self, GTask *receiver)
{
  GSource *cancelled = g_task_get_task_data (receiver);

  g_queue_remove (&self->receivers, receiver);
  if (cancelled != NULL)
    g_source_destroy (cancelled);
  if (self->receivers.length == 0 && self->end != NULL)
    web_pipe_end_set_demand (self->end, FALSE);

  return receiver;
}

static GTask *
take_next_receiver (WebMessagePort *self)
{
  GTask *receiver = g_queue_peek_head (&self->receivers);

  return receiver != NULL ? take_receiver (self, receiver) : NULL;
}

static void
return_closed_error (GTask *receiver)
{
  g_task_return_new_error (receiver, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE,
                           "The port is closed, and no message will arrive");
}

static void
fail_receivers (WebMessagePort *self)
{
  while (self->receivers.length > 0)
    {
      g_autoptr (GTask) receiver = take_next_receiver (self);

      return_closed_error (receiver);
    }
}

static void
fail_receivers_if_over (WebMessagePort *self)
{
  if (self->receivers.length > 0 && (self->end == NULL || web_pipe_end_is_over (self->end)))
    fail_receivers (self);
}

/* A cancelled call must not take a message that the next one, or a handler, could have. */
static void
fail_cancelled_receivers (WebMessagePort *self)
{
  GTask *head;

  while ((head = g_queue_peek_head (&self->receivers)) != NULL &&
         g_cancellable_is_cancelled (g_task_get_cancellable (head)))
    {
      g_autoptr (GTask) receiver = take_receiver (self, head);

      g_task_return_error_if_cancelled (receiver);
    }
}

static gboolean
receiver_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) receiver = take_receiver (g_task_get_source_object (user_data), user_data);

  g_task_return_error_if_cancelled (receiver);

  return G_SOURCE_REMOVE;
}

/* HTML, web-messaging.html#message-port-post-message-steps, step 7: what is done in the task. */
static void
deliver_message (WebMessagePort *self, WebSerializedData *data)
{
  g_autoptr (GTask) receiver = take_next_receiver (self);
  g_autoptr (WebWindow) window = dup_window (self);
  g_autoptr (GError) error = NULL;
  WebMessageEvent *event;

  if (receiver == NULL)
    {
      web_message_event_fire_received (data, self->task_source, window, NULL, NULL,
                                       WEB_EVENT_TARGET (self), signals[MESSAGE],
                                       signals[MESSAGEERROR]);
      return;
    }

  event =
    web_message_event_new_received (data, self->task_source, window,
                                    web_event_target_get_realm (WEB_EVENT_TARGET (self)), &error);
  if (event != NULL)
    g_task_return_pointer (receiver, event, g_object_unref);
  else
    g_task_return_error (receiver, g_steal_pointer (&error));
}

/* HTML, web-messaging.html#disentangle, step 4 */
static void
deliver_close (WebMessagePort *self)
{
  g_autoptr (WebEvent) event = web_event_new ("close");

  web_event_target_fire_event (WEB_EVENT_TARGET (self), event, signals[CLOSE]);
}

/* Runs the oldest task of the port message queue. The pipe keeps the port alive meanwhile; every
 * callback may close or transfer it. */
static void
web_message_port_run_task (WebMessagePort *self)
{
  g_autoptr (WebSerializedData) data = NULL;

  fail_cancelled_receivers (self);
  if (self->end == NULL)
    return;

  switch (web_pipe_end_take (self->end, &data))
    {
    case WEB_PIPE_TASK_MESSAGE:
      deliver_message (self, data);
      fail_receivers_if_over (self);
      break;

    case WEB_PIPE_TASK_CLOSE:
      fail_receivers (self);
      deliver_close (self);
      break;

    case WEB_PIPE_TASK_NONE:
    default:
      break;
    }
}

static void
take_end (WebMessagePort *self, WebPipeEnd *end)
{
  self->end = end;
  web_pipe_end_attach (end, self, web_message_port_run_task, self->task_source);
  web_message_port_join_window (self);
}

static gboolean
web_message_port_is_detached (WebTransferable *transferable)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (transferable);

  return self->closed || self->end == NULL;
}

/* HTML, web-messaging.html#message-ports, transfer steps. Undelivered messages stay with the end,
 * and so does the other side: nothing is moved. */
static GObject *
web_message_port_transfer (WebTransferable *transferable, GError **error)
{
  WebMessagePort           *self = WEB_MESSAGE_PORT (transferable);
  WebMessagePortDataHolder *data_holder;

  web_message_port_leave_window (self);

  data_holder = g_object_new (WEB_TYPE_MESSAGE_PORT_DATA_HOLDER, NULL);
  data_holder->end = g_steal_pointer (&self->end);
  web_pipe_end_detach (data_holder->end);

  fail_receivers (self);

  return G_OBJECT (data_holder);
}

/* HTML, web-messaging.html#message-ports, transfer-receiving steps. The queue of the new port is
 * disabled. A port that gets its own end back, since the transfer of another object has failed, is
 * as it was before. */
static gboolean
web_message_port_receive (WebTransferable *transferable, GObject *data_holder, GError **error)
{
  WebMessagePort           *self = WEB_MESSAGE_PORT (transferable);
  WebMessagePortDataHolder *holder;

  if (!WEB_IS_MESSAGE_PORT_DATA_HOLDER (data_holder) ||
      WEB_MESSAGE_PORT_DATA_HOLDER (data_holder)->end == NULL || self->closed || self->end != NULL)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "There is no port to receive, or this one cannot receive it");
      return FALSE;
    }

  holder = WEB_MESSAGE_PORT_DATA_HOLDER (data_holder);
  take_end (self, g_steal_pointer (&holder->end));
  if (self->started)
    web_pipe_end_enable (self->end, self);

  return TRUE;
}

static void
web_message_port_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->is_detached = web_message_port_is_detached;
  iface->transfer = web_message_port_transfer;
  iface->transfer_receive = web_message_port_receive;
}

static void
web_message_port_dispose (GObject *object)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (object);

  web_message_port_leave_window (self);
  g_clear_pointer (&self->end, web_pipe_end_release);
  fail_receivers (self);

  G_OBJECT_CLASS (web_message_port_parent_class)->dispose (object);
}

static void
web_message_port_finalize (GObject *object)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (object);

  g_weak_ref_clear (&self->window);
  g_clear_pointer (&self->task_source, web_task_source_unref);

  G_OBJECT_CLASS (web_message_port_parent_class)->finalize (object);
}

static void
web_message_port_class_init (WebMessagePortClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_message_port_dispose;
  object_class->finalize = web_message_port_finalize;

  /**
   * WebMessagePort::message:
   * @self: the port
   * @event: the event with the message
   *
   * A message has arrived. Emitted on the thread of the port, once it is started.
   *
   * See [message](https://html.spec.whatwg.org/#event-message).
   */
  signals[MESSAGE] = g_signal_new ("message", WEB_TYPE_MESSAGE_PORT, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);

  /**
   * WebMessagePort::messageerror:
   * @self: the port
   * @event: an event with no data
   *
   * A message has arrived that could not be deserialized. What was transferred with it is lost.
   *
   * See [messageerror](https://html.spec.whatwg.org/#event-messageerror).
   */
  signals[MESSAGEERROR] = g_signal_new ("messageerror", WEB_TYPE_MESSAGE_PORT, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, WEB_TYPE_MESSAGE_EVENT);

  /**
   * WebMessagePort::close:
   * @self: the port
   * @event: an event of type `"close"`
   *
   * The other side is no more: its port was closed or dropped, or its main context is gone. All
   * messages that it had posted were delivered before. Not emitted at a port that was closed
   * itself.
   *
   * The signal does not wait for [method@WebMessaging.MessagePort.start], except where messages
   * are to be delivered before it.
   *
   * See [close](https://html.spec.whatwg.org/#event-close).
   */
  signals[CLOSE] = g_signal_new ("close", WEB_TYPE_MESSAGE_PORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, WEB_TYPE_EVENT);
}

static void
web_message_port_init (WebMessagePort *self)
{
  self->task_source = web_task_source_ref_thread_default ();
  g_weak_ref_init (&self->window, NULL);
  g_queue_init (&self->receivers);
}

/*
 * web_message_port_new_for_end:
 * @end: (transfer full): an end that nobody holds
 * @window: (nullable): the window that the port belongs to
 *
 * Makes a port in the thread-default main context.
 */
WebMessagePort *
web_message_port_new_for_end (WebPipeEnd *end, WebWindow *window)
{
  WebMessagePort *self = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);

  web_message_port_set_window (self, window);
  take_end (self, end);

  return self;
}

/*
 * web_message_port_set_window:
 *
 * Says which window a port belongs to, before it takes its end.
 */
void
web_message_port_set_window (WebMessagePort *self, WebWindow *window)
{
  g_weak_ref_set (&self->window, window);
  self->has_window = window != NULL;
}

/*
 * web_message_port_discard:
 *
 * The window of the port is closed: the port closes, and what waits for it is lost.
 */
void
web_message_port_discard (WebMessagePort *self)
{
  self->closed = TRUE;
  g_clear_pointer (&self->end, web_pipe_end_release);
  fail_receivers (self);
}

/* HTML, web-messaging.html#message-port-post-message-steps, steps 6 and 7. The classes of the
 * objects in the message may have closed or transferred the port meanwhile. */
static void
post (WebMessagePort *self, WebSerializedData *data)
{
  if (self->end != NULL)
    web_pipe_end_post (self->end, data);
  else
    web_pipe_lose (data);
}

/* Step 2 */
static gboolean
check_source_port (WebMessagePort         *self,
                   WebTransferable *const *transfer,
                   gsize                   n_transfer,
                   GError                **error)
{
  gsize i;

  for (i = 0; i < n_transfer; i++)
    if (transfer[i] == WEB_TRANSFERABLE (self))
      {
        g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                             "A port cannot be transferred in a message that it posts itself");
        return FALSE;
      }

  return TRUE;
}

/**
 * web_message_port_post_message:
 * @self: a port
 * @message: (nullable): the message. A floating reference is consumed, also when the call fails
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with the message
 * @n_transfer: how many there are in @transfer
 * @error: return location for an error
 *
 * Posts a message to the other port of the channel.
 *
 * Nothing is copied: the receiver gets the same immutable `GVariant`. A `h` value in it
 * (`g_variant_new_handle()`) is an index into @transfer, and stands for the object there.
 *
 * The objects in @transfer are detached and belong to the receiver from now on. If there is no
 * other side any more, the message and they are silently lost.
 *
 * When the call fails, nothing was sent and nothing was transferred.
 *
 * Must be called on the thread of the port.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_ARGUMENT if there is a %NULL in @transfer, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if @transfer contains @self, the same object twice, a detached
 * port or an object that cannot be transferred, or if a handle in @message is no index into it.
 *
 * See [postMessage()](https://html.spec.whatwg.org/#dom-messageport-postmessage).
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_message_port_post_message (WebMessagePort         *self,
                               GVariant               *message,
                               WebTransferable *const *transfer,
                               gsize                   n_transfer,
                               GError                **error)
{
  g_autoptr (GVariant) value = NULL;
  WebSerializedData *data;

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), FALSE);
  g_return_val_if_fail (transfer != NULL || n_transfer == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (message != NULL)
    value = g_variant_ref_sink (message);
  web_return_val_if_wrong_thread (self->task_source, FALSE);

  if (!check_source_port (self, transfer, n_transfer, error))
    return FALSE;

  /* step 5 */
  data = web_serialized_data_new (value, transfer, n_transfer, NULL, 0, error);
  if (data == NULL)
    return FALSE;

  post (self, data);

  return TRUE;
}

/*
 * web_message_port_post_cbor:
 * @self: a port
 * @cbor: (array length=size): the message, in CBOR
 * @size: how many bytes there are in @cbor
 * @buffers: (array length=n_buffers) (nullable): the byte arrays that @cbor refers to
 * @n_buffers: how many there are in @buffers
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with the message
 * @n_transfer: how many there are in @transfer
 * @objects: (array length=n_objects) (nullable): the objects to be cloned with it
 * @n_objects: how many there are in @objects
 * @error: return location for an error
 *
 * Posts a message that a script has encoded, as [method@WebMessaging.MessagePort.post_serialized]
 * does with one of web_serialized_data_new_for_cbor(), in one call.
 *
 * Must be called on the thread of the port.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.post_message].
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_message_port_post_cbor (WebMessagePort         *self,
                            const guint8           *cbor,
                            gsize                   size,
                            GBytes *const          *buffers,
                            gsize                   n_buffers,
                            WebTransferable *const *transfer,
                            gsize                   n_transfer,
                            WebSerializable *const *objects,
                            gsize                   n_objects,
                            GError                **error)
{
  g_autoptr (GBytes) bytes = NULL;
  WebSerializedData *data;

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), FALSE);
  g_return_val_if_fail (cbor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  web_return_val_if_wrong_thread (self->task_source, FALSE);

  if (!check_source_port (self, transfer, n_transfer, error))
    return FALSE;

  bytes = g_bytes_new (cbor, size);
  data = web_serialized_data_new_for_cbor (bytes, buffers, n_buffers, transfer, n_transfer, objects,
                                           n_objects, error);
  if (data == NULL)
    return FALSE;

  post (self, data);

  return TRUE;
}

/**
 * web_message_port_post_serialized:
 * @self: a port
 * @message: a serialized message
 * @error: return location for an error
 *
 * Posts a message that was serialized before to the other port of the channel.
 *
 * A message with transferred objects can be posted once, any other one as often as you like.
 *
 * Must be called on the thread of the port.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the message has transferred objects and was posted or
 * deserialized before.
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_message_port_post_serialized (WebMessagePort *self, WebSerializedData *message, GError **error)
{
  WebSerializedData *data;

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  web_return_val_if_wrong_thread (self->task_source, FALSE);

  data = web_serialized_data_claim (message, error);
  if (data == NULL)
    return FALSE;

  post (self, data);

  return TRUE;
}

/**
 * web_message_port_start:
 * @self: a port
 *
 * Starts the port: the messages that wait, and those to come, are delivered from the main context
 * of the port. There is no way back but to transfer the port.
 *
 * Must be called on the thread of the port.
 *
 * See [start()](https://html.spec.whatwg.org/#dom-messageport-start).
 */
void
web_message_port_start (WebMessagePort *self)
{
  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  web_return_if_wrong_thread (self->task_source);

  if (self->started)
    return;

  self->started = TRUE;
  if (self->end != NULL)
    web_pipe_end_enable (self->end, self);
}

/**
 * web_message_port_close:
 * @self: a port
 *
 * Ends the channel. The other port is told, after the messages that were posted before.
 *
 * Messages that have arrived already are still delivered. The port can no longer be transferred,
 * and what is posted at either side is lost.
 *
 * Must be called on the thread of the port.
 *
 * See [close()](https://html.spec.whatwg.org/#dom-messageport-close).
 */
void
web_message_port_close (WebMessagePort *self)
{
  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  web_return_if_wrong_thread (self->task_source);

  /* HTML, web-messaging.html#dom-messageport-close, step 1 */
  self->closed = TRUE;

  /* step 2 */
  g_object_ref (self);
  if (self->end != NULL)
    web_pipe_end_close (self->end);
  fail_receivers_if_over (self);
  g_object_unref (self);
}

/**
 * web_message_port_get_context:
 * @self: a port
 *
 * Gets the main context that the port belongs to: the one that was the default of its thread when
 * it was made.
 *
 * May be called on any thread.
 *
 * Returns: (transfer none): the main context
 */
GMainContext *
web_message_port_get_context (WebMessagePort *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), NULL);

  return web_task_source_get_context (self->task_source);
}

/* The C form of onmessage, as a listener. */
typedef struct
{
  WebMessageHandler handler;
  gpointer          user_data;
  GDestroyNotify    destroy;
} OnMessage;

static void
on_message (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  OnMessage *self = user_data;

  /* A program may dispatch a plain event of the same name. */
  if (WEB_IS_MESSAGE_EVENT (event))
    self->handler (WEB_MESSAGE_PORT (target), WEB_MESSAGE_EVENT (event), self->user_data);
}

static void
on_message_free (gpointer data)
{
  OnMessage *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

/**
 * web_message_port_set_on_message:
 * @self: a port
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): the function that
 *   handles messages, %NULL for none
 * @user_data: data for @handler
 * @destroy: (nullable): called with @user_data when @handler is no longer needed
 *
 * Sets the function that handles messages, and starts the port.
 *
 * There is at most one; it takes the place of the one before. It is the fastest way to receive
 * messages in C.
 *
 * Must be called on the thread of the port.
 *
 * See [onmessage](https://html.spec.whatwg.org/#handler-messageeventtarget-onmessage).
 */
void
web_message_port_set_on_message (WebMessagePort   *self,
                                 WebMessageHandler handler,
                                 gpointer          user_data,
                                 GDestroyNotify    destroy)
{
  OnMessage *data;

  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  web_return_if_wrong_thread (self->task_source);

  data = g_new (OnMessage, 1);
  data->handler = handler;
  data->user_data = user_data;
  data->destroy = destroy;
  web_event_target_set_event_handler (WEB_EVENT_TARGET (self), "message",
                                      handler != NULL ? on_message : NULL, data, on_message_free);

  web_message_port_start (self);
}

typedef struct
{
  GAsyncReadyCallback callback;
  gpointer            user_data;
} ReceiveCall;

static void
call_receiver (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree ReceiveCall *call = user_data;
  WebRealm               *realm = web_event_target_get_realm (WEB_EVENT_TARGET (source));

  web_realm_prepare (realm);
  call->callback (source, result, call->user_data);
  web_realm_checkpoint (realm);
}

/**
 * web_message_port_receive_async:
 * @self: a port
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the message, on the thread of the port
 * @user_data: data for @callback
 *
 * Waits for the next message.
 *
 * A message goes to the call that has waited longest, and to no handler or listener. The port need
 * not be started: messages wait at it until they are asked for. A call that is cancelled takes no
 * message.
 *
 * Must be called on the thread of the port.
 */
void
web_message_port_receive_async (WebMessagePort     *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  ReceiveCall *call = NULL;
  GTask       *task;

  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  web_return_if_wrong_thread (self->task_source);

  if (callback != NULL)
    {
      call = g_new (ReceiveCall, 1);
      *call = (ReceiveCall){ callback, user_data };
    }
  task = g_task_new (self, cancellable, call != NULL ? call_receiver : NULL, call);
  g_task_set_source_tag (task, web_message_port_receive_async);
  /* A message that was taken for the call is handed over, even if it is cancelled just then. */
  g_task_set_check_cancellable (task, FALSE);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
    }
  else if (self->end == NULL || web_pipe_end_is_over (self->end))
    {
      return_closed_error (task);
      g_object_unref (task);
    }
  else
    {
      if (cancellable != NULL)
        {
          GSource *cancelled = g_cancellable_source_new (cancellable);

          g_source_set_static_name (cancelled, "[webmessaging] receive");
          g_source_set_callback (cancelled, G_SOURCE_FUNC (receiver_cancelled), task, NULL);
          g_source_attach (cancelled, web_task_source_get_context (self->task_source));
          g_task_set_task_data (task, cancelled, (GDestroyNotify)g_source_unref);
        }
      g_queue_push_tail (&self->receivers, task);
      web_pipe_end_set_demand (self->end, TRUE);
    }
}

/**
 * web_message_port_receive_finish:
 * @self: a port
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Gets the message that a call of [method@WebMessaging.MessagePort.receive_async] has waited for.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE when the channel has ended and all messages were
 * delivered, or when the port was transferred; %WEB_MESSAGING_ERROR_DATA_CLONE or an error of an
 * application's class when the message could not be deserialized; %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the event with the message
 */
WebMessageEvent *
web_message_port_receive_finish (WebMessagePort *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
