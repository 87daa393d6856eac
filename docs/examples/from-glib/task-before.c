/* task-before.c: a GTask in a thread that reports progress
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gio/gio.h>

typedef struct
{
  GTask *task;
  int    percent;
} Progress;

static gboolean
show_progress (gpointer user_data)
{
  g_autofree Progress *progress = user_data;
  g_autoptr (GTask) task = progress->task;

  if (!g_task_get_completed (task))
    g_print ("%d %%\n", progress->percent);

  return G_SOURCE_REMOVE;
}

static void
sum_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  gssize sum = 0;

  for (int i = 1; i <= 100; i++)
    {
      if (g_task_return_error_if_cancelled (task))
        return;
      sum += i;
      if (i % 50 == 0)
        {
          Progress *progress = g_new (Progress, 1);

          *progress = (Progress){ g_object_ref (task), i };
          g_main_context_invoke (g_task_get_context (task), show_progress, progress);
        }
    }
  g_task_return_int (task, sum);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer loop)
{
  g_autoptr (GError) error = NULL;
  gssize sum = g_task_propagate_int (G_TASK (result), &error);

  if (error == NULL)
    g_print ("the sum is %d\n", (int)sum);
  g_main_loop_quit (loop);
}

int
main (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, on_result, loop);

  g_task_run_in_thread (task, sum_thread);
  g_main_loop_run (loop); /* and g_cancellable_cancel() in a handler of a button */

  return 0;
}
