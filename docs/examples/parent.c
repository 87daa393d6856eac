/* parent.c: starts a child process in any language and talks to it: parent COMMAND…
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <webmessaging/webmessaging.h>

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer loop)
{
  g_print ("%s\n", g_variant_get_string (web_message_event_get_data (event), NULL));
  web_message_port_close (port);
  g_main_loop_quit (loop);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (WebMessagePort) port = web_message_port_new_for_launcher (launcher, NULL);
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;

  child = g_subprocess_launcher_spawnv (launcher, (const char *const *)&argv[1], &error);
  if (child == NULL)
    g_error ("%s", error->message);
  g_subprocess_launcher_close (launcher);

  web_message_port_set_on_message (port, on_message, loop, NULL);
  web_message_port_post_message (port, g_variant_new_string ("C"), NULL, 0, NULL);
  g_main_loop_run (loop);

  return 0;
}
