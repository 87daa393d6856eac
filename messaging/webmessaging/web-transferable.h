/* web-transferable.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gunixfdlist.h>

#include "web-types.h"

G_BEGIN_DECLS

#define WEB_TYPE_TRANSFERABLE (web_transferable_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (WebTransferable, web_transferable, WEB, TRANSFERABLE, GObject)

/**
 * WebTransferableInterface:
 * @parent_iface: the parent interface
 * @is_detached: whether the object has been transferred away, or is otherwise no longer usable.
 *   The `[[Detached]]` slot of the standard
 * @transfer: the *transfer steps*: moves what the object stands for into a data holder and leaves
 *   the object detached
 * @transfer_receive: the *transfer-receiving steps*: takes what a data holder holds
 * @export_data_holder: turns a data holder into a value and descriptors, for another process.
 *   Optional: without it, the objects of a class cannot leave the process
 * @import_data_holder: turns them back into a data holder. Goes with @export_data_holder
 *
 * What a class provides so that its objects can be transferred.
 */
struct _WebTransferableInterface
{
  GTypeInterface parent_iface;

  gboolean (*is_detached) (WebTransferable *self);
  GObject *(*transfer) (WebTransferable *self, GError **error);
  gboolean (*transfer_receive) (WebTransferable *self, GObject *data_holder, GError **error);

  GVariant *(*export_data_holder) (WebTransferable *self,
                                   GObject         *data_holder,
                                   GUnixFDList     *fd_list,
                                   GError         **error);
  GObject *(*import_data_holder) (WebTransferable *self,
                                  GVariant        *value,
                                  GUnixFDList     *fd_list,
                                  GError         **error);
};

WEB_AVAILABLE_IN_ALL
gboolean web_transferable_is_detached (WebTransferable *self);
WEB_AVAILABLE_IN_ALL
GObject *web_transferable_transfer (WebTransferable *self, GError **error);
WEB_AVAILABLE_IN_ALL
gboolean web_transferable_transfer_receive (WebTransferable *self,
                                            GObject         *data_holder,
                                            GError         **error);
WEB_AVAILABLE_IN_ALL
GVariant *web_transferable_export_data_holder (WebTransferable *self,
                                               GObject         *data_holder,
                                               GUnixFDList     *fd_list,
                                               GError         **error);
WEB_AVAILABLE_IN_ALL
GObject *web_transferable_import_data_holder (WebTransferable *self,
                                              GVariant        *value,
                                              GUnixFDList     *fd_list,
                                              GError         **error);

G_END_DECLS
