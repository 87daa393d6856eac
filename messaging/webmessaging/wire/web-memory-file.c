/* web-memory-file.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Memory files carry large byte arrays from one process to another: the sender writes the bytes
 * once and seals the file, so that nobody can change or cut them any more, and the receiver maps
 * the file without a copy.
 */

#include "web-memory-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop/web-lock-private.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

typedef struct
{
  int   fd; /* owned, to send the same bytes on */
  void *data;
  gsize size;
} Mapping;

/* The files that are mapped here, by their first byte: what came in a file goes on in it. */
static GMutex      mappings_lock;
static GHashTable *mappings;

static gboolean
fail (GError **error, const char *what)
{
  const int saved_errno = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", what,
               g_strerror (saved_errno));
  return FALSE;
}

static gboolean
write_all (int fd, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      size -= n;
    }

  return TRUE;
}

/*
 * web_memory_file_new_for_data:
 *
 * Returns: the descriptor of a new sealed file with these bytes, -1 with an error
 */
int
web_memory_file_new_for_data (const void *data, gsize size, GError **error)
{
  int fd = memfd_create ("webmessaging", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    {
      fail (error, "Cannot make a memory file");
      return -1;
    }

  if (!write_all (fd, data, size) || fcntl (fd, F_ADD_SEALS, SEALS) < 0)
    {
      fail (error, "Cannot write a memory file");
      close (fd);
      return -1;
    }

  return fd;
}

/*
 * web_memory_file_new:
 *
 * Returns: the descriptor of a sealed file with these bytes, which is the one that they came in if
 *   there is one; -1 with an error
 */
int
web_memory_file_new (GBytes *bytes, GError **error)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  Mapping      *mapping;
  int           fd = -1;

  web_mutex_lock (&mappings_lock);
  mapping = mappings != NULL ? g_hash_table_lookup (mappings, data) : NULL;
  if (mapping != NULL && mapping->size == size)
    fd = fcntl (mapping->fd, F_DUPFD_CLOEXEC, 0);
  web_mutex_unlock (&mappings_lock);

  return fd >= 0 ? fd : web_memory_file_new_for_data (data, size, error);
}

static void
mapping_free (gpointer data)
{
  Mapping *self = data;

  web_mutex_lock (&mappings_lock);
  g_hash_table_remove (mappings, self->data);
  web_mutex_unlock (&mappings_lock);

  munmap (self->data, self->size);
  close (self->fd);
  g_free (self);
}

static GBytes *
map (int fd, gsize size, GError **error)
{
  void    *data = mmap (NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  Mapping *self;

  if (data == MAP_FAILED)
    {
      fail (error, "Cannot map a memory file");
      return NULL;
    }

  self = g_new (Mapping, 1);
  self->fd = fd;
  self->data = data;
  self->size = size;

  web_mutex_lock (&mappings_lock);
  if (mappings == NULL)
    mappings = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (mappings, data, self);
  web_mutex_unlock (&mappings_lock);

  return g_bytes_new_with_free_func (data, size, mapping_free, self);
}

/* The sender may go on writing to the file, or cut it: the bytes are copied by a system call, which
 * no change of the file can harm. */
static GBytes *
copy (int fd, gsize size, GError **error)
{
  g_autofree guint8 *data = g_try_malloc (size);
  gsize              done = 0;

  if (data == NULL)
    {
      errno = ENOMEM;
      fail (error, "Cannot read a memory file");
      return NULL;
    }

  while (done < size)
    {
      gssize n = pread (fd, data + done, size - done, done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          errno = n == 0 ? ENODATA : errno;
          fail (error, "Cannot read a memory file");
          return NULL;
        }
      done += n;
    }

  return g_bytes_new_take (g_steal_pointer (&data), size);
}

/*
 * web_memory_file_map:
 * @fd: a descriptor from a sender that need not be trusted. It is consumed, also when the call
 *   fails
 * @max_size: how long the file may be
 *
 * Returns: (transfer full): the bytes of a memory file, which are not copied if the file is sealed
 */
GBytes *
web_memory_file_map (int fd, gsize max_size, GError **error)
{
  const int   seals = fcntl (fd, F_GET_SEALS);
  struct stat status;
  GBytes     *bytes = NULL;

  /* Only memory files have seals. What else there is may block, or end at any byte. */
  if (seals < 0 || fstat (fd, &status) < 0 || !S_ISREG (status.st_mode))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "A descriptor is not that of a memory file");
  else if ((guint64)status.st_size > max_size)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "A memory file has %" G_GUINT64_FORMAT " bytes, which is too long",
                 (guint64)status.st_size);
  else if (status.st_size == 0)
    bytes = g_bytes_new (NULL, 0);
  else if ((seals & SEALS & ~F_SEAL_SEAL) == (SEALS & ~F_SEAL_SEAL))
    bytes = map (fd, status.st_size, error);
  else
    bytes = copy (fd, status.st_size, error);

  /* A mapping keeps the descriptor, to send the file on. */
  if (bytes == NULL || status.st_size == 0 ||
      (seals & SEALS & ~F_SEAL_SEAL) != (SEALS & ~F_SEAL_SEAL))
    close (fd);

  return bytes;
}
