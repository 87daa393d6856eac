/* web-tasks.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

WEB_AVAILABLE_IN_ALL
void web_tasks_set_batching (gboolean batching);

G_END_DECLS
