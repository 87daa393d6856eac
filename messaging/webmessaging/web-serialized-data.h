/* web-serialized-data.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

#define WEB_TYPE_SERIALIZED_DATA (web_serialized_data_get_type ())

WEB_AVAILABLE_IN_ALL
GType web_serialized_data_get_type (void) G_GNUC_CONST;

WEB_AVAILABLE_IN_ALL
WebSerializedData *web_serialized_data_new (GVariant               *value,
                                            WebTransferable *const *transfer,
                                            gsize                   n_transfer,
                                            WebSerializable *const *objects,
                                            gsize                   n_objects,
                                            GError                **error);
WEB_AVAILABLE_IN_ALL
WebSerializedData *web_serialized_data_new_from_bytes (GBytes *bytes, GError **error);
WEB_AVAILABLE_IN_ALL
WebSerializedData *web_serialized_data_ref (WebSerializedData *self);
WEB_AVAILABLE_IN_ALL
void web_serialized_data_unref (WebSerializedData *self);
WEB_AVAILABLE_IN_ALL
gboolean web_serialized_data_get_value (WebSerializedData *self, GVariant **value, GError **error);
WEB_AVAILABLE_IN_ALL
GBytes *web_serialized_data_to_bytes (WebSerializedData *self, GError **error);
WEB_AVAILABLE_IN_ALL
gboolean web_serialized_data_deserialize (WebSerializedData *self,
                                          GVariant         **value,
                                          GPtrArray        **objects,
                                          GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebSerializedData, web_serialized_data_unref)

G_END_DECLS
