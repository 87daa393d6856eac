/* web-error-event.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event.h"

G_BEGIN_DECLS

#define WEB_TYPE_ERROR_EVENT (web_error_event_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (WebErrorEvent, web_error_event, WEB, ERROR_EVENT, WebEvent)

WEB_AVAILABLE_IN_ALL
WebErrorEvent *web_error_event_new (const char *type,
                                    const char *message,
                                    const char *filename,
                                    guint       lineno,
                                    guint       colno);

WEB_AVAILABLE_IN_ALL
const char *web_error_event_get_message (WebErrorEvent *self);
WEB_AVAILABLE_IN_ALL
const char *web_error_event_get_filename (WebErrorEvent *self);
WEB_AVAILABLE_IN_ALL
guint web_error_event_get_lineno (WebErrorEvent *self);
WEB_AVAILABLE_IN_ALL
guint web_error_event_get_colno (WebErrorEvent *self);
WEB_AVAILABLE_IN_ALL
const char *web_error_event_get_stack (WebErrorEvent *self);

G_END_DECLS
