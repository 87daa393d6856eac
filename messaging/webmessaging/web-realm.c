/* web-realm.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What makes values of a language of the messages that arrive: HTML, the *target realm* of
 * structured-data.html#structureddeserialize.
 *
 * The binding of a language makes one realm and lets it adopt the event targets that its scripts
 * listen to. A target without a realm gives its listeners a #GVariant.
 */

#include <dlfcn.h>

#include "web-realm-private.h"

/* A counted reference (g_atomic_rc_box): a target may go on another thread than it was made on. */
struct _WebRealm
{
  WebRealmDeserializeFunc deserialize;
  gpointer                deserialize_data;
  GDestroyNotify          deserialize_destroy;

  WebRealmCheckpointFunc checkpoint; /* nullable */
  gpointer               checkpoint_data;
  GDestroyNotify         checkpoint_destroy;
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
}

void
web_realm_unref (WebRealm *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)web_realm_clear);
}

/* GJS 1.74 calls nothing in JavaScript while its garbage collector sweeps, and that can last over
 * many turns of the main loop: a signal or callback that comes then is lost. A collection as a
 * whole ends it. There is no other way to it than GJS's own library, which is in the process then.
 */
static gboolean
finish_garbage_collection (void)
{
  gpointer (*get_current) (void) = dlsym (RTLD_DEFAULT, "gjs_context_get_current");
  void (*collect) (gpointer) = dlsym (RTLD_DEFAULT, "gjs_context_gc");
  gpointer context = get_current != NULL && collect != NULL ? get_current () : NULL;

  if (context == NULL)
    return FALSE;

  collect (context);

  return TRUE;
}

/*
 * web_realm_deserialize:
 * @event: an event that nobody has seen yet
 * @cbor: (nullable): the message that it brings
 *
 * Makes a value of the language of a message. Returns %FALSE if the language cannot hold it.
 */
gboolean
web_realm_deserialize (WebRealm *self, WebMessageEvent *event, GBytes *cbor)
{
  gsize         size = 0;
  const guint8 *data = cbor != NULL ? g_bytes_get_data (cbor, &size) : NULL;
  int           result = self->deserialize (event, data, size, self->deserialize_data);

  if (result == 0 && finish_garbage_collection ())
    result = self->deserialize (event, data, size, self->deserialize_data);

  return result > 0;
}

/*
 * web_realm_prepare:
 *
 * Makes sure that the language can be called, before an event is fired.
 */
void
web_realm_prepare (WebRealm *self)
{
  if (self->checkpoint != NULL && !self->checkpoint (self->checkpoint_data))
    finish_garbage_collection ();
}

/*
 * web_realm_checkpoint:
 *
 * Performs a microtask checkpoint, after an event was fired: HTML,
 * webappapis.html#perform-a-microtask-checkpoint.
 */
void
web_realm_checkpoint (WebRealm *self)
{
  if (self->checkpoint != NULL)
    self->checkpoint (self->checkpoint_data);
}
