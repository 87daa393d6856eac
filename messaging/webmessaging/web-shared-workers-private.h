/* web-shared-workers-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "transport/web-endpoint-private.h"
#include "web-worker-private.h"

G_BEGIN_DECLS

/* A worker that is a thread: how it is to run, and what. */
typedef struct
{
  char               *options;
  WebSharedWorkerFunc func;
  gpointer            user_data;
  GDestroyNotify      destroy;
} WebSharedThread;

void web_shared_workers_prepare (void);
void web_shared_workers_connect (const char        *url,
                                 const char        *name,
                                 const char        *options,
                                 const char *const *argv,
                                 GVariant          *data,
                                 WebEndpoint       *port,
                                 WebEndpoint       *lease);
void web_shared_workers_connect_thread (const char      *url,
                                        const char      *name,
                                        WebSharedThread *thread,
                                        WebEndpoint     *port,
                                        WebEndpoint     *lease);

G_END_DECLS
