/* stress-processes.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Several processes, each with several threads, and channels between them at random: ports are
 * posted to, sent on (through links to other processes, through each other, both sides at once, as
 * descriptors, from thread to thread), closed and dropped. All the while processes are stopped,
 * killed with SIGKILL, and replaced.
 *
 * Each message of a channel has a number. What is known of a channel is in memory that all
 * processes share, so that it outlives whoever is killed, and whoever holds a port can tell whether
 * a message was lost, doubled or out of order.
 *
 * What has to arrive
 * ------------------
 *
 * A killed process takes with it the ports that it holds, the ports that lie in the messages that
 * wait at those, and what it has posted and not written. From that follows, at the end of a round,
 * when all ports are started and nothing happens any more:
 *
 * 1. Each side of a channel is in the hands of a process that lives, or it is gone. Nothing is on
 *    its way any more.
 * 2. If both sides are there, neither was ever in the hands of a process that was killed while it
 *    had it, for the side would have gone too. So every message that was ever posted at one of them
 *    has arrived at the other, whoever has posted it and however many of those were killed later:
 *    what the poster had not yet written has travelled on with the side itself, in the message that
 *    carried it. Neither side was told `close`.
 * 3. If one side is gone, the other one was told `close`, whatever the reason: closed, dropped,
 * lost with a process, or in a message that nobody has received.
 * 4. What has arrived of the messages of a side that is gone is the first of them, without a gap.
 * If the side was closed or dropped by a process that lives, it is all of them: a process writes
 *    what a port leaves behind. If it went with a killed process, or in a message that nobody has
 *    received, it may be less.
 *
 * A port may be posted into itself across several channels: into the queue of a side that is on its
 * way into the queue of the port. Nobody can ever receive it. Within a process, the library finds
 * that and drops the message. Between processes the sockets lie in each other, and the kernel
 * collects them, unless one of them lies in a message that is not written yet, because its receiver
 * is too far behind: such a circle stays as long as its process, and only it is exempt from rule 3.
 *
 * Usage: stress-processes. Variables: STRESS_KILLS, how many processes are killed in a round;
 * STRESS_SECONDS, for how long rounds are run; STRESS_SEED, as a round prints it, to run one with
 * the same choices and kills. The order in which processes run is not in the seed. */

#include <dirent.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../web-test-thread.h"

enum
{
  N_PROCESSES = 6,
  N_THREADS = 3,          /* with ports, of each process */
  N_CHANNELS = 12,        /* made by each thread before it starts */
  MAX_PORTS = 40,         /* of a thread */
  MAX_CHANNELS = 1 << 19, /* in a round, links apart */
  N_LINK_IDS = 1 << 14,   /* reused in turn */
  MAX_CHOICES = 30,       /* in one turn of a main loop */
  MAX_PAUSE_MSEC = 3,     /* between such turns */
  MAX_CALLS = 3,          /* of web_message_port_receive_async() that wait at a port */
  MAX_FLOOD = 1500,       /* messages that are posted at once, now and then */
  MAX_CARRIED = 3,        /* ports in a message */
  MAX_KILL_EVENTS = 4000, /* between kills */
  N_QUIET = 3,            /* rounds of questions in which nothing has happened */
  PATIENCE_SECONDS = 60,  /* without anything happening */
};

/* What became of a side when it was last let go of. */
typedef enum
{
  FATE_NONE,
  FATE_POSTED,
  FATE_HANDED_OVER,
  FATE_STOLEN,
  FATE_DROPPED,
} Fate;

static const char *const fates[] = { "not seen", "posted", "handed over", "a descriptor",
                                     "dropped" };

/* One side of a channel. All of this is atomic. */
typedef struct
{
  int sent;      /* how many messages were posted at it */
  int received;  /* how many of those of the other side have arrived */
  int holder;    /* the number of the process that has it, 0 if none */
  int closer;    /* the number of the process that has closed or dropped it, 0 if none */
  int told;      /* `close` has arrived */
  int fate;      /* a Fate */
  int container; /* for FATE_POSTED: 2 × channel + side into whose queue */
} Side;

typedef struct
{
  Side sides[2];
} Channel;

/* What all processes share. All of this is atomic. */
typedef struct
{
  int n_channels;
  int n_events; /* all that was delivered */
  int n_received;
  int n_transfers;
  int n_closes;
  int n_told;
  int n_large;
  int gives_up; /* something hangs: each process tells what it does */

  Channel channels[N_LINK_IDS + MAX_CHANNELS];
} Shared;

static Shared *shared;

static Side *
get_side (int channel, int side)
{
  return &shared->channels[channel].sides[side];
}

static void
share (int fd)
{
  shared = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_no_errno (shared != MAP_FAILED ? 0 : -1);
}

/* Counts the descriptors of this process, and prints them if asked. */
static int
count_fds (gboolean print)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  int         n_fds = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/fd/%s", name);
      g_autofree char *target = print ? g_file_read_link (path, NULL) : NULL;

      if (print)
        g_printerr ("  %d: %s → %s\n", (int)getpid (), name, target);
      n_fds++;
    }

  return n_fds;
}

/* What the supervisor says to a process, in a message (u, u, u, u) that may carry a port. */
typedef enum
{
  COMMAND_LINK,  /* thread, channel, side; the port */
  COMMAND_GO,    /* seed */
  COMMAND_STOP,  /* choose no more, but start all ports */
  COMMAND_PING,  /* number: answer when there is nothing to do */
  COMMAND_CLOSE, /* close all ports */
  COMMAND_COUNT, /* answer how many descriptors there are too many */
  COMMAND_QUIT,
} Command;

static void
post_to (WebMessagePort *port, GVariant *message, WebMessagePort *carried)
{
  WebTransferable *transfer[] = { (WebTransferable *)carried };
  g_autoptr (GError) error = NULL;

  web_message_port_post_message (port, message, transfer, carried != NULL ? 1 : 0, &error);
  g_assert_no_error (error);
}

/* The processes */

typedef struct
{
  WebTestThread base;
  guint         index;
  GRand        *rand;
  GSource      *chooser; /* nullable: makes choices */
  gboolean      starts;  /* all ports are started at once */
  GPtrArray    *ports;   /* of Port */
  GPtrArray    *links;   /* of Port: to the same thread in other processes */
  const char   *doing;   /* atomic */
} Worker;

/* A port in the hands of a thread. */
typedef struct
{
  int             ref_count; /* atomic; one of the list of the thread, one of the port */
  Worker         *worker;
  WebMessagePort *port; /* owned, %NULL once it is let go */
  int             channel;
  int             side;
  gboolean        is_link;
  gboolean        started;
  gboolean        closed;
  gboolean        told;
  gboolean        receives; /* calls receive again */
  guint           n_calls;  /* that wait */
  GCancellable   *cancellable;
} Port;

static Worker          workers[N_THREADS];
static WebMessagePort *control;    /* to the supervisor */
static GMainLoop      *main_loop;  /* of the process */
static const char     *doing;      /* atomic: the main thread */
static int             own_number; /* of this process */
static int             n_usual;    /* descriptors, without those of links */
static int             n_pongs;    /* atomic */
static guint           ping_number;

static void take_port (Worker *worker, WebMessagePort *port, int channel, int side);
static void receive_more (Port *self);
static void port_start (Port *self);

static Side *
side_of (Port *self)
{
  return get_side (self->channel, self->side);
}

static void
set_doing (Worker *worker, const char *what)
{
  g_atomic_pointer_set (&worker->doing, what);
}

static void
port_unref (gpointer data)
{
  Port *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_object (&self->cancellable);
  g_free (self);
}

/* The thread lets go of the port. */
static void
port_release (gpointer data)
{
  Port *self = data;

  self->receives = FALSE;
  g_signal_handlers_disconnect_by_data (self->port, self);
  g_clear_object (&self->port);
  port_unref (self);
}

static void
let_go (Port *self, Fate fate, int container)
{
  Side *side = side_of (self);

  g_atomic_int_set (&side->fate, fate);
  g_atomic_int_set (&side->container, container);
  if (fate == FATE_DROPPED)
    g_atomic_int_set (&side->closer, own_number);
  g_atomic_int_set (&side->holder, 0);
}

static guint8
byte_of_payload (int number, gsize index)
{
  return (guint8)(number * 31 + index * 7 + (index >> 10));
}

static GVariant *
new_payload (int number, gsize size)
{
  guint8 *data = g_malloc (size + 1);
  gsize   i;

  for (i = 0; i < size; i++)
    data[i] = byte_of_payload (number, i);

  return g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, data, size, TRUE, g_free, data);
}

static void
check_payload (GVariant *payload, int number)
{
  gsize         size, i;
  const guint8 *data = g_variant_get_fixed_array (payload, &size, 1);
  const gsize   step = size < 4096 ? 1 : size / 1000;

  for (i = 0; i < size; i += step)
    g_assert_cmpint (data[i], ==, byte_of_payload (number, i));
  if (size > 0)
    g_assert_cmpint (data[size - 1], ==, byte_of_payload (number, size - 1));
}

/* (number, payload, [(channel, side, handle)…]) */
static void
take_message (Port *self, WebMessageEvent *event)
{
  g_autoptr (GVariant) payload = NULL;
  g_autoptr (GVariant) places = NULL;
  Side            *side = side_of (self);
  WebMessagePort **ports;
  GVariantIter     iter;
  gsize            n_ports, i = 0;
  gint32           handle;
  int              number, channel, port_side;

  set_doing (self->worker, "takes a message");
  g_atomic_int_inc (&shared->n_events);
  g_atomic_int_inc (&shared->n_received);
  g_assert_nonnull (web_message_event_get_data (event));
  g_variant_get (web_message_event_get_data (event), "(i@ay@a(iih))", &number, &payload, &places);
  if (number != g_atomic_int_get (&side->received))
    g_error ("channel %d, side %d: message %d has come instead of %d", self->channel, self->side,
             number, g_atomic_int_get (&side->received));
  g_atomic_int_inc (&side->received);
  check_payload (payload, number);

  ports = web_message_event_get_ports (event, &n_ports);
  g_variant_iter_init (&iter, places);
  while (g_variant_iter_next (&iter, "(iih)", &channel, &port_side, &handle))
    {
      g_assert_cmpuint (i, <, n_ports);
      g_assert_cmpint (handle, ==, i);
      take_port (self->worker, g_object_ref (ports[i]), channel, port_side);
      i++;
    }
  g_assert_cmpuint (i, ==, n_ports);
  set_doing (self->worker, "main loop");
}

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  take_message (user_data, event);
}

static void
on_messageerror (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  Port *self = user_data;

  g_error ("channel %d, side %d: a message could not be read", self->channel, self->side);
}

static void
on_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  Port *self = user_data;

  g_atomic_int_inc (&shared->n_events);
  g_atomic_int_inc (&shared->n_told);
  g_assert_false (self->closed);
  /* A side that was told, and then goes to another process, may be told again there. */
  g_assert_false (self->told);
  self->told = TRUE;
  g_atomic_int_set (&side_of (self)->told, TRUE);
  if (self->is_link)
    {
      let_go (self, FATE_DROPPED, -1);
      g_ptr_array_remove_fast (self->worker->links, self);
    }
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Port *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessageEvent) event =
    web_message_port_receive_finish (WEB_MESSAGE_PORT (source), result, &error);

  self->n_calls--;
  if (event != NULL)
    {
      take_message (self, event);
      if (self->receives)
        receive_more (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* Closed, by either side. */
      g_assert_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE);
      self->receives = FALSE;
    }
  if (self->port != NULL && self->worker->starts)
    port_start (self);
}

static void
receive_more (Port *self)
{
  guint n_wanted = g_rand_int_range (self->worker->rand, 1, MAX_CALLS + 1);

  while (self->n_calls < n_wanted)
    {
      self->n_calls++;
      web_message_port_receive_async (self->port, self->cancellable, on_received, self);
    }
}

static void
port_start (Port *self)
{
  if (self->started || self->receives || self->n_calls > 0)
    return;

  self->started = TRUE;
  web_message_port_start (self->port);
}

static void
port_receive (Port *self)
{
  if (self->started || self->closed || self->n_calls > 0)
    return;

  self->receives = TRUE;
  g_clear_object (&self->cancellable);
  if (g_rand_boolean (self->worker->rand))
    self->cancellable = g_cancellable_new ();
  receive_more (self);
}

/* Once its calls have returned, the port is as if it had never received. */
static void
port_stop_receiving (Port *self)
{
  if (!self->receives || self->cancellable == NULL)
    return;

  self->receives = FALSE;
  g_cancellable_cancel (self->cancellable);
}

static Port *
port_new (Worker *worker, WebMessagePort *port, int channel, int side)
{
  Port *self = g_new0 (Port, 1);

  self->ref_count = 2;
  g_object_set_data_full (G_OBJECT (port), "stress-port", self, port_unref);
  self->worker = worker;
  self->port = port;
  self->channel = channel;
  self->side = side;
  g_atomic_int_set (&side_of (self)->holder, own_number);
  g_signal_connect (port, "message", G_CALLBACK (on_message), self);
  g_signal_connect (port, "close", G_CALLBACK (on_close), self);
  g_signal_connect (port, "messageerror", G_CALLBACK (on_messageerror), self);

  return self;
}

static void
take_port (Worker *worker, WebMessagePort *port, int channel, int side)
{
  Port *self = port_new (worker, port, channel, side);

  g_ptr_array_add (worker->ports, self);
  if (worker->starts)
    port_start (self);
}

static gboolean
can_be_transferred (Port *self)
{
  return !self->closed && !self->receives && self->n_calls == 0;
}

static Port *
random_port (Worker *worker)
{
  return worker->ports->len > 0
           ? g_ptr_array_index (worker->ports,
                                g_rand_int_range (worker->rand, 0, worker->ports->len))
           : NULL;
}

static Port *
random_link (Worker *worker)
{
  return worker->links->len > 0
           ? g_ptr_array_index (worker->links,
                                g_rand_int_range (worker->rand, 0, worker->links->len))
           : NULL;
}

static gsize
random_size (Worker *worker)
{
  const int choice = g_rand_int_range (worker->rand, 0, 1000);

  if (choice < 985)
    return choice % 10;

  g_atomic_int_inc (&shared->n_large);
  if (choice < 992)
    return g_rand_int_range (worker->rand, 0, 40000);
  if (g_rand_int_range (worker->rand, 0, 100) > 0)
    return g_rand_int_range (worker->rand, 30000, 200000);

  return g_rand_int_range (worker->rand, 200000, 4000000);
}

/* Posts the next message at @self, with these ports, which it lets go of. */
static void
post (Port *self, Port **carried, guint n_carried)
{
  Worker          *worker = self->worker;
  WebTransferable *transfer[MAX_CARRIED];
  GVariantBuilder  places;
  g_autoptr (GError) error = NULL;
  int   number;
  guint i;

  set_doing (worker, "posts");
  g_variant_builder_init (&places, G_VARIANT_TYPE ("a(iih)"));
  for (i = 0; i < n_carried; i++)
    {
      /* Before it is posted: another thread may have it before the call returns. */
      let_go (carried[i], FATE_POSTED, 2 * self->channel + 1 - self->side);
      transfer[i] = WEB_TRANSFERABLE (carried[i]->port);
      g_variant_builder_add (&places, "(iih)", carried[i]->channel, carried[i]->side, i);
    }
  number = g_atomic_int_add (&side_of (self)->sent, 1);
  web_message_port_post_message (self->port,
                                 g_variant_new ("(i@aya(iih))", number,
                                                new_payload (number, random_size (worker)),
                                                &places),
                                 transfer, n_carried, &error);
  g_assert_no_error (error);

  g_atomic_int_add (&shared->n_transfers, n_carried);
  for (i = 0; i < n_carried; i++)
    g_ptr_array_remove_fast (worker->ports, carried[i]);
}

/* Finds up to so many other ports to be sent. */
static guint
choose_ports (Port *self, guint n_wanted, Port **carried)
{
  guint i;

  for (i = 0; i < n_wanted; i++)
    {
      carried[i] = random_port (self->worker);
      if (carried[i] == NULL || carried[i] == self || !can_be_transferred (carried[i]) ||
          (i > 0 && carried[i] == carried[0]) || (i > 1 && carried[i] == carried[1]))
        break;
    }

  return i;
}

static void
post_some (Port *self, guint n_carried)
{
  Port *carried[MAX_CARRIED];

  if (!self->closed)
    post (self, carried, choose_ports (self, n_carried, carried));
}

/* More than the receiver takes at once. */
static void
flood (Port *self)
{
  guint n = g_rand_int_range (self->worker->rand, 1, MAX_FLOOD);

  while (!self->closed && n-- > 0)
    post (self, NULL, 0);
}

/* Sends a port to another process. */
static void
give_away (Port *self)
{
  Port *link = random_link (self->worker);

  if (link != NULL && can_be_transferred (self))
    post (link, &self, 1);
}

static void
make_channel (Worker *worker)
{
  g_autoptr (WebMessageChannel) channel = NULL;
  int index;

  if (worker->ports->len >= MAX_PORTS || worker->starts)
    return;
  index = g_atomic_int_add (&shared->n_channels, 1);
  if (index >= MAX_CHANNELS)
    return;

  index += N_LINK_IDS;
  channel = web_message_channel_new ();
  take_port (worker, g_object_ref (web_message_channel_get_port1 (channel)), index, 0);
  take_port (worker, g_object_ref (web_message_channel_get_port2 (channel)), index, 1);
}

/* Both sides of a channel leave, with or without something that waits at them. */
static void
give_both_away (Worker *worker)
{
  const guint first = worker->ports->len;
  Port       *ports[2];

  make_channel (worker);
  if (worker->ports->len != first + 2)
    return;

  ports[0] = worker->ports->pdata[first];
  ports[1] = worker->ports->pdata[first + 1];
  while (g_rand_boolean (worker->rand))
    post_some (ports[g_rand_int_range (worker->rand, 0, 2)], 0);
  if (g_rand_boolean (worker->rand))
    {
      Port *link = random_link (worker);

      if (link != NULL)
        post (link, ports, 2);
    }
  else
    {
      give_away (ports[0]);
      give_away (ports[1]);
    }
}

/* A port on its way to another thread of the process. */
typedef struct
{
  Worker  *worker;
  GObject *holder; /* or */
  int      fd;
  int      channel;
  int      side;
} Parcel;

static gboolean
take_parcel (gpointer data)
{
  Parcel *self = data;
  g_autoptr (GError) error = NULL;
  WebMessagePort *port;

  set_doing (self->worker, "takes a port over");
  port = self->holder != NULL ? web_test_receive_port (self->holder)
                              : web_message_port_new_from_fd (self->fd, &error);
  g_assert_no_error (error);
  g_atomic_int_inc (&shared->n_events);
  take_port (self->worker, port, self->channel, self->side);
  set_doing (self->worker, "main loop");
  g_free (self);

  return G_SOURCE_REMOVE;
}

static void
hand_over (Port *self, gboolean as_descriptor)
{
  Worker *worker = self->worker;
  Worker *to = &workers[g_rand_int_range (worker->rand, 0, N_THREADS)];
  g_autoptr (GError) error = NULL;
  Parcel *parcel;

  if (!can_be_transferred (self))
    return;

  set_doing (worker, "hands a port over");
  parcel = g_new0 (Parcel, 1);
  parcel->worker = to;
  parcel->channel = self->channel;
  parcel->side = self->side;
  let_go (self, as_descriptor ? FATE_STOLEN : FATE_HANDED_OVER, -1);
  if (as_descriptor)
    parcel->fd = web_message_port_steal_fd (self->port, &error);
  else
    parcel->holder = web_message_port_hand_over (self->port, &error);
  g_assert_no_error (error);
  g_ptr_array_remove_fast (worker->ports, self);
  web_test_thread_invoke (&to->base, take_parcel, parcel);
}

static void
close_or_drop (Port *self, gboolean drop)
{
  set_doing (self->worker, "closes or drops");
  g_atomic_int_inc (&shared->n_closes);
  if (!drop || self->started || self->n_calls > 0)
    {
      self->closed = TRUE;
      g_atomic_int_set (&side_of (self)->closer, own_number);
      web_message_port_close (self->port);
    }
  if (drop)
    {
      let_go (self, FATE_DROPPED, -1);
      g_ptr_array_remove_fast (self->worker->ports, self);
    }
}

static void
make_choice (Worker *worker)
{
  const int choice = g_rand_int_range (worker->rand, 0, 1000);
  Port     *port = random_port (worker);

  if (port == NULL || choice < 40)
    make_channel (worker);
  else if (choice < 70)
    give_both_away (worker);
  else if (choice < 450)
    post_some (port, 0);
  else if (choice < 453)
    flood (port);
  else if (choice < 540)
    post_some (port, g_rand_int_range (worker->rand, 1, MAX_CARRIED + 1));
  else if (choice < 700)
    give_away (port);
  else if (choice < 730)
    hand_over (port, FALSE);
  else if (choice < 750)
    hand_over (port, TRUE);
  else if (choice < 850)
    port_start (port);
  else if (choice < 900)
    port_receive (port);
  else if (choice < 920)
    port_stop_receiving (port);
  else if (choice < 960)
    post_some (random_link (worker) != NULL ? random_link (worker) : port, 0);
  else
    close_or_drop (port, choice < 980 || worker->ports->len > MAX_PORTS);
  while (worker->ports->len > 2 * MAX_PORTS)
    close_or_drop (random_port (worker), TRUE);
}

static gboolean
make_choices (GSource *source, GSourceFunc callback, gpointer user_data)
{
  Worker *self = user_data;
  guint   n = g_rand_int_range (self->rand, 0, MAX_CHOICES);

  while (n-- > 0)
    make_choice (self);
  g_atomic_int_inc (&shared->n_events);
  set_doing (self, "main loop");
  g_source_set_ready_time (source, g_get_monotonic_time () +
                                     g_rand_int_range (self->rand, 0, MAX_PAUSE_MSEC + 1) * 1000);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs chooser_funcs = { .dispatch = make_choices };

static gboolean
worker_go (gpointer user_data)
{
  Worker *self = user_data;
  guint   i;

  self->starts = FALSE;
  for (i = 0; i < N_CHANNELS; i++)
    make_channel (self);
  self->chooser = g_source_new (&chooser_funcs, sizeof (GSource));
  g_source_set_callback (self->chooser, NULL, self, NULL);
  g_source_set_ready_time (self->chooser, 0);
  g_source_attach (self->chooser, self->base.context);

  return G_SOURCE_REMOVE;
}

static gboolean
worker_stop (gpointer user_data)
{
  Worker *self = user_data;
  guint   i;

  if (self->chooser != NULL)
    g_source_destroy (self->chooser);
  g_clear_pointer (&self->chooser, g_source_unref);
  /* What others have posted can be written only once it is received. */
  self->starts = TRUE;
  for (i = 0; i < self->ports->len; i++)
    port_start (g_ptr_array_index (self->ports, i));

  return G_SOURCE_REMOVE;
}

static gboolean
answer_ping (gpointer user_data)
{
  g_atomic_pointer_set (&doing, "main loop");
  post_to (control, g_variant_new_uint32 (ping_number), NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
worker_pong (gpointer user_data)
{
  if (g_atomic_int_add (&n_pongs, 1) == N_THREADS - 1)
    g_idle_add (answer_ping, NULL);

  return G_SOURCE_REMOVE;
}

/* A thread answers when it has nothing else to do. */
static gboolean
worker_ping (gpointer user_data)
{
  Worker  *self = user_data;
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_MAXINT);
  g_source_set_callback (source, worker_pong, NULL, NULL);
  g_source_attach (source, self->base.context);
  g_source_unref (source);

  return G_SOURCE_REMOVE;
}

static gboolean
worker_close (gpointer user_data)
{
  Worker *self = user_data;
  guint   i;

  for (i = 0; i < self->ports->len; i++)
    {
      Port *port = g_ptr_array_index (self->ports, i);

      port->closed = TRUE;
      web_message_port_close (port->port);
    }
  g_ptr_array_set_size (self->ports, 0);

  return G_SOURCE_REMOVE;
}

static gboolean
worker_quit (gpointer user_data)
{
  Worker *self = user_data;

  worker_close (self);
  g_ptr_array_set_size (self->links, 0);

  return G_SOURCE_REMOVE;
}

/* All that a thread and the library open once is open afterwards. */
static void
warm_up (void)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  guint i;

  web_test_socket_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  /* A burst, so that the library's own thread has something to write. */
  for (i = 0; i < 100; i++)
    post_to (port1, g_variant_new_string (""),
             i == 0 ? web_message_channel_get_port1 (channel) : NULL);
  web_message_port_flush_all (NULL, NULL);
  web_message_port_close (port1);
  while (log->n_events < i + 1)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static gboolean
worker_warm_up (gpointer user_data)
{
  warm_up ();
  g_atomic_int_inc (&n_pongs);
  g_main_context_wakeup (NULL);

  return G_SOURCE_REMOVE;
}

typedef struct
{
  Worker  *worker;
  GObject *holder;
  int      channel;
  int      side;
} NewLink;

static gboolean
take_link (gpointer data)
{
  NewLink *self = data;
  Port    *port =
    port_new (self->worker, web_test_receive_port (self->holder), self->channel, self->side);

  port->is_link = TRUE;
  g_ptr_array_add (self->worker->links, port);
  port_start (port);
  g_free (self);

  return G_SOURCE_REMOVE;
}

static void
hand_link_on (WebMessageEvent *event, guint thread, int channel, int side)
{
  NewLink         *link = g_new (NewLink, 1);
  WebMessagePort **ports;
  gsize            n_ports;
  g_autoptr (GError) error = NULL;

  ports = web_message_event_get_ports (event, &n_ports);
  g_assert_cmpuint (n_ports, ==, 1);
  link->worker = &workers[thread];
  link->holder = web_message_port_hand_over (ports[0], &error);
  g_assert_no_error (error);
  link->channel = channel;
  link->side = side;
  web_test_thread_invoke (&workers[thread].base, take_link, link);
}

static void
invoke_all (GSourceFunc function)
{
  guint i;

  for (i = 0; i < N_THREADS; i++)
    web_test_thread_invoke (&workers[i].base, function, &workers[i]);
}

static void
count_for_supervisor (void)
{
  int   n = count_fds (FALSE) - n_usual;
  guint i;

  for (i = 0; i < N_THREADS; i++)
    n -= workers[i].links->len;
  if (n != 0)
    count_fds (TRUE);
  post_to (control, g_variant_new_uint32 (n), NULL);
}

static void
on_command (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  guint32 command, first, second, third;
  guint   i;

  g_variant_get (web_message_event_get_data (event), "(uuuu)", &command, &first, &second, &third);
  switch ((Command)command)
    {
    case COMMAND_LINK:
      hand_link_on (event, first, second, third);
      break;

    case COMMAND_GO:
      for (i = 0; i < N_THREADS; i++)
        g_rand_set_seed (workers[i].rand, first + i);
      invoke_all (worker_go);
      break;

    case COMMAND_STOP:
      invoke_all (worker_stop);
      break;

    case COMMAND_PING:
      ping_number = first;
      g_atomic_pointer_set (&doing, "web_message_port_flush_all()");
      web_message_port_flush_all (NULL, NULL);
      g_atomic_pointer_set (&doing, "threads that have nothing to do");
      g_atomic_int_set (&n_pongs, 0);
      invoke_all (worker_ping);
      break;

    case COMMAND_CLOSE:
      invoke_all (worker_close);
      break;

    case COMMAND_COUNT:
      count_for_supervisor ();
      break;

    case COMMAND_QUIT:
    default:
      g_main_loop_quit (main_loop);
    }
}

/* The supervisor is gone, or about to kill this process. */
static void
on_control_closed (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  raise (SIGKILL);
}

/* Tells what each thread does, once something hangs. */
static gpointer
watch_over (gpointer data)
{
  guint i;

  while (!g_atomic_int_get (&shared->gives_up))
    g_usleep (G_USEC_PER_SEC / 4);

  g_printerr ("process %d (%d): main thread: %s\n", own_number, (int)getpid (),
              (const char *)g_atomic_pointer_get (&doing));
  for (i = 0; i < N_THREADS; i++)
    g_printerr ("process %d, thread %u: %s, %u ports, %u links\n", own_number, i,
                (const char *)g_atomic_pointer_get (&workers[i].doing), workers[i].ports->len,
                workers[i].links->len);

  return NULL;
}

static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

static int
run_process (int shared_fd, int number)
{
  g_autoptr (GError) error = NULL;
  guint i;

  share (shared_fd);
  own_number = number;
  raise_descriptor_limit ();
  main_loop = g_main_loop_new (NULL, FALSE);
  g_atomic_pointer_set (&doing, "main loop");
  control = web_message_port_new_from_environment (&error);
  g_assert_no_error (error);
  /* GLib makes the classes under locks that ThreadSanitizer does not see. */
  warm_up ();
  for (i = 0; i < N_THREADS; i++)
    {
      workers[i].index = i;
      workers[i].rand = g_rand_new_with_seed (0);
      workers[i].ports = g_ptr_array_new_with_free_func (port_release);
      workers[i].links = g_ptr_array_new_with_free_func (port_release);
      workers[i].doing = "main loop";
      web_test_thread_start (&workers[i].base);
      web_test_thread_invoke (&workers[i].base, worker_warm_up, &workers[i]);
    }
  while (g_atomic_int_get (&n_pongs) < N_THREADS)
    g_main_context_iteration (NULL, TRUE);
  warm_up ();
  n_usual = count_fds (FALSE);
  g_thread_unref (g_thread_new ("watchdog", watch_over, NULL));

  web_message_port_set_on_message (control, on_command, NULL, NULL);
  g_signal_connect (control, "close", G_CALLBACK (on_control_closed), NULL);
  g_main_loop_run (main_loop);

  invoke_all (worker_quit);
  for (i = 0; i < N_THREADS; i++)
    {
      web_test_thread_stop (&workers[i].base);
      g_rand_free (workers[i].rand);
      g_ptr_array_unref (workers[i].ports);
      g_ptr_array_unref (workers[i].links);
    }
  g_signal_handlers_disconnect_by_func (control, on_control_closed, NULL);
  web_message_port_close (control);
  g_object_unref (control);
  web_test_settle ();
  web_message_port_flush_all (NULL, NULL);
  g_main_loop_unref (main_loop);

  return EXIT_SUCCESS;
}

/* The supervisor */

typedef struct
{
  int             number;     /* that of its process: each has another one */
  GSubprocess    *subprocess; /* owned */
  WebMessagePort *port;       /* owned; to its main thread */
  gboolean        has_answered;
  guint           answer;
} Slot;

static Slot   slots[N_PROCESSES];
static GRand *kill_rand;
static int    shared_fd;
static int    last_number;
static int    last_link;
static guint  last_ping;
static int    n_kills;
static int    n_running; /* processes that have not ended */
static int    n_circles;
static int    n_gone;

static void
on_answer (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  Slot *self = user_data;

  self->answer = g_variant_get_uint32 (web_message_event_get_data (event));
  self->has_answered = TRUE;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GSubprocess *subprocess = G_SUBPROCESS (source);
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_finish (subprocess, result, &error);
  g_assert_no_error (error);
  if (g_subprocess_get_if_signaled (subprocess)
        ? g_subprocess_get_term_sig (subprocess) != SIGKILL
        : g_subprocess_get_exit_status (subprocess) != EXIT_SUCCESS)
    g_error ("A process has ended badly: status %d", g_subprocess_get_status (subprocess));
  n_running--;
}

static void
command (Slot *self, Command command, guint first, guint second, guint third, WebMessagePort *port)
{
  self->has_answered = FALSE;
  post_to (self->port, g_variant_new ("(uuuu)", command, first, second, third), port);
}

static void
command_all (Command what, guint first)
{
  guint i;

  for (i = 0; i < N_PROCESSES; i++)
    command (&slots[i], what, first, 0, 0, NULL);
}

static void
link_processes (Slot *slot1, Slot *slot2)
{
  guint i;

  for (i = 0; i < N_THREADS; i++)
    {
      g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
      const int index = last_link++ % N_LINK_IDS;

      memset (&shared->channels[index], 0, sizeof (Channel));
      command (slot1, COMMAND_LINK, i, index, 0, web_message_channel_get_port1 (channel));
      command (slot2, COMMAND_LINK, i, index, 1, web_message_channel_get_port2 (channel));
    }
}

static void
start_process (Slot *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  const int        fd = fcntl (shared_fd, F_DUPFD_CLOEXEC, 100);
  g_autofree char *fd_text = g_strdup_printf ("%d", fd);
  g_autofree char *number = g_strdup_printf ("%d", ++last_number);
  g_autoptr (GError) error = NULL;
  guint i;

  self->number = last_number;
  self->port = web_message_port_new_for_launcher (launcher, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_take_fd (launcher, fd, fd);
  self->subprocess = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", "process",
                                                  fd_text, number, NULL);
  g_assert_no_error (error);
  n_running++;
  g_subprocess_wait_async (self->subprocess, NULL, on_ended, NULL);
  web_message_port_set_on_message (self->port, on_answer, self, NULL);

  for (i = 0; i < N_PROCESSES; i++)
    if (&slots[i] != self && slots[i].port != NULL)
      link_processes (self, &slots[i]);
}

static void
forget_process (Slot *self)
{
  web_message_port_close (self->port);
  g_clear_object (&self->port);
  g_clear_object (&self->subprocess);
  self->number = 0;
}

static gboolean
lives (int number)
{
  guint i;

  for (i = 0; i < N_PROCESSES; i++)
    if (number != 0 && slots[i].number == number)
      return TRUE;

  return FALSE;
}

static void
print_side (int channel, int s, const char *what)
{
  Side *side = get_side (channel, s);

  g_printerr ("channel %d, side %d (%s): %d sent, %d received, %s, holder %d, closer %d, %s, "
              "in channel %d, side %d\n",
              channel, s, what, side->sent, side->received, side->told ? "told" : "not told",
              side->holder, side->closer, fates[side->fate],
              side->container >= 0 ? side->container / 2 : -1, side->container & 1);
}

/* Whether somebody who lives has it, and has not closed it. */
static gboolean
is_there (Side *side)
{
  return lives (side->holder) && side->closer == 0;
}

/* Whether a side lies in a message in the queue of a side that lies in one, and so on, in a
 * circle. */
static gboolean
is_in_circle (Side *side)
{
  const Side *start = side;
  guint       n;

  for (n = 0; n < 1000; n++)
    {
      if (side->holder != 0 || side->fate != FATE_POSTED || side->closer != 0)
        return FALSE;
      side = get_side (side->container / 2, side->container % 2);
      if (side == start)
        return TRUE;
    }

  /* It leads into one. */
  return TRUE;
}

/* Returns what is wrong with a side, %NULL if nothing is. */
static const char *
check_side (Side *side, Side *other)
{
  if (!is_there (side))
    return NULL;

  if (side->received > other->sent)
    return "more has arrived than was sent";
  if (is_there (other))
    return side->told                      ? "told of an end that is none"
           : side->received != other->sent ? "a message is missing"
                                           : NULL;

  n_gone++;
  if (!side->told && is_in_circle (other))
    {
      n_circles++;
      return NULL;
    }
  if (!side->told)
    return "was not told that the other side is gone";
  if (lives (other->closer) && side->received != other->sent)
    return "a message of a side that was closed is missing";

  return NULL;
}

static guint
check_channel (int channel)
{
  guint n_wrong = 0;
  int   s;

  for (s = 0; s < 2; s++)
    {
      const char *wrong = check_side (get_side (channel, s), get_side (channel, 1 - s));

      if (wrong == NULL)
        continue;
      n_wrong++;
      print_side (channel, s, wrong);
      print_side (channel, 1 - s, "the other side");
    }

  return n_wrong;
}

static guint
check_all_arrived (void)
{
  const int n = MIN (shared->n_channels, MAX_CHANNELS);
  guint     n_wrong = 0;
  int       i;

  for (i = 0; i < MIN (last_link, N_LINK_IDS); i++)
    n_wrong += check_channel (i);
  for (i = 0; i < n && n_wrong < 20; i++)
    n_wrong += check_channel (N_LINK_IDS + i);

  return n_wrong;
}

/* Runs the main loop for as long as anything happens, until @condition holds. */
static void
wait_for (gboolean (*condition) (gint64 data), gint64 data, const char *what)
{
  gint64 last_change = g_get_monotonic_time ();
  int    before = 0;
  guint  i;

  while (!condition (data))
    {
      const int now = g_atomic_int_get (&shared->n_events);

      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (500);
      if (now != before)
        last_change = g_get_monotonic_time ();
      before = now;
      if (g_get_monotonic_time () - last_change < PATIENCE_SECONDS * G_USEC_PER_SEC)
        continue;

      g_printerr ("Nothing happens any more, while waiting for: %s\n", what);
      for (i = 0; i < N_PROCESSES; i++)
        g_printerr ("process %d: %s\n", slots[i].number,
                    slots[i].has_answered ? "has answered" : "has not answered");
      g_atomic_int_set (&shared->gives_up, TRUE);
      g_usleep (2 * G_USEC_PER_SEC);
      check_all_arrived ();
      g_error ("Nothing happens any more, while waiting for: %s", what);
    }
}

static gboolean
have_answered (gint64 data)
{
  guint i;

  for (i = 0; i < N_PROCESSES; i++)
    if (!slots[i].has_answered)
      return FALSE;

  return TRUE;
}

static gboolean
have_ended (gint64 n)
{
  return n_running <= n;
}

static gboolean
has_passed (gint64 time)
{
  return g_get_monotonic_time () >= time;
}

static gboolean
have_happened (gint64 n_events)
{
  return g_atomic_int_get (&shared->n_events) >= n_events;
}

static void
wait_msec (int msec)
{
  wait_for (has_passed, g_get_monotonic_time () + msec * 1000, "time");
}

/* The kernel collects sockets that lie only in each other when it closes one. */
static void
collect_sockets (void)
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
  close (fds[0]);
  close (fds[1]);
}

/* Waits until nobody has had anything to do for some rounds. */
static void
wait_until_quiet (const char *what)
{
  guint n_quiet = 0;

  while (n_quiet < N_QUIET)
    {
      const int before = g_atomic_int_get (&shared->n_events);

      command_all (COMMAND_PING, ++last_ping);
      wait_for (have_answered, 0, what);
      collect_sockets ();
      wait_msec (20);
      n_quiet = g_atomic_int_get (&shared->n_events) == before ? n_quiet + 1 : 0;
    }
}

static Slot *
random_slot (void)
{
  return &slots[g_rand_int_range (kill_rand, 0, N_PROCESSES)];
}

/* A process that does not read for a while. */
static void
stop_one (void)
{
  Slot *slot = random_slot ();

  g_subprocess_send_signal (slot->subprocess, SIGSTOP);
  wait_msec (g_rand_int_range (kill_rand, 0, 20));
  g_subprocess_send_signal (slot->subprocess, SIGCONT);
}

static void
kill_one (void)
{
  Slot *slot = random_slot ();

  if (g_rand_int_range (kill_rand, 0, 5) == 0)
    {
      g_subprocess_send_signal (slot->subprocess, SIGSTOP);
      wait_msec (g_rand_int_range (kill_rand, 0, 10));
    }
  g_subprocess_send_signal (slot->subprocess, SIGKILL);
  n_kills++;
  forget_process (slot);
  start_process (slot);
  command (slot, COMMAND_GO, g_rand_int (kill_rand), 0, 0, NULL);
}

static void
check_descriptors (void)
{
  guint i;

  command_all (COMMAND_COUNT, 0);
  wait_for (have_answered, 0, "the number of descriptors");
  for (i = 0; i < N_PROCESSES; i++)
    if (slots[i].answer != 0)
      g_error ("process %d has %d descriptors too many", slots[i].number, (int)slots[i].answer);
}

static void
run_round (guint32 seed, int kills)
{
  guint n_wrong;
  int   i;

  g_rand_set_seed (kill_rand, seed);
  g_atomic_int_set (&shared->n_channels, 0);
  memset (&shared->channels[N_LINK_IDS], 0, MAX_CHANNELS * sizeof (Channel));
  n_gone = n_circles = 0;

  for (i = 0; i < N_PROCESSES; i++)
    command (&slots[i], COMMAND_GO, g_rand_int (kill_rand), 0, 0, NULL);
  for (i = 0; i < kills; i++)
    {
      wait_for (have_happened,
                g_atomic_int_get (&shared->n_events) +
                  g_rand_int_range (kill_rand, 0, MAX_KILL_EVENTS),
                "events");
      if (g_rand_boolean (kill_rand))
        stop_one ();
      kill_one ();
    }
  wait_for (have_happened, g_atomic_int_get (&shared->n_events) + MAX_KILL_EVENTS, "events");

  command_all (COMMAND_STOP, 0);
  wait_until_quiet ("the last messages");
  n_wrong = check_all_arrived ();
  g_test_message ("%d kills, %d channels, %d messages, %d transfers, %d large, %d closed, %d told, "
                  "%d sides with nobody on the other one, %d of them in a circle",
                  n_kills, shared->n_channels, shared->n_received, shared->n_transfers,
                  shared->n_large, shared->n_closes, shared->n_told, n_gone, n_circles);
  if (n_wrong > 0)
    g_error ("Something is wrong: STRESS_SEED=%u", seed);

  command_all (COMMAND_CLOSE, 0);
  wait_until_quiet ("closed ports");
  check_descriptors ();
}

static int
variable (const char *name, int fallback)
{
  const char *value = g_getenv (name);

  return value != NULL ? (int)g_ascii_strtoll (value, NULL, 10) : fallback;
}

static void
test_processes (void)
{
  const char *seed = g_getenv ("STRESS_SEED");
  gint64      end = g_get_monotonic_time () + variable ("STRESS_SECONDS", 0) * G_USEC_PER_SEC;
  int         round = 0;
  int         n_all_fds = 0;
  int         n_fds;
  guint       i;

  shared_fd = memfd_create ("stress-processes", MFD_CLOEXEC);
  g_assert_no_errno (ftruncate (shared_fd, sizeof *shared));
  share (shared_fd);
  kill_rand = g_rand_new ();
  /* What GLib opens with the first process stays open, too. */
  warm_up ();
  start_process (&slots[0]);
  command (&slots[0], COMMAND_QUIT, 0, 0, 0, NULL);
  wait_for (have_ended, 0, "the first process");
  forget_process (&slots[0]);
  web_message_port_flush_all (NULL, NULL);
  n_fds = count_fds (FALSE);

  for (i = 0; i < N_PROCESSES; i++)
    start_process (&slots[i]);

  do
    {
      guint32 round_seed =
        seed != NULL ? (guint32)g_ascii_strtoull (seed, NULL, 10) : (guint32)g_test_rand_int ();

      g_test_message ("round %d: STRESS_SEED=%u", ++round, round_seed);
      run_round (round_seed, variable ("STRESS_KILLS", 12));
      wait_for (have_ended, N_PROCESSES, "killed processes");
      web_message_port_flush_all (NULL, NULL);
      if (n_all_fds == 0)
        n_all_fds = count_fds (FALSE);
      g_assert_cmpint (count_fds (FALSE), ==, n_all_fds);
    }
  while (g_get_monotonic_time () < end);

  command_all (COMMAND_QUIT, 0);
  wait_for (have_ended, 0, "processes that have to end");
  for (i = 0; i < N_PROCESSES; i++)
    forget_process (&slots[i]);
  web_test_settle ();
  web_message_port_flush_all (NULL, NULL);
  g_assert_cmpint (count_fds (FALSE), ==, n_fds);

  g_rand_free (kill_rand);
  munmap (shared, sizeof *shared);
  close (shared_fd);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "process"))
    return run_process (atoi (argv[2]), atoi (argv[3]));

  g_test_init (&argc, &argv, NULL);
  raise_descriptor_limit ();
  g_test_add_func ("/stress/processes", test_processes);

  return g_test_run ();
}
