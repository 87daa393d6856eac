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

/* What a script calls by a function that web_jsc_engine_add_function() has made. */
typedef gboolean (*WebJscNativeFunc) (gpointer user_data);

/* A function of a script, which somebody else keeps. */
typedef struct
{
  gconstpointer context;
  gconstpointer function;
} WebJscFunction;

void     web_jsc_engine_add_look (JSCContext *context, JSCValue *object);
void     web_jsc_engine_watch_rejections (JSCContext *context, JSCValue *function);
gboolean web_jsc_engine_set_limit (JSCContext *context, guint milliseconds, void (*ended) (void));
void     web_jsc_engine_watch (JSCContext     *context,
                               guint           milliseconds,
                               WebJscLimitFunc func,
                               gpointer        user_data);
void     web_jsc_engine_note_call (void);
guint    web_jsc_engine_count_ended (void);
gboolean web_jsc_engine_add_function (JSCContext      *context,
                                      JSCValue        *object,
                                      const char      *name,
                                      WebJscNativeFunc func,
                                      gpointer         user_data,
                                      GDestroyNotify   destroy);
gboolean web_jsc_engine_find_function (JSCValue *value, WebJscFunction *function);
gboolean web_jsc_engine_call (const WebJscFunction *function);
void     web_jsc_engine_report_memory (JSCContext *context, gsize size);

G_END_DECLS
