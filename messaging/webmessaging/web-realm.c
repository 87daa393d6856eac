/* web-realm.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A realm turns messages that arrive into values of a language: HTML, the *target realm* of
 * structured-data.html#structureddeserialize.
 *
 * The binding of a language makes one realm and lets it adopt the event targets that its scripts
 * listen to. A target without a realm gives its listeners a #GVariant.
 */

#include "web-realm-private.h"

#include "loop/web-gjs-engine-private.h"

/* Reference-counted (g_atomic_rc_box), because a target may be freed on another thread. */
struct _WebRealm
{
  WebRealmDeserializeFunc deserialize;
  gpointer                deserialize_data;
  GDestroyNotify          deserialize_destroy;

  WebRealmCheckpointFunc checkpoint; /* nullable */
  gpointer               checkpoint_data;
  GDestroyNotify         checkpoint_destroy;

  WebRealmFindFunc find; /* nullable */
  gpointer         find_data;
  GDestroyNotify   find_destroy;
};

WebRealm *
web_realm_new (WebRealmDeserializeFunc deserialize, gpointer user_data, GDestroyNotify destroy)
{
  WebRealm *self = g_atomic_rc_box_new0 (WebRealm);

  self->deserialize = deserialize;
  self->deserialize_data = user_data;
  self->deserialize_destroy = destroy;

  return self;
}

void
web_realm_set_checkpoint (WebRealm              *self,
                          WebRealmCheckpointFunc checkpoint,
                          gpointer               user_data,
                          GDestroyNotify         destroy)
{
  g_return_if_fail (self->checkpoint == NULL);

  self->checkpoint = checkpoint;
  self->checkpoint_data = user_data;
  self->checkpoint_destroy = destroy;
}

void
web_realm_set_find (WebRealm        *self,
                    WebRealmFindFunc find,
                    gpointer         user_data,
                    GDestroyNotify   destroy)
{
  g_return_if_fail (self->find == NULL);

  self->find = find;
  self->find_data = user_data;
  self->find_destroy = destroy;
}

WebRealm *
web_realm_ref (WebRealm *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
web_realm_clear (WebRealm *self)
{
  if (self->deserialize_destroy != NULL)
    self->deserialize_destroy (self->deserialize_data);
  if (self->checkpoint_destroy != NULL)
    self->checkpoint_destroy (self->checkpoint_data);
  if (self->find_destroy != NULL)
    self->find_destroy (self->find_data);
}

void
web_realm_unref (WebRealm *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)web_realm_clear);
}

/*
 * web_realm_find:
 * @number: the number of a target that the realm tracks
 *
 * Gets a reference to a target to which perhaps only a wrapper of the language refers. That takes
 * more than g_weak_ref_get() where a garbage collector runs on any thread. Once the collector has
 * found that a wrapper is garbage, it frees the wrapper, whatever happens to the target meanwhile;
 * only the weak references of the language tell.
 *
 * Returns: (transfer full) (nullable): the target
 */
WebEventTarget *
web_realm_find (WebRealm *self, guint64 number)
{
  return self->find (number, self->find_data);
}

/*
 * web_realm_deserialize:
 * @event: an event that nobody has seen yet
 * @cbor: (nullable): the message of the event
 *
 * Turns a message into a value of the language. Returns %FALSE if the language has no such value.
 */
gboolean
web_realm_deserialize (WebRealm *self, WebMessageEvent *event, GBytes *cbor)
{
  gsize         size = 0;
  const guint8 *data = cbor != NULL ? g_bytes_get_data (cbor, &size) : NULL;
  int           result;

  web_gjs_engine_finish_sweep ();
  result = self->deserialize (event, data, size, self->deserialize_data);
  if (result == 0 && web_gjs_engine_collect ())
    result = self->deserialize (event, data, size, self->deserialize_data);

  return result > 0;
}

void
web_realm_prepare_slowly (WebRealm *self)
{
  web_gjs_engine_finish_sweep ();
  if (self != NULL && self->checkpoint != NULL && !self->checkpoint (self->checkpoint_data))
    web_gjs_engine_collect ();
}

void
web_realm_checkpoint_slowly (WebRealm *self)
{
  if (!web_gjs_engine_run_microtasks () && self != NULL && self->checkpoint != NULL)
    self->checkpoint (self->checkpoint_data);
}
