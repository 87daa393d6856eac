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
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "loop/web-lock-private.h"
#include "web-error-private.h"
#include "web-parcel-private.h"

#define NEEDED_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
#define SEALS        (F_SEAL_SEAL | NEEDED_SEALS)

#define MAX_KEPT_DESCRIPTORS 64

typedef struct
{
  int   fd; /* owned, to send the same bytes on; -1 if it is not kept */
  void *data;
  gsize size;
} Mapping;

/* The files that are mapped here, by their first byte: what came in a file goes on in it. */
static GMutex      mappings_lock;
static GHashTable *mappings;

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
 * web_memory_file_reserve:
 *
 * Returns: a descriptor to close before a memory file is made, for which there is room then; -1
 * with an error
 */
int
web_memory_file_reserve (GError **error)
{
  const int fd = memfd_create ("webmessaging", MFD_CLOEXEC);

  if (fd < 0)
    web_messaging_error_set_from_errno (error, "Cannot make a memory file");

  return fd;
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
      web_messaging_error_set_from_errno (error, "Cannot make a memory file");
      return -1;
    }

  if (!write_all (fd, data, size) || fcntl (fd, F_ADD_SEALS, SEALS) < 0)
    {
      web_messaging_error_set_from_errno (error, "Cannot write a memory file");
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

  if (self->fd >= 0)
    {
      web_mutex_lock (&mappings_lock);
      g_hash_table_remove (mappings, self->data);
      web_mutex_unlock (&mappings_lock);
      close (self->fd);
    }

  munmap (self->data, self->size);
  g_free (self);
}

/* Keeps the descriptor of a mapping, unless there are many: a mapping does not need it, and a
 * program may keep any number of byte arrays. */
static void
keep_descriptor (Mapping *self, int fd)
{
  gboolean kept;

  web_mutex_lock (&mappings_lock);
  if (mappings == NULL)
    mappings = g_hash_table_new (NULL, NULL);
  kept = g_hash_table_size (mappings) < MAX_KEPT_DESCRIPTORS;
  self->fd = kept ? fd : -1;
  if (kept)
    g_hash_table_insert (mappings, self->data, self);
  web_mutex_unlock (&mappings_lock);

  if (!kept)
    close (fd);
}

static GBytes *
map (int fd, gsize size, GError **error)
{
  void    *data = mmap (NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  Mapping *self;

  if (data == MAP_FAILED)
    {
      web_messaging_error_set_from_errno (error, "Cannot map a memory file");
      close (fd);
      return NULL;
    }

  self = g_new (Mapping, 1);
  self->data = data;
  self->size = size;
  keep_descriptor (self, fd);

  return g_bytes_new_with_free_func (data, size, mapping_free, self);
}

/* A file of one page would cost as much address space as a large one. */
static GBytes *
copy (int fd, gsize size, GError **error)
{
  g_autofree guint8 *data = g_malloc (size);

  if (size > 0 && pread (fd, data, size, 0) != (gssize)size)
    {
      web_messaging_error_set_from_errno (error, "Cannot read a memory file");
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static gboolean
reject (GError **error, const char *why)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, why);
  return FALSE;
}

/* Only what is certain to stay as it is can be mapped: whoever reads beyond the end of a file, or a
 * page for which there is no memory, is killed. */
static gboolean
check (int fd, gsize max_size, gsize *size, GError **error)
{
  const int     seals = fcntl (fd, F_GET_SEALS);
  struct statfs system;
  struct stat   status;

  /* Not even the size of a file of another kind is asked for: that may take any time. */
  if (seals < 0 || fstat (fd, &status) < 0 || !S_ISREG (status.st_mode))
    return reject (error, "A descriptor is not that of a memory file");

  if ((seals & NEEDED_SEALS) != NEEDED_SEALS)
    return reject (error, "A memory file is not sealed");

  /* Huge pages may be used up when a page is read. */
  if (fstatfs (fd, &system) < 0 || system.f_type != TMPFS_MAGIC)
    return reject (error, "A memory file does not have ordinary pages");

  /* Reading a page that was never written takes memory, which the sender has not paid for. */
  if (status.st_size / 512 > status.st_blocks)
    return reject (error, "A memory file has holes");

  if ((guint64)status.st_size > max_size)
    return reject (error, "A memory file is too long");

  *size = status.st_size;

  return TRUE;
}

/*
 * web_memory_file_map:
 * @fd: a descriptor from a sender that need not be trusted. It is consumed, also when the call
 *   fails
 * @max_size: how long the file may be
 *
 * Returns: (transfer full): the bytes of a sealed memory file, which are not copied unless they are
 *   few; %NULL with an error
 */
GBytes *
web_memory_file_map (int fd, gsize max_size, GError **error)
{
  GBytes *bytes = NULL;
  gsize   size;

  if (check (fd, max_size, &size, error))
    {
      if (size >= WEB_MEMORY_FILE_MIN)
        return map (fd, size, error);
      bytes = copy (fd, size, error);
    }
  web_close_fds (&fd, 1);

  return bytes;
}
