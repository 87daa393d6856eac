/* web-message-channel-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-channel.h"

G_BEGIN_DECLS

void web_message_channel_release_ports (WebMessageChannel *self);

G_END_DECLS
