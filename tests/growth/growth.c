/* growth.c: reads messages in C, for run.py
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <malloc.h>
#include <stdio.h>
#include <time.h>

#include <webmessaging/webmessaging.h>
#include <webmessaging/bindings/web-private.h>

/* Memory is counted where it is allocated. */

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *memory, size_t size);
void  __libc_free (void *memory);

static gsize held;
static gsize most_held;

static void *
count (void *memory)
{
  if (memory != NULL)
    held += malloc_usable_size (memory);
  most_held = MAX (most_held, held);

  return memory;
}

static void
discount (void *memory)
{
  gsize size = memory != NULL ? malloc_usable_size (memory) : 0;

  /* What was there before is not counted. */
  held -= MIN (size, held);
}

void *
malloc (size_t size)
{
  return count (__libc_malloc (size));
}

void *
calloc (size_t n, size_t size)
{
  return count (__libc_calloc (n, size));
}

void *
realloc (void *memory, size_t size)
{
  discount (memory);

  return count (__libc_realloc (memory, size));
}

void
free (void *memory)
{
  discount (memory);
  __libc_free (memory);
}

static double
get_seconds (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);

  return time.tv_sec + time.tv_nsec / 1e9;
}

/* Reads a message as C does, and as a script would: both forms of its value. */
static char *
read_message (GBytes *bytes)
{
  g_autoptr (WebSerializedData) message = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  message = web_serialized_data_new_from_bytes (bytes, &error);
  if (message == NULL)
    return g_strdup_printf ("rejected: %s", error->message);

  web_private_get_cbor (message);
  if (!web_serialized_data_deserialize (message, NULL, &objects, &error))
    return g_strdup (error->message);

  return g_strdup ("ok");
}

static void
measure (const char *path)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  double seconds = G_MAXDOUBLE;
  gsize  memory = 0;
  char  *data;
  gsize  size;
  int    i;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);
  bytes = g_bytes_new_take (data, size);

  for (i = 0; i < 3; i++)
    {
      g_autofree char *outcome = NULL;
      double           start;

      held = 0;
      most_held = 0;
      start = get_seconds ();
      outcome = read_message (bytes);
      seconds = MIN (seconds, get_seconds () - start);
      memory = most_held;
      if (i == 2)
        printf ("%.7f\t%zu\t%s\n", seconds, memory, outcome);
    }
  fflush (stdout);
}

int
main (int argc, char *argv[])
{
  int i;

  for (i = 1; i < argc; i++)
    measure (argv[i]);

  return 0;
}
