/* web-serialized-data.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "transport/web-endpoint-holder-private.h"
#include "web-error.h"
#include "web-serialized-data-private.h"

/**
 * WebSerializedData:
 *
 * A serialized message: a value, and the objects that were transferred or cloned with it.
 *
 * It is the record that the standard calls *serialized* or *serialize with transfer result*. It is
 * immutable and belongs to no thread: any thread may hold references to it. A value that is a
 * `GVariant` is not copied.
 *
 * [method@WebMessaging.MessagePort.post_message] makes one behind the scenes. A program makes one
 * itself to send copies of objects of its own ([iface@WebMessaging.Serializable]), or to post the
 * same message to many ports.
 *
 * ## Objects in a value
 *
 * A `h` value (`g_variant_new_handle()`) stands for an object, as it stands for a descriptor in
 * D-Bus. Its number counts through the transfer list first and through the list of cloned objects
 * after it: with two entries in the transfer list, handles 0 and 1 are those, and handle 2 is the
 * first cloned object. The receiver finds its own object under the same number.
 *
 * ## Two forms of a value
 *
 * A program in C makes a message of a `GVariant`. Scripts make theirs of CBOR, which has types that
 * a `GVariant` has not. The record converts one form to the other when somebody asks for it, and
 * keeps both.
 *
 * [method@WebMessaging.SerializedData.to_bytes] and
 * [ctor@WebMessaging.SerializedData.new_from_bytes] carry a message to another process.
 * [The wire format](wire-format.html) has the details.
 *
 * See [Safe passing of structured
 * data](https://html.spec.whatwg.org/#safe-passing-of-structured-data).
 */

G_DEFINE_BOXED_TYPE (WebSerializedData,
                     web_serialized_data,
                     web_serialized_data_ref,
                     web_serialized_data_unref)

WebSerializedData *
web_serialized_data_new_empty (void)
{
  WebSerializedData *self = g_new (WebSerializedData, 1);

  memset (self, 0, G_STRUCT_OFFSET (WebSerializedData, message));
  self->ref_count = 1;

  return self;
}

/* The message goes with the record. */
static void
free_own_message (WebTask *task, gboolean lost)
{
  web_message_clear ((WebMessage *)task, lost);
}

/*
 * web_serialized_data_to_message:
 * @self: (transfer full): a record
 * @holders: (transfer full) (nullable): the ports that travel in it
 *
 * Returns: (transfer full): a message that carries the record; a part of it, if nobody else has the
 *   record
 */
WebMessage *
web_serialized_data_to_message (WebSerializedData *self, GPtrArray *holders)
{
  if (g_atomic_int_get (&self->ref_count) > 1)
    return web_message_new (self, &web_serialized_data_message_funcs, holders);

  web_message_init (&self->message, self, &web_serialized_data_message_funcs, holders);
  self->message.task.free = free_own_message;

  return &self->message;
}

/**
 * web_serialized_data_ref:
 * @self: a message
 *
 * Adds a reference. May be called on any thread.
 *
 * Returns: (transfer full): @self
 */
WebSerializedData *
web_serialized_data_ref (WebSerializedData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * web_serialized_data_unref:
 * @self: (transfer full): a message
 *
 * Drops a reference. May be called on any thread.
 *
 * Dropping the last reference loses the objects that were transferred and not received: the other
 * side of a port gets `close`.
 */
void
web_serialized_data_unref (WebSerializedData *self)
{
  guint i;

  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (i = 0; i < self->n_transferred; i++)
    {
      g_clear_object (&self->transferred[i].data_holder);
      g_clear_object (&self->transferred[i].foreign);
      g_free (self->transferred[i].type_name);
    }
  g_free (self->transferred);
  web_message_parts_clear (&self->parts);
  g_free (self);
}

/*
 * web_serialized_data_fail_if_unreadable:
 *
 * Returns %TRUE with an error if the message could not be written by its sender, or read here.
 */
gboolean
web_serialized_data_fail_if_unreadable (WebSerializedData *self, GError **error)
{
  if (self->unreadable)
    g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                         "Message from another process could not be written there, or read here");

  return self->unreadable;
}

/* Returns %TRUE if there is a value, in whatever form. */
static gboolean
has_value (WebSerializedData *self)
{
  return g_atomic_pointer_get (&self->parts.value) != NULL ||
         g_atomic_pointer_get (&self->parts.cbor) != NULL;
}

/* Returns the value as a GVariant, or %NULL with an error if a GVariant cannot hold it. */
static GVariant *
ensure_value (WebSerializedData *self, GError **error)
{
  GVariant *value = g_atomic_pointer_get (&self->parts.value);

  if (value != NULL)
    return value;

  value = web_cbor_to_variant (self->parts.cbor, self->n_transferred + self->parts.n_cloned, error);
  if (value == NULL || g_atomic_pointer_compare_and_exchange (&self->parts.value, NULL, value))
    return value;

  g_variant_unref (value);

  return g_atomic_pointer_get (&self->parts.value);
}

/**
 * web_serialized_data_get_value:
 * @self: a message
 * @value: (out) (optional) (nullable) (transfer none): return location for the value, %NULL for a
 *   message with no value
 * @error: return location for an error
 *
 * Gets the value of a message. May be called on any thread.
 *
 * It converts the value of a script first, as [the wire format](wire-format.html) describes.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if a `GVariant` cannot hold the value.
 *
 * Returns: (skip): %TRUE if @value was set
 */
gboolean
web_serialized_data_get_value (WebSerializedData *self, GVariant **value, GError **error)
{
  GVariant *own = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (value != NULL)
    *value = NULL;

  if (web_serialized_data_fail_if_unreadable (self, error))
    return FALSE;

  if (has_value (self))
    {
      own = ensure_value (self, error);
      if (own == NULL)
        return FALSE;
    }

  if (value != NULL)
    *value = own;

  return TRUE;
}

static WebCbor *
ensure_cbor (WebSerializedData *self)
{
  WebCbor *cbor = g_atomic_pointer_get (&self->parts.cbor);

  if (cbor != NULL || g_atomic_pointer_get (&self->parts.value) == NULL)
    return cbor;

  cbor = web_cbor_new_for_variant (self->parts.value);
  if (g_atomic_pointer_compare_and_exchange (&self->parts.cbor, NULL, cbor))
    return cbor;

  web_cbor_unref (cbor);

  return g_atomic_pointer_get (&self->parts.cbor);
}

/*
 * web_serialized_data_get_cbor:
 * @self: a message
 *
 * Gets the value of a message in CBOR, as [the wire format](wire-format.html) describes it. May be
 * called on any thread.
 *
 * Returns: (transfer none) (nullable): the value, %NULL for a message with no value
 */
GBytes *
web_serialized_data_get_cbor (WebSerializedData *self)
{
  WebCbor *cbor;

  g_return_val_if_fail (self != NULL, NULL);

  cbor = ensure_cbor (self);

  return cbor != NULL ? cbor->bytes : NULL;
}

/*
 * web_serialized_data_get_buffers:
 * @self: a message
 *
 * Gets the byte arrays that the value in CBOR refers to. May be called on any thread.
 *
 * Returns: (transfer none) (nullable) (element-type GLib.Bytes): the byte arrays, %NULL if there
 *   are none
 */
GPtrArray *
web_serialized_data_get_buffers (WebSerializedData *self)
{
  WebCbor *cbor;

  g_return_val_if_fail (self != NULL, NULL);

  cbor = ensure_cbor (self);

  return cbor != NULL && cbor->buffers->len > 0 ? cbor->buffers : NULL;
}

/*
 * web_serialized_data_is_cbor:
 *
 * Returns: %TRUE if a script has made the message
 */
gboolean
web_serialized_data_is_cbor (WebSerializedData *self)
{
  return self->parts.is_cbor;
}

/*
 * web_serialized_data_dup_endpoint_holders:
 *
 * Returns: (transfer full) (nullable): the ports that travel in the message
 */
GPtrArray *
web_serialized_data_dup_endpoint_holders (WebSerializedData *self)
{
  GPtrArray *holders = NULL;
  guint      i;

  for (i = 0; i < self->n_transferred; i++)
    {
      GObject *data_holder = self->transferred[i].data_holder;

      if (data_holder == NULL || !WEB_IS_ENDPOINT_HOLDER (data_holder))
        continue;

      if (holders == NULL)
        holders = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (holders, g_object_ref (data_holder));
    }

  return holders;
}

/* Moves all that travels in @self to a new record. @self keeps only what can be read twice. */
static WebSerializedData *
move_transferred (WebSerializedData *self)
{
  WebSerializedData *moved = web_serialized_data_new_empty ();
  guint              i;

  web_message_parts_copy (&self->parts, &moved->parts);

  moved->n_transferred = self->n_transferred;
  moved->transferred = g_new0 (WebTransferred, self->n_transferred);
  for (i = 0; i < self->n_transferred; i++)
    {
      moved->transferred[i].type = self->transferred[i].type;
      moved->transferred[i].type_name = g_steal_pointer (&self->transferred[i].type_name);
      moved->transferred[i].data_holder = g_steal_pointer (&self->transferred[i].data_holder);
      moved->transferred[i].foreign = g_steal_pointer (&self->transferred[i].foreign);
    }

  return moved;
}

/*
 * web_serialized_data_claim:
 *
 * Gets the message for a receiver. Objects that were transferred go to one receiver only, with the
 * record that this returns.
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_claim (WebSerializedData *self, GError **error)
{
  if (self->n_transferred == 0)
    return web_serialized_data_ref (self);

  if (g_atomic_int_compare_and_exchange (&self->claimed, FALSE, TRUE))
    return move_transferred (self);

  g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                       "Message with transferred objects was posted or deserialized before");
  return NULL;
}

/*
 * web_serialized_data_unclaim:
 * @moved: what web_serialized_data_claim() has returned
 *
 * Gives the message back, because it could not be sent.
 */
void
web_serialized_data_unclaim (WebSerializedData *self, WebSerializedData *moved)
{
  guint i;

  if (self == moved)
    return;

  for (i = 0; i < self->n_transferred; i++)
    {
      self->transferred[i].type_name = g_steal_pointer (&moved->transferred[i].type_name);
      self->transferred[i].data_holder = g_steal_pointer (&moved->transferred[i].data_holder);
      self->transferred[i].foreign = g_steal_pointer (&moved->transferred[i].foreign);
    }
  g_atomic_int_set (&self->claimed, FALSE);
}

/*
 * web_serialized_data_take_value:
 *
 * Takes the value of a message for its receiver, who drops the message then. Without any other
 * reference to the message, nobody else can ask for the value.
 */
GVariant *
web_serialized_data_take_value (WebSerializedData *self)
{
  if (g_atomic_int_get (&self->ref_count) == 1)
    return g_steal_pointer (&self->parts.value);

  return self->parts.value != NULL ? g_variant_ref (self->parts.value) : NULL;
}

/**
 * web_serialized_data_to_bytes:
 * @self: a message
 * @error: return location for an error
 *
 * Converts a message to bytes, for another process. May be called on any thread.
 *
 * [The wire format](wire-format.html) describes them.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the message has transferred objects: only a port can send
 * these to another process.
 *
 * Returns: (transfer full): the message in bytes
 */
GBytes *
web_serialized_data_to_bytes (WebSerializedData *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (web_serialized_data_fail_if_unreadable (self, error))
    return NULL;

  if (self->n_transferred > 0)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "Message could not be converted to bytes: it has transferred objects");
      return NULL;
    }

  return web_message_parts_to_bytes (&self->parts);
}

/**
 * web_serialized_data_new_from_bytes: (constructor)
 * @bytes: what [method@WebMessaging.SerializedData.to_bytes] returned, in this process or another
 * @error: return location for an error
 *
 * Reads a message. May be called on any thread.
 *
 * The sender need not be trusted. This validates the whole message before it creates anything, in
 * time and memory that are in proportion to its length. No object is made before
 * [method@WebMessaging.SerializedData.deserialize], and then only of classes that implement
 * [iface@WebMessaging.Serializable].
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if @bytes are not a message.
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (WebSerializedData) self = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = web_serialized_data_new_empty ();
  if (!web_message_parts_read (&self->parts, bytes, 0, error))
    return NULL;

  return g_steal_pointer (&self);
}
