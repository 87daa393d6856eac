/* web-jsc-timers-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WebJscTimers WebJscTimers;

typedef void (*WebJscTimerFunc) (guint number, gpointer user_data);

WebJscTimers *web_jsc_timers_new (GMainContext *context, WebJscTimerFunc func, gpointer user_data);
void          web_jsc_timers_free (WebJscTimers *self);
void web_jsc_timers_start (WebJscTimers *self, guint number, guint milliseconds, gboolean repeats);
void web_jsc_timers_stop (WebJscTimers *self, guint number);

G_END_DECLS
