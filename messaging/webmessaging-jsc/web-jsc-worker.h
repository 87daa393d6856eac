/* web-jsc-worker.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(WEB_MESSAGING_JSC_INSIDE) && !defined(WEB_MESSAGING_COMPILATION)
#  error "Only <webmessaging-jsc/webmessaging-jsc.h> can be included directly."
#endif

#include <webmessaging-jsc/web-jsc-host.h>

G_BEGIN_DECLS

WEB_AVAILABLE_IN_0_1
WebWorker *web_jsc_worker_new (const char *url, const char *name, WebJscHost *host);

G_END_DECLS
