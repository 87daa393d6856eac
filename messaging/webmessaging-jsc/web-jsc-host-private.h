/* web-jsc-host-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-jsc-host.h"

G_BEGIN_DECLS

GBytes  *web_jsc_host_load (WebJscHost *self, const char *url, GError **error);
void     web_jsc_host_prepare_worker (WebJscHost *self, JSCContext *context);
gboolean web_jsc_host_report (WebJscHost *self,
                              const char *message,
                              const char *filename,
                              guint       lineno,
                              guint       colno,
                              const char *stack);

G_END_DECLS
