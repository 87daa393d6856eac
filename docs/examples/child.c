/* child.c: a child process, which answers its parent
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <webmessaging/webmessaging.h>

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  const char *name = g_variant_get_string (web_message_event_get_data (event), NULL);
  GVariant   *answer = g_variant_new_printf ("Hello %s, here is C", name);

  web_message_port_post_message (port, answer, NULL, 0, NULL);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (WebMessagePort) port = web_message_port_new_from_environment (&error);

  if (port == NULL)
    g_error ("%s", error->message);

  g_signal_connect_swapped (port, "close", G_CALLBACK (g_main_loop_quit), loop);
  web_message_port_set_on_message (port, on_message, NULL, NULL);
  g_main_loop_run (loop);

  return 0;
}
