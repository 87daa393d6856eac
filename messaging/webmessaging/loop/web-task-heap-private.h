/* web-task-heap-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is embedded in an item of a heap. */
typedef struct
{
  guint   index; /* in the heap */
  guint64 place; /* the item with the lowest one is on top */
} WebTaskHeapItem;

/* A binary heap of items, which it does not own. */
typedef struct
{
  GPtrArray *items;
} WebTaskHeap;

void             web_task_heap_init (WebTaskHeap *self);
void             web_task_heap_clear (WebTaskHeap *self);
gboolean         web_task_heap_is_empty (WebTaskHeap *self);
WebTaskHeapItem *web_task_heap_peek (WebTaskHeap *self);
void             web_task_heap_add (WebTaskHeap *self, WebTaskHeapItem *item);
void             web_task_heap_remove (WebTaskHeap *self, WebTaskHeapItem *item);

G_END_DECLS
