/* web-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* The GIR namespace WebMessagingPrivate, which only the bindings of languages call. Only its
 * typelib is installed. It changes without notice, so a binding asks for its own version. */

#include <webmessaging/bindings/web-private-version.h>
#include <webmessaging/web-serialized-data.h>
#include <webmessaging/web-shared-worker.h>
#include <webmessaging/web-types.h>
#include <webmessaging/web-worker-global-scope.h>

G_BEGIN_DECLS

/**
 * WEB_PRIVATE_OUT_OF_LINE_SIZE:
 *
 * The size in bytes from which on byte arrays of a message are kept out of line.
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
 * @cbor: (array length=size) (nullable): the message in CBOR, %NULL if it has no value
 * @size: how many bytes there are in @cbor
 * @user_data: (closure): the data of web_private_realm_new()
 *
 * Turns the message that has arrived with @event into a value of a script.
 *
 * Returns: 1, or -1 if the language has no such value; 0 if the language did not call its function
 */
typedef int (*WebPrivateDeserializeFunc) (WebMessageEvent *event,
                                          const guint8    *cbor,
                                          gsize            size,
                                          gpointer         user_data);

/**
 * WebPrivateCheckpointFunc:
 * @user_data: (closure): the data of web_private_realm_set_checkpoint()
 *
 * Performs a microtask checkpoint. The library calls this after it has fired an event, and also
 * before, to find out whether the language calls anything at all.
 *
 * Returns: %TRUE; %FALSE if the language did not call its function
 */
typedef gboolean (*WebPrivateCheckpointFunc) (gpointer user_data);

/**
 * WebPrivateFindFunc:
 * @number: what web_private_realm_track() has returned
 * @user_data: (closure): the data of web_private_realm_set_find()
 *
 * Finds an event target that the realm tracks.
 *
 * Returns: (transfer full) (nullable): the event target, %NULL if the language has found that it is
 *   garbage
 */
typedef WebEventTarget *(*WebPrivateFindFunc) (guint64 number, gpointer user_data);

/**
 * WebPrivateRealm:
 *
 * A realm turns messages that arrive into values of a language.
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
void web_private_realm_set_find (WebPrivateRealm   *self,
                                 WebPrivateFindFunc find,
                                 gpointer           user_data,
                                 GDestroyNotify     destroy);
WEB_AVAILABLE_IN_ALL
gboolean web_private_attach_gjs (void);

WEB_AVAILABLE_IN_ALL
guint64 web_private_realm_track (WebPrivateRealm *self, WebEventTarget *target);
WEB_AVAILABLE_IN_ALL
void web_private_realm_adopt (WebPrivateRealm *self, WebEventTarget *target);

WEB_AVAILABLE_IN_ALL
gboolean web_private_belongs_here (WebEventTarget *target);
WEB_AVAILABLE_IN_ALL
gboolean web_private_is_over (WebEventTarget *target);
WEB_AVAILABLE_IN_ALL
gboolean web_private_may_receive (WebMessagePort *port);
WEB_AVAILABLE_IN_ALL
gpointer web_private_get_peer (WebMessagePort *port);
WEB_AVAILABLE_IN_ALL
guint web_private_count_waiting (WebMessagePort *port);
WEB_AVAILABLE_IN_ALL
void web_private_fire_message (WebEventTarget *target, WebMessageEvent *event);
WEB_AVAILABLE_IN_ALL
gboolean web_private_is_locked (void);
WEB_AVAILABLE_IN_ALL
void web_private_exit (void);
WEB_AVAILABLE_IN_ALL
void web_private_set_batching (gboolean batching);

/**
 * WebPrivateWorkerFunc:
 * @scope: the scope of a worker
 * @user_data: (closure): data
 *
 * What a shared worker runs.
 */
typedef void (*WebPrivateWorkerFunc) (WebWorkerGlobalScope *scope, gpointer user_data);

WEB_AVAILABLE_IN_ALL
WebSharedWorker *web_private_shared_worker_launch (const char        *url,
                                                   const char        *name,
                                                   const char        *options,
                                                   const char *const *argv,
                                                   GVariant          *data);
WEB_AVAILABLE_IN_ALL
WebSharedWorker *web_private_shared_worker_new (const char          *url,
                                                const char          *name,
                                                const char          *options,
                                                WebPrivateWorkerFunc func,
                                                gpointer             user_data,
                                                GDestroyNotify       destroy);
WEB_AVAILABLE_IN_ALL
void web_private_leave_shared_worker (WebSharedWorker *worker);

WEB_AVAILABLE_IN_ALL
void web_private_release_ports (GObject *object);
WEB_AVAILABLE_IN_ALL
gboolean web_private_post_cbor (WebEventTarget         *target,
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
WEB_AVAILABLE_IN_ALL
WebEventTarget *web_private_ref_target (WebEvent *event);

WEB_AVAILABLE_IN_ALL
WebSerializedData *web_private_get_exception (WebErrorEvent *event);

WEB_AVAILABLE_IN_ALL
char *web_private_get_library_folder (void);

G_END_DECLS
