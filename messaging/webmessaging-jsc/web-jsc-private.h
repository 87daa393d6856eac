/* web-jsc-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* For hosts of the repository that give scripts more of the web than the library has, such as
 * windows. Not installed; it changes without notice. */

#include <webmessaging-jsc/webmessaging-jsc.h>

G_BEGIN_DECLS

WEB_AVAILABLE_IN_ALL
JSCValue *web_jsc_private_get_modules (JSCContext *context);
WEB_AVAILABLE_IN_ALL
void web_jsc_private_shut_down (JSCContext *context);
WEB_AVAILABLE_IN_ALL
void web_jsc_private_collect_garbage (JSCContext *context);

G_END_DECLS
