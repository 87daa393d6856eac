/* web-receive-call-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "loop/web-task-queue-private.h"
#include "web-types.h"

G_BEGIN_DECLS

/* A call that waits for a message. Unlike a GTask, it calls back at once when the message is
 * delivered, so that the next message, or the close event, cannot overtake the callback; and it
 * does not keep the main context alive. */
typedef struct _WebReceiveCall WebReceiveCall;

WebReceiveCall *web_receive_call_new (GObject            *source_object,
                                      WebTaskQueue       *queue,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
void            web_receive_call_free (WebReceiveCall *self);

gboolean web_receive_call_is_cancelled (WebReceiveCall *self);

void web_receive_call_return_event (WebReceiveCall *self, WebMessageEvent *event);
void web_receive_call_return_error (WebReceiveCall *self, GError *error);

gboolean         web_receive_call_is_result (GAsyncResult *result, GObject *source_object);
WebMessageEvent *web_receive_call_propagate (GAsyncResult *result, GError **error);

G_END_DECLS
