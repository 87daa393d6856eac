/* web-socket-endpoint.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* An endpoint whose other side is in another process, or was there once: all that it does is in its
 * link. */

#include "web-socket-endpoint-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web-error.h"
#include "web-link-private.h"
#include "web-outbox-private.h"

typedef struct
{
  WebEndpoint parent;    /* must be first */
  int         ref_count; /* atomic */
} WebSocketEndpoint;

static void
web_socket_endpoint_ref (WebEndpoint *endpoint)
{
  g_atomic_int_inc (&((WebSocketEndpoint *)endpoint)->ref_count);
}

static void
web_socket_endpoint_unref (WebEndpoint *endpoint)
{
  if (!g_atomic_int_dec_and_test (&((WebSocketEndpoint *)endpoint)->ref_count))
    return;

  web_endpoint_clear (endpoint);
  g_free (endpoint);
}

static gboolean
web_socket_endpoint_post (WebEndpoint *endpoint, WebMessage *message, GError **error)
{
  WebLink *link = web_endpoint_get_link (endpoint);

  if (link != NULL)
    return web_link_post (link, message, error);

  web_task_drop (&message->task, TRUE);

  return TRUE;
}

static void
web_socket_endpoint_disentangle (WebEndpoint *endpoint, gboolean hold_peer)
{
  WebLink *link = web_endpoint_get_link (endpoint);

  if (link != NULL)
    web_link_close (link);
}

static const WebEndpointFuncs funcs = {
  .ref = web_socket_endpoint_ref,
  .unref = web_socket_endpoint_unref,
  .post = web_socket_endpoint_post,
  .disentangle = web_socket_endpoint_disentangle,
};

/*
 * web_socket_endpoint_new:
 *
 * Makes an endpoint that is yet to get its link.
 *
 * Returns: (transfer full): an endpoint that nobody holds
 */
WebEndpoint *
web_socket_endpoint_new (void)
{
  WebSocketEndpoint *self = g_new0 (WebSocketEndpoint, 1);

  self->ref_count = 1;
  web_endpoint_init (&self->parent, &funcs);

  return &self->parent;
}

/* Returns the type of the first record that waits, 0 if there is none. */
static guint32
peek_type (int fd)
{
  WebRecordHeader header;
  gssize          n;

  do
    n = recv (fd, &header, sizeof header, MSG_PEEK | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);

  return n == sizeof header ? header.type : 0;
}

static gboolean
check_socket (int fd, GError **error)
{
  struct sockaddr_storage address;
  socklen_t               size = sizeof address;

  if (web_link_is_socket (fd) && getpeername (fd, (struct sockaddr *)&address, &size) == 0)
    return TRUE;

  g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_ARGUMENT,
                       "Descriptor is not that of a connected Unix socket of type SOCK_SEQPACKET");
  return FALSE;
}

/*
 * web_socket_endpoint_new_for_fd:
 * @fd: a descriptor from another process, or one side of a pair. It is consumed if the call
 *   succeeds
 *
 * Returns: (transfer full): an endpoint that nobody holds
 */
WebEndpoint *
web_socket_endpoint_new_for_fd (int fd, const WebMessageFuncs *message_funcs, GError **error)
{
  WebEndpoint *endpoint;
  guint32      type;

  if (!check_socket (fd, error) || !web_outbox_prepare (error))
    return NULL;

  endpoint = web_socket_endpoint_new ();
  type = peek_type (fd) & ~WEB_RECORD_IN_FILE;

  /* All that begins so is an endpoint that was somewhere else before. What announces it was read if
   * there was no room for its descriptors the first time. */
  if (type == WEB_RECORD_ANNOUNCE || type == WEB_RECORD_MOVED)
    {
      if (web_link_receive_moved (fd, type == WEB_RECORD_MOVED, endpoint, message_funcs, error))
        {
          close (fd);
          return endpoint;
        }
      web_endpoint_release (endpoint, TRUE);
      return NULL;
    }

  web_endpoint_set_link (endpoint, web_link_new (fd, message_funcs), &web_link_funcs);
  web_link_greet (web_endpoint_get_link (endpoint));

  return endpoint;
}

/*
 * web_endpoint_release_to_fd:
 * @self: (transfer full): an endpoint that nobody holds
 * @fds: a socket pair of web_link_make_sockets(), which is consumed
 *
 * Returns: a descriptor that stands for the endpoint, -1 with an error
 */
int
web_endpoint_release_to_fd (WebEndpoint           *self,
                            int                   *fds,
                            const WebMessageFuncs *message_funcs,
                            GError               **error)
{
  const int fd = web_link_send_moved (self, fds, message_funcs, error);

  web_endpoint_unref (self);

  return fd;
}
