/* webmessaging-jsc.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#define WEB_MESSAGING_JSC_INSIDE

#include <webmessaging-jsc/web-jsc-enum-types.h>
#include <webmessaging-jsc/web-jsc.h>
#include <webmessaging-jsc/web-jsc-host.h>
#include <webmessaging-jsc/web-jsc-worker.h>

#undef WEB_MESSAGING_JSC_INSIDE
