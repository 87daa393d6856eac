/* web-jsc-utf8-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean web_jsc_utf8_is_valid (GBytes *bytes);
GBytes  *web_jsc_utf8_make_valid (GBytes *bytes);

G_END_DECLS
