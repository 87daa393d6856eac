/* web-private-listener.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* Listeners and receivers for a language whose garbage collector does not see the references of C:
 * one function for all objects, which finds the script's function in the object. */

#include <webmessaging/web-event-target.h>
#include <webmessaging/web-message-port.h>
#include <webmessaging/web-types.h>

G_BEGIN_DECLS

/**
 * WebPrivateListenFunc:
 * @target: the object at which the event is dispatched
 * @event: the event
 * @id: what web_private_listener_add() returned, 0 for an event handler
 * @user_data: (closure): the data of web_private_listener_new()
 *
 * A function that is called with the events of many targets.
 */
typedef void (*WebPrivateListenFunc) (WebEventTarget *target,
                                      WebEvent       *event,
                                      guint           id,
                                      gpointer        user_data);

/**
 * WebPrivateReceiveFunc:
 * @target: the port, worker or scope
 * @result: the result for the finish function of @target
 * @user_data: (closure): the data of web_private_listener_set_receive_func()
 *
 * A function that is called with the messages of many targets.
 */
typedef void (*WebPrivateReceiveFunc) (WebEventTarget *target,
                                       GAsyncResult   *result,
                                       gpointer        user_data);

/**
 * WebPrivateListener:
 *
 * The listener of a language at all event targets. It does not hold a function of a script.
 */
typedef struct _WebPrivateListener WebPrivateListener;

#define WEB_PRIVATE_TYPE_LISTENER (web_private_listener_get_type ())

WEB_AVAILABLE_IN_ALL
GType web_private_listener_get_type (void) G_GNUC_CONST;

WEB_AVAILABLE_IN_ALL
WebPrivateListener *web_private_listener_new (WebPrivateListenFunc listen,
                                              gpointer             user_data,
                                              GDestroyNotify       destroy);
WEB_AVAILABLE_IN_ALL
void web_private_listener_set_receive_func (WebPrivateListener   *self,
                                            WebPrivateReceiveFunc receive,
                                            gpointer              user_data,
                                            GDestroyNotify        destroy);
WEB_AVAILABLE_IN_ALL
guint web_private_listener_add (WebPrivateListener *self,
                                WebEventTarget     *target,
                                const char         *type,
                                WebListenerFlags    flags);
WEB_AVAILABLE_IN_ALL
void web_private_listener_set_handler (WebPrivateListener *self,
                                       WebEventTarget     *target,
                                       const char         *type,
                                       gboolean            handles);
WEB_AVAILABLE_IN_ALL
void web_private_listener_receive (WebPrivateListener *self,
                                   WebEventTarget     *target,
                                   GCancellable       *cancellable);
WEB_AVAILABLE_IN_ALL
void web_private_listener_drain (WebPrivateListener *self,
                                 WebMessagePort     *port,
                                 guint64             amount,
                                 GCancellable       *cancellable);

G_END_DECLS
