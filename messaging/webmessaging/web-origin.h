/* web-origin.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

#define WEB_TYPE_ORIGIN (web_origin_get_type ())

WEB_AVAILABLE_IN_ALL
GType web_origin_get_type (void) G_GNUC_CONST;

WEB_AVAILABLE_IN_ALL
WebOrigin *web_origin_new_opaque (void);
WEB_AVAILABLE_IN_ALL
WebOrigin *web_origin_new_for_url (const char *url, GError **error);
WEB_AVAILABLE_IN_ALL
WebOrigin *web_origin_ref (WebOrigin *self);
WEB_AVAILABLE_IN_ALL
void web_origin_unref (WebOrigin *self);
WEB_AVAILABLE_IN_ALL
gboolean web_origin_is_opaque (WebOrigin *self);
WEB_AVAILABLE_IN_ALL
const char *web_origin_get_scheme (WebOrigin *self);
WEB_AVAILABLE_IN_ALL
const char *web_origin_get_host (WebOrigin *self);
WEB_AVAILABLE_IN_ALL
int web_origin_get_port (WebOrigin *self);
WEB_AVAILABLE_IN_ALL
gboolean web_origin_equal (gconstpointer one, gconstpointer other);
WEB_AVAILABLE_IN_ALL
guint web_origin_hash (gconstpointer self);
WEB_AVAILABLE_IN_ALL
gboolean web_origin_is_same_origin (WebOrigin *self, WebOrigin *other);
WEB_AVAILABLE_IN_ALL
char *web_origin_serialize (WebOrigin *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebOrigin, web_origin_unref)

G_END_DECLS
