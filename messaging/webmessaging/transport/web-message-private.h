/* web-message-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-endpoint-private.h"

G_BEGIN_DECLS

/* A message on its way: the task to deliver it. Only its receiver knows what @data is. */
struct _WebMessage
{
  WebTask        task; /* must be first */
  gpointer       data; /* owned */
  GDestroyNotify free_data;
  GPtrArray     *holders; /* owned, nullable: of WebEndpointHolder, the ports that travel in it */
};

WebMessage *web_message_new (gpointer data, GDestroyNotify free_data, GPtrArray *holders);
void        web_message_init (WebMessage    *self,
                              gpointer       data,
                              GDestroyNotify free_data,
                              GPtrArray     *holders);
void        web_message_clear (WebMessage *self, gboolean lost);
void        web_message_free (WebMessage *self);

WebTaskQueueItem web_message_take (WebTaskQueue *queue, WebMessage **message);

G_END_DECLS
