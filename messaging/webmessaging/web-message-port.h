/* web-message-port.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gunixfdlist.h>

#include "web-event-target.h"

G_BEGIN_DECLS

/**
 * WebMessageHandler:
 * @port: the port that received the message
 * @event: the event with the message
 * @user_data: the data that was given with the function
 *
 * A function that handles messages. The library calls it on the thread of @port.
 */
typedef void (*WebMessageHandler) (WebMessagePort  *port,
                                   WebMessageEvent *event,
                                   gpointer         user_data);

#define WEB_TYPE_MESSAGE_PORT (web_message_port_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebMessagePort, web_message_port, WEB, MESSAGE_PORT, WebEventTarget)

WEB_AVAILABLE_IN_ALL
gboolean web_message_port_post_message (WebMessagePort         *self,
                                        GVariant               *message,
                                        WebTransferable *const *transfer,
                                        gsize                   n_transfer,
                                        GError                **error);
WEB_AVAILABLE_IN_ALL
gboolean web_message_port_post_serialized (WebMessagePort    *self,
                                           WebSerializedData *message,
                                           GError           **error);

WEB_AVAILABLE_IN_ALL
void web_message_port_start (WebMessagePort *self);
WEB_AVAILABLE_IN_ALL
void web_message_port_close (WebMessagePort *self);
WEB_AVAILABLE_IN_ALL
gboolean web_message_port_get_closed (WebMessagePort *self);
WEB_AVAILABLE_IN_ALL
gboolean web_message_port_get_started (WebMessagePort *self);

WEB_AVAILABLE_IN_ALL
guint64 web_message_port_get_buffered_amount (WebMessagePort *self);
WEB_AVAILABLE_IN_ALL
void web_message_port_drain_async (WebMessagePort     *self,
                                   guint64             amount,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
WEB_AVAILABLE_IN_ALL
gboolean web_message_port_drain_finish (WebMessagePort *self, GAsyncResult *result, GError **error);

WEB_AVAILABLE_IN_ALL
GObject *web_message_port_hand_over (WebMessagePort *self, GError **error);
WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_port_take_over (GObject *handed_over, GError **error);

WEB_AVAILABLE_IN_ALL
void web_message_port_set_on_message (WebMessagePort   *self,
                                      WebMessageHandler handler,
                                      gpointer          user_data,
                                      GDestroyNotify    destroy);

WEB_AVAILABLE_IN_ALL
void web_message_port_receive_async (WebMessagePort     *self,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
WEB_AVAILABLE_IN_ALL
WebMessageEvent *web_message_port_receive_finish (WebMessagePort *self,
                                                  GAsyncResult   *result,
                                                  GError        **error);

/* web-message-port-process.c */
WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_port_new_from_fd (int fd, GError **error);
WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_port_new_from_socket (GSocket *socket, GError **error);
WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_port_new_from_fd_list (GUnixFDList *fd_list, int index, GError **error);
WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_port_new_for_launcher (GSubprocessLauncher *launcher, GError **error);
WEB_AVAILABLE_IN_ALL
WebMessagePort *web_message_port_new_from_environment (GError **error);
WEB_AVAILABLE_IN_ALL
int web_message_port_steal_fd (WebMessagePort *self, GError **error);
WEB_AVAILABLE_IN_ALL
GSocket *web_message_port_steal_socket (WebMessagePort *self, GError **error);
WEB_AVAILABLE_IN_ALL
int web_message_port_steal_to_fd_list (WebMessagePort *self, GUnixFDList *fd_list, GError **error);
WEB_AVAILABLE_IN_ALL
GCredentials *web_message_port_get_peer_credentials (WebMessagePort *self);
WEB_AVAILABLE_IN_ALL
gboolean web_message_port_flush_all (GCancellable *cancellable, GError **error);

G_END_DECLS
