/* web-task-heap.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-task-heap-private.h"

void
web_task_heap_init (WebTaskHeap *self)
{
  self->items = g_ptr_array_new ();
}

void
web_task_heap_clear (WebTaskHeap *self)
{
  g_ptr_array_unref (self->items);
}

gboolean
web_task_heap_is_empty (WebTaskHeap *self)
{
  return self->items->len == 0;
}

static WebTaskHeapItem *
get_item (WebTaskHeap *self, guint index)
{
  return g_ptr_array_index (self->items, index);
}

static void
set_item (WebTaskHeap *self, guint index, WebTaskHeapItem *item)
{
  g_ptr_array_index (self->items, index) = item;
  item->index = index;
}

/* Moves an item up from a place that is free, past those that come later. */
static void
sift_up (WebTaskHeap *self, guint index, WebTaskHeapItem *item)
{
  while (index > 0)
    {
      WebTaskHeapItem *parent = get_item (self, (index - 1) / 2);

      if (item->place >= parent->place)
        break;

      set_item (self, index, parent);
      index = (index - 1) / 2;
    }
  set_item (self, index, item);
}

/* Moves an item down from a place that is free, past those that come earlier. */
static void
sift_down (WebTaskHeap *self, guint index, WebTaskHeapItem *item)
{
  guint child;

  while ((child = 2 * index + 1) < self->items->len)
    {
      if (child + 1 < self->items->len &&
          get_item (self, child + 1)->place < get_item (self, child)->place)
        child++;
      if (get_item (self, child)->place >= item->place)
        break;

      set_item (self, index, get_item (self, child));
      index = child;
    }
  sift_up (self, index, item);
}

/*
 * web_task_heap_peek:
 *
 * Returns the item with the lowest place, %NULL if the heap is empty.
 */
WebTaskHeapItem *
web_task_heap_peek (WebTaskHeap *self)
{
  return self->items->len > 0 ? get_item (self, 0) : NULL;
}

void
web_task_heap_add (WebTaskHeap *self, WebTaskHeapItem *item)
{
  g_ptr_array_add (self->items, item);
  sift_up (self, self->items->len - 1, item);
}

void
web_task_heap_remove (WebTaskHeap *self, WebTaskHeapItem *item)
{
  WebTaskHeapItem *last = get_item (self, self->items->len - 1);

  g_ptr_array_set_size (self->items, self->items->len - 1);
  if (last != item)
    sift_down (self, item->index, last);
}
