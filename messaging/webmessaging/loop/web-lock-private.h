/* web-lock-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The library takes and drops no reference to an object while it holds a lock, because a binding's
 * toggle-ref callback may run and wait for a lock of its own. A debug build counts the locks of a
 * thread, for a test with toggle references. */
#if WEB_DEBUG_BUILD
void     web_mutex_lock (GMutex *mutex);
void     web_mutex_unlock (GMutex *mutex);
gboolean web_mutex_is_held (void);
#else
#  define web_mutex_lock   g_mutex_lock
#  define web_mutex_unlock g_mutex_unlock

static inline gboolean
web_mutex_is_held (void)
{
  return FALSE;
}
#endif

G_END_DECLS
