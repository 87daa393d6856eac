/* web-test-ports.h: a pair of ports to test with
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-test.h"

/* The two ports of a channel, not started, and a log of their events. */
typedef struct
{
  WebMessagePort *port1; /* owned, %NULL once the test has dropped it */
  WebMessagePort *port2;
  WebTestLog     *log1;
  WebTestLog     *log2;
} WebTestPair;

static inline WebTestPair
web_test_pair (void)
{
  WebTestPair self;

  web_test_channel (&self.port1, &self.port2);
  self.log1 = web_test_log_new (self.port1);
  self.log2 = web_test_log_new (self.port2);

  return self;
}

static inline void
web_test_pair_start (WebTestPair *self)
{
  web_message_port_start (self->port1);
  web_message_port_start (self->port2);
}

/* Closes what is open, and checks that nothing else refers to either port. */
static inline void
web_test_pair_clear (WebTestPair *self)
{
  if (self->port1 != NULL)
    web_message_port_close (self->port1);
  if (self->port2 != NULL)
    web_message_port_close (self->port2);
  web_test_settle ();
  g_clear_pointer (&self->log1, web_test_log_free);
  g_clear_pointer (&self->log2, web_test_log_free);
  if (self->port1 != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->port1));
  if (self->port2 != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->port2));
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebTestPair, web_test_pair_clear)

/* A pair as the fixture of a test. */

static inline void
web_test_pair_set_up (WebTestPair *self, gconstpointer data)
{
  *self = web_test_pair ();
}

static inline void
web_test_pair_tear_down (WebTestPair *self, gconstpointer data)
{
  web_test_pair_clear (self);
}

#define web_test_add_pair(path, function)                                                          \
  g_test_add (path, WebTestPair, NULL, web_test_pair_set_up, function, web_test_pair_tear_down)

static inline void
web_test_assert_post_fails (WebMessagePort   *port,
                            GVariant         *message,
                            WebTransferable **transfer,
                            gsize             n_transfer,
                            WebMessagingError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (web_message_port_post_message (port, message, transfer, n_transfer, &error));
  web_test_assert_error (error, code);
}

/* Posts @port at the first port of @carrier and returns the one that arrives at the second one,
 * which must be started. */
static inline WebMessagePort *
web_test_carry (WebTestPair *carrier, WebMessagePort *port)
{
  web_test_post (carrier->port1, 0, port, NULL);
  g_assert_true (web_transferable_is_detached (WEB_TRANSFERABLE (port)));
  web_test_settle ();

  return web_test_log_steal_port (carrier->log2);
}
