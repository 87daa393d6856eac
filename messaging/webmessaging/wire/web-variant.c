/* web-variant.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "web-error.h"
#include "web-variant-private.h"

/*
 * web_variant_check_handles:
 *
 * Returns: %TRUE if every handle in @value stands for one of @n_handles objects
 */
gboolean
web_variant_check_handles (GVariant *value, gsize n_handles, GError **error)
{
  const char *type = g_variant_get_type_string (value);
  gsize       n_children;
  gsize       i;

  if (type[strcspn (type, "hv")] == '\0')
    return TRUE;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    {
      gint32 handle = g_variant_get_handle (value);

      if (handle >= 0 && (gsize)handle < n_handles)
        return TRUE;

      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "Handle %d stands for none of the %" G_GSIZE_FORMAT " objects of the message",
                   handle, n_handles);
      return FALSE;
    }

  n_children = g_variant_n_children (value);
  for (i = 0; i < n_children; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

      if (!web_variant_check_handles (child, n_handles, error))
        return FALSE;
    }

  return TRUE;
}
