/* web-serializable.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

#define WEB_TYPE_SERIALIZABLE (web_serializable_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (WebSerializable, web_serializable, WEB, SERIALIZABLE, GObject)

/**
 * WebSerializableInterface:
 * @parent_iface: the parent interface
 * @serialize: the *serialization steps*: describes the object in a value
 * @deserialize: the *deserialization steps*: makes a new object equal to what was described
 *
 * What a class provides so that its objects can be cloned.
 */
struct _WebSerializableInterface
{
  GTypeInterface parent_iface;

  GVariant *(*serialize) (WebSerializable *self, GError **error);
  gboolean (*deserialize) (WebSerializable *self, GVariant *serialized, GError **error);
};

WEB_AVAILABLE_IN_ALL
GVariant *web_serializable_serialize (WebSerializable *self, GError **error);
WEB_AVAILABLE_IN_ALL
gboolean web_serializable_deserialize (WebSerializable *self, GVariant *serialized, GError **error);

G_END_DECLS
