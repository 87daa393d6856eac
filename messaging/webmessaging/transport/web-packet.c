/* web-packet.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-packet-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "wire/web-parcel-private.h"

/* Of Linux 6.5 */
#ifndef SCM_PIDFD
#  define SCM_PIDFD 0x04
#endif

WebPacket *
web_packet_new (void)
{
  WebPacket *self = g_new0 (WebPacket, 1);

  self->bytes = g_byte_array_new ();

  return self;
}

void
web_packet_free (WebPacket *self)
{
  if (self->fds != NULL)
    web_close_fds ((const int *)(void *)self->fds->data, self->fds->len);
  g_clear_pointer (&self->fds, g_array_unref);
  g_byte_array_unref (self->bytes);
  g_free (self);
}

/*
 * web_packet_take_fds:
 *
 * Moves the first @n_fds of @fds here.
 */
void
web_packet_take_fds (WebPacket *self, GArray *fds, guint n_fds)
{
  if (n_fds == 0)
    return;

  if (self->fds == NULL)
    self->fds = g_array_new (FALSE, FALSE, sizeof (int));
  g_array_append_vals (self->fds, fds->data, n_fds);
  g_array_remove_range (fds, 0, n_fds);
}

/*
 * web_packet_begin_record:
 *
 * Begins a record, whose content the caller appends. Pass what this returns to
 * web_packet_end_record().
 */
gsize
web_packet_begin_record (WebPacket *self, WebRecordType type)
{
  const gsize           begin = self->bytes->len;
  const WebRecordHeader header = { .type = type };

  g_byte_array_append (self->bytes, (const guint8 *)&header, sizeof header);

  return begin;
}

void
web_packet_end_record (WebPacket *self, gsize begin, guint n_fds)
{
  WebRecordHeader header;

  memcpy (&header, self->bytes->data + begin, sizeof header);
  header.n_fds = n_fds;
  header.size = self->bytes->len - begin - sizeof header;
  memcpy (self->bytes->data + begin, &header, sizeof header);
}

#define CONTROL_SIZE                                                                               \
  (CMSG_SPACE (WEB_PACKET_MAX_FDS * sizeof (int)) + CMSG_SPACE (sizeof (struct ucred)))

typedef union
{
  struct cmsghdr header; /* for its alignment */
  guint8         bytes[CONTROL_SIZE];
} Control;

/*
 * web_packet_send:
 *
 * Sends a packet, without waiting.
 */
WebPacketStatus
web_packet_send (const WebPacket *self, int fd)
{
  Control       control;
  struct iovec  iov = { .iov_base = self->bytes->data, .iov_len = self->bytes->len };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
  gssize        n;

  if (self->fds != NULL)
    {
      const gsize     size = self->fds->len * sizeof (int);
      struct cmsghdr *header = &control.header;

      memset (&control, 0, CMSG_SPACE (size));
      message.msg_control = &control;
      message.msg_controllen = CMSG_SPACE (size);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN (size);
      memcpy (CMSG_DATA (header), self->fds->data, size);
    }

  do
    n = self->fds != NULL
          ? sendmsg (fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL)
          : send (fd, self->bytes->data, self->bytes->len, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);

  if (n >= 0)
    return WEB_PACKET_DONE;
  if (errno == EAGAIN)
    return WEB_PACKET_AGAIN;
  if (errno == ENOBUFS || errno == ENOMEM || errno == ETOOMANYREFS)
    return WEB_PACKET_LATER;

  return WEB_PACKET_GONE;
}

static void
take_control (struct msghdr *message, GArray *fds, WebSender *sender)
{
  struct cmsghdr *header;

  for (header = CMSG_FIRSTHDR (message); header != NULL; header = CMSG_NXTHDR (message, header))
    {
      const gsize size = header->cmsg_len - CMSG_LEN (0);

      if (header->cmsg_level != SOL_SOCKET)
        continue;

      if (header->cmsg_type == SCM_RIGHTS)
        {
          g_array_append_vals (fds, CMSG_DATA (header), size / sizeof (int));
        }
      /* Whoever had the socket before may have asked for one with each packet. */
      else if (header->cmsg_type == SCM_PIDFD)
        {
          web_close_fds ((const int *)(void *)CMSG_DATA (header), size / sizeof (int));
        }
      else if (header->cmsg_type == SCM_CREDENTIALS && size == sizeof (struct ucred))
        {
          struct ucred credentials;

          memcpy (&credentials, CMSG_DATA (header), sizeof credentials);
          /* The kernel has none for what was sent before anybody asked for them. */
          if (credentials.pid != 0)
            {
              sender->pid = credentials.pid;
              sender->uid = credentials.uid;
              sender->gid = credentials.gid;
            }
        }
    }
}

static gssize
receive (int fd, guint8 *buffer, struct msghdr *message, Control *control, int flags)
{
  struct iovec iov = { .iov_base = buffer, .iov_len = WEB_PACKET_MAX_SIZE };
  gssize       n;

  do
    {
      *message = (struct msghdr){
        .msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof *control,
      };
      n = recvmsg (fd, message, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    }
  /* A side that goes with something unread resets the connection, but what it has sent before is
   * still there. */
  while (n < 0 && (errno == EINTR || errno == ECONNRESET));

  return n;
}

/* Looks whether this process can have all descriptors of the next packet: those that it cannot have
 * are lost. */
static gboolean
has_room (int fd, guint8 *buffer)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
  WebSender     sender;
  Control       control;
  struct msghdr message;

  if (receive (fd, buffer, &message, &control, MSG_PEEK) < 0)
    return TRUE;

  take_control (&message, fds, &sender);
  web_close_fds ((const int *)(void *)fds->data, fds->len);

  return (message.msg_flags & MSG_CTRUNC) == 0;
}

/*
 * web_packet_receive:
 * @announced: whether the packet has descriptors
 * @buffer: %WEB_PACKET_MAX_SIZE bytes
 * @size: (out): how long the packet is
 * @fds: the descriptors in it are appended
 * @sender: (inout): who has sent it
 *
 * Receives the next packet, without waiting.
 */
WebPacketStatus
web_packet_receive (int        fd,
                    gboolean   announced,
                    guint8    *buffer,
                    gsize     *size,
                    GArray    *fds,
                    WebSender *sender)
{
  Control       control;
  struct msghdr message;
  gssize        n;

  if (announced && !has_room (fd, buffer))
    return WEB_PACKET_LATER;

  n = receive (fd, buffer, &message, &control, 0);
  if (n < 0)
    return errno == EAGAIN ? WEB_PACKET_AGAIN : WEB_PACKET_GONE;

  take_control (&message, fds, sender);
  *size = n;
  if (n == 0)
    return WEB_PACKET_GONE;

  return (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 ? WEB_PACKET_DONE
                                                             : WEB_PACKET_IMPOSSIBLE;
}
