/* test-ownership.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* References are taken and dropped anywhere: on other threads, and by the bindings of languages. */

#include "web-test-ports.h"
#include "web-test-thread.h"
#include <webmessaging/bindings/web-private.h>

/* How often two threads try to meet; each round is a chance. */
#define N_ROUNDS 300

static gboolean
drop_object (gpointer object)
{
  g_object_unref (object);

  return G_SOURCE_REMOVE;
}

typedef struct
{
  WebWindow *window;
  int        n_received; /* atomic */
} Receiver;

static void
count_message (WebWindow *window, WebMessageEvent *event, gpointer user_data)
{
  g_atomic_int_inc (&((Receiver *)user_data)->n_received);
}

static gboolean
make_window (gpointer user_data)
{
  Receiver  *self = user_data;
  WebWindow *window = web_window_new (NULL, NULL);

  g_signal_connect (window, "message", G_CALLBACK (count_message), self);
  g_atomic_pointer_set (&self->window, window);

  return G_SOURCE_REMOVE;
}

/* The window of a port goes with a message that it is the source of, on the thread of the receiver,
 * while the port is used on its own thread. */
static void
test_source_is_dropped_by_receiver (void)
{
  Receiver      receiver = { NULL };
  WebTestThread thread;
  int           i, j;

  web_test_thread_start (&thread);
  web_test_thread_invoke (&thread, make_window, &receiver);
  while (g_atomic_pointer_get (&receiver.window) == NULL)
    g_thread_yield ();

  for (i = 0; i < N_ROUNDS; i++)
    {
      WebWindow *source = web_window_new (NULL, NULL);
      g_autoptr (WebMessageChannel) channel = web_message_channel_new_for_window (source);

      web_window_post_message (receiver.window, source, NULL, "*", NULL, 0, NULL);
      g_object_unref (source);
      for (j = 0; j < 20; j++)
        web_test_post (web_message_channel_get_port1 (channel), j, NULL);
      web_message_port_start (web_message_channel_get_port2 (channel));
      web_test_settle ();
      web_message_port_close (web_message_channel_get_port1 (channel));
      web_test_settle ();
    }

  while (g_atomic_int_get (&receiver.n_received) < N_ROUNDS)
    g_thread_yield ();
  web_test_thread_invoke (&thread, drop_object, receiver.window);
  web_test_thread_stop (&thread);
}

static gpointer
drop_object_thread (gpointer object)
{
  g_object_unref (object);

  return NULL;
}

/* The last reference on a port goes on another thread, while its own context is about to run a task
 * of it: a close event that nothing but the port waits for. */
static void
test_port_is_dropped_elsewhere (void)
{
  int i;

  for (i = 0; i < N_ROUNDS; i++)
    {
      WebMessagePort *port1;
      WebMessagePort *port2;
      GThread        *thread;

      web_test_channel (&port1, &port2);
      g_object_unref (port1);
      thread = g_thread_new ("dropper", drop_object_thread, port2);
      web_test_settle ();
      g_thread_join (thread);
    }
}

static void
test_window_is_dropped_elsewhere (void)
{
  int i, j;

  for (i = 0; i < N_ROUNDS; i++)
    {
      Receiver   receiver = { NULL };
      WebWindow *window;
      GThread   *thread;

      make_window (&receiver);
      window = receiver.window;
      for (j = 0; j < 5; j++)
        web_window_post_message (window, NULL, NULL, "*", NULL, 0, NULL);
      thread = g_thread_new ("dropper", drop_object_thread, window);
      web_test_settle ();
      g_thread_join (thread);
      g_assert_cmpint (receiver.n_received, <=, 5);
    }
}

/* A close event waits for a port that nobody refers to any more: it still comes. */
static gpointer
close_port_thread (gpointer holder)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (WebMessagePort) port = NULL;

  g_main_context_push_thread_default (context);
  port = web_message_port_take_over (holder, NULL);
  web_message_port_close (port);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_close_from_elsewhere_keeps_port (void)
{
  WebTestPair pair = web_test_pair ();
  g_autoptr (GObject) holder = web_message_port_hand_over (pair.port1, NULL);

  web_test_skip_over_sockets ("the end of a channel arrives with the main loop");

  g_thread_join (g_thread_new ("closer", close_port_thread, holder));
  g_clear_object (&pair.port2);
  web_test_settle ();
  web_test_assert_log (pair.log2, "close");
  web_test_pair_clear (&pair);
}

static void
never_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_not_reached ();
}

static gpointer
wait_without_a_loop (gpointer holder)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  WebMessagePort *port;

  g_main_context_push_thread_default (context);
  port = web_message_port_take_over (holder, NULL);
  web_message_port_receive_async (port, cancellable, never_called, NULL);
  web_message_port_receive_async (port, NULL, never_called, NULL);
  g_object_unref (port);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* A waiting call does not keep its main context alive, nor its port when the context is gone. */
static void
test_context_ends_with_waiting_call (void)
{
  WebTestPair pair = web_test_pair ();
  g_autoptr (GObject) holder = web_message_port_hand_over (pair.port2, NULL);

  g_thread_join (g_thread_new ("waiter", wait_without_a_loop, holder));
  web_test_wait_until (pair.log1->n_events > 0);
  web_test_assert_log (pair.log1, "close");
  web_test_pair_clear (&pair);
}

static void
test_hand_over (void)
{
  WebTestPair pair = web_test_pair ();
  g_autoptr (GObject) holder = NULL;
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (WebMessagePort) port = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GError) error = NULL;

  web_test_post (pair.port1, 1, NULL);
  holder = web_message_port_hand_over (pair.port2, &error);
  g_assert_no_error (error);
  g_assert_null (web_message_port_hand_over (pair.port2, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_null (web_message_port_take_over (other, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  port = web_message_port_take_over (holder, &error);
  g_assert_no_error (error);
  g_assert_false (web_message_port_get_started (port));
  g_assert_null (web_message_port_take_over (holder, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  log = web_test_log_new (port);
  web_message_port_start (port);
  web_test_settle ();
  web_test_assert_log (log, "1");
  web_test_pair_clear (&pair);
  web_test_settle ();
  web_test_assert_log (log, "1 close");
}

/* Nobody takes the port over: the channel ends. */
static void
test_hand_over_to_nobody (void)
{
  WebTestPair pair = web_test_pair ();

  g_object_unref (web_message_port_hand_over (pair.port2, NULL));
  web_test_settle ();
  web_test_assert_log (pair.log1, "close");
  web_test_pair_clear (&pair);
}

/* A started port that nobody but its queue refers to can still be given away. */
static WebMessagePort *
drop_but_for_queue (WebMessagePort **port)
{
  WebMessagePort *unowned = *port;

  web_message_port_start (unowned);
  g_clear_object (port);

  return unowned;
}

static void
test_give_unreferenced_port_away (gconstpointer post)
{
  WebTestPair      pair = web_test_pair ();
  WebTestPair      carrier = web_test_pair ();
  WebTransferable *transfer[1];
  g_autoptr (GObject) holder = NULL;
  g_autoptr (GError) error = NULL;

  transfer[0] = WEB_TRANSFERABLE (drop_but_for_queue (&pair.port2));
  if (post != NULL)
    web_message_port_post_message (carrier.port1, NULL, transfer, 1, &error);
  else
    holder = web_message_port_hand_over (WEB_MESSAGE_PORT (transfer[0]), &error);
  g_assert_no_error (error);

  g_clear_object (&holder);
  web_test_pair_clear (&carrier);
  web_test_settle ();
  web_test_assert_log (pair.log1, "close");
  web_test_pair_clear (&pair);
}

/* An object that wraps a port. With @shared, every transfer gives the same port. */
#define TEST_TYPE_WRAPPER (test_wrapper_get_type ())
G_DECLARE_FINAL_TYPE (TestWrapper, test_wrapper, TEST, WRAPPER, GObject)

struct _TestWrapper
{
  GObject         parent_instance;
  WebMessagePort *port;   /* owned, nullable */
  GObject        *shared; /* unowned, nullable */
};

static GObject *
test_wrapper_transfer (WebTransferable *transferable, GError **error)
{
  TestWrapper *self = TEST_WRAPPER (transferable);

  return self->shared != NULL ? g_object_ref (self->shared)
                              : web_message_port_hand_over (self->port, error);
}

static gboolean
test_wrapper_receive (WebTransferable *transferable, GObject *data_holder, GError **error)
{
  TestWrapper *self = TEST_WRAPPER (transferable);

  g_clear_object (&self->port);
  self->port = web_message_port_take_over (data_holder, error);

  return self->port != NULL;
}

static void
test_wrapper_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->transfer = test_wrapper_transfer;
  iface->transfer_receive = test_wrapper_receive;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestWrapper,
                               test_wrapper,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                      test_wrapper_transferable_iface_init))

static void
test_wrapper_finalize (GObject *object)
{
  g_clear_object (&TEST_WRAPPER (object)->port);

  G_OBJECT_CLASS (test_wrapper_parent_class)->finalize (object);
}

static void
test_wrapper_class_init (TestWrapperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_wrapper_finalize;
}

static void
test_wrapper_init (TestWrapper *self)
{
}

/* The ports of an event are those that were in the transfer list, not those inside other objects.
 */
static void
test_object_that_wraps_a_port (void)
{
  WebTestPair pair = web_test_pair ();
  WebTestPair carrier = web_test_pair ();
  g_autoptr (TestWrapper) wrapper = g_object_new (TEST_TYPE_WRAPPER, NULL);
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (wrapper) };
  GObject         *received;
  gsize            n_ports;
  g_autoptr (GError) error = NULL;

  wrapper->port = g_object_ref (pair.port2);
  web_message_port_start (carrier.port2);
  web_message_port_post_message (carrier.port1, NULL, transfer, 1, &error);
  g_assert_no_error (error);
  web_test_settle ();

  g_assert_null (web_message_event_get_ports (carrier.log2->last, &n_ports));
  g_assert_cmpuint (n_ports, ==, 0);
  received = web_message_event_get_object (carrier.log2->last, 0);
  web_test_post (TEST_WRAPPER (received)->port, 1, NULL);
  web_message_port_start (pair.port1);
  web_test_settle ();
  web_test_assert_log (pair.log1, "1");

  web_test_pair_clear (&carrier);
  g_clear_object (&wrapper);
  web_test_pair_clear (&pair);
}

/* One port cannot be in two messages. */
static void
test_objects_that_share_a_port (void)
{
  WebTestPair pair = web_test_pair ();
  WebTestPair carrier = web_test_pair ();
  g_autoptr (GObject) holder = web_message_port_hand_over (pair.port2, NULL);
  g_autoptr (TestWrapper) wrapper = g_object_new (TEST_TYPE_WRAPPER, NULL);
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (wrapper) };
  g_autoptr (GError) error = NULL;

  wrapper->shared = holder;
  g_assert_true (web_message_port_post_message (carrier.port1, NULL, transfer, 1, &error));
  g_assert_no_error (error);
  g_assert_false (web_message_port_post_message (carrier.port2, NULL, transfer, 1, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  web_test_pair_clear (&carrier);
  web_test_settle ();
  web_test_assert_log (pair.log1, "close");
  web_test_pair_clear (&pair);
}

static void
ignore_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
}

/* A handler that is replaced had the last reference on its port. */
static void
test_replaced_handler_drops_port (void)
{
  WebTestPair pair = web_test_pair ();

  g_clear_pointer (&pair.log2, web_test_log_free);
  web_message_port_close (pair.port1);
  web_test_settle ();
  web_message_port_set_on_message (pair.port2, ignore_message, pair.port2, g_object_unref);
  web_message_port_set_on_message (g_steal_pointer (&pair.port2), NULL, NULL, NULL);
  web_test_pair_clear (&pair);
}

/* What is kept of a context that has ended takes no descriptor. */
static void
test_kept_port_of_ended_context (void)
{
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_descriptors = 0;
  int   i;

  for (i = 0; i < 20; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();

      g_main_context_push_thread_default (context);
      g_ptr_array_add (channels, web_message_channel_new ());
      g_main_context_pop_thread_default (context);
      g_clear_pointer (&context, g_main_context_unref);
      if (i == 0)
        n_descriptors = web_test_count_fds ();
    }
  g_assert_cmpuint (web_test_count_fds (), ==, n_descriptors);
}

/* A callback at the end of a main context hands over one of its ports, which lives on elsewhere. */
static GObject *handed_over;

static void
hand_over_notify (gpointer port)
{
  handed_over = web_message_port_hand_over (port, NULL);
  g_object_unref (port);
}

static void
test_hand_over_at_end_of_context (void)
{
  GMainContext *context = g_main_context_new ();
  WebTestPair   other = web_test_pair ();
  WebTestPair   carrier = web_test_pair ();
  g_autoptr (WebMessagePort) port = NULL;
  WebMessagePort *held;

  g_main_context_push_thread_default (context);
  held = web_test_receive_port (web_test_detach_port (g_steal_pointer (&carrier.port2)));
  port = web_test_receive_port (web_test_detach_port (g_steal_pointer (&other.port2)));
  web_message_port_set_on_message (held, ignore_message, g_steal_pointer (&port), hand_over_notify);
  g_object_unref (held);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);

  g_assert_nonnull (handed_over);
  port = web_message_port_take_over (handed_over, NULL);
  web_message_port_start (other.port1);
  web_test_post (port, 1, NULL);
  web_test_settle ();
  web_test_assert_log (other.log1, "1");

  g_clear_object (&handed_over);
  g_clear_object (&port);
  web_test_pair_clear (&carrier);
  web_test_pair_clear (&other);
}

/* A class closes a port that is to be transferred with it, and fails. */
static void
test_put_back_closed_port (void)
{
  WebTestPair      pair = web_test_pair ();
  WebTransferable *port = WEB_TRANSFERABLE (pair.port2);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) holder = web_transferable_transfer (port, &error);

  g_assert_no_error (error);
  web_message_port_close (pair.port2);
  g_assert_true (web_transferable_transfer_receive (port, holder, &error));
  g_assert_no_error (error);
  web_test_settle ();
  web_test_assert_log (pair.log1, "close");
  web_test_pair_clear (&pair);
}

/* Nobody can call back in a context that is gone. */
static void
test_receive_after_context (gconstpointer transferred)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (WebMessageChannel) channel = NULL;
  WebMessagePort *port;
  g_autoptr (GObject) holder = NULL;

  g_main_context_push_thread_default (context);
  channel = web_message_channel_new ();
  g_main_context_pop_thread_default (context);
  port = web_message_channel_get_port1 (channel);
  if (transferred != NULL)
    holder = web_message_port_hand_over (port, NULL);
  g_main_context_unref (context);

  web_message_port_receive_async (port, cancellable, never_called, NULL);
  web_message_port_receive_async (port, NULL, never_called, NULL);
  g_cancellable_cancel (cancellable);
  web_test_settle ();
}

/* Like a binding, holds a toggle reference, whose callback runs when the library takes or drops the
 * second reference. The callback may wait for a lock of its own, so the library must hold none. */
static guint n_toggles;

static void
check_no_lock (gpointer data, GObject *object, gboolean is_last_reference)
{
  g_assert_false (web_private_is_locked ());
  n_toggles++;
}

static gpointer
watch (gpointer object)
{
  g_object_add_toggle_ref (object, check_no_lock, NULL);
  g_object_unref (object);

  return object;
}

static void
unwatch (gpointer object)
{
  g_object_remove_toggle_ref (object, check_no_lock, NULL);
}

static void
ignore_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
}

static void
test_no_reference_under_a_lock (void)
{
  WebWindow         *window = watch (web_window_new (NULL, NULL));
  WebMessageChannel *channel;
  WebMessagePort    *ports[8];
  WebTransferable   *transfer[1];
  guint              i;

  for (i = 0; i < G_N_ELEMENTS (ports); i += 2)
    {
      channel = i < 4 ? web_message_channel_new_for_window (window) : web_message_channel_new ();
      ports[i] = watch (g_object_ref (web_message_channel_get_port1 (channel)));
      ports[i + 1] = watch (g_object_ref (web_message_channel_get_port2 (channel)));
      g_object_unref (channel);
    }

  n_toggles = 0;
  for (i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      web_message_port_start (ports[i]);
      web_test_post (ports[i], i, NULL);
    }
  web_message_port_receive_async (ports[0], NULL, ignore_result, NULL);
  web_window_post_message (window, window, NULL, "*", NULL, 0, NULL);
  web_test_settle ();

  transfer[0] = WEB_TRANSFERABLE (ports[4]);
  web_window_post_message (window, window, NULL, "*", transfer, 1, NULL);
  web_test_post (ports[6], 1, ports[5], NULL);
  web_test_settle ();
  web_message_port_close (ports[6]);
  web_message_port_receive_async (ports[1], NULL, ignore_result, NULL);
  web_window_close (window);
  web_test_settle ();
  g_assert_cmpuint (n_toggles, >, 20);

  for (i = 0; i < G_N_ELEMENTS (ports); i++)
    unwatch (ports[i]);
  unwatch (window);
}

/* An object with nothing but a toggle reference, which another thread drops while this thread is in
 * a callback. A binding does so when it collects garbage on that thread. */
typedef struct
{
  gboolean is_wrapped;
  gboolean is_freed;
  guint    n_dropped;
} Wrapped;

static void drop_elsewhere (gpointer data, GObject *object, gboolean is_last_reference);

static void
note_freed (gpointer data)
{
  ((Wrapped *)data)->is_freed = TRUE;
}

static void
wrap (Wrapped *self, gpointer object)
{
  /* This is called when the object is finalized. */
  g_object_set_data_full (object, "wrapped", self, note_freed);
  g_object_add_toggle_ref (object, drop_elsewhere, self);
  g_object_unref (object);
  self->is_wrapped = TRUE;
}

static gpointer
drop_toggle_reference (gpointer object)
{
  g_object_remove_toggle_ref (object, drop_elsewhere, NULL);

  return NULL;
}

/* The object must be there until the callback returns. */
static void
drop_and_check (Wrapped *self, gpointer object)
{
  g_thread_join (g_thread_new ("dropper", drop_toggle_reference, object));
  self->n_dropped++;
  g_assert_false (self->is_freed);
}

static void
drop_elsewhere (gpointer data, GObject *object, gboolean is_last_reference)
{
  if (is_last_reference && ((Wrapped *)data)->is_wrapped)
    drop_and_check (data, object);
}

static void
assert_dropped_elsewhere (Wrapped *self)
{
  web_test_settle ();
  g_assert_cmpuint (self->n_dropped, ==, 1);
  g_assert_true (self->is_freed);
}

static void
test_toggle_reference_is_dropped_elsewhere (void)
{
  Wrapped         wrapped = { FALSE };
  WebMessagePort *port1, *port2;

  web_test_channel (&port1, &port2);
  wrap (&wrapped, port2);
  g_object_unref (port1);
  assert_dropped_elsewhere (&wrapped);
}

/* The queue of the port has a reference until the port is told of the end. */
static void
test_toggle_reference_of_held_port (void)
{
  Wrapped         wrapped = { FALSE };
  WebMessagePort *port1, *port2;

  web_test_channel (&port1, &port2);
  wrap (&wrapped, port2);
  web_message_port_close (port1);
  assert_dropped_elsewhere (&wrapped);
  g_object_unref (port1);
}

static void
test_toggle_reference_of_window (void)
{
  Wrapped    wrapped = { FALSE };
  WebWindow *window = web_window_new (NULL, NULL);

  web_window_post_message (window, NULL, NULL, "*", NULL, 0, NULL);
  wrap (&wrapped, window);
  assert_dropped_elsewhere (&wrapped);
}

/* A realm whose garbage collector runs on another thread. */
typedef struct
{
  WebPrivateRealm *realm;
  WebEventTarget  *target; /* %NULL while it is garbage */
  guint64          number;
  Wrapped          garbage;
  gpointer         dropped; /* unowned, nullable: garbage that is freed while it is looked for */
  guint            n_finds;
} Collector;

static int
deserialize_nothing (WebMessageEvent *event, const guint8 *cbor, gsize size, gpointer user_data)
{
  return 1;
}

static WebEventTarget *
find_target (guint64 number, gpointer user_data)
{
  Collector *self = user_data;

  g_assert_false (web_private_is_locked ());
  g_assert_cmpuint (number, ==, self->number);
  self->n_finds++;
  if (self->dropped != NULL)
    drop_and_check (&self->garbage, g_steal_pointer (&self->dropped));

  return self->target != NULL ? g_object_ref (self->target) : NULL;
}

static void
collector_init (Collector *self, gpointer target)
{
  self->realm = web_private_realm_new (WEB_PRIVATE_VERSION, deserialize_nothing, NULL, NULL, NULL);
  web_private_realm_set_find (self->realm, find_target, self, NULL);
  web_private_realm_adopt (self->realm, target);
  self->number = web_private_realm_track (self->realm, target);
  g_assert_cmpuint (self->number, ==, web_private_realm_track (self->realm, target));
  self->target = target;
}

static void
test_target_is_found_in_its_realm (void)
{
  Collector       port = { NULL }, window = { NULL };
  WebMessagePort *port1, *port2;
  WebWindow      *received = web_window_new (NULL, NULL);
  WebTestLog     *port_log, *window_log;

  web_test_channel (&port1, &port2);
  collector_init (&port, port2);
  collector_init (&window, received);
  port_log = web_test_log_new (port2);
  window_log = web_test_log_new (received);

  g_object_unref (port1);
  web_window_post_message (received, NULL, NULL, "*", NULL, 0, NULL);
  web_test_settle ();
  web_test_assert_log (port_log, "close");
  web_test_assert_log (window_log, "-");
  g_assert_cmpuint (port.n_finds, ==, 1);
  g_assert_cmpuint (window.n_finds, ==, 1);

  web_test_log_free (port_log);
  web_test_log_free (window_log);
  g_assert_finalize_object (port2);
  g_assert_finalize_object (received);
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, port.realm);
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, window.realm);
}

/* A target that the collector has found to be garbage is told nothing until it is freed, at that
 * moment or later. */
static void
test_garbage_is_told_nothing (gconstpointer is_freed_meanwhile)
{
  Collector       collector = { NULL };
  WebMessagePort *port1, *port2;
  WebTestLog     *log;

  web_test_channel (&port1, &port2);
  collector_init (&collector, port2);
  log = web_test_log_new (port2);
  wrap (&collector.garbage, port2);
  collector.target = NULL;
  if (is_freed_meanwhile != NULL)
    collector.dropped = port2;

  g_object_unref (port1);
  web_test_settle ();
  g_assert_cmpuint (collector.n_finds, >, 0);
  if (is_freed_meanwhile == NULL)
    {
      web_test_assert_log (log, "");
      drop_toggle_reference (port2);
      web_test_settle ();
    }
  g_assert_true (collector.garbage.is_freed);
  web_test_log_free (log);
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, collector.realm);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ownership/the receiver of a message drops its source",
                   test_source_is_dropped_by_receiver);
  g_test_add_func ("/ownership/another thread drops a port that is about to be told",
                   test_port_is_dropped_elsewhere);
  g_test_add_func ("/ownership/another thread drops a window that has messages",
                   test_window_is_dropped_elsewhere);
  g_test_add_func ("/ownership/a port that another thread closes hears of it unreferenced",
                   test_close_from_elsewhere_keeps_port);
  g_test_add_func ("/ownership/a main context ends with a waiting call",
                   test_context_ends_with_waiting_call);
  g_test_add_func ("/ownership/a port is handed over once", test_hand_over);
  g_test_add_func ("/ownership/a port that nobody takes over is closed", test_hand_over_to_nobody);
  g_test_add_data_func ("/ownership/a port that only its queue refers to is handed over", NULL,
                        test_give_unreferenced_port_away);
  g_test_add_data_func ("/ownership/a port that only its queue refers to is posted", "post",
                        test_give_unreferenced_port_away);
  g_test_add_func ("/ownership/an object that wraps a port is not a port",
                   test_object_that_wraps_a_port);
  g_test_add_func ("/ownership/one port cannot be in two messages", test_objects_that_share_a_port);
  g_test_add_func ("/ownership/a handler that is replaced drops its port",
                   test_replaced_handler_drops_port);
  g_test_add_func ("/ownership/a port of a main context that has ended takes no descriptor",
                   test_kept_port_of_ended_context);
  g_test_add_func ("/ownership/a port leaves a context that ends",
                   test_hand_over_at_end_of_context);
  g_test_add_func ("/ownership/a port that is closed before it is put back ends its channel",
                   test_put_back_closed_port);
  g_test_add_data_func ("/ownership/a call after the end of its main context does nothing", NULL,
                        test_receive_after_context);
  g_test_add_data_func ("/ownership/the same at a transferred port", "transferred",
                        test_receive_after_context);
  g_test_add_func ("/ownership/no reference is taken or dropped under a lock",
                   test_no_reference_under_a_lock);
  g_test_add_func ("/ownership/another thread drops a toggle reference during its callback",
                   test_toggle_reference_is_dropped_elsewhere);
  g_test_add_func ("/ownership/the same at a port that its queue refers to",
                   test_toggle_reference_of_held_port);
  g_test_add_func ("/ownership/the same at a window", test_toggle_reference_of_window);
  g_test_add_func ("/ownership/a target is found in its realm", test_target_is_found_in_its_realm);
  g_test_add_data_func ("/ownership/a port that is garbage is told nothing", NULL,
                        test_garbage_is_told_nothing);
  g_test_add_data_func ("/ownership/the same while it is freed", "freed",
                        test_garbage_is_told_nothing);

  return g_test_run ();
}
