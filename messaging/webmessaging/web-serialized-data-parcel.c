/* web-serialized-data-parcel.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Messages on their way to another process. The value and the cloned objects are written as in
 * web_serialized_data_to_bytes(), before them what is transferred. */

#include "web-error.h"
#include "web-message-port.h"
#include "web-serialized-data-private.h"
#include "web-structured-data-private.h"
#include "transport/web-endpoint-holder-private.h"
#include "transport/web-socket-endpoint-private.h"
#include "wire/web-variant-private.h"

/* What stands for a transferred object. */
typedef enum
{
  KIND_PORT = 1, /* a port: its endpoint */
  KIND_WRAPPED,  /* an object of the application that has a port: the class, and the endpoint */
  KIND_OBJECT,   /* any other one: the class, a value, and descriptors */
} Kind;

static gboolean
is_plain (gpointer data)
{
  WebSerializedData *self = data;

  return self->n_transferred == 0 && !self->unreadable;
}

static GType
get_type (WebTransferred *transferred)
{
  return transferred->type != G_TYPE_INVALID ? transferred->type
                                             : g_type_from_name (transferred->type_name);
}

static const char *
get_type_name (WebTransferred *transferred)
{
  return transferred->type_name != NULL ? transferred->type_name : g_type_name (transferred->type);
}

/* Lets the class of an object turn what it has transferred into a value, once. */
static gboolean export(WebTransferred *transferred, GError **error)
{
  g_autoptr (GObject) object = NULL;

  if (transferred->foreign != NULL || WEB_IS_FOREIGN_HOLDER (transferred->data_holder))
    return TRUE;

  /* The object itself may be gone, or in another thread. */
  object = web_structured_data_new_object (get_type (transferred));
  transferred->foreign =
    web_foreign_holder_export (WEB_TRANSFERABLE (object), transferred->data_holder, error);

  return transferred->foreign != NULL;
}

/*
 * web_serialized_data_prepare_to_leave:
 *
 * Does all that can fail before a message is written for another process. Runs code of the
 * application.
 */
gboolean
web_serialized_data_prepare_to_leave (WebSerializedData *self, GError **error)
{
  guint i;

  for (i = 0; i < self->n_transferred; i++)
    {
      WebTransferred *transferred = &self->transferred[i];
      WebEndpoint    *endpoint;

      if (transferred->data_holder == NULL)
        continue;

      if (!WEB_IS_ENDPOINT_HOLDER (transferred->data_holder))
        {
          if (!export(transferred, error))
            return FALSE;
          continue;
        }

      endpoint = web_endpoint_holder_peek (WEB_ENDPOINT_HOLDER (transferred->data_holder));
      if (endpoint != NULL &&
          !web_endpoint_prepare_to_leave (endpoint, &web_serialized_data_message_funcs, error))
        return FALSE;
    }

  return TRUE;
}

static void
write_text (WebParcel *parcel, const char *text)
{
  const gsize begin = web_parcel_begin_block (parcel);

  web_parcel_write_data (parcel, (const guint8 *)text, strlen (text) + 1);
  web_parcel_end_block (parcel, begin);
}

static void
write_endpoint (WebTransferred *transferred, WebParcel *parcel)
{
  WebEndpointHolder *holder = WEB_ENDPOINT_HOLDER (transferred->data_holder);
  WebEndpoint       *endpoint = web_endpoint_holder_steal (holder);

  if (web_endpoint_holder_is_for (holder, transferred->type))
    {
      web_parcel_write_uint (parcel, KIND_PORT);
    }
  else
    {
      web_parcel_write_uint (parcel, KIND_WRAPPED);
      write_text (parcel, get_type_name (transferred));
    }

  if (parcel->ports == NULL)
    parcel->ports = g_ptr_array_new_with_free_func ((GDestroyNotify)web_endpoint_unref);
  /* One that somebody has taken out of the message meanwhile arrives as a port that is closed. */
  g_ptr_array_add (parcel->ports, endpoint != NULL ? endpoint : web_socket_endpoint_new ());
}

static void
write_object (WebTransferred *transferred, WebParcel *parcel)
{
  WebForeignHolder *holder = transferred->foreign != NULL
                               ? transferred->foreign
                               : WEB_FOREIGN_HOLDER (transferred->data_holder);
  GVariant         *value = web_foreign_holder_get_value (holder);
  GUnixFDList      *fd_list = web_foreign_holder_get_fd_list (holder);
  g_autofree int   *fds = NULL;
  gsize             begin;
  int               n_fds;

  web_parcel_write_uint (parcel, KIND_OBJECT);
  write_text (parcel, get_type_name (transferred));
  write_text (parcel, g_variant_get_type_string (value));
  begin = web_parcel_begin_block (parcel);
  web_parcel_write_data (parcel, g_variant_get_data (value), g_variant_get_size (value));
  web_parcel_end_block (parcel, begin);

  fds = g_unix_fd_list_steal_fds (fd_list, &n_fds);
  web_parcel_write_fds (parcel, fds, n_fds);
}

static gboolean
write_data (gpointer data, WebParcel *parcel, GError **error)
{
  WebSerializedData *self = data;
  guint              i;

  if (web_serialized_data_fail_if_unreadable (self, error))
    return FALSE;

  if (self->n_transferred > 0)
    {
      for (i = 0; i < self->n_transferred; i++)
        if (self->transferred[i].data_holder == NULL ||
            (!WEB_IS_ENDPOINT_HOLDER (self->transferred[i].data_holder) &&
             !export(&self->transferred[i], error)))
          return FALSE;

      web_parcel_write_uint (parcel, self->n_transferred);
      for (i = 0; i < self->n_transferred; i++)
        if (WEB_IS_ENDPOINT_HOLDER (self->transferred[i].data_holder))
          write_endpoint (&self->transferred[i], parcel);
        else
          write_object (&self->transferred[i], parcel);
    }

  web_message_parts_write (&self->parts, parcel);

  return TRUE;
}

static char *
read_text (WebParcelReader *parcel)
{
  WebParcelReader block;

  if (!web_parcel_reader_read_block (parcel, &block) || block.size == 0 ||
      block.data[block.size - 1] != '\0' ||
      !g_utf8_validate ((const char *)block.data, block.size - 1, NULL))
    return NULL;

  return g_strndup ((const char *)block.data, block.size - 1);
}

static GObject *
read_endpoint (WebParcelReader *parcel, GType owner_type, GPtrArray **holders)
{
  WebEndpointHolder *holder;
  WebEndpoint       *endpoint;

  if (parcel->ports->len >= parcel->max_ports)
    return NULL;

  endpoint = web_socket_endpoint_new ();
  g_ptr_array_add (parcel->ports, web_endpoint_ref (endpoint));
  holder = web_endpoint_holder_new (endpoint, owner_type);
  if (*holders == NULL)
    *holders = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (*holders, g_object_ref (holder));

  return G_OBJECT (holder);
}

static GUnixFDList *
read_fd_list (WebParcelReader *parcel)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));

  if (!web_parcel_reader_read_fds (parcel, fds))
    {
      web_close_fds ((const int *)(void *)fds->data, fds->len);
      return NULL;
    }

  return g_unix_fd_list_new_from_array ((const int *)(void *)fds->data, fds->len);
}

static GObject *
read_object (WebParcelReader *parcel)
{
  g_autofree char *type = read_text (parcel);
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GBytes) bytes = NULL;
  WebParcelReader block;
  GUnixFDList    *fd_list;

  if (type == NULL || !g_variant_type_string_is_valid (type) ||
      !g_variant_type_is_definite (G_VARIANT_TYPE (type)) ||
      !web_parcel_reader_read_block (parcel, &block))
    return NULL;

  bytes = web_parcel_reader_dup_rest (&block);
  value = web_variant_new_from_bytes (type, bytes);
  if (value == NULL || (fd_list = read_fd_list (parcel)) == NULL)
    return NULL;

  return G_OBJECT (web_foreign_holder_new (g_steal_pointer (&value), fd_list));
}

static gboolean
read_transferred (WebTransferred *transferred, WebParcelReader *parcel, GPtrArray **holders)
{
  guint32 kind;

  if (!web_parcel_reader_read_uint (parcel, &kind))
    return FALSE;

  if (kind == KIND_PORT)
    {
      transferred->type = WEB_TYPE_MESSAGE_PORT;
      transferred->data_holder = read_endpoint (parcel, WEB_TYPE_MESSAGE_PORT, holders);
    }
  else if (kind == KIND_WRAPPED || kind == KIND_OBJECT)
    {
      transferred->type_name = read_text (parcel);
      if (transferred->type_name != NULL)
        transferred->data_holder = kind == KIND_WRAPPED
                                     ? read_endpoint (parcel, G_TYPE_NONE, holders)
                                     : read_object (parcel);
    }

  return transferred->data_holder != NULL;
}

static gboolean
read_all_transferred (WebSerializedData *self, WebParcelReader *parcel, GPtrArray **holders)
{
  guint32 n_transferred, i;

  /* Each takes four bytes or more. */
  if (!web_parcel_reader_read_uint (parcel, &n_transferred) ||
      n_transferred > web_parcel_reader_get_remaining (parcel) / sizeof (guint32))
    return FALSE;

  self->transferred = g_new0 (WebTransferred, n_transferred);
  self->n_transferred = n_transferred;
  for (i = 0; i < n_transferred; i++)
    if (!read_transferred (&self->transferred[i], parcel, holders))
      return FALSE;

  return TRUE;
}

static void
read_data (WebSerializedData *self, WebParcelReader *parcel, gboolean plain, GPtrArray **holders)
{
  g_autoptr (GError) error = NULL;

  if (parcel == NULL || (!plain && !read_all_transferred (self, parcel, holders)))
    {
      g_debug ("A message from another process cannot be read: %s",
               parcel == NULL ? "its sender could not write it"
                              : "its transferred objects are wrong");
      self->unreadable = TRUE;
      return;
    }

  if (!web_message_parts_read_parcel (&self->parts, parcel, self->n_transferred, &error))
    {
      g_debug ("A message from another process cannot be read: %s", error->message);
      web_message_parts_clear (&self->parts);
      self->unreadable = TRUE;
    }
}

static WebMessage *
read_message (WebParcelReader *parcel, gboolean plain)
{
  WebSerializedData *self = web_serialized_data_new_empty ();
  GPtrArray         *holders = NULL;

  read_data (self, parcel, plain, &holders);

  return web_serialized_data_to_message (self, holders);
}

const WebMessageFuncs web_serialized_data_message_funcs = {
  .free = (GDestroyNotify)web_serialized_data_unref,
  .is_plain = is_plain,
  .write = write_data,
  .read = read_message,
};
