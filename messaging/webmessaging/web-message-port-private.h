/* web-message-port-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-message-private.h"
#include "transport/web-endpoint-set-private.h"
#include "web-message-port.h"

G_BEGIN_DECLS

/* What a port asks of its message event target: HTML, web-messaging.html#message-event-target. */
typedef struct
{
  WebTaskQueueOwnerFuncs
               owner_funcs; /* of the task queue; run() calls web_message_port_run_task() */
  const guint *signals;     /* message, messageerror */

  /* Returns %TRUE if the message is not for the program. Nullable. */
  gboolean (*take_message) (WebEventTarget *target, WebSerializedData *data);

  /* The other side is gone. Without it, the port fires a close event. */
  void (*ended) (WebEventTarget *target);
} WebPortTargetFuncs;

WebMessagePort *web_message_port_new_for_endpoint (WebEndpoint *endpoint, WebEndpointSet *siblings);

WebMessagePort *web_message_port_new_for_target (WebEndpoint              *endpoint,
                                                 WebEventTarget           *target,
                                                 const WebPortTargetFuncs *funcs);
gboolean        web_message_port_let_target_go (WebMessagePort *self, WebEventTarget *target);
void            web_message_port_run_task (WebMessagePort *self);
void            web_message_port_discard (WebMessagePort *self);

gboolean web_message_port_lives_in (WebMessagePort *self, WebScheduler *scheduler);
gboolean web_message_port_may_receive (WebMessagePort *self);
gpointer web_message_port_get_peer (WebMessagePort *self);
guint    web_message_port_count_waiting (WebMessagePort *self);

gboolean web_message_port_post_cbor (WebMessagePort         *self,
                                     const guint8           *cbor,
                                     gsize                   size,
                                     GBytes *const          *buffers,
                                     gsize                   n_buffers,
                                     WebTransferable *const *transfer,
                                     gsize                   n_transfer,
                                     WebSerializable *const *objects,
                                     gsize                   n_objects,
                                     GError                **error);

const WebSender *web_message_port_get_sender (WebMessagePort *self);

G_END_DECLS
