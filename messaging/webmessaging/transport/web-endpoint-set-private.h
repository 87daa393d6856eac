/* web-endpoint-set-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-endpoint-private.h"

G_BEGIN_DECLS

typedef struct _WebEndpointSet WebEndpointSet;

WebEndpointSet *web_endpoint_set_new (void);
WebEndpointSet *web_endpoint_set_ref (WebEndpointSet *self);
void            web_endpoint_set_unref (WebEndpointSet *self);

void web_endpoint_set_add (WebEndpointSet *self, WebEndpoint *endpoint);
void web_endpoint_set_remove (WebEndpointSet *self, WebEndpoint *endpoint);
void web_endpoint_set_close (WebEndpointSet *self, gboolean lost);

gboolean web_endpoint_set_is_closed (WebEndpointSet *self);

G_END_DECLS
