/* web-message-port.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loop/web-debug-private.h"
#include "transport/web-endpoint-holder-private.h"
#include "transport/web-link-private.h"
#include "web-error.h"
#include "web-event-target-private.h"
#include "web-message-event-private.h"
#include "web-message-event-source.h"
#include "web-message-port-private.h"
#include "web-receive-call-private.h"
#include "web-serialized-data-private.h"
#include "web-transferable.h"

/**
 * WebMessagePort:
 *
 * One of the two ports of a channel. A message that is posted at one arrives at the other.
 *
 * A port belongs to the thread that runs the main context in which it was made or received. The
 * other port may live in the same thread or in another one. To give a port to another thread,
 * *transfer* the port: post it through a port whose other side lives there. The messages that wait
 * at the port go with it, in order.
 *
 * ## Receiving messages
 *
 * A new port keeps its messages until it is started, so that no message is lost before somebody
 * listens.
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
 * happens when the last reference to a port is dropped, or its main context is finalized.
 *
 * A port that was started stays alive while the other side can still send, even if nobody refers to
 * the port, because it has a handler to run. Close the port when you no longer need it. The library
 * does not keep a port alive that was never started.
 *
 * Guides: [Channels and ports](channels.html), [Threads and main contexts](threads.html),
 * [Ports between processes](processes.html).
 *
 * See [Message ports](https://html.spec.whatwg.org/#message-ports).
 */

struct _WebMessagePort
{
  WebEventTarget parent_instance;

  WebEventTarget           *target; /* unowned: where the messages are fired, usually the port */
  const WebPortTargetFuncs *target_funcs;
  WebScheduler             *scheduler; /* owned; of the context that the port belongs to */
  WebEndpoint              *endpoint;  /* owned; %NULL once it is given up by a transfer */
  WebEndpointSet           *siblings;  /* owned, nullable; of the window that the port belongs to */
  GQueue                    calls;     /* of WebReceiveCall, owned: those that wait, oldest first */
  GList                    *drains;    /* of Drain, owned: who waits for buffered-amount to fall */
  guint64                   buffered;  /* what buffered-amount was when it was notified last */
  WebLinkLimits             limits;
  WebSender                 sender;          /* of the last message */
  gboolean                  started;         /* the port message queue is enabled */
  gboolean                  closed;          /* close() was called */
  gboolean                  ended;           /* the other side has closed, and the port was told */
  gboolean                  notified_closed; /* what closed was when it was notified last */
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
  PROP_BUFFERED_AMOUNT = 1,
  PROP_BUFFER_LIMIT,
  PROP_CLOSED,
  PROP_DESCRIPTOR_LIMIT,
  PROP_MESSAGE_LIMIT,
  PROP_STARTED,
  N_PROPS
};

enum
{
  MESSAGE,
  MESSAGEERROR,
  CLOSE,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

/* What debug output calls a port: the object that the program knows. */
#define PORT_FORMAT      "%s %p"
#define PORT_ARGS(self_) G_OBJECT_TYPE_NAME ((self_)->target), (void *)(self_)->target

static WebRealm *
get_realm (WebMessagePort *self)
{
  return web_event_target_get_realm (self->target);
}

static WebReceiver
get_receiver (WebMessagePort *self)
{
  return (WebReceiver){
    .scheduler = self->scheduler,
    .endpoints = self->siblings,
    .realm = get_realm (self),
  };
}

static void
set_demand (WebMessagePort *self)
{
  if (self->endpoint != NULL)
    web_task_queue_set_demand (&self->endpoint->queue, G_OBJECT (self->target),
                               self->calls.length > 0);
}

/* Takes a waiting call of receive_async() off the list, to return it. */
static WebReceiveCall *
take_call (WebMessagePort *self, WebReceiveCall *call)
{
  g_queue_remove (&self->calls, call);
  if (self->calls.length == 0)
    set_demand (self);

  return call;
}

/* The callback may be a script's. */
static void
return_call (WebMessagePort *self, WebReceiveCall *call, WebMessageEvent *event, GError *error)
{
  WebRealm *realm = get_realm (self);

  web_realm_prepare (realm);
  if (event != NULL)
    web_receive_call_return_event (call, event);
  else
    web_receive_call_return_error (call, error);
  web_realm_checkpoint (realm);
}

/* Fails the calls that wait now, not those that a callback adds. */
static void
fail_calls (WebMessagePort *self)
{
  guint n_calls;

  for (n_calls = self->calls.length; n_calls > 0 && self->calls.length > 0; n_calls--)
    return_call (self, take_call (self, g_queue_peek_head (&self->calls)), NULL,
                 g_error_new_literal (WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE,
                                      "The channel has ended, or the port was transferred: "
                                      "no message will arrive"));
}

/* Returns the calls that are cancelled now, not those that a callback adds, which might go on for
 * ever. Takes them off the list first, because a callback may change the list. */
static void
cancel_calls (WebMessagePort *self)
{
  GQueue cancelled = G_QUEUE_INIT;
  GList *link = self->calls.head;

  while (link != NULL)
    {
      GList *next = link->next;

      if (web_receive_call_is_cancelled (link->data))
        {
          g_queue_unlink (&self->calls, link);
          g_queue_push_tail_link (&cancelled, link);
        }
      link = next;
    }
  if (cancelled.length > 0 && self->calls.length == 0)
    set_demand (self);

  while (cancelled.length > 0)
    return_call (self, g_queue_pop_head (&cancelled), NULL,
                 g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
}

/* Returns the call that gets the next message, %NULL if there is none. */
static WebReceiveCall *
find_call (WebMessagePort *self)
{
  GList *link;

  for (link = self->calls.head; link != NULL; link = link->next)
    if (!web_receive_call_is_cancelled (link->data))
      return link->data;

  return NULL;
}

/* Calls @function soon, but not from within the function of the program that runs now. */
static void
call_later (WebMessagePort *self, const char *name, GSourceFunc function)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_static_name (source, name);
  g_source_set_callback (source, function, g_object_ref (self), g_object_unref);
  web_scheduler_attach_source (self->scheduler, source);
}

static gboolean
fail_calls_of_transferred_port (gpointer user_data)
{
  WebMessagePort *self = user_data;

  if (self->endpoint == NULL)
    fail_calls (self);

  return G_SOURCE_REMOVE;
}

/* Calls at a port that was transferred will not get a message, unless the transfer fails and is put
 * back before this turn of the main loop is over. */
static void
fail_calls_later (WebMessagePort *self)
{
  call_later (self, "[webmessaging] receive", fail_calls_of_transferred_port);
}

static WebLink *
get_link (WebMessagePort *self)
{
  return self->endpoint != NULL ? web_endpoint_get_link (self->endpoint) : NULL;
}

/* Somebody who waits for buffered-amount to fall. Keeps the port, which may have nobody else. */
typedef struct
{
  WebReceiveCall *call; /* owned */
  guint64         amount;
} Drain;

static gboolean
is_over (WebMessagePort *self, const Drain *drain)
{
  return self->endpoint == NULL || web_receive_call_is_cancelled (drain->call) ||
         web_message_port_get_buffered_amount (self) <= drain->amount;
}

static void
return_drain (WebMessagePort *self, Drain *drain)
{
  WebReceiveCall *call = drain->call;
  GError         *error = NULL;

  if (web_receive_call_is_cancelled (call))
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  else if (self->endpoint == NULL)
    error = g_error_new_literal (WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE,
                                 "The port was transferred, with what it had not written");
  g_free (drain);
  return_call (self, call, NULL, error);
  g_object_unref (self);
}

/* Returns the calls of drain_async() that need not wait any more. Takes them off the list first,
 * because a callback may change the list. */
static void
return_drains (WebMessagePort *self)
{
  GList *link = self->drains;
  GList *over = NULL;

  /* What is left is what the receiver does not take. The port is told when that changes. */
  if (get_link (self) != NULL)
    web_link_flush (get_link (self));

  while (link != NULL)
    {
      GList *next = link->next;

      if (is_over (self, link->data))
        {
          self->drains = g_list_remove_link (self->drains, link);
          over = g_list_concat (over, link);
        }
      link = next;
    }

  for (link = over; link != NULL; link = link->next)
    return_drain (self, link->data);
  g_list_free (over);
}

static gboolean
return_drains_at_last (gpointer user_data)
{
  return_drains (user_data);

  return G_SOURCE_REMOVE;
}

/* Not from within the function of the program that waits, or that transfers the port. */
static void
return_drains_later (WebMessagePort *self)
{
  call_later (self, "[webmessaging] drain", return_drains_at_last);
}

static void
notify_buffered (WebMessagePort *self)
{
  const guint64 buffered = web_message_port_get_buffered_amount (self);

  if (buffered != self->buffered)
    {
      self->buffered = buffered;
      web_realm_prepare (NULL);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUFFERED_AMOUNT]);
    }
}

/* HTML, web-messaging.html#message-port-post-message-steps, step 7: the task. */
static void
deliver_message (WebMessagePort *self, WebReceiveCall *call, WebSerializedData *data)
{
  WebReceiver      receiver = get_receiver (self);
  WebMessageEvent *event;
  GError          *error = NULL;

  if (call == NULL)
    {
      web_message_event_fire_received (data, &receiver, NULL, NULL, self->target,
                                       self->target_funcs->signals[0],
                                       self->target_funcs->signals[1]);
      return;
    }

  take_call (self, call);
  event = web_message_event_new_received (data, &receiver, &error);
  return_call (self, call, event, error);
}

static void
notify_closed (WebMessagePort *self)
{
  if (self->notified_closed || !web_message_port_get_closed (self))
    return;

  self->notified_closed = TRUE;
  web_realm_prepare (NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLOSED]);
}

/* HTML, web-messaging.html#disentangle, step 4 */
static void
deliver_close (WebMessagePort *self)
{
  g_autoptr (WebEvent) event = NULL;

  web_debug (PORT_FORMAT " is told that the other side is gone", PORT_ARGS (self));
  self->ended = TRUE;
  notify_closed (self);
  if (self->target_funcs->ended != NULL)
    {
      self->target_funcs->ended (self->target);
      return;
    }

  event = web_event_new ("close");
  web_event_target_fire_event (WEB_EVENT_TARGET (self), event, signals[CLOSE]);
}

/*
 * web_message_port_run_task:
 *
 * Takes what comes next from the port message queue. The caller has a reference to the port,
 * because every callback may close or transfer it.
 */
void
web_message_port_run_task (WebMessagePort *self)
{
  WebReceiveCall *call;
  WebMessage     *message;

  if (self->endpoint != NULL && web_task_queue_take_kick (&self->endpoint->queue))
    {
      cancel_calls (self);
      if (get_link (self) != NULL || self->buffered != 0)
        notify_buffered (self);
      if (self->drains != NULL)
        return_drains (self);
      /* The window of the port was closed. */
      notify_closed (self);
    }
  if (self->endpoint == NULL)
    return;

  /* Whoever gets the message is found before it is taken: another thread may cancel the call at any
   * moment, and a port that is not started has nobody else. */
  call = find_call (self);

  /* All calls were cancelled just now, perhaps before a callback made them: the next turn returns
   * them. */
  if (self->calls.length > 0 && !self->started && call == NULL)
    {
      set_demand (self);
      return;
    }

  switch (web_message_take (&self->endpoint->queue, &message))
    {
    case WEB_TASK_QUEUE_TASK:
      self->sender = message->sender;
      if (self->target_funcs->take_message == NULL ||
          !self->target_funcs->take_message (self->target, message->data))
        deliver_message (self, call, message->data);
      web_message_free (message);
      break;

    case WEB_TASK_QUEUE_END:
      fail_calls (self);
      deliver_close (self);
      break;

    case WEB_TASK_QUEUE_OVER:
      fail_calls (self);
      break;

    case WEB_TASK_QUEUE_NOTHING:
    default:
      break;
    }
}

/* The queue holds a reference to its owner meanwhile. */
static void
run_own_task (GObject *object)
{
  web_message_port_run_task (WEB_MESSAGE_PORT (object));
}

/* A port whose messages are fired at the port itself, as usual. */
static const WebPortTargetFuncs own_funcs = {
  .owner_funcs = {
    .run = run_own_task,
    .find = web_event_target_find,
    .lives_while_enabled = TRUE,
    .advice = "which was never started: call start() or set_on_message(), or ask for them with "
              "receive_async()",
  },
  .signals = signals,
};

static void
tell_lost_post (WebMessagePort *self)
{
  WebScheduledInfo info;

  if (self->endpoint == NULL)
    {
      g_debug ("A message that was posted at " PORT_FORMAT
               " is lost: the port was transferred, and "
               "can no longer be used here",
               PORT_ARGS (self));
      return;
    }

  web_task_queue_inspect (&self->endpoint->queue, &info);
  if (!info.is_open)
    g_debug ("A message that was posted at " PORT_FORMAT " is lost: %s", PORT_ARGS (self),
             web_task_queue_is_closed (&self->endpoint->queue) ? "it is closed"
                                                               : "the other side is gone");
}

static void
tell_freed (WebMessagePort *self)
{
  const guint n_waiting = web_message_port_count_waiting (self);

  if (n_waiting > 0)
    g_debug (PORT_FORMAT " is freed with %u message%s that nobody has received: %s",
             PORT_ARGS (self), n_waiting, n_waiting == 1 ? "" : "s",
             self->started ? "the program has dropped its last reference"
                           : "a port that was not started lives as long as the program keeps a "
                             "reference to it");
  else if (!web_message_port_get_closed (self))
    g_debug (PORT_FORMAT " is freed, because nobody refers to it, which ends the channel",
             PORT_ARGS (self));
}

static void
take_endpoint (WebMessagePort *self, WebEndpoint *endpoint)
{
  self->endpoint = endpoint;
  /* The port that has transferred it was told. */
  self->ended = self->notified_closed = web_task_queue_is_over (&endpoint->queue);
  web_endpoint_set_limits (endpoint, &self->limits);
  web_endpoint_attach (endpoint, G_OBJECT (self->target), &self->target_funcs->owner_funcs,
                       self->scheduler);
  if (self->siblings != NULL)
    web_endpoint_set_add (self->siblings, endpoint);
  if (self->started)
    web_task_queue_enable (&endpoint->queue, G_OBJECT (self->target));
  if (self->calls.length > 0)
    set_demand (self);
}

static WebEndpoint *
give_endpoint_up (WebMessagePort *self)
{
  WebEndpoint *endpoint = g_steal_pointer (&self->endpoint);

  if (endpoint != NULL && self->siblings != NULL)
    web_endpoint_set_remove (self->siblings, endpoint);

  return endpoint;
}

static gboolean
web_message_port_is_detached (WebTransferable *transferable)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (transferable);

  return self->endpoint == NULL || web_task_queue_is_closed (&self->endpoint->queue);
}

/* HTML, web-messaging.html#message-ports, transfer steps. Undelivered messages stay with the
 * endpoint, and so does the other side: nothing is moved. */
static GObject *
web_message_port_transfer (WebTransferable *transferable, GError **error)
{
  g_autoptr (WebMessagePort) self = g_object_ref (WEB_MESSAGE_PORT (transferable));
  WebEndpoint *endpoint = give_endpoint_up (self);

  if (endpoint == NULL)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "Port could not be transferred: it was transferred before");
      return NULL;
    }

  if (web_debug_enabled ())
    {
      WebScheduledInfo info;

      web_task_queue_inspect (&endpoint->queue, &info);
      if (info.n_tasks > 0)
        g_debug (PORT_FORMAT
                 " is transferred, and cannot be used here any more; %u message%s with it",
                 PORT_ARGS (self), info.n_tasks, info.n_tasks == 1 ? " goes" : "s go");
      else
        g_debug (PORT_FORMAT " is transferred, and cannot be used here any more", PORT_ARGS (self));
    }
  web_endpoint_detach (endpoint);
  if (self->calls.length > 0)
    fail_calls_later (self);
  if (self->drains != NULL)
    return_drains_later (self);

  return G_OBJECT (web_endpoint_holder_new (endpoint, G_OBJECT_TYPE (self)));
}

/* HTML, web-messaging.html#message-ports, transfer-receiving steps. The queue of the new port is
 * disabled. A port that gets its own endpoint back, because the transfer of another object has
 * failed, is as it was before. */
static gboolean
web_message_port_receive (WebTransferable *transferable, GObject *data_holder, GError **error)
{
  WebMessagePort    *self = WEB_MESSAGE_PORT (transferable);
  WebEndpointHolder *holder;
  WebEndpointSet    *siblings;
  WebEndpoint       *endpoint = NULL;

  if (self->endpoint == NULL && WEB_IS_ENDPOINT_HOLDER (data_holder))
    endpoint = web_endpoint_holder_steal (WEB_ENDPOINT_HOLDER (data_holder));
  if (endpoint == NULL)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "Port could not be received: already received, or not a port");
      return FALSE;
    }

  /* The port was closed before it got its endpoint back. */
  if (self->closed)
    {
      web_endpoint_release (endpoint, TRUE);
      return TRUE;
    }

  holder = WEB_ENDPOINT_HOLDER (data_holder);
  siblings = web_endpoint_holder_get_destination (holder);
  if (siblings != NULL && self->siblings == NULL)
    self->siblings = web_endpoint_set_ref (siblings);
  take_endpoint (self, endpoint);

  return TRUE;
}

static void
web_message_port_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->is_detached = web_message_port_is_detached;
  iface->transfer = web_message_port_transfer;
  iface->transfer_receive = web_message_port_receive;
}

/*
 * web_message_port_let_target_go:
 *
 * The message event target of the port calls this first when it is disposed, on any thread. Returns
 * %FALSE if it must stay as it is and return from its disposal.
 */
gboolean
web_message_port_let_target_go (WebMessagePort *self, WebEventTarget *target)
{
  return self->endpoint == NULL ||
         web_task_queue_let_owner_go (&self->endpoint->queue, G_OBJECT (target));
}

static void
web_message_port_dispose (GObject *object)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (object);
  WebEndpoint    *endpoint;

  /* May run on any thread, while the port's context may be about to run a task of the port. */
  if (!web_message_port_let_target_go (self, WEB_EVENT_TARGET (self)))
    return;

  if (web_debug_enabled () && self->endpoint != NULL && self->target == WEB_EVENT_TARGET (self))
    tell_freed (self);
  endpoint = give_endpoint_up (self);
  if (endpoint != NULL)
    web_endpoint_release (endpoint, FALSE);
  g_queue_clear_full (&self->calls, (GDestroyNotify)web_receive_call_free);

  G_OBJECT_CLASS (web_message_port_parent_class)->dispose (object);
}

static void
web_message_port_finalize (GObject *object)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (object);

  g_clear_pointer (&self->siblings, web_endpoint_set_unref);
  g_clear_pointer (&self->scheduler, web_scheduler_unref);

  G_OBJECT_CLASS (web_message_port_parent_class)->finalize (object);
}

static void
web_message_port_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (object);

  switch (prop_id)
    {
    case PROP_BUFFERED_AMOUNT:
      g_value_set_uint64 (value, web_message_port_get_buffered_amount (self));
      break;

    case PROP_BUFFER_LIMIT:
      g_value_set_uint64 (value, self->limits.buffer);
      break;

    case PROP_DESCRIPTOR_LIMIT:
      g_value_set_uint (value, self->limits.descriptors);
      break;

    case PROP_MESSAGE_LIMIT:
      g_value_set_uint64 (value, self->limits.message);
      break;

    case PROP_CLOSED:
      g_value_set_boolean (value, web_message_port_get_closed (self));
      break;

    case PROP_STARTED:
      g_value_set_boolean (value, web_message_port_get_started (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_message_port_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  WebMessagePort *self = WEB_MESSAGE_PORT (object);

  switch (prop_id)
    {
    case PROP_BUFFER_LIMIT:
      self->limits.buffer = g_value_get_uint64 (value);
      break;

    case PROP_DESCRIPTOR_LIMIT:
      self->limits.descriptors = g_value_get_uint (value);
      break;

    case PROP_MESSAGE_LIMIT:
      self->limits.message = g_value_get_uint64 (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  if (self->endpoint != NULL)
    web_endpoint_set_limits (self->endpoint, &self->limits);
}

static void
web_message_port_class_init (WebMessagePortClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_message_port_dispose;
  object_class->finalize = web_message_port_finalize;
  object_class->get_property = web_message_port_get_property;
  object_class->set_property = web_message_port_set_property;

  /**
   * WebMessagePort:buffered-amount: (getter get_buffered_amount)
   *
   * How many bytes were posted to another process and are not written yet. Notified when the
   * receiver is slow and the amount grows, and when it falls.
   *
   * Always 0 if the other side is in this process.
   */
  props[PROP_BUFFERED_AMOUNT] = g_param_spec_uint64 ("buffered-amount", NULL, NULL, 0, G_MAXUINT64,
                                                     0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebMessagePort:buffer-limit:
   *
   * From how many bytes in [property@WebMessaging.MessagePort:buffered-amount] on a post fails with
   * %WEB_MESSAGING_ERROR_QUOTA_EXCEEDED. One message may go beyond it.
   */
  props[PROP_BUFFER_LIMIT] =
    g_param_spec_uint64 ("buffer-limit", NULL, NULL, 0, G_MAXUINT64, web_link_default_limits.buffer,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * WebMessagePort:message-limit:
   *
   * How many bytes a message from another process may have. A longer one is not read: it arrives as
   * [signal@WebMessaging.MessagePort::messageerror].
   */
  props[PROP_MESSAGE_LIMIT] = g_param_spec_uint64 ("message-limit", NULL, NULL, 0, G_MAXUINT64,
                                                   web_link_default_limits.message,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * WebMessagePort:descriptor-limit:
   *
   * How many descriptors a message from another process may bring: one for each port and each large
   * byte array. The channel ends at one that brings more, or that needs more than a quarter of what
   * the process may have while it has no others left.
   */
  props[PROP_DESCRIPTOR_LIMIT] = g_param_spec_uint ("descriptor-limit", NULL, NULL, 0, G_MAXUINT,
                                                    web_link_default_limits.descriptors,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * WebMessagePort:closed: (getter get_closed)
   *
   * %TRUE if the channel has ended. It never turns %FALSE again.
   *
   * [method@WebMessaging.MessagePort.close] sets and notifies it at once. If the other side has
   * closed, it is notified after the last message of the other side, right before
   * [signal@WebMessaging.MessagePort::close], whose handlers see %TRUE. If the window of the port
   * was closed, it is notified in the next turn of the main loop. It is also %TRUE once the main
   * context of the port is finalized, but nobody is left to be notified then.
   *
   * A transfer does not end the channel: the property stays %FALSE at the port that was
   * transferred, and turns %TRUE at the one that has taken its place.
   *
   * Notified on the thread of the port. To disable a button with the channel:
   *
   * ```c
   * g_object_bind_property (port, "closed", button, "sensitive",
   *                         G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
   * ```
   */
  props[PROP_CLOSED] =
    g_param_spec_boolean ("closed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * WebMessagePort:started: (getter get_started)
   *
   * %TRUE if the port was started: [method@WebMessaging.MessagePort.start] or
   * [method@WebMessaging.MessagePort.set_on_message] was called.
   */
  props[PROP_STARTED] =
    g_param_spec_boolean ("started", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * WebMessagePort::message:
   * @self: the port
   * @event: the event with the message
   *
   * A message has arrived. Emitted on the thread of the port, once the port is started.
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
   * A message that has arrived could not be deserialized. The objects that were transferred with
   * the message are lost.
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
   * The other side is gone: its port was closed or dropped, or its main context was finalized. All
   * its messages were delivered before. Not emitted at a port that was closed itself before that.
   *
   * The signal waits for [method@WebMessaging.MessagePort.start] only if messages are to be
   * delivered before it.
   *
   * See [close](https://html.spec.whatwg.org/#event-close).
   */
  signals[CLOSE] = g_signal_new ("close", WEB_TYPE_MESSAGE_PORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, WEB_TYPE_EVENT);
}

static void
web_message_port_init (WebMessagePort *self)
{
  self->target = WEB_EVENT_TARGET (self);
  self->target_funcs = &own_funcs;
  self->scheduler = web_scheduler_ref_thread_default ();
  self->limits = web_link_default_limits;
  self->sender = WEB_SENDER_NONE;
  g_queue_init (&self->calls);
}

/*
 * web_message_port_new_for_endpoint:
 * @endpoint: (transfer full): an endpoint that nobody holds
 * @siblings: (nullable): the endpoints of the window that the port belongs to
 *
 * Makes a port in the thread-default main context.
 */
WebMessagePort *
web_message_port_new_for_endpoint (WebEndpoint *endpoint, WebEndpointSet *siblings)
{
  WebMessagePort *self = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);

  self->siblings = siblings != NULL ? web_endpoint_set_ref (siblings) : NULL;
  take_endpoint (self, endpoint);

  return self;
}

/*
 * web_message_port_new_for_target:
 * @endpoint: (transfer full): an endpoint that nobody holds
 * @target: (transfer none): the object that has the port
 * @funcs: its functions
 *
 * Makes a port that fires its messages at another object: HTML,
 * web-messaging.html#message-event-target. @target keeps the port, and the queue of the port keeps
 * @target as it keeps any other port.
 */
WebMessagePort *
web_message_port_new_for_target (WebEndpoint              *endpoint,
                                 WebEventTarget           *target,
                                 const WebPortTargetFuncs *funcs)
{
  WebMessagePort *self = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);

  self->target = target;
  self->target_funcs = funcs;
  self->limits.ends_first = TRUE;
  take_endpoint (self, endpoint);

  return self;
}

/*
 * web_message_port_discard:
 *
 * Ends the channel, and drops the messages that wait: nothing is delivered any more.
 */
void
web_message_port_discard (WebMessagePort *self)
{
  g_object_ref (self);
  if (self->endpoint != NULL)
    web_endpoint_discard (self->endpoint, TRUE);
  self->closed = TRUE;
  notify_closed (self);
  fail_calls (self);
  g_object_unref (self);
}

/* HTML, web-messaging.html#message-port-post-message-steps, steps 6 and 7. The classes of the
 * objects in the message may have closed or transferred the port meanwhile. If this fails, the
 * caller keeps its reference to @data, which is taken otherwise. */
static gboolean
post (WebMessagePort *self, WebSerializedData *data, GError **error)
{
  WebMessage *message =
    web_serialized_data_to_message (data, web_serialized_data_dup_endpoint_holders (data));
  const gint64 begin = web_trace_enabled () ? web_trace_begin () : 0;
  gboolean     posted = FALSE;

  if (web_debug_enabled ())
    tell_lost_post (self);
  if (self->endpoint == NULL)
    {
      web_task_drop (&message->task, TRUE);
      return TRUE;
    }

  posted = web_endpoint_post (self->endpoint, message, error);
  if (G_UNLIKELY (begin != 0))
    web_trace_end (begin, "post", PORT_FORMAT, PORT_ARGS (self));
  if (!posted)
    {
      /* What travels in it goes back to its owners. */
      g_clear_pointer (&message->holders, g_ptr_array_unref);
      message->data = NULL;
      web_task_drop (&message->task, TRUE);
    }
  else if (get_link (self) != NULL && web_link_is_slow (get_link (self)))
    {
      /* A handler may drop the last reference. */
      g_object_ref (self);
      notify_buffered (self);
      g_object_unref (self);
    }

  return posted;
}

/* For a receiver in another process: what cannot go there must not be taken from its owner, and the
 * receiver must not be too far behind. */
static gboolean
may_leave (WebMessagePort *self, WebSerializedData *data, GError **error)
{
  return get_link (self) == NULL || web_serialized_data_prepare_to_leave (data, error);
}

static gboolean
has_room (WebMessagePort *self, GError **error)
{
  return get_link (self) == NULL || web_link_check_room (get_link (self), error);
}

/* Posts a message that was made of these objects. */
static gboolean
post_new (WebMessagePort         *self,
          WebSerializedData      *data,
          WebTransferable *const *transfer,
          gsize                   n_transfer,
          GError                **error)
{
  gboolean posted;

  if (data == NULL)
    return FALSE;

  posted = may_leave (self, data, error) && post (self, data, error);
  if (!posted)
    {
      web_serialized_data_put_back (data, transfer, n_transfer);
      web_serialized_data_unref (data);
    }

  return posted;
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
                             "Port could not be transferred: it cannot be sent through itself");
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
 * (`g_variant_new_handle()`) is an index into @transfer, and stands for the object at that index.
 *
 * The call detaches the objects in @transfer; they belong to the receiver from now on. If the other
 * side is gone, the message and these objects are silently lost.
 *
 * When the call fails, nothing was sent and nothing was transferred.
 *
 * Must be called on the thread of the port.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_ARGUMENT if there is a %NULL in @transfer, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if @transfer contains @self, the same object twice, a detached
 * port or an object that cannot be transferred, or if a handle in @message is not an index into it,
 * or @message is nested more than 128 deep or not in normal form.
 *
 * If the other side is in another process, see [the guide](processes.html) for what can go there.
 * Sets %WEB_MESSAGING_ERROR_QUOTA_EXCEEDED if
 * [property@WebMessaging.MessagePort:buffered-amount] has reached
 * [property@WebMessaging.MessagePort:buffer-limit], and %G_IO_ERROR_TOO_MANY_OPEN_FILES or another
 * error of that domain if the process has no descriptor left for what must go with the message.
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
  web_return_val_if_posted_on_wrong_thread (self->scheduler, FALSE);

  if (!check_source_port (self, transfer, n_transfer, error) || !has_room (self, error))
    return FALSE;

  /* step 5 */
  data = web_serialized_data_new (value, transfer, n_transfer, NULL, 0, error);

  return post_new (self, data, transfer, n_transfer, error);
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
  web_return_val_if_posted_on_wrong_thread (self->scheduler, FALSE);

  if (!check_source_port (self, transfer, n_transfer, error) || !has_room (self, error))
    return FALSE;

  bytes = g_bytes_new (cbor, size);
  data = web_serialized_data_new_for_cbor (bytes, buffers, n_buffers, transfer, n_transfer, objects,
                                           n_objects, error);

  return post_new (self, data, transfer, n_transfer, error);
}

/**
 * web_message_port_post_serialized:
 * @self: a port
 * @message: a serialized message
 * @error: return location for an error
 *
 * Posts a message that was serialized before to the other port of the channel.
 *
 * A message with transferred objects can be posted once, any other message any number of times.
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
  g_autoptr (WebSerializedData) data = NULL;

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  web_return_val_if_posted_on_wrong_thread (self->scheduler, FALSE);

  if (!has_room (self, error) || !may_leave (self, message, error))
    return FALSE;

  data = web_serialized_data_claim (message, error);
  if (data == NULL)
    return FALSE;

  if (!post (self, data, error))
    {
      web_serialized_data_unclaim (message, data);
      return FALSE;
    }
  g_steal_pointer (&data);

  return TRUE;
}

/**
 * web_message_port_start:
 * @self: a port
 *
 * Starts the port: the messages that wait, and those to come, are delivered from the main context
 * of the port. Only a transfer stops the port again.
 *
 * Must be called on the thread of the port.
 *
 * See [start()](https://html.spec.whatwg.org/#dom-messageport-start).
 */
void
web_message_port_start (WebMessagePort *self)
{
  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  web_return_if_wrong_thread (self->scheduler);

  if (self->started)
    return;

  web_debug (PORT_FORMAT " is started%s", PORT_ARGS (self),
             self->endpoint == NULL ? ", but it was transferred: nothing will arrive at it" : "");
  if (self->endpoint != NULL)
    web_task_queue_enable (&self->endpoint->queue, G_OBJECT (self->target));
  self->started = TRUE;
  web_realm_prepare (NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STARTED]);
}

/**
 * web_message_port_close:
 * @self: a port
 *
 * Ends the channel. The other port gets a close event, after the messages that were posted before.
 *
 * Messages that have arrived already are still delivered. The port can no longer be transferred,
 * and messages that are posted at either side are lost.
 *
 * Must be called on the thread of the port.
 *
 * See [close()](https://html.spec.whatwg.org/#dom-messageport-close).
 */
void
web_message_port_close (WebMessagePort *self)
{
  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  web_return_if_wrong_thread (self->scheduler);

  g_object_ref (self);
  web_debug (PORT_FORMAT " is closed by the program", PORT_ARGS (self));
  if (self->endpoint != NULL)
    web_endpoint_close (self->endpoint);
  self->closed = TRUE;
  notify_closed (self);
  g_object_unref (self);
}

/**
 * web_message_port_get_closed: (get-property closed)
 * @self: a port
 *
 * Gets whether the channel has ended: the port was closed, or was told that the other side is gone.
 * Messages that arrived before the port was closed are still delivered.
 *
 * Must be called on the thread of the port.
 *
 * Returns: %TRUE if the channel has ended
 */
gboolean
web_message_port_get_closed (WebMessagePort *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), TRUE);

  return self->closed || self->ended ||
         (self->endpoint != NULL && web_task_queue_is_closed (&self->endpoint->queue));
}

/**
 * web_message_port_get_started: (get-property started)
 * @self: a port
 *
 * Gets whether the port was started.
 *
 * Must be called on the thread of the port.
 *
 * Returns: %TRUE if the port was started
 */
gboolean
web_message_port_get_started (WebMessagePort *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), FALSE);

  return self->started;
}

/**
 * web_message_port_get_buffered_amount: (get-property buffered-amount)
 * @self: a port
 *
 * Gets how many bytes were posted to another process and are not written yet, because the receiver
 * does not take them. Messages that are on their way to the receiver do not count.
 *
 * Must be called on the thread of the port.
 *
 * Returns: the number of bytes, 0 if the other side is in this process
 */
guint64
web_message_port_get_buffered_amount (WebMessagePort *self)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), 0);

  return get_link (self) != NULL ? web_link_get_buffered (get_link (self)) : 0;
}

/**
 * web_message_port_drain_async:
 * @self: a port
 * @amount: how many bytes may still wait; 0 to wait until all is written
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called on the thread of the port
 * @user_data: data for @callback
 *
 * Waits until no more than @amount bytes of what was posted to another process wait to be written.
 *
 * A program that sends much calls this after a post, and goes on in @callback. What is written has
 * left this process, and reaches the receiver even if this process ends. If the receiver is gone,
 * nothing waits any more.
 *
 * A port that was closed may be waited for as well.
 *
 * Must be called on the thread of the port.
 */
void
web_message_port_drain_async (WebMessagePort     *self,
                              guint64             amount,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  Drain *drain;

  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  web_return_if_wrong_thread (self->scheduler);

  drain = g_new (Drain, 1);
  drain->amount = amount;
  drain->call = web_receive_call_new (G_OBJECT (g_object_ref (self)),
                                      self->endpoint != NULL ? &self->endpoint->queue : NULL,
                                      cancellable, callback, user_data);
  self->drains = g_list_append (self->drains, drain);

  if (get_link (self) != NULL)
    web_link_flush (get_link (self));
  if (is_over (self, drain))
    return_drains_later (self);
}

/**
 * web_message_port_drain_finish:
 * @self: a port
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@WebMessaging.MessagePort.drain_async].
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE if the port was transferred, and %G_IO_ERROR_CANCELLED if
 * the call was cancelled.
 *
 * Returns: %TRUE if no more than the given amount waits
 */
gboolean
web_message_port_drain_finish (WebMessagePort *self, GAsyncResult *result, GError **error)
{
  GError *own_error = NULL;

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), FALSE);
  g_return_val_if_fail (web_receive_call_is_result (result, G_OBJECT (self)), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  web_receive_call_propagate (result, &own_error);
  if (own_error == NULL)
    return TRUE;

  g_propagate_error (error, own_error);
  return FALSE;
}

/*
 * web_message_port_get_sender:
 *
 * Returns: (transfer none): who has sent the last message
 */
const WebSender *
web_message_port_get_sender (WebMessagePort *self)
{
  return &self->sender;
}

/**
 * web_message_port_hand_over:
 * @self: a port
 * @error: return location for an error
 *
 * Gives the port up for another thread, which passes the returned object to
 * [func@WebMessaging.MessagePort.take_over]. The messages that wait at the port go with it.
 *
 * This is how a new thread gets its first port; other ports can be sent through the first. The
 * returned object does not belong to a thread. If its last reference is dropped before a thread has
 * taken the port over, the channel ends.
 *
 * Must be called on the thread of the port.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the port was closed or transferred.
 *
 * Returns: (transfer full): an object for web_message_port_take_over()
 */
GObject *
web_message_port_hand_over (WebMessagePort *self, GError **error)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);
  web_return_val_if_wrong_thread (self->scheduler, NULL);

  if (web_message_port_is_detached (WEB_TRANSFERABLE (self)))
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "Port could not be handed over: it was closed or transferred");
      return NULL;
    }

  return web_message_port_transfer (WEB_TRANSFERABLE (self), error);
}

/**
 * web_message_port_take_over:
 * @handed_over: the object that [method@WebMessaging.MessagePort.hand_over] returned
 * @error: return location for an error
 *
 * Makes a port in the thread-default main context of the caller, in place of the port that another
 * thread has handed over.
 *
 * May be called on any thread, once for each port that was handed over. The thread calls
 * g_main_context_push_thread_default() before, with a context of its own; if it has none, the port
 * belongs to the thread that runs the default context, and the library logs a warning.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the port was taken over before, or if @handed_over is
 * something else.
 *
 * Returns: (transfer full): a new port, which is not started
 */
WebMessagePort *
web_message_port_take_over (GObject *handed_over, GError **error)
{
  g_autoptr (WebMessagePort) self = NULL;

  g_return_val_if_fail (G_IS_OBJECT (handed_over), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);
  if (web_scheduler_is_taken_for_own (self->scheduler))
    g_warning (
      "web_message_port_take_over() was called on a thread that has no main context of its "
      "own: messages arrive in the thread that runs the default one. Call "
      "g_main_context_push_thread_default() before");
  if (!web_message_port_receive (WEB_TRANSFERABLE (self), handed_over, error))
    return NULL;

  return g_steal_pointer (&self);
}

/*
 * web_message_port_lives_in:
 *
 * Returns %TRUE if the port belongs to the context of @scheduler.
 */
gboolean
web_message_port_lives_in (WebMessagePort *self, WebScheduler *scheduler)
{
  return self->scheduler == scheduler;
}

/*
 * web_message_port_may_receive:
 *
 * Returns %FALSE if nothing can arrive any more, not even a close event.
 */
gboolean
web_message_port_may_receive (WebMessagePort *self)
{
  return self->endpoint != NULL && !web_task_queue_is_over (&self->endpoint->queue);
}

/*
 * web_message_port_get_peer:
 *
 * Returns: (nullable): the address of who holds the other side of an open channel, if that is in
 *   this process; it may be freed at any time, unless it belongs to this thread
 */
gpointer
web_message_port_get_peer (WebMessagePort *self)
{
  WebEndpoint     *peer = self->endpoint != NULL ? web_endpoint_get_peer (self->endpoint) : NULL;
  WebScheduledInfo info;

  if (peer == NULL)
    return NULL;

  web_task_queue_inspect (&self->endpoint->queue, &info);
  if (!info.is_open)
    return NULL;

  web_task_queue_inspect (&peer->queue, &info);

  return info.owner;
}

/*
 * web_message_port_count_waiting:
 *
 * Returns: how many messages have come and were not delivered
 */
guint
web_message_port_count_waiting (WebMessagePort *self)
{
  WebScheduledInfo info = { .n_tasks = 0 };

  if (self->endpoint != NULL)
    web_task_queue_inspect (&self->endpoint->queue, &info);

  return info.n_tasks;
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
 * A port has at most one such function; a new one replaces the old one. This is the fastest way to
 * receive messages in C.
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
  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  web_return_if_wrong_thread (self->scheduler);

  /* The handler that goes may have had the last reference. */
  g_object_ref (self);
  web_message_event_set_handler (WEB_EVENT_TARGET (self), (WebMessageEventHandler)handler,
                                 user_data, destroy);
  web_message_port_start (self);
  g_object_unref (self);
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
 * A message goes to the call that has waited longest, and not to a handler or listener. The port
 * need not be started: messages wait until somebody asks for them. A call that is cancelled does
 * not take a message. Calls return messages in the order in which they were posted, even if
 * @callback makes the next call. If the main context of the port is finalized first, @callback is
 * never called.
 *
 * Must be called on the thread of the port.
 */
void
web_message_port_receive_async (WebMessagePort     *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  WebReceiveCall *call;

  g_return_if_fail (WEB_IS_MESSAGE_PORT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  web_return_if_wrong_thread (self->scheduler);

  call = web_receive_call_new (G_OBJECT (self->target),
                               self->endpoint != NULL ? &self->endpoint->queue : NULL, cancellable,
                               callback, user_data);
  g_queue_push_tail (&self->calls, call);

  if (self->endpoint != NULL)
    set_demand (self);
  else
    fail_calls_later (self);
}

/**
 * web_message_port_receive_finish:
 * @self: a port
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Gets the message that a call of [method@WebMessaging.MessagePort.receive_async] has waited for.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE if the channel has ended and all messages were delivered,
 * or if the port was transferred; %WEB_MESSAGING_ERROR_DATA_CLONE or an error of an application's
 * class if the message could not be deserialized; %G_IO_ERROR_CANCELLED if the call was cancelled.
 *
 * Returns: (transfer full): the event with the message
 */
WebMessageEvent *
web_message_port_receive_finish (WebMessagePort *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), NULL);
  g_return_val_if_fail (web_receive_call_is_result (result, G_OBJECT (self->target)), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return web_receive_call_propagate (result, error);
}
