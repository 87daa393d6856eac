/* web-private-listener.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-private-listener.h"

#include "web-dedicated-worker-global-scope.h"
#include "web-worker.h"

/* Reference-counted (g_atomic_rc_box), because a target may be freed on another thread. */
struct _WebPrivateListener
{
  WebPrivateListenFunc listen;
  gpointer             listen_data;
  GDestroyNotify       listen_destroy;

  WebPrivateReceiveFunc receive; /* nullable */
  gpointer              receive_data;
  GDestroyNotify        receive_destroy;
};

static WebPrivateListener *
web_private_listener_ref (WebPrivateListener *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
web_private_listener_clear (WebPrivateListener *self)
{
  if (self->listen_destroy != NULL)
    self->listen_destroy (self->listen_data);
  if (self->receive_destroy != NULL)
    self->receive_destroy (self->receive_data);
}

static void
web_private_listener_unref (WebPrivateListener *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)web_private_listener_clear);
}

G_DEFINE_BOXED_TYPE (WebPrivateListener,
                     web_private_listener,
                     web_private_listener_ref,
                     web_private_listener_unref)

/* A registration at one target. */
typedef struct
{
  WebPrivateListener *listener; /* owned */
  guint               id;
} Registration;

static Registration *
registration_new (WebPrivateListener *listener)
{
  Registration *self = g_new0 (Registration, 1);

  self->listener = web_private_listener_ref (listener);

  return self;
}

static void
registration_free (gpointer data)
{
  Registration *self = data;

  web_private_listener_unref (self->listener);
  g_free (self);
}

static void
on_event (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  Registration *self = user_data;

  self->listener->listen (target, event, self->id, self->listener->listen_data);
}

/**
 * web_private_listener_new: (constructor)
 * @listen: (scope notified) (closure user_data) (destroy destroy): called with each event
 * @user_data: data for @listen
 * @destroy: called with @user_data when it is no longer needed
 *
 * Makes a listener, with which a language listens at all event targets.
 *
 * Returns: (transfer full): a new listener
 */
WebPrivateListener *
web_private_listener_new (WebPrivateListenFunc listen, gpointer user_data, GDestroyNotify destroy)
{
  WebPrivateListener *self = g_atomic_rc_box_new0 (WebPrivateListener);

  self->listen = listen;
  self->listen_data = user_data;
  self->listen_destroy = destroy;

  return self;
}

/**
 * web_private_listener_set_receive_func:
 * @self: a listener that has received nothing yet
 * @receive: (scope notified) (closure user_data) (destroy destroy): called with each message
 * @user_data: data for @receive
 * @destroy: called with @user_data when it is no longer needed
 *
 * Sets the function that web_private_listener_receive() calls back.
 */
void
web_private_listener_set_receive_func (WebPrivateListener   *self,
                                       WebPrivateReceiveFunc receive,
                                       gpointer              user_data,
                                       GDestroyNotify        destroy)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->receive == NULL);

  self->receive = receive;
  self->receive_data = user_data;
  self->receive_destroy = destroy;
}

/**
 * web_private_listener_add:
 * @self: a listener
 * @target: an event target
 * @type: the type of the events to listen to
 * @flags: how the listener is called
 *
 * Adds a listener, which [method@WebMessaging.EventTarget.remove_event_listener] removes.
 *
 * Must be called on the thread of @target.
 *
 * Returns: an identifier, never 0
 */
guint
web_private_listener_add (WebPrivateListener *self,
                          WebEventTarget     *target,
                          const char         *type,
                          WebListenerFlags    flags)
{
  Registration *registration;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (WEB_IS_EVENT_TARGET (target), 0);
  g_return_val_if_fail (type != NULL, 0);

  registration = registration_new (self);
  registration->id = web_event_target_add_event_listener (target, type, flags, on_event,
                                                          registration, registration_free);

  return registration->id;
}

/**
 * web_private_listener_set_handler:
 * @self: a listener
 * @target: an event target
 * @type: the type of the events to handle
 * @handles: whether there is an event handler
 *
 * Sets or removes an event handler, as [method@WebMessaging.EventTarget.set_event_handler] does.
 *
 * Must be called on the thread of @target.
 */
void
web_private_listener_set_handler (WebPrivateListener *self,
                                  WebEventTarget     *target,
                                  const char         *type,
                                  gboolean            handles)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (WEB_IS_EVENT_TARGET (target));
  g_return_if_fail (type != NULL);

  if (handles)
    web_event_target_set_event_handler (target, type, on_event, registration_new (self),
                                        registration_free);
  else
    web_event_target_set_event_handler (target, type, NULL, NULL, NULL);
}

static void
on_received (GObject *target, GAsyncResult *result, gpointer user_data)
{
  WebPrivateListener *self = user_data;

  self->receive (WEB_EVENT_TARGET (target), result, self->receive_data);
  web_private_listener_unref (self);
}

/**
 * web_private_listener_receive:
 * @self: a listener with a receive function
 * @target: a port, a worker, or the scope of a dedicated worker
 * @cancellable: (nullable): a cancellable
 *
 * Asks for the next message, as [method@WebMessaging.MessagePort.receive_async] does.
 *
 * Must be called on the thread of @target.
 */
void
web_private_listener_receive (WebPrivateListener *self,
                              WebEventTarget     *target,
                              GCancellable       *cancellable)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->receive != NULL);

  web_private_listener_ref (self);
  if (WEB_IS_WORKER (target))
    web_worker_receive_async (WEB_WORKER (target), cancellable, on_received, self);
  else if (WEB_IS_DEDICATED_WORKER_GLOBAL_SCOPE (target))
    web_dedicated_worker_global_scope_receive_async (WEB_DEDICATED_WORKER_GLOBAL_SCOPE (target),
                                                     cancellable, on_received, self);
  else
    web_message_port_receive_async (WEB_MESSAGE_PORT (target), cancellable, on_received, self);
}

/**
 * web_private_listener_drain:
 * @self: a listener with a receive function, which is called with the result
 * @port: a port
 * @amount: how many bytes may still wait
 * @cancellable: (nullable): a cancellable
 *
 * Waits as [method@WebMessaging.MessagePort.drain_async] does.
 *
 * Must be called on the thread of @port.
 */
void
web_private_listener_drain (WebPrivateListener *self,
                            WebMessagePort     *port,
                            guint64             amount,
                            GCancellable       *cancellable)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->receive != NULL);
  g_return_if_fail (WEB_IS_MESSAGE_PORT (port));

  web_message_port_drain_async (port, amount, cancellable, on_received,
                                web_private_listener_ref (self));
}
