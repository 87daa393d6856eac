/* web-private.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-private.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "loop/web-gjs-engine-private.h"
#include "loop/web-lock-private.h"
#include "loop/web-scheduler-private.h"
#include "web-cluster-private.h"
#include "web-error-event-private.h"
#include "web-event-private.h"
#include "web-event-target-private.h"
#include "web-message-channel-private.h"
#include "web-message-event-private.h"
#include "web-message-port-private.h"
#include "web-realm-private.h"
#include "web-serialized-data-private.h"
#include "web-shared-worker-private.h"
#include "web-transferable.h"
#include "web-worker-global-scope-private.h"
#include "web-worker-private.h"
#include "wire/web-cbor-private.h"

G_STATIC_ASSERT (WEB_PRIVATE_OUT_OF_LINE_SIZE == WEB_CBOR_OUT_OF_LINE);
G_STATIC_ASSERT (WEB_PRIVATE_MAX_DEPTH == WEB_CBOR_MAX_DEPTH);

G_DEFINE_BOXED_TYPE (WebPrivateRealm, web_private_realm, web_realm_ref, web_realm_unref)

/**
 * web_private_realm_new: (constructor)
 * @version: the version of the library that the binding was made for
 * @deserialize: (scope notified) (closure user_data) (destroy destroy): makes values of messages
 * @user_data: data for @deserialize
 * @destroy: called with @user_data when it is no longer needed
 * @error: return location for an error
 *
 * Makes the realm of a language.
 *
 * Sets %G_IO_ERROR_NOT_SUPPORTED if the library is not of @version.
 *
 * Returns: (transfer full): a new realm
 */
WebPrivateRealm *
web_private_realm_new (const char               *version,
                       WebPrivateDeserializeFunc deserialize,
                       gpointer                  user_data,
                       GDestroyNotify            destroy,
                       GError                  **error)
{
  g_return_val_if_fail (version != NULL, NULL);
  g_return_val_if_fail (deserialize != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!g_str_equal (version, WEB_PRIVATE_VERSION))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "This binding is for version %s of libwebmessaging, but the library is of "
                   "version %s",
                   version, WEB_PRIVATE_VERSION);
      if (destroy != NULL)
        destroy (user_data);
      return NULL;
    }

  return web_realm_new (deserialize, user_data, destroy);
}

/**
 * web_private_realm_set_checkpoint:
 * @self: a realm that has adopted nothing yet
 * @checkpoint: (scope notified) (closure user_data) (destroy destroy): performs a microtask
 *   checkpoint
 * @user_data: data for @checkpoint
 * @destroy: called with @user_data when it is no longer needed
 *
 * Sets the function that the library calls before and after an event at a target of the realm.
 */
void
web_private_realm_set_checkpoint (WebPrivateRealm         *self,
                                  WebPrivateCheckpointFunc checkpoint,
                                  gpointer                 user_data,
                                  GDestroyNotify           destroy)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (checkpoint != NULL);

  web_realm_set_checkpoint (self, checkpoint, user_data, destroy);
}

/**
 * web_private_realm_set_find:
 * @self: a realm that tracks nothing yet
 * @find: (scope notified) (closure user_data) (destroy destroy): finds an event target
 * @user_data: data for @find
 * @destroy: called with @user_data when it is no longer needed
 *
 * Sets the function for web_private_realm_track().
 */
void
web_private_realm_set_find (WebPrivateRealm   *self,
                            WebPrivateFindFunc find,
                            gpointer           user_data,
                            GDestroyNotify     destroy)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (find != NULL);

  web_realm_set_find (self, find, user_data, destroy);
}

/**
 * web_private_realm_track:
 * @self: a realm with a find function
 * @target: an event target with a wrapper that has a toggle reference
 *
 * Lets the library call the find function before it takes a reference to @target, if nothing but
 * the wrapper may refer to @target.
 *
 * A language needs this if its garbage collector frees objects on any thread, a few at a time, and
 * lets other threads run meanwhile. An event that comes then must not reach a wrapper that is about
 * to be freed, and no toggle notification may wait for the lock of the language meanwhile.
 *
 * Must be called on the thread of @target.
 *
 * Returns: the number of @target, never 0, which is the same each time
 */
guint64
web_private_realm_track (WebPrivateRealm *self, WebEventTarget *target)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (WEB_IS_EVENT_TARGET (target), 0);

  return web_event_target_track (target, self);
}

/**
 * web_private_attach_gjs:
 *
 * Lets the library ask the engine of GJS on this thread whether a script can be called, and run its
 * microtasks, so that its realm needs no checkpoint function.
 *
 * Returns: %FALSE if the engine is unknown
 */
gboolean
web_private_attach_gjs (void)
{
  return web_gjs_engine_attach ();
}

/**
 * web_private_realm_adopt:
 * @self: a realm
 * @target: an event target that a script of the realm listens to
 *
 * Messages that arrive at @target become values of the realm from now on, before anybody sees
 * their events.
 *
 * Must be called on the thread of @target.
 */
void
web_private_realm_adopt (WebPrivateRealm *self, WebEventTarget *target)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (WEB_IS_EVENT_TARGET (target));

  web_event_target_set_realm (target, self);
}

/* The port that an event target posts and receives through. */
static WebMessagePort *
get_port (WebEventTarget *target)
{
  if (WEB_IS_WORKER (target))
    return web_worker_get_port (WEB_WORKER (target));
  if (WEB_IS_WORKER_GLOBAL_SCOPE (target))
    return web_worker_global_scope_get_port (WEB_WORKER_GLOBAL_SCOPE (target));

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (target), NULL);

  return WEB_MESSAGE_PORT (target);
}

/**
 * web_private_belongs_here:
 * @target: a port, a worker, or the scope of a dedicated worker
 *
 * Returns: %TRUE if @target belongs to the thread-default main context, and no other thread runs
 * that
 */
gboolean
web_private_belongs_here (WebEventTarget *target)
{
  g_autoptr (WebScheduler) scheduler = web_scheduler_ref_thread_default ();
  WebMessagePort *port = get_port (target);

  g_return_val_if_fail (port != NULL, FALSE);

  return web_message_port_lives_in (port, scheduler) && web_scheduler_is_usable (scheduler);
}

/**
 * web_private_is_over:
 * @target: a port, a worker, or the scope of a dedicated worker
 *
 * Must be called on the thread of @target.
 *
 * Returns: %TRUE if the channel of @target has ended, or was given away
 */
gboolean
web_private_is_over (WebEventTarget *target)
{
  WebMessagePort *port = get_port (target);

  g_return_val_if_fail (port != NULL, TRUE);

  return web_message_port_get_closed (port) ||
         web_transferable_is_detached (WEB_TRANSFERABLE (port));
}

/**
 * web_private_may_receive:
 * @port: a port
 *
 * Must be called on the thread of @port.
 *
 * Returns: %TRUE as long as messages or a close event may still arrive at @port. What arrived
 * before the port was closed still does.
 */
gboolean
web_private_may_receive (WebMessagePort *port)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (port), FALSE);

  return web_message_port_may_receive (port);
}

/**
 * web_private_get_peer: (skip)
 * @port: a port
 *
 * Gets who holds the other side of an open channel: a port, a worker, or the scope of a worker.
 *
 * Another thread may give the other side away or free its holder at any time. So the address is
 * only to be compared with those of objects that belong to this thread.
 *
 * Must be called on the thread of @port.
 *
 * Returns: (nullable): an address, %NULL if the channel is not open, or if the other side is on its
 *   way or in another process
 */
gpointer
web_private_get_peer (WebMessagePort *port)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (port), NULL);

  return web_message_port_get_peer (port);
}

/**
 * web_private_count_waiting: (skip)
 * @port: a port
 *
 * Must be called on the thread of @port.
 *
 * Returns: how many messages have come to @port and were not delivered
 */
guint
web_private_count_waiting (WebMessagePort *port)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (port), 0);

  return web_message_port_count_waiting (port);
}

/**
 * web_private_fire_message:
 * @target: a port, a worker, or the scope of a dedicated worker
 * @event: a message of @target that the language has received before
 *
 * Fires an event as if it had just arrived.
 *
 * Must be called on the thread of @target.
 */
void
web_private_fire_message (WebEventTarget *target, WebMessageEvent *event)
{
  g_return_if_fail (WEB_IS_EVENT_TARGET (target));
  g_return_if_fail (WEB_IS_MESSAGE_EVENT (event));

  g_object_ref (target);
  g_object_ref (event);
  web_event_target_fire_event (target, WEB_EVENT (event),
                               g_signal_lookup ("message", G_OBJECT_TYPE (target)));
  g_object_unref (event);
  g_object_unref (target);
}

/**
 * web_private_is_locked:
 *
 * Tells, in a debug build, whether this thread holds a lock of the library. Tests check that the
 * library holds none while it calls code of a program.
 *
 * Returns: %TRUE if the thread holds a lock
 */
gboolean
web_private_is_locked (void)
{
  return web_mutex_is_held ();
}

/**
 * web_private_exit:
 *
 * Ends the process of a worker that has closed, and leaves the interpreter as it is: GJS 1.74
 * aborts at its exit while a module is being imported.
 */
void
web_private_exit (void)
{
  web_cluster_end_children ();
  fflush (NULL);
  _exit (EXIT_SUCCESS);
}

/**
 * web_private_set_batching:
 * @batching: whether a turn of the main loop may deliver several messages
 *
 * Sets whether the ports and windows of the thread-default main context deliver several messages in
 * one turn of the main loop, which is faster, and the default.
 *
 * Without batching, sources of a higher priority come between any two messages. The host of a
 * language that settles its promises from such a source turns batching off, so that this happens
 * after each message: HTML, webappapis.html#perform-a-microtask-checkpoint.
 */
void
web_private_set_batching (gboolean batching)
{
  g_autoptr (WebScheduler) scheduler = web_scheduler_ref_thread_default ();

  web_scheduler_set_batching (scheduler, batching);
}

/**
 * web_private_release_ports:
 * @object: a channel or a shared worker
 *
 * Gives the references of @object to its ports up; the caller keeps them instead.
 *
 * Must be called on the thread of @object.
 */
void
web_private_release_ports (GObject *object)
{
  if (WEB_IS_SHARED_WORKER (object))
    {
      web_shared_worker_release_port (WEB_SHARED_WORKER (object));
      return;
    }

  g_return_if_fail (WEB_IS_MESSAGE_CHANNEL (object));

  web_message_channel_release_ports (WEB_MESSAGE_CHANNEL (object));
}

/**
 * web_private_shared_worker_launch:
 * @url: what the worker runs
 * @name: the name of the worker
 * @options: how it runs
 * @argv: (array zero-terminated=1): the command that starts it, if it does not run yet
 * @data: what it gets at its start
 *
 * Does what [ctor@WebMessaging.SharedWorker.new] does, but the user gets an error if the worker was
 * started with other @options.
 *
 * Returns: (transfer full): a new object
 */
WebSharedWorker *
web_private_shared_worker_launch (const char        *url,
                                  const char        *name,
                                  const char        *options,
                                  const char *const *argv,
                                  GVariant          *data)
{
  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);
  g_return_val_if_fail (data != NULL, NULL);

  return web_shared_worker_new_process (url, name, options, argv, data);
}

/**
 * web_private_shared_worker_new:
 * @url: what the worker runs, and for whom
 * @name: the name of the worker
 * @options: how it runs
 * @func: (scope notified) (closure user_data) (destroy destroy): what it runs
 * @user_data: data for @func
 * @destroy: called with @user_data, on any thread, when it is no longer needed
 *
 * Connects to the shared worker of this process that has this URL and name, and starts a thread if
 * there is none. The user gets an error if the worker was started with other @options.
 *
 * Returns: (transfer full): a new object in the thread-default main context
 */
WebSharedWorker *
web_private_shared_worker_new (const char          *url,
                               const char          *name,
                               const char          *options,
                               WebPrivateWorkerFunc func,
                               gpointer             user_data,
                               GDestroyNotify       destroy)
{
  WebSharedThread *thread;

  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  thread = g_new (WebSharedThread, 1);
  *thread = (WebSharedThread){ g_strdup (options), func, user_data, destroy };

  return web_shared_worker_new_thread (url, name, thread);
}

/**
 * web_private_leave_shared_worker:
 * @worker: a shared worker
 *
 * Ends what @worker is for the worker: a user.
 */
void
web_private_leave_shared_worker (WebSharedWorker *worker)
{
  g_return_if_fail (WEB_IS_SHARED_WORKER (worker));

  web_shared_worker_leave (worker);
}

/**
 * web_private_post_cbor:
 * @target: a port, a worker, or the scope of a dedicated worker
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
 * Posts a message that a script has encoded, with the errors of
 * [method@WebMessaging.MessagePort.post_message].
 *
 * Must be called on the thread of @target.
 *
 * Returns: %TRUE if the message was posted
 */
gboolean
web_private_post_cbor (WebEventTarget         *target,
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
  WebMessagePort *port = get_port (target);

  g_return_val_if_fail (port != NULL, FALSE);
  g_return_val_if_fail (cbor != NULL, FALSE);
  g_return_val_if_fail (buffers != NULL || n_buffers == 0, FALSE);
  g_return_val_if_fail (transfer != NULL || n_transfer == 0, FALSE);
  g_return_val_if_fail (objects != NULL || n_objects == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return web_message_port_post_cbor (port, cbor, size, buffers, n_buffers, transfer, n_transfer,
                                     objects, n_objects, error);
}

/**
 * web_private_serialize_cbor:
 * @cbor: the value of the message, in CBOR
 * @buffers: (array length=n_buffers) (nullable): the byte arrays that @cbor refers to
 * @n_buffers: how many there are in @buffers
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with it
 * @n_transfer: how many there are in @transfer
 * @objects: (array length=n_objects) (nullable): the objects to be cloned with it
 * @n_objects: how many there are in @objects
 * @error: return location for an error
 *
 * Serializes a value that a script has encoded, as [ctor@WebMessaging.SerializedData.new] does
 * with a `GVariant`.
 *
 * @cbor must be as docs/wire-format.md describes it. The library validates it only when somebody
 * reads the message, who gets the error then.
 *
 * Must be called on the thread of the objects in @transfer and @objects. When it fails, nothing
 * was transferred.
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_private_serialize_cbor (GBytes                 *cbor,
                            GBytes *const          *buffers,
                            gsize                   n_buffers,
                            WebTransferable *const *transfer,
                            gsize                   n_transfer,
                            WebSerializable *const *objects,
                            gsize                   n_objects,
                            GError                **error)
{
  return web_serialized_data_new_for_cbor (cbor, buffers, n_buffers, transfer, n_transfer, objects,
                                           n_objects, error);
}

/**
 * web_private_get_cbor:
 * @data: a message
 *
 * Gets the value of a message in CBOR. May be called on any thread.
 *
 * Returns: (transfer none) (nullable): the value, %NULL for a message with no value
 */
GBytes *
web_private_get_cbor (WebSerializedData *data)
{
  g_return_val_if_fail (data != NULL, NULL);

  return web_serialized_data_get_cbor (data);
}

/**
 * web_private_get_buffers:
 * @data: a message
 *
 * Gets the byte arrays that the value in CBOR refers to. May be called on any thread.
 *
 * Returns: (transfer none) (nullable) (element-type GLib.Bytes): the byte arrays, %NULL if there
 *   are none
 */
GPtrArray *
web_private_get_buffers (WebSerializedData *data)
{
  g_return_val_if_fail (data != NULL, NULL);

  return web_serialized_data_get_buffers (data);
}

/**
 * web_private_receive_objects:
 * @data: a message
 * @objects: (out) (nullable) (transfer container) (element-type GObject): return location for the
 *   objects that come with the value, %NULL if there are none
 * @error: return location for an error
 *
 * Does the part of [method@WebMessaging.SerializedData.deserialize] that concerns objects. The
 * value is for the caller to read.
 *
 * May be called on any thread.
 *
 * Returns: %TRUE if all objects were received
 */
gboolean
web_private_receive_objects (WebSerializedData *data, GPtrArray **objects, GError **error)
{
  g_return_val_if_fail (data != NULL, FALSE);
  g_return_val_if_fail (objects != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return web_serialized_data_deserialize_objects (data, objects, error);
}

/**
 * web_private_get_message:
 * @event: an event
 *
 * Gets the message as it was serialized. The event has already received the objects that were
 * transferred in it.
 *
 * Returns: (transfer none) (nullable): the message; %NULL if it was posted as a `GVariant` and
 *   arrived as that, or if the event was made by the program
 */
WebSerializedData *
web_private_get_message (WebMessageEvent *event)
{
  g_return_val_if_fail (WEB_IS_MESSAGE_EVENT (event), NULL);

  return web_message_event_get_message (event);
}

/**
 * web_private_ref_target:
 * @event: an event
 *
 * Gets the target, as [method@WebMessaging.Event.get_target] does, with a reference.
 *
 * Returns: (transfer full) (nullable): the target
 */
WebEventTarget *
web_private_ref_target (WebEvent *event)
{
  g_return_val_if_fail (WEB_IS_EVENT (event), NULL);

  return web_event_ref_target (event);
}

/**
 * web_private_get_exception:
 * @event: the event of an error in a worker
 *
 * Gets what was thrown in the worker.
 *
 * Returns: (transfer full) (nullable): a message with the exception, %NULL if there is none, or if
 *   it could not be serialized
 */
WebSerializedData *
web_private_get_exception (WebErrorEvent *event)
{
  GBytes *bytes;

  g_return_val_if_fail (WEB_IS_ERROR_EVENT (event), NULL);

  bytes = web_error_event_get_exception (event);

  return bytes != NULL ? web_serialized_data_new_from_bytes (bytes, NULL) : NULL;
}

/**
 * web_private_get_library_folder:
 *
 * Gets the folder of the library. A program may have told nobody but GIRepository where that is,
 * and its workers have a GIRepository of their own.
 *
 * Returns: (transfer full) (nullable) (type filename): the folder, %NULL if it is not known
 */
char *
web_private_get_library_folder (void)
{
  Dl_info          info;
  g_autofree char *path = NULL;

  if (dladdr (web_private_get_library_folder, &info) == 0 || info.dli_fname == NULL)
    return NULL;

  path = g_canonicalize_filename (info.dli_fname, NULL);

  return g_path_get_dirname (path);
}
