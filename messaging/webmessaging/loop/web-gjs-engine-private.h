/* web-gjs-engine-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean web_gjs_engine_attach (void);
/* TRUE if an engine is attached on any thread. Set before its scripts run, so a plain read will do.
 */
extern gboolean web_gjs_engine_is_attached;

void     web_gjs_engine_finish_sweep (void);
gboolean web_gjs_engine_run_microtasks (void);
gboolean web_gjs_engine_collect (void);

G_END_DECLS
