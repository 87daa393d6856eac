/* web-socket-endpoint-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-endpoint-private.h"

G_BEGIN_DECLS

WebEndpoint *web_socket_endpoint_new (void);
WebEndpoint *web_socket_endpoint_new_for_fd (int fd, const WebMessageFuncs *funcs, GError **error);
int          web_endpoint_release_to_fd (WebEndpoint           *self,
                                         int                   *fds,
                                         const WebMessageFuncs *funcs,
                                         GError               **error);

G_END_DECLS
