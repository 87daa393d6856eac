/* web-outbox-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "web-packet-private.h"

G_BEGIN_DECLS

typedef struct _WebOutgoing WebOutgoing;

typedef struct
{
  void (*ref) (WebOutgoing *self);
  void (*unref) (WebOutgoing *self);

  /* Writes what waits, on the thread of the outbox. If the other side does not take it, @epoll_fd
   * is to tell when it does, with @self as its data. */
  WebPacketStatus (*write) (WebOutgoing *self, int epoll_fd);
} WebOutgoingFuncs;

/* What is embedded in a connection that the outbox writes to. */
struct _WebOutgoing
{
  const WebOutgoingFuncs *funcs;
};

gboolean web_outbox_prepare (GError **error);
void     web_outbox_add (WebOutgoing *link);
gboolean web_outbox_wait (GCancellable *cancellable);

G_END_DECLS
