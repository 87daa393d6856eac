/* bench-process.h: a child process to measure with
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/* The child's side of the socket pair. */
#define BENCH_CHILD_FD 3

static inline void
bench_socket_pair (int type, int fds[2])
{
  if (socketpair (AF_UNIX, type | SOCK_CLOEXEC, 0, fds) < 0)
    g_error ("socketpair(): %s", g_strerror (errno));
}

/* Runs this program again with @what as its argument, and returns this side of a socket pair. The
 * child is executed, not only forked, so that it may start threads of GLib. */
static inline int
bench_start_child (const char *what, int socket_type, GPid *pid)
{
  const char *argv[] = { "/proc/self/exe", what, NULL };
  const int   target_fd = BENCH_CHILD_FD;
  int         fds[2];
  g_autoptr (GError) error = NULL;

  bench_socket_pair (socket_type, fds);
  g_spawn_async_with_pipes_and_fds (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, -1, -1,
                                    -1, &fds[1], &target_fd, 1, pid, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  close (fds[1]);

  return fds[0];
}

/* Waits for the end of a child whose other side is closed. */
static inline void
bench_wait_for_child (GPid pid)
{
  int status;

  if (waitpid (pid, &status, 0) != pid || !g_spawn_check_wait_status (status, NULL))
    g_error ("A child process failed");
  g_spawn_close_pid (pid);
}

/* Takes the descriptor over. */
static inline WebMessagePort *
bench_port_new (int fd)
{
  g_autoptr (GError) error = NULL;
  WebMessagePort *port = web_message_port_new_from_fd (fd, &error);

  g_assert_no_error (error);

  return port;
}

static inline void
bench_post (WebMessagePort *port, GVariant *message)
{
  if (!web_message_port_post_message (port, message, NULL, 0, NULL))
    g_assert_not_reached ();
}

static inline void
bench_wait_for (int *n)
{
  while (*n > 0)
    g_main_context_iteration (NULL, TRUE);
}

static inline int
bench_compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;

  return (x > y) - (x < y);
}

static inline double
bench_median (const double *values, guint n)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);

  qsort (sorted, n, sizeof *sorted, bench_compare);

  return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* The median of what two rivals did in the same round. */
static inline double
bench_median_ratio (const double *values, const double *others, guint n)
{
  g_autofree double *ratios = g_new (double, n);
  guint              i;

  for (i = 0; i < n; i++)
    ratios[i] = values[i] / others[i];

  return bench_median (ratios, n);
}
