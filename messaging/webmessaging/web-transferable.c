/* web-transferable.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error-private.h"
#include "web-realm-private.h"
#include "web-transferable.h"

/**
 * WebTransferable:
 *
 * An object that a message can move to another main context.
 *
 * [class@WebMessaging.MessagePort] is one. A class of your own implements the interface so that
 * its objects can stand in the transfer list of a message: an open file, a connection, anything
 * that must have one owner at a time.
 *
 * A transfer has two halves. [method@WebMessaging.Transferable.transfer] runs in the thread of the
 * sender. It moves the resource of the object into a *data holder* and leaves the object detached,
 * an empty shell. The data holder is a `GObject` of any class that belongs to no thread. The
 * message carries it. If the message is lost, its last reference is dropped on any thread, and the
 * holder must then release the resource.
 *
 * In the thread of the receiver, `g_object_new()` makes a new object of the same class with no
 * property set, and [method@WebMessaging.Transferable.transfer_receive] gives it what the holder
 * holds.
 *
 * If one entry of a transfer list fails, the library gives back the entries before it: it calls
 * their `transfer_receive` with the holder that they have just returned. So a message is
 * transferred as a whole or not at all.
 *
 * Objects of a class that implements [method@WebMessaging.Transferable.export_data_holder] and
 * [method@WebMessaging.Transferable.import_data_holder] as well can be sent to another process,
 * which needs a class of the same name. For the others, the sender gets
 * %WEB_MESSAGING_ERROR_DATA_CLONE.
 *
 * All other methods have to be implemented except `is_detached`. A class that lacks one of the
 * others, or fails without an error, gets %WEB_MESSAGING_ERROR_DATA_CLONE.
 *
 * Guide: [Sending objects of your own](objects.html).
 *
 * See [Transferable objects](https://html.spec.whatwg.org/#transferable-objects).
 */

G_DEFINE_INTERFACE (WebTransferable, web_transferable, G_TYPE_OBJECT)

static void
web_transferable_default_init (WebTransferableInterface *iface)
{
}

/**
 * web_transferable_is_detached: (virtual is_detached)
 * @self: an object
 *
 * Gets whether the object has been transferred away or closed, so that it cannot be transferred.
 * Objects of a class that does not implement the method never are.
 *
 * Must be called on the thread of the object.
 *
 * Returns: %TRUE if the object is detached
 */
gboolean
web_transferable_is_detached (WebTransferable *self)
{
  WebTransferableInterface *iface;

  g_return_val_if_fail (WEB_IS_TRANSFERABLE (self), TRUE);

  iface = WEB_TRANSFERABLE_GET_IFACE (self);
  web_realm_prepare (NULL);

  return iface->is_detached != NULL && iface->is_detached (self);
}

/**
 * web_transferable_transfer: (virtual transfer)
 * @self: an object
 * @error: return location for an error
 *
 * Carries out the transfer steps of the object.
 *
 * The library calls this for each object in a transfer list. A program seldom does.
 *
 * Must be called on the thread of the object.
 *
 * Sets the errors that the class of the object sets, and %WEB_MESSAGING_ERROR_DATA_CLONE if the
 * object is detached, or if its class fails without an error or does not implement the method.
 *
 * Returns: (transfer full): the data holder; @self is detached
 */
GObject *
web_transferable_transfer (WebTransferable *self, GError **error)
{
  WebTransferableInterface *iface;
  GObject                  *data_holder = NULL;
  GError                   *own_error = NULL;

  g_return_val_if_fail (WEB_IS_TRANSFERABLE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (web_transferable_is_detached (self))
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "%s object could not be transferred: it is detached, because it was transferred "
                   "or closed before",
                   G_OBJECT_TYPE_NAME (self));
      return NULL;
    }

  iface = WEB_TRANSFERABLE_GET_IFACE (self);
  web_realm_prepare (NULL);
  if (iface->transfer != NULL)
    data_holder = iface->transfer (self, &own_error);
  web_messaging_error_settle (error, own_error, data_holder != NULL, self, "transferred");

  return data_holder;
}

/**
 * web_transferable_transfer_receive: (virtual transfer_receive)
 * @self: a new object, or one that has just been transferred
 * @data_holder: what [method@WebMessaging.Transferable.transfer] returned
 * @error: return location for an error
 *
 * Carries out the transfer-receiving steps of the object.
 *
 * A message from another process may name any class, so that the data holder may be of a type that
 * the class has never made. A class in C has to check it.
 *
 * Must be called on the thread of the object.
 *
 * Sets the errors that the class of the object sets, and %WEB_MESSAGING_ERROR_DATA_CLONE if it
 * fails without an error or does not implement the method.
 *
 * Returns: %TRUE if @self has taken what @data_holder held
 */
gboolean
web_transferable_transfer_receive (WebTransferable *self, GObject *data_holder, GError **error)
{
  WebTransferableInterface *iface;
  GError                   *own_error = NULL;
  gboolean                  succeeded;

  g_return_val_if_fail (WEB_IS_TRANSFERABLE (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (data_holder), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  iface = WEB_TRANSFERABLE_GET_IFACE (self);
  web_realm_prepare (NULL);
  succeeded =
    iface->transfer_receive != NULL && iface->transfer_receive (self, data_holder, &own_error);

  return web_messaging_error_settle (error, own_error, succeeded, self, "received");
}

/**
 * web_transferable_export_data_holder: (virtual export_data_holder)
 * @self: an object of the class that @data_holder came from. It may be a new one
 * @data_holder: what [method@WebMessaging.Transferable.transfer] returned
 * @fd_list: a list to which the descriptors are appended that go with the value
 * @error: return location for an error
 *
 * Turns a data holder into a value, for a receiver in another process. A `h` value in it stands for
 * the descriptor with this number in @fd_list.
 *
 * The data holder stays as it is: it gets its resource back if the message is not sent. Its last
 * reference is dropped once the message is written.
 *
 * Called on the thread of the sender; or, for a message that waits at a port, on the thread that
 * sends the port to another process.
 *
 * Sets the errors that the class of the object sets, and %WEB_MESSAGING_ERROR_DATA_CLONE if it
 * fails without an error or does not implement the method.
 *
 * Returns: (transfer full): the value
 */
GVariant *
web_transferable_export_data_holder (WebTransferable *self,
                                     GObject         *data_holder,
                                     GUnixFDList     *fd_list,
                                     GError         **error)
{
  WebTransferableInterface *iface;
  GVariant                 *value = NULL;
  GError                   *own_error = NULL;

  g_return_val_if_fail (WEB_IS_TRANSFERABLE (self), NULL);
  g_return_val_if_fail (G_IS_OBJECT (data_holder), NULL);
  g_return_val_if_fail (G_IS_UNIX_FD_LIST (fd_list), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  iface = WEB_TRANSFERABLE_GET_IFACE (self);
  web_realm_prepare (NULL);
  if (iface->export_data_holder != NULL)
    value = iface->export_data_holder (self, data_holder, fd_list, &own_error);
  web_messaging_error_settle (error, own_error, value != NULL, self, "sent to another process");

  return value != NULL ? g_variant_take_ref (value) : NULL;
}

/**
 * web_transferable_import_data_holder: (virtual import_data_holder)
 * @self: a new object
 * @value: what the sender has exported. It need not be trusted
 * @fd_list: the descriptors that came with it
 * @error: return location for an error
 *
 * Turns a value from another process into a data holder, for
 * [method@WebMessaging.Transferable.transfer_receive].
 *
 * Called on the thread of the receiver.
 *
 * Sets the errors that the class of the object sets, and %WEB_MESSAGING_ERROR_DATA_CLONE if it
 * fails without an error or does not implement the method.
 *
 * Returns: (transfer full): the data holder
 */
GObject *
web_transferable_import_data_holder (WebTransferable *self,
                                     GVariant        *value,
                                     GUnixFDList     *fd_list,
                                     GError         **error)
{
  WebTransferableInterface *iface;
  GObject                  *data_holder = NULL;
  GError                   *own_error = NULL;

  g_return_val_if_fail (WEB_IS_TRANSFERABLE (self), NULL);
  g_return_val_if_fail (value != NULL, NULL);
  g_return_val_if_fail (G_IS_UNIX_FD_LIST (fd_list), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  iface = WEB_TRANSFERABLE_GET_IFACE (self);
  web_realm_prepare (NULL);
  if (iface->import_data_holder != NULL)
    data_holder = iface->import_data_holder (self, value, fd_list, &own_error);
  web_messaging_error_settle (error, own_error, data_holder != NULL, self, "received");

  return data_holder;
}
