/* web-debug-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Debug output, for a program whose messages do not arrive, and marks for Sysprof. As with all that
 * a user could see, nothing is written under a lock. */

enum
{
  WEB_DEBUG_LOG = 1 << 0,   /* the program wants debug output */
  WEB_DEBUG_TRACE = 1 << 1, /* Sysprof records the program */
};

extern int web_debug_flags; /* atomic */

void web_debug_look (void);

/* These cost a plain read while there is neither. */

static inline int
web_debug_get_flags (void)
{
  return __atomic_load_n (&web_debug_flags, __ATOMIC_RELAXED);
}

static inline gboolean
web_debug_enabled (void)
{
  return G_UNLIKELY ((web_debug_get_flags () & WEB_DEBUG_LOG) != 0);
}

static inline gboolean
web_trace_enabled (void)
{
  return G_UNLIKELY ((web_debug_get_flags () & WEB_DEBUG_TRACE) != 0);
}

gint64 web_trace_begin (void);
void   web_trace_end (gint64 begin, const char *name, const char *format, ...) G_GNUC_PRINTF (3, 4);

#define web_debug(...)                                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (web_debug_enabled ())                                                                      \
      g_debug (__VA_ARGS__);                                                                       \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
