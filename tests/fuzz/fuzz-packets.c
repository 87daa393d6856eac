/* fuzz-packets.c: packets of a hostile process, for libFuzzer
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The input is a list of packets. Each has a byte that says which descriptors go along, two bytes
 * for its length, and so many bytes. A few packets stand for actions of the process that receives
 * them. */

#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "../web-test-packets.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Not g_error(), whose signal libFuzzer does not catch. */
#define finding(...) (g_printerr (__VA_ARGS__), g_printerr ("\n"), abort ())

/* How many ports one input may make: each is started, and its messages are read. */
#define MAX_PORTS 64

/* A class that a packet can name. It takes what the library gives it, and checks its type only. */

#define FUZZ_TYPE_FILE (fuzz_file_get_type ())
G_DECLARE_FINAL_TYPE (FuzzFile, fuzz_file, FUZZ, FILE, GObject)

struct _FuzzFile
{
  GObject  parent_instance;
  GObject *held; /* owned, nullable */
};

static GObject *
fuzz_file_transfer (WebTransferable *transferable, GError **error)
{
  return g_steal_pointer (&FUZZ_FILE (transferable)->held);
}

static gboolean
fuzz_file_receive (WebTransferable *transferable, GObject *data_holder, GError **error)
{
  return g_set_object (&FUZZ_FILE (transferable)->held, data_holder);
}

static GVariant *
fuzz_file_export (WebTransferable *transferable,
                  GObject         *data_holder,
                  GUnixFDList     *fd_list,
                  GError         **error)
{
  return NULL;
}

static GObject *
fuzz_file_import (WebTransferable *transferable,
                  GVariant        *value,
                  GUnixFDList     *fd_list,
                  GError         **error)
{
  g_variant_unref (g_variant_get_normal_form (value));

  return g_object_ref (G_OBJECT (fd_list));
}

static void
fuzz_file_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->transfer = fuzz_file_transfer;
  iface->transfer_receive = fuzz_file_receive;
  iface->export_data_holder = fuzz_file_export;
  iface->import_data_holder = fuzz_file_import;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FuzzFile,
                               fuzz_file,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                      fuzz_file_transferable_iface_init))

static void
fuzz_file_finalize (GObject *object)
{
  g_clear_object (&FUZZ_FILE (object)->held);
  G_OBJECT_CLASS (fuzz_file_parent_class)->finalize (object);
}

static void
fuzz_file_class_init (FuzzFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fuzz_file_finalize;
}

static void
fuzz_file_init (FuzzFile *self)
{
}

/* Descriptors of every kind */
typedef enum
{
  ZOO_SEALED,
  ZOO_UNSEALED,
  ZOO_HOLES,
  ZOO_EMPTY,
  ZOO_PORT,
  ZOO_DEAD_PORT,
  ZOO_LOOSE,
  ZOO_OWN,
  ZOO_STREAM,
  ZOO_PIPE,
  ZOO_ZERO,
  ZOO_DIRECTORY,
  ZOO_EPOLL,
  ZOO_RECORD,
  N_ZOO
} Zoo;

typedef struct
{
  GPtrArray *ports; /* of WebMessagePort, owned: all that have arrived */
  GArray    *peers; /* of int, owned: the other sides of sockets in the zoo */
  int        peer;  /* owned, -1 if it is closed */
  guint      next_peer;
} Fuzz;

static int
make_pair (Fuzz *self, gboolean keep)
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  if (keep)
    g_array_append_val (self->peers, fds[1]);
  else
    close (fds[1]);

  return fds[0];
}

static int
make_pipe (void)
{
  int fds[2];

  g_assert_no_errno (pipe2 (fds, O_CLOEXEC));
  close (fds[1]);

  return fds[0];
}

/* A memory file with the content of a record: what the input has had so far */
static int
make_record (const guint8 *data, gsize size)
{
  const int fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_no_errno (fd);
  if (write (fd, data, size) < 0)
    finding ("A memory file cannot be written");
  g_assert_no_errno (fcntl (fd, F_ADD_SEALS, SEALS));

  return fd;
}

static int
make_fd (Fuzz *self, Zoo kind, const guint8 *data, gsize size)
{
  switch (kind)
    {
    case ZOO_SEALED:
      return make_memory_file (40000, TRUE, SEALS);
    case ZOO_UNSEALED:
      return make_memory_file (40000, TRUE, 0);
    case ZOO_HOLES:
      return make_memory_file (40000, FALSE, SEALS);
    case ZOO_EMPTY:
      return make_memory_file (0, FALSE, SEALS);
    case ZOO_PORT:
      return make_pair (self, TRUE);
    case ZOO_DEAD_PORT:
      return make_pair (self, FALSE);
    case ZOO_LOOSE:
      return make_socket (SOCK_SEQPACKET);
    case ZOO_OWN:
      return fcntl (self->peer, F_DUPFD_CLOEXEC, 0);
    case ZOO_STREAM:
      return make_socket (SOCK_STREAM);
    case ZOO_PIPE:
      return make_pipe ();
    case ZOO_ZERO:
      return open_file ("/dev/zero");
    case ZOO_DIRECTORY:
      return open_file ("/");
    case ZOO_EPOLL:
      return epoll_create1 (EPOLL_CLOEXEC);
    case ZOO_RECORD:
    case N_ZOO:
    default:
      return make_record (data, size);
    }
}

static void take_port (Fuzz *self, WebMessagePort *port);

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  Fuzz            *self = user_data;
  WebMessagePort **ports;
  gsize            n_ports, i;

  web_message_event_get_data (event);
  ports = web_message_event_get_ports (event, &n_ports);
  for (i = 0; i < n_ports; i++)
    take_port (self, ports[i]);
}

static void
take_port (Fuzz *self, WebMessagePort *port)
{
  if (self->ports->len >= MAX_PORTS)
    return;

  g_ptr_array_add (self->ports, g_object_ref (port));
  g_signal_connect (port, "message", G_CALLBACK (on_message), self);
  web_message_port_start (port);
}

/* Whoever has the ports does something with them. */
static void
act (Fuzz *self, guint8 what)
{
  WebMessagePort  *port = self->ports->pdata[(what >> 4) % self->ports->len];
  WebMessagePort  *other = self->ports->pdata[(what >> 2) % self->ports->len];
  WebTransferable *transfer[1] = { WEB_TRANSFERABLE (other) };
  int              fd;

  switch (what % 4)
    {
    case 0:
      web_message_port_post_message (port, g_variant_new_int32 (what), NULL, 0, NULL);
      break;
    case 1:
      web_message_port_post_message (port, g_variant_new_int32 (what), transfer, 1, NULL);
      break;
    case 2:
      fd = web_message_port_steal_fd (port, NULL);
      if (fd >= 0)
        {
          g_autoptr (WebMessagePort) again = web_message_port_new_from_fd (fd, NULL);

          if (again == NULL)
            finding ("A port does not come back from its descriptor");
          take_port (self, again);
        }
      break;
    case 3:
    default:
      web_message_port_close (port);
    }
}

/* Sends a packet to the port, or to one that was sent there. Returns %FALSE at the end. */
static gboolean
send_next (Fuzz *self, const guint8 *data, gsize size, gsize *position)
{
  const guint8 *head = data + *position;
  Packet       *packet;
  gsize         n_bytes;
  guint         i, n_fds;
  int           fd = self->peer;

  if (size - *position < 3)
    return FALSE;
  n_fds = head[0] >> 4;
  n_bytes = head[1] | (head[2] & 0x3f) << 8;
  *position += 3;
  if (n_bytes > size - *position)
    n_bytes = size - *position;

  if ((head[2] & 0x80) != 0)
    {
      act (self, head[0]);
      return TRUE;
    }
  if ((head[2] & 0x40) != 0 && self->peers->len > 0)
    fd = g_array_index (self->peers, int, self->next_peer++ % self->peers->len);

  packet = packet_new ();
  put_data (packet, data + *position, n_bytes);
  for (i = 0; i < n_fds; i++)
    packet_take_fd (packet, make_fd (self, (head[0] + i) % N_ZOO, data + *position, n_bytes));
  *position += n_bytes;
  packet_try_send (packet, fd);
  packet_free (packet);

  return TRUE;
}

static void
settle (void)
{
  guint i;

  for (i = 0; i < 10000 && g_main_context_iteration (NULL, FALSE); i++)
    ;
}

static void
run (const guint8 *data, gsize size)
{
  Fuzz            self = { .ports = g_ptr_array_new_with_free_func (g_object_unref),
                           .peers = g_array_new (FALSE, FALSE, sizeof (int)) };
  WebMessagePort *port;
  gsize           position = 0;
  guint           i, n_sent = 0;
  gboolean        moved = size > 0 && (data[0] & 1) != 0;
  int             fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  self.peer = fds[1];
  /* What comes before the port is made may be the port itself. */
  if (moved)
    {
      position = 1;
      while (n_sent++ < 3 && (data[0] >> 1) >= n_sent && size - position >= 3 &&
             (data[position + 2] & 0x80) == 0 && send_next (&self, data, size, &position))
        ;
    }
  port = web_message_port_new_from_fd (fds[0], NULL);
  if (port == NULL)
    {
      close (fds[0]);
    }
  else
    {
      take_port (&self, port);
      g_object_unref (port);
      while (send_next (&self, data, size, &position))
        settle ();
      settle ();
    }

  close (self.peer);
  for (i = 0; i < self.peers->len; i++)
    close (g_array_index (self.peers, int, i));
  settle ();
  for (i = 0; i < self.ports->len; i++)
    {
      web_message_port_close (self.ports->pdata[i]);
      g_signal_handlers_disconnect_by_data (self.ports->pdata[i], &self);
    }
  settle ();
  web_message_port_flush_all (NULL, NULL);
  g_ptr_array_unref (self.ports);
  g_array_unref (self.peers);
  settle ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  guint i;

  g_type_ensure (FUZZ_TYPE_FILE);
  /* What the library opens once */
  for (i = 0; i < 3; i++)
    {
      WebMessagePort *port1, *port2;
      guint           k;

      web_test_socket_channel (&port1, &port2);
      for (k = 0; k < 100; k++)
        web_test_post (port1, 100, NULL);
      web_message_port_flush_all (NULL, NULL);
      web_message_port_close (port1);
      web_message_port_close (port2);
      settle ();
      g_object_unref (port1);
      g_object_unref (port2);
    }

  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const guint before = web_test_count_fds ();
  guint       after;

  run (data, size);
  after = web_test_count_fds ();
  if (after != before)
    finding ("%u descriptors are open, and there were %u", after, before);

  return 0;
}
