/* test-threads.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Ports in several threads. */

#include "web-test-thread.h"
#include <webmessaging/bindings/web-private.h>

typedef struct
{
  GObject *data_holder; /* what the thread receives when it starts */
  gpointer user_data;
} Start;

static void
echo (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_assert_true (
    web_message_port_post_message (port, web_message_event_get_data (event), NULL, 0, NULL));
}

/* A port that lives on in the thread by itself: its queue holds it. */
static gboolean
start_echo (gpointer data_holder)
{
  g_autoptr (WebMessagePort) port = web_test_receive_port (data_holder);

  web_message_port_set_on_message (port, echo, NULL, NULL);

  return G_SOURCE_REMOVE;
}

static void
post_next (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  int *n = user_data;

  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==, *n);
  if (++*n < 2000)
    web_test_post (port, *n, NULL);
}

static void
test_round_trips (void)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  WebMessagePort *port2;
  WebTestThread   thread;
  int             n = 0;

  web_test_thread_start (&thread);
  web_test_channel (&port1, &port2);
  web_message_port_set_on_message (port1, post_next, &n, NULL);
  web_test_thread_invoke (&thread, start_echo, web_test_detach_port (port2));
  web_test_post (port1, 0, NULL);
  web_test_wait_until (n == 2000);

  web_message_port_close (port1);
  web_test_thread_stop (&thread);
}

enum
{
  N_PRODUCERS = 4,
  N_NUMBERS = 5000
};

static gboolean
produce (gpointer data_holder)
{
  g_autoptr (WebMessagePort) port = web_test_receive_port (data_holder);
  int i;

  for (i = 0; i < N_NUMBERS; i++)
    web_test_post (port, i, NULL);

  /* The last reference goes: the other side gets `close` after all the numbers. */
  return G_SOURCE_REMOVE;
}

static void
check_number (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  int *expected = user_data;

  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==, *expected);
  (*expected)++;
}

static void
check_all_arrived (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  int *expected = user_data;

  g_assert_cmpint (*expected, ==, N_NUMBERS);
  *expected = -1;
}

static void
test_producers (void)
{
  WebTestThread   threads[N_PRODUCERS];
  WebMessagePort *ports[N_PRODUCERS];
  int             expected[N_PRODUCERS] = { 0 };
  int             i;

  for (i = 0; i < N_PRODUCERS; i++)
    {
      WebMessagePort *port2;

      web_test_thread_start (&threads[i]);
      web_test_channel (&ports[i], &port2);
      g_signal_connect (ports[i], "close", G_CALLBACK (check_all_arrived), &expected[i]);
      web_message_port_set_on_message (ports[i], check_number, &expected[i], NULL);
      web_test_thread_invoke (&threads[i], produce, web_test_detach_port (port2));
    }
  for (i = 0; i < N_PRODUCERS; i++)
    {
      web_test_wait_until (expected[i] == -1);
      g_assert_finalize_object (ports[i]);
      web_test_thread_stop (&threads[i]);
    }
}

enum
{
  N_PORTS = 4,
  N_ORDERED = 100000
};

static void
check_order (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  int *expected = user_data;

  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==,
                   g_atomic_int_get (expected));
  if (g_atomic_int_add (expected, 1) + 1 == N_ORDERED)
    g_main_context_wakeup (NULL);
}

static gboolean
start_checking_order (gpointer user_data)
{
  Start *start = user_data;
  g_autoptr (WebMessagePort) port = web_test_receive_port (start->data_holder);

  web_message_port_set_on_message (port, check_order, start->user_data, NULL);

  return G_SOURCE_REMOVE;
}

/* What one thread posts to several ports of a context arrives in the order of the posts, also where
 * the context takes what came before at the same time. */
static void
test_order_across_ports (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  WebMessagePort *ports[N_PORTS];
  Start           starts[N_PORTS];
  WebTestThread   thread;
  int             expected = 0;
  int             i;

  web_test_skip_over_sockets ("channels are in order each for itself");

  web_test_thread_start (&thread);
  for (i = 0; i < N_PORTS; i++)
    {
      WebMessagePort *port2;

      web_test_channel (&ports[i], &port2);
      starts[i].data_holder = web_test_detach_port (port2);
      starts[i].user_data = &expected;
      web_test_thread_invoke (&thread, start_checking_order, &starts[i]);
    }
  /* All are there before the first message. */
  web_test_thread_invoke (&thread, web_test_thread_quit, thread.loop);
  g_thread_join (thread.thread);
  thread.thread = g_thread_new ("web-test", web_test_thread_run, &thread);

  for (i = 0; i < N_ORDERED; i++)
    web_test_post (ports[g_rand_int_range (rand, 0, N_PORTS)], i, NULL);
  web_test_wait_until (g_atomic_int_get (&expected) == N_ORDERED);

  for (i = 0; i < N_PORTS; i++)
    {
      web_message_port_close (ports[i]);
      g_object_unref (ports[i]);
    }
  web_test_thread_stop (&thread);
}

/* The thread ends, and its context with it, while messages are on their way to it. */
static void
test_thread_ends (void)
{
  int i;

  for (i = 0; i < 100; i++)
    {
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebTestLog) log = NULL;
      WebMessagePort *port2;
      WebTestThread   thread;
      int             n;

      web_test_thread_start (&thread);
      web_test_channel (&port1, &port2);
      log = web_test_log_new (port1);
      web_test_thread_invoke (&thread, start_echo, web_test_detach_port (port2));
      for (n = 0; n < i; n++)
        web_test_post (port1, n, NULL);
      web_test_thread_invoke (&thread, web_test_thread_quit, thread.loop);
      for (n = 0; n < 50; n++)
        web_test_post (port1, n, NULL);
      web_test_thread_stop (&thread);
      web_message_port_start (port1);
      web_test_wait_until (g_str_has_suffix (log->text->str, "close"));
    }
}

static gpointer
end_context (gpointer data)
{
  Start          *start = data;
  GMainContext   *context = g_main_context_new ();
  WebMessagePort *port;

  g_main_context_push_thread_default (context);
  port = web_test_receive_port (start->data_holder);
  web_message_port_set_on_message (port, echo, NULL, NULL);
  g_object_unref (port);
  g_atomic_int_set ((int *)start->user_data, TRUE);
  g_main_context_iteration (context, FALSE);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);

  return NULL;
}

/* The context is finalized in its thread while this one posts to it. */
static void
test_context_ends_while_posting (void)
{
  int i;

  for (i = 0; i < 200; i++)
    {
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebTestLog) log = NULL;
      WebMessagePort *port2;
      GThread        *thread;
      Start           start = { 0 };
      int             ready = FALSE;

      web_test_channel (&port1, &port2);
      log = web_test_log_new (port1);
      start.data_holder = web_test_detach_port (port2);
      start.user_data = &ready;
      thread = g_thread_new ("web-test", end_context, &start);
      while (!g_atomic_int_get (&ready))
        web_test_post (port1, 0, NULL);
      web_message_port_start (port1);
      web_test_wait_until (
        (web_test_post (port1, 0, NULL), g_str_has_suffix (log->text->str, "close")));
      g_thread_join (thread);
    }
}

static gpointer
unref_in_thread (gpointer port)
{
  g_object_unref (port);

  return NULL;
}

/* Any thread may drop the last reference to a port, even while the port is told to deliver. */
static void
test_last_reference_in_another_thread (void)
{
  int i;

  for (i = 0; i < 200; i++)
    {
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebTestLog) log = NULL;
      WebMessagePort *port2;
      GThread        *thread;

      web_test_channel (&port1, &port2);
      log = web_test_log_new (port1);
      web_message_port_receive_async (port2, NULL, NULL, NULL);
      web_test_post (port1, 1, NULL);
      thread = g_thread_new ("web-test", unref_in_thread, port2);
      web_test_wait_until (log->n_events == 1);
      web_test_assert_log (log, "close");
      g_thread_join (thread);
    }
}

static void
reply_to_source (WebWindow *window, WebMessageEvent *event, gpointer user_data)
{
  WebWindow       *source = WEB_WINDOW (web_message_event_get_source (event));
  gsize            n_ports;
  WebMessagePort **ports = web_message_event_get_ports (event, &n_ports);
  g_autoptr (GError) error = NULL;

  g_assert_true (web_window_post_message (source, window, web_message_event_get_data (event),
                                          web_message_event_get_origin (event),
                                          (WebTransferable *const *)ports, n_ports, &error));
  g_assert_no_error (error);
}

static gboolean
make_window (gpointer user_data)
{
  WebWindow **window = user_data;
  WebWindow  *new_window = web_window_new ("https://thread.example", NULL);

  g_signal_connect (new_window, "message", G_CALLBACK (reply_to_source), NULL);
  g_atomic_pointer_set (window, new_window);
  g_main_context_wakeup (NULL);

  return G_SOURCE_REMOVE;
}

/* A window may be posted to from any thread, and its answer comes back. */
static void
test_windows (void)
{
  g_autoptr (WebWindow) here = web_window_new ("https://main.example", NULL);
  g_autoptr (WebTestLog) log = web_test_log_new (here);
  WebWindow    *there = NULL;
  WebTestThread thread;
  int           i;

  web_test_thread_start (&thread);
  web_test_thread_invoke (&thread, make_window, &there);
  web_test_wait_until (g_atomic_pointer_get (&there) != NULL);

  for (i = 0; i < 100; i++)
    {
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebMessagePort) port2 = NULL;
      g_autoptr (WebMessagePort) back = NULL;
      g_autoptr (WebTestLog) port_log = NULL;
      WebTransferable *transfer[1];
      guint            n_events = log->n_events;

      web_test_channel (&port1, &port2);
      transfer[0] = WEB_TRANSFERABLE (port2);
      g_assert_true (web_window_post_message (there, here, g_variant_new_int32 (i),
                                              "https://thread.example", transfer, 1, NULL));
      web_test_post (port1, i, NULL);
      web_test_wait_until (log->n_events > n_events);
      g_assert_cmpstr (web_message_event_get_origin (log->last), ==, "https://thread.example");
      g_assert_true (web_message_event_get_source (log->last) == WEB_MESSAGE_EVENT_SOURCE (there));

      /* A port has been to the other thread and back. */
      back = web_test_log_steal_port (log);
      port_log = web_test_log_new (back);
      web_message_port_start (back);
      web_test_wait_until (port_log->n_events == 1);
      web_message_port_close (back);
    }

  web_test_thread_stop (&thread);
  g_object_unref (there);
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return NULL;
}

static void
count_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessageEvent) event =
    web_message_port_receive_finish (WEB_MESSAGE_PORT (source), result, &error);

  if (event == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_string_append (user_data, event != NULL ? "m" : "c");
}

/* Either the call gets the message, or the next one does. */
static void
test_cancel_receive_from_another_thread (void)
{
  int i;

  for (i = 0; i < 2000; i++)
    {
      g_autoptr (WebMessagePort) port1 = NULL;
      g_autoptr (WebMessagePort) port2 = NULL;
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GString) done = g_string_new (NULL);
      GThread *thread;

      web_test_channel (&port1, &port2);
      web_message_port_receive_async (port2, cancellable, count_done, done);
      thread = g_thread_new ("web-test", cancel_in_thread, cancellable);
      web_test_post (port1, 1, NULL);
      web_test_wait_until (done->len == 1);
      if (done->str[0] == 'c')
        {
          web_message_port_receive_async (port2, NULL, count_done, done);
          web_test_wait_until (done->len == 2);
          g_assert_cmpstr (done->str, ==, "cm");
        }
      g_thread_join (thread);
      web_message_port_close (port1);
      web_test_settle ();
    }
}

/* The other form of a value is made once, whoever asks for it first. */
#define N_READERS 4

static gpointer
read_both_forms (gpointer user_data)
{
  WebSerializedData **messages = user_data;
  guint               i;

  for (i = 0; messages[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = web_serialized_data_to_bytes (messages[i], NULL);

      g_assert_nonnull (web_test_get_value (messages[i], NULL));
      g_assert_nonnull (web_private_get_cbor (messages[i]));
      g_assert_nonnull (bytes);
    }

  return NULL;
}

static void
test_forms_of_a_value (void)
{
  WebSerializedData *messages[201] = { NULL };
  GThread           *threads[N_READERS];
  guint              i;

  for (i = 0; i < 200; i++)
    {
      g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new ("(is)", i, "text"));

      messages[i] = web_serialized_data_new (value, NULL, 0, NULL, 0, NULL);
      if (i % 2 == 1)
        {
          WebSerializedData *message =
            web_private_serialize_cbor (web_private_get_cbor (messages[i]), NULL, 0, NULL, 0, NULL,
                                        0, NULL);

          web_serialized_data_unref (messages[i]);
          messages[i] = message;
        }
    }

  for (i = 0; i < N_READERS; i++)
    threads[i] = g_thread_new ("reader", read_both_forms, messages);
  for (i = 0; i < N_READERS; i++)
    g_thread_join (threads[i]);
  for (i = 0; i < 200; i++)
    web_serialized_data_unref (messages[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/threads/forms-of-a-value", test_forms_of_a_value);
  g_test_add_func ("/threads/round-trips", test_round_trips);
  g_test_add_func ("/threads/producers", test_producers);
  g_test_add_func ("/threads/order-across-ports", test_order_across_ports);
  g_test_add_func ("/threads/thread-ends", test_thread_ends);
  g_test_add_func ("/threads/context-ends-while-posting", test_context_ends_while_posting);
  g_test_add_func ("/threads/last-reference-in-another-thread",
                   test_last_reference_in_another_thread);
  g_test_add_func ("/threads/windows", test_windows);
  g_test_add_func ("/threads/cancel-receive", test_cancel_receive_from_another_thread);

  return g_test_run ();
}
