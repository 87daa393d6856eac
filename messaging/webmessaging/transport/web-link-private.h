/* web-link-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-private.h"
#include "web-packet-private.h"

G_BEGIN_DECLS

#define WEB_LINK_ID_SIZE 16

/* What a link consists of, on its way to another process. */
typedef struct
{
  int      fd;
  guint8   id[WEB_LINK_ID_SIZE];
  guint8   peer_id[WEB_LINK_ID_SIZE];
  gboolean knows_peer;
  gboolean announced;
  GArray  *fds;     /* of int, owned: what has come before its message */
  GQueue   packets; /* of WebPacket, owned: what was posted and not written */
} WebLinkState;

extern const WebLinkFuncs web_link_funcs;

WebLink *web_link_new (int fd, const WebMessageFuncs *funcs);
gboolean web_link_make_sockets (int *fds, const char *what, GError **error);
gboolean web_link_new_pair (const WebMessageFuncs *funcs,
                            WebLink              **link1,
                            WebLink              **link2,
                            GError               **error);
WebLink *web_link_ref (WebLink *self);
void     web_link_unref (WebLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebLink, web_link_unref)

void web_link_greet (WebLink *self);
void web_link_gather (WebLink *self);
void web_link_close (WebLink *self);

gboolean web_link_post (WebLink *self, WebMessage *message, GError **error);

gboolean web_link_is_slow (WebLink *self);
void     web_link_flush (WebLink *self);
guint64  web_link_get_buffered (WebLink *self);
gboolean web_link_check_room (WebLink *self, GError **error);

void     web_link_leave (WebLink *self, WebLinkState *state);
WebLink *web_link_new_for_state (WebLinkState *state, const WebMessageFuncs *funcs);
void     web_link_state_clear (WebLinkState *self);
gboolean web_link_send_parcel (WebLink      *self,
                               WebRecordType type,
                               WebParcel    *parcel,
                               GError      **error);

gboolean web_link_receive_moved (int                    fd,
                                 gboolean               announced,
                                 WebEndpoint           *endpoint,
                                 const WebMessageFuncs *funcs,
                                 GError               **error);

/* web-link-move.c */
gboolean web_link_is_socket (int fd);
int      web_link_send_moved (WebEndpoint           *endpoint,
                              int                   *fds,
                              const WebMessageFuncs *funcs,
                              GError               **error);
void     web_link_write_endpoints (const WebMessageFuncs *funcs, WebParcel *parcel);
gboolean web_link_read_endpoints (const WebMessageFuncs *funcs, WebParcelReader *parcel);
void     web_link_deliver (WebEndpoint *endpoint, WebMessage *message, const WebSender *sender);

G_END_DECLS
