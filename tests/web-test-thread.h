/* web-test-thread.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-test.h"

/* A thread that runs a main context of its own until it is told to stop. */
typedef struct
{
  GThread      *thread;
  GMainContext *context;
  GMainLoop    *loop;
} WebTestThread;

static inline gpointer
web_test_thread_run (gpointer data)
{
  WebTestThread *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static inline void
web_test_thread_start (WebTestThread *self)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("web-test", web_test_thread_run, self);
}

static inline gboolean
web_test_thread_quit (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

typedef struct
{
  GSourceFunc function;
  gpointer    data;
} WebTestCall;

/* Orders a call after the work of its caller. Main contexts do so anyway, but ThreadSanitizer knows
 * only locks. */
G_LOCK_DEFINE_STATIC (web_test_calls);

static inline gboolean
web_test_call_run (gpointer data)
{
  WebTestCall call;

  G_LOCK (web_test_calls);
  call = *(WebTestCall *)data;
  G_UNLOCK (web_test_calls);

  return call.function (call.data);
}

/* Runs @function in the thread, after all earlier calls. */
static inline void
web_test_thread_invoke (WebTestThread *self, GSourceFunc function, gpointer data)
{
  GSource     *source = g_idle_source_new ();
  WebTestCall *call = g_new (WebTestCall, 1);

  G_LOCK (web_test_calls);
  call->function = function;
  call->data = data;
  G_UNLOCK (web_test_calls);

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, web_test_call_run, call, g_free);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

/* Stops the thread, which frees the context with its last reference. */
static inline void
web_test_thread_stop (WebTestThread *self)
{
  web_test_thread_invoke (self, web_test_thread_quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
}

/* Takes a port out of the calling thread; another thread receives it. */
static inline GObject *
web_test_detach_port (WebMessagePort *port)
{
  g_autoptr (GError) error = NULL;
  GObject *handed_over = web_message_port_hand_over (port, &error);

  g_assert_no_error (error);
  g_object_unref (port);

  return handed_over;
}

static inline WebMessagePort *
web_test_receive_port (GObject *handed_over)
{
  g_autoptr (GError) error = NULL;
  WebMessagePort *port = web_message_port_take_over (handed_over, &error);

  g_assert_no_error (error);
  g_object_unref (handed_over);

  return port;
}
