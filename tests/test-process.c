/* test-process.c: ports that leave the process
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "web-test-ports.h"

/* Those of main loops aside, which GLib makes when it likes. */
static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint       n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (target != NULL && !g_str_has_prefix (target, "anon_inode:"))
        n++;
    }

  return n;
}

static void
post (WebMessagePort *port, int number, WebMessagePort *transferred)
{
  web_test_post (port, number, transferred, NULL);
}

static void
settle (void)
{
  web_message_port_flush_all (NULL, NULL);
  web_test_settle ();
}

/* A channel over a socket, whose second port is started. */
static WebTestPair
carrier_new (void)
{
  WebTestPair self;

  web_test_socket_channel (&self.port1, &self.port2);
  self.log1 = web_test_log_new (self.port1);
  self.log2 = web_test_log_new (self.port2);
  web_message_port_start (self.port2);

  return self;
}

/* Sends a port over a socket. Returns the port that the receiver gets. */
static WebMessagePort *
send_port (WebTestPair *carrier, WebMessagePort *port)
{
  guint n_events = carrier->log2->n_events;

  post (carrier->port1, -1, port);
  /* Not web_message_port_flush_all(): what was posted to @port may be more than a socket takes. */
  web_test_wait_until (carrier->log2->n_events > n_events);

  return web_test_log_steal_port (carrier->log2);
}

/* What waits at a port leaves with the port, before what is posted later. */
static void
test_leave (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (WebTestLog) log = NULL;

  post (pair.port1, 1, NULL);
  post (pair.port1, 2, NULL);
  there = send_port (&carrier, pair.port2);
  post (pair.port1, 3, NULL);
  log = web_test_log_new (there);
  web_message_port_start (there);
  web_test_wait_until (log->n_events == 3);
  web_test_assert_log (log, "1 2 3");

  web_message_port_start (pair.port1);
  post (there, 4, NULL);
  web_test_wait_until (pair.log1->n_events == 1);
  web_test_assert_log (pair.log1, "4");
  web_message_port_close (there);
  web_test_wait_until (pair.log1->n_events == 2);
  web_test_assert_log (pair.log1, "4 close");
}

/* The other side was closed before: the messages arrive, and then its end. */
static void
test_leave_after_close (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (WebTestLog) log = NULL;

  post (pair.port1, 1, NULL);
  web_message_port_close (pair.port1);
  there = send_port (&carrier, pair.port2);
  log = web_test_log_new (there);
  web_message_port_start (there);
  web_test_wait_until (log->n_events == 2);
  web_test_assert_log (log, "1 close");
}

static void
test_both_sides_leave (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (WebMessagePort) there1 = NULL;
  g_autoptr (WebMessagePort) there2 = NULL;
  g_autoptr (WebTestLog) log1 = NULL;
  g_autoptr (WebTestLog) log2 = NULL;

  post (pair.port1, 2, NULL);
  post (pair.port2, 1, NULL);
  there1 = send_port (&carrier, pair.port1);
  there2 = send_port (&carrier, pair.port2);
  log1 = web_test_log_new (there1);
  log2 = web_test_log_new (there2);
  post (there1, 4, NULL);
  post (there2, 3, NULL);
  web_message_port_start (there1);
  web_message_port_start (there2);
  web_test_wait_until (log1->n_events == 2 && log2->n_events == 2);
  web_test_assert_log (log1, "1 3");
  web_test_assert_log (log2, "2 4");
  web_message_port_close (there1);
  web_test_wait_until (log2->n_events == 3);
  web_test_assert_log (log2, "2 4 close");
}

/* Ports in messages that wait at ports in messages. */
static void
test_ports_in_ports (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) outer = web_test_pair ();
  g_auto (WebTestPair) inner = web_test_pair ();
  g_auto (WebTestPair) innermost = web_test_pair ();
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (WebMessagePort) inner_there = NULL;
  g_autoptr (WebMessagePort) innermost_there = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (WebTestLog) inner_log = NULL;
  g_autoptr (WebTestLog) innermost_log = NULL;

  post (innermost.port1, 3, NULL);
  post (inner.port1, 2, innermost.port2);
  post (outer.port1, 1, inner.port2);

  there = send_port (&carrier, outer.port2);
  log = web_test_log_new (there);
  web_message_port_start (there);
  web_test_wait_until (log->n_events == 1);
  inner_there = web_test_log_steal_port (log);
  inner_log = web_test_log_new (inner_there);
  web_message_port_start (inner_there);
  web_test_wait_until (inner_log->n_events == 1);
  innermost_there = web_test_log_steal_port (inner_log);
  innermost_log = web_test_log_new (innermost_there);
  web_message_port_start (innermost_there);
  web_test_wait_until (innermost_log->n_events == 1);
  web_test_assert_log (innermost_log, "3");
  post (innermost.port1, 4, NULL);
  web_test_wait_until (innermost_log->n_events == 2);
  web_test_assert_log (innermost_log, "3 4");
}

enum
{
  N_FLOOD = 20000
};

static void
count_in_order (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  int *n = user_data;

  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==, 1000 + *n);
  (*n)++;
}

/* A port that its receiver does not read from moves on, with what is not written. */
static void
test_unwritten_moves_on (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  WebMessagePort *port1;
  WebMessagePort *port2;
  g_autoptr (WebMessagePort) there = NULL;
  int i, n = 0;

  web_test_socket_channel (&port1, &port2);
  for (i = 0; i < N_FLOOD; i++)
    post (port1, 1000 + i, NULL);
  g_assert_cmpuint (web_message_port_get_buffered_amount (port1), >, 0);

  /* The outbox may hold the socket at this moment. */
  post (carrier.port1, 0, port1);
  web_test_wait_until (carrier.log2->n_events == 1);
  there = web_test_log_steal_port (carrier.log2);
  g_object_unref (port1);
  for (i = N_FLOOD; i < N_FLOOD + 1000; i++)
    post (there, 1000 + i, NULL);

  web_message_port_set_on_message (port2, count_in_order, &n, NULL);
  web_test_wait_until (n == N_FLOOD + 1000);
  web_message_port_close (port2);
  web_test_settle ();
  g_assert_finalize_object (port2);
}

/* What was posted at a port before it left has arrived, whatever becomes of the port then. */
static void
test_port_is_lost (void)
{
  WebMessagePort *carrier;
  WebMessagePort *port1;
  WebMessagePort *port2;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GError) error = NULL;
  int fds[2];
  int i;

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  carrier = web_message_port_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  web_test_socket_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  web_test_settle ();

  for (i = 0; i < 3; i++)
    post (port1, 1000 + i, NULL);
  post (carrier, 1000, port1);
  web_message_port_flush_all (NULL, NULL);
  /* A process that ends, and has not read anything. */
  close (fds[1]);
  web_test_wait_until (log->n_events == 4);
  web_test_assert_log (log, "1000 1001 1002 close");
  g_clear_pointer (&log, web_test_log_free);

  web_message_port_close (carrier);
  g_object_unref (port1);
  web_test_settle ();
  g_assert_finalize_object (port2);
  g_assert_finalize_object (carrier);
}

/* What was read and not delivered moves on, too. */
static void
test_undelivered_moves_on (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  WebMessagePort *port1;
  WebMessagePort *port2;
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (WebTestLog) log = NULL;
  int i, n = 0;

  web_test_socket_channel (&port1, &port2);
  for (i = 0; i < N_FLOOD; i++)
    post (port1, 1000 + i, NULL);
  /* Reads a whole packet for one message. */
  log = web_test_log_new (port2);
  web_message_port_set_on_message (port2, count_in_order, &n, NULL);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (n, <, N_FLOOD);

  there = send_port (&carrier, port2);
  g_object_unref (port2);
  web_message_port_set_on_message (there, count_in_order, &n, NULL);
  web_test_wait_until (n == N_FLOOD);
  web_message_port_close (there);
  web_message_port_close (port1);
  web_test_settle ();
  g_assert_finalize_object (port1);
}

/* HTML, web-messaging.html#message-port-post-message-steps: the message and the channel are lost.
 */
static void
test_own_other_side (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (WebMessagePort) home = NULL;
  guint i;

  /* Over a socket from the start; after it has come home; and while nobody knows it yet. */
  for (i = 0; i < 3; i++)
    {
      WebTestPair own;

      if (i == 1)
        own = web_test_pair ();
      else
        own = carrier_new ();
      if (i == 1)
        {
          home = send_port (&carrier, own.port2);
          post (own.port1, 1, home);
        }
      else
        {
          if (i == 0)
            settle ();
          post (own.port1, 1, own.port2);
        }
      web_test_wait_until (own.log1->n_events == 1);
      web_test_assert_log (own.log1, "close");
      web_test_assert_log (own.log2, "");
      web_test_pair_clear (&own);
    }
}

static void
test_descriptors (void)
{
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (WebMessagePort) again = NULL;
  g_autoptr (WebMessagePort) last = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GUnixFDList) fd_list = g_unix_fd_list_new ();
  g_autoptr (WebTestLog) log = NULL;
  int fd, handle;

  post (pair.port1, 1, NULL);
  fd = web_message_port_steal_fd (pair.port2, &error);
  g_assert_no_error (error);
  g_assert_true ((fcntl (fd, F_GETFD) & FD_CLOEXEC) != 0);
  post (pair.port1, 2, NULL);
  g_assert_cmpint (web_message_port_steal_fd (pair.port2, &error), ==, -1);
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  there = web_message_port_new_from_fd (fd, &error);
  g_assert_no_error (error);
  post (pair.port1, 3, NULL);

  socket = web_message_port_steal_socket (there, &error);
  g_assert_no_error (error);
  again = web_message_port_new_from_socket (socket, &error);
  g_assert_no_error (error);
  g_clear_object (&socket);

  handle = web_message_port_steal_to_fd_list (again, fd_list, &error);
  g_assert_no_error (error);
  g_assert_cmpint (handle, ==, 0);
  g_assert_null (web_message_port_new_from_fd_list (fd_list, 1, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_ARGUMENT);
  last = web_message_port_new_from_fd_list (fd_list, 0, &error);
  g_assert_no_error (error);
  g_clear_object (&fd_list);

  log = web_test_log_new (last);
  web_message_port_start (last);
  web_test_wait_until (log->n_events == 3);
  web_test_assert_log (log, "1 2 3");
  web_test_assert_log (pair.log1, "");
  web_message_port_close (pair.port1);
  web_test_wait_until (log->n_events == 4);
  web_test_assert_log (log, "1 2 3 close");
}

static void
test_wrong_descriptors (void)
{
  const int types[] = { SOCK_STREAM, SOCK_DGRAM };
  g_autoptr (GError) error = NULL;
  int   fds[2];
  guint i;

  for (i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_assert_no_errno (socketpair (AF_UNIX, types[i], 0, fds));
      g_assert_null (web_message_port_new_from_fd (fds[0], &error));
      web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_ARGUMENT);
      /* The caller still has it. */
      g_assert_no_errno (close (fds[0]));
      close (fds[1]);
    }

  g_assert_no_errno (fds[0] = socket (AF_UNIX, SOCK_SEQPACKET, 0));
  g_assert_null (web_message_port_new_from_fd (fds[0], &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_ARGUMENT);
  close (fds[0]);
  g_assert_null (web_message_port_new_from_fd (-1, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_ARGUMENT);
}

/* Returns the line of /proc/self/maps that has @address in it. */
static char *
find_mapping (gconstpointer address)
{
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  guint i;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (i = 0; lines[i] != NULL; i++)
    {
      guint64 begin, end;

      if (sscanf (lines[i], "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x", &begin, &end) == 2 &&
          (guint64)address >= begin && (guint64)address < end)
        return g_strdup (lines[i]);
    }

  return NULL;
}

static GVariant *
new_large (gsize size)
{
  guint8 *data = g_malloc (size);
  gsize   i;

  for (i = 0; i < size; i++)
    data[i] = i % 251;

  return g_variant_new_from_data (G_VARIANT_TYPE ("ay"), data, size, TRUE, g_free, data);
}

/* Large values are not copied by the receiver, and go on in the file that they came in. */
static void
test_large (void)
{
  const gsize size = 3 * 1024 * 1024 + 17;
  g_auto (WebTestPair) first = carrier_new ();
  g_auto (WebTestPair) second = carrier_new ();
  g_autofree char *mapping = NULL;
  g_autofree char *mapping2 = NULL;
  const char      *inode, *inode2;
  GVariant        *data;
  g_autoptr (GVariant) expected = g_variant_ref_sink (new_large (size));

  g_assert_true (web_message_port_post_message (first.port1, expected, NULL, 0, NULL));
  web_test_wait_until (first.log2->n_events == 1);
  data = web_message_event_get_data (first.log2->last);
  g_assert_true (g_variant_equal (data, expected));
  mapping = find_mapping (g_variant_get_data (data));
  inode = strstr (mapping, "/memfd:webmessaging");
  g_assert_nonnull (inode);

  g_assert_true (web_message_port_post_message (second.port1, data, NULL, 0, NULL));
  web_test_wait_until (second.log2->n_events == 1);
  g_assert_true (g_variant_equal (web_message_event_get_data (second.log2->last), expected));
  mapping2 = find_mapping (g_variant_get_data (web_message_event_get_data (second.log2->last)));
  inode2 = strstr (mapping2, "/memfd:webmessaging");
  g_assert_nonnull (inode2);
  /* The number of the file is in the field before its name. */
  g_assert_cmpmem (inode - 20, 20, inode2 - 20, 20);

  /* Of every size around the limits. */
  {
    const gsize sizes[] = { 4095, 4096, 32700, 32768, 40000, 65500, 65536, 70000, 300000 };
    guint       i;

    for (i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        g_autoptr (GVariant) value = g_variant_ref_sink (
          g_variant_new ("(i@aysv)", 7, new_large (sizes[i]), "text", g_variant_new_int32 (8)));

        g_assert_true (web_message_port_post_message (first.port1, value, NULL, 0, NULL));
        web_test_wait_until (first.log2->n_events == 2 + i);
        g_assert_true (g_variant_equal (web_message_event_get_data (first.log2->last), value));
      }
  }
}

/* A class of the application that owns a descriptor, and one that cannot leave. */

#define TEST_TYPE_FILE (test_file_get_type ())
G_DECLARE_FINAL_TYPE (TestFile, test_file, TEST, FILE, GObject)

struct _TestFile
{
  GObject  parent_instance;
  int      fd; /* owned; -1 if it is detached */
  gboolean cannot_leave;
};

static void test_file_transferable_iface_init (WebTransferableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestFile,
                               test_file,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                      test_file_transferable_iface_init))

static void
test_file_finalize (GObject *object)
{
  if (TEST_FILE (object)->fd >= 0)
    close (TEST_FILE (object)->fd);

  G_OBJECT_CLASS (test_file_parent_class)->finalize (object);
}

static void
test_file_class_init (TestFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_file_finalize;
}

static void
test_file_init (TestFile *self)
{
  self->fd = -1;
}

static gboolean
test_file_is_detached (WebTransferable *transferable)
{
  return TEST_FILE (transferable)->fd < 0;
}

/* The data holder is another object of the class. */
static GObject *
test_file_transfer (WebTransferable *transferable, GError **error)
{
  TestFile *holder = g_object_new (TEST_TYPE_FILE, NULL);

  holder->fd = g_steal_fd (&TEST_FILE (transferable)->fd);
  holder->cannot_leave = TEST_FILE (transferable)->cannot_leave;

  return G_OBJECT (holder);
}

static gboolean
test_file_receive (WebTransferable *transferable, GObject *data_holder, GError **error)
{
  TEST_FILE (transferable)->fd = g_steal_fd (&TEST_FILE (data_holder)->fd);

  return TRUE;
}

static GVariant *
test_file_export (WebTransferable *transferable,
                  GObject         *data_holder,
                  GUnixFDList     *fd_list,
                  GError         **error)
{
  int handle;

  if (TEST_FILE (data_holder)->cannot_leave)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "it stays");
      return NULL;
    }
  handle = g_unix_fd_list_append (fd_list, TEST_FILE (data_holder)->fd, error);

  return handle >= 0 ? g_variant_new_handle (handle) : NULL;
}

static GObject *
test_file_import (WebTransferable *transferable,
                  GVariant        *value,
                  GUnixFDList     *fd_list,
                  GError         **error)
{
  TestFile *holder = g_object_new (TEST_TYPE_FILE, NULL);

  g_assert_true (g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE));
  holder->fd = g_unix_fd_list_get (fd_list, g_variant_get_handle (value), error);

  return G_OBJECT (holder);
}

static void
test_file_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->is_detached = test_file_is_detached;
  iface->transfer = test_file_transfer;
  iface->transfer_receive = test_file_receive;
  iface->export_data_holder = test_file_export;
  iface->import_data_holder = test_file_import;
}

#define TEST_TYPE_HOMEBODY (test_homebody_get_type ())
G_DECLARE_FINAL_TYPE (TestHomebody, test_homebody, TEST, HOMEBODY, GObject)

struct _TestHomebody
{
  GObject  parent_instance;
  gboolean detached;
};

static gboolean
test_homebody_is_detached (WebTransferable *transferable)
{
  return TEST_HOMEBODY (transferable)->detached;
}

static GObject *
test_homebody_transfer (WebTransferable *transferable, GError **error)
{
  TEST_HOMEBODY (transferable)->detached = TRUE;

  return g_object_new (G_TYPE_OBJECT, NULL);
}

static gboolean
test_homebody_receive (WebTransferable *transferable, GObject *data_holder, GError **error)
{
  TEST_HOMEBODY (transferable)->detached = FALSE;

  return TRUE;
}

static void
test_homebody_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->is_detached = test_homebody_is_detached;
  iface->transfer = test_homebody_transfer;
  iface->transfer_receive = test_homebody_receive;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestHomebody,
                               test_homebody,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                      test_homebody_transferable_iface_init))

static void
test_homebody_class_init (TestHomebodyClass *klass)
{
}

static void
test_homebody_init (TestHomebody *self)
{
}

static void
test_application_classes (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (TestFile) file = g_object_new (TEST_TYPE_FILE, NULL);
  g_autoptr (TestHomebody) homebody = g_object_new (TEST_TYPE_HOMEBODY, NULL);
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (pair.port2), WEB_TRANSFERABLE (file),
                                  WEB_TRANSFERABLE (homebody) };
  g_autoptr (GError) error = NULL;
  GObject *received;
  char     text[8] = { 0 };
  int      fds[2];

  g_assert_no_errno (pipe2 (fds, O_CLOEXEC));
  file->fd = fds[0];

  /* Nothing is sent, and all stay what they were. */
  g_assert_false (web_message_port_post_message (carrier.port1, NULL, transfer, 3, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_cmpint (file->fd, ==, fds[0]);
  g_assert_false (homebody->detached);
  g_assert_false (web_transferable_is_detached (transfer[0]));

  file->cannot_leave = TRUE;
  g_assert_false (web_message_port_post_message (carrier.port1, NULL, transfer, 2, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_cmpint (file->fd, ==, fds[0]);
  file->cannot_leave = FALSE;

  g_assert_true (web_message_port_post_message (carrier.port1, NULL, transfer, 2, &error));
  g_assert_no_error (error);
  g_assert_cmpint (file->fd, ==, -1);
  web_test_wait_until (carrier.log2->n_events == 1);
  web_test_assert_log (carrier.log2, "-");

  received = web_message_event_get_object (carrier.log2->last, 1);
  g_assert_true (TEST_IS_FILE (received));
  g_assert_cmpint (write (fds[1], "hello", 5), ==, 5);
  g_assert_cmpint (read (TEST_FILE (received)->fd, text, sizeof text), ==, 5);
  g_assert_cmpstr (text, ==, "hello");
  close (fds[1]);
}

/* A message with such an object waits at a port that leaves: the receiver is told. */
static void
test_waiting_message_cannot_leave (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (TestHomebody) homebody = g_object_new (TEST_TYPE_HOMEBODY, NULL);
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (homebody) };
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (WebTestLog) log = NULL;

  post (pair.port1, 1, NULL);
  g_assert_true (web_message_port_post_message (pair.port1, NULL, transfer, 1, NULL));
  post (pair.port1, 2, NULL);
  there = send_port (&carrier, pair.port2);
  log = web_test_log_new (there);
  web_message_port_start (there);
  web_test_wait_until (log->n_events == 3);
  web_test_assert_log (log, "1 messageerror 2");
}

static void
on_drained (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (web_message_port_drain_finish (WEB_MESSAGE_PORT (source), result, &error))
    g_string_append (user_data, "drained ");
  else
    g_string_append_printf (user_data, "%s ", error->message);
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *)user_data)++;
}

static void
test_back_pressure (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint n_notified = 0;
  int   n_posted = 0, n = 0;

  web_test_socket_channel (&port1, &port2);
  g_signal_connect (port1, "notify::buffered-amount", G_CALLBACK (count_notify), &n_notified);
  g_object_set (port1, "buffer-limit", G_GUINT64_CONSTANT (100000), NULL);

  while (
    web_message_port_post_message (port1, g_variant_new_int32 (1000 + n_posted), NULL, 0, &error))
    n_posted++;
  web_test_assert_error (error, WEB_MESSAGING_ERROR_QUOTA_EXCEEDED);
  g_assert_cmpuint (web_message_port_get_buffered_amount (port1), >=, 100000);
  g_assert_cmpuint (web_message_port_get_buffered_amount (port1), <, 200000);
  web_test_wait_until (n_notified > 0);

  web_message_port_drain_async (port1, 0, NULL, on_drained, text);
  web_message_port_drain_async (port1, 0, cancellable, on_drained, text);
  g_cancellable_cancel (cancellable);
  web_test_wait_until (text->len > 0);
  g_assert_cmpstr (text->str, ==, "Operation was cancelled ");
  g_string_truncate (text, 0);

  n_notified = 0;
  web_message_port_set_on_message (port2, count_in_order, &n, NULL);
  web_test_wait_until (text->len > 0);
  g_assert_cmpstr (text->str, ==, "drained ");
  g_assert_cmpuint (web_message_port_get_buffered_amount (port1), ==, 0);
  g_assert_cmpuint (n_notified, >, 0);
  post (port1, 1000 + n_posted++, NULL);
  web_test_wait_until (n == n_posted);

  web_message_port_close (port1);
  web_message_port_close (port2);
  web_test_settle ();
  g_assert_finalize_object (port1);
  g_assert_finalize_object (port2);
}

static void
note_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
}

/* A port that is closed or dropped while the receiver is slow: all arrives, and then the end. */
static void
test_linger (gboolean drops)
{
  WebMessagePort *port1;
  WebMessagePort *port2;
  gboolean        is_closed = FALSE;
  int             i, n = 0;

  web_test_socket_channel (&port1, &port2);
  for (i = 0; i < N_FLOOD; i++)
    post (port1, 1000 + i, NULL);
  g_assert_cmpuint (web_message_port_get_buffered_amount (port1), >, 0);
  if (!drops)
    web_message_port_close (port1);
  g_object_unref (port1);

  g_signal_connect (port2, "close", G_CALLBACK (note_close), &is_closed);
  web_message_port_set_on_message (port2, count_in_order, &n, NULL);
  web_test_wait_until (is_closed);
  g_assert_cmpint (n, ==, N_FLOOD);
  web_test_settle ();
  g_assert_finalize_object (port2);
}

/* More descriptors than fit into a packet. */
static void
test_many_ports (void)
{
  enum
  {
    N_PORTS = 300
  };
  g_auto (WebTestPair) carrier = carrier_new ();
  WebMessagePort  *kept[N_PORTS];
  WebMessagePort  *sent[N_PORTS];
  WebMessagePort **received;
  g_autoptr (GError) error = NULL;
  gsize n_received;
  guint i;

  for (i = 0; i < N_PORTS; i++)
    {
      web_test_channel (&kept[i], &sent[i]);
      post (kept[i], i + 1000, NULL);
    }
  g_assert_true (web_message_port_post_message (carrier.port1, NULL,
                                                (WebTransferable *const *)(void *)sent, N_PORTS,
                                                &error));
  g_assert_no_error (error);
  web_test_wait_until (carrier.log2->n_events == 1);
  web_test_assert_log (carrier.log2, "-");

  received = web_message_event_get_ports (carrier.log2->last, &n_received);
  g_assert_cmpuint (n_received, ==, N_PORTS);
  for (i = 0; i < N_PORTS; i++)
    {
      g_autoptr (WebTestLog) log = web_test_log_new (received[i]);
      g_autofree char *expected = g_strdup_printf ("%d", i + 1000);

      web_message_port_start (received[i]);
      web_test_wait_until (log->n_events == 1);
      web_test_assert_log (log, expected);
      web_message_port_close (received[i]);
    }
  web_test_settle ();
  for (i = 0; i < N_PORTS; i++)
    {
      g_object_unref (sent[i]);
      g_object_unref (kept[i]);
    }
}

static void
test_no_descriptors_left (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) pair = web_test_pair ();
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (pair.port2) };
  struct rlimit    limit, none;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (WebTestLog) log = NULL;

  settle ();
  post (pair.port1, 1, NULL);
  getrlimit (RLIMIT_NOFILE, &limit);
  none = limit;
  none.rlim_cur = 3;
  setrlimit (RLIMIT_NOFILE, &none);

  /* Nothing is sent, and the port is as before. */
  g_assert_false (web_message_port_post_message (carrier.port1, NULL, transfer, 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_clear_error (&error);
  g_assert_false (web_transferable_is_detached (transfer[0]));
  g_assert_cmpint (web_message_port_steal_fd (pair.port2, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_clear_error (&error);
  g_assert_false (web_transferable_is_detached (transfer[0]));
  g_assert_false (
    web_message_port_post_message (carrier.port1, new_large (1000000), NULL, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_clear_error (&error);
  setrlimit (RLIMIT_NOFILE, &limit);

  /* The receiver waits until it can have them. */
  g_assert_true (web_message_port_post_message (carrier.port1, NULL, transfer, 1, &error));
  web_message_port_flush_all (NULL, NULL);
  setrlimit (RLIMIT_NOFILE, &none);
  web_test_settle ();
  web_test_assert_log (carrier.log2, "");
  setrlimit (RLIMIT_NOFILE, &limit);
  web_test_wait_until (carrier.log2->n_events == 1);
  there = web_test_log_steal_port (carrier.log2);
  log = web_test_log_new (there);
  web_message_port_start (there);
  web_test_wait_until (log->n_events == 1);
  web_test_assert_log (log, "1");
}

/* Limits that were set while both sides were here. */
static void
test_limits_before_leaving (void)
{
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (GError) error = NULL;
  int fd, n_posted = 0;

  g_object_set (pair.port1, "buffer-limit", G_GUINT64_CONSTANT (1000), "message-limit",
                G_GUINT64_CONSTANT (1000), NULL);
  fd = web_message_port_steal_fd (pair.port2, &error);
  g_assert_no_error (error);
  while (n_posted < 1000000 &&
         web_message_port_post_message (pair.port1, g_variant_new_int32 (1), NULL, 0, &error))
    n_posted++;
  web_test_assert_error (error, WEB_MESSAGING_ERROR_QUOTA_EXCEEDED);

  there = web_message_port_new_from_fd (fd, &error);
  g_assert_no_error (error);
  web_message_port_start (pair.port1);
  g_assert_true (web_message_port_post_message (there, new_large (900), NULL, 0, NULL));
  g_assert_true (web_message_port_post_message (there, new_large (2000), NULL, 0, NULL));
  g_assert_true (web_message_port_post_message (there, new_large (100000), NULL, 0, NULL));
  post (there, 1, NULL);
  web_test_wait_until (pair.log1->n_events == 4);
  g_assert_true (g_str_has_suffix (pair.log1->text->str, " messageerror messageerror 1"));
}

/* What could not be sent is still there. */
static void
test_no_descriptors_left_for_what_waits (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_auto (WebTestPair) pair = carrier_new ();
  g_auto (WebTestPair) other = web_test_pair ();
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (other.port2) };
  struct rlimit    limit, none;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebSerializedData) data = NULL;

  settle ();
  post (pair.port1, 1, NULL);
  data = web_serialized_data_new (new_large (100000), transfer, 1, NULL, 0, NULL);

  getrlimit (RLIMIT_NOFILE, &limit);
  none = limit;
  none.rlim_cur = 3;
  setrlimit (RLIMIT_NOFILE, &none);
  g_assert_cmpint (web_message_port_steal_fd (pair.port2, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_clear_error (&error);
  g_assert_false (web_message_port_post_serialized (carrier.port1, data, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_clear_error (&error);
  setrlimit (RLIMIT_NOFILE, &limit);

  web_test_wait_until (pair.log2->n_events == 1);
  web_test_assert_log (pair.log2, "1");
  g_assert_true (web_message_port_post_serialized (carrier.port1, data, &error));
  g_assert_no_error (error);
  web_test_wait_until (carrier.log2->n_events == 1);
  web_test_assert_log (carrier.log2, "large");
  web_test_assert_log (other.log1, "");
}

static void
drop (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  WebMessagePort **port = user_data;

  g_clear_object (port);
}

static void
test_handler_drops_the_port (void)
{
  WebMessagePort *port1;
  WebMessagePort *port2;

  web_test_socket_channel (&port1, &port2);
  g_signal_connect (port1, "notify::buffered-amount", G_CALLBACK (drop), &port1);
  while (port1 != NULL)
    post (port1, 1000, NULL);
  g_object_unref (port2);
}

/* Somebody else has a copy of the descriptor. */
static void
test_close_with_a_copy (void)
{
  g_auto (WebTestPair) pair = web_test_pair ();
  g_autoptr (WebMessagePort) there = NULL;
  g_autoptr (GSocket) socket = NULL;

  socket = web_message_port_steal_socket (pair.port2, NULL);
  there = web_message_port_new_from_socket (socket, NULL);
  web_message_port_close (there);
  web_test_wait_until (pair.log1->n_events == 1);
  web_test_assert_log (pair.log1, "close");
  web_test_settle ();
  g_assert_finalize_object (g_steal_pointer (&there));
}

/* A child that was forked and drops what it has got. */
static void
test_fork (void)
{
  WebTestPair pair = carrier_new ();
  int         status;
  pid_t       pid;

  web_message_port_post_message (pair.port1, g_variant_new_int32 (1), NULL, 0, NULL);
  web_message_port_post_message (pair.port1, g_variant_new_int32 (2), NULL, 0, NULL);
  pid = fork ();
  if (pid == 0)
    {
      web_message_port_close (pair.port1);
      g_object_unref (pair.port1);
      g_object_unref (pair.port2);
      _exit (0);
    }
  waitpid (pid, &status, 0);
  g_assert_cmpint (status, ==, 0);

  post (pair.port1, 3, NULL);
  web_test_wait_until (pair.log2->n_events == 3);
  web_test_assert_log (pair.log2, "1 2 3");
  web_test_assert_log (pair.log1, "");
  web_test_pair_clear (&pair);
}

/* The process that main() runs in a child. */
static int
child_main (const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessagePort) port = web_message_port_new_from_environment (&error);
  int i;

  g_assert_no_error (error);
  g_assert_null (g_getenv ("WEB_MESSAGING_FD"));

  if (g_str_equal (what, "--flood"))
    {
      for (i = 0; i < N_FLOOD; i++)
        web_message_port_post_message (port, g_variant_new_int32 (1000 + i), NULL, 0, NULL);
      g_assert_true (web_message_port_flush_all (NULL, NULL));
      _exit (0);
    }
  else
    {
      g_autoptr (WebTestLog) log = web_test_log_new (port);

      web_message_port_start (port);
      web_test_wait_until (log->n_events == 1);
      web_test_post (port, 2, NULL);
      web_test_wait_until (log->n_events == 2);
      web_test_assert_log (log, "1 close");
    }

  return 0;
}

static GSubprocess *
spawn (const char *what, WebMessagePort **port)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  GSubprocess *child;

  *port = web_message_port_new_for_launcher (launcher, &error);
  g_assert_no_error (error);
  child = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", what, NULL);
  g_assert_no_error (error);

  return child;
}

static void
test_child (void)
{
  g_autoptr (WebMessagePort) port = NULL;
  g_autoptr (GSubprocess) child = spawn ("--echo", &port);
  g_autoptr (WebTestLog) log = web_test_log_new (port);
  g_autoptr (GCredentials) credentials = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (web_message_port_get_peer_credentials (port));
  web_test_post (port, 1, NULL);
  web_message_port_start (port);
  web_test_wait_until (log->n_events == 1);
  web_test_assert_log (log, "2");
  credentials = web_message_port_get_peer_credentials (port);
  g_assert_cmpint (g_credentials_get_unix_pid (credentials, NULL), ==,
                   atoi (g_subprocess_get_identifier (child)));
  g_assert_cmpuint (g_credentials_get_unix_user (credentials, NULL), ==, getuid ());

  web_message_port_close (port);
  g_assert_true (g_subprocess_wait_check (child, NULL, &error));
  g_assert_no_error (error);
}

/* A child that posts and ends: all arrives, and then `close`. */
static void
test_child_ends (void)
{
  g_autoptr (WebMessagePort) port = NULL;
  g_autoptr (GSubprocess) child = spawn ("--flood", &port);
  gboolean is_closed = FALSE;
  int      n = 0;

  g_signal_connect (port, "close", G_CALLBACK (note_close), &is_closed);
  web_message_port_set_on_message (port, count_in_order, &n, NULL);
  web_test_wait_until (is_closed);
  g_assert_cmpint (n, ==, N_FLOOD);
  g_assert_true (g_subprocess_wait_check (child, NULL, NULL));
}

static void
test_no_parent (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (web_message_port_new_from_environment (&error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_linger_after_close (void)
{
  test_linger (FALSE);
}

static void
test_linger_after_drop (void)
{
  test_linger (TRUE);
}

typedef struct
{
  void (*func) (void);
} Test;

/* Runs a test, and sees that no descriptor is left open. */
static void
run (gconstpointer data)
{
  const Test *test = data;
  guint       n_fds;

  /* What is made once for the process and for its main context. */
  web_test_pair_clear (&(WebTestPair[]){ carrier_new () }[0]);
  settle ();

  n_fds = count_fds ();
  test->func ();
  settle ();
  web_test_wait_until (count_fds () <= n_fds);
}

static void
add (const char *title, void (*func) (void))
{
  g_autofree char *path = g_strconcat ("/process/", title, NULL);
  Test            *test = g_new (Test, 1);

  test->func = func;
  g_test_add_data_func_full (path, test, run, g_free);
}

int
main (int argc, char *argv[])
{
  if (argc > 1 && (g_str_equal (argv[1], "--echo") || g_str_equal (argv[1], "--flood")))
    return child_main (argv[1]);

  g_test_init (&argc, &argv, NULL);

  add ("a port leaves, with what waits at it", test_leave);
  add ("a port leaves whose other side was closed", test_leave_after_close);
  add ("both sides leave", test_both_sides_leave);
  add ("ports wait at ports that leave", test_ports_in_ports);
  add ("what is not written moves on", test_unwritten_moves_on);
  add ("a port is lost on its way", test_port_is_lost);
  add ("what is not delivered moves on", test_undelivered_moves_on);
  add ("a port is not sent to itself", test_own_other_side);
  add ("a port becomes a descriptor and a port again", test_descriptors);
  add ("a port is not made of another descriptor", test_wrong_descriptors);
  add ("large values are not copied", test_large);
  add ("classes of the application leave", test_application_classes);
  add ("a message that waits cannot leave", test_waiting_message_cannot_leave);
  add ("a slow receiver holds the sender back", test_back_pressure);
  add ("what is not written survives a close", test_linger_after_close);
  add ("what is not written survives its port", test_linger_after_drop);
  add ("a message brings many ports", test_many_ports);
  add ("a process has no descriptors left", test_no_descriptors_left);
  add ("limits hold that were set before", test_limits_before_leaving);
  add ("what cannot leave stays", test_no_descriptors_left_for_what_waits);
  add ("a handler drops the port that posts", test_handler_drops_the_port);
  add ("a close does not wait for copies", test_close_with_a_copy);
  add ("a forked child leaves the port alone", test_fork);
  add ("a child talks to its parent", test_child);
  add ("a child ends", test_child_ends);
  add ("a process has no parent to talk to", test_no_parent);

  return g_test_run ();
}
