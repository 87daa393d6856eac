/* web-jsc-worker.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-jsc-worker-private.h"

#include <string.h>

#include "web-jsc-engine-private.h"
#include "web-jsc-host-private.h"
#include "web-jsc-realm-private.h"

/* How often the engine asks whether a busy script is to end, in milliseconds. */
#define LIMIT 10

typedef struct
{
  char       *url;
  gboolean    is_module;
  GBytes     *script; /* owned, nullable: if it was loaded already */
  WebJscHost *host;   /* owned, nullable */
} Start;

/* File API, #blob-url: the URL of a blob may be revoked as soon as the worker is made. */
static Start *
start_new (const char *url, gboolean is_module, WebJscHost *host)
{
  Start *self = g_new0 (Start, 1);

  web_jsc_realm_load_scripts ();
  self->url = g_strdup (url);
  self->is_module = is_module;
  self->host = host != NULL ? g_object_ref (host) : NULL;
  /* If that fails, the worker tries again, and reports the error. */
  if (g_ascii_strncasecmp (url, "blob:", strlen ("blob:")) == 0)
    self->script = web_jsc_host_load (host, url, NULL);

  return self;
}

static void
start_free (gpointer data)
{
  Start *self = data;

  g_free (self->url);
  g_clear_pointer (&self->script, g_bytes_unref);
  g_clear_object (&self->host);
  g_free (self);
}

static gboolean
is_terminated (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

/* The engine has timers of its own in the main context that is thread-default when the first
 * machine of a thread is made, and one of them crashes unless WebKit has been started. So it gets a
 * main context that nobody runs. It collects garbage without timers as well. */
static JSCContext *
make_context (void)
{
  g_autoptr (GMainContext) unused = g_main_context_new ();
  g_autoptr (JSCVirtualMachine) machine = NULL;
  JSCContext *context;

  g_main_context_push_thread_default (unused);
  machine = jsc_virtual_machine_new ();
  context = jsc_context_new_with_virtual_machine (machine);
  g_main_context_pop_thread_default (unused);

  return context;
}

/* Returns %FALSE if the worker was terminated in the middle. */
static gboolean
call (WebJscRealm *realm, WebJscCall number)
{
  g_autoptr (JSCValue) entry = web_jsc_realm_begin (realm);
  g_autoptr (JSCValue) result = web_jsc_realm_end (realm, entry, number, NULL);

  return result != NULL;
}

static void
run_script (WebJscRealm *realm)
{
  const gboolean is_shared = WEB_IS_SHARED_WORKER_GLOBAL_SCOPE (realm->scope);
  WebJscSlot    *slot = web_jsc_realm_add (realm, realm->scope,
                                        is_shared ? WEB_JSC_KIND_SHARED_SCOPE : WEB_JSC_KIND_SCOPE);

  realm->mailbox[WEB_JSC_PLACE_NUMBER] = slot->number;
  realm->mailbox[WEB_JSC_PLACE_KIND] = slot->kind;
  if (call (realm, WEB_JSC_CALL_INSTALL_SCOPE))
    call (realm, WEB_JSC_CALL_RUN_SCRIPT);
}

/* HTML, workers.html#run-a-worker */
static void
run_worker (WebWorkerGlobalScope *scope, gpointer user_data)
{
  const Start  *start = user_data;
  JSCContext   *context = make_context ();
  WebJscRealm  *realm = web_jsc_realm_new (start->host, start->url);
  GCancellable *cancellable = web_worker_global_scope_get_cancellable (scope);

  realm->scope = scope;
  realm->is_module = start->is_module;
  realm->first_script = start->script != NULL ? g_bytes_ref (start->script) : NULL;
  if (!web_jsc_realm_install (realm, context, WEB_JSC_ALL))
    g_error ("The scripts of the library do not run in this JavaScriptCore: %s",
             jsc_exception_get_message (jsc_context_get_exception (context)));
  /* Each script that the program evaluates there has its time limit to itself: the library cannot
   * tell where one begins, and only counts the intervals of its own calls. */
  web_jsc_host_prepare_worker (start->host, context);
  web_jsc_engine_watch (context, LIMIT, is_terminated, cancellable);

  run_script (realm);
  web_worker_global_scope_run (realm->scope);

  /* The program may keep the context. */
  web_jsc_engine_watch (context, 0, NULL, NULL);
  realm->scope = NULL;
  /* Before the machine goes, which frees all handles at once. */
  web_jsc_realm_leave_context (realm);
  g_object_unref (context);
  web_jsc_realm_unref (realm);
}

static void
run_dedicated_worker (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  run_worker (WEB_WORKER_GLOBAL_SCOPE (scope), user_data);
}

/*
 * web_jsc_worker_new_of_type:
 * @is_module: whether the script is a module
 *
 * Starts a worker as web_jsc_worker_new() does.
 *
 * Returns: (transfer full): a new worker
 */
WebWorker *
web_jsc_worker_new_of_type (const char *url, const char *name, gboolean is_module, WebJscHost *host)
{
  return web_worker_new_thread (name, run_dedicated_worker, start_new (url, is_module, host),
                                start_free);
}

/*
 * web_jsc_shared_worker_new:
 * @origin: of the script that makes it
 * @is_module: how the worker is to run, together with @credentials
 *
 * Connects to the shared worker of this origin, URL and name, and starts it if there is none.
 *
 * Returns: (transfer full): a new user of the worker
 */
WebSharedWorker *
web_jsc_shared_worker_new (const char *origin,
                           const char *url,
                           const char *name,
                           gboolean    is_module,
                           const char *credentials,
                           WebJscHost *host)
{
  g_autofree char *identity = g_strconcat (origin, " ", url, NULL);
  g_autofree char *options = g_strconcat (is_module ? "module " : "classic ", credentials, NULL);

  return web_private_shared_worker_new (identity, name, options, run_worker,
                                        start_new (url, is_module, host), start_free);
}

/**
 * web_jsc_worker_new:
 * @url: the URL of a script
 * @name: (nullable): a name for the worker, which is also that of its thread
 * @host: (nullable): what loads scripts and is told of exceptions
 *
 * Starts a worker that runs a script in JavaScriptCore, on a thread of its own with a virtual
 * machine of its own.
 *
 * The script has all that [flags@WebMessagingJsc.Flags] names, and what a worker has: `self`,
 * `postMessage()`, `onmessage`, `importScripts()`, `close()` and so on. A script that is busy ends
 * when the worker is terminated, if the engine can do that: see [func@set_time_limit].
 *
 * The worker object belongs to the thread-default main context of the caller, and has the
 * properties, signals and methods of any other one.
 *
 * Returns: (transfer full): a new worker
 */
WebWorker *
web_jsc_worker_new (const char *url, const char *name, WebJscHost *host)
{
  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (host == NULL || WEB_JSC_IS_HOST (host), NULL);

  return web_jsc_worker_new_of_type (url, name, FALSE, host);
}
