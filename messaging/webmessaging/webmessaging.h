/* webmessaging.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#define WEB_MESSAGING_INSIDE

#include "web-types.h"
#include <webmessaging/web-version.h>
#include <webmessaging/web-version-macros.h>

#include <webmessaging/web-enum-types.h>
#include "web-broadcast-channel.h"
#include "web-dedicated-worker-global-scope.h"
#include "web-error.h"
#include "web-error-event.h"
#include "web-event.h"
#include "web-event-target.h"
#include "web-main-context.h"
#include "web-message-channel.h"
#include "web-message-event.h"
#include "web-message-event-source.h"
#include "web-message-port.h"
#include "web-origin.h"
#include "web-serializable.h"
#include "web-serialized-data.h"
#include "web-shared-worker.h"
#include "web-shared-worker-global-scope.h"
#include "web-transferable.h"
#include "web-window.h"
#include "web-worker.h"
#include "web-worker-global-scope.h"

#undef WEB_MESSAGING_INSIDE
