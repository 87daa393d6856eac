/* web-parcel.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-parcel-private.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * web_close_fds:
 *
 * Closes descriptors, which another process may have sent, except those that were taken.
 */
void
web_close_fds (const int *fds, guint n_fds)
{
  const struct linger off = { .l_onoff = 0 };
  guint               i;

  for (i = 0; i < n_fds; i++)
    if (fds[i] >= 0)
      {
        /* Closing a socket may wait for its other side, however long. */
        setsockopt (fds[i], SOL_SOCKET, SO_LINGER, &off, sizeof off);
        close (fds[i]);
      }
}

/*
 * web_parcel_init:
 * @bytes: what the content is appended to
 */
void
web_parcel_init (WebParcel *self, GByteArray *bytes)
{
  self->bytes = bytes;
  self->fds = NULL;
  self->files = 0;
  self->ports = NULL;
}

/*
 * web_parcel_clear:
 *
 * Closes the descriptors that are still here.
 */
void
web_parcel_clear (WebParcel *self)
{
  if (self->fds != NULL)
    web_close_fds ((const int *)(void *)self->fds->data, self->fds->len);
  g_clear_pointer (&self->fds, g_array_unref);
  g_clear_pointer (&self->ports, g_ptr_array_unref);
}

/*
 * web_parcel_add_fd:
 * @fd: (transfer full): a descriptor
 *
 * Returns: the number by which the receiver takes it
 */
guint
web_parcel_add_fd (WebParcel *self, int fd)
{
  if (self->fds == NULL)
    self->fds = g_array_new (FALSE, FALSE, sizeof (int));
  g_array_append_val (self->fds, fd);

  return self->fds->len - 1;
}

void
web_parcel_write_uint (WebParcel *self, guint32 number)
{
  g_byte_array_append (self->bytes, (const guint8 *)&number, sizeof number);
}

/*
 * web_parcel_write_fds:
 * @fds: (transfer full): descriptors
 *
 * Adds descriptors, and writes their numbers for web_parcel_reader_read_fds().
 */
void
web_parcel_write_fds (WebParcel *self, const int *fds, guint n_fds)
{
  guint i;

  web_parcel_write_uint (self, n_fds);
  for (i = 0; i < n_fds; i++)
    web_parcel_write_uint (self, web_parcel_add_fd (self, fds[i]));
}

void
web_parcel_write_data (WebParcel *self, const void *data, gsize size)
{
  g_byte_array_append (self->bytes, data, size);
}

/*
 * web_parcel_begin_block:
 *
 * Begins a part whose length precedes it. Pass what this returns to web_parcel_end_block().
 */
gsize
web_parcel_begin_block (WebParcel *self)
{
  web_parcel_write_uint (self, 0);

  return self->bytes->len;
}

void
web_parcel_end_block (WebParcel *self, gsize begin)
{
  const guint32 size = self->bytes->len - begin;

  memcpy (self->bytes->data + begin - sizeof size, &size, sizeof size);
}

gsize
web_parcel_reader_get_remaining (const WebParcelReader *self)
{
  return self->size - self->position;
}

/*
 * web_parcel_reader_read_data:
 *
 * Returns: (nullable): the next bytes, %NULL if there are not so many
 */
const guint8 *
web_parcel_reader_read_data (WebParcelReader *self, gsize size)
{
  const guint8 *data = self->data + self->position;

  if (size > web_parcel_reader_get_remaining (self))
    return NULL;
  self->position += size;

  return data;
}

gboolean
web_parcel_reader_read_uint (WebParcelReader *self, guint32 *number)
{
  const guint8 *data = web_parcel_reader_read_data (self, sizeof *number);

  if (data != NULL)
    memcpy (number, data, sizeof *number);

  return data != NULL;
}

/*
 * web_parcel_reader_read_block:
 * @block: (out): a reader of the part that follows
 */
gboolean
web_parcel_reader_read_block (WebParcelReader *self, WebParcelReader *block)
{
  const guint8 *data;
  guint32       size;

  if (!web_parcel_reader_read_uint (self, &size) ||
      (data = web_parcel_reader_read_data (self, size)) == NULL)
    return FALSE;

  *block = *self;
  block->data = data;
  block->size = size;
  block->position = 0;

  return TRUE;
}

/*
 * web_parcel_reader_take_fd:
 *
 * Returns: the descriptor with this number; -1 if there is none, or if it was taken before
 */
int
web_parcel_reader_take_fd (WebParcelReader *self, guint64 index)
{
  int fd = -1;

  if (index < self->n_fds)
    {
      fd = self->fds[index];
      self->fds[index] = -1;
    }

  return fd;
}

/*
 * web_parcel_reader_read_fds:
 * @fds: the descriptors are appended, also if the call fails: those before the one that is missing
 *
 * Takes the descriptors whose numbers follow.
 */
gboolean
web_parcel_reader_read_fds (WebParcelReader *self, GArray *fds)
{
  guint32 n_fds, index, i;
  int     fd;

  if (!web_parcel_reader_read_uint (self, &n_fds))
    return FALSE;

  for (i = 0; i < n_fds; i++)
    {
      if (!web_parcel_reader_read_uint (self, &index) ||
          (fd = web_parcel_reader_take_fd (self, index)) < 0)
        return FALSE;
      g_array_append_val (fds, fd);
    }

  return TRUE;
}

/* A message that is small is copied, so that it does not keep all that came with it. */
#define COPY_MAX 4096

/*
 * web_parcel_reader_dup_range:
 * @data: where the bytes begin that are wanted
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
web_parcel_reader_dup_range (WebParcelReader *self, const guint8 *data, gsize size)
{
  if (self->bytes == NULL || size <= COPY_MAX)
    return g_bytes_new (data, size);

  return g_bytes_new_from_bytes (self->bytes,
                                 data - (const guint8 *)g_bytes_get_data (self->bytes, NULL), size);
}

/*
 * web_parcel_reader_dup_rest:
 *
 * Returns: (transfer full): all bytes from here on
 */
GBytes *
web_parcel_reader_dup_rest (WebParcelReader *self)
{
  const gsize   size = web_parcel_reader_get_remaining (self);
  const guint8 *data = web_parcel_reader_read_data (self, size);

  return web_parcel_reader_dup_range (self, data, size);
}
