/* web-jsc.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(WEB_MESSAGING_JSC_INSIDE) && !defined(WEB_MESSAGING_COMPILATION)
#  error "Only <webmessaging-jsc/webmessaging-jsc.h> can be included directly."
#endif

#include <jsc/jsc.h>
#include <webmessaging/webmessaging.h>

G_BEGIN_DECLS

/**
 * WebJscFlags:
 * @WEB_JSC_NONE: nothing but the classes of messages and events
 * @WEB_JSC_MICROTASKS: `queueMicrotask()`
 * @WEB_JSC_TIMERS: `setTimeout()`, `setInterval()` and the functions that stop them
 * @WEB_JSC_TEXT_CODING: `TextEncoder` and `TextDecoder`, for UTF-8
 * @WEB_JSC_REPORT_ERROR: `reportError()`
 * @WEB_JSC_WORKERS: `Worker` and `SharedWorker`; such a script can load other scripts
 * @WEB_JSC_ALL: all of these
 *
 * What a script gets besides the classes of messages and events.
 */
typedef enum
{
  WEB_JSC_NONE = 0,
  WEB_JSC_MICROTASKS = 1 << 0,
  WEB_JSC_TIMERS = 1 << 1,
  WEB_JSC_TEXT_CODING = 1 << 2,
  WEB_JSC_REPORT_ERROR = 1 << 3,
  WEB_JSC_WORKERS = 1 << 4,
  WEB_JSC_ALL = (1 << 5) - 1,
} WebJscFlags;

WEB_AVAILABLE_IN_0_1
gboolean web_jsc_install (JSCContext *context, WebJscFlags flags, GError **error);

WEB_AVAILABLE_IN_0_1
JSCValue *web_jsc_wrap_port (JSCContext *context, WebMessagePort *port);
WEB_AVAILABLE_IN_0_1
WebMessagePort *web_jsc_unwrap_port (JSCValue *value);

WEB_AVAILABLE_IN_0_1
gboolean web_jsc_set_time_limit (JSCContext *context, guint milliseconds);

G_END_DECLS
