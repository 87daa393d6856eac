/* test-bindings.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How the bindings of languages listen, and run main contexts. */

#include <poll.h>
#include <unistd.h>

#include "web-test-ports.h"

#include <glib-unix.h>
#include <webmessaging/bindings/web-private-listener.h>
#include <webmessaging/bindings/web-private-watch.h>
#include <webmessaging/bindings/web-private.h>

static WebPrivateWatch *
watch_new (void)
{
  g_autoptr (GError) error = NULL;
  WebPrivateWatch *watch = web_private_watch_new (&error);

  g_assert_no_error (error);

  return watch;
}

static void
watch_free (WebPrivateWatch *watch)
{
  g_boxed_free (WEB_PRIVATE_TYPE_WATCH, watch);
}

/* Runs the watch as an event loop of another kind does, until a condition holds. */
#define run_until(watch, condition)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    for (;;)                                                                                       \
      {                                                                                            \
        struct pollfd poll_fd = { web_private_watch_get_fd (watch), POLLIN, 0 };                   \
        int           timeout = web_private_watch_iterate (watch);                                 \
                                                                                                   \
        if (condition)                                                                             \
          break;                                                                                   \
        poll (&poll_fd, 1, timeout);                                                               \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

static gboolean
is_readable (WebPrivateWatch *watch)
{
  struct pollfd fd = { .fd = web_private_watch_get_fd (watch), .events = POLLIN };

  return poll (&fd, 1, 0) == 1;
}

static gboolean
count_and_go_on (gpointer user_data)
{
  ++*(guint *)user_data;

  return G_SOURCE_CONTINUE;
}

static gboolean
count_once (gpointer user_data)
{
  ++*(guint *)user_data;

  return G_SOURCE_REMOVE;
}

static void
test_watch_messages (WebTestPair *self, gconstpointer data)
{
  WebPrivateWatch *watch = watch_new ();

  web_test_pair_start (self);
  web_test_post (self->port1, 1, NULL);
  run_until (watch, self->log2->text->len > 0);
  g_assert_cmpint (web_private_watch_iterate (watch), ==, -1);
  g_assert_false (is_readable (watch));

  /* A post while nothing runs makes the descriptor readable. */
  web_test_post (self->port1, 2, NULL);
  g_assert_true (is_readable (watch));
  g_assert_cmpint (web_private_watch_iterate (watch), ==, -1);
  web_test_assert_log (self->log2, "1 2");

  watch_free (watch);
}

static gpointer
echo_thread (gpointer handed_over)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  WebPrivateWatch *watch;
  WebMessagePort  *port;
  WebTestLog      *log;

  g_main_context_push_thread_default (context);
  watch = watch_new ();
  port = web_message_port_take_over (handed_over, NULL);
  log = web_test_log_new (port);
  web_message_port_start (port);
  while (!web_message_port_get_closed (port))
    {
      run_until (watch, log->text->len > 0);
      g_string_truncate (log->text, 0);
      web_test_post (port, 0, NULL);
    }

  watch_free (watch);
  web_test_log_free (log);
  g_object_unref (port);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* Each side sleeps before the other one posts: a wake-up that is lost makes the test hang. */
static void
test_watch_threads (WebTestPair *self, gconstpointer data)
{
  WebPrivateWatch *watch = watch_new ();
  GObject         *handed_over = web_message_port_hand_over (self->port2, NULL);
  GThread         *thread;
  guint            i;

  web_message_port_start (self->port1);
  thread = g_thread_new ("echo", echo_thread, handed_over);
  for (i = 0; i < 2000; i++)
    {
      web_test_post (self->port1, 1, NULL);
      run_until (watch, self->log1->text->len > 0);
      g_string_truncate (self->log1->text, 0);
    }

  web_message_port_close (self->port1);
  g_thread_join (thread);
  g_object_unref (handed_over);
  watch_free (watch);
}

static void
test_watch_timeouts (void)
{
  WebPrivateWatch *watch = watch_new ();
  guint            n = 0;
  int              wait;

  g_assert_cmpint (web_private_watch_iterate (watch), ==, -1);
  g_timeout_add (30, count_once, &n);
  wait = web_private_watch_iterate (watch);
  g_assert_cmpint (wait, >=, 0);
  g_assert_cmpint (wait, <=, 30);
  run_until (watch, n > 0);
  g_assert_cmpint (web_private_watch_iterate (watch), ==, -1);

  watch_free (watch);
}

static gboolean
read_one (gint fd, GIOCondition condition, gpointer user_data)
{
  char byte;

  g_assert_cmpint (read (fd, &byte, 1), ==, 1);
  ++*(guint *)user_data;

  return G_SOURCE_REMOVE;
}

/* A descriptor may be closed, and another one gets its number. */
static void
test_watch_descriptors (void)
{
  WebPrivateWatch *watch = watch_new ();
  guint            i, n = 0;

  for (i = 0; i < 3; i++)
    {
      int fds[2];

      g_assert_cmpint (pipe (fds), ==, 0);
      g_unix_fd_add (fds[0], G_IO_IN, read_one, &n);
      g_assert_cmpint (web_private_watch_iterate (watch), ==, -1);
      g_assert_false (is_readable (watch));
      g_assert_cmpint (write (fds[1], "", 1), ==, 1);
      g_assert_true (is_readable (watch));
      g_assert_cmpint (web_private_watch_iterate (watch), ==, -1);
      g_assert_cmpuint (n, ==, i + 1);
      close (fds[0]);
      close (fds[1]);
    }

  watch_free (watch);
}

static void
test_watch_has_turns (void)
{
  WebPrivateWatch *watch = watch_new ();
  guint            n = 0;
  guint            id = g_idle_add (count_and_go_on, &n);

  g_assert_cmpint (web_private_watch_iterate (watch), ==, 0);
  g_assert_cmpuint (n, >, 0);
  g_source_remove (id);
  g_assert_cmpint (web_private_watch_iterate (watch), ==, -1);

  watch_free (watch);
}

typedef struct
{
  GString *text;
  guint    n_destroyed;
} Calls;

static void
listen_cb (WebEventTarget *target, WebEvent *event, guint id, gpointer user_data)
{
  Calls *calls = user_data;

  g_string_append_printf (calls->text, "%s %u;", web_event_get_event_type (event), id);
}

static void
receive_cb (WebEventTarget *target, GAsyncResult *result, gpointer user_data)
{
  Calls *calls = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessageEvent) event =
    web_message_port_receive_finish (WEB_MESSAGE_PORT (target), result, &error);

  if (event != NULL)
    g_string_append_printf (calls->text, "%d;",
                            g_variant_get_int32 (web_message_event_get_data (event)));
  else
    g_string_append_printf (calls->text, "%s %d;", g_quark_to_string (error->domain), error->code);
}

static void
destroy_cb (gpointer user_data)
{
  ((Calls *)user_data)->n_destroyed++;
}

static void
assert_calls (Calls *calls, const char *expected)
{
  g_assert_cmpstr (calls->text->str, ==, expected);
  g_string_truncate (calls->text, 0);
}

static void
dispatch (WebEventTarget *target, const char *type)
{
  g_autoptr (WebEvent) event = web_event_new (type);

  web_event_target_dispatch_event (target, event, NULL);
}

static void
test_listener (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  Calls               calls = { g_string_new (NULL), 0 };
  WebPrivateListener *listener = web_private_listener_new (listen_cb, &calls, destroy_cb);
  guint               first, once;
  g_autofree char    *expected = NULL;

  first = web_private_listener_add (listener, target, "a", WEB_LISTENER_NONE);
  once = web_private_listener_add (listener, target, "a", WEB_LISTENER_ONCE);
  web_private_listener_set_handler (listener, target, "a", TRUE);
  web_private_listener_set_handler (listener, target, "b", TRUE);
  dispatch (target, "a");
  expected = g_strdup_printf ("a %u;a %u;a 0;", first, once);
  assert_calls (&calls, expected);

  /* Only the target keeps the listener. */
  g_boxed_free (WEB_PRIVATE_TYPE_LISTENER, listener);
  g_assert_true (web_event_target_remove_event_listener (target, first));
  dispatch (target, "a");
  dispatch (target, "b");
  assert_calls (&calls, "a 0;b 0;");
  g_assert_cmpuint (calls.n_destroyed, ==, 0);
  g_assert_finalize_object (g_steal_pointer (&target));
  g_assert_cmpuint (calls.n_destroyed, ==, 1);
  g_string_free (calls.text, TRUE);
}

static void
test_receive (WebTestPair *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Calls               calls = { g_string_new (NULL), 0 };
  WebPrivateListener *listener = web_private_listener_new (listen_cb, &calls, destroy_cb);
  g_autofree char    *expected = NULL;

  web_private_listener_set_receive_func (listener, receive_cb, &calls, destroy_cb);
  web_test_post (self->port1, 1, NULL);
  web_private_listener_receive (listener, WEB_EVENT_TARGET (self->port2), NULL);
  web_test_wait_until (calls.text->len > 0);
  assert_calls (&calls, "1;");

  /* A call that is cancelled does not take a message. */
  web_private_listener_receive (listener, WEB_EVENT_TARGET (self->port2), cancellable);
  g_cancellable_cancel (cancellable);
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  expected = g_strdup_printf ("g-io-error-quark %d;", G_IO_ERROR_CANCELLED);
  assert_calls (&calls, expected);
  web_private_listener_receive (listener, WEB_EVENT_TARGET (self->port2), NULL);
  g_boxed_free (WEB_PRIVATE_TYPE_LISTENER, listener);
  g_assert_cmpuint (calls.n_destroyed, ==, 0);
  web_test_wait_until (calls.n_destroyed == 2);
  assert_calls (&calls, "2;");
  g_string_free (calls.text, TRUE);
}

static void
test_release_ports (void)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebMessagePort *port1 = g_object_ref (web_message_channel_get_port1 (channel));
  WebMessagePort *port2 = g_object_ref (web_message_channel_get_port2 (channel));

  web_private_release_ports (G_OBJECT (channel));
  web_private_release_ports (G_OBJECT (channel));
  g_assert_true (web_message_channel_get_port1 (channel) == port1);
  g_assert_finalize_object (port1);
  g_assert_null (web_message_channel_get_port1 (channel));
  g_assert_finalize_object (g_steal_pointer (&channel));
  g_assert_finalize_object (port2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  web_test_add_pair ("/bindings/watch/messages", test_watch_messages);
  web_test_add_pair ("/bindings/watch/threads", test_watch_threads);
  g_test_add_func ("/bindings/watch/timeouts", test_watch_timeouts);
  g_test_add_func ("/bindings/watch/descriptors", test_watch_descriptors);
  g_test_add_func ("/bindings/watch/has turns", test_watch_has_turns);
  g_test_add_func ("/bindings/listener", test_listener);
  web_test_add_pair ("/bindings/receive", test_receive);
  g_test_add_func ("/bindings/release ports", test_release_ports);

  return g_test_run ();
}
