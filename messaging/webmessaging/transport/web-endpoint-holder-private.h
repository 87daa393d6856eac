/* web-endpoint-holder-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-endpoint-private.h"
#include "web-endpoint-set-private.h"

G_BEGIN_DECLS

/* What travels in place of a port: HTML, structured-data.html#data-holder. */
#define WEB_TYPE_ENDPOINT_HOLDER (web_endpoint_holder_get_type ())
G_DECLARE_FINAL_TYPE (WebEndpointHolder, web_endpoint_holder, WEB, ENDPOINT_HOLDER, GObject)

WebEndpointHolder *web_endpoint_holder_new (WebEndpoint *endpoint, GType owner_type);
gboolean           web_endpoint_holder_is_for (WebEndpointHolder *self, GType type);
gboolean           web_endpoint_holder_claim (WebEndpointHolder *self);
WebEndpoint       *web_endpoint_holder_peek (WebEndpointHolder *self);
WebEndpoint       *web_endpoint_holder_steal (WebEndpointHolder *self);

void            web_endpoint_holder_set_destination (WebEndpointHolder *self, WebEndpointSet *set);
WebEndpointSet *web_endpoint_holder_get_destination (WebEndpointHolder *self);

G_END_DECLS
