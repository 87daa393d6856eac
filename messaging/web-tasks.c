/* web-tasks.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <dlfcn.h>

#include "web-task-source-private.h"
#include "web-tasks-private.h"

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

/* The language that runs in this process. It is set once, before any message arrives, and stays. */
static struct
{
  WebTasksDeserializer func; /* atomic: what follows was set before it */
  gpointer             user_data;
  GThread             *thread; /* the only one that it can be called on; %NULL for any */
} deserializer;

/* Set with the deserializer, on the same thread. */
static struct
{
  WebTasksProbe func;
  gpointer      user_data;
} probe;

/**
 * web_tasks_set_deserializer:
 * @all_threads: whether it can be called on any thread, or on this one only
 * @deserializer: (scope notified) (closure user_data) (destroy destroy): makes values of messages
 * @user_data: data for @deserializer
 * @destroy: (nullable): for those who keep @user_data alive until it is called; it never is,
 * because a deserializer stays as long as the process
 *
 * Sets what makes values of the language of the caller of the messages that arrive, before anybody
 * sees them: what it refuses is a `messageerror`. This is for the bindings of a language, which
 * call it once in a process; those for GJS and Python do.
 *
 * On threads without a deserializer, a message of a script becomes a `GVariant` when it arrives.
 *
 * See [StructuredDeserialize](https://html.spec.whatwg.org/#structureddeserialize).
 */
void
web_tasks_set_deserializer (gboolean             all_threads,
                            WebTasksDeserializer func,
                            gpointer             user_data,
                            GDestroyNotify       destroy)
{
  g_return_if_fail (func != NULL);
  g_return_if_fail (g_atomic_pointer_get (&deserializer.func) == NULL);

  deserializer.user_data = user_data;
  deserializer.thread = all_threads ? NULL : g_thread_self ();
  g_atomic_pointer_set (&deserializer.func, func);
}

/*
 * web_tasks_has_deserializer:
 *
 * Whether the messages that arrive on this thread become values of a script.
 */
gboolean
web_tasks_has_deserializer (void)
{
  return g_atomic_pointer_get (&deserializer.func) != NULL &&
         (deserializer.thread == NULL || deserializer.thread == g_thread_self ());
}

/* GJS 1.74 calls nothing in JavaScript while its garbage collector sweeps, and that can last over
 * many turns of the main loop: a signal or callback that comes then is lost. A collection as a
 * whole ends it. There is no other way to it than GJS's own library, which is in the process then.
 */
static gboolean
finish_garbage_collection (void)
{
  gpointer (*get_current) (void) = dlsym (RTLD_DEFAULT, "gjs_context_get_current");
  void (*collect) (gpointer) = dlsym (RTLD_DEFAULT, "gjs_context_gc");
  gpointer context = get_current != NULL && collect != NULL ? get_current () : NULL;

  if (context == NULL)
    return FALSE;

  collect (context);

  return TRUE;
}

gboolean
web_tasks_deserialize (WebMessageEvent *event, GBytes *cbor)
{
  gsize         size = 0;
  const guint8 *data = cbor != NULL ? g_bytes_get_data (cbor, &size) : NULL;
  int           result = deserializer.func (event, data, size, deserializer.user_data);

  if (result == 0 && finish_garbage_collection ())
    result = deserializer.func (event, data, size, deserializer.user_data);

  return result > 0;
}

/**
 * web_tasks_set_probe:
 * @func: (scope notified) (closure user_data) (destroy destroy): a function that only answers
 * @user_data: data for @func
 * @destroy: (nullable): for those who keep @user_data alive until it is called; it never is,
 * because the probe stays as long as the process
 *
 * Sets a function by which the library finds out, before it fires an event on this thread, whether
 * the language calls anything now. GJS does not while its garbage collector sweeps, and would lose
 * the event. This is for its binding, which does it.
 */
void
web_tasks_set_probe (WebTasksProbe func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (func != NULL);
  g_return_if_fail (probe.func == NULL);

  probe.func = func;
  probe.user_data = user_data;
}

/*
 * web_tasks_prepare_callbacks:
 *
 * Makes sure that a script on this thread can be called, before an event is fired.
 */
void
web_tasks_prepare_callbacks (void)
{
  if (web_tasks_has_deserializer () && probe.func != NULL && !probe.func (probe.user_data))
    finish_garbage_collection ();
}
