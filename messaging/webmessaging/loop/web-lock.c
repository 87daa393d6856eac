/* web-lock.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-lock-private.h"

#if WEB_DEBUG_BUILD

static _Thread_local int n_held;

void
web_mutex_lock (GMutex *mutex)
{
  g_mutex_lock (mutex);
  n_held++;
}

void
web_mutex_unlock (GMutex *mutex)
{
  n_held--;
  g_mutex_unlock (mutex);
}

/*
 * web_mutex_is_held:
 *
 * Returns %TRUE if this thread holds a lock of the library.
 */
gboolean
web_mutex_is_held (void)
{
  return n_held > 0;
}

#endif
