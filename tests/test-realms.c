/* test-realms.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Several realms in one process, as if scripts of two languages ran in it. */

#include "web-test-ports.h"

#include <webmessaging/bindings/web-private.h>

/* A language: its values are the letter of the realm and the bytes of the message. */
typedef struct
{
  char             letter;
  gboolean         refuses;
  gboolean         freed;
  GString         *log;
  WebPrivateRealm *realm;
} Language;

static int
deserialize (WebMessageEvent *event, const guint8 *cbor, gsize size, gpointer user_data)
{
  Language *self = user_data;

  if (self->refuses)
    return -1;

  /* A small number is one byte in CBOR. */
  g_assert_cmpuint (size, ==, 1);
  g_string_append_printf (self->log, "%c%d", self->letter, cbor[0]);

  return 1;
}

static void
language_freed (gpointer user_data)
{
  Language *self = user_data;

  self->freed = TRUE;
}

static void
language_init (Language *self, char letter)
{
  *self = (Language){ .letter = letter, .log = g_string_new (NULL) };
  self->realm =
    web_private_realm_new (WEB_PRIVATE_VERSION, deserialize, self, language_freed, NULL);
}

static void
language_drop (Language *self)
{
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, g_steal_pointer (&self->realm));
}

static void
language_clear (Language *self)
{
  if (self->realm != NULL)
    language_drop (self);
  g_assert_true (self->freed);
  g_string_free (self->log, TRUE);
}

static void
language_adopt (Language *self, gpointer target)
{
  web_private_realm_adopt (self->realm, target);
}

#define language_assert_log(self, text) g_assert_cmpstr ((self)->log->str, ==, (text))

/* The two ports of a channel belong to one realm each. */
static void
test_each_port_has_its_realm (WebTestPair *self, gconstpointer data)
{
  Language a, b;

  language_init (&a, 'a');
  language_init (&b, 'b');
  language_adopt (&a, self->port1);
  language_adopt (&b, self->port2);
  web_test_pair_start (self);

  web_test_post (self->port1, 1, NULL);
  web_test_post (self->port2, 2, NULL);
  web_test_post (self->port1, 3, NULL);
  web_test_settle ();
  language_assert_log (&a, "a2");
  language_assert_log (&b, "b1b3");

  web_test_pair_clear (self);
  language_clear (&a);
  language_clear (&b);
}

/* A port that travels belongs to nobody on the way; what waits in it is for the realm that adopts
 * it in the end. */
static void
test_port_goes_to_another_realm (WebTestPair *self, gconstpointer data)
{
  g_auto (WebTestPair) carrier = web_test_pair ();
  g_autoptr (WebMessagePort) arrived = NULL;
  Language a, b;

  language_init (&a, 'a');
  language_init (&b, 'b');
  language_adopt (&a, self->port2);
  web_test_post (self->port1, 1, NULL);
  web_message_port_start (carrier.port2);
  arrived = web_test_carry (&carrier, self->port2);

  language_adopt (&b, arrived);
  web_test_post (self->port1, 2, NULL);
  web_message_port_start (arrived);
  web_test_settle ();
  language_assert_log (&a, "");
  language_assert_log (&b, "b1b2");

  web_test_pair_clear (self);
  g_clear_object (&carrier.log2->last);
  g_assert_finalize_object (g_steal_pointer (&arrived));
  language_clear (&a);
  language_clear (&b);
}

/* The last realm to adopt a port gets what arrives from then on, and the first one is free to go.
 */
static void
test_port_is_adopted_again (WebTestPair *self, gconstpointer data)
{
  Language a, b;

  language_init (&a, 'a');
  language_init (&b, 'b');
  language_adopt (&a, self->port2);
  web_message_port_start (self->port2);
  web_test_post (self->port1, 1, NULL);
  web_test_settle ();

  web_test_post (self->port1, 2, NULL);
  language_adopt (&b, self->port2);
  language_drop (&a);
  g_assert_true (a.freed);
  web_test_settle ();
  language_assert_log (&a, "a1");
  language_assert_log (&b, "b2");

  web_test_pair_clear (self);
  language_clear (&a);
  language_clear (&b);
}

/* A language that has no value for a message says so for its own ports only; and C gets a
 * GVariant of the same broadcast. */
static void
test_broadcast_reaches_all_realms (void)
{
  g_autoptr (WebBroadcastChannel) sender = web_broadcast_channel_new ("realms");
  WebBroadcastChannel *channels[3];
  WebTestLog          *logs[3];
  Language             a, b;
  gsize                i;

  language_init (&a, 'a');
  language_init (&b, 'b');
  for (i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      channels[i] = web_broadcast_channel_new ("realms");
      logs[i] = web_test_log_new (channels[i]);
    }
  language_adopt (&a, channels[0]);
  language_adopt (&b, channels[1]);
  a.refuses = TRUE;

  g_assert_true (web_broadcast_channel_post_message (sender, g_variant_new_int32 (7), NULL));
  web_test_settle ();
  language_assert_log (&a, "");
  language_assert_log (&b, "b7");
  web_test_assert_log (logs[0], "messageerror");
  g_assert_cmpuint (logs[1]->n_events, ==, 1);
  web_test_assert_log (logs[2], "7");

  for (i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      web_broadcast_channel_close (channels[i]);
      web_test_log_free (logs[i]);
      g_object_unref (channels[i]);
    }
  web_test_settle ();
  language_clear (&a);
  language_clear (&b);
}

typedef struct
{
  GObject *handed_over;
  gint     n_received;
} Echo;

#define N_ROUNDS 500

static int
count (WebMessageEvent *event, const guint8 *cbor, gsize size, gpointer user_data)
{
  g_atomic_int_inc ((gint *)user_data);

  return 1;
}

static void
answer (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  web_test_post (port, 1, NULL);
}

static gpointer
echo_thread (gpointer user_data)
{
  Echo *self = user_data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (WebMessagePort) port = NULL;
  WebPrivateRealm *realm;

  g_main_context_push_thread_default (context);
  realm = web_private_realm_new (WEB_PRIVATE_VERSION, count, &self->n_received, NULL, NULL);
  port = web_message_port_take_over (self->handed_over, NULL);
  g_clear_object (&self->handed_over);
  web_private_realm_adopt (realm, WEB_EVENT_TARGET (port));
  web_message_port_set_on_message (port, answer, NULL, NULL);
  web_test_wait_until (web_message_port_get_closed (port));
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, realm);
  g_clear_object (&port);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* Two realms of two threads talk to each other. */
static void
test_realms_in_two_threads (WebTestPair *self, gconstpointer data)
{
  Echo             echo = { .handed_over = web_message_port_hand_over (self->port2, NULL) };
  gint             n_answers = 0;
  WebPrivateRealm *realm =
    web_private_realm_new (WEB_PRIVATE_VERSION, count, &n_answers, NULL, NULL);
  GThread *thread = g_thread_new ("echo", echo_thread, &echo);
  int      i;

  web_private_realm_adopt (realm, WEB_EVENT_TARGET (self->port1));
  web_message_port_start (self->port1);
  for (i = 0; i < N_ROUNDS; i++)
    {
      web_test_post (self->port1, 1, NULL);
      web_test_wait_until (n_answers > i);
    }
  web_message_port_close (self->port1);
  g_thread_join (thread);
  g_assert_cmpint (echo.n_received, ==, N_ROUNDS);
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, realm);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  web_test_add_pair ("/realms/each port has its realm", test_each_port_has_its_realm);
  web_test_add_pair ("/realms/a port goes to another realm", test_port_goes_to_another_realm);
  web_test_add_pair ("/realms/a port is adopted again", test_port_is_adopted_again);
  g_test_add_func ("/realms/a broadcast reaches all realms", test_broadcast_reaches_all_realms);
  web_test_add_pair ("/realms/realms in two threads", test_realms_in_two_threads);

  return g_test_run ();
}
