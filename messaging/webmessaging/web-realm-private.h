/* web-realm-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "loop/web-gjs-engine-private.h"
#include "web-types.h"

G_BEGIN_DECLS

typedef struct _WebRealm WebRealm;

/* Returns 1, or -1 if the language has no such value; 0 if the language did not call its function.
 */
typedef int (*WebRealmDeserializeFunc) (WebMessageEvent *event,
                                        const guint8    *cbor,
                                        gsize            size,
                                        gpointer         user_data);

/* Returns %TRUE; %FALSE if the language did not call its function. */
typedef gboolean (*WebRealmCheckpointFunc) (gpointer user_data);

/* Returns a new reference to the target with a number, %NULL if the language is about to free it.
 */
typedef WebEventTarget *(*WebRealmFindFunc) (guint64 number, gpointer user_data);

WebRealm *web_realm_new (WebRealmDeserializeFunc deserialize,
                         gpointer                user_data,
                         GDestroyNotify          destroy);
WebRealm *web_realm_ref (WebRealm *self);
void      web_realm_unref (WebRealm *self);

void web_realm_set_checkpoint (WebRealm              *self,
                               WebRealmCheckpointFunc checkpoint,
                               gpointer               user_data,
                               GDestroyNotify         destroy);

void web_realm_set_find (WebRealm        *self,
                         WebRealmFindFunc find,
                         gpointer         user_data,
                         GDestroyNotify   destroy);

WebEventTarget *web_realm_find (WebRealm *self, guint64 number);

gboolean web_realm_deserialize (WebRealm *self, WebMessageEvent *event, GBytes *cbor);
void     web_realm_prepare_slowly (WebRealm *self);
void     web_realm_checkpoint_slowly (WebRealm *self);

/*
 * web_realm_prepare:
 * @self: (nullable): the realm of the function to be called, %NULL if it is not known
 *
 * Makes sure that a script on this thread can be called. The library calls this before each signal
 * and callback, and before each virtual function of a class that a script may have defined.
 */
static inline void
web_realm_prepare (WebRealm *self)
{
  if (self != NULL || web_gjs_engine_is_attached)
    web_realm_prepare_slowly (self);
}

/*
 * web_realm_checkpoint:
 * @self: (nullable): the realm of the function that was called, %NULL if it is not known
 *
 * Performs a microtask checkpoint after a callback for an event that the library fired: HTML,
 * webappapis.html#clean-up-after-running-script.
 */
static inline void
web_realm_checkpoint (WebRealm *self)
{
  if (self != NULL || web_gjs_engine_is_attached)
    web_realm_checkpoint_slowly (self);
}

G_END_DECLS
