/* bench-processes.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How fast small messages go between two processes, beside bare packets and a peer-to-peer
 * connection of GDBus. All take turns in short rounds, and the medians count: whatever else the
 * machine does in a round, it does to all of them. */

#include <gio/gio.h>
#include <poll.h>

#include "bench-process.h"

enum
{
  N_ROUNDS = 15,
};

/* With some bytes around it, a packet of 40 bytes. */
#define TEXT "A text of thirty-two characters."

/* A way to send messages to a child, which answers each, or posts many. */
typedef struct
{
  const char *name; /* what the child's argument is */
  const char *title;
  int         socket_type;
  int         n_round_trips; /* in a round */
  int         n_one_way;
  void (*run_child) (int fd); /* returns when the other side is closed */
  void (*open) (int fd);
  void (*close) (void);
  void (*round_trips) (int n);
  void (*one_way) (int n); /* from the child */

  GPid   pid;
  double trip[N_ROUNDS]; /* us for a round trip, by round */
  double way[N_ROUNDS];  /* messages a second, one way */
} Peer;

/* Bare packets. */

typedef struct
{
  gint32 n_posts; /* 0: answer this one */
  char   text[36];
} Packet;

static int packet_fd;

static void
send_packet (int fd, const Packet *packet)
{
  if (send (fd, packet, sizeof *packet, 0) != sizeof *packet)
    g_error ("send(): %s", g_strerror (errno));
}

static gboolean
receive_packet (int fd, Packet *packet)
{
  return recv (fd, packet, sizeof *packet, 0) == sizeof *packet;
}

static gboolean
poll_packet (int fd, Packet *packet)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  return poll (&poll_fd, 1, -1) == 1 && receive_packet (fd, packet);
}

static void
bare_run_child (int fd)
{
  Packet packet;
  int    i;

  while (poll_packet (fd, &packet))
    {
      int n = MAX (packet.n_posts, 1);

      for (i = 0; i < n; i++)
        send_packet (fd, &packet);
    }
}

static void
bare_open (int fd)
{
  packet_fd = fd;
}

static void
bare_close (void)
{
  close (packet_fd);
}

static void
bare_round_trips (int n)
{
  Packet packet = { .text = TEXT };
  int    i;

  for (i = 0; i < n; i++)
    {
      send_packet (packet_fd, &packet);
      if (!poll_packet (packet_fd, &packet))
        g_assert_not_reached ();
    }
}

static void
bare_one_way (int n)
{
  Packet packet = { .n_posts = n, .text = TEXT };
  int    i;

  send_packet (packet_fd, &packet);
  /* Without poll(), which only takes time here. */
  for (i = 0; i < n; i++)
    if (!receive_packet (packet_fd, &packet))
      g_assert_not_reached ();
}

/* Ports. The child posts as a program does that has other things to do, too: not all at once, or a
 * queue of so many messages would measure the allocator. */

#define N_AT_ONCE 1000

static WebMessagePort *port;
static int             port_n; /* messages to wait for */

typedef struct
{
  WebMessagePort *port;
  GVariant       *message;
  int             n_posts; /* still to do */
  gboolean        closed;
} PortChild;

static void
child_message (WebMessagePort *there, WebMessageEvent *event, gpointer user_data)
{
  PortChild *self = user_data;
  GVariant  *data = web_message_event_get_data (event);

  if (g_variant_is_of_type (data, G_VARIANT_TYPE_INT32))
    self->n_posts = g_variant_get_int32 (data);
  else
    bench_post (there, data);
}

static void
child_close (WebMessagePort *there, WebEvent *event, gpointer user_data)
{
  PortChild *self = user_data;

  self->closed = TRUE;
}

static void
port_run_child (int fd)
{
  PortChild self = { .port = bench_port_new (fd), .message = g_variant_new_string (TEXT) };
  int       i;

  g_variant_ref_sink (self.message);
  g_signal_connect (self.port, "close", G_CALLBACK (child_close), &self);
  web_message_port_set_on_message (self.port, child_message, &self, NULL);
  while (!self.closed)
    {
      for (i = 0; i < N_AT_ONCE && self.n_posts > 0; i++, self.n_posts--)
        bench_post (self.port, self.message);
      g_main_context_iteration (NULL, self.n_posts == 0);
    }
  g_variant_unref (self.message);
  g_object_unref (self.port);
}

static void
port_answer (WebMessagePort *here, WebMessageEvent *event, gpointer user_data)
{
  if (--port_n > 0)
    bench_post (here, web_message_event_get_data (event));
}

static void
port_count (WebMessagePort *here, WebMessageEvent *event, gpointer user_data)
{
  port_n--;
}

static void
port_open (int fd)
{
  port = bench_port_new (fd);
}

static void
port_close (void)
{
  web_message_port_close (port);
  g_clear_object (&port);
}

static void
port_round_trips (int n)
{
  port_n = n;
  web_message_port_set_on_message (port, port_answer, NULL, NULL);
  bench_post (port, g_variant_new_string (TEXT));
  bench_wait_for (&port_n);
}

static void
port_one_way (int n)
{
  port_n = n;
  web_message_port_set_on_message (port, port_count, NULL, NULL);
  bench_post (port, g_variant_new_int32 (n));
  bench_wait_for (&port_n);
}

/* GDBus: a call for each round trip, signals one way. */

#define DBUS_PATH      "/"
#define DBUS_INTERFACE "org.example.Bench"

static GDBusConnection *dbus_connection;
static int              dbus_n; /* messages to wait for */

static GDBusConnection *
dbus_connect (int fd, GDBusConnectionFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr (GSocketConnection) stream = NULL;
  g_autofree char *guid = g_dbus_generate_guid ();
  GDBusConnection *connection;

  g_assert_no_error (error);
  stream = g_socket_connection_factory_create_connection (socket);
  connection =
    g_dbus_connection_new_sync (G_IO_STREAM (stream),
                                flags & G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER ? guid : NULL,
                                flags | G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING, NULL,
                                NULL, &error);
  g_assert_no_error (error);

  return connection;
}

static void
dbus_call (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  int n = 0;

  g_dbus_method_invocation_return_value (invocation, parameters);
  if (g_str_equal (method, "Post"))
    g_variant_get (parameters, "(i)", &n);
  while (n-- > 0)
    g_dbus_connection_emit_signal (connection, NULL, DBUS_PATH, DBUS_INTERFACE, "Message",
                                   g_variant_new ("(s)", TEXT), NULL);
}

static void
dbus_closed (GDBusConnection *connection,
             gboolean         remote_peer_vanished,
             GError          *error,
             gpointer         user_data)
{
  g_main_loop_quit (user_data);
}

static void
dbus_run_child (int fd)
{
  const char *xml =
    "<node><interface name='" DBUS_INTERFACE "'>"
    "<method name='Echo'><arg type='s' direction='in'/><arg type='s' direction='out'/></method>"
    "<method name='Post'><arg type='i' direction='in'/><arg type='i' direction='out'/></method>"
    "<signal name='Message'><arg type='s'/></signal>"
    "</interface></node>";
  const GDBusInterfaceVTable vtable = { .method_call = dbus_call };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GDBusConnection) connection =
    dbus_connect (fd, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER);

  g_dbus_connection_register_object (connection, DBUS_PATH, node->interfaces[0], &vtable, NULL,
                                     NULL, NULL);
  g_signal_connect (connection, "closed", G_CALLBACK (dbus_closed), loop);
  g_dbus_connection_start_message_processing (connection);
  g_main_loop_run (loop);
}

static void
dbus_signal (GDBusConnection *connection,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *name,
             GVariant        *parameters,
             gpointer         user_data)
{
  dbus_n--;
}

static void
dbus_open (int fd)
{
  dbus_connection = dbus_connect (fd, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT);
  g_dbus_connection_signal_subscribe (dbus_connection, NULL, DBUS_INTERFACE, "Message", DBUS_PATH,
                                      NULL, G_DBUS_SIGNAL_FLAGS_NONE, dbus_signal, NULL, NULL);
  g_dbus_connection_start_message_processing (dbus_connection);
}

static void
dbus_close (void)
{
  g_dbus_connection_close_sync (dbus_connection, NULL, NULL);
  g_clear_object (&dbus_connection);
}

static void
dbus_echo (void)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer =
    g_dbus_connection_call_sync (dbus_connection, NULL, DBUS_PATH, DBUS_INTERFACE, "Echo",
                                 g_variant_new ("(s)", TEXT), NULL, 0, -1, NULL, &error);

  g_assert_no_error (error);
  g_variant_unref (answer);
}

/* g_dbus_connection_call_sync() is its fastest way to wait for an answer. */
static void
dbus_round_trips (int n)
{
  while (n-- > 0)
    dbus_echo ();
}

static void
dbus_one_way (int n)
{
  dbus_n = n;
  g_dbus_connection_call (dbus_connection, NULL, DBUS_PATH, DBUS_INTERFACE, "Post",
                          g_variant_new ("(i)", n), NULL, 0, -1, NULL, NULL, NULL);
  bench_wait_for (&dbus_n);
}

static Peer peers[] = {
  {
    .name = "bare",
    .title = "bare packets",
    .socket_type = SOCK_SEQPACKET,
    .n_round_trips = 5000,
    .n_one_way = 100000,
    .run_child = bare_run_child,
    .open = bare_open,
    .close = bare_close,
    .round_trips = bare_round_trips,
    .one_way = bare_one_way,
  },
  {
    .name = "port",
    .title = "ports",
    .socket_type = SOCK_SEQPACKET,
    .n_round_trips = 5000,
    .n_one_way = 100000,
    .run_child = port_run_child,
    .open = port_open,
    .close = port_close,
    .round_trips = port_round_trips,
    .one_way = port_one_way,
  },
  {
    .name = "dbus",
    .title = "GDBus",
    .socket_type = SOCK_STREAM,
    .n_round_trips = 1000,
    .n_one_way = 10000,
    .run_child = dbus_run_child,
    .open = dbus_open,
    .close = dbus_close,
    .round_trips = dbus_round_trips,
    .one_way = dbus_one_way,
  },
};

static double
seconds_for (void (*function) (int), int n)
{
  double start = bench_seconds ();

  function (n);

  return bench_seconds () - start;
}

static void
print_figures (const Peer   *self,
               const char   *what,
               const double *figures,
               const double *bare,
               const char   *unit)
{
  g_autofree char *title = g_strdup_printf ("%s between processes, %s", what, self->title);
  g_autofree char *against = g_strdup_printf ("%s, against bare packets", title);

  bench_print (title, bench_median (figures, N_ROUNDS), unit);
  if (figures != bare)
    bench_print (against, bench_median_ratio (figures, bare, N_ROUNDS), "times");
}

int
main (int argc, char *argv[])
{
  Peer *self;
  Peer *end = peers + G_N_ELEMENTS (peers);
  int   round;

  for (self = peers; self < end; self++)
    if (argc > 1 && g_str_equal (argv[1], self->name))
      {
        self->run_child (BENCH_CHILD_FD);
        return 0;
      }

  for (self = peers; self < end; self++)
    self->open (bench_start_child (self->name, self->socket_type, &self->pid));
  for (round = 0; round < N_ROUNDS; round++)
    {
      for (self = peers; self < end; self++)
        self->trip[round] =
          seconds_for (self->round_trips, self->n_round_trips) / self->n_round_trips * 1e6;
      for (self = peers; self < end; self++)
        self->way[round] = self->n_one_way / seconds_for (self->one_way, self->n_one_way);
    }
  for (self = peers; self < end; self++)
    {
      self->close ();
      bench_wait_for_child (self->pid);
    }

  for (self = peers; self < end; self++)
    print_figures (self, "round trip", self->trip, peers->trip, "us");
  for (self = peers; self < end; self++)
    print_figures (self, "one way", self->way, peers->way, "messages/s");

  return 0;
}
