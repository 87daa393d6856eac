/* web-error-event-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-error-event.h"

G_BEGIN_DECLS

WebErrorEvent *web_error_event_new_reported (const char *message,
                                             const char *filename,
                                             guint       lineno,
                                             guint       colno,
                                             const char *stack,
                                             GBytes     *exception);
GBytes        *web_error_event_get_exception (WebErrorEvent *self);

G_END_DECLS
