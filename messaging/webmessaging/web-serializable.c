/* web-serializable.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error-private.h"
#include "web-realm-private.h"
#include "web-serializable.h"

/**
 * WebSerializable:
 *
 * An object that a message can carry a copy of.
 *
 * A class of your own implements the interface so that its objects can be cloned into a message.
 * [method@WebMessaging.Serializable.serialize] runs in the thread of the sender and describes the
 * object in a `GVariant`. In the thread of the receiver, `g_object_new()` makes a new object of
 * the same class with no property set, and [method@WebMessaging.Serializable.deserialize] gives it
 * the state that was described. The object that was sent stays as it is. A class that lacks one of
 * the methods, or fails without an error, gets %WEB_MESSAGING_ERROR_DATA_CLONE.
 *
 * [ctor@WebMessaging.SerializedData.new] tells how an object gets into a message.
 *
 * Guide: [Sending objects of your own](objects.html).
 *
 * See [Serializable objects](https://html.spec.whatwg.org/#serializable-objects).
 */

G_DEFINE_INTERFACE (WebSerializable, web_serializable, G_TYPE_OBJECT)

static void
web_serializable_default_init (WebSerializableInterface *iface)
{
}

/**
 * web_serializable_serialize: (virtual serialize)
 * @self: an object
 * @error: return location for an error
 *
 * Carries out the serialization steps of the object.
 *
 * Must be called on the thread of the object.
 *
 * Sets the errors that the class of the object sets, and %WEB_MESSAGING_ERROR_DATA_CLONE if it
 * fails without an error or does not implement the method.
 *
 * Returns: (transfer full): a description of the object, with no `h` value in it
 */
GVariant *
web_serializable_serialize (WebSerializable *self, GError **error)
{
  WebSerializableInterface *iface;
  GVariant                 *serialized = NULL;
  GError                   *own_error = NULL;

  g_return_val_if_fail (WEB_IS_SERIALIZABLE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  iface = WEB_SERIALIZABLE_GET_IFACE (self);
  web_realm_prepare (NULL);
  if (iface->serialize != NULL)
    serialized = iface->serialize (self, &own_error);

  if (!web_messaging_error_settle (error, own_error, serialized != NULL, self, "cloned"))
    return NULL;

  return g_variant_take_ref (serialized);
}

/**
 * web_serializable_deserialize: (virtual deserialize)
 * @self: a new object
 * @serialized: what [method@WebMessaging.Serializable.serialize] returned
 * @error: return location for an error
 *
 * Carries out the deserialization steps of the object.
 *
 * Must be called on the thread of the object.
 *
 * Sets the errors that the class of the object sets, and %WEB_MESSAGING_ERROR_DATA_CLONE if it
 * fails without an error or does not implement the method.
 *
 * Returns: %TRUE if @self has the state that @serialized describes
 */
gboolean
web_serializable_deserialize (WebSerializable *self, GVariant *serialized, GError **error)
{
  WebSerializableInterface *iface;
  GError                   *own_error = NULL;
  gboolean                  succeeded;

  g_return_val_if_fail (WEB_IS_SERIALIZABLE (self), FALSE);
  g_return_val_if_fail (serialized != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* Bytes of another process may name a class that can only be sent. */
  iface = WEB_SERIALIZABLE_GET_IFACE (self);
  web_realm_prepare (NULL);
  succeeded = iface->deserialize != NULL && iface->deserialize (self, serialized, &own_error);

  return web_messaging_error_settle (error, own_error, succeeded, self, "deserialized");
}
