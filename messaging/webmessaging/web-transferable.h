/* web-transferable.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

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
 *
 * What a class provides so that its objects can be transferred.
 */
struct _WebTransferableInterface
{
  GTypeInterface parent_iface;

  gboolean (*is_detached) (WebTransferable *self);
  GObject *(*transfer) (WebTransferable *self, GError **error);
  gboolean (*transfer_receive) (WebTransferable *self, GObject *data_holder, GError **error);
};

WEB_AVAILABLE_IN_ALL
gboolean web_transferable_is_detached (WebTransferable *self);
WEB_AVAILABLE_IN_ALL
GObject *web_transferable_transfer (WebTransferable *self, GError **error);
WEB_AVAILABLE_IN_ALL
gboolean web_transferable_transfer_receive (WebTransferable *self,
                                            GObject         *data_holder,
                                            GError         **error);

G_END_DECLS
