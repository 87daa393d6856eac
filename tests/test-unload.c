/* test-unload.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A plug-in that brings the library along may be unloaded, but the types that the library has
 * registered with GLib stay, and so must their code. This test is not linked with the library. */

#include <dlfcn.h>

#include <glib-object.h>

static const char *library_path;

static gpointer
load (int flags)
{
  gpointer library = dlopen (library_path, RTLD_NOW | RTLD_LOCAL | flags);

  if (library == NULL && flags == 0)
    g_error ("%s", dlerror ());

  return library;
}

static void
make_channel (gpointer library)
{
  GType (*get_type) (void) = dlsym (library, "web_message_channel_get_type");

  g_object_unref (g_object_new (get_type (), NULL));
}

static void
test_unload (void)
{
  gpointer library = load (0);

  make_channel (library);
  dlclose (library);
  g_assert_nonnull (load (RTLD_NOLOAD));

  library = load (0);
  make_channel (library);
  dlclose (library);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_assert_cmpint (argc, ==, 2);
  library_path = argv[1];
  g_test_add_func ("/unload", test_unload);

  return g_test_run ();
}
