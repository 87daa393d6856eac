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
#include "wire/web-variant-private.h"

#define ENVIRONMENT_VARIABLE "WEB_MESSAGING_WORKER"

/* Is it shared, name, data or nothing, port, control, lifeline, process of the owner, depth */
#define RECORD_FORMAT "(bsaviiiiu)"

/* The place of the data in it */
#define DATA 2

#define MAX_RECORD_SIZE (1024 * 1024 * 1024)

/* What select() can do. */
#define MAX_FD 1024

/* GLib wants some descriptors above those of a child to rearrange them. */
#define ROOM 16

/* Never the numbers of the standard streams */
#define MIN_NUMBER 8

/* The numbers of what a worker inherits are far from those of the standard streams and of what a
 * program may give to its launcher.
 *
 * When a process dies, Linux closes its highest descriptor first. So the owner is told of the end
 * of the worker before it is told of the ends of ports that the worker had, if the inside port is
 * the highest. It is that from the start: Linux takes ten milliseconds and more to make room for a
 * high number once a process has several threads. */
static int
get_port_number (void)
{
  struct rlimit limit = { .rlim_cur = MAX_FD };

  getrlimit (RLIMIT_NOFILE, &limit);

  return MAX ((int)MIN (limit.rlim_cur, MAX_FD) - ROOM, MIN_NUMBER);
}

/* The launcher closes the descriptor once the child has it. The child has its standard streams
 * before that, perhaps in place of the descriptor. */
static void
give (GSubprocessLauncher *launcher, int fd, int number)
{
  const int moved = fd <= STDERR_FILENO ? fcntl (fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;

  if (moved >= 0)
    close (fd);
  g_subprocess_launcher_take_fd (launcher, moved >= 0 ? moved : fd, number);
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
  if (!web_variant_check (record, 0, error))
    return -1;

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
  const int            port_number = get_port_number ();
  const int            record_number = port_number - 3;
  const WebRelativeFds numbers = { .control = port_number - 2, .lifeline = port_number - 1 };
  const int            record = write_record (name, data, is_shared, port_number, &numbers, error);
  GSubprocess         *process = NULL;

  give (launcher, port, port_number);
  give (launcher, fds->control, numbers.control);
  give (launcher, fds->lifeline, numbers.lifeline);
  if (record >= 0)
    {
      g_autofree char *number = g_strdup_printf ("%d", record_number);

      give (launcher, record, record_number);
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

/* The data is not looked at, which would take GLib a second for 20 MB. The owner has done that, and
 * can do what it likes with this process anyway. */
static gboolean
check_record (GVariant *record)
{
  gsize i;

  for (i = 0; i < g_variant_n_children (record); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (record, i);

      if (i != DATA && !g_variant_is_normal_form (child))
        return FALSE;
    }

  return TRUE;
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
  if (!check_record (record))
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
  g_autoptr (GVariant) trusted = NULL;
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
  if (g_variant_iter_next (optional, "v", &data))
    trusted = web_variant_ref_trusted (data);
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
      web_shared_worker_global_scope_new (name, trusted, endpoint, cancellable, TRUE));

  return WEB_WORKER_GLOBAL_SCOPE (
    web_dedicated_worker_global_scope_new (name, trusted, endpoint, cancellable, TRUE));
}
