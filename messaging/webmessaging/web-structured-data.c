/* web-structured-data.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error.h"
#include "transport/web-endpoint-holder-private.h"
#include "web-realm-private.h"
#include "web-serializable.h"
#include "web-serialized-data-private.h"
#include "web-structured-data-private.h"
#include "web-transferable.h"
#include "wire/web-variant-private.h"

/* HTML, structured-data.html: the algorithms that make a message of a value and objects, and the
 * reverse. */

static gboolean
check_object (GHashTable *memory, gpointer object, gboolean is_transferred, GError **error)
{
  const GType       type = is_transferred ? WEB_TYPE_TRANSFERABLE : WEB_TYPE_SERIALIZABLE;
  const char *const done = is_transferred ? "transferred" : "cloned";

  if (object == NULL)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_ARGUMENT,
                           is_transferred ? "Transfer list contains null"
                                          : "List of objects to clone contains null");
      return FALSE;
    }

  if (!g_type_is_a (G_OBJECT_TYPE (object), type))
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "%s object could not be %s: it does not implement %s",
                   G_OBJECT_TYPE_NAME (object), done, g_type_name (type));
      return FALSE;
    }

  if (!g_hash_table_add (memory, object))
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "%s object could not be %s: it is in the lists twice",
                   G_OBJECT_TYPE_NAME (object), done);
      return FALSE;
    }

  return TRUE;
}

/* HTML, structured-data.html#structuredserializewithtransfer, steps 2 and 3: the transfer list
 * goes into the memory before anything is serialized. */
static gboolean
check_objects (WebTransferable *const *transfer,
               gsize                   n_transfer,
               WebSerializable *const *objects,
               gsize                   n_objects,
               GError                **error)
{
  g_autoptr (GHashTable) memory = NULL;
  gsize i;

  if (n_transfer == 0 && n_objects == 0)
    return TRUE;

  memory = g_hash_table_new (NULL, NULL);
  for (i = 0; i < n_transfer; i++)
    if (!check_object (memory, transfer[i], TRUE, error))
      return FALSE;
  for (i = 0; i < n_objects; i++)
    if (!check_object (memory, objects[i], FALSE, error))
      return FALSE;

  return TRUE;
}

/* Step 4 */
static gboolean
serialize_objects (WebSerializedData      *self,
                   WebSerializable *const *objects,
                   gsize                   n_objects,
                   GError                **error)
{
  gsize i;

  if (n_objects == 0)
    return TRUE;

  self->parts.cloned = g_new0 (WebCloned, n_objects);
  self->parts.n_cloned = n_objects;
  for (i = 0; i < n_objects; i++)
    {
      WebCloned *cloned = &self->parts.cloned[i];

      cloned->type = G_OBJECT_TYPE (objects[i]);
      cloned->serialized = web_serializable_serialize (objects[i], error);
      if (cloned->serialized == NULL || !web_variant_check (cloned->serialized, 0, error))
        return FALSE;
    }

  return TRUE;
}

/*
 * web_serialized_data_put_back:
 * @transfer: the objects that the first @n_transfer data holders came from
 *
 * Gives the objects back what they have transferred, because the message is not sent.
 */
void
web_serialized_data_put_back (WebSerializedData      *self,
                              WebTransferable *const *transfer,
                              gsize                   n_transfer)
{
  while (n_transfer-- > 0)
    {
      g_autoptr (GObject) data_holder =
        g_steal_pointer (&self->transferred[n_transfer].data_holder);
      g_autoptr (GError) error = NULL;

      if (!web_transferable_transfer_receive (transfer[n_transfer], data_holder, &error))
        g_critical ("%s object could not take back what it transferred: %s",
                    G_OBJECT_TYPE_NAME (transfer[n_transfer]), error->message);
    }
}

static gboolean
transfer_object (WebTransferred *transferred, WebTransferable *object, GError **error)
{
  g_autoptr (GObject) data_holder = web_transferable_transfer (object, error);

  if (data_holder == NULL)
    return FALSE;

  /* A class of the application may return the same one twice. */
  if (WEB_IS_ENDPOINT_HOLDER (data_holder) &&
      !web_endpoint_holder_claim (WEB_ENDPOINT_HOLDER (data_holder)))
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "%s object could not be transferred: its port travels in another message",
                   G_OBJECT_TYPE_NAME (object));
      return FALSE;
    }

  transferred->type = G_OBJECT_TYPE (object);
  transferred->data_holder = g_steal_pointer (&data_holder);

  return TRUE;
}

/* Steps 5 and 6. The standard transfers the entries before a detached one and then throws. We check
 * all entries before we transfer the first, and give back the entries before one that its class
 * fails to transfer, so that the caller keeps what was not sent. */
static gboolean
transfer_objects (WebSerializedData      *self,
                  WebTransferable *const *transfer,
                  gsize                   n_transfer,
                  GError                **error)
{
  g_autoptr (GPtrArray) kept = NULL;
  gsize i;

  if (n_transfer == 0)
    return TRUE;

  for (i = 0; i < n_transfer; i++)
    if (web_transferable_is_detached (transfer[i]))
      {
        g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                     "%s object could not be transferred: it is detached, because it was "
                     "transferred or closed before",
                     G_OBJECT_TYPE_NAME (transfer[i]));
        return FALSE;
      }

  /* A port that only its queue refers to would go when it is transferred, and could not be put
   * back.
   */
  kept = g_ptr_array_new_full (n_transfer, g_object_unref);
  for (i = 0; i < n_transfer; i++)
    g_ptr_array_add (kept, g_object_ref (transfer[i]));

  self->transferred = g_new0 (WebTransferred, n_transfer);
  self->n_transferred = n_transfer;
  for (i = 0; i < n_transfer; i++)
    if (!transfer_object (&self->transferred[i], transfer[i], error))
      {
        web_serialized_data_put_back (self, transfer, i);
        return FALSE;
      }

  return TRUE;
}

/* All steps, for a message that already has its value. */
static gboolean
add_objects (WebSerializedData      *self,
             WebTransferable *const *transfer,
             gsize                   n_transfer,
             WebSerializable *const *objects,
             gsize                   n_objects,
             GError                **error)
{
  return check_objects (transfer, n_transfer, objects, n_objects, error) &&
         (self->parts.value == NULL ||
          web_variant_check (self->parts.value, n_transfer + n_objects, error)) &&
         serialize_objects (self, objects, n_objects, error) &&
         transfer_objects (self, transfer, n_transfer, error);
}

/**
 * web_serialized_data_new: (constructor)
 * @value: (nullable): the value of the message. A floating reference is consumed, also when the
 *   call fails
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with it
 * @n_transfer: the number of objects in @transfer
 * @objects: (array length=n_objects) (nullable): the objects to be cloned with it
 * @n_objects: the number of objects in @objects
 * @error: return location for an error
 *
 * Serializes a value, and transfers the objects in the transfer list.
 *
 * This is
 * [StructuredSerializeWithTransfer](https://html.spec.whatwg.org/#structuredserializewithtransfer).
 *
 * Must be called on the thread of the objects in @transfer and @objects. If it fails, nothing was
 * transferred.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_ARGUMENT if a list has a %NULL in it, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if an object is detached, stands twice in the lists, is of a
 * class that cannot be transferred or cloned, if a handle in @value stands for none of them, or if
 * @value is nested more than 128 deep or not in normal form (see g_variant_is_normal_form()). A
 * class that fails to serialize or transfer its object may set errors of its own.
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_new (GVariant               *value,
                         WebTransferable *const *transfer,
                         gsize                   n_transfer,
                         WebSerializable *const *objects,
                         gsize                   n_objects,
                         GError                **error)
{
  g_autoptr (WebSerializedData) self = NULL;

  g_return_val_if_fail (transfer != NULL || n_transfer == 0, NULL);
  g_return_val_if_fail (objects != NULL || n_objects == 0, NULL);
  g_return_val_if_fail (n_transfer <= G_MAXINT32 && n_objects <= G_MAXINT32 - n_transfer, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = web_serialized_data_new_empty ();
  if (value != NULL)
    self->parts.value = g_variant_ref_sink (value);

  if (add_objects (self, transfer, n_transfer, objects, n_objects, error))
    return g_steal_pointer (&self);

  return NULL;
}

/*
 * web_serialized_data_new_for_cbor:
 * @cbor: the value of the message, in CBOR
 * @buffers: (array length=n_buffers) (nullable): the byte arrays that @cbor refers to
 * @n_buffers: the number of byte arrays in @buffers
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with it
 * @n_transfer: the number of objects in @transfer
 * @objects: (array length=n_objects) (nullable): the objects to be cloned with it
 * @n_objects: the number of objects in @objects
 * @error: return location for an error
 *
 * Serializes a value that a script has encoded, as [ctor@WebMessaging.SerializedData.new] does
 * with a `GVariant`.
 *
 * This is for bindings of languages that have values of their own. @cbor must be as [the wire
 * format](wire-format.html) describes it; that is not looked at before somebody reads the message,
 * who gets an error then.
 *
 * Must be called on the thread of the objects in @transfer and @objects. If it fails, nothing was
 * transferred.
 *
 * Sets the errors of [ctor@WebMessaging.SerializedData.new].
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_new_for_cbor (GBytes                 *cbor,
                                  GBytes *const          *buffers,
                                  gsize                   n_buffers,
                                  WebTransferable *const *transfer,
                                  gsize                   n_transfer,
                                  WebSerializable *const *objects,
                                  gsize                   n_objects,
                                  GError                **error)
{
  g_autoptr (WebSerializedData) self = NULL;
  g_autoptr (GPtrArray) out_of_line = NULL;
  gsize i;

  g_return_val_if_fail (cbor != NULL, NULL);
  g_return_val_if_fail (buffers != NULL || n_buffers == 0, NULL);
  g_return_val_if_fail (transfer != NULL || n_transfer == 0, NULL);
  g_return_val_if_fail (objects != NULL || n_objects == 0, NULL);
  g_return_val_if_fail (n_transfer <= G_MAXINT32 && n_objects <= G_MAXINT32 - n_transfer, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  out_of_line = g_ptr_array_new_full (n_buffers, (GDestroyNotify)g_bytes_unref);
  for (i = 0; i < n_buffers; i++)
    {
      g_return_val_if_fail (buffers[i] != NULL, NULL);
      g_ptr_array_add (out_of_line, g_bytes_ref (buffers[i]));
    }

  self = web_serialized_data_new_empty ();
  self->parts.cbor = web_cbor_new (cbor, out_of_line);
  self->parts.is_cbor = TRUE;

  if (add_objects (self, transfer, n_transfer, objects, n_objects, error))
    return g_steal_pointer (&self);

  return NULL;
}

/*
 * web_structured_data_new_object:
 *
 * Makes an object of a class of the application.
 */
GObject *
web_structured_data_new_object (GType type)
{
  GObject *object;

  web_realm_prepare (NULL);
  object = g_object_new (type, NULL);

  return g_object_is_floating (object) ? g_object_ref_sink (object) : object;
}

/* Returns the class of an object; one that came from another process has a name. */
static GType
find_type (GType type, const char *name, GType iface, GError **error)
{
  if (type != G_TYPE_INVALID)
    return type;

  type = g_type_from_name (name);
  if (g_type_is_a (type, iface) && G_TYPE_IS_OBJECT (type) && !G_TYPE_IS_ABSTRACT (type))
    return type;

  g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
               "Object could not be received: there is no class “%s” that implements %s", name,
               g_type_name (iface));
  return G_TYPE_INVALID;
}

static GObject *
receive_transferred (WebTransferred    *transferred,
                     const WebReceiver *receiver,
                     GPtrArray        **ports,
                     GError           **error)
{
  g_autoptr (GObject) data_holder = g_atomic_pointer_exchange (&transferred->data_holder, NULL);
  g_autoptr (GObject) object = NULL;
  gboolean is_port;
  GType    type;

  /* A window class of the application may queue the same message twice. */
  if (data_holder == NULL)
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "%s object could not be received: it was received before",
                   transferred->type_name != NULL ? transferred->type_name
                                                  : g_type_name (transferred->type));
      return NULL;
    }

  type = find_type (transferred->type, transferred->type_name, WEB_TYPE_TRANSFERABLE, error);
  if (type == G_TYPE_INVALID)
    return NULL;

  /* A class of the application may wrap a port. */
  is_port = WEB_IS_ENDPOINT_HOLDER (data_holder) &&
            web_endpoint_holder_is_for (WEB_ENDPOINT_HOLDER (data_holder), type);

  object = web_structured_data_new_object (type);
  if (WEB_IS_ENDPOINT_HOLDER (data_holder) && receiver != NULL)
    web_endpoint_holder_set_destination (WEB_ENDPOINT_HOLDER (data_holder), receiver->endpoints);

  if (WEB_IS_FOREIGN_HOLDER (data_holder))
    {
      GObject *own = web_foreign_holder_import (WEB_FOREIGN_HOLDER (data_holder),
                                                WEB_TRANSFERABLE (object), error);

      if (own == NULL)
        return NULL;
      g_set_object (&data_holder, own);
      g_object_unref (own);
    }

  if (!web_transferable_transfer_receive (WEB_TRANSFERABLE (object), data_holder, error))
    return NULL;

  if (is_port && *ports == NULL)
    *ports = g_ptr_array_new_with_free_func (g_object_unref);
  if (is_port)
    g_ptr_array_add (*ports, g_object_ref (object));

  return g_steal_pointer (&object);
}

static GObject *
deserialize_cloned (WebCloned *cloned, GError **error)
{
  g_autoptr (GObject) object = NULL;
  const GType type = find_type (cloned->type, cloned->type_name, WEB_TYPE_SERIALIZABLE, error);

  if (type == G_TYPE_INVALID)
    return NULL;

  object = web_structured_data_new_object (type);
  if (!web_serializable_deserialize (WEB_SERIALIZABLE (object), cloned->serialized, error))
    return NULL;

  return g_steal_pointer (&object);
}

/*
 * web_serialized_data_receive:
 * @receiver: (nullable): what receives it
 * @objects: (out) (transfer full) (nullable): what the handles in the value stand for
 * @ports: (out) (transfer full) (nullable): those of them that are ports
 *
 * Makes the objects of a message that is the caller's alone to receive.
 */
gboolean
web_serialized_data_receive (WebSerializedData *self,
                             const WebReceiver *receiver,
                             GPtrArray        **objects,
                             GPtrArray        **ports,
                             GError           **error)
{
  g_autoptr (GPtrArray) received = NULL;
  g_autoptr (GPtrArray) received_ports = NULL;
  guint i;

  if (web_serialized_data_fail_if_unreadable (self, error))
    return FALSE;

  if (self->n_transferred > 0 || self->parts.n_cloned > 0)
    {
      received = g_ptr_array_new_full (self->n_transferred + self->parts.n_cloned, g_object_unref);

      /* HTML, structured-data.html#structureddeserializewithtransfer, step 3 */
      for (i = 0; i < self->n_transferred; i++)
        {
          GObject *object =
            receive_transferred (&self->transferred[i], receiver, &received_ports, error);

          if (object == NULL)
            return FALSE;
          g_ptr_array_add (received, object);
        }

      /* step 4 */
      for (i = 0; i < self->parts.n_cloned; i++)
        {
          GObject *object = deserialize_cloned (&self->parts.cloned[i], error);

          if (object == NULL)
            return FALSE;
          g_ptr_array_add (received, object);
        }
    }

  *objects = g_steal_pointer (&received);
  *ports = g_steal_pointer (&received_ports);

  return TRUE;
}

/**
 * web_serialized_data_deserialize:
 * @self: a message
 * @value: (out) (optional) (nullable) (transfer full): return location for the value, %NULL for a
 *   message with no value
 * @objects: (out) (optional) (nullable) (transfer container) (element-type GObject): return
 * location for the objects that the handles in the value stand for, %NULL if there are none
 * @error: return location for an error
 *
 * Deserializes a message, and receives what was transferred with it.
 *
 * This is
 * [StructuredDeserializeWithTransfer](https://html.spec.whatwg.org/#structureddeserializewithtransfer).
 * The objects are made in the thread-default main context of the caller. A message with
 * transferred objects can be deserialized once, any other one as often as you like. If an object
 * cannot be received, all objects that were transferred with it are lost.
 *
 * May be called on any thread.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the message has transferred objects and was posted or
 * deserialized before, if a `GVariant` cannot hold its value or if there is no class for an object,
 * and the errors that the classes of the objects set.
 *
 * Returns: (skip): %TRUE if the message was deserialized
 */
gboolean
web_serialized_data_deserialize (WebSerializedData *self,
                                 GVariant         **value,
                                 GPtrArray        **objects,
                                 GError           **error)
{
  g_autoptr (GPtrArray) received = NULL;
  GVariant *own;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (value != NULL)
    *value = NULL;
  if (objects != NULL)
    *objects = NULL;

  if (!web_serialized_data_deserialize_objects (self, &received, error) ||
      !web_serialized_data_get_value (self, &own, error))
    return FALSE;

  if (value != NULL && own != NULL)
    *value = g_variant_ref (own);
  if (objects != NULL)
    *objects = g_steal_pointer (&received);

  return TRUE;
}

/*
 * web_serialized_data_deserialize_objects:
 * @self: a message
 * @objects: (out) (nullable) (transfer container) (element-type GObject): return location for the
 *   objects that come with the value, %NULL if there are none
 * @error: return location for an error
 *
 * Does the part of [method@WebMessaging.SerializedData.deserialize] that concerns objects. The
 * value is for the caller to read, in the form that it prefers.
 *
 * May be called on any thread.
 *
 * Sets the errors of [method@WebMessaging.SerializedData.deserialize], those of the value aside.
 *
 * Returns: %TRUE if all objects were received
 */
gboolean
web_serialized_data_deserialize_objects (WebSerializedData *self,
                                         GPtrArray        **objects,
                                         GError           **error)
{
  g_autoptr (WebSerializedData) message = NULL;
  g_autoptr (GPtrArray) ports = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (objects != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *objects = NULL;
  message = web_serialized_data_claim (self, error);

  return message != NULL && web_serialized_data_receive (message, NULL, objects, &ports, error);
}
