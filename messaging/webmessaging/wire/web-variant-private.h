/* web-variant-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean web_variant_check_handles (GVariant *value, gsize n_handles, GError **error);

G_END_DECLS
