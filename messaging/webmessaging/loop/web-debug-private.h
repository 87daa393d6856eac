/* web-debug-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Debug output, for a program whose messages do not arrive. Nothing is written for a single message
 * that is delivered. As with all that a user could see, not under a lock. */

extern int web_debug_is_on; /* atomic */

void web_debug_look (void);

/* Costs a plain read while debug output is off. */
static inline gboolean
web_debug_enabled (void)
{
  return G_UNLIKELY (__atomic_load_n (&web_debug_is_on, __ATOMIC_RELAXED));
}

#define web_debug(...)                                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (web_debug_enabled ())                                                                      \
      g_debug (__VA_ARGS__);                                                                       \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
