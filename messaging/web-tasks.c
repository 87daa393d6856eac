/* web-tasks.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-task-source-private.h"
#include "web-tasks.h"

/**
 * web_tasks_set_batching:
 * @batching: whether a turn of the main loop may deliver several messages
 *
 * Sets whether the ports and windows of the thread-default main context deliver several messages in
 * one turn of the main loop, which is faster, and the default.
 *
 * Without batching, sources of a higher priority come between any two messages. The host of a
 * language that settles its promises from such a source turns batching off, so that this happens
 * after each message, as the standard has it: see [perform a microtask
 * checkpoint](https://html.spec.whatwg.org/#perform-a-microtask-checkpoint). In GJS this is done
 * already.
 */
void
web_tasks_set_batching (gboolean batching)
{
  g_autoptr (WebTaskSource) task_source = web_task_source_ref_thread_default ();

  web_task_source_set_batching (task_source, batching);
}
