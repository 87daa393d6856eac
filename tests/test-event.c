/* test-event.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* DOM, #interface-event and #interface-eventtarget; HTML, comms.html#the-messageevent-interface */

#include "web-test.h"
#include <webmessaging/bindings/web-private.h>

/* A target with a log, to which each listener adds its name. */

static GString *calls;

static void
note (WebEventTarget *target, WebEvent *event, gpointer name)
{
  g_assert_true (web_event_get_current_target (event) == target);
  g_assert_true (web_event_get_target (event) == target);
  g_assert_cmpint (web_event_get_event_phase (event), ==, WEB_EVENT_PHASE_AT_TARGET);
  g_string_append (calls, name);
}

static void
note_and_stop (WebEventTarget *target, WebEvent *event, gpointer name)
{
  note (target, event, name);
  web_event_stop_propagation (event);
  g_assert_true (web_event_get_propagation_stopped (event));
}

static void
note_and_stop_immediately (WebEventTarget *target, WebEvent *event, gpointer name)
{
  note (target, event, name);
  web_event_stop_immediate_propagation (event);
}

static void
prevent_default (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  web_event_prevent_default (event);
}

static guint
add_listener (WebEventTarget *target, const char *name, WebListenerFlags flags)
{
  return web_event_target_add_event_listener (target, "test", flags, note, (gpointer)name, NULL);
}

static gboolean
dispatch_new (WebEventTarget *target, const char *type, gboolean cancelable)
{
  g_autoptr (WebEvent) event =
    g_object_new (WEB_TYPE_EVENT, "type", type, "cancelable", cancelable, NULL);
  g_autoptr (GError) error = NULL;
  gboolean ret = web_event_target_dispatch_event (target, event, &error);

  g_assert_no_error (error);

  return ret;
}

static void
assert_calls (const char *expected)
{
  g_assert_cmpstr (calls->str, ==, expected);
  g_string_truncate (calls, 0);
}

static void
test_event_properties (void)
{
  g_autoptr (WebEvent) event = g_object_new (WEB_TYPE_EVENT, "type", "test", "bubbles", TRUE,
                                             "cancelable", TRUE, "composed", TRUE, NULL);
  g_autofree char *type = NULL;
  gboolean         bubbles;
  gboolean         cancelable;
  gboolean         composed;
  gboolean         is_trusted;
  gboolean         default_prevented;
  WebEventPhase    phase;
  gint64           time_stamp;

  g_object_get (event, "type", &type, "bubbles", &bubbles, "cancelable", &cancelable, "composed",
                &composed, "is-trusted", &is_trusted, "default-prevented", &default_prevented,
                "event-phase", &phase, "time-stamp", &time_stamp, NULL);
  g_assert_cmpstr (type, ==, "test");
  g_assert_true (bubbles && cancelable && composed);
  g_assert_false (is_trusted || default_prevented);
  g_assert_cmpint (phase, ==, WEB_EVENT_PHASE_NONE);
  g_assert_cmpint (time_stamp, ==, web_event_get_time_stamp (event));
  g_assert_null (web_event_get_target (event));
  g_assert_null (web_event_get_current_target (event));
}

static void
test_init_event (void)
{
  g_autoptr (WebEvent) event =
    g_object_new (WEB_TYPE_EVENT, "type", "test", "cancelable", TRUE, NULL);
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, prevent_default, NULL,
                                       NULL);
  g_assert_false (web_event_target_dispatch_event (target, event, NULL));
  g_assert_true (web_event_get_default_prevented (event));
  g_assert_true (web_event_get_target (event) == target);
  web_event_stop_propagation (event);

  web_event_init_event (event, "other", TRUE, FALSE);
  g_assert_cmpstr (web_event_get_event_type (event), ==, "other");
  g_assert_true (web_event_get_bubbles (event));
  g_assert_false (web_event_get_cancelable (event));
  g_assert_false (web_event_get_default_prevented (event));
  g_assert_false (web_event_get_propagation_stopped (event));
  g_assert_null (web_event_get_target (event));
}

static void
init_during_dispatch (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  web_event_init_event (event, "other", TRUE, TRUE);
}

static void
test_init_event_during_dispatch (void)
{
  g_autoptr (WebEvent) event = web_event_new ("test");
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, init_during_dispatch,
                                       NULL, NULL);
  g_assert_true (web_event_target_dispatch_event (target, event, NULL));
  g_assert_cmpstr (web_event_get_event_type (event), ==, "test");
  g_assert_false (web_event_get_bubbles (event));
}

static void
set_during_dispatch (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  g_object_set (event, "type", "other", "bubbles", TRUE, "cancelable", TRUE, "composed", TRUE,
                NULL);
}

static void
test_properties_during_dispatch (void)
{
  g_autoptr (WebEvent) event = web_event_new ("test");
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, set_during_dispatch, NULL,
                                       NULL);
  g_assert_true (web_event_target_dispatch_event (target, event, NULL));
  g_assert_cmpstr (web_event_get_event_type (event), ==, "test");
  g_assert_false (web_event_get_bubbles (event) || web_event_get_cancelable (event) ||
                  web_event_get_composed (event));
}

/* An event keeps its target. */
static void
test_target_of_kept_event (void)
{
  WebEvent       *event = web_event_new ("test");
  WebEventTarget *target = web_event_target_new ();
  WebEventTarget *weak_target = target;

  g_object_add_weak_pointer (G_OBJECT (target), (gpointer *)&weak_target);
  g_assert_true (web_event_target_dispatch_event (target, event, NULL));
  g_object_unref (target);
  g_assert_nonnull (weak_target);
  g_assert_true (web_event_get_target (event) == weak_target);
  g_assert_null (web_event_get_current_target (event));
  g_object_unref (event);
  g_assert_null (weak_target);
}

static int
never_deserialize (WebMessageEvent *event, const guint8 *cbor, gsize size, gpointer user_data)
{
  g_assert_not_reached ();
}

/* In a realm, the binding keeps the target: see its tests. */
static void
test_target_of_kept_event_in_realm (void)
{
  g_autoptr (WebEvent) event = web_event_new ("test");
  g_autoptr (WebEventTarget) other = web_event_target_new ();
  WebEventTarget  *target = web_event_target_new ();
  WebPrivateRealm *realm =
    web_private_realm_new (WEB_PRIVATE_VERSION, never_deserialize, NULL, NULL, NULL);

  web_private_realm_adopt (realm, target);
  add_listener (target, "a", WEB_LISTENER_NONE);
  g_assert_true (web_event_target_dispatch_event (target, event, NULL));
  g_assert_true (web_event_get_target (event) == target);
  g_assert_true (web_event_target_dispatch_event (target, event, NULL));
  assert_calls ("aa");
  g_assert_finalize_object (target);
  g_assert_null (web_event_get_target (event));

  g_assert_true (web_event_target_dispatch_event (other, event, NULL));
  g_assert_true (web_event_get_target (event) == other);
  web_private_realm_adopt (realm, other);
  g_assert_true (web_event_target_dispatch_event (other, event, NULL));
  g_assert_true (web_event_get_target (event) == other);
  web_event_init_event (event, "test", FALSE, FALSE);
  g_assert_null (web_event_get_target (event));

  g_boxed_free (WEB_PRIVATE_TYPE_REALM, realm);
}

static void
keep (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_set_object ((WebMessageEvent **)user_data, event);
}

/* A program cannot give words of its own out for those of the library. */
static void
test_properties_of_trusted_event (void)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  g_autoptr (WebMessageEvent) event = NULL;

  web_message_port_set_on_message (web_message_channel_get_port2 (channel), keep, &event, NULL);
  web_message_port_post_message (web_message_channel_get_port1 (channel),
                                 g_variant_new_string ("right"), NULL, 0, NULL);
  web_test_wait_until (event != NULL);
  g_assert_true (web_event_get_is_trusted (WEB_EVENT (event)));
  g_object_set (event, "data", g_variant_new_string ("forged"), NULL);
  g_assert_cmpstr (g_variant_get_string (web_message_event_get_data (event), NULL), ==, "forged");
  g_assert_false (web_event_get_is_trusted (WEB_EVENT (event)));
}

static void
test_prevent_default (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  guint id;

  id = web_event_target_add_event_listener (target, "test", WEB_LISTENER_PASSIVE, prevent_default,
                                            NULL, NULL);
  g_assert_true (dispatch_new (target, "test", TRUE));
  g_assert_true (web_event_target_remove_event_listener (target, id));

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, prevent_default, NULL,
                                       NULL);
  g_assert_true (dispatch_new (target, "test", FALSE));
  g_assert_false (dispatch_new (target, "test", TRUE));
}

static void
test_order (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  add_listener (target, "a", WEB_LISTENER_NONE);
  add_listener (target, "b", WEB_LISTENER_CAPTURE);
  add_listener (target, "c", WEB_LISTENER_NONE);
  add_listener (target, "d", WEB_LISTENER_CAPTURE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("bdac");
  dispatch_new (target, "other", FALSE);
  assert_calls ("");
}

static void
test_once (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  guint id;

  id = add_listener (target, "a", WEB_LISTENER_ONCE);
  dispatch_new (target, "test", FALSE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("a");
  g_assert_false (web_event_target_remove_event_listener (target, id));
}

static void
dispatch_again (WebEventTarget *target, WebEvent *event, gpointer name)
{
  note (target, event, name);
  dispatch_new (target, "test", FALSE);
}

/* A listener with `once` is removed before it is called. */
static void
test_once_and_recursion (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_ONCE, dispatch_again, "a",
                                       NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("a");
}

static void
test_stop_propagation (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  guint id;

  /* The listeners of the same phase are still called. */
  id = web_event_target_add_event_listener (target, "test", WEB_LISTENER_CAPTURE, note_and_stop,
                                            "a", NULL);
  add_listener (target, "b", WEB_LISTENER_CAPTURE);
  add_listener (target, "c", WEB_LISTENER_NONE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ab");
  web_event_target_remove_event_listener (target, id);

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, note_and_stop_immediately,
                                       "d", NULL);
  add_listener (target, "e", WEB_LISTENER_NONE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("bcd");
}

static void
test_stopped_before_dispatch (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  g_autoptr (WebEvent) event = web_event_new ("test");

  add_listener (target, "a", WEB_LISTENER_CAPTURE);
  add_listener (target, "b", WEB_LISTENER_NONE);
  web_event_stop_propagation (event);
  g_assert_true (web_event_target_dispatch_event (target, event, NULL));
  assert_calls ("");
  /* The end of the dispatch clears the flag. */
  g_assert_true (web_event_target_dispatch_event (target, event, NULL));
  assert_calls ("ab");
}

static guint id_to_remove;

static void
remove_other (WebEventTarget *target, WebEvent *event, gpointer name)
{
  note (target, event, name);
  web_event_target_remove_event_listener (target, id_to_remove);
}

static void
add_other (WebEventTarget *target, WebEvent *event, gpointer name)
{
  note (target, event, name);
  add_listener (target, "n", WEB_LISTENER_NONE);
}

static void
test_changes_during_dispatch (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, remove_other, "a", NULL);
  id_to_remove = add_listener (target, "b", WEB_LISTENER_NONE);
  web_event_target_add_event_listener (target, "test", WEB_LISTENER_ONCE, add_other, "c", NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ac");
  dispatch_new (target, "test", FALSE);
  assert_calls ("an");
}

static void
dispatch_same (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (web_event_target_dispatch_event (target, event, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_STATE);
  g_string_append (calls, "x");
}

static void
test_dispatch_while_dispatching (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, dispatch_same, NULL,
                                       NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("x");
}

static void
test_dispatch_uninitialized (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  g_autoptr (WebEvent) event = g_object_new (WEB_TYPE_EVENT, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (web_event_get_event_type (event), ==, "");
  g_assert_false (web_event_target_dispatch_event (target, event, &error));
  web_test_assert_error (error, WEB_MESSAGING_ERROR_INVALID_STATE);
}

static void
test_event_handler (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  add_listener (target, "a", WEB_LISTENER_NONE);
  web_event_target_set_event_handler (target, "test", note, "h", NULL);
  add_listener (target, "b", WEB_LISTENER_NONE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ahb");

  /* Another function takes its place; a new one after none comes last. */
  web_event_target_set_event_handler (target, "test", note, "i", NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("aib");
  web_event_target_set_event_handler (target, "test", NULL, NULL, NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ab");
  web_event_target_set_event_handler (target, "test", note, "j", NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("abj");
}

static void
set_handler (WebEventTarget *target, WebEvent *event, gpointer name)
{
  note (target, event, name);
  web_event_target_set_event_handler (target, "test", note, "i", NULL);
}

/* The handler that counts is the one at the time of the call. */
static void
test_event_handler_replaced_during_dispatch (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, set_handler, "a", NULL);
  web_event_target_set_event_handler (target, "test", note, "h", NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ai");
}

static void
count_destroyed (gpointer data)
{
  (*(int *)data)++;
}

static void
ignore (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
}

static void
test_destroy_notify (void)
{
  WebEventTarget *target = web_event_target_new ();
  int             destroyed = 0;
  guint           id;

  id = web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, ignore, &destroyed,
                                            count_destroyed);
  web_event_target_remove_event_listener (target, id);
  g_assert_cmpint (destroyed, ==, 1);
  web_event_target_add_event_listener (target, "test", WEB_LISTENER_ONCE, ignore, &destroyed,
                                       count_destroyed);
  dispatch_new (target, "test", FALSE);
  g_assert_cmpint (destroyed, ==, 2);
  web_event_target_set_event_handler (target, "test", ignore, &destroyed, count_destroyed);
  web_event_target_set_event_handler (target, "test", NULL, &destroyed, count_destroyed);
  g_assert_cmpint (destroyed, ==, 4);
  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, ignore, &destroyed,
                                       count_destroyed);
  g_assert_finalize_object (target);
  g_assert_cmpint (destroyed, ==, 5);
}

/* A class of an application, with a signal for an event of its own. */

#define TEST_TYPE_TARGET (test_target_get_type ())
G_DECLARE_FINAL_TYPE (TestTarget, test_target, TEST, TARGET, WebEventTarget)

struct _TestTarget
{
  WebEventTarget parent_instance;
};

G_DEFINE_FINAL_TYPE (TestTarget, test_target, WEB_TYPE_EVENT_TARGET)

static void
test_target_class_init (TestTargetClass *klass)
{
  g_signal_new ("test", TEST_TYPE_TARGET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                WEB_TYPE_EVENT);
  g_signal_new ("odd", TEST_TYPE_TARGET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("test-signal", TEST_TYPE_TARGET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, WEB_TYPE_EVENT);
}

static void
test_target_init (TestTarget *self)
{
}

static void
unexpected (void)
{
  g_assert_not_reached ();
}

static void
test_signal_of_the_same_name (void)
{
  g_autoptr (WebEventTarget) target = g_object_new (TEST_TYPE_TARGET, NULL);
  guint id;

  g_signal_connect (target, "test", G_CALLBACK (note), "s");
  g_signal_connect (target, "odd", G_CALLBACK (unexpected), NULL);
  g_signal_connect (target, "notify", G_CALLBACK (unexpected), NULL);
  add_listener (target, "a", WEB_LISTENER_NONE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("as");
  dispatch_new (target, "odd", FALSE);
  dispatch_new (target, "notify", FALSE);

  id = web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE,
                                            note_and_stop_immediately, "x", NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ax");
  web_event_target_remove_event_listener (target, id);

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, note_and_stop, "y", NULL);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ays");
}

static void
test_stop_immediate_in_signal_handler (void)
{
  g_autoptr (WebEventTarget) target = g_object_new (TEST_TYPE_TARGET, NULL);

  g_signal_connect (target, "test", G_CALLBACK (note_and_stop_immediately), "s");
  g_signal_connect (target, "test", G_CALLBACK (note), "t");
  dispatch_new (target, "test", FALSE);
  assert_calls ("s");
}

/* A type may be any string; GLib knows the names of signals only, and takes "a_b" for "a-b". */
static void
test_types_that_are_no_signal_names (void)
{
  g_autofree char *long_type = g_strnfill (100000, 'x');
  const char      *types[] = { "",
                               "my event",
                               "app.ready",
                               "message::detail",
                               "1st",
                               "foo/bar",
                               "übung",
                               "-",
                               "_",
                               "💩",
                               "%s%n",
                               ":",
                               "::",
                               "test ",
                               "test::",
                               "TEST",
                               "test_signal",
                               long_type };
  g_autoptr (WebEventTarget) target = g_object_new (TEST_TYPE_TARGET, NULL);
  guint i;

  g_signal_connect (target, "test", G_CALLBACK (unexpected), NULL);
  g_signal_connect (target, "test-signal", G_CALLBACK (unexpected), NULL);
  for (i = 0; i < G_N_ELEMENTS (types); i++)
    {
      web_event_target_add_event_listener (target, types[i], WEB_LISTENER_NONE, note, "a", NULL);
      web_event_target_set_event_handler (target, types[i], note, "h", NULL);
      dispatch_new (target, types[i], FALSE);
      assert_calls ("ah");
    }
}

static WebEvent *outer_event;

static void
dispatch_inner (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  g_string_append_c (calls, event == outer_event ? 'o' : 'i');
  if (event == outer_event)
    dispatch_new (target, "test", FALSE);
  else
    web_event_stop_immediate_propagation (outer_event);
}

static void
note_which (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  g_string_append_c (calls, event == outer_event ? 'O' : 'I');
}

/* An event stops itself, and not the one that is dispatched inside it. */
static void
test_stop_immediate_from_inside (void)
{
  g_autoptr (WebEventTarget) target = g_object_new (TEST_TYPE_TARGET, NULL);
  gulong first;

  outer_event = web_event_new ("test");
  first = g_signal_connect (target, "test", G_CALLBACK (dispatch_inner), NULL);
  g_signal_connect (target, "test", G_CALLBACK (note_which), NULL);
  web_event_target_dispatch_event (target, outer_event, NULL);
  assert_calls ("oiI");

  /* The inner event comes from a listener, before the signal of the outer one. */
  g_signal_handler_disconnect (target, first);
  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, dispatch_inner, NULL,
                                       NULL);
  web_event_target_dispatch_event (target, outer_event, NULL);
  assert_calls ("oiI");

  g_clear_object (&outer_event);
}

static void
stop_inner (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  g_string_append_c (calls, event == outer_event ? 'o' : 'i');
  if (event == outer_event)
    dispatch_new (target, "test", FALSE);
  else
    web_event_stop_immediate_propagation (event);
}

static void
test_stop_immediate_of_inner (void)
{
  g_autoptr (WebEventTarget) target = g_object_new (TEST_TYPE_TARGET, NULL);

  outer_event = web_event_new ("test");
  g_signal_connect (target, "test", G_CALLBACK (stop_inner), NULL);
  g_signal_connect (target, "test", G_CALLBACK (note_which), NULL);
  web_event_target_dispatch_event (target, outer_event, NULL);
  assert_calls ("oiO");
  g_clear_object (&outer_event);
}

/* A dispatch in quadratic time would not end here. */
static void
test_many_listeners (void)
{
  const guint       n = 200000;
  g_autofree guint *ids = g_new (guint, n);
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  g_autofree char *type = NULL;
  int              destroyed = 0;
  guint            i;

  for (i = 0; i < n; i++)
    web_event_target_add_event_listener (target, "test", WEB_LISTENER_ONCE, ignore, &destroyed,
                                         count_destroyed);
  dispatch_new (target, "test", FALSE);
  g_assert_cmpint (destroyed, ==, n);

  for (i = 0; i < n; i++)
    ids[i] = web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, ignore,
                                                  &destroyed, count_destroyed);
  for (i = 0; i < n / 4; i++)
    {
      g_assert_true (web_event_target_remove_event_listener (target, ids[i]));
      g_assert_true (web_event_target_remove_event_listener (target, ids[n - 1 - i]));
    }
  g_assert_cmpint (destroyed, ==, n + n / 2);

  for (i = 0; i < n; i++)
    {
      g_free (type);
      type = g_strdup_printf ("type-%u", i);
      web_event_target_add_event_listener (target, type, WEB_LISTENER_NONE, ignore, NULL, NULL);
      dispatch_new (target, type, FALSE);
    }
  g_clear_object (&target);
  g_assert_cmpint (destroyed, ==, 2 * n);
}

/* Listeners come and go in a nested main loop of a listener. */
static void
add_and_remove_many (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  int  *destroyed = user_data;
  guint i;

  note (target, event, "m");
  for (i = 0; i < 20000; i++)
    {
      web_event_target_add_event_listener (target, "inner", WEB_LISTENER_ONCE, ignore, destroyed,
                                           count_destroyed);
      dispatch_new (target, "inner", FALSE);
      /* The listener is gone at once, and not at the end of the outer dispatch. */
      g_assert_cmpint (*destroyed, ==, i + 1);
      web_event_target_remove_event_listener (target,
                                              add_listener (target, "x", WEB_LISTENER_NONE));
    }
}

static void
test_many_listeners_during_dispatch (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  int destroyed = 0;

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, add_and_remove_many,
                                       &destroyed, NULL);
  add_listener (target, "a", WEB_LISTENER_NONE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("ma");
}

/* Removes the given listeners, and adds as many. */
static guint to_remove[4];

static void
remove_some (WebEventTarget *target, WebEvent *event, gpointer name)
{
  guint i;

  note (target, event, name);
  for (i = 0; i < G_N_ELEMENTS (to_remove); i++)
    if (to_remove[i] != 0)
      {
        web_event_target_remove_event_listener (target, to_remove[i]);
        to_remove[i] = 0;
        add_listener (target, "n", i % 2 == 0 ? WEB_LISTENER_NONE : WEB_LISTENER_CAPTURE);
      }
}

/* Every set of three of the others and of the listener itself, with a capturing listener or none
 * between them. */
static void
test_removals_during_dispatch (void)
{
  guint set;

  for (set = 0; set < 32; set++)
    {
      g_autoptr (WebEventTarget) target = web_event_target_new ();
      g_autofree char *expected = NULL;
      WebListenerFlags c_flags = set & 16 ? WEB_LISTENER_CAPTURE : WEB_LISTENER_NONE;
      guint            ids[4];
      guint            i;

      ids[0] = add_listener (target, "a", WEB_LISTENER_NONE);
      ids[1] = web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, remove_some,
                                                    "b", NULL);
      ids[2] = add_listener (target, "c", c_flags);
      ids[3] = add_listener (target, "d", WEB_LISTENER_NONE);
      for (i = 0; i < 4; i++)
        to_remove[i] = set & (1 << i) ? ids[i] : 0;
      expected = g_strconcat (set & 16 ? "cab" : set & 4 ? "ab" : "abc", set & 8 ? "" : "d", NULL);

      dispatch_new (target, "test", FALSE);
      assert_calls (expected);
    }
}

static void
unref_target (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  g_clear_object ((WebEventTarget **)user_data);
  note (target, event, "u");
}

static void
test_drop_target_in_listener (void)
{
  WebEventTarget *target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, unref_target, &target,
                                       NULL);
  add_listener (target, "v", WEB_LISTENER_NONE);
  dispatch_new (target, "test", FALSE);
  g_assert_null (target);
  assert_calls ("uv");
}

static void
run_dispose (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  note (target, event, "x");
  g_object_run_dispose (G_OBJECT (target));
  add_listener (target, "late", WEB_LISTENER_NONE);
}

static void
test_dispose_in_listener (void)
{
  WebEventTarget *target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE, run_dispose, NULL, NULL);
  add_listener (target, "y", WEB_LISTENER_NONE);
  dispatch_new (target, "test", FALSE);
  assert_calls ("x");
  g_assert_finalize_object (target);
}

static void
test_message_event_defaults (void)
{
  g_autoptr (WebMessageEvent) event = web_message_event_new ("test", NULL);
  gsize n_ports;

  g_assert_null (web_message_event_get_data (event));
  g_assert_cmpstr (web_message_event_get_origin (event), ==, "");
  g_assert_cmpstr (web_message_event_get_last_event_id (event), ==, "");
  g_assert_null (web_message_event_get_source (event));
  g_assert_null (web_message_event_get_ports (event, &n_ports));
  g_assert_cmpuint (n_ports, ==, 0);
  g_assert_false (web_event_get_is_trusted (WEB_EVENT (event)));
}

static GPtrArray *
new_port_array (WebMessagePort *port1, WebMessagePort *port2)
{
  GPtrArray *ports = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (ports, g_object_ref (port1));
  g_ptr_array_add (ports, g_object_ref (port2));

  return ports;
}

static void
test_message_event_init (void)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebMessagePort *ports[] = { web_message_channel_get_port1 (channel),
                              web_message_channel_get_port2 (channel) };
  g_autoptr (GPtrArray) port_array = new_port_array (ports[0], ports[1]);
  g_autoptr (WebMessageEvent) event =
    g_object_new (WEB_TYPE_MESSAGE_EVENT, "type", "test", "bubbles", TRUE, "data",
                  g_variant_new_int32 (1), "origin", "https://a.example", "last-event-id", "7",
                  "source", ports[0], "ports", port_array, NULL);
  g_autoptr (GPtrArray) port_array_again = NULL;
  WebMessagePort **event_ports;
  gsize            n_ports;

  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==, 1);
  g_assert_cmpstr (web_message_event_get_origin (event), ==, "https://a.example");
  g_assert_cmpstr (web_message_event_get_last_event_id (event), ==, "7");
  g_assert_true (web_message_event_get_source (event) == WEB_MESSAGE_EVENT_SOURCE (ports[0]));
  event_ports = web_message_event_get_ports (event, &n_ports);
  g_assert_cmpuint (n_ports, ==, 2);
  g_assert_true (event_ports[0] == ports[0] && event_ports[1] == ports[1]);
  g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (event)), ==, "test");
  g_assert_true (web_event_get_bubbles (WEB_EVENT (event)));

  /* What is in an event does not change with what it was made of. */
  g_ptr_array_set_size (port_array, 0);
  g_object_get (event, "ports", &port_array_again, NULL);
  g_assert_cmpuint (port_array_again->len, ==, 2);
  g_ptr_array_set_size (port_array_again, 0);
  event_ports = web_message_event_get_ports (event, &n_ports);
  g_assert_cmpuint (n_ports, ==, 2);

  /* With the event's own values. */
  web_message_event_init_message_event (event, "other", FALSE, FALSE,
                                        web_message_event_get_data (event),
                                        web_message_event_get_origin (event),
                                        web_message_event_get_last_event_id (event),
                                        web_message_event_get_source (event), event_ports, 1);
  g_assert_cmpstr (web_event_get_event_type (WEB_EVENT (event)), ==, "other");
  g_assert_false (web_event_get_bubbles (WEB_EVENT (event)));
  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==, 1);
  g_assert_cmpstr (web_message_event_get_origin (event), ==, "https://a.example");
  g_assert_cmpstr (web_message_event_get_last_event_id (event), ==, "7");
  g_assert_true (web_message_event_get_source (event) == WEB_MESSAGE_EVENT_SOURCE (ports[0]));
  event_ports = web_message_event_get_ports (event, &n_ports);
  g_assert_cmpuint (n_ports, ==, 1);
}

static void
init_message_during_dispatch (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  web_message_event_init_message_event (WEB_MESSAGE_EVENT (event), "other", TRUE, TRUE,
                                        g_variant_new_int32 (2), NULL, NULL, NULL, NULL, 0);
}

static void
test_message_event_init_during_dispatch (void)
{
  g_autoptr (WebMessageEvent) event = web_message_event_new ("test", g_variant_new_int32 (1));
  g_autoptr (WebEventTarget) target = web_event_target_new ();

  web_event_target_add_event_listener (target, "test", WEB_LISTENER_NONE,
                                       init_message_during_dispatch, NULL, NULL);
  g_assert_true (web_event_target_dispatch_event (target, WEB_EVENT (event), NULL));
  g_assert_cmpint (g_variant_get_int32 (web_message_event_get_data (event)), ==, 1);
}

static void
test_message_event_source (void)
{
  g_autoptr (WebEventTarget) target = web_event_target_new ();
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  g_autoptr (WebWindow) window = web_window_new (NULL, NULL);
  g_autoptr (WebMessageEvent) event =
    g_object_new (WEB_TYPE_MESSAGE_EVENT, "type", "test", "source", window, NULL);

  g_assert_true (WEB_EVENT_TARGET (web_message_event_get_source (event)) ==
                 WEB_EVENT_TARGET (window));
  g_assert_true (WEB_IS_MESSAGE_EVENT_SOURCE (web_message_channel_get_port1 (channel)));
  g_assert_false (WEB_IS_MESSAGE_EVENT_SOURCE (target));
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  calls = g_string_new (NULL);

  g_test_add_func ("/event/properties", test_event_properties);
  g_test_add_func ("/event/init-event", test_init_event);
  g_test_add_func ("/event/init-event-during-dispatch", test_init_event_during_dispatch);
  g_test_add_func ("/event/properties-during-dispatch", test_properties_during_dispatch);
  g_test_add_func ("/event/properties-of-trusted-event", test_properties_of_trusted_event);
  g_test_add_func ("/event/target-of-kept-event", test_target_of_kept_event);
  g_test_add_func ("/event/target-of-kept-event-in-realm", test_target_of_kept_event_in_realm);
  g_test_add_func ("/event/prevent-default", test_prevent_default);

  g_test_add_func ("/event-target/order", test_order);
  g_test_add_func ("/event-target/once", test_once);
  g_test_add_func ("/event-target/once-and-recursion", test_once_and_recursion);
  g_test_add_func ("/event-target/stop-propagation", test_stop_propagation);
  g_test_add_func ("/event-target/stopped-before-dispatch", test_stopped_before_dispatch);
  g_test_add_func ("/event-target/changes-during-dispatch", test_changes_during_dispatch);
  g_test_add_func ("/event-target/dispatch-while-dispatching", test_dispatch_while_dispatching);
  g_test_add_func ("/event-target/dispatch-uninitialized", test_dispatch_uninitialized);
  g_test_add_func ("/event-target/event-handler", test_event_handler);
  g_test_add_func ("/event-target/event-handler-replaced",
                   test_event_handler_replaced_during_dispatch);
  g_test_add_func ("/event-target/destroy-notify", test_destroy_notify);
  g_test_add_func ("/event-target/signal-of-the-same-name", test_signal_of_the_same_name);
  g_test_add_func ("/event-target/stop-immediate-in-signal-handler",
                   test_stop_immediate_in_signal_handler);
  g_test_add_func ("/event-target/types-that-are-no-signal-names",
                   test_types_that_are_no_signal_names);
  g_test_add_func ("/event-target/stop-immediate-from-inside", test_stop_immediate_from_inside);
  g_test_add_func ("/event-target/stop-immediate-of-inner", test_stop_immediate_of_inner);
  g_test_add_func ("/event-target/many-listeners", test_many_listeners);
  g_test_add_func ("/event-target/many-listeners-during-dispatch",
                   test_many_listeners_during_dispatch);
  g_test_add_func ("/event-target/removals-during-dispatch", test_removals_during_dispatch);
  g_test_add_func ("/event-target/drop-target-in-listener", test_drop_target_in_listener);

  g_test_add_func ("/event-target/dispose-in-listener", test_dispose_in_listener);

  g_test_add_func ("/message-event/defaults", test_message_event_defaults);
  g_test_add_func ("/message-event/init", test_message_event_init);
  g_test_add_func ("/message-event/init-during-dispatch", test_message_event_init_during_dispatch);
  g_test_add_func ("/message-event/source", test_message_event_source);

  status = g_test_run ();
  g_string_free (calls, TRUE);

  return status;
}
