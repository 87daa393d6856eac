/* web-foreign-holder.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-foreign-holder-private.h"

#include "wire/web-parcel-private.h"
#include "wire/web-variant-private.h"

struct _WebForeignHolder
{
  GObject      parent_instance;
  GVariant    *value;   /* owned */
  GUnixFDList *fd_list; /* owned */
};

G_DEFINE_FINAL_TYPE (WebForeignHolder, web_foreign_holder, G_TYPE_OBJECT)

static void
web_foreign_holder_finalize (GObject *object)
{
  WebForeignHolder *self = WEB_FOREIGN_HOLDER (object);

  g_clear_pointer (&self->value, g_variant_unref);
  /* Nobody has received them. */
  if (G_OBJECT (self->fd_list)->ref_count == 1)
    {
      int             n_fds;
      g_autofree int *fds = g_unix_fd_list_steal_fds (self->fd_list, &n_fds);

      web_close_fds (fds, n_fds);
    }
  g_clear_object (&self->fd_list);

  G_OBJECT_CLASS (web_foreign_holder_parent_class)->finalize (object);
}

static void
web_foreign_holder_class_init (WebForeignHolderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = web_foreign_holder_finalize;
}

static void
web_foreign_holder_init (WebForeignHolder *self)
{
}

/*
 * web_foreign_holder_new:
 * @value: (transfer full): what a class has exported
 * @fd_list: (transfer full): the descriptors that go with it
 */
WebForeignHolder *
web_foreign_holder_new (GVariant *value, GUnixFDList *fd_list)
{
  WebForeignHolder *self = g_object_new (WEB_TYPE_FOREIGN_HOLDER, NULL);

  self->value = value;
  self->fd_list = fd_list;

  return self;
}

/*
 * web_foreign_holder_export:
 * @object: an object of the class that @data_holder came from
 *
 * Returns: (transfer full): @data_holder in the form in which it leaves the process; %NULL with an
 *   error
 */
WebForeignHolder *
web_foreign_holder_export (WebTransferable *object, GObject *data_holder, GError **error)
{
  g_autoptr (GUnixFDList) fd_list = g_unix_fd_list_new ();
  g_autoptr (GVariant) value =
    web_transferable_export_data_holder (object, data_holder, fd_list, error);

  if (value == NULL || !web_variant_check (value, g_unix_fd_list_get_length (fd_list), error))
    return NULL;

  return web_foreign_holder_new (g_steal_pointer (&value), g_steal_pointer (&fd_list));
}

/*
 * web_foreign_holder_import:
 * @object: a new object, for which the data holder is
 *
 * Returns: (transfer full): a data holder of the class of @object; %NULL with an error
 */
GObject *
web_foreign_holder_import (WebForeignHolder *self, WebTransferable *object, GError **error)
{
  if (!web_variant_check (self->value, g_unix_fd_list_get_length (self->fd_list), error))
    return NULL;

  return web_transferable_import_data_holder (object, self->value, self->fd_list, error);
}

GVariant *
web_foreign_holder_get_value (WebForeignHolder *self)
{
  return self->value;
}

GUnixFDList *
web_foreign_holder_get_fd_list (WebForeignHolder *self)
{
  return self->fd_list;
}
