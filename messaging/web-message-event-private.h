/* web-message-event-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-event.h"
#include "web-task-source-private.h"

G_BEGIN_DECLS

WebMessageEvent *web_message_event_new_for_message (WebTaskSource  *task_source,
                                                    GVariant       *data,
                                                    GPtrArray      *objects,
                                                    const char     *origin,
                                                    WebEventTarget *source);
WebMessageEvent *web_message_event_new_for_error (const char *origin, WebEventTarget *source);
void             web_message_event_retire (WebMessageEvent *self, WebTaskSource *task_source);

G_END_DECLS
