/* test-trace.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The marks in a recording of Sysprof. The test takes the place of the program that records: it is
 * asked for a buffer in shared memory for each thread that has something to write. */

#include <stdbool.h>
#include <sys/socket.h>
#include <sysprof-capture.h>
#include <unistd.h>

#include "web-test-ports.h"

/* In the static library, and not in its headers. */
typedef struct _MappedRingBuffer MappedRingBuffer;
typedef bool (*MappedRingBufferCallback) (const void *data, size_t *length, void *user_data);

MappedRingBuffer *mapped_ring_buffer_new_reader (size_t size);
int               mapped_ring_buffer_get_fd (MappedRingBuffer *self);
bool              mapped_ring_buffer_drain (MappedRingBuffer        *self,
                                            MappedRingBufferCallback callback,
                                            void                    *user_data);
void              mapped_ring_buffer_unref (MappedRingBuffer *self);

static MappedRingBuffer *buffer; /* of the first thread that asks */

static void
send_fd (int socket, int fd)
{
  char         data = 'x';
  struct iovec vector = { &data, 1 };
  union
  {
    char           bytes[CMSG_SPACE (sizeof (int))];
    struct cmsghdr header;
  } control = { { 0 } };
  struct msghdr message = {
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = control.bytes,
    .msg_controllen = sizeof control.bytes,
  };

  control.header.cmsg_len = CMSG_LEN (sizeof (int));
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  memcpy (CMSG_DATA (&control.header), &fd, sizeof fd);
  g_assert_cmpint (sendmsg (socket, &message, 0), ==, 1);
}

static gpointer
record (gpointer user_data)
{
  const int socket = GPOINTER_TO_INT (user_data);
  char      request[sizeof "CreatRing"];

  g_assert_cmpint (recv (socket, request, sizeof request, MSG_WAITALL), ==, sizeof request);
  g_assert_cmpstr (request, ==, "CreatRing");

  buffer = mapped_ring_buffer_new_reader (0);
  send_fd (socket, mapped_ring_buffer_get_fd (buffer));

  return NULL;
}

static bool
take_mark (const void *data, size_t *length, void *user_data)
{
  const SysprofCaptureMark *mark = data;

  *length = mark->frame.len;
  if (mark->frame.type == SYSPROF_CAPTURE_FRAME_MARK && g_str_equal (mark->group, "WebMessaging"))
    {
      g_assert_cmpint (mark->duration, >=, 0);
      g_string_append_printf (user_data, "%s: %s\n", mark->name, mark->message);
    }

  return true;
}

static void
test_marks (void)
{
  g_autoptr (GString) marks = g_string_new (NULL);
  g_autofree char *expected = NULL;

  {
    g_auto (WebTestPair) pair = web_test_pair ();

    web_message_port_start (pair.port2);
    web_test_post (pair.port1, 1, NULL);
    web_test_settle ();
    expected = g_strdup_printf ("post: WebMessagePort %p\n"
                                "deliver: WebMessagePort %p\n"
                                "dispatch: the default main context\n",
                                (void *)pair.port1, (void *)pair.port2);
    mapped_ring_buffer_drain (buffer, take_mark, marks);
  }
  g_assert_cmpstr (marks->str, ==, expected);
}

int
main (int argc, char *argv[])
{
  g_autofree char *number = NULL;
  GThread         *recorder;
  int              fds[2], status;

  g_test_init (&argc, &argv, NULL);

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  number = g_strdup_printf ("%d", fds[1]);
  g_setenv ("SYSPROF_CONTROL_FD", number, TRUE);
  recorder = g_thread_new ("recorder", record, GINT_TO_POINTER (fds[0]));

  g_test_add_func ("/trace/posts and deliveries are marked", test_marks);
  status = g_test_run ();

  g_thread_join (recorder);
  mapped_ring_buffer_unref (buffer);
  close (fds[0]);

  return status;
}
