/* web-debug.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-debug-private.h"

#if WEB_HAVE_SYSPROF
#  include <sysprof-capture.h>
#endif

int web_debug_flags;

static gboolean
is_traced (void)
{
#if WEB_HAVE_SYSPROF
  return sysprof_collector_is_active ();
#else
  return FALSE;
#endif
}

/*
 * web_debug_look:
 *
 * Looks whether the program wants debug output (`G_MESSAGES_DEBUG` in the environment, or
 * g_log_set_debug_enabled()), and whether Sysprof records it. To ask for each line would cost more
 * than the line is worth.
 */
void
web_debug_look (void)
{
  int flags = 0;

  if (!g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    flags |= WEB_DEBUG_LOG;
  if (is_traced ())
    flags |= WEB_DEBUG_TRACE;
  if (flags != 0)
    g_atomic_int_or ((guint *)&web_debug_flags, (guint)flags);
}

/*
 * web_trace_begin:
 *
 * Returns the time for web_trace_end(). Only if web_trace_enabled() is %TRUE.
 */
gint64
web_trace_begin (void)
{
#if WEB_HAVE_SYSPROF
  return SYSPROF_CAPTURE_CURRENT_TIME;
#else
  return 0;
#endif
}

/*
 * web_trace_end:
 * @format: says of what
 *
 * Writes a mark for Sysprof, which lasts from @begin until now.
 */
void
web_trace_end (gint64 begin, const char *name, const char *format, ...)
{
#if WEB_HAVE_SYSPROF
  va_list arguments;

  va_start (arguments, format);
  sysprof_collector_mark_vprintf (begin, SYSPROF_CAPTURE_CURRENT_TIME - begin, G_LOG_DOMAIN, name,
                                  format, arguments);
  va_end (arguments);
#endif
}
