/* web-memory-file-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From this size on, bytes go to another process in a memory file. */
#define WEB_MEMORY_FILE_MIN (32 * 1024)

int     web_memory_file_reserve (GError **error);
int     web_memory_file_new (GBytes *bytes, GError **error);
int     web_memory_file_new_for_data (const void *data, gsize size, GError **error);
GBytes *web_memory_file_map (int fd, gsize max_size, GError **error);

G_END_DECLS
