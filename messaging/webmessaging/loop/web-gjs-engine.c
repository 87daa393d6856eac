/* web-gjs-engine.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The engine of GJS, for what GJS itself does not offer.
 *
 * GJS calls nothing in JavaScript while its garbage collector sweeps, and that can last over many
 * turns of the main loop: a signal, callback or virtual function that is called then is lost. So
 * the library ends the sweep before it calls anything. That needs SpiderMonkey, which is in the
 * process whenever GJS is. The library does not link to SpiderMonkey, but looks its functions up by
 * their mangled C++ names, so that a function whose arguments have changed is not found.
 *
 * GJS runs microtasks from a source of the main loop. Here that source runs once after each
 * callback. Microtasks that are run in any other way cannot run a main loop themselves: the source
 * is ready as long as there are microtasks, and would keep all others from running.
 *
 * If a function is missing, the bindings use slower ways.
 */

#include <dlfcn.h>
#include <glib-object.h>
#include <stdbool.h>

#include "web-gjs-engine-private.h"

/* js/GCAPI.h, JSFinalizeStatus */
enum
{
  FINALIZE_GROUP_PREPARE,
  FINALIZE_GROUP_START,
  FINALIZE_GROUP_END,
  FINALIZE_COLLECTION_END,
};

/* js/GCAPI.h, JS::GCReason, and js/HeapAPI.h, JS::HeapState */
#define GC_REASON_API   0
#define HEAP_STATE_IDLE 0

typedef struct _JSContext JSContext;
typedef void (*FinalizeCallback) (gpointer gc_context, int status, gpointer data);

static struct
{
  GObject *(*get_current) (void);
  JSContext *(*get_native_context) (GObject *context);
  void (*add_finalize_callback) (JSContext *context, FinalizeCallback callback, gpointer data);
  void (*finish_incremental_gc) (JSContext *context, int reason);
  bool (*is_incremental_gc_in_progress) (JSContext *context);
  int (*get_heap_state) (void);
} engine;

static const struct
{
  gpointer   *function;
  const char *name;
} symbols[] = {
  { (gpointer *)&engine.get_current, "gjs_context_get_current" },
  { (gpointer *)&engine.get_native_context, "gjs_context_get_native_context" },
  { (gpointer *)&engine.add_finalize_callback,
    "_Z22JS_AddFinalizeCallbackP9JSContextPFvPN2JS9GCContextE16JSFinalizeStatusPvES5_" },
  { (gpointer *)&engine.finish_incremental_gc,
    "_ZN2JS19FinishIncrementalGCEP9JSContextNS_8GCReasonE" },
  { (gpointer *)&engine.is_incremental_gc_in_progress,
    "_ZN2JS25IsIncrementalGCInProgressEP9JSContext" },
  { (gpointer *)&engine.get_heap_state, "_ZN2JS16RuntimeHeapStateEv" },
};

gboolean web_gjs_engine_is_attached;

/* The JavaScript context that runs on this thread, %NULL if there is none. */
static _Thread_local JSContext *current;

/* Owned. The source that runs the microtasks of @current. */
static _Thread_local GSource *promise_source;

/* TRUE while GJS calls nothing on this thread. */
static _Thread_local gboolean is_sweeping;

static void
finalize_callback (gpointer gc_context, int status, gpointer data)
{
  is_sweeping = status == FINALIZE_GROUP_PREPARE || status == FINALIZE_GROUP_START;
}

static void
context_gone (gpointer user_data, GObject *context)
{
  current = NULL;
  is_sweeping = FALSE;
  g_clear_pointer (&promise_source, g_source_unref);
}

/* GLib has no function that finds a source by its name. GJS makes its source before it runs a
 * script, so the source has a smaller number than one that is made now. */
static GSource *
find_promise_source (GMainContext *context)
{
  g_autoptr (GSource) newest = g_idle_source_new ();
  const guint end = g_source_attach (newest, context);
  GSource    *found = NULL;
  guint       id;

  for (id = 1; id < end && found == NULL; id++)
    {
      GSource *source = g_main_context_find_source_by_id (context, id);

      if (source != NULL && source->source_funcs->prepare != NULL &&
          g_strcmp0 (g_source_get_name (source), "GjsPromiseJobQueueSource") == 0)
        found = g_source_ref (source);
    }
  g_source_destroy (newest);

  return found;
}

static gboolean
look_up_symbols (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (symbols); i++)
    {
      *symbols[i].function = dlsym (RTLD_DEFAULT, symbols[i].name);
      if (*symbols[i].function == NULL)
        return FALSE;
    }

  return TRUE;
}

/*
 * web_gjs_engine_attach:
 *
 * Watches the JavaScript context of GJS that runs on this thread from now on.
 *
 * Returns %FALSE if the engine is unknown.
 */
gboolean
web_gjs_engine_attach (void)
{
  static gsize has_symbols = 0;
  GObject     *context;

  if (g_once_init_enter (&has_symbols))
    g_once_init_leave (&has_symbols, look_up_symbols () ? 2 : 1);
  if (has_symbols != 2 || current != NULL)
    return current != NULL;

  context = engine.get_current ();
  if (context == NULL)
    return FALSE;

  promise_source = find_promise_source (g_main_context_default ());
  if (promise_source == NULL && g_main_context_get_thread_default () != NULL)
    promise_source = find_promise_source (g_main_context_get_thread_default ());
  if (promise_source == NULL)
    return FALSE;

  current = engine.get_native_context (context);
  g_atomic_int_set (&web_gjs_engine_is_attached, TRUE);
  g_object_weak_ref (context, context_gone, NULL);
  engine.add_finalize_callback (current, finalize_callback, NULL);
  /* The callback may have missed the beginning of the collection. */
  if (engine.is_incremental_gc_in_progress (current))
    engine.finish_incremental_gc (current, GC_REASON_API);

  return TRUE;
}

/*
 * web_gjs_engine_finish_sweep:
 *
 * Makes sure that a script on this thread can be called. Costs nothing on a thread without one.
 */
void
web_gjs_engine_finish_sweep (void)
{
  if (G_UNLIKELY (is_sweeping) && engine.get_heap_state () == HEAP_STATE_IDLE)
    engine.finish_incremental_gc (current, GC_REASON_API);
}

/*
 * web_gjs_engine_run_microtasks:
 *
 * HTML, webappapis.html#perform-a-microtask-checkpoint, for the script on this thread.
 *
 * Returns %FALSE if the thread has no script, or the engine is unknown.
 */
gboolean
web_gjs_engine_run_microtasks (void)
{
  int timeout;

  if (promise_source == NULL)
    return FALSE;

  /* Not inside a microtask. No other source runs, because this one has the highest priority. */
  if ((promise_source->flags & G_HOOK_FLAG_IN_CALL) == 0 &&
      promise_source->source_funcs->prepare (promise_source, &timeout))
    g_main_context_iteration (g_source_get_context (promise_source), FALSE);

  return TRUE;
}

/*
 * web_gjs_engine_collect:
 *
 * Ends a sweep with a full collection, if only the functions of GJS itself are known.
 *
 * Returns %FALSE if GJS is not in the process.
 */
gboolean
web_gjs_engine_collect (void)
{
  GObject *(*get_current) (void) = dlsym (RTLD_DEFAULT, "gjs_context_get_current");
  void (*collect) (GObject *) = dlsym (RTLD_DEFAULT, "gjs_context_gc");
  GObject *context = get_current != NULL && collect != NULL ? get_current () : NULL;

  if (context == NULL)
    return FALSE;

  collect (context);

  return TRUE;
}
