/* web-debug.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-debug-private.h"

int web_debug_is_on;

/*
 * web_debug_look:
 *
 * Looks whether the program wants debug output: `G_MESSAGES_DEBUG` in the environment, or
 * g_log_set_debug_enabled(). To ask for each line would cost more than the line is worth.
 */
void
web_debug_look (void)
{
  if (!web_debug_enabled () && !g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    g_atomic_int_set (&web_debug_is_on, TRUE);
}
