/* queue-before.c: a thread that gets words in a GAsyncQueue and answers with idle sources
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gio/gio.h>

static gboolean
on_answer (gpointer answer)
{
  g_print ("%s\n", (char *)answer);

  return G_SOURCE_REMOVE;
}

static gpointer
shout_thread (gpointer words)
{
  char *word;

  while (*(word = g_async_queue_pop (words)) != '\0')
    {
      g_idle_add_full (G_PRIORITY_DEFAULT, on_answer, g_utf8_strup (word, -1), g_free);
      g_free (word);
    }
  g_free (word);

  return NULL;
}

int
main (void)
{
  g_autoptr (GAsyncQueue) words = g_async_queue_new_full (g_free);
  GThread *thread = g_thread_new ("shout", shout_thread, words);

  g_async_queue_push (words, g_strdup ("hello"));
  g_async_queue_push (words, g_strdup ("world"));
  g_async_queue_push (words, g_strdup ("")); /* the end */
  g_thread_join (thread);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  return 0;
}
