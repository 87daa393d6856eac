/* web-realm-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

typedef struct _WebRealm WebRealm;

/* Returns 1, or -1 if the message cannot be a value of the language; 0 stands for a function that
 * the language did not call. */
typedef int (*WebRealmDeserializeFunc) (WebMessageEvent *event,
                                        const guint8    *cbor,
                                        gsize            size,
                                        gpointer         user_data);

/* Returns %TRUE; %FALSE stands for a function that the language did not call. */
typedef gboolean (*WebRealmCheckpointFunc) (gpointer user_data);

WebRealm *web_realm_new (WebRealmDeserializeFunc deserialize,
                         gpointer                user_data,
                         GDestroyNotify          destroy);
WebRealm *web_realm_ref (WebRealm *self);
void      web_realm_unref (WebRealm *self);

void web_realm_set_checkpoint (WebRealm              *self,
                               WebRealmCheckpointFunc checkpoint,
                               gpointer               user_data,
                               GDestroyNotify         destroy);

gboolean web_realm_deserialize (WebRealm *self, WebMessageEvent *event, GBytes *cbor);
void     web_realm_prepare (WebRealm *self);
void     web_realm_checkpoint (WebRealm *self);

G_END_DECLS
