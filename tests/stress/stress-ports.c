/* stress-ports.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Many threads, thousands of ports, at random: posted to, transferred (also while messages are on
 * their way, also through each other), closed and dropped.
 *
 * Each message of a channel has a number. A port that is transferred takes along how far it has
 * come, so that whoever holds it can tell whether a message was lost, doubled or out of order.
 *
 * Usage: stress-ports [--seed=…]; the seed that is printed shows the same choices again. Variables:
 * STRESS_STEPS, how many choices each thread makes. */

#include <stdlib.h>

#include "../web-test-thread.h"

enum
{
  N_THREADS = 8,
  N_CHANNELS = 2500, /* made by each thread before it starts */
  BATCH = 50,        /* choices in one turn of a main loop */
};

/* One direction of a channel, towards one of its sides. */
typedef struct
{
  int sent;     /* how many numbers were posted while both sides were there */
  int received; /* how many have arrived */
  int lost;     /* the side that they go to is no more: what was not received never will be */
  int held;     /* the side that they go to is in the hands of a thread */
} Direction;

typedef struct
{
  Direction to[2];
} Channel;

typedef struct
{
  WebTestThread   base;
  guint           index;
  GRand          *rand;
  int             steps;                /* choices that are left */
  GPtrArray      *ports;                /* of StressPort */
  WebMessagePort *links[N_THREADS];     /* to each of the other threads */
  GObject        *link_ends[N_THREADS]; /* the same, before the thread has received them */
} StressThread;

/* A port in the hands of a thread. */
typedef struct
{
  StressThread   *thread;
  WebMessagePort *port; /* owned */
  int             channel;
  int             side;
  gboolean        started;
  gboolean        closed;
} StressPort;

static StressThread threads[N_THREADS];
static Channel     *channels;
static int          n_channels; /* atomic */
static int          max_channels;

static int n_live;      /* atomic: ports that are not finalized */
static int n_events;    /* atomic: all that was delivered */
static int n_transfers; /* atomic */
static int n_closes;    /* atomic */
static int n_pongs;     /* atomic */

static void stress_port_take (StressThread *thread, WebMessagePort *port, int channel, int side);

static Direction *
direction_to (StressPort *self)
{
  return &channels[self->channel].to[self->side];
}

static Direction *
direction_from (StressPort *self)
{
  return &channels[self->channel].to[1 - self->side];
}

static void
count_down (gpointer data, GObject *object)
{
  g_atomic_int_add (&n_live, -1);
}

static void
stress_port_free (gpointer data)
{
  StressPort *self = data;

  g_atomic_int_set (&direction_to (self)->held, FALSE);
  g_signal_handlers_disconnect_by_data (self->port, self);
  g_object_unref (self->port);
  g_free (self);
}

/* A message that carries ports has their places in it, in the order of the transfer list. */
static void
take_ports (StressThread *thread, WebMessageEvent *event, GVariant *places)
{
  gsize            n_ports;
  WebMessagePort **ports = web_message_event_get_ports (event, &n_ports);
  GVariantIter     iter;
  gint32           handle;
  int              channel;
  int              side;
  gsize            i = 0;

  g_variant_iter_init (&iter, places);
  while (g_variant_iter_next (&iter, "(iih)", &channel, &side, &handle))
    {
      g_assert_cmpint (handle, ==, i);
      g_assert_true (web_message_event_get_object (event, handle) == G_OBJECT (ports[i]));
      stress_port_take (thread, g_object_ref (ports[i]), channel, side);
      i++;
    }
  g_assert_cmpuint (i, ==, n_ports);
}

/* (number, [(channel, side, handle)…]) */
static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  StressPort *self = user_data;
  Direction  *direction = direction_to (self);
  g_autoptr (GVariant) places = NULL;
  int number;

  g_atomic_int_inc (&n_events);
  g_variant_get (web_message_event_get_data (event), "(i@a(iih))", &number, &places);
  g_assert_cmpint (number, ==, g_atomic_int_get (&direction->received));
  g_atomic_int_inc (&direction->received);
  take_ports (self->thread, event, places);
}

static void
on_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  StressPort *self = user_data;
  Direction  *direction = direction_to (self);

  g_atomic_int_inc (&n_events);
  g_assert_false (self->closed);
  /* All that was sent before has arrived before. */
  g_assert_cmpint (g_atomic_int_get (&direction->received), ==,
                   g_atomic_int_get (&direction->sent));
  g_atomic_int_set (&direction_from (self)->lost, TRUE);
}

static void
on_messageerror (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
stress_port_start (StressPort *self)
{
  if (self->started)
    return;

  self->started = TRUE;
  web_message_port_start (self->port);
}

static void
stress_port_take (StressThread *thread, WebMessagePort *port, int channel, int side)
{
  StressPort *self = g_new0 (StressPort, 1);

  self->thread = thread;
  self->port = port;
  self->channel = channel;
  self->side = side;
  g_atomic_int_set (&direction_to (self)->held, TRUE);
  g_atomic_int_inc (&n_live);
  g_object_weak_ref (G_OBJECT (port), count_down, NULL);
  g_signal_connect (port, "message", G_CALLBACK (on_message), self);
  g_signal_connect (port, "close", G_CALLBACK (on_close), self);
  g_signal_connect (port, "messageerror", G_CALLBACK (on_messageerror), self);
  g_ptr_array_add (thread->ports, self);
  if (thread->steps == 0)
    stress_port_start (self);
}

static void
make_channel (StressThread *thread)
{
  g_autoptr (WebMessageChannel) channel = NULL;
  int index = g_atomic_int_add (&n_channels, 1);

  if (index >= max_channels)
    return;

  channel = web_message_channel_new ();
  stress_port_take (thread, g_object_ref (web_message_channel_get_port1 (channel)), index, 0);
  stress_port_take (thread, g_object_ref (web_message_channel_get_port2 (channel)), index, 1);
}

static StressPort *
random_port (StressThread *thread)
{
  return thread->ports->len > 0
           ? g_ptr_array_index (thread->ports,
                                g_rand_int_range (thread->rand, 0, thread->ports->len))
           : NULL;
}

/* Posts the next number of @self, with up to three other ports of the thread. */
static void
post_number (StressThread *thread, StressPort *self, guint n_carried)
{
  GVariantBuilder  places;
  WebTransferable *transfer[3];
  StressPort      *carried[3];
  g_autoptr (GError) error = NULL;
  guint i;

  if (self->closed)
    return;

  g_variant_builder_init (&places, G_VARIANT_TYPE ("a(iih)"));
  for (i = 0; i < n_carried; i++)
    {
      carried[i] = random_port (thread);
      if (carried[i] == self || carried[i]->closed || (i > 0 && carried[i] == carried[0]) ||
          (i > 1 && carried[i] == carried[1]))
        break;
      transfer[i] = WEB_TRANSFERABLE (carried[i]->port);
      g_variant_builder_add (&places, "(iih)", carried[i]->channel, carried[i]->side, i);
    }
  n_carried = i;

  /* Counted first: the message may arrive before the call returns. */
  g_assert_true (web_message_port_post_message (
    self->port,
    g_variant_new ("(ia(iih))", g_atomic_int_add (&direction_from (self)->sent, 1), &places),
    transfer, n_carried, &error));
  g_assert_no_error (error);

  g_atomic_int_add (&n_transfers, n_carried);
  for (i = 0; i < n_carried; i++)
    g_ptr_array_remove_fast (thread->ports, carried[i]);
}

/* Hands a port to another thread. */
static void
give_away (StressThread *thread, StressPort *self)
{
  guint            to = g_rand_int_range (thread->rand, 0, N_THREADS);
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (self->port) };
  g_autoptr (GError) error = NULL;

  if (to == thread->index || self->closed)
    return;

  web_message_port_post_message (thread->links[to],
                                 g_variant_new_parsed ("[(%i, %i, handle 0)]", self->channel,
                                                       self->side),
                                 transfer, 1, &error);
  g_assert_no_error (error);
  g_atomic_int_inc (&n_transfers);
  g_ptr_array_remove_fast (thread->ports, self);
}

static void
close_or_drop (StressThread *thread, StressPort *self, gboolean drop)
{
  g_atomic_int_inc (&n_closes);
  g_atomic_int_set (&direction_to (self)->lost, TRUE);
  if (!drop || self->started)
    {
      self->closed = TRUE;
      web_message_port_close (self->port);
    }
  if (drop)
    g_ptr_array_remove_fast (thread->ports, self);
}

static void
make_choice (StressThread *thread)
{
  int         choice = g_rand_int_range (thread->rand, 0, 100);
  StressPort *port = random_port (thread);

  if (port == NULL || choice < 4)
    make_channel (thread);
  else if (choice < 50)
    post_number (thread, port, 0);
  else if (choice < 60)
    post_number (thread, port, g_rand_int_range (thread->rand, 1, 4));
  else if (choice < 80)
    give_away (thread, port);
  else if (choice < 96)
    stress_port_start (port);
  else if (choice < 98)
    close_or_drop (thread, port, FALSE);
  else
    close_or_drop (thread, port, TRUE);
}

static gboolean
make_choices (gpointer user_data)
{
  StressThread *self = user_data;
  guint         i;

  for (i = 0; i < BATCH && self->steps > 0; i++)
    {
      make_choice (self);
      self->steps--;
    }
  if (self->steps > 0)
    return G_SOURCE_CONTINUE;

  /* The rest has to arrive now. */
  for (i = 0; i < self->ports->len; i++)
    stress_port_start (g_ptr_array_index (self->ports, i));
  g_atomic_int_inc (&n_pongs);
  g_main_context_wakeup (NULL);

  return G_SOURCE_REMOVE;
}

static void
on_link_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_atomic_int_inc (&n_events);
  take_ports (user_data, event, web_message_event_get_data (event));
}

static gboolean
receive_links (gpointer user_data)
{
  StressThread *self = user_data;
  guint         i;

  for (i = 0; i < N_THREADS; i++)
    {
      if (self->link_ends[i] == NULL)
        continue;
      self->links[i] = web_test_receive_port (self->link_ends[i]);
      web_message_port_set_on_message (self->links[i], on_link_message, self, NULL);
    }
  for (i = 0; i < N_CHANNELS; i++)
    make_channel (self);
  web_test_thread_invoke (&self->base, make_choices, self);

  return G_SOURCE_REMOVE;
}

static gboolean
pong (gpointer user_data)
{
  g_atomic_int_inc (&n_pongs);
  g_main_context_wakeup (NULL);

  return G_SOURCE_REMOVE;
}

/* A thread answers when it has nothing else to do. */
static gboolean
ping (gpointer user_data)
{
  StressThread *self = user_data;
  GSource      *source = g_idle_source_new ();

  g_source_set_priority (source, G_MAXINT);
  g_source_set_callback (source, pong, NULL, NULL);
  g_source_attach (source, self->base.context);
  g_source_unref (source);

  return G_SOURCE_REMOVE;
}

/* Waits until no thread has had anything to do for two rounds. */
static void
wait_until_quiet (void)
{
  guint n_quiet = 0;
  guint i;

  while (n_quiet < 2)
    {
      int before = g_atomic_int_get (&n_events);

      g_atomic_int_set (&n_pongs, 0);
      for (i = 0; i < N_THREADS; i++)
        web_test_thread_invoke (&threads[i].base, ping, &threads[i]);
      web_test_wait_until (g_atomic_int_get (&n_pongs) == N_THREADS);
      n_quiet = g_atomic_int_get (&n_events) == before ? n_quiet + 1 : 0;
    }
}

static gboolean
close_all (gpointer user_data)
{
  StressThread *self = user_data;
  guint         i;

  for (i = 0; i < self->ports->len; i++)
    {
      StressPort *port = g_ptr_array_index (self->ports, i);

      port->closed = TRUE;
      web_message_port_close (port->port);
    }
  g_ptr_array_set_size (self->ports, 0);
  for (i = 0; i < N_THREADS; i++)
    if (self->links[i] != NULL)
      {
        web_message_port_close (self->links[i]);
        g_clear_object (&self->links[i]);
      }

  return G_SOURCE_REMOVE;
}

static void
set_up (guint32 seed, int steps)
{
  guint i;
  guint j;

  max_channels = N_THREADS * (N_CHANNELS + steps);
  channels = g_new0 (Channel, max_channels);
  for (i = 0; i < N_THREADS; i++)
    {
      threads[i].index = i;
      threads[i].rand = g_rand_new_with_seed (seed + i);
      threads[i].steps = steps;
      threads[i].ports = g_ptr_array_new_with_free_func (stress_port_free);
      for (j = 0; j < i; j++)
        {
          WebMessagePort *port1;
          WebMessagePort *port2;

          web_test_channel (&port1, &port2);
          threads[i].link_ends[j] = web_test_detach_port (port1);
          threads[j].link_ends[i] = web_test_detach_port (port2);
        }
    }
}

/* Every number that had to arrive did. */
static void
check_all_arrived (void)
{
  gint64 received = 0;
  int    incomplete = 0;
  int    i;
  int    side;

  n_channels = MIN (n_channels, max_channels);
  for (i = 0; i < n_channels; i++)
    for (side = 0; side < 2; side++)
      {
        Direction *direction = &channels[i].to[side];

        received += direction->received;
        if (direction->held && !direction->lost && direction->received != direction->sent)
          {
            g_test_message ("channel %d, side %d: %d sent, %d received", i, side, direction->sent,
                            direction->received);
            incomplete++;
          }
      }

  g_test_message ("%d channels, %" G_GINT64_FORMAT " numbers received, %d transfers, %d closes",
                  n_channels, received, n_transfers, n_closes);
  g_assert_cmpint (incomplete, ==, 0);
  g_assert_cmpint (received, >, n_channels / 2);
  g_assert_cmpint (n_transfers, >, n_channels / 10);
}

static void
test_ports (void)
{
  guint32     seed = g_test_rand_int ();
  const char *steps = g_getenv ("STRESS_STEPS");
  guint       i;

  set_up (seed, steps != NULL ? atoi (steps) : 20000);
  for (i = 0; i < N_THREADS; i++)
    {
      web_test_thread_start (&threads[i].base);
      web_test_thread_invoke (&threads[i].base, receive_links, &threads[i]);
    }
  web_test_wait_until (g_atomic_int_get (&n_pongs) == N_THREADS);
  wait_until_quiet ();
  check_all_arrived ();

  for (i = 0; i < N_THREADS; i++)
    web_test_thread_invoke (&threads[i].base, close_all, &threads[i]);
  wait_until_quiet ();
  for (i = 0; i < N_THREADS; i++)
    {
      web_test_thread_stop (&threads[i].base);
      g_rand_free (threads[i].rand);
      g_ptr_array_unref (threads[i].ports);
    }

  /* Nothing is left. */
  g_assert_cmpint (g_atomic_int_get (&n_live), ==, 0);
  g_free (channels);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stress/ports", test_ports);

  return g_test_run ();
}
