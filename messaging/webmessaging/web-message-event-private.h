/* web-message-event-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-event.h"
#include "loop/web-task-source-private.h"
#include "web-realm-private.h"

G_BEGIN_DECLS

WebMessageEvent *web_message_event_new_received (WebSerializedData *data,
                                                 WebTaskSource     *task_source,
                                                 WebWindow         *window,
                                                 WebRealm          *realm,
                                                 GError           **error);
void             web_message_event_fire_received (WebSerializedData *data,
                                                  WebTaskSource     *task_source,
                                                  WebWindow         *window,
                                                  const char        *origin,
                                                  WebEventTarget    *source,
                                                  WebEventTarget    *target,
                                                  guint              message,
                                                  guint              messageerror);

WebSerializedData *web_message_event_get_message (WebMessageEvent *self);

G_END_DECLS
