/* web-worker-process.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Workers that are processes: the functions that start one, here and there. */

#include "web-shared-workers-private.h"
#include "web-worker-launch-private.h"

/**
 * web_worker_new_process: (constructor)
 * @argv: (array zero-terminated=1): the command, and its arguments
 * @name: (nullable): a name for the worker
 * @data: (nullable): what the worker gets at its start. A floating reference is consumed
 * @launcher: (nullable): what launches the process, if it needs an environment, a folder or streams
 *   of its own. The call closes it. Descriptors that it gives to the process have small numbers
 * there
 * @error: return location for an error
 *
 * Starts a worker that is a process. The program calls
 * [func@WebMessaging.WorkerGlobalScope.from_environment].
 *
 * The process ends with this one, however that ends, and with the worker object, if that was not
 * started. When this process exits, it waits some seconds for its workers to end.
 *
 * The worker object belongs to the thread-default main context of the caller. It keeps messages
 * until it is started.
 *
 * Sets the errors of [method@Gio.SubprocessLauncher.spawnv] if the command cannot be run, an error
 * of %G_IO_ERROR if the process has no descriptors left, %G_IO_ERROR_NOT_SUPPORTED if it was forked
 * from one that had used workers, and %WEB_MESSAGING_ERROR_DATA_CLONE if @data has handles, is
 * nested more than 120 deep or is not in normal form.
 *
 * Returns: (transfer full): a new worker
 */
WebWorker *
web_worker_new_process (const char *const   *argv,
                        const char          *name,
                        GVariant            *data,
                        GSubprocessLauncher *launcher,
                        GError             **error)
{
  g_autoptr (GSubprocessLauncher) own_launcher = NULL;
  g_autoptr (GVariant) value = data != NULL ? g_variant_ref_sink (data) : NULL;

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);
  g_return_val_if_fail (launcher == NULL || G_IS_SUBPROCESS_LAUNCHER (launcher), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  web_shared_workers_prepare ();
  if (launcher == NULL)
    launcher = own_launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  return web_worker_launch (argv, name != NULL ? name : "", value, FALSE, launcher, error);
}

/**
 * web_worker_global_scope_from_environment:
 * @error: return location for an error
 *
 * Makes the scope of this process, which somebody has started as a worker
 * ([ctor@WebMessaging.Worker.new_process], [ctor@WebMessaging.SharedWorker.new]).
 *
 * The environment variable `WEB_MESSAGING_WORKER` tells the library. The call takes the variable
 * away. Call it early, and once: changing the environment is not safe while other threads read it.
 *
 * From now on the process ends when its owner is gone or terminates it, even if it is busy.
 *
 * Sets %G_IO_ERROR_NOT_FOUND if the process was not started as a worker, and
 * %G_IO_ERROR_INVALID_DATA if what the owner has given to it cannot be read.
 *
 * Returns: (transfer full): a [class@WebMessaging.DedicatedWorkerGlobalScope] or a
 *   [class@WebMessaging.SharedWorkerGlobalScope] in the thread-default main context
 */
WebWorkerGlobalScope *
web_worker_global_scope_from_environment (GError **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  web_shared_workers_prepare ();

  return web_worker_launch_arrive (error);
}
