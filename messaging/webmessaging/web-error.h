/* web-error.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

/**
 * WEB_MESSAGING_ERROR:
 *
 * The error domain of the library. Its codes, [error@WebMessaging.MessagingError], are
 * named after the `DOMException` names of the standard.
 */
#define WEB_MESSAGING_ERROR (web_messaging_error_quark ())

/**
 * WebMessagingError:
 * @WEB_MESSAGING_ERROR_DATA_CLONE: `DataCloneError`: something in the message or in its transfer
 *   list can be neither cloned nor transferred
 * @WEB_MESSAGING_ERROR_INVALID_STATE: `InvalidStateError`: the object is not in a state in which
 *   the call makes sense
 * @WEB_MESSAGING_ERROR_SYNTAX: `SyntaxError`: a string does not have the form that it must have
 * @WEB_MESSAGING_ERROR_INVALID_ARGUMENT: `TypeError`: an argument is not what it must be. This is
 *   the only code here that is not a `DOMException` in the standard
 * @WEB_MESSAGING_ERROR_QUOTA_EXCEEDED: `QuotaExceededError`: so much waits for a receiver in
 *   another process that nothing more may be posted
 *
 * Errors of the library. They are named after the `DOMException`s that the standard throws in the
 * same place.
 */
typedef enum
{
  WEB_MESSAGING_ERROR_DATA_CLONE,
  WEB_MESSAGING_ERROR_INVALID_STATE,
  WEB_MESSAGING_ERROR_SYNTAX,
  WEB_MESSAGING_ERROR_INVALID_ARGUMENT,
  WEB_MESSAGING_ERROR_QUOTA_EXCEEDED,
} WebMessagingError;

WEB_AVAILABLE_IN_ALL
GQuark web_messaging_error_quark (void);
WEB_AVAILABLE_IN_ALL
const char *web_dom_exception_get_name (const GError *error);

G_END_DECLS
