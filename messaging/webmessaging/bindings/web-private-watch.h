/* web-private-watch.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* A main context that is run by an event loop of another kind, such as the one of asyncio. */

#include <webmessaging/web-types.h>

G_BEGIN_DECLS

/**
 * WebPrivateWatch:
 *
 * Lets an event loop of another kind run a main context.
 */
typedef struct _WebPrivateWatch WebPrivateWatch;

#define WEB_PRIVATE_TYPE_WATCH (web_private_watch_get_type ())

WEB_AVAILABLE_IN_ALL
GType web_private_watch_get_type (void) G_GNUC_CONST;

WEB_AVAILABLE_IN_ALL
WebPrivateWatch *web_private_watch_new (GError **error);

WEB_AVAILABLE_IN_ALL
int web_private_watch_get_fd (WebPrivateWatch *self);

WEB_AVAILABLE_IN_ALL
int web_private_watch_iterate (WebPrivateWatch *self);

G_END_DECLS
