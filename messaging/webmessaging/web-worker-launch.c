/* web-worker-launch.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Starts a process that is a worker, and makes its scope there.
 *
 * The process inherits a memory file, whose number an environment variable names. It holds the
 * *start record*: what the worker is told of itself, and the numbers of the other descriptors that
 * it inherits.
 */

#include "web-worker-launch-private.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "transport/web-link-private.h"
#include "transport/web-socket-endpoint-private.h"
#include "web-dedicated-worker-global-scope-private.h"
#include "web-error-private.h"
#include "web-serialized-data-private.h"
#include "web-shared-worker-global-scope-private.h"
#include "wire/web-memory-file-private.h"

#define ENVIRONMENT_VARIABLE "WEB_MESSAGING_WORKER"

/* Is it shared, name, data or nothing, port, control, lifeline, process of the owner, depth */
#define RECORD_FORMAT "(bsaviiiiu)"

#define MAX_RECORD_SIZE (1024 * 1024 * 1024)

/* What select() can do. */
#define MAX_FD 1024

/* GLib wants some descriptors above those of a child to rearrange them. */
#define ROOM 16

/* The launcher closes the descriptor once the child has it. */
static void
give (GSubprocessLauncher *launcher, int fd)
{
  g_subprocess_launcher_take_fd (launcher, fd, fd);
}

/* When a process dies, Linux closes its highest descriptor first. So the owner is told of the end
 * of the worker before it is told of the ends of ports that the worker had, if the inside port is
 * the highest. It is that from the start: Linux takes ten milliseconds and more to make room for a
 * high number once a process has several threads. */
static int
choose_port_number (int port, int record, const WebRelativeFds *fds)
{
  struct rlimit limit = { .rlim_cur = MAX_FD };
  int           number;

  getrlimit (RLIMIT_NOFILE, &limit);
  number = (int)MIN (limit.rlim_cur, MAX_FD) - ROOM;
  while (number == record || number == fds->control || number == fds->lifeline)
    number--;

  return MAX (number, port);
}

static int
write_record (const char           *name,
              GVariant             *data,
              gboolean              is_shared,
              int                   port,
              const WebRelativeFds *fds,
              GError              **error)
{
  GVariantBuilder optional;
  g_autoptr (GVariant) record = NULL;

  g_variant_builder_init (&optional, G_VARIANT_TYPE ("av"));
  if (data != NULL)
    g_variant_builder_add (&optional, "v", data);
  record = g_variant_ref_sink (g_variant_new (RECORD_FORMAT, is_shared, name, &optional, port,
                                              fds->control, fds->lifeline, (int)getpid (),
                                              web_cluster_get_depth () + 1));

  return web_memory_file_new_for_data (g_variant_get_data (record), g_variant_get_size (record),
                                       error);
}

static GSubprocess *
spawn (GSubprocessLauncher  *launcher,
       const char *const    *argv,
       const char           *name,
       GVariant             *data,
       gboolean              is_shared,
       int                   port,
       const WebRelativeFds *fds,
       GError              **error)
{
  int          record = -1;
  int          port_number;
  GSubprocess *process = NULL;

  do
    {
      port_number = choose_port_number (port, record, fds);
      if (record >= 0)
        close (record);
      record = write_record (name, data, is_shared, port_number, fds, error);
    }
  while (record == port_number);

  g_subprocess_launcher_take_fd (launcher, port, port_number);
  give (launcher, fds->control);
  give (launcher, fds->lifeline);
  if (record >= 0)
    {
      g_autofree char *number = g_strdup_printf ("%d", record);

      give (launcher, record);
      g_subprocess_launcher_setenv (launcher, ENVIRONMENT_VARIABLE, number, TRUE);
      process = g_subprocess_launcher_spawnv (launcher, argv, error);
    }
  g_subprocess_launcher_close (launcher);

  return process;
}

/*
 * web_worker_launch:
 * @argv: (array zero-terminated=1): the command
 * @name: the name of the worker
 * @data: (nullable): what the worker gets
 * @is_shared: whether it is a shared worker
 * @launcher: consumed: it can launch nothing else
 *
 * Returns: (transfer full): a worker in the thread-default main context
 */
WebWorker *
web_worker_launch (const char *const   *argv,
                   const char          *name,
                   GVariant            *data,
                   gboolean             is_shared,
                   GSubprocessLauncher *launcher,
                   GError             **error)
{
  g_autoptr (WebRelative) relative = NULL;
  g_autoptr (GSubprocess) process = NULL;
  WebEndpoint   *endpoint;
  WebRelativeFds fds;
  int            sockets[2];

  if (!web_link_make_sockets (sockets, "Worker could not be started", error))
    return NULL;

  endpoint = web_socket_endpoint_new_for_fd (sockets[0], &web_serialized_data_message_funcs, error);
  if (endpoint == NULL)
    {
      close (sockets[0]);
      close (sockets[1]);
      return NULL;
    }

  relative = web_relative_new (&fds, error);
  if (relative == NULL)
    close (sockets[1]);
  else
    process = spawn (launcher, argv, name, data, is_shared, sockets[1], &fds, error);
  if (process == NULL)
    {
      web_endpoint_release (endpoint, TRUE);
      return NULL;
    }

  web_relative_set_process (relative, process);

  return web_worker_new_for_process (name, endpoint, g_steal_pointer (&relative));
}

/* Returns the record that the owner has written. */
static GVariant *
read_record (GError **error)
{
  const char *number = g_getenv (ENVIRONMENT_VARIABLE);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) record = NULL;
  guint64 fd;

  if (number == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "This process is not a worker: there is no "
                           "variable " ENVIRONMENT_VARIABLE " in the environment");
      return NULL;
    }

  if (g_ascii_string_to_unsigned (number, 10, 0, G_MAXINT, &fd, error))
    bytes = web_memory_file_map ((int)fd, MAX_RECORD_SIZE, error);
  g_unsetenv (ENVIRONMENT_VARIABLE);
  if (bytes == NULL)
    return NULL;

  record =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (RECORD_FORMAT), bytes, FALSE));
  if (!g_variant_is_normal_form (record))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The owner of this worker has not said how it is to start");
      return NULL;
    }

  return g_steal_pointer (&record);
}

/*
 * web_worker_launch_arrive:
 *
 * Makes the scope of this process, which was launched as a worker.
 */
WebWorkerGlobalScope *
web_worker_launch_arrive (GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GVariant) record = read_record (error);
  g_autoptr (GVariant) data = NULL;
  g_autoptr (GVariantIter) optional = NULL;
  WebRelativeFds fds;
  WebEndpoint   *endpoint;
  const char    *name;
  gboolean       is_shared;
  int            port, owner_pid;
  guint          depth;

  if (record == NULL)
    return NULL;

  g_variant_get (record, "(b&saviiiiu)", &is_shared, &name, &optional, &port, &fds.control,
                 &fds.lifeline, &owner_pid, &depth);
  g_variant_iter_next (optional, "v", &data);
  fcntl (port, F_SETFD, FD_CLOEXEC);
  fcntl (fds.control, F_SETFD, FD_CLOEXEC);
  fcntl (fds.lifeline, F_SETFD, FD_CLOEXEC);

  if (!web_cluster_join (&fds, owner_pid, depth, error))
    return NULL;

  endpoint = web_socket_endpoint_new_for_fd (port, &web_serialized_data_message_funcs, error);
  if (endpoint == NULL)
    return NULL;

  if (is_shared)
    return WEB_WORKER_GLOBAL_SCOPE (
      web_shared_worker_global_scope_new (name, data, endpoint, cancellable));

  return WEB_WORKER_GLOBAL_SCOPE (
    web_dedicated_worker_global_scope_new (name, data, endpoint, cancellable, TRUE));
}
