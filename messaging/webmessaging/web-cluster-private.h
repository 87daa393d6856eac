/* web-cluster-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-serialized-data.h"

G_BEGIN_DECLS

/* Another process of the application, to which this one has a control channel. */
typedef struct _WebRelative WebRelative;

/* The descriptors of a process that is about to be started. */
typedef struct
{
  int control;
  int lifeline;
} WebRelativeFds;

/* Called on the thread of the cluster. @from: nullable: %NULL for this process */
typedef void (*WebClusterHandler) (WebRelative *from, GVariant *body, GPtrArray *ports);

void     web_cluster_invoke (GSourceFunc function, gpointer user_data);
gboolean web_cluster_has_owner (void);
guint    web_cluster_get_depth (void);
gboolean web_cluster_join (const WebRelativeFds *fds, int owner_pid, guint depth, GError **error);

void     web_cluster_flush (void);
void     web_cluster_leave (void);
void     web_cluster_end_children (void);
void     web_cluster_set_handler (const char *kind, WebClusterHandler handler);
gboolean web_cluster_send_up (const char *kind, GVariant *body, GPtrArray *ports, GError **error);

WebRelative *web_relative_new (WebRelativeFds *fds, GError **error);
WebRelative *web_relative_ref (WebRelative *self);
void         web_relative_unref (WebRelative *self);
void         web_relative_set_process (WebRelative *self, GSubprocess *process);
GSubprocess *web_relative_get_process (WebRelative *self);
void         web_relative_end (WebRelative *self);
char        *web_relative_describe_end (WebRelative *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebRelative, web_relative_unref)

G_END_DECLS
