/* web-serialized-data-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-pipe-private.h"
#include "web-serialized-data.h"

G_BEGIN_DECLS

guint       web_serialized_data_get_n_transferred (WebSerializedData *self);
WebPipeEnd *web_serialized_data_peek_end (WebSerializedData *self, guint index);

WebSerializedData *web_serialized_data_claim (WebSerializedData *self, GError **error);
gboolean           web_serialized_data_receive (WebSerializedData *self,
                                                WebWindow         *window,
                                                GPtrArray        **objects,
                                                GError           **error);

gboolean  web_serialized_data_is_cbor (WebSerializedData *self);
GVariant *web_serialized_data_take_value (WebSerializedData *self);

G_END_DECLS
