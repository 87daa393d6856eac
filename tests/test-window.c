/* test-window.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* HTML, web-messaging.html#posting-messages */

#include "web-test.h"

typedef struct
{
  WebWindow  *sender;
  WebWindow  *receiver;
  WebTestLog *log;
} Fixture;

static WebWindow *
new_window (const char *url)
{
  g_autoptr (GError) error = NULL;
  WebWindow *window = web_window_new (url, &error);

  g_assert_no_error (error);

  return window;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->sender = new_window ("https://sender.example/page");
  self->receiver = new_window ("https://receiver.example:8443/page");
  self->log = web_test_log_new (self->receiver);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  web_test_log_free (self->log);
  g_assert_finalize_object (self->sender);
  g_assert_finalize_object (self->receiver);
}

static void
post (Fixture *self, int number, const char *target_origin)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (web_window_post_message (self->receiver, self->sender,
                                          g_variant_new_int32 (number), target_origin, NULL, 0,
                                          &error));
  g_assert_no_error (error);
}

static void
test_post_event (Fixture *self, gconstpointer data)
{
  WebMessageEvent *event;

  post (self, 1, "*");
  web_test_assert_log (self->log, "");
  web_test_settle ();
  web_test_assert_log (self->log, "1");

  event = self->log->last;
  g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (event)), ==, "message");
  g_assert_true (web_event_get_is_trusted (WEB_EVENT (event)));
  g_assert_false (web_event_get_bubbles (WEB_EVENT (event)));
  g_assert_cmpstr (web_message_event_get_origin (event), ==, "https://sender.example");
  g_assert_true (web_message_event_get_source (event) == WEB_MESSAGE_EVENT_SOURCE (self->sender));
  g_assert_cmpstr (web_message_event_get_last_event_id (event), ==, "");
  g_clear_object (&self->log->last);
}

static void
test_post_target_origin (Fixture *self, gconstpointer data)
{
  post (self, 1, "https://receiver.example:8443");
  post (self, 2, "https://receiver.example:8443/another/path");
  post (self, 3, "https://receiver.example");
  post (self, 4, "http://receiver.example:8443");
  post (self, 5, "/");
  post (self, 6, NULL);
  post (self, 7, "data:,");
  post (self, 8, "*");
  web_test_settle ();
  web_test_assert_log (self->log, "1 2 8");
}

static void
test_post_solidus (Fixture *self, gconstpointer data)
{
  web_window_set_origin (self->sender, web_window_get_origin (self->receiver));
  post (self, 1, "/");
  post (self, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log, "1 2");
  g_assert_cmpstr (web_message_event_get_origin (self->log->last), ==,
                   "https://receiver.example:8443");
  g_clear_object (&self->log->last);
}

static void
test_post_opaque_origins (void)
{
  g_autoptr (WebWindow) window = new_window (NULL);
  g_autoptr (WebWindow) same = web_window_new_for_origin (web_window_get_origin (window));
  g_autoptr (WebWindow) other = new_window ("data:,");
  g_autoptr (WebTestLog) log = web_test_log_new (window);

  g_assert_true (web_window_post_message (window, window, NULL, "/", NULL, 0, NULL));
  web_test_settle ();
  g_assert_cmpstr (web_message_event_get_origin (log->last), ==, "null");
  g_assert_true (web_window_post_message (window, same, NULL, "/", NULL, 0, NULL));
  g_assert_true (web_window_post_message (window, other, NULL, "/", NULL, 0, NULL));
  web_test_settle ();
  web_test_assert_log (log, "- -");
  g_clear_object (&log->last);
}

/* The origin that counts is that of the window when the task runs. */
static void
test_post_origin_at_delivery (Fixture *self, gconstpointer data)
{
  g_autoptr (WebOrigin) origin = web_origin_new_for_url ("https://other.example", NULL);

  post (self, 1, "https://receiver.example:8443");
  post (self, 2, "https://other.example");
  web_window_set_origin (self->receiver, origin);
  web_test_settle ();
  web_test_assert_log (self->log, "2");
  g_clear_object (&self->log->last);
}

static void
test_post_invalid_target_origin (Fixture *self, gconstpointer data)
{
  static const char *const invalid[] = { "", "receiver.example", "**", "https://", "//receiver" };
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  WebTransferable *transfer[1];
  g_autoptr (GError) error = NULL;
  gsize i;

  web_test_channel (&port1, &port2);
  transfer[0] = WEB_TRANSFERABLE (port1);
  for (i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_assert_false (web_window_post_message (self->receiver, self->sender,
                                               g_variant_new_int32 (1), invalid[i], transfer, 1,
                                               &error));
      web_test_assert_error (error, WEB_MESSAGING_ERROR_SYNTAX);
    }
  g_assert_false (web_transferable_is_detached (transfer[0]));
  web_test_settle ();
  web_test_assert_log (self->log, "");
}

static void
test_post_without_source (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
    web_window_post_message (self->receiver, NULL, g_variant_new_int32 (1), "*", NULL, 0, &error));
  web_test_settle ();
  web_test_assert_log (self->log, "1");
  g_assert_cmpstr (web_message_event_get_origin (self->log->last), ==, "null");
  g_assert_null (web_message_event_get_source (self->log->last));

  g_assert_false (
    web_window_post_message (self->receiver, NULL, g_variant_new_int32 (1), "/", NULL, 0, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_SYNTAX);
}

static void
test_post_errors (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  WebTransferable *transfer[2];
  g_autoptr (GError) error = NULL;

  web_test_channel (&port1, &port2);
  transfer[0] = WEB_TRANSFERABLE (port1);
  transfer[1] = WEB_TRANSFERABLE (port1);
  g_assert_false (
    web_window_post_message (self->receiver, self->sender, NULL, "*", transfer, 2, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (web_window_post_message (self->receiver, self->sender, g_variant_new_handle (1),
                                           "*", transfer, 1, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (web_transferable_is_detached (transfer[0]));
}

static void
test_post_port (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebMessagePort) received = NULL;
  g_autoptr (WebTestLog) log = NULL;
  WebTransferable *transfer[1];

  web_test_channel (&port1, &port2);
  transfer[0] = WEB_TRANSFERABLE (port2);
  web_test_post (port1, 1, NULL);
  g_assert_true (
    web_window_post_message (self->receiver, self->sender, NULL, "*", transfer, 1, NULL));
  web_test_settle ();
  received = web_test_log_steal_port (self->log);
  log = web_test_log_new (received);
  web_message_port_start (received);
  web_test_settle ();
  web_test_assert_log (log, "1");

  /* A message for another origin is lost with what it carries. */
  transfer[0] = WEB_TRANSFERABLE (received);
  g_clear_pointer (&log, web_test_log_free);
  log = web_test_log_new (port1);
  g_assert_true (web_window_post_message (self->receiver, self->sender, NULL, "https://a.example",
                                          transfer, 1, NULL));
  web_test_settle ();
  web_test_assert_log (log, "close");
}

static void
test_post_serialized (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebSerializedData) message = NULL;
  WebTransferable *transfer[1];
  g_autoptr (GError) error = NULL;

  web_test_channel (&port1, &port2);
  transfer[0] = WEB_TRANSFERABLE (port2);
  message = web_serialized_data_new (g_variant_new_int32 (1), transfer, 1, NULL, 0, NULL);

  /* A wrong origin does not use the message up. */
  g_assert_false (
    web_window_post_serialized (self->receiver, self->sender, message, "nowhere", &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_SYNTAX);
  g_assert_true (web_window_post_serialized (self->receiver, self->sender, message, "*", &error));
  g_assert_no_error (error);
  g_assert_false (web_window_post_serialized (self->receiver, self->sender, message, "*", &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  web_test_settle ();
  web_test_assert_log (self->log, "1");
  g_clear_object (&self->log->last);
}

static void
test_close_drops_messages (Fixture *self, gconstpointer data)
{
  gboolean closed;

  post (self, 1, "*");
  g_assert_false (web_window_get_closed (self->receiver));
  web_window_close (self->receiver);
  g_object_get (self->receiver, "closed", &closed, NULL);
  g_assert_true (closed);
  post (self, 2, "*");
  web_window_close (self->receiver);
  web_test_settle ();
  web_test_assert_log (self->log, "");
}

static void
close_window (WebWindow *window, WebMessageEvent *event, gpointer user_data)
{
  web_window_close (window);
}

static void
test_close_in_handler (Fixture *self, gconstpointer data)
{
  g_signal_connect (self->receiver, "message", G_CALLBACK (close_window), NULL);
  post (self, 1, "*");
  post (self, 2, "*");
  web_test_settle ();
  web_test_assert_log (self->log, "1");
  g_clear_object (&self->log->last);
}

/* Ports that a window has made or received close with it, and their messages are dropped. */
static void
test_close_closes_ports (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new_for_window (self->receiver);
  g_autoptr (WebMessagePort) made = g_object_ref (web_message_channel_get_port1 (channel));
  g_autoptr (WebMessagePort) elsewhere = NULL;
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebMessagePort) inner1 = NULL;
  g_autoptr (WebMessagePort) inner2 = NULL;
  g_autoptr (WebMessagePort) received = NULL;
  g_autoptr (WebMessagePort) received_inner = NULL;
  g_autoptr (WebTestLog) made_log = web_test_log_new (made);
  g_autoptr (WebTestLog) log1 = NULL;
  g_autoptr (WebTestLog) inner_log1 = NULL;
  g_autoptr (WebTestLog) received_log = NULL;
  g_autoptr (WebTestLog) elsewhere_log = NULL;
  WebTransferable *transfer[1];

  web_test_channel (&port1, &port2);
  web_test_channel (&inner1, &inner2);
  log1 = web_test_log_new (port1);
  inner_log1 = web_test_log_new (inner1);

  /* A port that comes through the window, and one that comes through that port. */
  transfer[0] = WEB_TRANSFERABLE (port2);
  g_assert_true (
    web_window_post_message (self->receiver, self->sender, NULL, "*", transfer, 1, NULL));
  web_test_settle ();
  received = web_test_log_steal_port (self->log);
  received_log = web_test_log_new (received);
  web_message_port_start (received);
  web_test_post (port1, 0, inner2, NULL);
  web_test_settle ();
  received_inner = web_test_log_steal_port (received_log);

  /* A port that leaves the window stays open. */
  transfer[0] = WEB_TRANSFERABLE (web_message_channel_get_port2 (channel));
  g_assert_true (
    web_window_post_message (self->sender, self->receiver, NULL, "*", transfer, 1, NULL));
  elsewhere_log = web_test_log_new (self->sender);
  web_test_settle ();
  elsewhere = web_test_log_steal_port (elsewhere_log);
  g_clear_pointer (&elsewhere_log, web_test_log_free);
  elsewhere_log = web_test_log_new (elsewhere);

  web_message_port_start (made);
  web_test_post (elsewhere, 5, NULL);
  web_test_post (port1, 6, NULL);
  web_window_close (self->receiver);
  web_test_settle ();
  web_test_assert_log (log1, "close");
  web_test_assert_log (inner_log1, "close");
  web_test_assert_log (elsewhere_log, "close");
  web_test_assert_log (made_log, "");
  web_test_assert_log (received_log, "0");
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (received_inner)));
}

static void
test_drop_closes_ports (void)
{
  WebWindow *window = new_window ("https://a.example");
  g_autoptr (WebMessageChannel) channel = web_message_channel_new_for_window (window);
  WebMessagePort *port1 = web_message_channel_get_port1 (channel);

  web_message_port_start (port1);
  web_test_post (web_message_channel_get_port2 (channel), 1, NULL);
  g_assert_finalize_object (window);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (port1)));
  web_test_settle ();
}

/* A window that stands for an object elsewhere. */

#define TEST_TYPE_REMOTE_WINDOW (test_remote_window_get_type ())
G_DECLARE_FINAL_TYPE (TestRemoteWindow, test_remote_window, TEST, REMOTE_WINDOW, WebWindow)

struct _TestRemoteWindow
{
  WebWindow          parent_instance;
  char              *target_origin;
  char              *source_origin;
  WebSerializedData *message;
};

G_DEFINE_FINAL_TYPE (TestRemoteWindow, test_remote_window, WEB_TYPE_WINDOW)

static void
test_remote_window_queue_message (WebWindow         *window,
                                  WebSerializedData *message,
                                  WebOrigin         *target_origin,
                                  WebWindow         *source,
                                  WebOrigin         *source_origin)
{
  TestRemoteWindow *self = TEST_REMOTE_WINDOW (window);

  self->message = web_serialized_data_ref (message);
  self->source_origin = web_origin_serialize (source_origin);
  self->target_origin = target_origin != NULL ? web_origin_serialize (target_origin) : NULL;
}

static void
test_remote_window_finalize (GObject *object)
{
  TestRemoteWindow *self = TEST_REMOTE_WINDOW (object);

  g_free (self->target_origin);
  g_free (self->source_origin);
  web_serialized_data_unref (self->message);
  G_OBJECT_CLASS (test_remote_window_parent_class)->finalize (object);
}

static void
test_remote_window_class_init (TestRemoteWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_remote_window_finalize;
  WEB_WINDOW_CLASS (klass)->queue_message = test_remote_window_queue_message;
}

static void
test_remote_window_init (TestRemoteWindow *self)
{
}

static void
test_derived_window (Fixture *self, gconstpointer data)
{
  g_autoptr (TestRemoteWindow) remote = g_object_new (TEST_TYPE_REMOTE_WINDOW, NULL);

  g_assert_true (web_window_post_message (WEB_WINDOW (remote), self->sender,
                                          g_variant_new_int32 (7), "https://far.example/x", NULL, 0,
                                          NULL));
  g_assert_cmpstr (remote->target_origin, ==, "https://far.example");
  g_assert_cmpstr (remote->source_origin, ==, "https://sender.example");
  g_assert_cmpint (g_variant_get_int32 (web_test_get_value (remote->message, NULL)), ==, 7);
}

static void
assert_port_in_message (WebSerializedData *message)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;

  web_serialized_data_deserialize (message, &value, &objects, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_variant_get_handle (value), ==, 0);
  g_assert_cmpuint (objects->len, ==, 1);
  g_assert_true (WEB_IS_MESSAGE_PORT (objects->pdata[0]));
  g_assert_false (web_serialized_data_deserialize (message, NULL, NULL, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
}

/* Only the derived window deserializes its message, with the objects in it. */
static void
test_derived_window_deserializes (Fixture *self, gconstpointer data)
{
  g_autoptr (TestRemoteWindow) remote = g_object_new (TEST_TYPE_REMOTE_WINDOW, NULL);
  g_autoptr (TestRemoteWindow) remote2 = g_object_new (TEST_TYPE_REMOTE_WINDOW, NULL);
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebSerializedData) message = NULL;
  WebTransferable *transfer[1];
  g_autoptr (GError) error = NULL;

  web_test_channel (&port1, &port2);
  transfer[0] = WEB_TRANSFERABLE (port1);
  g_assert_true (web_window_post_message (WEB_WINDOW (remote), self->sender,
                                          g_variant_new_handle (0), "*", transfer, 1, NULL));
  assert_port_in_message (remote->message);

  transfer[0] = WEB_TRANSFERABLE (port2);
  message = web_serialized_data_new (g_variant_new_handle (0), transfer, 1, NULL, 0, NULL);
  g_assert_true (
    web_window_post_serialized (WEB_WINDOW (remote2), self->sender, message, "*", &error));
  g_assert_no_error (error);
  /* The poster has given it away. */
  g_assert_false (web_serialized_data_deserialize (message, NULL, NULL, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  assert_port_in_message (remote2->message);
}

/* A port that was given up takes its endpoint back after its window was closed. */
static void
test_close_with_port_on_the_way (Fixture *self, gconstpointer data)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new_for_window (self->receiver);
  WebMessagePort *port = web_message_channel_get_port1 (channel);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) data_holder = web_transferable_transfer (WEB_TRANSFERABLE (port), &error);

  g_assert_no_error (error);
  web_message_port_start (port);
  web_window_close (self->receiver);
  g_assert_true (web_transferable_transfer_receive (WEB_TRANSFERABLE (port), data_holder, &error));
  g_assert_no_error (error);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (port)));
  g_assert_true (web_message_port_get_closed (port));
  web_test_settle ();
}

/* Each window has a message that only it refers to, whose source is the next one. */
static void
test_chain_of_windows (void)
{
  WebWindow *first = new_window (NULL);
  WebWindow *window = first;
  guint      i;

  for (i = 0; i < 100000; i++)
    {
      WebWindow *next = new_window (NULL);

      g_assert_true (web_window_post_message (window, next, NULL, "*", NULL, 0, NULL));
      if (window != first)
        g_object_unref (window);
      window = next;
    }
  g_object_unref (window);
  g_assert_finalize_object (first);
}

#define add(name, function) g_test_add ("/window/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("post/event", test_post_event);
  add ("post/target-origin", test_post_target_origin);
  add ("post/solidus", test_post_solidus);
  g_test_add_func ("/window/post/opaque-origins", test_post_opaque_origins);
  add ("post/origin-at-delivery", test_post_origin_at_delivery);
  add ("post/invalid-target-origin", test_post_invalid_target_origin);
  add ("post/without-source", test_post_without_source);
  add ("post/errors", test_post_errors);
  add ("post/port", test_post_port);
  add ("post/serialized", test_post_serialized);
  add ("close/drops-messages", test_close_drops_messages);
  add ("close/in-handler", test_close_in_handler);
  add ("close/closes-ports", test_close_closes_ports);
  g_test_add_func ("/window/close/drop-closes-ports", test_drop_closes_ports);
  add ("close/with-port-on-the-way", test_close_with_port_on_the_way);
  g_test_add_func ("/window/close/chain-of-sources", test_chain_of_windows);
  add ("derived", test_derived_window);
  add ("derived-deserializes", test_derived_window_deserializes);

  return g_test_run ();
}
