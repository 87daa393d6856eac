/* bench-idle.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What 10,000 idle channels, or ports on sockets, cost a main loop that has other things to do.
 *
 * Contexts with and without them are iterated in turn, and the fastest round of each counts: what
 * disturbs a round only makes it slower. */

#include <sys/eventfd.h>
#include <sys/resource.h>

#include "bench-process.h"

enum
{
  N_CHANNELS = 10000,
  N_SOCKET_PORTS = 10000,
  N_OTHER_DESCRIPTORS = 100,
  N_ROUNDS = 60,
  N_ITERATIONS = 20000,
};

typedef struct
{
  GMainContext *context;
  GPtrArray    *kept; /* channels and ports */
  double        best; /* seconds for one iteration */
} Loop;

static gboolean
keep_going (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
ignore_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
}

static void
loop_init (Loop *self)
{
  GSource *source = g_idle_source_new ();

  self->context = g_main_context_new ();
  self->kept = g_ptr_array_new_with_free_func (g_object_unref);
  self->best = G_MAXDOUBLE;

  /* Something at the priority of a redraw, so that a turn of the loop asks every source. */
  g_source_set_priority (source, G_PRIORITY_HIGH_IDLE + 20);
  g_source_set_callback (source, keep_going, NULL, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static void
loop_add_channels (Loop *self, guint n_channels)
{
  guint i;

  g_main_context_push_thread_default (self->context);
  for (i = 0; i < n_channels; i++)
    {
      WebMessageChannel *channel = web_message_channel_new ();

      web_message_port_set_on_message (web_message_channel_get_port1 (channel), ignore_message,
                                       NULL, NULL);
      web_message_port_start (web_message_channel_get_port2 (channel));
      g_ptr_array_add (self->kept, channel);
    }
  g_main_context_pop_thread_default (self->context);
}

static void
loop_add_socket_port (Loop *self, int fd)
{
  WebMessagePort *port = bench_port_new (fd);

  web_message_port_set_on_message (port, ignore_message, NULL, NULL);
  g_ptr_array_add (self->kept, port);
}

/* Both sides of a socket pair become ports: 10,000 ports need no more descriptors. */
static void
loop_add_socket_ports (Loop *self, guint n_ports)
{
  guint i;

  g_main_context_push_thread_default (self->context);
  for (i = 0; i < n_ports; i += 2)
    {
      int fds[2];

      bench_socket_pair (SOCK_SEQPACKET, fds);
      loop_add_socket_port (self, fds[0]);
      /* A single port keeps the other side open. */
      if (i + 1 < n_ports)
        loop_add_socket_port (self, fds[1]);
    }
  g_main_context_pop_thread_default (self->context);
}

/* Returns %FALSE if the process may not open so many descriptors. */
static gboolean
raise_limit (void)
{
  const rlim_t  n_wanted = N_SOCKET_PORTS + N_OTHER_DESCRIPTORS;
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = MAX (limit.rlim_cur, MIN (limit.rlim_max, n_wanted));
  setrlimit (RLIMIT_NOFILE, &limit);

  return limit.rlim_cur >= n_wanted;
}

static void
loop_measure (Loop *self)
{
  double start = bench_seconds ();
  int    i;

  for (i = 0; i < N_ITERATIONS; i++)
    g_main_context_iteration (self->context, FALSE);
  self->best = MIN (self->best, (bench_seconds () - start) / N_ITERATIONS);
}

/* What any source costs that polls a descriptor, as one that other threads can wake must. */
static gboolean
dispatch_nothing (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
add_empty_source (Loop *self)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_nothing };
  GSource            *source = g_source_new (&funcs, sizeof (GSource));

  g_source_add_unix_fd (source, eventfd (0, EFD_CLOEXEC), G_IO_IN);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static void
print_cost (const char *what, const Loop *loop)
{
  g_autofree char *title = g_strdup_printf ("main loop iteration, %s", what);

  bench_print (title, loop->best * 1e9, "ns");
}

static void
print_difference (const char *what, const Loop *loop, const Loop *other)
{
  bench_print (what, (loop->best / other->best - 1) * 100, "%");
}

int
main (int argc, char *argv[])
{
  gboolean has_sockets = raise_limit ();
  Loop     none;
  Loop     empty;
  Loop     one;
  Loop     many;
  Loop     one_socket;
  Loop     many_sockets;
  Loop    *loops[] = { &none, &empty, &one, &many, &one_socket, &many_sockets };
  int      i;
  gsize    j;

  for (j = 0; j < G_N_ELEMENTS (loops); j++)
    loop_init (loops[j]);
  add_empty_source (&empty);
  loop_add_channels (&one, 1);
  loop_add_channels (&many, N_CHANNELS);
  loop_add_socket_ports (&one_socket, 1);
  if (has_sockets)
    loop_add_socket_ports (&many_sockets, N_SOCKET_PORTS);
  for (i = 0; i < N_ROUNDS; i++)
    for (j = 0; j < G_N_ELEMENTS (loops); j++)
      loop_measure (loops[j]);

  print_cost ("no channel", &none);
  print_cost ("an empty source with a descriptor", &empty);
  print_cost ("1 idle channel", &one);
  print_cost ("10,000 idle channels", &many);
  print_cost ("1 idle port on a socket", &one_socket);
  if (has_sockets)
    print_cost ("10,000 idle ports on sockets", &many_sockets);
  print_difference ("10,000 idle channels against 1", &many, &one);
  print_difference ("10,000 idle channels against none", &many, &none);
  if (has_sockets)
    print_difference ("10,000 idle ports on sockets against 1", &many_sockets, &one_socket);
  else
    g_printerr ("bench-idle: the limit of descriptors is too low for 10,000 sockets\n");

  return 0;
}
