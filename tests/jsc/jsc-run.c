/* jsc-run.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Runs a script in JavaScriptCore with the library, until the script calls exit().
 *
 * Usage: jsc-run SCRIPT [ARGUMENT…]
 *
 * The script gets print(), exit(), load(), which runs another script, newRealm(), which returns the
 * global object of another context of the same machine, shutDown(), which ends the realm that it
 * belongs to, and collectGarbage(), besides the global `scriptArgs`. Folders of other scripts are
 * relative to the script.
 */

#include <stdio.h>
#include <stdlib.h>
#include <webmessaging-jsc/web-jsc-private.h>

static GMainLoop *loop;
static int        status;
static gboolean   has_quit;
static char      *script_url;

static void
print (const char *text, gpointer user_data)
{
  puts (text);
  fflush (stdout);
}

static void
quit (double code, gpointer user_data)
{
  status = (int)code;
  has_quit = TRUE;
  g_main_loop_quit (loop);
}

/* A module becomes a script; what it imports must have been loaded before. */
static char *
to_script (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("^(export |import .*;$)", G_REGEX_MULTILINE, 0, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, "", 0, NULL);
}

static void
load (const char *path, gpointer user_data)
{
  g_autofree char *url = g_uri_resolve_relative (script_url, path, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GFile) file = g_file_new_for_uri (url);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *script = NULL;
  g_autoptr (JSCValue) result = NULL;

  if (!g_file_load_contents (file, NULL, &text, NULL, NULL, &error))
    {
      jsc_context_throw (jsc_context_get_current (), error->message);
      return;
    }

  script = to_script (text);
  result = jsc_context_evaluate_with_source_uri (jsc_context_get_current (), script, -1, url, 1);
}

static void
collect_garbage (gpointer user_data)
{
  web_jsc_private_collect_garbage (jsc_context_get_current ());
}

static double
count_fds (gpointer user_data)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  int n_fds = -1;

  while (g_dir_read_name (folder) != NULL)
    n_fds++;

  return n_fds;
}

static double
measure_memory (gpointer user_data)
{
  g_autofree char *text = NULL;
  gint64           pages[2] = { 0, 0 };

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &pages[0], &pages[1]);

  return (double)pages[1] * 4096;
}

static void
shut_down (gpointer user_data)
{
  web_jsc_private_shut_down (jsc_context_get_current ());
}

static JSCContext *make_context (JSCVirtualMachine *machine);

static JSCValue *
new_realm (gpointer user_data)
{
  JSCContext *context = make_context (jsc_context_get_virtual_machine (jsc_context_get_current ()));
  JSCValue   *global = jsc_context_get_global_object (context);

  g_object_unref (context);

  return global;
}

#define ADD(name, c_function, ...)                                                                 \
  {                                                                                                \
    g_autoptr (JSCValue) function =                                                                \
      jsc_value_new_function (context, name, G_CALLBACK (c_function), NULL, NULL, __VA_ARGS__);    \
    jsc_context_set_value (context, name, function);                                               \
  }

static void
add_globals (JSCContext *context)
{
  ADD ("print", print, G_TYPE_NONE, 1, G_TYPE_STRING);
  ADD ("exit", quit, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  ADD ("load", load, G_TYPE_NONE, 1, G_TYPE_STRING);
  ADD ("collectGarbage", collect_garbage, G_TYPE_NONE, 0);
  ADD ("countDescriptors", count_fds, G_TYPE_DOUBLE, 0);
  ADD ("measureMemory", measure_memory, G_TYPE_DOUBLE, 0);
  ADD ("newRealm", new_realm, JSC_TYPE_VALUE, 0);
  ADD ("shutDown", shut_down, G_TYPE_NONE, 0);
}

static JSCContext *
make_context (JSCVirtualMachine *machine)
{
  JSCContext *context =
    machine != NULL ? jsc_context_new_with_virtual_machine (machine) : jsc_context_new ();
  g_autoptr (GError) error = NULL;

  add_globals (context);
  if (!web_jsc_install_for_host (context, WEB_JSC_ALL, NULL, script_url, &error))
    g_error ("%s", error->message);

  return context;
}

static void
on_exception (JSCContext *context, JSCException *exception, gpointer user_data)
{
  g_autofree char *text = jsc_exception_report (exception);

  g_printerr ("%s\n", text);
  quit (1, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (JSCContext) context = NULL;
  g_autoptr (JSCValue) arguments = NULL;

  if (argc < 2)
    {
      g_printerr ("Usage: %s SCRIPT [ARGUMENT…]\n", argv[0]);
      return EXIT_FAILURE;
    }

  /* Only for tests: a program that has shared memory says so before the first context. */
  jsc_options_set_boolean ("useSharedArrayBuffer", TRUE);
  file = g_file_new_for_commandline_arg (argv[1]);
  script_url = g_file_get_uri (file);
  loop = g_main_loop_new (NULL, FALSE);
  context = make_context (NULL);
  arguments = jsc_value_new_array_from_strv (context, (const char *const *)argv + 2);
  jsc_context_set_value (context, "scriptArgs", arguments);
  g_clear_object (&arguments);

  {
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (JSCValue) result = NULL;
    gsize size;

    if (!g_file_load_contents (file, NULL, &text, &size, NULL, &error))
      {
        g_printerr ("%s\n", error->message);
        return EXIT_FAILURE;
      }
    jsc_context_push_exception_handler (context, on_exception, NULL, NULL);
    result = jsc_context_evaluate_with_source_uri (context, text, size, script_url, 1);
    jsc_context_pop_exception_handler (context);
  }

  if (!has_quit)
    g_main_loop_run (loop);
  g_clear_object (&context);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_main_loop_unref (loop);
  g_free (script_url);

  return status;
}
