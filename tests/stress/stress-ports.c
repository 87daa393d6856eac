/* stress-ports.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Many threads, thousands of ports, at random: posted to, transferred (also while messages are on
 * their way, also through each other), received from with calls and with signals, closed and
 * dropped. Threads come and go with ports and calls that wait. Windows speak to each other.
 * References of any object are dropped on any thread.
 *
 * Each message of a channel has a number. A port that is transferred takes along how far it has
 * come, so that whoever holds it can tell whether a message was lost, doubled or out of order. In
 * the end every port either has a living other side and all of its messages, or was told `close`.
 *
 * Usage: stress-ports [--seed=…]. Variables: STRESS_STEPS, how many choices each thread makes in a
 * round; STRESS_SECONDS, for how long rounds are run; STRESS_SEED, as a round prints it, to run one
 * with the same choices. */

#include <stdlib.h>

#include "../web-test-thread.h"

enum
{
  N_THREADS = 8,
  N_CHANNELS = 2500,      /* made by each thread before it starts */
  N_WINDOWS = 4,          /* of each thread */
  BATCH = 50,             /* choices in one turn of a main loop */
  MAX_CALLS = 3,          /* of web_message_port_receive_async() that wait at a port */
  MAX_LENT = 1000,        /* references that no thread has dropped yet */
  MAX_KEPT = 20,          /* events that each thread keeps */
  MAX_VISITORS = 200,     /* threads that come and go, at a time */
  PATIENCE_SECONDS = 120, /* without anything happening */
};

/* One side of a channel. */
typedef struct
{
  int sent;     /* how many numbers were posted to it */
  int received; /* how many of them have arrived */
  int held;     /* it is in the hands of a thread */
  int closed;   /* by who held it */
  int told;     /* `close` has arrived */

  const char *fate;      /* what became of it when it was last let go of; atomic, as all of this */
  int         container; /* the channel in one of whose messages it was then */
} Side;

typedef struct
{
  Side sides[2];
  int  in_window; /* its ports may close at any time, with a window */
} Channel;

typedef struct
{
  WebTestThread   base;
  guint           index;
  GRand          *rand;
  int             steps;                /* choices that are left */
  GPtrArray      *ports;                /* of StressPort */
  GPtrArray      *kept;                 /* of WebMessageEvent */
  WebMessagePort *links[N_THREADS];     /* to each of the other threads */
  GObject        *link_ends[N_THREADS]; /* the same, before the thread has received them */
  int             n_said;               /* messages that its windows have posted */
  int             heard[N_THREADS];     /* the last of the messages of each thread's windows */
} StressThread;

/* A port in the hands of a thread. */
typedef struct
{
  int             ref_count; /* atomic; one of the list of the thread, one of the port */
  StressThread   *thread;
  WebMessagePort *port; /* owned */
  int             channel;
  int             side;
  gboolean        started;
  gboolean        closed;
  gboolean        receives; /* calls receive again */
  guint           n_calls;  /* that wait */
  GCancellable   *cancellable;
} StressPort;

static StressThread threads[N_THREADS];
static Channel     *channels;
static int          n_channels; /* atomic */
static int          max_channels;

static GMutex       mutex;                         /* protects what is below */
static WebWindow   *windows[N_THREADS][N_WINDOWS]; /* made by the thread, posted to by all */
static GAsyncQueue *lent;                          /* references that any thread may drop */
static GAsyncQueue *visitors;                      /* of GThread */

static int n_live;      /* atomic: ports and windows that are not finalized */
static int n_events;    /* atomic: all that was delivered */
static int n_transfers; /* atomic */
static int n_closes;    /* atomic */
static int n_pongs;     /* atomic */
static int n_dropped;   /* atomic: references that were dropped elsewhere */
static int n_cancelled; /* atomic: calls */
static int n_visitors;  /* atomic */
static int n_heard;     /* atomic: messages of windows */

static void stress_port_take (StressThread *thread, WebMessagePort *port, int channel, int side);
static void receive_more (StressPort *self);

static Side *
side_of (StressPort *self)
{
  return &channels[self->channel].sides[self->side];
}

static Side *
other_side_of (StressPort *self)
{
  return &channels[self->channel].sides[1 - self->side];
}

static gboolean
in_window (StressPort *self)
{
  return g_atomic_int_get (&channels[self->channel].in_window);
}

static void
let_go (StressPort *self, const char *fate, int container)
{
  Side *side = side_of (self);

  g_atomic_pointer_set (&side->fate, fate);
  g_atomic_int_set (&side->container, container);
  g_atomic_int_set (&side->held, FALSE);
}

static void
count_down (gpointer data, GObject *object)
{
  g_atomic_int_add (&n_live, -1);
}

static void
count_object (gpointer object)
{
  g_atomic_int_inc (&n_live);
  g_object_weak_ref (object, count_down, NULL);
}

/* Gives a reference away, to be dropped by any thread at any time. */
static void
lend (gpointer reference)
{
  if (g_async_queue_length (lent) < MAX_LENT)
    g_async_queue_push (lent, reference);
  else
    g_object_unref (reference);
}

static gboolean
drop_lent (void)
{
  gpointer reference = g_async_queue_try_pop (lent);

  if (reference == NULL)
    return FALSE;

  g_object_unref (reference);
  g_atomic_int_inc (&n_dropped);

  return TRUE;
}

static void
stress_port_unref (gpointer data)
{
  StressPort *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_clear_object (&self->cancellable);
  g_free (self);
}

/* The thread lets go of the port. */
static void
stress_port_release (gpointer data)
{
  StressPort *self = data;

  self->receives = FALSE;
  g_signal_handlers_disconnect_by_data (self->port, self);
  if (g_rand_boolean (self->thread->rand))
    lend (self->port);
  else
    g_object_unref (self->port);
  self->port = NULL;
  stress_port_unref (self);
}

/* A message that carries ports has their places in it, in the order of the transfer list. Ports
 * that a window receives, or a port of a window, are the window's. */
static void
take_ports (StressThread *thread, WebMessageEvent *event, GVariant *places, gboolean by_window)
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
      if (by_window)
        g_atomic_int_set (&channels[channel].in_window, TRUE);
      if (thread != NULL)
        stress_port_take (thread, g_object_ref (ports[i]), channel, side);
      i++;
    }
  g_assert_cmpuint (i, ==, n_ports);
}

/* (number, [(channel, side, handle)…]); without a thread, the ports are dropped with the event. */
static void
take_message (StressThread *thread, int channel, Side *side, WebMessageEvent *event)
{
  gboolean by_window = g_atomic_int_get (&channels[channel].in_window);
  g_autoptr (GVariant) places = NULL;
  int number;

  g_atomic_int_inc (&n_events);
  g_variant_get (web_message_event_get_data (event), "(i@a(iih))", &number, &places);
  /* Some posts at a port that was closed with a window have failed. */
  if (by_window)
    g_assert_cmpint (number, >=, g_atomic_int_get (&side->received));
  else
    g_assert_cmpint (number, ==, g_atomic_int_get (&side->received));
  g_atomic_int_set (&side->received, number + 1);
  take_ports (thread, event, places, by_window);
}

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  StressPort *self = user_data;

  take_message (self->thread, self->channel, side_of (self), event);
}

static void
on_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  StressPort *self = user_data;
  Side       *side = side_of (self);

  g_atomic_int_inc (&n_events);
  g_assert_false (self->closed);
  g_assert_false (g_atomic_int_get (&side->told));
  g_atomic_int_set (&side->told, TRUE);
  /* All that was sent before has arrived before. */
  if (!in_window (self))
    g_assert_cmpint (g_atomic_int_get (&side->received), ==, g_atomic_int_get (&side->sent));
}

static void
on_messageerror (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
on_received (GObject *source, GAsyncResult *result, gpointer user_data)
{
  StressPort *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessageEvent) event =
    web_message_port_receive_finish (WEB_MESSAGE_PORT (source), result, &error);

  self->n_calls--;
  if (event != NULL)
    {
      g_assert_no_error (error);
      take_message (self->thread, self->channel, side_of (self), event);
      if (self->receives)
        receive_more (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_atomic_int_inc (&n_cancelled);
    }
  else
    {
      /* Closed, by either side. */
      g_assert_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE);
      self->receives = FALSE;
    }
}

static void
receive_more (StressPort *self)
{
  guint n_wanted = g_rand_int_range (self->thread->rand, 1, MAX_CALLS + 1);

  while (self->n_calls < n_wanted)
    {
      self->n_calls++;
      web_message_port_receive_async (self->port, self->cancellable, on_received, self);
    }
}

static void
stress_port_start (StressPort *self)
{
  if (self->started || self->receives || self->n_calls > 0)
    return;

  self->started = TRUE;
  web_message_port_start (self->port);
}

static void
stress_port_receive (StressPort *self)
{
  if (self->started || self->closed || self->n_calls > 0)
    return;

  self->receives = TRUE;
  g_clear_object (&self->cancellable);
  if (g_rand_boolean (self->thread->rand))
    self->cancellable = g_cancellable_new ();
  receive_more (self);
}

/* Once its calls have returned, the port is as if it had never received. */
static void
stress_port_stop_receiving (StressPort *self)
{
  if (!self->receives || self->cancellable == NULL)
    return;

  self->receives = FALSE;
  g_cancellable_cancel (self->cancellable);
}

static void
stress_port_take (StressThread *thread, WebMessagePort *port, int channel, int side)
{
  StressPort *self = g_new0 (StressPort, 1);

  /* The other reference goes with the port: a call may end with its main context, uncalled. */
  self->ref_count = 2;
  g_object_set_data_full (G_OBJECT (port), "stress-port", self, stress_port_unref);
  self->thread = thread;
  self->port = port;
  self->channel = channel;
  self->side = side;
  g_atomic_int_set (&side_of (self)->held, TRUE);
  count_object (port);
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
  g_autoptr (WebWindow) window = NULL;
  int index = g_atomic_int_add (&n_channels, 1);

  if (index >= max_channels)
    return;

  if (g_rand_int_range (thread->rand, 0, 10) == 0)
    {
      g_mutex_lock (&mutex);
      window = windows[thread->index][g_rand_int_range (thread->rand, 0, N_WINDOWS)];
      if (window != NULL)
        g_object_ref (window);
      g_mutex_unlock (&mutex);
    }
  if (window != NULL)
    {
      channels[index].in_window = TRUE;
      channel = web_message_channel_new_for_window (window);
    }
  else
    {
      channel = web_message_channel_new ();
    }
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

static gboolean
can_be_transferred (StressPort *self)
{
  return !self->closed && !self->receives && self->n_calls == 0;
}

/* Ports of a window that has closed are closed without our knowing. */
static void
assert_posted (GError **error, StressPort *port)
{
  if (*error != NULL && in_window (port))
    g_clear_error (error);
  g_assert_no_error (*error);
}

/* Finds up to three other ports to be sent. */
static guint
choose_ports (StressThread     *thread,
              StressPort       *self,
              guint             n_wanted,
              StressPort      **carried,
              WebTransferable **transfer,
              GVariantBuilder  *places)
{
  guint i;

  g_variant_builder_init (places, G_VARIANT_TYPE ("a(iih)"));
  for (i = 0; i < n_wanted; i++)
    {
      carried[i] = random_port (thread);
      if (carried[i] == NULL || carried[i] == self || !can_be_transferred (carried[i]) ||
          (in_window (carried[i]) && (self == NULL || !in_window (self))) ||
          (i > 0 && carried[i] == carried[0]) || (i > 1 && carried[i] == carried[1]))
        break;
      /* Before it is posted: another thread may have it before the call returns. */
      let_go (carried[i], "posted", self != NULL ? self->channel : -1);
      transfer[i] = WEB_TRANSFERABLE (carried[i]->port);
      g_variant_builder_add (places, "(iih)", carried[i]->channel, carried[i]->side, i);
    }

  return i;
}

/* The ports were posted, or could not be. */
static void
release_ports (StressThread *thread, StressPort **carried, guint n_carried, gboolean posted)
{
  guint i;

  if (posted)
    g_atomic_int_add (&n_transfers, n_carried);
  for (i = 0; i < n_carried; i++)
    if (posted)
      g_ptr_array_remove_fast (thread->ports, carried[i]);
    else
      g_atomic_int_set (&side_of (carried[i])->held, TRUE);
}

/* Posts the next number of @self, with up to three other ports of the thread. */
static void
post_number (StressThread *thread, StressPort *self, guint n_carried)
{
  GVariantBuilder  places;
  WebTransferable *transfer[3];
  StressPort      *carried[3];
  g_autoptr (GError) error = NULL;
  gboolean posted;

  if (self->closed)
    return;

  n_carried = choose_ports (thread, self, n_carried, carried, transfer, &places);
  /* Counted first: the message may arrive before the call returns. */
  posted = web_message_port_post_message (
    self->port,
    g_variant_new ("(ia(iih))", g_atomic_int_add (&other_side_of (self)->sent, 1), &places),
    transfer, n_carried, &error);
  assert_posted (&error, self);
  release_ports (thread, carried, n_carried, posted);
}

/* Hands a port to another thread. */
static void
give_away (StressThread *thread, StressPort *self)
{
  guint            to = g_rand_int_range (thread->rand, 0, N_THREADS);
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (self->port) };
  g_autoptr (GError) error = NULL;
  gboolean posted;

  if (to == thread->index || !can_be_transferred (self))
    return;

  let_go (self, "given away", -1);
  posted = web_message_port_post_message (thread->links[to],
                                          g_variant_new_parsed ("[(%i, %i, handle 0)]",
                                                                self->channel, self->side),
                                          transfer, 1, &error);
  assert_posted (&error, self);
  release_ports (thread, &self, 1, posted);
}

static void
close_or_drop (StressThread *thread, StressPort *self, gboolean drop)
{
  g_atomic_int_inc (&n_closes);
  if (!drop || self->started || self->n_calls > 0)
    {
      self->closed = TRUE;
      g_atomic_int_set (&side_of (self)->closed, TRUE);
      web_message_port_close (self->port);
    }
  if (drop)
    {
      let_go (self, self->closed ? "closed and dropped" : "dropped", -1);
      g_ptr_array_remove_fast (thread->ports, self);
    }
}

/* A thread that takes a port, and ends with it. */

typedef struct
{
  GObject *data_holder;
  int      channel; /* of the port */
  int      side;
  guint    n_calls;
  gboolean starts;
  guint    n_turns;
} Visitor;

static void
on_visitor_message (WebMessagePort *port, WebMessageEvent *event, gpointer place)
{
  int channel = GPOINTER_TO_INT (place) / 2;

  take_message (NULL, channel, &channels[channel].sides[GPOINTER_TO_INT (place) % 2], event);
}

static void
on_visitor_received (GObject *source, GAsyncResult *result, gpointer place)
{
  g_autoptr (WebMessageEvent) event =
    web_message_port_receive_finish (WEB_MESSAGE_PORT (source), result, NULL);

  if (event != NULL)
    on_visitor_message (NULL, event, place);
}

static gpointer
visit (gpointer data)
{
  Visitor        *self = data;
  GMainContext   *context = g_main_context_new ();
  gpointer        place = GINT_TO_POINTER (2 * self->channel + self->side);
  WebMessagePort *port;
  guint           i;

  g_main_context_push_thread_default (context);
  port = web_test_receive_port (self->data_holder);
  count_object (port);
  g_signal_connect (port, "message", G_CALLBACK (on_visitor_message), place);
  for (i = 0; i < self->n_calls; i++)
    web_message_port_receive_async (port, NULL, on_visitor_received, place);
  if (self->starts)
    web_message_port_start (port);
  for (i = 0; i < self->n_turns; i++)
    g_main_context_iteration (context, FALSE);
  /* What is pending then is still pending. */
  if (self->n_turns % 2 == 0)
    g_object_unref (port);
  else
    lend (port);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  g_free (self);

  return NULL;
}

static void
join_visitors (guint max_left)
{
  while ((guint)MAX (g_async_queue_length (visitors), 0) > max_left)
    {
      GThread *thread = g_async_queue_try_pop (visitors);

      if (thread != NULL)
        g_thread_join (thread);
    }
}

static void
send_visitor (StressThread *thread, StressPort *port)
{
  Visitor *visitor;

  if (!can_be_transferred (port) || in_window (port))
    return;

  visitor = g_new0 (Visitor, 1);
  visitor->channel = port->channel;
  visitor->side = port->side;
  visitor->n_calls = g_rand_int_range (thread->rand, 0, MAX_CALLS + 1);
  visitor->starts = g_rand_boolean (thread->rand);
  visitor->n_turns = g_rand_int_range (thread->rand, 0, 8);
  let_go (port,
          visitor->n_calls > 0
            ? visitor->starts ? "visited, with calls, started" : "visited, with calls"
          : visitor->starts ? "visited, started"
                            : "visited",
          -1);
  visitor->data_holder = web_test_detach_port (g_object_ref (port->port));
  g_ptr_array_remove_fast (thread->ports, port);
  g_atomic_int_inc (&n_visitors);
  join_visitors (MAX_VISITORS);
  g_async_queue_push (visitors, g_thread_new ("visitor", visit, visitor));
}

/* Windows */

static char *
origin_of_thread (guint index)
{
  return g_strdup_printf ("https://t%u.example", index);
}

/* A window of any thread, or %NULL. */
static WebWindow *
find_window (guint thread, guint i)
{
  WebWindow *window;

  g_mutex_lock (&mutex);
  window = windows[thread][i];
  if (window != NULL)
    g_object_ref (window);
  g_mutex_unlock (&mutex);

  return window;
}

/* (thread, number, is an answer, [(channel, side, handle)…]) */
static void
say (StressThread *thread, WebWindow *window, gboolean answers)
{
  g_autoptr (WebWindow) source =
    find_window (thread->index, g_rand_int_range (thread->rand, 0, N_WINDOWS));
  GVariantBuilder  places;
  WebTransferable *transfer[3];
  StressPort      *carried[3];
  guint            n_carried = g_rand_int_range (thread->rand, 0, 8);
  g_autoptr (GError) error = NULL;
  gboolean posted;

  n_carried =
    choose_ports (thread, NULL, n_carried < 3 ? n_carried : 0, carried, transfer, &places);
  thread->n_said++;
  posted = web_window_post_message (window, source,
                                    g_variant_new ("(uiba(iih))", thread->index, thread->n_said,
                                                   answers, &places),
                                    "*", transfer, n_carried, &error);
  if (n_carried > 0)
    assert_posted (&error, carried[0]);
  g_assert_no_error (error);
  release_ports (thread, carried, n_carried, posted);
}

static void
on_window_message (WebWindow *window, WebMessageEvent *event, gpointer user_data)
{
  StressThread *thread = user_data;
  gpointer      source = web_message_event_get_source (event);
  g_autoptr (GVariant) places = NULL;
  gboolean answers;
  int      number;
  guint    from;

  g_atomic_int_inc (&n_events);
  g_atomic_int_inc (&n_heard);
  g_variant_get (web_message_event_get_data (event), "(uib@a(iih))", &from, &number, &answers,
                 &places);
  /* Also from other windows of that thread, to other windows of this one. */
  g_assert_cmpint (number, >, thread->heard[from]);
  thread->heard[from] = number;
  take_ports (thread, event, places, TRUE);
  if (source == NULL)
    return;

  {
    g_autofree char *origin = origin_of_thread (from);

    g_assert_cmpstr (web_message_event_get_origin (event), ==, origin);
  }
  if (!answers && thread->steps > 0 && g_rand_boolean (thread->rand))
    say (thread, source, TRUE);
  if (thread->kept->len < MAX_KEPT)
    g_ptr_array_add (thread->kept, g_object_ref (event));
  else
    g_ptr_array_remove_index_fast (thread->kept,
                                   g_rand_int_range (thread->rand, 0, thread->kept->len));
}

/* A new window takes the place of an old one, whose last reference goes wherever it goes. */
static void
replace_window (StressThread *thread, gboolean again)
{
  guint            i = g_rand_int_range (thread->rand, 0, N_WINDOWS);
  g_autofree char *url = origin_of_thread (thread->index);
  WebWindow       *window = again ? web_window_new (url, NULL) : NULL;
  WebWindow       *old;

  if (window != NULL)
    {
      count_object (window);
      g_signal_connect (window, "message", G_CALLBACK (on_window_message), thread);
    }
  g_mutex_lock (&mutex);
  old = windows[thread->index][i];
  windows[thread->index][i] = window;
  g_mutex_unlock (&mutex);

  if (old == NULL)
    return;
  if (g_rand_boolean (thread->rand))
    web_window_close (old);
  if (g_rand_boolean (thread->rand))
    lend (old);
  else
    g_object_unref (old);
}

static void
say_something (StressThread *thread)
{
  g_autoptr (WebWindow) window = find_window (g_rand_int_range (thread->rand, 0, N_THREADS),
                                              g_rand_int_range (thread->rand, 0, N_WINDOWS));

  if (window != NULL)
    say (thread, window, FALSE);
}

static void
make_choice (StressThread *thread)
{
  int         choice = g_rand_int_range (thread->rand, 0, 1000);
  StressPort *port = random_port (thread);

  if (port == NULL || choice < 40)
    make_channel (thread);
  else if (choice < 470)
    post_number (thread, port, 0);
  else if (choice < 550)
    post_number (thread, port, g_rand_int_range (thread->rand, 1, 4));
  else if (choice < 720)
    give_away (thread, port);
  else if (choice < 800)
    stress_port_start (port);
  else if (choice < 840)
    stress_port_receive (port);
  else if (choice < 850)
    stress_port_stop_receiving (port);
  else if (choice < 870)
    lend (g_object_ref (port->port));
  else if (choice < 910)
    drop_lent ();
  else if (choice < 945)
    say_something (thread);
  else if (choice < 955)
    replace_window (thread, TRUE);
  else if (choice < 958)
    send_visitor (thread, port);
  else if (choice < 979)
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
  g_atomic_int_inc (&n_events);
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
  take_ports (user_data, event, web_message_event_get_data (event), FALSE);
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
      self->links[i] = web_test_receive_port (g_steal_pointer (&self->link_ends[i]));
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
  guint         i;

  /* Calls may have been cancelled, or have ended, that kept ports from being started. */
  for (i = 0; i < self->ports->len; i++)
    stress_port_start (g_ptr_array_index (self->ports, i));

  g_source_set_priority (source, G_MAXINT);
  g_source_set_callback (source, pong, NULL, NULL);
  g_source_attach (source, self->base.context);
  g_source_unref (source);

  return G_SOURCE_REMOVE;
}

static gboolean
wake_up (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Waits until all threads have answered, for as long as anything happens. */
static void
wait_for_pongs (const char *what)
{
  guint  timeout = g_timeout_add_seconds (1, wake_up, NULL);
  gint64 last_change = g_get_monotonic_time ();
  int    before = 0;

  while (g_atomic_int_get (&n_pongs) < N_THREADS)
    {
      int now = g_atomic_int_get (&n_events);

      if (now != before)
        last_change = g_get_monotonic_time ();
      before = now;
      if (g_get_monotonic_time () - last_change > PATIENCE_SECONDS * G_USEC_PER_SEC)
        g_error ("Nothing happens any more, while waiting for: %s", what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (timeout);
}

/* Waits until no thread has had anything to do for two rounds. */
static void
wait_until_quiet (void)
{
  guint n_quiet = 0;
  guint i;

  join_visitors (0);
  while (n_quiet < 2)
    {
      int before = g_atomic_int_get (&n_events);

      while (drop_lent ())
        ;
      g_atomic_int_set (&n_pongs, 0);
      for (i = 0; i < N_THREADS; i++)
        web_test_thread_invoke (&threads[i].base, ping, &threads[i]);
      wait_for_pongs ("quiet threads");
      n_quiet = g_atomic_int_get (&n_events) == before && g_async_queue_length (lent) <= 0
                  ? n_quiet + 1
                  : 0;
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
  g_ptr_array_set_size (self->kept, 0);
  for (i = 0; i < N_WINDOWS; i++)
    {
      WebWindow *window;

      g_mutex_lock (&mutex);
      window = g_steal_pointer (&windows[self->index][i]);
      g_mutex_unlock (&mutex);
      g_clear_object (&window);
    }
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

  n_channels = n_transfers = n_closes = n_pongs = n_dropped = n_cancelled = n_visitors = n_heard =
    0;
  max_channels = N_THREADS * (N_CHANNELS + steps);
  channels = g_new0 (Channel, max_channels);
  lent = g_async_queue_new_full (g_object_unref);
  visitors = g_async_queue_new ();
  memset (threads, 0, sizeof threads);
  for (i = 0; i < N_THREADS; i++)
    {
      threads[i].index = i;
      threads[i].rand = g_rand_new_with_seed (seed + i);
      threads[i].steps = steps;
      threads[i].ports = g_ptr_array_new_with_free_func (stress_port_release);
      threads[i].kept = g_ptr_array_new_with_free_func (g_object_unref);
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

static void
tear_down (void)
{
  guint i;

  for (i = 0; i < N_THREADS; i++)
    {
      web_test_thread_stop (&threads[i].base);
      g_rand_free (threads[i].rand);
      g_ptr_array_unref (threads[i].ports);
      g_ptr_array_unref (threads[i].kept);
    }
  g_async_queue_unref (lent);
  g_async_queue_unref (visitors);
  g_free (channels);
}

/* Every number that had to arrive did, and every port whose other side has gone was told. */
static void
check_all_arrived (void)
{
  gint64 received = 0;
  int    incomplete = 0;
  int    i;
  int    s;

  n_channels = MIN (n_channels, max_channels);
  for (i = 0; i < n_channels; i++)
    for (s = 0; s < 2; s++)
      {
        Side    *side = &channels[i].sides[s];
        Side    *other = &channels[i].sides[1 - s];
        gboolean other_is_there = other->held && !other->closed;

        received += side->received;
        if (channels[i].in_window || !side->held || side->closed)
          continue;
        if (other_is_there ? side->received != side->sent || side->told : !side->told)
          {
            incomplete++;
            if (incomplete > 20)
              continue;
            g_test_message ("channel %d, side %d: %d sent, %d received, %s, the other side %s", i,
                            s, side->sent, side->received, side->told ? "closed" : "not closed",
                            other_is_there ? "is there" : "has gone");
          }
      }

  g_test_message ("%d channels, %" G_GINT64_FORMAT " numbers received, %d transfers, %d closes",
                  n_channels, received, n_transfers, n_closes);
  g_test_message ("%d references dropped elsewhere, %d calls cancelled, %d threads came and went, "
                  "windows heard %d messages",
                  n_dropped, n_cancelled, n_visitors, n_heard);
  g_assert_cmpint (incomplete, ==, 0);
  g_assert_cmpint (received, >, 0);
  g_assert_cmpint (n_transfers, >, 0);
}

static void
run_round (guint32 seed, int steps)
{
  guint i;

  set_up (seed, steps);
  for (i = 0; i < N_THREADS; i++)
    {
      web_test_thread_start (&threads[i].base);
      web_test_thread_invoke (&threads[i].base, receive_links, &threads[i]);
    }
  wait_for_pongs ("choices");
  wait_until_quiet ();
  check_all_arrived ();

  for (i = 0; i < N_THREADS; i++)
    web_test_thread_invoke (&threads[i].base, close_all, &threads[i]);
  wait_until_quiet ();
  tear_down ();

  /* Nothing is left. */
  g_assert_cmpint (g_atomic_int_get (&n_live), ==, 0);
}

static int
variable (const char *name, int fallback)
{
  const char *value = g_getenv (name);

  return value != NULL ? (int)g_ascii_strtoll (value, NULL, 10) : fallback;
}

static void
test_ports (void)
{
  const char *seed = g_getenv ("STRESS_SEED");
  gint64      end = g_get_monotonic_time () + variable ("STRESS_SECONDS", 0) * G_USEC_PER_SEC;
  int         round = 0;

  do
    {
      guint32 round_seed =
        seed != NULL ? (guint32)g_ascii_strtoull (seed, NULL, 10) : (guint32)g_test_rand_int ();

      g_test_message ("round %d: STRESS_SEED=%u", ++round, round_seed);
      run_round (round_seed, variable ("STRESS_STEPS", 20000));
    }
  while (g_get_monotonic_time () < end);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stress/ports", test_ports);

  return g_test_run ();
}
