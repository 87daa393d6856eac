/* web-parcel-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What leaves the process: bytes, and the descriptors that go with them. Integers are in the byte
 * order of the machine, because descriptors do not leave it. */
typedef struct
{
  GByteArray *bytes; /* borrowed: what is written is appended */
  GArray     *fds;   /* owned: of int, owned */
  gsize       files; /* how many bytes there are in the memory files among them */
  GPtrArray  *ports; /* of endpoints, owned: those that the parcel refers to */
} WebParcel;

void  web_parcel_init (WebParcel *self, GByteArray *bytes);
void  web_parcel_clear (WebParcel *self);
guint web_parcel_add_fd (WebParcel *self, int fd);

void  web_parcel_write_uint (WebParcel *self, guint32 number);
void  web_parcel_write_fds (WebParcel *self, const int *fds, guint n_fds);
void  web_parcel_write_data (WebParcel *self, const void *data, gsize size);
gsize web_parcel_begin_block (WebParcel *self);
void  web_parcel_end_block (WebParcel *self, gsize begin);

/* What has come from another process, which need not be trusted. */
typedef struct
{
  GBytes       *bytes; /* borrowed: what @data lies in */
  const guint8 *data;
  gsize         size;
  gsize         position;
  int          *fds; /* borrowed; -1 are those that were taken */
  guint         n_fds;
  GPtrArray    *ports;         /* borrowed: of endpoints, owned: those that the parcel refers to */
  gsize         max_file_size; /* of all memory files together */
  guint         max_ports;     /* and how many ports there may be */
} WebParcelReader;

gsize         web_parcel_reader_get_remaining (const WebParcelReader *self);
gboolean      web_parcel_reader_read_uint (WebParcelReader *self, guint32 *number);
const guint8 *web_parcel_reader_read_data (WebParcelReader *self, gsize size);
gboolean      web_parcel_reader_read_block (WebParcelReader *self, WebParcelReader *block);
int           web_parcel_reader_take_fd (WebParcelReader *self, guint64 index);
GBytes       *web_parcel_reader_dup_range (WebParcelReader *self, const guint8 *data, gsize size);
gboolean      web_parcel_reader_read_fds (WebParcelReader *self, GArray *fds);
GBytes       *web_parcel_reader_dup_rest (WebParcelReader *self);

void web_close_fds (const int *fds, guint n_fds);

G_END_DECLS
