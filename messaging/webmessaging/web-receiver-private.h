/* web-receiver-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-endpoint-set-private.h"
#include "web-realm-private.h"

G_BEGIN_DECLS

/* What receives a message. Nothing of it is owned. */
typedef struct
{
  WebScheduler   *scheduler; /* of the context where it is received */
  WebEndpointSet *endpoints; /* nullable: of the window that the ports in it belong to */
  WebRealm       *realm;     /* nullable: what makes a value of it, %NULL for C */
} WebReceiver;

G_END_DECLS
