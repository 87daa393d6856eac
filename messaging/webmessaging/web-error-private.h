/* web-error-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-error.h"

G_BEGIN_DECLS

void     web_messaging_error_set_from_errno (GError **error, const char *what);
gboolean web_messaging_error_settle (GError    **error,
                                     GError     *own,
                                     gboolean    succeeded,
                                     gpointer    object,
                                     const char *what);

G_END_DECLS
