/* test-hostile-peer.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A port whose other side is not the library: it sends what no sender should, keeps what it should
 * have given away, and goes at any moment. The process loses that port and nothing else. */

#include <netinet/in.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/un.h>

#include "web-test-packets.h"

/* What the library says about a port that it gives up. */
static GString *debug_lines;

static void
on_log (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  if ((level & G_LOG_LEVEL_MASK) == G_LOG_LEVEL_DEBUG)
    g_string_append_printf (debug_lines, "%s\n", message);
  else
    g_log_default_handler (domain, level, message, user_data);
}

/* A port, the other side of its socket, and another channel of the process. */
typedef struct
{
  guint           n_fds; /* open before */
  WebMessagePort *port;
  WebTestLog     *log;
  int             peer; /* owned, -1 once it is closed */
  WebMessagePort *good1;
  WebMessagePort *good2;
  WebTestLog     *good_log;
} Victim;

static void
victim_init (Victim *self)
{
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_string_set_size (debug_lines, 0);
  self->n_fds = web_test_count_fds ();
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  self->port = web_message_port_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  self->log = web_test_log_new (self->port);
  self->peer = fds[1];

  web_test_socket_channel (&self->good1, &self->good2);
  self->good_log = web_test_log_new (self->good2);
  web_message_port_start (self->good2);
}

static void
victim_close_peer (Victim *self)
{
  if (self->peer >= 0)
    close (self->peer);
  self->peer = -1;
}

/* Nothing of what the peer has sent is left, and the rest of the process goes on. */
static void
victim_clear (Victim *self)
{
  web_test_post (self->good1, 1, NULL);
  web_test_wait_until (self->good_log->n_events >= 1);
  web_test_assert_log (self->good_log, "1");

  victim_close_peer (self);
  web_message_port_close (self->port);
  web_message_port_close (self->good1);
  web_message_port_close (self->good2);
  web_test_settle ();
  web_message_port_flush_all (NULL, NULL);
  web_test_log_free (self->log);
  web_test_log_free (self->good_log);
  g_assert_finalize_object (self->port);
  g_assert_finalize_object (self->good1);
  g_assert_finalize_object (self->good2);
  g_assert_cmpuint (web_test_count_fds (), ==, self->n_fds);
}

static guint
count_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  return g_strv_length (words);
}

/* Waits for these events, and for no others. */
static void
victim_wait_for (Victim *self, const char *events)
{
  const guint n_events = count_words (events);

  web_test_wait_until (self->log->n_events >= n_events);
  web_test_settle ();
  web_test_assert_log (self->log, events);
}

static void
assert_said (const char *why)
{
  if (strstr (debug_lines->str, why) == NULL)
    g_error ("“%s” is not what was said: %s", why, debug_lines->str);
}

/* The port has let go of all that came. */
static void
victim_assert_lost (Victim *self)
{
  g_clear_object (&self->log->last);
  victim_close_peer (self);
  /* The good channel has two, and the port perhaps its own. */
  g_assert_cmpuint (web_test_count_fds (), <=, self->n_fds + 3);
}

/* One thing that a peer may do, and what comes of it. */
typedef struct
{
  const char *name;
  void (*send) (int fd);
  const char *events; /* at the port, with a good message at the end */
  const char *why;    /* nullable: part of what is said */
} Case;

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  Victim      victim;
  Packet     *last = packet_new ();

  victim_init (&victim);
  web_message_port_start (victim.port);
  self->send (victim.peer);
  put_plain (last, 7);
  packet_send (last, victim.peer);

  victim_wait_for (&victim, self->events);
  if (self->why != NULL)
    assert_said (self->why);
  if (g_str_has_suffix (self->events, "close"))
    victim_assert_lost (&victim);
  victim_clear (&victim);
}

/* Packets and records */

static void
send_bytes (int fd, gconstpointer data, gsize size)
{
  Packet *packet = packet_new ();

  put_data (packet, data, size);
  packet_send (packet, fd);
}

static void
send_garbage (int fd)
{
  guint8 garbage[1000];

  memset (garbage, 0xfe, sizeof garbage);
  send_bytes (fd, garbage, sizeof garbage);
}

static void
send_half_header (int fd)
{
  send_bytes (fd, "\x02\x00\x00\x00\x00\x00\x00", 7);
}

static void
send_half_second_header (int fd)
{
  Packet *packet = packet_new ();

  put_plain (packet, 1);
  put_uint (packet, PLAIN);
  packet_send (packet, fd);
}

static void
send_record_header (int fd, guint32 type, guint32 n_fds, guint32 size)
{
  const guint32 header[] = { type, n_fds, size };

  send_bytes (fd, header, sizeof header);
}

static void
send_record_one_byte_too_long (int fd)
{
  send_record_header (fd, PLAIN, 0, 1);
}

static void
send_record_of_greatest_size (int fd)
{
  send_record_header (fd, PLAIN, 0, G_MAXUINT32);
}

static void
send_record_whose_size_overflows (int fd)
{
  send_record_header (fd, PLAIN, 0, G_MAXUINT32 - 11);
}

static void
send_empty_packet (int fd)
{
  send_bytes (fd, "", 0);
}

static void
send_packet_of_greatest_size (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, ANNOUNCE, 0);

  put_zeros (packet, MAX_PACKET - packet->bytes->len);
  end_record (packet, begin);
  packet_send (packet, fd);
}

static void
send_packet_too_long (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, ANNOUNCE, 0);

  put_zeros (packet, MAX_PACKET + 1 - packet->bytes->len);
  end_record (packet, begin);
  packet_send (packet, fd);
}

static void
send_type_0 (int fd)
{
  send_record_header (fd, 0, 0, 0);
}

static void
send_unknown_type (int fd)
{
  send_record_header (fd, 8, 0, 0);
}

static void
send_unknown_flag (int fd)
{
  send_record_header (fd, PLAIN | 0x200, 0, 0);
}

static void
send_announce_in_file (int fd)
{
  Packet *packet = packet_new ();

  send_announce (fd);
  packet_take_fd (packet, make_memory_file (100, TRUE, SEALS));
  put_record (packet, ANNOUNCE | IN_FILE, 1, NULL, 0);
  packet_send (packet, fd);
}

static void
send_empty_plain (int fd)
{
  send_record_header (fd, PLAIN, 0, 0);
}

static void
send_unwritten (int fd)
{
  send_record_header (fd, UNWRITTEN, 0, 0);
}

static const guint8 some_id[16] = { 1, 2, 3 };

static void
send_hello (int fd)
{
  Packet *packet = packet_new ();

  put_hello (packet, 1, some_id);
  packet_send (packet, fd);
}

static void
send_hello_of_another_version (int fd)
{
  Packet *packet = packet_new ();

  put_hello (packet, 2, some_id);
  packet_send (packet, fd);
}

static void
send_short_hello (int fd)
{
  send_record_header (fd, HELLO, 0, 0);
}

static void
send_moved (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MOVED, 1);
  int     fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  send_announce (fd);
  packet_take_fd (packet, fds[0]);
  close (fds[1]);
  put_endpoint (packet, 0);
  end_record (packet, begin);
  packet_send (packet, fd);
}

/* Descriptors */

static void
send_missing_descriptor (int fd)
{
  send_record_header (fd, PLAIN, 1, 0);
}

static void
send_greatest_number_of_descriptors (int fd)
{
  send_record_header (fd, MESSAGE, G_MAXUINT32, 0);
}

static void
take_many_fds (Packet *packet, guint n_fds)
{
  guint i;

  for (i = 0; i < n_fds; i++)
    packet_take_fd (packet, open_file ("/dev/null"));
}

static void
send_unused_descriptors (int fd)
{
  Packet *packet = packet_new ();

  send_announce (fd);
  take_many_fds (packet, 5);
  put_plain (packet, 1);
  packet_send (packet, fd);
}

static void
send_record_that_ignores_descriptors (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin;

  take_many_fds (packet, 5);
  begin = begin_record (packet, PLAIN, 5);
  put_number (packet, 1);
  end_record (packet, begin);
  packet_send (packet, fd);
}

static void
send_empty_packet_with_descriptors (int fd)
{
  Packet *packet = packet_new ();

  send_announce (fd);
  take_many_fds (packet, MAX_FDS);
  packet_send (packet, fd);
}

static void
send_garbage_with_descriptors (int fd)
{
  Packet *packet = packet_new ();

  send_announce (fd);
  take_many_fds (packet, MAX_FDS);
  put_zeros (packet, 11);
  packet_send (packet, fd);
}

/* Descriptors of a message that is yet to come, which were announced, and more of them */
static void
send_descriptors (int fd, guint n_fds)
{
  Packet *packet = packet_new ();

  take_many_fds (packet, n_fds);
  put_record (packet, FDS, 0, NULL, 0);
  put_record (packet, ANNOUNCE, 0, NULL, 0);
  packet_send (packet, fd);
}

static void
send_descriptors_for_no_message (int fd)
{
  Packet *packet = packet_new ();

  send_announce (fd);
  send_descriptors (fd, 3);
  put_plain (packet, 1);
  packet_send (packet, fd);
}

/* More than a message may have */
static void
send_descriptors_without_end (int fd)
{
  guint i;

  send_announce (fd);
  for (i = 0; i < 4096 / MAX_FDS + 1; i++)
    send_descriptors (fd, MAX_FDS);
}

/* A message with one port, made of this descriptor */
static void
send_port (int fd, int port_fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 1);

  send_announce (fd);
  packet_take_fd (packet, port_fd);
  put_message_with_ports (packet, 1, 1);
  put_endpoint (packet, 0);
  end_record (packet, begin);
  packet_send (packet, fd);
}

static void
send_port_of_dev_zero (int fd)
{
  send_port (fd, open_file ("/dev/zero"));
}

static void
send_port_of_directory (int fd)
{
  send_port (fd, open_file ("/"));
}

static void
send_port_of_pipe (int fd)
{
  int fds[2];

  g_assert_no_errno (pipe2 (fds, O_CLOEXEC));
  close (fds[1]);
  send_port (fd, fds[0]);
}

static void
send_port_of_epoll (int fd)
{
  send_port (fd, epoll_create1 (EPOLL_CLOEXEC));
}

static void
send_port_of_eventfd (int fd)
{
  send_port (fd, eventfd (0, EFD_CLOEXEC));
}

static void
send_port_of_memory_file (int fd)
{
  send_port (fd, make_memory_file (100, TRUE, SEALS));
}

static void
send_port_of_stream_socket (int fd)
{
  send_port (fd, make_socket (SOCK_STREAM));
}

static void
send_port_of_internet_socket (int fd)
{
  send_port (fd, socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static void
send_port_of_loose_socket (int fd)
{
  send_port (fd, make_socket (SOCK_SEQPACKET));
}

static void
send_port_of_listening_socket (int fd)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  socklen_t          size = sizeof address;
  const int          listener = make_socket (SOCK_SEQPACKET);
  int                client;

  /* An address that the kernel chooses */
  g_assert_no_errno (bind (listener, (struct sockaddr *)&address, sizeof (sa_family_t)));
  g_assert_no_errno (listen (listener, 1));
  g_assert_no_errno (getsockname (listener, (struct sockaddr *)&address, &size));
  client = make_socket (SOCK_SEQPACKET);
  g_assert_no_errno (connect (client, (struct sockaddr *)&address, size));
  close (client);
  send_port (fd, listener);
}

/* The socket through which it goes: whoever has both sides talks to itself. The port is dropped
 * with its message, and shuts the socket down for whoever else has it. */
static void
send_port_of_its_own_socket (int fd)
{
  send_port (fd, fcntl (fd, F_DUPFD_CLOEXEC, 0));
}

static int
make_socket_with_closed_peer (void)
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  close (fds[1]);

  return fds[0];
}

/* Messages */

static void
send_message (int fd, Packet *packet, gsize begin)
{
  end_record (packet, begin);
  send_announce (fd);
  packet_send (packet, fd);
}

static void
send_empty_message (int fd)
{
  send_record_header (fd, MESSAGE, 0, 0);
}

static void
send_message_longer_than_its_record (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);

  put_uint (packet, G_MAXUINT32);
  put_uint (packet, 0);
  send_message (fd, packet, begin);
}

static void
send_message_with_extra_bytes (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);

  put_message_with_ports (packet, 1, 0);
  put_uint (packet, 0);
  send_message (fd, packet, begin);
}

static void
send_message_without_its_ports (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);

  put_message_with_ports (packet, 1, 2);
  put_uint (packet, NO_FD);
  send_message (fd, packet, begin);
}

static void
send_message_with_ports_that_are_gone (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);

  put_message_with_ports (packet, 1, 2);
  put_uint (packet, NO_FD);
  put_uint (packet, NO_FD);
  send_message (fd, packet, begin);
}

/* It says that very much is transferred. */
static void
send_message_with_greatest_transfer (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);
  gsize   block = begin_block (packet);

  put_uint (packet, G_MAXUINT32);
  put_number (packet, 1);
  end_block (packet, block);
  send_message (fd, packet, begin);
}

/* Ports that are nothing but a number each, more than a message may have */
static void
send_message_with_too_many_ports (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);
  guint   i;

  put_message_with_ports (packet, 1, 5000);
  for (i = 0; i < 5000; i++)
    put_uint (packet, NO_FD);
  send_message (fd, packet, begin);
}

static void
send_unknown_kind (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);
  gsize   block = begin_block (packet);

  put_uint (packet, 1);
  put_uint (packet, 9);
  put_number (packet, 1);
  end_block (packet, block);
  send_message (fd, packet, begin);
}

static void
put_text (Packet *packet, const char *text)
{
  const gsize begin = begin_block (packet);

  put_data (packet, text, strlen (text) + 1);
  end_block (packet, begin);
}

/* An object with a descriptor: the class, the type of the value, and the number of the descriptor
 */
static void
send_object (int fd, const char *class_name, const char *type, guint32 index, int object_fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 1);
  gsize   block = begin_block (packet);

  packet_take_fd (packet, object_fd);
  put_uint (packet, 1);
  put_uint (packet, KIND_OBJECT);
  put_text (packet, class_name);
  put_text (packet, type);
  put_uint (packet, 1);
  put_data (packet, "x", 1);
  put_uint (packet, 1);
  put_uint (packet, index);
  put_number (packet, 1);
  end_block (packet, block);
  send_message (fd, packet, begin);
}

static void
send_object_of_no_class (int fd)
{
  send_object (fd, "NoSuchClass", "y", 0, open_file ("/dev/null"));
}

static void
send_object_that_is_a_port (int fd)
{
  send_object (fd, "WebMessagePort", "y", 0, open_file ("/dev/null"));
}

static void
send_object_that_is_no_transferable (int fd)
{
  send_object (fd, "GFileInputStream", "y", 0, open_file ("/dev/null"));
}

static void
send_object_of_invalid_type (int fd)
{
  send_object (fd, "WebMessagePort", "(((", 0, open_file ("/dev/null"));
}

static void
send_object_without_descriptor (int fd)
{
  send_object (fd, "WebMessagePort", "y", 1, open_file ("/dev/null"));
}

static void
send_wrapped (int fd, const char *class_name, gsize size)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 0);
  gsize   block = begin_block (packet);

  put_uint (packet, 1);
  put_uint (packet, KIND_WRAPPED);
  put_uint (packet, size);
  put_data (packet, class_name, size);
  put_number (packet, 1);
  end_block (packet, block);
  put_uint (packet, NO_FD);
  send_message (fd, packet, begin);
}

static void
send_wrapped_window (int fd)
{
  send_wrapped (fd, "WebWindow", sizeof "WebWindow");
}

static void
send_wrapped_without_end_of_name (int fd)
{
  send_wrapped (fd, "WebWindow", strlen ("WebWindow"));
}

/* Endpoints */

static void
send_port_of_missing_descriptor (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 1);

  packet_take_fd (packet, make_socket_with_closed_peer ());
  put_message_with_ports (packet, 1, 1);
  put_endpoint (packet, 1);
  send_message (fd, packet, begin);
}

static void
send_two_ports_of_one_descriptor (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 1);

  packet_take_fd (packet, make_socket_with_closed_peer ());
  put_message_with_ports (packet, 1, 2);
  put_endpoint (packet, 0);
  put_endpoint (packet, 0);
  send_message (fd, packet, begin);
}

/* Two descriptors, but one socket */
static void
send_two_ports_of_one_socket (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, 2);
  int     fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  packet_take_fd (packet, fds[0]);
  packet_take_fd (packet, fcntl (fds[0], F_DUPFD_CLOEXEC, 0));
  close (fds[1]);
  put_message_with_ports (packet, 1, 2);
  put_endpoint (packet, 0);
  put_endpoint (packet, 1);
  send_message (fd, packet, begin);
}

/* The endpoint of a port, and what follows it instead of what should. */
static void
send_endpoint (int fd, guint n_fds, const guint32 *rest, guint n_rest)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, n_fds);
  guint   i;

  packet_take_fd (packet, make_socket_with_closed_peer ());
  for (i = 1; i < n_fds; i++)
    packet_take_fd (packet, open_file ("/dev/null"));
  put_message_with_ports (packet, 1, 1);
  put_endpoint_begin (packet, 0);
  for (i = 0; i < n_rest; i++)
    put_uint (packet, rest[i]);
  send_message (fd, packet, begin);
}

#define SEND_ENDPOINT(name, n_fds, ...)                                                            \
  static void name (int fd)                                                                        \
  {                                                                                                \
    const guint32 rest[] = { __VA_ARGS__ };                                                        \
                                                                                                   \
    send_endpoint (fd, n_fds, rest, G_N_ELEMENTS (rest));                                          \
  }

/* Descriptors that came before, packets that were not written, messages that wait */
SEND_ENDPOINT (send_port_cut_off, 1, 0)
SEND_ENDPOINT (send_port_with_greatest_number_of_descriptors, 1, G_MAXUINT32, 0, 0, 0)
SEND_ENDPOINT (send_port_with_its_own_descriptor, 1, 1, 0, 0, 0)
SEND_ENDPOINT (send_port_with_one_descriptor_twice, 2, 2, 1, 1, 0, 0)
SEND_ENDPOINT (send_port_with_descriptors, 3, 2, 2, 1, 0, 0)
SEND_ENDPOINT (send_port_with_greatest_number_of_packets, 1, 0, G_MAXUINT32, 0)
SEND_ENDPOINT (send_port_with_empty_packet, 1, 0, 1, 0, 0, 0)
SEND_ENDPOINT (send_port_with_packet_too_long, 1, 0, 1, MAX_PACKET + 1, 0)
SEND_ENDPOINT (send_port_with_greatest_number_of_messages, 1, 0, 0, G_MAXUINT32)
SEND_ENDPOINT (send_port_with_unknown_message, 1, 0, 0, 1, HELLO, 0)
SEND_ENDPOINT (send_port_with_moved_message, 1, 0, 0, 1, MOVED, 0)
SEND_ENDPOINT (send_port_with_message_too_long, 1, 0, 0, 1, PLAIN, G_MAXUINT32)
SEND_ENDPOINT (send_port_with_unreadable_messages, 1, 0, 0, 2, PLAIN, 0, MESSAGE, 0)

/* A message that waits at a port that travels, and carries a port that is not there */
SEND_ENDPOINT (send_port_in_port_without_end, 1, 0, 0, 1, MESSAGE, 8, 1, KIND_PORT)

/* Memory files */

static void
send_file (int fd, int file)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, PLAIN, 1);

  packet_take_fd (packet, file);
  put_file_message (packet, 0);
  send_message (fd, packet, begin);
}

static void
send_sealed_file (int fd)
{
  send_file (fd, make_memory_file (100000, TRUE, SEALS));
}

static void
send_sealed_file_of_one_byte (int fd)
{
  send_file (fd, make_memory_file (1, TRUE, SEALS));
}

static void
send_empty_file (int fd)
{
  send_file (fd, make_memory_file (0, FALSE, SEALS));
}

static void
send_unsealed_file (int fd)
{
  send_file (fd, make_memory_file (100000, TRUE, 0));
}

static void
send_file_that_may_shrink (int fd)
{
  send_file (fd, make_memory_file (100000, TRUE, F_SEAL_GROW | F_SEAL_WRITE));
}

static void
send_file_that_may_be_written (int fd)
{
  send_file (fd,
             make_memory_file (100000, TRUE, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE));
}

/* The pages of a hole are made when they are read, for which there may be no memory. */
static void
send_file_of_holes (int fd)
{
  send_file (fd, make_memory_file (512 * 1024 * 1024, FALSE, SEALS));
}

static void
send_file_of_huge_pages (int fd)
{
  const int file = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB);

  if (file < 0)
    {
      send_unsealed_file (fd);
      return;
    }
  g_assert_no_errno (ftruncate (file, 2 * 1024 * 1024));
  g_assert_no_errno (fcntl (file, F_ADD_SEALS, SEALS));
  send_file (fd, file);
}

static void
send_file_of_dev_zero (int fd)
{
  send_file (fd, open_file ("/dev/zero"));
}

static void
send_file_of_pipe (int fd)
{
  int fds[2];

  g_assert_no_errno (pipe2 (fds, O_CLOEXEC));
  close (fds[1]);
  send_file (fd, fds[0]);
}

static void
send_file_of_directory (int fd)
{
  send_file (fd, open_file ("/"));
}

static void
send_file_of_socket (int fd)
{
  send_file (fd, make_socket (SOCK_STREAM));
}

static void
send_file_on_disk (int fd)
{
  send_file (fd, open_file ("/proc/self/exe"));
}

static void
send_file_of_path (int fd)
{
  send_file (fd, open ("/proc/self/exe", O_PATH | O_CLOEXEC));
}

static void
send_file_of_sealed_path (int fd)
{
  const int        file = make_memory_file (100000, TRUE, SEALS);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", file);

  send_file (fd, open (path, O_PATH | O_CLOEXEC));
  close (file);
}

static void
send_missing_file (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, PLAIN, 1);

  packet_take_fd (packet, make_memory_file (100000, TRUE, SEALS));
  put_file_message (packet, 1);
  send_message (fd, packet, begin);
}

static void
send_record_in_file (int fd, int file)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, PLAIN | IN_FILE, 1);

  packet_take_fd (packet, file);
  send_message (fd, packet, begin);
}

static void
send_record_in_missing_file (int fd)
{
  send_record_header (fd, PLAIN | IN_FILE, 0, 0);
}

static void
send_record_in_unsealed_file (int fd)
{
  send_record_in_file (fd, make_memory_file (100000, TRUE, 0));
}

static void
send_record_in_file_of_zeros (int fd)
{
  send_record_in_file (fd, make_memory_file (100000, TRUE, SEALS));
}

static void
send_record_in_file_of_holes (int fd)
{
  send_record_in_file (fd, make_memory_file (100000, FALSE, SEALS));
}

static void
send_record_in_empty_file (int fd)
{
  send_record_in_file (fd, make_memory_file (0, FALSE, SEALS));
}

static void
send_record_in_pipe (int fd)
{
  int fds[2];

  g_assert_no_errno (pipe2 (fds, O_CLOEXEC));
  close (fds[1]);
  send_record_in_file (fd, fds[0]);
}

#define LONG       "longer than its packet"
#define CUT        "cut off"
#define LACKS      "lacks descriptors"
#define UNKNOWN    "unknown record"
#define TOO_MANY   "too many descriptors"
#define PARTIAL    "a message is not complete"
#define NOT_MEMORY "not that of a memory file"

static const Case cases[] = {
  { "garbage", send_garbage, "close", LONG },
  { "half-header", send_half_header, "close", CUT },
  { "half-second-header", send_half_second_header, "1 close", CUT },
  { "one-byte-too-long", send_record_one_byte_too_long, "close", LONG },
  { "greatest-size", send_record_of_greatest_size, "close", LONG },
  { "size-overflows", send_record_whose_size_overflows, "close", LONG },
  { "empty-packet", send_empty_packet, "close", NULL },
  { "packet-of-greatest-size", send_packet_of_greatest_size, "7", NULL },
  { "packet-too-long", send_packet_too_long, "close", "a packet is too long" },
  { "type-0", send_type_0, "close", UNKNOWN },
  { "unknown-type", send_unknown_type, "close", UNKNOWN },
  { "unknown-flag", send_unknown_flag, "close", UNKNOWN },
  { "announce-in-file", send_announce_in_file, "close", UNKNOWN },
  { "empty-plain", send_empty_plain, "messageerror 7", NULL },
  { "unwritten", send_unwritten, "messageerror 7", NULL },
  { "hello", send_hello, "7", NULL },
  { "hello-of-another-version", send_hello_of_another_version, "close", "another version" },
  { "short-hello", send_short_hello, "close", "another version" },
  { "moved", send_moved, "close", "has moved" },

  { "missing-descriptor", send_missing_descriptor, "close", LACKS },
  { "greatest-number-of-descriptors", send_greatest_number_of_descriptors, "close", LACKS },
  { "unused-descriptors", send_unused_descriptors, "1 close", TOO_MANY },
  { "descriptors-that-are-ignored", send_record_that_ignores_descriptors, "1 7", NULL },
  { "empty-packet-with-descriptors", send_empty_packet_with_descriptors, "close", NULL },
  { "garbage-with-descriptors", send_garbage_with_descriptors, "close", CUT },
  { "descriptors-for-no-message", send_descriptors_for_no_message, "1 close", TOO_MANY },
  { "descriptors-without-end", send_descriptors_without_end, "close", TOO_MANY },

  { "port-of-dev-zero", send_port_of_dev_zero, "close", PARTIAL },
  { "port-of-directory", send_port_of_directory, "close", PARTIAL },
  { "port-of-pipe", send_port_of_pipe, "close", PARTIAL },
  { "port-of-epoll", send_port_of_epoll, "close", PARTIAL },
  { "port-of-eventfd", send_port_of_eventfd, "close", PARTIAL },
  { "port-of-memory-file", send_port_of_memory_file, "close", PARTIAL },
  { "port-of-stream-socket", send_port_of_stream_socket, "close", PARTIAL },
  { "port-of-internet-socket", send_port_of_internet_socket, "close", PARTIAL },
  { "port-of-loose-socket", send_port_of_loose_socket, "1 7", NULL },
  { "port-of-listening-socket", send_port_of_listening_socket, "1 7", NULL },
  { "port-of-its-own-socket", send_port_of_its_own_socket, "1 7 close", NULL },

  { "empty-message", send_empty_message, "close", PARTIAL },
  { "message-too-long", send_message_longer_than_its_record, "close", PARTIAL },
  { "message-with-extra-bytes", send_message_with_extra_bytes, "close", PARTIAL },
  { "message-without-its-ports", send_message_without_its_ports, "close", PARTIAL },
  { "message-with-ports-that-are-gone", send_message_with_ports_that_are_gone, "1 7", NULL },
  { "message-with-greatest-transfer", send_message_with_greatest_transfer, "messageerror 7", NULL },
  { "message-with-too-many-ports", send_message_with_too_many_ports, "close", PARTIAL },
  { "unknown-kind", send_unknown_kind, "messageerror 7", NULL },
  { "object-of-no-class", send_object_of_no_class, "messageerror 7", NULL },
  { "object-that-is-a-port", send_object_that_is_a_port, "messageerror 7", NULL },
  { "object-not-transferable", send_object_that_is_no_transferable, "messageerror 7", NULL },
  { "object-of-invalid-type", send_object_of_invalid_type, "messageerror 7", NULL },
  { "object-without-descriptor", send_object_without_descriptor, "messageerror 7", NULL },
  { "wrapped-window", send_wrapped_window, "messageerror 7", NULL },
  { "wrapped-without-end", send_wrapped_without_end_of_name, "close", PARTIAL },

  { "port-of-missing-descriptor", send_port_of_missing_descriptor, "close", PARTIAL },
  { "two-ports-of-one-descriptor", send_two_ports_of_one_descriptor, "close", PARTIAL },
  { "two-ports-of-one-socket", send_two_ports_of_one_socket, "1 7", NULL },
  { "port-cut-off", send_port_cut_off, "close", PARTIAL },
  { "port-with-greatest-descriptors", send_port_with_greatest_number_of_descriptors, "close",
    PARTIAL },
  { "port-with-its-own-descriptor", send_port_with_its_own_descriptor, "close", PARTIAL },
  { "port-with-descriptor-twice", send_port_with_one_descriptor_twice, "close", PARTIAL },
  { "port-with-descriptors", send_port_with_descriptors, "1 7", NULL },
  { "port-with-greatest-packets", send_port_with_greatest_number_of_packets, "close", PARTIAL },
  { "port-with-empty-packet", send_port_with_empty_packet, "close", PARTIAL },
  { "port-with-packet-too-long", send_port_with_packet_too_long, "close", PARTIAL },
  { "port-with-greatest-messages", send_port_with_greatest_number_of_messages, "close", PARTIAL },
  { "port-with-unknown-message", send_port_with_unknown_message, "close", PARTIAL },
  { "port-with-moved-message", send_port_with_moved_message, "close", PARTIAL },
  { "port-with-message-too-long", send_port_with_message_too_long, "close", PARTIAL },
  { "port-with-unreadable-messages", send_port_with_unreadable_messages, "1 7", NULL },
  { "port-in-port-without-end", send_port_in_port_without_end, "close", PARTIAL },

  { "sealed-file", send_sealed_file, "0 7", NULL },
  { "sealed-file-of-one-byte", send_sealed_file_of_one_byte, "0 7", NULL },
  { "empty-file", send_empty_file, "0 7", NULL },
  { "unsealed-file", send_unsealed_file, "messageerror 7", "is not sealed" },
  { "file-that-may-shrink", send_file_that_may_shrink, "messageerror 7", "is not sealed" },
  { "file-that-may-be-written", send_file_that_may_be_written, "messageerror 7", "is not sealed" },
  { "file-of-holes", send_file_of_holes, "messageerror 7", "has holes" },
  { "file-of-huge-pages", send_file_of_huge_pages, "messageerror 7", "ordinary pages" },
  { "file-of-dev-zero", send_file_of_dev_zero, "messageerror 7", NOT_MEMORY },
  { "file-of-pipe", send_file_of_pipe, "messageerror 7", NOT_MEMORY },
  { "file-of-directory", send_file_of_directory, "messageerror 7", NOT_MEMORY },
  { "file-of-socket", send_file_of_socket, "messageerror 7", NOT_MEMORY },
  { "file-on-disk", send_file_on_disk, "messageerror 7", NOT_MEMORY },
  { "file-of-path", send_file_of_path, "messageerror 7", NOT_MEMORY },
  { "file-of-sealed-path", send_file_of_sealed_path, "messageerror 7", NOT_MEMORY },
  { "missing-file", send_missing_file, "messageerror 7", NULL },
  { "record-in-missing-file", send_record_in_missing_file, "close", "lacks its memory file" },
  { "record-in-unsealed-file", send_record_in_unsealed_file, "messageerror 7", "is not sealed" },
  { "record-in-file-of-zeros", send_record_in_file_of_zeros, "messageerror 7", NULL },
  { "record-in-file-of-holes", send_record_in_file_of_holes, "messageerror 7", "has holes" },
  { "record-in-empty-file", send_record_in_empty_file, "messageerror 7", NULL },
  { "record-in-pipe", send_record_in_pipe, "messageerror 7", NOT_MEMORY },
};

/* Floods */

#define N_FLOODS 4

typedef struct
{
  int      fd;
  Packet  *packet; /* what is sent, over and over */
  GThread *threads[N_FLOODS];
  int      n_sent; /* atomic */
  int      stop;   /* atomic */
} Flood;

static gpointer
run_flood (gpointer data)
{
  Flood *self = data;

  while (!g_atomic_int_get (&self->stop))
    {
      const int error = packet_try_send (self->packet, self->fd);

      if (error != 0 && error != EAGAIN)
        break;
      g_atomic_int_inc (&self->n_sent);
    }

  return NULL;
}

/* Returns once the flood is there. */
static void
flood_start (Flood *self, int fd, void (*put) (Packet *packet))
{
  guint i;

  self->fd = fd;
  self->packet = packet_new ();
  self->n_sent = 0;
  self->stop = FALSE;
  put (self->packet);
  for (i = 0; i < N_FLOODS; i++)
    self->threads[i] = g_thread_new ("flood", run_flood, self);
  while (g_atomic_int_get (&self->n_sent) < 1000)
    g_thread_yield ();
}

static void
flood_stop (Flood *self)
{
  guint i;

  g_atomic_int_set (&self->stop, TRUE);
  for (i = 0; i < N_FLOODS; i++)
    g_thread_join (self->threads[i]);
  packet_free (self->packet);
}

static void
put_flood_of_hellos (Packet *packet)
{
  put_hello (packet, 1, some_id);
}

static void
put_flood_of_announcements (Packet *packet)
{
  put_record (packet, ANNOUNCE, 0, NULL, 0);
}

static void
put_flood_of_empty_fds (Packet *packet)
{
  put_record (packet, FDS, 0, NULL, 0);
}

static void
put_flood_of_messages (Packet *packet)
{
  while (packet->bytes->len < MAX_PACKET - 100)
    put_plain (packet, 1);
}

static gboolean
count_up (gpointer user_data)
{
  (*(int *)user_data)++;

  return G_SOURCE_CONTINUE;
}

/* The main loop goes on with other things while packets come without end. */
static void
test_flood_of_packets (gconstpointer data)
{
  Flood  flood;
  Victim victim;
  int    n_turns = 0;
  guint  id;

  victim_init (&victim);
  web_message_port_start (victim.port);
  flood_start (&flood, victim.peer, (gpointer)data);
  id = g_timeout_add (5, count_up, &n_turns);
  web_test_wait_until (n_turns >= 20);
  g_source_remove (id);
  flood_stop (&flood);

  victim_close_peer (&victim);
  web_test_wait_until (g_str_has_suffix (victim.log->text->str, "close"));
  g_clear_object (&victim.log->last);
  victim_clear (&victim);
}

/* What comes while a port is closed or moved has no end either. */
static void
test_flood_while_closing (void)
{
  guint i;

  for (i = 0; i < 20; i++)
    {
      Flood  flood;
      Victim victim;

      victim_init (&victim);
      flood_start (&flood, victim.peer, put_flood_of_messages);
      web_message_port_close (victim.port);
      flood_stop (&flood);
      web_test_settle ();
      victim_clear (&victim);
    }
}

static void
test_flood_while_moving (void)
{
  guint i;

  for (i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      Flood  flood;
      Victim victim;
      int    fd;

      victim_init (&victim);
      flood_start (&flood, victim.peer, put_flood_of_messages);
      fd = web_message_port_steal_fd (victim.port, &error);
      g_assert_no_error (error);
      flood_stop (&flood);
      close (fd);
      victim_clear (&victim);
    }
}

/* A descriptor that does not bring the port that it announces */
static void
test_flood_while_arriving (gconstpointer data)
{
  g_autoptr (WebMessagePort) port = NULL;
  Flood flood;
  int   fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  send_announce (fds[1]);
  flood_start (&flood, fds[1], (gpointer)data);
  port = web_message_port_new_from_fd (fds[0], NULL);
  flood_stop (&flood);
  g_assert_null (port);
  close (fds[0]);
  close (fds[1]);
}

static guint64
get_memory (void)
{
  g_autofree char *text = NULL;
  guint64          size, resident;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  g_assert_cmpint (sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &size, &resident), ==,
                   2);

  return resident * sysconf (_SC_PAGESIZE);
}

static void
handle_slowly (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  int *n_handled = user_data;

  if (++*n_handled % 100 == 0)
    g_usleep (1000);
}

/* AddressSanitizer keeps what is freed for a while. */
#ifdef __SANITIZE_ADDRESS__
#  define FLOOD_MEMORY (512 * 1024 * 1024)
#else
#  define FLOOD_MEMORY (16 * 1024 * 1024)
#endif

/* Of a flood, no more is here than one packet. */
static void
test_flood_at_slow_handler (void)
{
  Flood   flood;
  Victim  victim;
  guint64 before;
  int     n_handled = 0;

  victim_init (&victim);
  g_clear_pointer (&victim.log, web_test_log_free);
  flood_start (&flood, victim.peer, put_flood_of_messages);
  web_message_port_set_on_message (victim.port, handle_slowly, &n_handled, NULL);
  web_test_wait_until (n_handled >= 1000);
  before = get_memory ();
  web_test_wait_until (n_handled >= 30000);
  g_assert_cmpuint (get_memory (), <, before + FLOOD_MEMORY);
  flood_stop (&flood);

  web_message_port_set_on_message (victim.port, NULL, NULL, NULL);
  web_message_port_close (victim.port);
  web_test_settle ();
  victim.log = web_test_log_new (victim.port);
  victim_clear (&victim);
}

/* Descriptors */

/* A port that is not started and whose other side has gone, after many messages */
static void
test_waiting_messages_wait_in_the_kernel (void)
{
  Victim victim;
  guint  i;

  victim_init (&victim);
  for (i = 0; i < 20; i++)
    {
      Packet *packet = packet_new ();
      gsize   begin = begin_record (packet, PLAIN, 20);

      send_announce (victim.peer);
      take_many_fds (packet, 20);
      put_number (packet, 1);
      end_record (packet, begin);
      packet_send (packet, victim.peer);
    }
  send_port (victim.peer, make_socket_with_closed_peer ());
  send_port (victim.peer, make_socket_with_closed_peer ());
  victim_close_peer (&victim);
  web_test_settle ();
  web_test_assert_log (victim.log, "");
  g_assert_cmpuint (web_test_count_fds (), ==, victim.n_fds + 3);

  web_message_port_start (victim.port);
  web_test_wait_until (g_str_has_suffix (victim.log->text->str, "close"));
  g_assert_cmpuint (victim.log->n_events, ==, 20 + 2 + 1);
  g_clear_object (&victim.log->last);
  victim_clear (&victim);
}

static void
keep_event (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_ptr_array_add (user_data, g_object_ref (event));
}

/* A program that keeps what it gets does not run out of descriptors. */
static void
test_mappings_need_no_descriptors (void)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  Victim victim;
  guint  i;

  victim_init (&victim);
  g_signal_connect (victim.port, "message", G_CALLBACK (keep_event), events);
  web_message_port_start (victim.port);
  for (i = 0; i < 200; i++)
    {
      send_sealed_file (victim.peer);
      web_test_wait_until (events->len == i + 1);
    }
  g_assert_cmpuint (web_test_count_fds (), <, victim.n_fds + 80);
  g_signal_handlers_disconnect_by_data (victim.port, events);
  g_clear_object (&victim.log->last);
  g_ptr_array_set_size (events, 0);
  victim_clear (&victim);
}

#ifndef SO_PASSPIDFD
#  define SO_PASSPIDFD 76
#endif

/* Whoever has made a socket may have it bring a descriptor with each packet. */
static void
test_socket_that_brings_descriptors (void)
{
  const int on = 1;
  Victim    victim;
  Packet   *packet;
  g_autoptr (WebMessagePort) port = NULL;
  g_autoptr (WebTestLog) log = NULL;
  guint n_fds, i;
  int   fds[2];

  victim_init (&victim);
  web_message_port_start (victim.port);
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  if (setsockopt (fds[0], SOL_SOCKET, SO_PASSPIDFD, &on, sizeof on) < 0)
    g_test_message ("This kernel does not do it");
  send_port (victim.peer, fds[0]);
  victim_wait_for (&victim, "1");
  port = web_test_log_steal_port (victim.log);
  log = web_test_log_new (port);
  web_message_port_start (port);
  n_fds = web_test_count_fds ();
  for (i = 1; i <= 10; i++)
    {
      packet = packet_new ();
      put_plain (packet, i);
      packet_send (packet, fds[1]);
      web_test_wait_until (log->n_events == i);
    }
  g_assert_cmpuint (web_test_count_fds (), ==, n_fds);
  close (fds[1]);
  web_test_wait_until (log->n_events == 11);
  web_message_port_close (port);
  web_test_settle ();
  victim_clear (&victim);
}

/* Closing a socket may take as long as whoever made it likes. */
static int
make_lingering_socket (int *listener)
{
  const struct linger linger = { .l_onoff = 1, .l_linger = 3600 };
  struct sockaddr_in  address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  socklen_t           size = sizeof address;
  const int           client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  guint8              data[65536] = { 0 };

  *listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (bind (*listener, (struct sockaddr *)&address, size));
  g_assert_no_errno (listen (*listener, 1));
  g_assert_no_errno (getsockname (*listener, (struct sockaddr *)&address, &size));
  g_assert_no_errno (connect (client, (struct sockaddr *)&address, size));
  /* Nobody reads what it has to send. */
  while (send (client, data, sizeof data, MSG_DONTWAIT) > 0)
    ;
  g_assert_no_errno (setsockopt (client, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));

  return client;
}

/* An unread descriptor, one that is no file, and one of an object of an unknown class */
static void
test_lingering_socket (gconstpointer data)
{
  Victim victim;
  int    listener;

  victim_init (&victim);
  web_message_port_start (victim.port);
  if (g_str_equal (data, "file"))
    send_file (victim.peer, make_lingering_socket (&listener));
  else
    send_object (victim.peer, "NoSuchClass", "y", 0, make_lingering_socket (&listener));
  victim_wait_for (&victim, "messageerror");
  close (listener);
  victim_clear (&victim);
}

static void
set_descriptor_limit (guint limit)
{
  struct rlimit value;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &value));
  value.rlim_cur = limit;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &value));
}

static guint
get_descriptor_limit (void)
{
  struct rlimit value;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &value));

  return value.rlim_cur;
}

/* Descriptors that nobody has announced, while the process may not have so many */
static void
test_unannounced_descriptors_without_room (void)
{
  const guint limit = get_descriptor_limit ();
  Victim      victim;
  Packet     *packet = packet_new ();

  victim_init (&victim);
  web_message_port_start (victim.port);
  take_many_fds (packet, 100);
  put_plain (packet, 1);
  packet_send (packet, victim.peer);
  set_descriptor_limit (web_test_count_fds () + 10);
  victim_wait_for (&victim, "close");
  assert_said ("too many descriptors");
  victim_assert_lost (&victim);
  set_descriptor_limit (limit);
  victim_clear (&victim);
}

/* Somebody who announces them and fills the process with them */
static void
test_descriptors_that_leave_no_room (void)
{
  const guint limit = get_descriptor_limit ();
  Victim      victim;
  guint       i;

  victim_init (&victim);
  web_message_port_start (victim.port);
  send_announce (victim.peer);
  for (i = 0; i < 8; i++)
    send_descriptors (victim.peer, 100);
  set_descriptor_limit (400);
  victim_wait_for (&victim, "close");
  assert_said ("more descriptors than this process may have");
  victim_assert_lost (&victim);
  set_descriptor_limit (limit);
  victim_clear (&victim);
}

/* A port that arrives while the process may not have its descriptors is not lost. */
static void
test_port_that_arrives_without_room (void)
{
  const guint limit = get_descriptor_limit ();
  g_autoptr (GError) error = NULL;
  WebMessagePort *port, *port1, *port2;
  g_autoptr (WebTestLog) log = NULL;
  int fd, first;

  web_test_socket_channel (&port1, &port2);
  web_test_post (port1, 1, NULL);
  fd = web_message_port_steal_fd (port2, &error);
  g_assert_no_error (error);
  first = dup (fd);
  close (first);
  set_descriptor_limit (first);
  port = web_message_port_new_from_fd (fd, &error);
  set_descriptor_limit (limit);
  g_assert_null (port);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_clear_error (&error);

  port = web_message_port_new_from_fd (fd, &error);
  g_assert_no_error (error);
  log = web_test_log_new (port);
  web_message_port_start (port);
  web_test_wait_until (log->n_events == 1);
  web_test_assert_log (log, "1");
  web_message_port_close (port);
  web_message_port_close (port1);
  web_test_settle ();
  g_clear_object (&log->last);
  g_object_unref (port);
  g_object_unref (port1);
  g_object_unref (port2);
}

static void
send_message_with_fds (int fd, guint n_fds)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, PLAIN, n_fds);

  send_announce (fd);
  take_many_fds (packet, n_fds);
  put_number (packet, 1);
  end_record (packet, begin);
  packet_send (packet, fd);
}

static void
test_descriptor_limit (void)
{
  Victim victim;

  victim_init (&victim);
  g_object_set (victim.port, "descriptor-limit", 10, NULL);
  web_message_port_start (victim.port);
  send_message_with_fds (victim.peer, 10);
  victim_wait_for (&victim, "1");
  send_message_with_fds (victim.peer, 11);
  victim_wait_for (&victim, "1 close");
  assert_said ("too many descriptors");
  victim_assert_lost (&victim);
  victim_clear (&victim);
}

static void
test_message_limit (void)
{
  Victim victim;

  victim_init (&victim);
  g_object_set (victim.port, "message-limit", (guint64)100000, NULL);
  web_message_port_start (victim.port);
  send_file (victim.peer, make_memory_file (100000, TRUE, SEALS));
  send_file (victim.peer, make_memory_file (100001, TRUE, SEALS));
  send_record_in_file (victim.peer, make_memory_file (100001, TRUE, SEALS));
  victim_wait_for (&victim, "0 messageerror messageerror");
  assert_said ("too long");
  victim_clear (&victim);
}

/* Ports in ports */

#define DEPTH 200

/* Each port has a message with the next one. All follow each other, so that nothing nests. */
static void
send_nested_ports (int fd)
{
  Packet *packet = packet_new ();
  gsize   begin = begin_record (packet, MESSAGE, DEPTH);
  guint   i;

  put_message_with_ports (packet, 1, 1);
  for (i = 0; i < DEPTH; i++)
    {
      packet_take_fd (packet, make_socket_with_closed_peer ());
      put_endpoint_begin (packet, i);
      put_uint (packet, 0);
      put_uint (packet, 0);
      put_uint (packet, i + 1 < DEPTH ? 1 : 0);
      if (i + 1 < DEPTH)
        {
          put_uint (packet, MESSAGE);
          put_message_with_ports (packet, i, 1);
        }
    }
  send_message (fd, packet, begin);
}

static void
test_nested_ports (void)
{
  WebMessagePort *port;
  WebTestLog     *log;
  Victim          victim;
  guint           i;

  victim_init (&victim);
  web_message_port_start (victim.port);
  send_nested_ports (victim.peer);
  victim_wait_for (&victim, "1");
  port = web_test_log_steal_port (victim.log);
  for (i = 0; i + 1 < DEPTH; i++)
    {
      WebMessagePort *next;

      log = web_test_log_new (port);
      web_message_port_start (port);
      web_test_wait_until (log->n_events >= 2);
      web_test_settle ();
      g_assert_true (g_str_has_suffix (log->text->str, " close"));
      next = web_test_log_steal_port (log);
      web_test_log_free (log);
      g_object_unref (port);
      port = next;
    }
  g_object_unref (port);

  /* And all at once */
  send_nested_ports (victim.peer);
  victim_wait_for (&victim, "1 1");
  g_clear_object (&victim.log->last);
  victim_clear (&victim);
}

/* A descriptor that brings a port, and a message with a port, which are not complete */
static void
test_port_that_arrives_in_part (void)
{
  g_autoptr (GError) error = NULL;
  WebMessagePort *port;
  const guint     n_fds = web_test_count_fds ();
  Packet         *packet = packet_new ();
  gsize           begin;
  int             fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  begin = begin_record (packet, MOVED, 2);
  packet_take_fd (packet, make_socket_with_closed_peer ());
  packet_take_fd (packet, make_socket_with_closed_peer ());
  put_endpoint_begin (packet, 0);
  put_uint (packet, 0);
  put_uint (packet, 0);
  put_uint (packet, 2);
  put_uint (packet, MESSAGE);
  put_message_with_ports (packet, 1, 1);
  put_uint (packet, HELLO);
  send_message (fds[1], packet, begin);

  port = web_message_port_new_from_fd (fds[0], &error);
  g_assert_null (port);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  close (fds[0]);
  close (fds[1]);
  g_assert_cmpuint (web_test_count_fds (), ==, n_fds);
}

/* Ports that say that they are others */

static void
test_port_that_says_it_is_another (void)
{
  g_autoptr (WebMessagePort) port = NULL;
  Packet *packet = packet_new ();
  gsize   begin;
  Victim  victim;
  int     fds[2];

  victim_init (&victim);
  web_message_port_start (victim.port);
  send_hello (victim.peer);

  /* The other side of the port in it is the one through which it comes, it says. */
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  begin = begin_record (packet, MESSAGE, 1);
  packet_take_fd (packet, fds[0]);
  put_message_with_ports (packet, 1, 1);
  put_uint (packet, 0);
  put_data (packet, some_id, 16);
  put_data (packet, some_id, 16);
  put_uint (packet, TRUE);
  put_uint (packet, FALSE);
  put_uint (packet, 0);
  put_uint (packet, 0);
  put_uint (packet, 0);
  send_message (victim.peer, packet, begin);
  victim_wait_for (&victim, "1");
  port = web_test_log_steal_port (victim.log);

  /* Lost, as a port that is sent to its own other side */
  web_test_post (victim.port, 2, port, NULL);
  g_assert_cmpint (recv (fds[1], NULL, 0, 0), ==, 0);
  close (fds[1]);
  /* What others send each other is none of its business. */
  packet = packet_new ();
  put_plain (packet, 7);
  packet_send (packet, victim.peer);
  victim_wait_for (&victim, "1 7");
  victim_clear (&victim);
}

/* A conversation of two ports of the library, cut off anywhere */

typedef struct
{
  guint8 *data;
  gsize   size;
  int     fds[MAX_FDS];
  guint   n_fds;
} Recorded;

static void
recorded_free (gpointer data)
{
  Recorded *self = data;
  guint     i;

  for (i = 0; i < self->n_fds; i++)
    close (self->fds[i]);
  g_free (self->data);
  g_free (self);
}

static Recorded *
record_packet (int fd)
{
  union
  {
    struct cmsghdr header;
    guint8         bytes[CMSG_SPACE (MAX_FDS * sizeof (int))];
  } control;
  g_autofree guint8 *buffer = g_malloc (MAX_PACKET);
  struct iovec       iov = { .iov_base = buffer, .iov_len = MAX_PACKET };
  struct msghdr      message = { .msg_iov = &iov,
                                 .msg_iovlen = 1,
                                 .msg_control = &control,
                                 .msg_controllen = sizeof control };
  const gssize       n = recvmsg (fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  struct cmsghdr    *header;
  Recorded          *self;

  if (n <= 0)
    return NULL;

  self = g_new0 (Recorded, 1);
  self->data = g_memdup2 (buffer, n);
  self->size = n;
  header = CMSG_FIRSTHDR (&message);
  if (header != NULL && header->cmsg_type == SCM_RIGHTS)
    {
      self->n_fds = (header->cmsg_len - CMSG_LEN (0)) / sizeof (int);
      memcpy (self->fds, CMSG_DATA (header), self->n_fds * sizeof (int));
    }

  return self;
}

/* Everything that a port sends: a greeting, small messages, a large one, ports, with messages that
 * wait there, which have ports, and more descriptors than go in a packet. */
static GPtrArray *
record_conversation (void)
{
  GPtrArray         *packets = g_ptr_array_new_with_free_func (recorded_free);
  g_autofree guint8 *data = g_malloc0 (50000);
  WebTransferable   *many[300];
  WebMessagePort    *port, *port1, *port2, *inner1, *inner2;
  Recorded          *packet;
  guint              i;
  int                fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  port = web_message_port_new_from_fd (fds[0], NULL);
  web_test_post (port, 1, NULL);
  web_test_post (port, 2, NULL);
  web_message_port_post_message (port,
                                 g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, 50000, 1),
                                 NULL, 0, NULL);

  web_test_socket_channel (&port1, &port2);
  web_test_socket_channel (&inner1, &inner2);
  web_test_post (port1, 3, NULL);
  web_test_post (port1, 4, inner1, NULL);
  web_test_post (port, 5, port2, NULL);

  for (i = 0; i < G_N_ELEMENTS (many); i++)
    {
      WebMessagePort *other;

      web_test_socket_channel ((WebMessagePort **)&many[i], &other);
      g_object_unref (other);
    }
  web_message_port_post_message (port, g_variant_new_int32 (6), many, G_N_ELEMENTS (many), NULL);
  for (i = 0; i < G_N_ELEMENTS (many); i++)
    g_object_unref (many[i]);
  web_test_post (port, 7, NULL);
  web_message_port_flush_all (NULL, NULL);

  while ((packet = record_packet (fds[1])) != NULL)
    g_ptr_array_add (packets, packet);
  close (fds[1]);
  web_test_settle ();
  g_object_unref (port);
  g_object_unref (port1);
  g_object_unref (port2);
  g_object_unref (inner1);
  g_object_unref (inner2);
  web_test_settle ();
  web_message_port_flush_all (NULL, NULL);

  return packets;
}

/* Sends the first @n_packets, and @n_bytes of the next one with its descriptors. */
static void
replay (GPtrArray *packets, guint n_packets, gsize n_bytes, int fd)
{
  guint i, k;

  for (i = 0; i <= n_packets && i < packets->len; i++)
    {
      Recorded *recorded = packets->pdata[i];
      Packet   *packet;

      if (i == n_packets && n_bytes == 0)
        return;

      packet = packet_new ();
      put_data (packet, recorded->data, i < n_packets ? recorded->size : n_bytes);
      for (k = 0; k < recorded->n_fds; k++)
        packet_take_fd (packet, fcntl (recorded->fds[k], F_DUPFD_CLOEXEC, 0));
      packet_send (packet, fd);
    }
}

static void
play (GPtrArray *packets, guint n_packets, gsize n_bytes, gboolean start, const char *events)
{
  Victim victim;

  victim_init (&victim);
  if (start)
    web_message_port_start (victim.port);
  replay (packets, n_packets, n_bytes, victim.peer);
  victim_close_peer (&victim);
  if (start)
    {
      web_test_wait_until (g_str_has_suffix (victim.log->text->str, "close"));
      if (events != NULL)
        g_assert_true (g_str_has_prefix (events, victim.log->text->str) ||
                       g_str_has_suffix (victim.log->text->str, "close"));
    }
  else
    {
      web_test_settle ();
    }
  g_clear_object (&victim.log->last);
  victim_clear (&victim);
}

static void
test_peer_dies_at_any_packet (void)
{
  g_autoptr (GPtrArray) packets = record_conversation ();
  guint i;

  g_assert_cmpuint (packets->len, >, 6);
  for (i = 0; i <= packets->len; i++)
    {
      play (packets, i, 0, TRUE, NULL);
      play (packets, i, 0, FALSE, NULL);
    }
}

static void
test_packet_is_cut_at_any_byte (void)
{
  g_autoptr (GPtrArray) packets = record_conversation ();
  guint i;
  gsize n;

  for (i = 0; i < packets->len; i++)
    {
      const Recorded *recorded = packets->pdata[i];
      const gsize     step = 1 + recorded->size / 100;

      for (n = 1; n < recorded->size; n += step)
        play (packets, i, n, TRUE, NULL);
    }
}

int
main (int argc, char **argv)
{
  WebMessagePort *port1, *port2;
  guint           i;

  g_test_init (&argc, &argv, NULL);
  debug_lines = g_string_new (NULL);
  g_log_set_default_handler (on_log, NULL);
  /* What hangs in the library does not see the timeouts of a main loop. */
  alarm (240);

  /* What the library opens once. The second message is left to its thread. */
  web_test_socket_channel (&port1, &port2);
  for (i = 0; i < 100; i++)
    web_test_post (port1, 100, NULL);
  web_message_port_flush_all (NULL, NULL);
  web_message_port_close (port1);
  web_message_port_close (port2);
  web_test_settle ();
  g_object_unref (port1);
  g_object_unref (port2);

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/hostile-peer/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }

  g_test_add_data_func ("/hostile-peer/flood-of-hellos", put_flood_of_hellos,
                        test_flood_of_packets);
  g_test_add_data_func ("/hostile-peer/flood-of-announcements", put_flood_of_announcements,
                        test_flood_of_packets);
  g_test_add_data_func ("/hostile-peer/flood-of-empty-fds", put_flood_of_empty_fds,
                        test_flood_of_packets);
  g_test_add_data_func ("/hostile-peer/flood-of-messages", put_flood_of_messages,
                        test_flood_of_packets);
  g_test_add_func ("/hostile-peer/flood-while-closing", test_flood_while_closing);
  g_test_add_func ("/hostile-peer/flood-while-moving", test_flood_while_moving);
  g_test_add_data_func ("/hostile-peer/flood-while-arriving", put_flood_of_announcements,
                        test_flood_while_arriving);
  g_test_add_data_func ("/hostile-peer/flood-while-arriving-fds", put_flood_of_empty_fds,
                        test_flood_while_arriving);
  g_test_add_func ("/hostile-peer/flood-at-slow-handler", test_flood_at_slow_handler);
  g_test_add_func ("/hostile-peer/waiting-messages", test_waiting_messages_wait_in_the_kernel);
  g_test_add_func ("/hostile-peer/mappings", test_mappings_need_no_descriptors);
  g_test_add_func ("/hostile-peer/socket-that-brings-descriptors",
                   test_socket_that_brings_descriptors);
  g_test_add_data_func ("/hostile-peer/lingering-socket/file", "file", test_lingering_socket);
  g_test_add_data_func ("/hostile-peer/lingering-socket/object", "object", test_lingering_socket);
  g_test_add_func ("/hostile-peer/no-room/unannounced", test_unannounced_descriptors_without_room);
  g_test_add_func ("/hostile-peer/no-room/announced", test_descriptors_that_leave_no_room);
  g_test_add_func ("/hostile-peer/no-room/arriving", test_port_that_arrives_without_room);
  g_test_add_func ("/hostile-peer/descriptor-limit", test_descriptor_limit);
  g_test_add_func ("/hostile-peer/message-limit", test_message_limit);
  g_test_add_func ("/hostile-peer/nested-ports", test_nested_ports);
  g_test_add_func ("/hostile-peer/arrives-in-part", test_port_that_arrives_in_part);
  g_test_add_func ("/hostile-peer/false-identity", test_port_that_says_it_is_another);
  g_test_add_func ("/hostile-peer/dies-at-any-packet", test_peer_dies_at_any_packet);
  g_test_add_func ("/hostile-peer/packet-is-cut", test_packet_is_cut_at_any_byte);

  return g_test_run ();
}
