/* web-test-packets.h: packets between processes, written by hand
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web-test.h"

/* docs/wire-format.md, “Between processes” */
enum
{
  HELLO = 1,
  PLAIN,
  MESSAGE,
  UNWRITTEN,
  MOVED,
  ANNOUNCE,
  FDS,

  IN_FILE = 0x100,
};

enum
{
  KIND_PORT = 1,
  KIND_WRAPPED,
  KIND_OBJECT,
};

#define MAX_PACKET 65536
#define MAX_FDS    253
#define NO_FD      G_MAXUINT32
#define SEALS      (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* A packet, and the descriptors that go with it. Sending it consumes it. */
typedef struct
{
  GByteArray *bytes;
  GArray     *fds; /* of int, owned */
} Packet;

static inline Packet *
packet_new (void)
{
  Packet *self = g_new (Packet, 1);

  self->bytes = g_byte_array_new ();
  self->fds = g_array_new (FALSE, FALSE, sizeof (int));

  return self;
}

static inline guint
packet_take_fd (Packet *self, int fd)
{
  g_assert_no_errno (fd);
  g_array_append_val (self->fds, fd);

  return self->fds->len - 1;
}

static inline void
put_data (Packet *self, gconstpointer data, gsize size)
{
  g_byte_array_append (self->bytes, data, size);
}

static inline void
put_uint (Packet *self, guint32 number)
{
  put_data (self, &number, sizeof number);
}

static inline void
put_zeros (Packet *self, gsize size)
{
  const guint begin = self->bytes->len;

  g_byte_array_set_size (self->bytes, begin + size);
  memset (self->bytes->data + begin, 0, size);
}

/* A part whose length precedes it. */
static inline gsize
begin_block (Packet *self)
{
  put_uint (self, 0);

  return self->bytes->len;
}

static inline void
end_block (Packet *self, gsize begin)
{
  const guint32 size = self->bytes->len - begin;

  memcpy (self->bytes->data + begin - sizeof size, &size, sizeof size);
}

static inline gsize
begin_record (Packet *self, guint32 type, guint32 n_fds)
{
  put_uint (self, type);
  put_uint (self, n_fds);

  return begin_block (self);
}

#define end_record end_block

static inline void
put_record (Packet *self, guint32 type, guint32 n_fds, gconstpointer data, gsize size)
{
  const gsize begin = begin_record (self, type, n_fds);

  put_data (self, data, size);
  end_record (self, begin);
}

/* A message that is only a number, as web_serialized_data_to_bytes() writes it. */
static inline void
put_number (Packet *self, int number)
{
  g_autoptr (WebSerializedData) data =
    web_serialized_data_new (g_variant_new_int32 (number), NULL, 0, NULL, 0, NULL);
  g_autoptr (GBytes) bytes = web_serialized_data_to_bytes (data, NULL);

  put_data (self, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static inline void
put_plain (Packet *self, int number)
{
  const gsize begin = begin_record (self, PLAIN, 0);

  put_number (self, number);
  end_record (self, begin);
}

static inline void
put_hello (Packet *self, guint32 version, const guint8 *id)
{
  const gsize begin = begin_record (self, HELLO, 0);

  put_uint (self, version);
  put_data (self, id, 16);
  end_record (self, begin);
}

/* A byte array in a memory file, the descriptor with this number. */
static inline void
put_file_message (Packet *self, guint8 index)
{
  const guint8 head[] = { 0xda, 0x57, 0x45, 0x42, 0x07, 0x83, 0x81 };
  /* The buffer, no cloned object, and a value: 0 */
  put_data (self, head, sizeof head);
  put_data (self, &index, 1);
  put_data (self, "\x80\x00", 2);
}

/* What an endpoint consists of, up to the messages that wait at it. */
static inline void
put_endpoint_begin (Packet *self, guint32 index)
{
  put_uint (self, index);
  put_zeros (self, 16 + 16); /* its id, and that of the other side */
  put_uint (self, FALSE);    /* knows the other side */
  put_uint (self, FALSE);    /* announced */
}

static inline void
put_endpoint (Packet *self, guint32 index)
{
  put_endpoint_begin (self, index);
  put_uint (self, 0); /* descriptors */
  put_uint (self, 0); /* packets */
  put_uint (self, 0); /* messages */
}

/* A message with ports: the number, and what is transferred with it. */
static inline void
put_message_with_ports (Packet *self, int number, guint n_ports)
{
  const gsize begin = begin_block (self);
  guint       i;

  put_uint (self, n_ports);
  for (i = 0; i < n_ports; i++)
    put_uint (self, KIND_PORT);
  put_number (self, number);
  end_block (self, begin);
}

static inline void
packet_free (Packet *self)
{
  guint i;

  for (i = 0; i < self->fds->len; i++)
    close (g_array_index (self->fds, int, i));
  g_array_unref (self->fds);
  g_byte_array_unref (self->bytes);
  g_free (self);
}

/* Sends a packet as it is, and returns 0 or what was wrong. */
static inline int
packet_try_send (Packet *self, int fd)
{
  const gsize                size = self->fds->len * sizeof (int);
  struct iovec               iov = { .iov_base = self->bytes->data, .iov_len = self->bytes->len };
  struct msghdr              message = { .msg_iov = &iov, .msg_iovlen = 1 };
  g_autofree struct cmsghdr *header = g_malloc0 (CMSG_SPACE (size));
  gssize                     n;

  if (size > 0)
    {
      message.msg_control = header;
      message.msg_controllen = CMSG_SPACE (size);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN (size);
      memcpy (CMSG_DATA (header), self->fds->data, size);
    }
  n = sendmsg (fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);

  return n < 0 ? errno : 0;
}

static inline void
packet_send (Packet *self, int fd)
{
  const int error = packet_try_send (self, fd);

  /* A receiver that has had enough is what is hoped for. */
  if (error != 0 && error != EPIPE && error != ECONNRESET)
    g_error ("A packet cannot be sent: %s", g_strerror (error));
  packet_free (self);
}

static inline void
send_announce (int fd)
{
  Packet *packet = packet_new ();

  put_record (packet, ANNOUNCE, 0, NULL, 0);
  packet_send (packet, fd);
}

static inline int
open_file (const char *path)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_no_errno (fd);

  return fd;
}

static inline int
make_socket (int type)
{
  const int fd = socket (AF_UNIX, type | SOCK_CLOEXEC, 0);

  g_assert_no_errno (fd);

  return fd;
}

/* A memory file of @size bytes. */
static inline int
make_memory_file (gsize size, gboolean filled, int seals)
{
  const int fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_no_errno (fd);
  if (filled)
    {
      g_autofree guint8 *data = g_malloc0 (size);

      g_assert_cmpint (write (fd, data, size), ==, (gssize)size);
    }
  else
    {
      g_assert_no_errno (ftruncate (fd, size));
    }
  if (seals != 0)
    g_assert_no_errno (fcntl (fd, F_ADD_SEALS, seals));

  return fd;
}
