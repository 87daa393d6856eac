/* web-variant-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GVariant *web_variant_ref_trusted (GVariant *value);
gboolean  web_variant_check (GVariant *value, gsize n_handles, GError **error);
GVariant *web_variant_new_from_bytes (const char *type, GBytes *bytes);
GVariant *web_variant_new_simple (char letter, const guint8 *data, gsize size);

G_END_DECLS
