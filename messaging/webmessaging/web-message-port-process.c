/* web-message-port-process.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Ports that begin or end as a descriptor, to leave this process and to arrive in another one. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport/web-endpoint-holder-private.h"
#include "transport/web-link-private.h"
#include "transport/web-outbox-private.h"
#include "transport/web-socket-endpoint-private.h"
#include "web-cluster-private.h"
#include "web-error-private.h"
#include "web-message-port-private.h"
#include "web-serialized-data-private.h"

/* Names the descriptor that a child process makes its first port of. */
#define ENVIRONMENT_VARIABLE "WEB_MESSAGING_FD"

/**
 * web_message_port_new_from_fd: (constructor)
 * @fd: one side of a connected pair of Unix sockets of type `SOCK_SEQPACKET`
 * @error: return location for an error
 *
 * Makes a port of a descriptor. The other side of the pair, usually in another process, becomes the
 * other port of the channel in the same way.
 *
 * @fd is also what [method@WebMessaging.MessagePort.steal_fd] has returned, here or in another
 * process. The messages that have waited at that port are delivered first.
 *
 * If the call succeeds, the port owns @fd and closes it. If the call fails, @fd stays with the
 * caller.
 *
 * The process on the other side need not be trusted: see [the guide](processes.html).
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_ARGUMENT if @fd is not such a socket,
 * %G_IO_ERROR_INVALID_DATA if it does not bring the port that it stands for, and
 * %G_IO_ERROR_TOO_MANY_OPEN_FILES if the process has too many descriptors: try again later.
 *
 * Returns: (transfer full): a new port in the thread-default main context, which is not started
 */
WebMessagePort *
web_message_port_new_from_fd (int fd, GError **error)
{
  WebEndpoint *endpoint;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  endpoint = web_socket_endpoint_new_for_fd (fd, &web_serialized_data_message_funcs, error);

  return endpoint != NULL ? web_message_port_new_for_endpoint (endpoint, NULL) : NULL;
}

/* Makes a port of a descriptor that is closed if that fails. */
static WebMessagePort *
new_from_own_fd (int fd, GError **error)
{
  WebMessagePort *self = web_message_port_new_from_fd (fd, error);

  if (self == NULL)
    close (fd);

  return self;
}

/**
 * web_message_port_new_from_socket: (constructor)
 * @socket: one side of a connected pair of Unix sockets of type %G_SOCKET_TYPE_SEQPACKET
 * @error: return location for an error
 *
 * Makes a port of a socket, as [ctor@WebMessaging.MessagePort.new_from_fd] does of a descriptor.
 *
 * The port has a descriptor of its own. Do not read from @socket or write to it any more.
 *
 * Sets the errors of [ctor@WebMessaging.MessagePort.new_from_fd].
 *
 * Returns: (transfer full): a new port in the thread-default main context, which is not started
 */
WebMessagePort *
web_message_port_new_from_socket (GSocket *socket, GError **error)
{
  int fd;

  g_return_val_if_fail (G_IS_SOCKET (socket), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);
  if (fd < 0)
    {
      web_messaging_error_set_from_errno (error, "Port could not be made of a socket");
      return NULL;
    }

  return new_from_own_fd (fd, error);
}

/**
 * web_message_port_new_from_fd_list: (constructor)
 * @fd_list: the descriptors that came with a message of D-Bus
 * @index: the number of the descriptor: the `h` value in the message
 * @error: return location for an error
 *
 * Makes a port of a descriptor in a list, as [ctor@WebMessaging.MessagePort.new_from_fd] does.
 *
 * The port has a descriptor of its own; @fd_list stays as it is, and should be dropped soon.
 *
 * Sets the errors of [ctor@WebMessaging.MessagePort.new_from_fd],
 * %WEB_MESSAGING_ERROR_INVALID_ARGUMENT if there is no such descriptor in the list, and those of
 * [method@Gio.UnixFDList.get].
 *
 * Returns: (transfer full): a new port in the thread-default main context, which is not started
 */
WebMessagePort *
web_message_port_new_from_fd_list (GUnixFDList *fd_list, int index, GError **error)
{
  int fd;

  g_return_val_if_fail (G_IS_UNIX_FD_LIST (fd_list), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (index < 0 || index >= g_unix_fd_list_get_length (fd_list))
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_ARGUMENT,
                   "There is no descriptor number %d in the list", index);
      return NULL;
    }

  fd = g_unix_fd_list_get (fd_list, index, error);

  return fd >= 0 ? new_from_own_fd (fd, error) : NULL;
}

/**
 * web_message_port_new_for_launcher: (constructor)
 * @launcher: what will start one child process
 * @error: return location for an error
 *
 * Makes a channel to a child process that is yet to be started, and returns the port of this side.
 * The child gets the other one with [ctor@WebMessaging.MessagePort.new_from_environment].
 *
 * ```c
 * g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
 * g_autoptr (WebMessagePort) port = web_message_port_new_for_launcher (launcher, &error);
 * g_autoptr (GSubprocess) child = g_subprocess_launcher_spawn (launcher, &error, "worker", NULL);
 *
 * g_clear_object (&launcher);
 * ```
 *
 * Drop or close @launcher once the child runs: it keeps the descriptor of the child, and the port
 * would not get `close` when the child ends. One launcher starts one child.
 *
 * Returns: (transfer full): a new port in the thread-default main context, which is not started
 */
WebMessagePort *
web_message_port_new_for_launcher (GSubprocessLauncher *launcher, GError **error)
{
  g_autofree char *number = NULL;
  WebMessagePort  *self;
  int              fds[2];

  g_return_val_if_fail (G_IS_SUBPROCESS_LAUNCHER (launcher), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!web_link_make_sockets (fds, "Channel to a child process could not be made", error))
    return NULL;

  self = new_from_own_fd (fds[0], error);
  if (self == NULL)
    {
      close (fds[1]);
      return NULL;
    }

  /* This number is not in use here, so the program is not likely to give it to the child. */
  number = g_strdup_printf ("%d", fds[1]);
  g_subprocess_launcher_setenv (launcher, ENVIRONMENT_VARIABLE, number, TRUE);
  g_subprocess_launcher_take_fd (launcher, fds[1], fds[1]);

  return self;
}

/**
 * web_message_port_new_from_environment: (constructor)
 * @error: return location for an error
 *
 * Makes the port that the parent process has given to this one, with
 * [ctor@WebMessaging.MessagePort.new_for_launcher].
 *
 * The descriptor is the number in the environment variable `WEB_MESSAGING_FD`. The call takes the
 * variable away, so that the children of this process do not take the port for theirs. Call it
 * early, and once: changing the environment is not safe while other threads read it.
 *
 * Sets %G_IO_ERROR_NOT_FOUND if there is no such variable, and the errors of
 * [ctor@WebMessaging.MessagePort.new_from_fd].
 *
 * Returns: (transfer full): a new port in the thread-default main context, which is not started
 */
WebMessagePort *
web_message_port_new_from_environment (GError **error)
{
  const char     *number = g_getenv (ENVIRONMENT_VARIABLE);
  WebMessagePort *self;
  gboolean        is_number;
  guint64         fd;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (number == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "The parent process has not given this one a port: there is no "
                           "variable " ENVIRONMENT_VARIABLE " in the environment");
      return NULL;
    }

  is_number = g_ascii_string_to_unsigned (number, 10, 0, G_MAXINT, &fd, NULL);
  if (!is_number)
    g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_ARGUMENT,
                 "The variable " ENVIRONMENT_VARIABLE " is not a number: “%s”", number);
  g_unsetenv (ENVIRONMENT_VARIABLE);
  if (!is_number)
    return NULL;

  self = web_message_port_new_from_fd ((int)fd, error);
  if (self != NULL)
    fcntl ((int)fd, F_SETFD, FD_CLOEXEC);

  return self;
}

/**
 * web_message_port_steal_fd:
 * @self: a port
 * @error: return location for an error
 *
 * Turns a port into a descriptor, which any means that carries descriptors takes to another
 * process: there [ctor@WebMessaging.MessagePort.new_from_fd] makes a port of it again.
 *
 * The port is detached, as after a transfer. The messages that wait at it go with the descriptor.
 * To send a port through another port, put it in the transfer list of a message instead.
 *
 * The caller owns the descriptor. Closing it ends the channel.
 *
 * Must be called on the thread of the port.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the port was closed or transferred, and an error of
 * %G_IO_ERROR if the process has no descriptors left.
 *
 * Returns: a descriptor, -1 with an error
 */
int
web_message_port_steal_fd (WebMessagePort *self, GError **error)
{
  g_autoptr (GObject) holder = NULL;
  WebEndpoint *endpoint;
  int          fds[2];

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), -1);
  g_return_val_if_fail (error == NULL || *error == NULL, -1);

  holder = web_message_port_hand_over (self, error);
  if (holder == NULL)
    return -1;

  endpoint = web_endpoint_holder_peek (WEB_ENDPOINT_HOLDER (holder));
  if (!web_endpoint_prepare_to_leave (endpoint, &web_serialized_data_message_funcs, error) ||
      !web_link_make_sockets (fds, "Port could not leave the process", error))
    {
      web_transferable_transfer_receive (WEB_TRANSFERABLE (self), holder, NULL);
      return -1;
    }

  return web_endpoint_release_to_fd (web_endpoint_holder_steal (WEB_ENDPOINT_HOLDER (holder)), fds,
                                     &web_serialized_data_message_funcs, error);
}

/**
 * web_message_port_steal_socket:
 * @self: a port
 * @error: return location for an error
 *
 * Turns a port into a socket, as [method@WebMessaging.MessagePort.steal_fd] turns it into a
 * descriptor.
 *
 * Must be called on the thread of the port.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.steal_fd].
 *
 * Returns: (transfer full): a socket
 */
GSocket *
web_message_port_steal_socket (WebMessagePort *self, GError **error)
{
  GSocket *socket;
  int      fd = web_message_port_steal_fd (self, error);

  if (fd < 0)
    return NULL;

  socket = g_socket_new_from_fd (fd, error);
  if (socket == NULL)
    close (fd);

  return socket;
}

/**
 * web_message_port_steal_to_fd_list:
 * @self: a port
 * @fd_list: the descriptors that go with a message of D-Bus
 * @error: return location for an error
 *
 * Turns a port into a descriptor in a list, as [method@WebMessaging.MessagePort.steal_fd] does. The
 * number that it returns goes into the message as a `h` value (`g_variant_new_handle()`).
 *
 * Must be called on the thread of the port.
 *
 * Sets the errors of [method@WebMessaging.MessagePort.steal_fd] and of
 * [method@Gio.UnixFDList.append].
 *
 * Returns: the number of the descriptor in the list, -1 with an error
 */
int
web_message_port_steal_to_fd_list (WebMessagePort *self, GUnixFDList *fd_list, GError **error)
{
  int fd, index;

  g_return_val_if_fail (G_IS_UNIX_FD_LIST (fd_list), -1);

  fd = web_message_port_steal_fd (self, error);
  if (fd < 0)
    return -1;

  index = g_unix_fd_list_append (fd_list, fd, error);
  close (fd);

  return index;
}

/**
 * web_message_port_get_peer_credentials:
 * @self: a port
 *
 * Gets which process, user and group have sent the message that the port has received last. The
 * kernel vouches for them. A port may move: the next message may come from another process.
 *
 * Must be called on the thread of the port.
 *
 * Returns: (transfer full) (nullable): the credentials; %NULL if there was no message yet, or if
 * the last one came from this process or has waited at the port when the port came to this process
 */
GCredentials *
web_message_port_get_peer_credentials (WebMessagePort *self)
{
  GCredentials    *credentials;
  const WebSender *sender;
  struct ucred     ucred;

  g_return_val_if_fail (WEB_IS_MESSAGE_PORT (self), NULL);

  sender = web_message_port_get_sender (self);
  if (sender->pid < 0)
    return NULL;

  ucred.pid = sender->pid;
  ucred.uid = sender->uid;
  ucred.gid = sender->gid;
  credentials = g_credentials_new ();
  g_credentials_set_native (credentials, G_CREDENTIALS_TYPE_LINUX_UCRED, &ucred);

  return credentials;
}

/**
 * web_message_port_flush_all:
 * @cancellable: (nullable): a cancellable, which another thread may cancel
 * @error: return location for an error
 *
 * Waits until everything is written that any port or broadcast channel of this process has posted
 * to another process.
 *
 * Call this before the program ends: what is not written by then is lost. It blocks for as long as
 * the receivers take; a receiver that is gone is not waited for.
 *
 * May be called on any thread.
 *
 * Sets %G_IO_ERROR_CANCELLED if it was cancelled.
 *
 * Returns: %TRUE if nothing waits any more
 */
gboolean
web_message_port_flush_all (GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  web_cluster_flush ();
  if (web_outbox_wait (cancellable))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  return FALSE;
}
