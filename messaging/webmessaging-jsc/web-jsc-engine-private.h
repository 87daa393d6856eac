/* web-jsc-engine-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <jsc/jsc.h>

G_BEGIN_DECLS

/* Returns %TRUE if the script that runs is to end. */
typedef gboolean (*WebJscLimitFunc) (gpointer user_data);

void     web_jsc_engine_add_is_proxy (JSCContext *context, JSCValue *object);
gboolean web_jsc_engine_set_limit (JSCContext     *context,
                                   guint           milliseconds,
                                   WebJscLimitFunc func,
                                   gpointer        user_data);
guint    web_jsc_engine_count_ended (void);
gboolean web_jsc_engine_clear_limit (JSCContext *context);

G_END_DECLS
