/* bench-memory-files.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How fast large messages go to another process, beside memory files that are handed over by hand:
 * written, sealed, sent, mapped. The receiver reads a byte of each page. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "bench-process.h"

enum
{
  N_ROUNDS = 7,
  N_MESSAGES = 16,
  N_ON_THE_WAY = 4, /* sent and not yet answered, at most */
  SIZE = 64 << 20,
  PAGE_SIZE = 4096,
};

/* A way to send large messages to a child, which answers each. */
typedef struct
{
  const char *name; /* what the child's argument is */
  const char *title;
  void (*run_child) (int fd); /* returns when the other side is closed */
  void (*open) (int fd);
  void (*close) (void);
  void (*send) (void);
  void (*wait_until) (int n_on_the_way);

  GPid   pid;
  double speed[N_ROUNDS]; /* MiB/s */
} Peer;

static GBytes *payload;
static int     n_on_the_way;

static void
check_pages (const char *bytes)
{
  int sum = 0;
  int i;

  for (i = 0; i < SIZE; i += PAGE_SIZE)
    sum += bytes[i];
  if (sum != SIZE / PAGE_SIZE)
    g_error ("A message does not have the bytes that were sent");
}

/* By hand. */

#define SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

static int bare_fd;

static int
write_memory_file (void)
{
  const char *bytes = g_bytes_get_data (payload, NULL);
  int         fd = memfd_create ("bench", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gsize       n_written = 0;

  while (n_written < SIZE)
    {
      ssize_t n = write (fd, bytes + n_written, SIZE - n_written);

      if (n < 0)
        g_error ("write(): %s", g_strerror (errno));
      n_written += n;
    }
  if (fcntl (fd, F_ADD_SEALS, SEALS) < 0)
    g_error ("fcntl(): %s", g_strerror (errno));

  return fd;
}

static void
read_memory_file (int fd)
{
  struct stat info;
  char       *bytes;

  if ((fcntl (fd, F_GET_SEALS) & SEALS) != SEALS || fstat (fd, &info) < 0 || info.st_size != SIZE)
    g_error ("A memory file is not as it was sent");
  bytes = mmap (NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
  if (bytes == MAP_FAILED)
    g_error ("mmap(): %s", g_strerror (errno));
  check_pages (bytes);
  munmap (bytes, SIZE);
}

/* A packet of a byte with a descriptor. */
typedef struct
{
  struct msghdr header;
  struct iovec  iovec;
  char          byte;
  union
  {
    struct cmsghdr header;
    char           bytes[CMSG_SPACE (sizeof (int))];
  } control;
} Packet;

static void
packet_init (Packet *self)
{
  memset (self, 0, sizeof *self);
  self->iovec = (struct iovec){ .iov_base = &self->byte, .iov_len = 1 };
  self->header.msg_iov = &self->iovec;
  self->header.msg_iovlen = 1;
  self->header.msg_control = &self->control;
  self->header.msg_controllen = sizeof self->control;
}

static void
bare_run_child (int fd)
{
  Packet packet;

  for (packet_init (&packet); recvmsg (fd, &packet.header, MSG_CMSG_CLOEXEC) == 1;
       packet_init (&packet))
    {
      int file_fd;

      memcpy (&file_fd, CMSG_DATA (&packet.control.header), sizeof file_fd);
      read_memory_file (file_fd);
      close (file_fd);
      if (send (fd, "", 1, 0) != 1)
        g_error ("send(): %s", g_strerror (errno));
    }
}

static void
bare_open (int fd)
{
  bare_fd = fd;
}

static void
bare_close (void)
{
  close (bare_fd);
}

static void
bare_send (void)
{
  Packet packet;
  int    file_fd = write_memory_file ();

  packet_init (&packet);
  packet.control.header.cmsg_level = SOL_SOCKET;
  packet.control.header.cmsg_type = SCM_RIGHTS;
  packet.control.header.cmsg_len = CMSG_LEN (sizeof file_fd);
  memcpy (CMSG_DATA (&packet.control.header), &file_fd, sizeof file_fd);
  if (sendmsg (bare_fd, &packet.header, 0) != 1)
    g_error ("sendmsg(): %s", g_strerror (errno));
  close (file_fd);
}

static void
bare_wait_until (int n)
{
  char byte;

  while (n_on_the_way > n)
    {
      if (recv (bare_fd, &byte, 1, 0) != 1)
        g_error ("recv(): %s", g_strerror (errno));
      n_on_the_way--;
    }
}

/* Ports. */

static WebMessagePort *port;
static int             n_mapped;   /* messages that the receiver had in a memory file */
static int             own_memory; /* KiB, what the receiver's memory grew by at most */

/* Returns %TRUE if the SIZE bytes are a part of one mapping of a memory file. */
static gboolean
is_in_memory_file (const char *bytes)
{
  FILE    *maps = fopen ("/proc/self/maps", "re");
  char     line[512];
  gboolean found = FALSE;

  while (!found && fgets (line, sizeof line, maps) != NULL)
    {
      guintptr start;
      guintptr end;

      if (sscanf (line, "%" G_GINTPTR_MODIFIER "x-%" G_GINTPTR_MODIFIER "x", &start, &end) == 2)
        found = (guintptr)bytes >= start && (guintptr)bytes + SIZE <= end &&
                strstr (line, "/memfd:") != NULL;
    }
  fclose (maps);

  return found;
}

/* The memory that is not of a file, in KiB. */
static int
get_own_memory (void)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);

  return atoi (strstr (status, "RssAnon:") + strlen ("RssAnon:"));
}

static void
read_message (WebMessagePort *self, WebMessageEvent *event, gpointer first_memory)
{
  gsize       n;
  const char *bytes = g_variant_get_fixed_array (web_message_event_get_data (event), &n, 1);

  g_assert_cmpuint (n, ==, SIZE);
  check_pages (bytes);
  web_message_port_post_message (self,
                                 g_variant_new ("(bi)", is_in_memory_file (bytes),
                                                get_own_memory () - *(int *)first_memory),
                                 NULL, 0, NULL);
}

static void
quit (WebMessagePort *self, WebEvent *event, gpointer loop)
{
  g_main_loop_quit (loop);
}

static void
port_run_child (int fd)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (WebMessagePort) there = bench_port_new (fd);
  int first_memory = get_own_memory ();

  g_signal_connect (there, "close", G_CALLBACK (quit), loop);
  web_message_port_set_on_message (there, read_message, &first_memory, NULL);
  g_main_loop_run (loop);
}

static void
count_answer (WebMessagePort *self, WebMessageEvent *event, gpointer user_data)
{
  gboolean mapped;
  int      memory;

  g_variant_get (web_message_event_get_data (event), "(bi)", &mapped, &memory);
  n_mapped += mapped;
  own_memory = MAX (own_memory, memory);
  n_on_the_way--;
}

static void
port_open (int fd)
{
  port = bench_port_new (fd);
  web_message_port_set_on_message (port, count_answer, NULL, NULL);
}

static void
port_close (void)
{
  web_message_port_close (port);
  g_clear_object (&port);
}

static void
port_send (void)
{
  bench_post (port, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, payload, TRUE));
}

static void
port_wait_until (int n)
{
  while (n_on_the_way > n)
    g_main_context_iteration (NULL, TRUE);
}

static Peer peers[] = {
  {
    .name = "bare",
    .title = "by hand",
    .run_child = bare_run_child,
    .open = bare_open,
    .close = bare_close,
    .send = bare_send,
    .wait_until = bare_wait_until,
  },
  {
    .name = "port",
    .title = "ports",
    .run_child = port_run_child,
    .open = port_open,
    .close = port_close,
    .send = port_send,
    .wait_until = port_wait_until,
  },
};

static double
send_all (Peer *self)
{
  double start = bench_seconds ();
  int    i;

  for (i = 0; i < N_MESSAGES; i++)
    {
      self->wait_until (N_ON_THE_WAY - 1);
      self->send ();
      n_on_the_way++;
    }
  self->wait_until (0);

  return bench_seconds () - start;
}

int
main (int argc, char *argv[])
{
  Peer *bare = &peers[0];
  Peer *ports = &peers[1];
  Peer *self;
  Peer *end = peers + G_N_ELEMENTS (peers);
  char *bytes;
  int   round;

  for (self = peers; self < end; self++)
    if (argc > 1 && g_str_equal (argv[1], self->name))
      {
        self->run_child (BENCH_CHILD_FD);
        return 0;
      }

  bytes = g_malloc (SIZE);
  memset (bytes, 1, SIZE);
  payload = g_bytes_new_take (bytes, SIZE);
  for (self = peers; self < end; self++)
    {
      self->open (bench_start_child (self->name, SOCK_SEQPACKET, &self->pid));
      send_all (self);
    }
  n_mapped = 0;
  for (round = 0; round < N_ROUNDS; round++)
    for (self = peers; self < end; self++)
      self->speed[round] = N_MESSAGES * (SIZE >> 20) / send_all (self);
  for (self = peers; self < end; self++)
    {
      self->close ();
      bench_wait_for_child (self->pid);
    }

  for (self = peers; self < end; self++)
    {
      g_autofree char *title = g_strdup_printf ("1 GiB in messages of 64 MiB, %s", self->title);

      bench_print (title, bench_median (self->speed, N_ROUNDS), "MiB/s");
    }
  bench_print ("1 GiB in messages of 64 MiB, ports, against by hand",
               100 * bench_median_ratio (ports->speed, bare->speed, N_ROUNDS), "%");
  bench_print ("messages that the receiver has in a mapped memory file",
               100.0 * n_mapped / (N_ROUNDS * N_MESSAGES), "%");
  bench_print ("memory of its own that the receiver takes at most", own_memory / 1024.0, "MiB");

  return 0;
}
