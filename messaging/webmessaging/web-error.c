/* web-error.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error-private.h"

#include <errno.h>
#include <gio/gio.h>

GQuark
web_messaging_error_quark (void)
{
  return g_quark_from_static_string ("web-messaging-error-quark");
}

/**
 * web_dom_exception_get_name:
 * @error: an error of any domain
 *
 * Gets the name under which scripts know an error of the library.
 *
 * May be called on any thread.
 *
 * Returns: (transfer none) (nullable): the name of a `DOMException`, such as `"DataCloneError"`;
 *   `"TypeError"` for %WEB_MESSAGING_ERROR_INVALID_ARGUMENT; %NULL for an error of another domain
 */
const char *
web_dom_exception_get_name (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != WEB_MESSAGING_ERROR)
    return NULL;

  switch ((WebMessagingError)error->code)
    {
    case WEB_MESSAGING_ERROR_DATA_CLONE:
      return "DataCloneError";
    case WEB_MESSAGING_ERROR_INVALID_STATE:
      return "InvalidStateError";
    case WEB_MESSAGING_ERROR_SYNTAX:
      return "SyntaxError";
    case WEB_MESSAGING_ERROR_INVALID_ARGUMENT:
      return "TypeError";
    case WEB_MESSAGING_ERROR_QUOTA_EXCEEDED:
      return "QuotaExceededError";
    default:
      g_return_val_if_reached (NULL);
    }
}

/*
 * web_messaging_error_set_from_errno:
 * @what: what could not be done
 *
 * Sets the error that a system call has left in `errno`.
 */
void
web_messaging_error_set_from_errno (GError **error, const char *what)
{
  const int saved_errno = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", what,
               g_strerror (saved_errno));
}

/*
 * web_messaging_error_settle:
 * @error: return location for an error
 * @own: (transfer full) (nullable): what a method of an application's class has set
 * @succeeded: whether the method has succeeded
 * @object: the object that the method was called on
 * @what: what could not be done with the object
 *
 * Makes the result of such a method agree with its error: a failure has one, also where the class
 * set none or does not implement the method, and a success has none.
 *
 * Returns: @succeeded
 */
gboolean
web_messaging_error_settle (GError    **error,
                            GError     *own,
                            gboolean    succeeded,
                            gpointer    object,
                            const char *what)
{
  if (succeeded)
    g_clear_error (&own);
  else if (own != NULL)
    g_propagate_error (error, own);
  else
    g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                 "%s object could not be %s", G_OBJECT_TYPE_NAME (object), what);

  return succeeded;
}
