/* test-transfer.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* HTML, web-messaging.html#message-ports: transfer steps and transfer-receiving steps. */

#include "web-test-ports.h"

/* A pair to send ports through: what is posted at its first port arrives at the log of the second.
 */
static WebTestPair
carrier_new (void)
{
  WebTestPair self = web_test_pair ();

  web_message_port_start (self.port2);

  return self;
}

static void
test_undelivered_messages_go_along (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebMessagePort) received = NULL;
  g_autoptr (WebTestLog) old_log = NULL;
  g_autoptr (WebTestLog) log = NULL;

  web_test_channel (&port1, &port2);
  old_log = web_test_log_new (port2);
  web_message_port_start (port2);

  web_test_post (port1, 1, NULL);
  received = web_test_carry (&carrier, port2);
  g_assert_true (received != port2);
  web_test_post (port1, 2, NULL);
  web_test_settle ();

  /* The new port is not started, and the old one gets nothing. */
  log = web_test_log_new (received);
  web_test_settle ();
  web_test_assert_log (log, "");
  web_message_port_start (received);
  web_test_post (port1, 3, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1 2 3");
  web_test_assert_log (old_log, "");

  web_message_port_close (port1);
}

static void
test_outgoing_messages_stay_in_order (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebMessagePort) received = NULL;
  g_autoptr (WebTestLog) log = NULL;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);

  web_test_post (port1, 1, NULL);
  received = web_test_carry (&carrier, port1);
  web_test_post (port1, 99, NULL);
  web_test_post (received, 2, NULL);
  web_message_port_start (port2);
  web_test_settle ();
  web_test_assert_log (log, "1 2");

  web_message_port_close (received);
  web_test_settle ();
  web_test_assert_log (log, "1 2 close");
}

static void
test_many_hops (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  WebMessagePort *port2;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);
  int i;

  web_test_channel (&port1, &port2);
  for (i = 0; i < 100; i++)
    {
      WebMessagePort *received;

      web_test_post (port1, i, NULL);
      g_string_append_printf (expected, "%s%d", i > 0 ? " " : "", i);
      received = web_test_carry (&carrier, port2);
      g_assert_finalize_object (port2);
      port2 = received;
    }
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  web_test_settle ();
  web_test_assert_log (log, expected->str);

  web_message_port_close (port1);
  web_test_settle ();
  g_clear_pointer (&log, web_test_log_free);
  g_assert_finalize_object (port2);
}

static void
transfer_self (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  WebTestLog *log = g_object_get_data (G_OBJECT (port), "log");

  web_test_log_message (NULL, event, log);
  if (g_variant_get_int32 (web_message_event_get_data (event)) == 2)
    web_test_post (user_data, 0, port, NULL);
}

/* The rest of a batch that is being delivered goes to the new port. */
static void
test_transfer_during_dispatch (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebMessagePort) received = NULL;
  g_autoptr (WebTestLog) old_log = NULL;
  g_autoptr (WebTestLog) log = NULL;
  int i;

  web_test_channel (&port1, &port2);
  old_log = web_test_log_new (port2);
  g_signal_handlers_disconnect_by_data (port2, old_log);
  g_object_set_data (G_OBJECT (port2), "log", old_log);
  web_message_port_set_on_message (port2, transfer_self, carrier.port1, NULL);
  for (i = 1; i <= 4; i++)
    web_test_post (port1, i, NULL);
  web_test_settle ();
  web_test_assert_log (old_log, "1 2");

  received = web_test_log_steal_port (carrier.log2);
  log = web_test_log_new (received);
  web_message_port_start (received);
  web_test_settle ();
  web_test_assert_log (log, "3 4");

  web_message_port_close (port1);
}

/* A port that is sent through a port that is itself in flight. */
static void
test_nested_in_flight (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (WebMessagePort) outer1 = NULL;
  g_autoptr (WebMessagePort) outer2 = NULL;
  g_autoptr (WebMessagePort) inner1 = NULL;
  g_autoptr (WebMessagePort) inner2 = NULL;
  g_autoptr (WebMessagePort) outer = NULL;
  g_autoptr (WebMessagePort) inner = NULL;
  g_autoptr (WebTestLog) outer_log = NULL;
  g_autoptr (WebTestLog) inner_log = NULL;

  web_test_channel (&outer1, &outer2);
  web_test_channel (&inner1, &inner2);

  web_test_post (inner1, 1, NULL);
  web_test_post (carrier.port1, 0, outer2, NULL);
  web_test_post (outer1, 0, inner2, NULL);
  web_test_post (inner1, 2, NULL);
  web_test_settle ();

  outer = web_test_log_steal_port (carrier.log2);
  outer_log = web_test_log_new (outer);
  web_message_port_start (outer);
  web_test_settle ();
  inner = web_test_log_steal_port (outer_log);
  inner_log = web_test_log_new (inner);
  web_message_port_start (inner);
  web_test_post (inner1, 3, NULL);
  web_test_settle ();
  web_test_assert_log (inner_log, "1 2 3");

  web_message_port_close (outer1);
  web_message_port_close (inner1);
}

static void
test_both_ports_of_a_channel (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  WebMessagePort **ports;
  gsize            n_ports;

  web_test_channel (&port1, &port2);
  web_test_post (port1, 1, NULL);
  web_test_post (carrier.port1, 0, port2, port1, NULL);
  web_test_settle ();

  /* In the order of the transfer list, and still entangled with each other. */
  ports = web_message_event_get_ports (carrier.log2->last, &n_ports);
  g_assert_cmpuint (n_ports, ==, 2);
  log = web_test_log_new (ports[0]);
  web_message_port_start (ports[0]);
  web_test_post (ports[1], 2, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1 2");

  web_message_port_close (ports[1]);
  web_test_settle ();
  web_test_assert_log (log, "1 2 close");
}

/* The ports in a lost message are not leaked: their other sides get close events. */
static void
test_lost_in_flight (void)
{
  g_autoptr (WebMessagePort) kept1 = NULL;
  g_autoptr (WebMessagePort) kept2 = NULL;
  g_autoptr (WebMessagePort) lost1 = NULL;
  g_autoptr (WebMessagePort) lost2 = NULL;
  g_autoptr (WebMessagePort) carrier1 = NULL;
  WebMessagePort *carrier2;
  g_autoptr (WebTestLog) kept_log = NULL;
  g_autoptr (WebTestLog) lost_log = NULL;

  web_test_channel (&kept1, &kept2);
  web_test_channel (&lost1, &lost2);
  web_test_channel (&carrier1, &carrier2);
  kept_log = web_test_log_new (kept1);
  lost_log = web_test_log_new (lost1);

  web_test_post (carrier1, 0, lost2, NULL);
  web_test_post (lost1, 0, kept2, NULL);
  g_assert_finalize_object (carrier2);
  web_test_settle ();
  web_test_assert_log (lost_log, "close");
  web_test_assert_log (kept_log, "close");
}

/* Two ports that travel in each other's queue: no one could ever receive either. */
static void
test_doomed_in_a_circle (void)
{
  g_autoptr (WebMessagePort) a1 = NULL;
  g_autoptr (WebMessagePort) a2 = NULL;
  g_autoptr (WebMessagePort) b1 = NULL;
  g_autoptr (WebMessagePort) b2 = NULL;
  g_autoptr (WebTestLog) a_log = NULL;
  g_autoptr (WebTestLog) b_log = NULL;

  web_test_skip_over_sockets ("the kernel finds circles, when it needs descriptors");

  web_test_channel (&a1, &a2);
  web_test_channel (&b1, &b2);
  a_log = web_test_log_new (a1);
  b_log = web_test_log_new (b1);

  web_test_post (a1, 0, b2, NULL);
  web_test_post (b1, 0, a2, NULL);
  web_test_settle ();
  web_test_assert_log (a_log, "close");
  web_test_assert_log (b_log, "close");
}

/* Freeing must not take a stack frame for each level. */
static void
test_deep_nesting (void)
{
  /* Over sockets each level needs descriptors. */
  const int       depth = web_test_over_sockets () ? 100 : 100000;
  WebMessagePort *outermost;
  WebMessagePort *inner;
  int             i;

  web_test_channel (&outermost, &inner);
  for (i = 0; i < depth; i++)
    {
      WebMessagePort *port1;
      WebMessagePort *port2;

      /* @inner goes into the queue of @port2, which is the next to go. */
      web_test_channel (&port1, &port2);
      web_test_post (port1, 0, inner, NULL);
      g_object_unref (inner);
      g_object_unref (port1);
      inner = port2;
    }
  g_object_unref (inner);
  web_test_settle ();
  g_object_unref (outermost);
}

/* An application's own transferable: a token that has one owner at a time. */

#define TEST_TYPE_TOKEN (test_token_get_type ())
G_DECLARE_FINAL_TYPE (TestToken, test_token, TEST, TOKEN, GObject)

struct _TestToken
{
  GObject  parent_instance;
  int      value; /* 0 when detached */
  gboolean fails;
};

static gboolean
test_token_is_detached (WebTransferable *transferable)
{
  return TEST_TOKEN (transferable)->value == 0;
}

static GObject *
test_token_transfer (WebTransferable *transferable, GError **error)
{
  TestToken *self = TEST_TOKEN (transferable);
  GObject   *data_holder;

  if (self->fails)
    return NULL;

  data_holder = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data (data_holder, "value", GINT_TO_POINTER (self->value));
  self->value = 0;

  return data_holder;
}

static gboolean
test_token_receive (WebTransferable *transferable, GObject *data_holder, GError **error)
{
  int value = GPOINTER_TO_INT (g_object_get_data (data_holder, "value"));

  if (value == 13)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "13 is unlucky");
      return FALSE;
    }

  TEST_TOKEN (transferable)->value = value;

  return TRUE;
}

static GVariant *
test_token_export (WebTransferable *transferable,
                   GObject         *data_holder,
                   GUnixFDList     *fd_list,
                   GError         **error)
{
  return g_variant_new_int32 (GPOINTER_TO_INT (g_object_get_data (data_holder, "value")));
}

static GObject *
test_token_import (WebTransferable *transferable,
                   GVariant        *value,
                   GUnixFDList     *fd_list,
                   GError         **error)
{
  GObject *data_holder = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_set_data (data_holder, "value", GINT_TO_POINTER (g_variant_get_int32 (value)));

  return data_holder;
}

static void
test_token_transferable_iface_init (WebTransferableInterface *iface)
{
  iface->export_data_holder = test_token_export;
  iface->import_data_holder = test_token_import;
  iface->is_detached = test_token_is_detached;
  iface->transfer = test_token_transfer;
  iface->transfer_receive = test_token_receive;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestToken,
                               test_token,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEB_TYPE_TRANSFERABLE,
                                                      test_token_transferable_iface_init))

static void
test_token_class_init (TestTokenClass *klass)
{
}

static void
test_token_init (TestToken *self)
{
}

static TestToken *
test_token_new (int value)
{
  TestToken *self = g_object_new (TEST_TYPE_TOKEN, NULL);

  self->value = value;

  return self;
}

static void
test_application_transferable (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (TestToken) token = test_token_new (7);
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  GObject *received;
  gsize    n_ports;

  web_test_channel (&port1, &port2);
  web_test_post (carrier.port1, 0, token, port2, NULL);
  g_assert_cmpint (token->value, ==, 0);
  web_test_settle ();

  received = web_message_event_get_object (carrier.log2->last, 0);
  g_assert_true (TEST_IS_TOKEN (received));
  g_assert_true (received != G_OBJECT (token));
  g_assert_cmpint (TEST_TOKEN (received)->value, ==, 7);

  /* Only the port is among the ports, but handles count them all. */
  g_assert_true (web_message_event_get_object (carrier.log2->last, 1) ==
                 G_OBJECT (web_message_event_get_ports (carrier.log2->last, &n_ports)[0]));
  g_assert_cmpuint (n_ports, ==, 1);
}

static void
test_failing_receive_is_a_messageerror (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (TestToken) token = test_token_new (13);
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port1);
  web_test_post (carrier.port1, 5, port2, token, NULL);
  web_test_post (carrier.port1, 6, NULL);
  web_test_settle ();
  web_test_assert_log (carrier.log2, "messageerror 6");
  /* The objects that came with the message are lost, and not leaked. */
  web_test_assert_log (log, "close");
}

static void
receive_error_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_null (web_message_port_receive_finish (WEB_MESSAGE_PORT (source), result, error));
}

static void
test_failing_receive_async (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (TestToken) token = test_token_new (13);
  g_autoptr (GError) error = NULL;

  web_message_port_receive_async (carrier.port2, NULL, receive_error_cb, &error);
  web_test_post (carrier.port1, 5, token, NULL);
  web_test_wait_until (error != NULL);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  web_test_assert_log (carrier.log2, "");
}

/* A transfer list is transferred as a whole or not at all. */
static void
test_failing_transfer_puts_back (void)
{
  g_auto (WebTestPair) carrier = carrier_new ();
  g_autoptr (TestToken) good = test_token_new (7);
  g_autoptr (TestToken) bad = test_token_new (8);
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (WebTestLog) log = NULL;
  g_autoptr (GError) error = NULL;
  WebTransferable *transfer[3];

  web_test_channel (&port1, &port2);
  log = web_test_log_new (port2);
  web_message_port_start (port2);
  web_test_post (port1, 1, NULL);

  bad->fails = TRUE;
  transfer[0] = WEB_TRANSFERABLE (port2);
  transfer[1] = WEB_TRANSFERABLE (good);
  transfer[2] = WEB_TRANSFERABLE (bad);
  g_assert_false (web_message_port_post_message (carrier.port1, NULL, transfer, 3, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_cmpint (good->value, ==, 7);
  g_assert_false (web_transferable_is_detached (transfer[0]));

  /* The port is started as it was, and has lost nothing. */
  web_test_post (port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (log, "1 2");
  web_test_assert_log (carrier.log2, "");

  web_message_port_close (port1);
}

static void
test_port_receives_only_a_port (void)
{
  g_autoptr (WebMessagePort) port = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);
  g_autoptr (WebMessagePort) port1 = NULL;
  g_autoptr (WebMessagePort) port2 = NULL;
  g_autoptr (GObject) data_holder = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) port_holder = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (web_transferable_transfer_receive (WEB_TRANSFERABLE (port), data_holder, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);

  web_test_channel (&port1, &port2);
  port_holder = web_transferable_transfer (WEB_TRANSFERABLE (port1), &error);
  g_assert_no_error (error);
  g_assert_null (web_transferable_transfer (WEB_TRANSFERABLE (port1), &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (
    web_transferable_transfer_receive (WEB_TRANSFERABLE (port2), port_holder, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_true (web_transferable_transfer_receive (WEB_TRANSFERABLE (port), port_holder, &error));
  g_assert_no_error (error);
  g_assert_false (
    web_transferable_transfer_receive (WEB_TRANSFERABLE (port1), port_holder, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_DATA_CLONE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transfer/undelivered-messages-go-along", test_undelivered_messages_go_along);
  g_test_add_func ("/transfer/outgoing-messages-in-order", test_outgoing_messages_stay_in_order);
  g_test_add_func ("/transfer/many-hops", test_many_hops);
  g_test_add_func ("/transfer/during-dispatch", test_transfer_during_dispatch);
  g_test_add_func ("/transfer/nested-in-flight", test_nested_in_flight);
  g_test_add_func ("/transfer/both-ports-of-a-channel", test_both_ports_of_a_channel);
  g_test_add_func ("/transfer/lost-in-flight", test_lost_in_flight);
  g_test_add_func ("/transfer/doomed-in-a-circle", test_doomed_in_a_circle);
  g_test_add_func ("/transfer/deep-nesting", test_deep_nesting);
  g_test_add_func ("/transfer/application-transferable", test_application_transferable);
  g_test_add_func ("/transfer/failing-receive", test_failing_receive_is_a_messageerror);
  g_test_add_func ("/transfer/failing-receive-async", test_failing_receive_async);
  g_test_add_func ("/transfer/failing-transfer-puts-back", test_failing_transfer_puts_back);
  g_test_add_func ("/transfer/port-receives-only-a-port", test_port_receives_only_a_port);

  return g_test_run ();
}
