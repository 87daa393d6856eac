/* web-packet-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-message-private.h"

G_BEGIN_DECLS

/* One packet of a SOCK_SEQPACKET socket, which the kernel hands over as a whole. */
#define WEB_PACKET_MAX_SIZE (64 * 1024)
#define WEB_PACKET_MAX_FDS  253 /* SCM_MAX_FD of Linux */

/* What a packet consists of: docs/wire-format.md, “Between processes”. */
typedef enum
{
  WEB_RECORD_HELLO = 1, /* the first thing that an endpoint sends: who it is */
  WEB_RECORD_PLAIN,     /* a message that is only a value */
  WEB_RECORD_MESSAGE,   /* any other message, and the endpoints that travel in it */
  WEB_RECORD_UNWRITTEN, /* stands for a message that could not be written */
  WEB_RECORD_MOVED,     /* the endpoint is elsewhere: its socket, and what waits there */
  WEB_RECORD_ANNOUNCE,  /* the next packet has descriptors */
  WEB_RECORD_FDS,       /* descriptors of the next message */
} WebRecordType;

/* The content of the record lies in a memory file, the first of its descriptors. */
#define WEB_RECORD_IN_FILE 0x100u

typedef struct
{
  guint32 type;
  guint32 n_fds;
  guint32 size;
} WebRecordHeader;

typedef struct
{
  GByteArray *bytes;
  GArray     *fds;   /* of int, owned; nullable */
  gsize       files; /* how long the memory files are together */
} WebPacket;

WebPacket *web_packet_new (void);
void       web_packet_free (WebPacket *self);
void       web_packet_take_fds (WebPacket *self, GArray *fds, guint n_fds);
gsize      web_packet_begin_record (WebPacket *self, WebRecordType type);
void       web_packet_end_record (WebPacket *self, gsize begin, guint n_fds);

/* What came of sending or receiving. */
typedef enum
{
  WEB_PACKET_DONE,
  WEB_PACKET_AGAIN,      /* not now: epoll tells when */
  WEB_PACKET_LATER,      /* not now: the process, or its user, has too many descriptors */
  WEB_PACKET_GONE,       /* the other side is gone */
  WEB_PACKET_IMPOSSIBLE, /* what has come is no packet */
} WebPacketStatus;

WebPacketStatus web_packet_send (const WebPacket *self, int fd);
WebPacketStatus web_packet_receive (int        fd,
                                    gboolean   announced,
                                    guint8    *buffer,
                                    gsize     *size,
                                    GArray    *fds,
                                    WebSender *sender);

G_END_DECLS
