/* web-foreign-holder-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-transferable.h"

G_BEGIN_DECLS

/* A data holder in the form in which it leaves the process, or has come from another one. */
#define WEB_TYPE_FOREIGN_HOLDER (web_foreign_holder_get_type ())
G_DECLARE_FINAL_TYPE (WebForeignHolder, web_foreign_holder, WEB, FOREIGN_HOLDER, GObject)

WebForeignHolder *web_foreign_holder_new (GVariant *value, GUnixFDList *fd_list);
WebForeignHolder *web_foreign_holder_export (WebTransferable *object,
                                             GObject         *data_holder,
                                             GError         **error);
GObject          *web_foreign_holder_import (WebForeignHolder *self,
                                             WebTransferable  *object,
                                             GError          **error);
GVariant         *web_foreign_holder_get_value (WebForeignHolder *self);
GUnixFDList      *web_foreign_holder_get_fd_list (WebForeignHolder *self);

G_END_DECLS
