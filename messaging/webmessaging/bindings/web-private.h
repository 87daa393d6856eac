/* web-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* What only the bindings of languages call: the GIR namespace WebMessagingPrivate. It is not
 * installed but for its typelib, and changes without notice: a binding asks for its own version. */

#include <webmessaging/bindings/web-private-version.h>
#include <webmessaging/web-serialized-data.h>
#include <webmessaging/web-types.h>

G_BEGIN_DECLS

/**
 * WEB_PRIVATE_OUT_OF_LINE_SIZE:
 *
 * Byte arrays of a message from this size on are kept out of line, in bytes.
 */
#define WEB_PRIVATE_OUT_OF_LINE_SIZE 4096

/**
 * WEB_PRIVATE_MAX_DEPTH:
 *
 * How deep the values of a message may be nested.
 */
#define WEB_PRIVATE_MAX_DEPTH 1024

/**
 * WebPrivateDeserializeFunc:
 * @event: an event that nobody has seen yet
 * @cbor: (array length=size) (nullable): the message that it brings, in CBOR; %NULL if it has no
 *   value
 * @size: how many bytes there are in @cbor
 * @user_data: (closure): the data of web_private_realm_new()
 *
 * Makes a value of a script of the message that has arrived with @event.
 *
 * Returns: 1 if it could be made, -1 if the message cannot be a value of the script. 0 stands for a
 *   function that the language did not call
 */
typedef int (*WebPrivateDeserializeFunc) (WebMessageEvent *event,
                                          const guint8    *cbor,
                                          gsize            size,
                                          gpointer         user_data);

/**
 * WebPrivateCheckpointFunc:
 * @user_data: (closure): the data of web_private_realm_set_checkpoint()
 *
 * Performs a microtask checkpoint. It is called after an event of the library's own was fired, and
 * also before, to find out whether the language calls anything at all.
 *
 * Returns: %TRUE. %FALSE stands for a function that the language did not call
 */
typedef gboolean (*WebPrivateCheckpointFunc) (gpointer user_data);

/**
 * WebPrivateRealm:
 *
 * What makes values of a language of the messages that arrive.
 */
typedef struct _WebRealm WebPrivateRealm;

#define WEB_PRIVATE_TYPE_REALM (web_private_realm_get_type ())

WEB_AVAILABLE_IN_ALL
GType web_private_realm_get_type (void) G_GNUC_CONST;

WEB_AVAILABLE_IN_ALL
WebPrivateRealm *web_private_realm_new (const char               *version,
                                        WebPrivateDeserializeFunc deserialize,
                                        gpointer                  user_data,
                                        GDestroyNotify            destroy,
                                        GError                  **error);
WEB_AVAILABLE_IN_ALL
void web_private_realm_set_checkpoint (WebPrivateRealm         *self,
                                       WebPrivateCheckpointFunc checkpoint,
                                       gpointer                 user_data,
                                       GDestroyNotify           destroy);
WEB_AVAILABLE_IN_ALL
gboolean web_private_attach_gjs (void);

WEB_AVAILABLE_IN_ALL
void web_private_realm_adopt (WebPrivateRealm *self, WebEventTarget *target);

WEB_AVAILABLE_IN_ALL
gboolean web_private_is_locked (void);
WEB_AVAILABLE_IN_ALL
void web_private_set_batching (gboolean batching);

WEB_AVAILABLE_IN_ALL
void web_private_release_ports (WebMessageChannel *channel);
WEB_AVAILABLE_IN_ALL
gboolean web_private_post_cbor (WebMessagePort         *port,
                                const guint8           *cbor,
                                gsize                   size,
                                GBytes *const          *buffers,
                                gsize                   n_buffers,
                                WebTransferable *const *transfer,
                                gsize                   n_transfer,
                                WebSerializable *const *objects,
                                gsize                   n_objects,
                                GError                **error);
WEB_AVAILABLE_IN_ALL
WebSerializedData *web_private_serialize_cbor (GBytes                 *cbor,
                                               GBytes *const          *buffers,
                                               gsize                   n_buffers,
                                               WebTransferable *const *transfer,
                                               gsize                   n_transfer,
                                               WebSerializable *const *objects,
                                               gsize                   n_objects,
                                               GError                **error);
WEB_AVAILABLE_IN_ALL
GBytes *web_private_get_cbor (WebSerializedData *data);
WEB_AVAILABLE_IN_ALL
GPtrArray *web_private_get_buffers (WebSerializedData *data);
WEB_AVAILABLE_IN_ALL
gboolean web_private_receive_objects (WebSerializedData *data, GPtrArray **objects, GError **error);
WEB_AVAILABLE_IN_ALL
WebSerializedData *web_private_get_message (WebMessageEvent *event);

G_END_DECLS
