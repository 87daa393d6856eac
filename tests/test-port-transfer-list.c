/* test-port-transfer-list.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The transfer list of a post, and the handles that refer to it. HTML,
 * web-messaging.html#message-port-post-message-steps */

#include "web-test-ports.h"

static void
test_post_source_port_in_transfer (WebTestPair *self, gconstpointer data)
{
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (self->port1) };

  web_message_port_start (self->port2);
  web_test_assert_post_fails (self->port1, g_variant_new_int32 (1), transfer, 1,
                              WEB_MESSAGING_ERROR_DATA_CLONE);

  /* The channel is as it was. */
  web_test_post (self->port1, 2, NULL);
  web_test_settle ();
  web_test_assert_log (self->log2, "2");
}

static void
test_post_target_port_in_transfer (WebTestPair *self, gconstpointer data)
{
  web_message_port_start (self->port1);
  web_message_port_start (self->port2);

  /* No error: the port is transferred into a message that nobody can receive. */
  web_test_post (self->port1, 1, self->port2, NULL);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (self->port2)));
  web_test_settle ();
  web_test_assert_log (self->log2, "");
  web_test_assert_log (self->log1, "close");
}

static void
test_post_null_in_transfer (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();
  WebTransferable *transfer[2] = { NULL };

  transfer[0] = WEB_TRANSFERABLE (other.port1);
  web_test_assert_post_fails (self->port1, NULL, transfer, 2, WEB_MESSAGING_ERROR_INVALID_ARGUMENT);
  g_assert_false (web_transferable_is_detached (transfer[0]));
}

static void
test_post_same_port_twice (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();
  WebTransferable *transfer[3];

  transfer[0] = WEB_TRANSFERABLE (other.port1);
  transfer[1] = WEB_TRANSFERABLE (other.port2);
  transfer[2] = WEB_TRANSFERABLE (other.port1);
  web_test_assert_post_fails (self->port1, NULL, transfer, 3, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (web_transferable_is_detached (transfer[0]));
  g_assert_false (web_transferable_is_detached (transfer[1]));
}

static void
test_post_detached_port (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();
  g_auto (WebTestPair) third = web_test_pair ();
  WebTransferable *transfer[2];

  web_test_post (self->port1, 1, other.port1, NULL);

  transfer[0] = WEB_TRANSFERABLE (third.port1);
  transfer[1] = WEB_TRANSFERABLE (other.port1);
  web_test_assert_post_fails (self->port1, NULL, transfer, 2, WEB_MESSAGING_ERROR_DATA_CLONE);
  /* Nothing was half transferred. */
  g_assert_false (web_transferable_is_detached (transfer[0]));
}

static void
test_post_bad_handles (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();
  WebTransferable *transfer[1];

  transfer[0] = WEB_TRANSFERABLE (other.port1);
  web_test_assert_post_fails (self->port1, g_variant_new_handle (1), transfer, 1,
                              WEB_MESSAGING_ERROR_DATA_CLONE);
  web_test_assert_post_fails (self->port1, g_variant_new_handle (-1), transfer, 1,
                              WEB_MESSAGING_ERROR_DATA_CLONE);
  web_test_assert_post_fails (self->port1, g_variant_new_handle (0), NULL, 0,
                              WEB_MESSAGING_ERROR_DATA_CLONE);
  web_test_assert_post_fails (self->port1,
                              g_variant_new_parsed ("{'a': <[<1>, <(true, handle 7)>]>}"), transfer,
                              1, WEB_MESSAGING_ERROR_DATA_CLONE);
  g_assert_false (web_transferable_is_detached (transfer[0]));

  web_message_port_start (self->port2);
  web_test_settle ();
  web_test_assert_log (self->log2, "");
}

static void
test_handles_stand_for_ports (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) a = web_test_pair ();
  g_auto (WebTestPair) b = web_test_pair ();
  WebTransferable *transfer[2];
  WebMessagePort **ports;
  gsize            n_ports;

  transfer[0] = WEB_TRANSFERABLE (a.port2);
  transfer[1] = WEB_TRANSFERABLE (b.port2);
  web_message_port_start (self->port2);
  g_assert_true (
    web_message_port_post_message (self->port1,
                                   g_variant_new_parsed ("{'b': <handle 1>, 'again': <handle 1>}"),
                                   transfer, 2, NULL));
  web_test_settle ();

  ports = web_message_event_get_ports (self->log2->last, &n_ports);
  g_assert_cmpuint (n_ports, ==, 2);
  g_assert_true (web_message_event_get_object (self->log2->last, 0) == G_OBJECT (ports[0]));
  g_assert_true (web_message_event_get_object (self->log2->last, 1) == G_OBJECT (ports[1]));
  g_assert_null (web_message_event_get_object (self->log2->last, 2));
  g_assert_null (web_message_event_get_object (self->log2->last, -1));
  /* The same array each time. */
  g_assert_true (ports == web_message_event_get_ports (self->log2->last, &n_ports));
}

static void
test_post_to_nobody_still_transfers (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) other = web_test_pair ();

  web_message_port_close (self->port2);
  web_test_post (self->port1, 1, other.port1, NULL);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (other.port1)));
  web_test_settle ();
  web_test_assert_log (other.log2, "close");
}

#define add(title, function) web_test_add_pair ("/message-port/transfer-list/" title, function)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("a port cannot be sent through itself", test_post_source_port_in_transfer);
  add ("a port that is sent to itself is lost with its channel", test_post_target_port_in_transfer);
  add ("NULL in the list is a TypeError", test_post_null_in_transfer);
  add ("a port that stands twice in the list is a DataCloneError", test_post_same_port_twice);
  add ("a list with a detached port transfers nothing", test_post_detached_port);
  add ("a handle without an entry in the list is a DataCloneError", test_post_bad_handles);
  add ("handles stand for the ports of the list", test_handles_stand_for_ports);
  add ("a post to nobody transfers the ports all the same", test_post_to_nobody_still_transfers);

  return g_test_run ();
}
