/* web-main-context.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-main-context.h"

#include "loop/web-scheduler-private.h"

/**
 * web_main_context_set_priority:
 * @context: (nullable): a main context, %NULL for the thread-default one of the caller
 * @priority: a priority as for [method@GLib.Source.set_priority]: a lower number comes first
 *
 * Sets at which priority the messages of a main context are delivered, %G_PRIORITY_DEFAULT at
 * first. It holds for all ports, windows, workers and broadcast channels that belong to @context,
 * now or later.
 *
 * With %G_PRIORITY_HIGH, messages come before timeouts, input and other sources of the default
 * priority; with %G_PRIORITY_DEFAULT_IDLE, they come when those have nothing to do. GTK resizes at
 * %G_PRIORITY_HIGH_IDLE + 10 and draws at %G_PRIORITY_HIGH_IDLE + 20, which is 120: with
 * %G_PRIORITY_LOW, a window is drawn first.
 *
 * Drawing needs no such setting. A main loop delivers messages for 4 milliseconds at most, and
 * then leaves the sources of lower priorities as much time as the messages have had, so that a
 * flood of messages does not stop them at any priority. When no such source is ready, messages go
 * on at once, from a source of the library whose priority is the lowest of all and does not change.
 *
 * The caller keeps @context alive. May be called on any thread, and before there is a port. It
 * holds from the next turn of the main loop on.
 */
void
web_main_context_set_priority (GMainContext *context, int priority)
{
  g_autoptr (GMainContext) own = NULL;

  if (context == NULL)
    context = own = g_main_context_ref_thread_default ();
  web_scheduler_set_context_priority (context, priority);
}

/**
 * web_main_context_get_priority:
 * @context: (nullable): a main context, %NULL for the thread-default one of the caller
 *
 * Gets at which priority the messages of a main context are delivered.
 *
 * The caller keeps @context alive. May be called on any thread.
 *
 * Returns: the priority, %G_PRIORITY_DEFAULT if none was set
 */
int
web_main_context_get_priority (GMainContext *context)
{
  g_autoptr (GMainContext) own = NULL;

  if (context == NULL)
    context = own = g_main_context_ref_thread_default ();

  return web_scheduler_get_context_priority (context);
}
