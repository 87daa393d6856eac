/* tsan-glib.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* ThreadSanitizer sees no lock and no reference count of GLib, which is not built for it. These
 * functions stand before GLib's in a test program, call them, and say which of them order what
 * happens in two threads. */

#include <dlfcn.h>
#include <gio/gio.h>

extern void __tsan_acquire (void *address);
extern void __tsan_release (void *address);

#define REAL(function)                                                                             \
  ({                                                                                               \
    static __typeof__ (&function) real_;                                                           \
    __typeof__ (&function)        found_ = __atomic_load_n (&real_, __ATOMIC_RELAXED);             \
    if (found_ == NULL)                                                                            \
      {                                                                                            \
        found_ = dlsym (RTLD_NEXT, #function);                                                     \
        __atomic_store_n (&real_, found_, __ATOMIC_RELAXED);                                       \
      }                                                                                            \
    found_;                                                                                        \
  })

void
g_mutex_lock (GMutex *mutex)
{
  REAL (g_mutex_lock) (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked = REAL (g_mutex_trylock) (mutex);

  if (locked)
    __tsan_acquire (mutex);

  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_mutex_unlock) (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_cond_wait) (cond, mutex);
  __tsan_acquire (mutex);
}

/* Whoever drops the last reference has to see what was done to the object before the others went.
 * So the acquire stands between the last decrement and what frees the object: a thread may wait for
 * long between its call of g_object_unref() and its decrement. */

void (g_object_unref) (gpointer object)
{
  GObject *self = object;
  int      n;

  __tsan_release (object);
  while ((n = g_atomic_int_get (&self->ref_count)) > 1 && g_datalist_get_flags (&self->qdata) == 0)
    {
      if (g_atomic_int_compare_and_exchange (&self->ref_count, n, n - 1))
        return;
    }
  __tsan_acquire (object);
  /* The last reference, or one that a toggle reference may hear of. */
  REAL (g_object_unref) (object);
}

gpointer (g_object_ref) (gpointer object)
{
  gpointer ret = REAL (g_object_ref) (object);

  __tsan_acquire (object);

  return ret;
}

static _Thread_local GDestroyNotify clear_box;

static void
acquire_and_clear_box (gpointer box)
{
  __tsan_acquire (box);
  clear_box (box);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify clear_func)
{
  __tsan_release (box);
  clear_box = clear_func;
  REAL (g_atomic_rc_box_release_full) (box, acquire_and_clear_box);
}

void
g_variant_unref (GVariant *value)
{
  __tsan_release (value);
  __tsan_acquire (value);
  REAL (g_variant_unref) (value);
}

/* What a thread did before it gave a callback to a source is seen by the thread that calls it. */

typedef struct
{
  GSourceFunc    function;
  gpointer       user_data;
  GDestroyNotify destroy;
  int            ref_count;
} Callback;

/* GLib does so first in the thread that is about to call. */
static void
callback_ref (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (callback);
  g_atomic_int_inc (&callback->ref_count);
}

static void
callback_unref (gpointer data)
{
  Callback *callback = data;

  if (!g_atomic_int_dec_and_test (&callback->ref_count))
    return;

  if (callback->destroy != NULL)
    callback->destroy (callback->user_data);
  g_free (callback);
}

static void
callback_get (gpointer data, GSource *source, GSourceFunc *function, gpointer *user_data)
{
  Callback *callback = data;

  *function = callback->function;
  *user_data = callback->user_data;
}

void
g_source_set_callback (GSource       *source,
                       GSourceFunc    function,
                       gpointer       user_data,
                       GDestroyNotify destroy)
{
  static GSourceCallbackFuncs callback_funcs = { callback_ref, callback_unref, callback_get };
  Callback                   *callback = g_new (Callback, 1);

  *callback = (Callback){ function, user_data, destroy, 1 };
  __tsan_release (callback);
  g_source_set_callback_indirect (source, callback, &callback_funcs);
}
