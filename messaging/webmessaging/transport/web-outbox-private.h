/* web-outbox-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-link-private.h"

G_BEGIN_DECLS

void     web_outbox_add (WebLink *link);
gboolean web_outbox_wait (GCancellable *cancellable);

G_END_DECLS
