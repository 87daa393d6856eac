/* wpt-jsc.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Runs one test page in JavaScriptCore and prints its results. main.js does the work; here is what
 * it cannot do: files, realms, output, the garbage collector.
 *
 * Usage: wpt-jsc ROOT TESTHARNESS FILE TEST, or wpt-jsc --version for that of the engine
 *
 * A window is a realm of the machine of the main thread, a worker a thread with a machine of its
 * own. Each has the functions of `natives` in a realm of theirs, and a bundle of scripts of the
 * host.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <webmessaging-jsc/web-jsc-private.h>

static GMainLoop  *loop;
static WebJscHost *host;
static char      **arguments;

static void
print (const char *text, gpointer user_data)
{
  puts (text);
  fflush (stdout);
}

static void
print_error (const char *text, gpointer user_data)
{
  g_printerr ("%s\n", text);
}

static void
quit (gpointer user_data)
{
  g_main_loop_quit (loop);
}

/* Files */

static gboolean
is_file (const char *path, gpointer user_data)
{
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static gboolean
is_folder (const char *path, gpointer user_data)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static char *
read_file (const char *path, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize            size;

  if (g_file_get_contents (path, &text, &size, &error))
    return g_utf8_make_valid (text, size);

  jsc_context_throw (jsc_context_get_current (), error->message);
  return NULL;
}

static void
write_file (const char *path, const char *text, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, text, -1, &error))
    jsc_context_throw (jsc_context_get_current (), error->message);
}

static void
remove_file (const char *path, gpointer user_data)
{
  remove (path);
}

static char *
make_id (gpointer user_data)
{
  return g_uuid_string_random ();
}

static void
collect_garbage (gpointer user_data)
{
  web_jsc_private_collect_garbage (jsc_context_get_current ());
}

/* Realms */

static JSCValue *
evaluate (const char *text, const char *url, gpointer user_data)
{
  return jsc_context_evaluate_with_source_uri (jsc_context_get_current (), text, -1, url, 1);
}

static void
shut_down (gpointer user_data)
{
  web_jsc_private_shut_down (jsc_context_get_current ());
}

static JSCValue *run_bundle (JSCContext *context, const char *name, JSCValue *used);

/* Returns the exports of another bundle in the same realm. */
static JSCValue *
load_bundle (const char *name, gpointer user_data)
{
  return run_bundle (jsc_context_get_current (), name, NULL);
}

static void
on_exception (JSCContext *context, JSCException *exception, gpointer user_data)
{
  g_autofree char *text = jsc_exception_report (exception);

  g_printerr ("%s\n", text);
  exit (EXIT_FAILURE);
}

/* Returns what the bundle for windows exports in a new realm of the same machine.
 *
 * used: what it needs of the host */
static JSCValue *
new_realm (const char *url, JSCValue *used, gpointer user_data)
{
  JSCContext *current = jsc_context_get_current ();
  g_autoptr (JSCContext) context =
    jsc_context_new_with_virtual_machine (jsc_context_get_virtual_machine (current));
  g_autoptr (GError) error = NULL;
  JSCValue *exports;

  if (!web_jsc_install_for_host (context, WEB_JSC_ALL, host, url, &error))
    g_error ("%s", error->message);
  jsc_context_push_exception_handler (context, on_exception, NULL, NULL);
  exports = run_bundle (context, "window-realm", used);
  jsc_context_pop_exception_handler (context);

  return exports;
}

#define ADD(name, c_function, result, ...)                                                         \
  {                                                                                                \
    g_autoptr (JSCValue) function =                                                                \
      jsc_value_new_function (context, name, G_CALLBACK (c_function), NULL, NULL, result,          \
                              __VA_ARGS__);                                                        \
    jsc_value_object_set_property (natives, name, function);                                       \
  }

static JSCValue *
make_natives (JSCContext *context)
{
  JSCValue *natives = jsc_value_new_object (context, NULL, NULL);
  g_autoptr (JSCValue) argv =
    jsc_value_new_array_from_strv (context, (const char *const *)arguments);
  g_autoptr (JSCValue) harness = jsc_value_new_string (context, HARNESS);
  g_autoptr (JSCValue) folder = jsc_value_new_string (context, g_get_tmp_dir ());
  g_autoptr (JSCValue) n_processors = jsc_value_new_number (context, g_get_num_processors ());

  jsc_value_object_set_property (natives, "arguments", argv);
  jsc_value_object_set_property (natives, "harness", harness);
  jsc_value_object_set_property (natives, "temporaryFolder", folder);
  jsc_value_object_set_property (natives, "nProcessors", n_processors);
  ADD ("print", print, G_TYPE_NONE, 1, G_TYPE_STRING);
  ADD ("printError", print_error, G_TYPE_NONE, 1, G_TYPE_STRING);
  ADD ("quit", quit, G_TYPE_NONE, 0);
  ADD ("isFile", is_file, G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
  ADD ("isFolder", is_folder, G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
  ADD ("readFile", read_file, G_TYPE_STRING, 1, G_TYPE_STRING);
  ADD ("writeFile", write_file, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  ADD ("removeFile", remove_file, G_TYPE_NONE, 1, G_TYPE_STRING);
  ADD ("makeId", make_id, G_TYPE_STRING, 0);
  ADD ("collectGarbage", collect_garbage, G_TYPE_NONE, 0);
  ADD ("evaluate", evaluate, JSC_TYPE_VALUE, 2, G_TYPE_STRING, G_TYPE_STRING);
  ADD ("shutDown", shut_down, G_TYPE_NONE, 0);
  ADD ("loadBundle", load_bundle, JSC_TYPE_VALUE, 1, G_TYPE_STRING);
  ADD ("newRealm", new_realm, JSC_TYPE_VALUE, 2, G_TYPE_STRING, JSC_TYPE_VALUE);

  return natives;
}

static JSCValue *
run_bundle (JSCContext *context, const char *name, JSCValue *used)
{
  g_autofree char *path = g_strdup_printf ("/org/webmessaging/wpt/%s.bundle.js", name);
  g_autofree char *url = g_strconcat ("resource://", path, NULL);
  g_autoptr (GBytes) script = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (JSCValue) function = NULL;
  g_autoptr (JSCValue) natives = make_natives (context);
  g_autoptr (JSCValue) modules = web_jsc_private_get_modules (context);
  JSCValue *values[] = { natives, modules };

  g_assert (script != NULL);
  if (used != NULL)
    jsc_value_object_set_property (natives, "host", used);
  function = jsc_context_evaluate_with_source_uri (context, g_bytes_get_data (script, NULL),
                                                   g_bytes_get_size (script), url, 1);

  return jsc_value_function_callv (function, G_N_ELEMENTS (values), values);
}

static JSCContext *
make_host_context (void)
{
  JSCContext *context = jsc_context_new ();
  g_autoptr (GError) error = NULL;

  if (!web_jsc_install_for_host (context, WEB_JSC_ALL, host, NULL, &error))
    g_error ("%s", error->message);

  return context;
}

/* Workers */

typedef struct
{
  JSCContext *context;
  JSCValue   *load;
} Loader;

static void
loader_free (gpointer data)
{
  Loader *self = data;

  g_object_unref (self->load);
  g_object_unref (self->context);
  g_free (self);
}

/* A thread of a worker finds scripts in a machine of its own, which the scripts do not see. */
static GPrivate loaders = G_PRIVATE_INIT (loader_free);

static GBytes *
load (const char *url, gpointer user_data, GError **error)
{
  Loader *loader = g_private_get (&loaders);
  g_autoptr (JSCValue) result = NULL;
  char *text;

  if (loader == NULL)
    {
      g_autoptr (JSCValue) exports = NULL;

      loader = g_new0 (Loader, 1);
      loader->context = make_host_context ();
      exports = run_bundle (loader->context, "loader", NULL);
      loader->load = jsc_value_object_get_property (exports, "loadScript");
      g_private_set (&loaders, loader);
    }

  result = jsc_value_function_call (loader->load, G_TYPE_STRING, url, G_TYPE_NONE);
  if (!jsc_value_is_string (result))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no script at %s", url);
      return NULL;
    }
  text = jsc_value_to_string (result);

  return g_bytes_new_take (text, strlen (text));
}

static void
prepare_worker (JSCContext *context, gpointer user_data)
{
  g_autoptr (JSCValue) exports = NULL;

  exports = run_bundle (context, "worker-realm", NULL);
}

static void
report (const char *message,
        const char *filename,
        guint       lineno,
        guint       colno,
        const char *stack,
        gpointer    user_data)
{
  g_printerr ("%s:%u:%u: %s\n%s\n", filename, lineno, colno, message, stack);
}

int
main (int argc, char **argv)
{
  JSCContext *context;
  JSCValue   *exports;

  if (argc == 2 && g_str_equal (argv[1], "--version"))
    {
      g_print ("JavaScriptCore %u.%u.%u\n", jsc_get_major_version (), jsc_get_minor_version (),
               jsc_get_micro_version ());
      return EXIT_SUCCESS;
    }
  if (argc != 5)
    {
      g_printerr ("Usage: %s ROOT TESTHARNESS FILE TEST\n", argv[0]);
      return EXIT_FAILURE;
    }

  arguments = argv + 1;
  jsc_options_set_boolean ("useSharedArrayBuffer", TRUE);
  loop = g_main_loop_new (NULL, FALSE);
  host = web_jsc_host_new ();
  web_jsc_host_set_loader (host, load, NULL, NULL);
  web_jsc_host_set_worker_func (host, prepare_worker, NULL, NULL);
  web_jsc_host_set_report_func (host, report, NULL, NULL);
  context = make_host_context ();
  jsc_context_push_exception_handler (context, on_exception, NULL, NULL);
  exports = run_bundle (context, "main", NULL);
  g_main_loop_run (loop);
  fflush (stdout);

  /* Workers may still run; nothing of them is waited for. */
  g_object_unref (exports);
  _exit (EXIT_SUCCESS);
}
