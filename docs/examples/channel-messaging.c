/* channel-messaging.c: two windows talk through a channel
 *
 * The page sends one port of a channel to the frame with postMessage(), and keeps the other. The
 * frame answers through the port that it has received.
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <webmessaging/webmessaging.h>

/* In the frame: a message has come to the window, with a port. */
static void
on_frame_message (WebWindow *frame, WebMessageEvent *event, gpointer user_data)
{
  const char      *text = g_variant_get_string (web_message_event_get_data (event), NULL);
  gsize            n_ports;
  WebMessagePort **ports = web_message_event_get_ports (event, &n_ports);
  g_autoptr (GError) error = NULL;

  g_print ("The frame received \"%s\" from %s\n", text, web_message_event_get_origin (event));

  if (!web_message_port_post_message (ports[0], g_variant_new_string ("Hello from the frame!"),
                                      NULL, 0, &error))
    g_error ("%s", error->message);
}

/* In the page: the answer has come through the channel. */
static void
on_page_message (WebMessagePort *port, WebMessageEvent *event, gpointer loop)
{
  g_print ("The page received \"%s\"\n",
           g_variant_get_string (web_message_event_get_data (event), NULL));

  web_message_port_close (port);
  g_main_loop_quit (loop);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (WebWindow) page = web_window_new ("https://page.example/", NULL);
  g_autoptr (WebWindow) frame = web_window_new ("https://frame.example/", NULL);
  g_autoptr (WebMessageChannel) channel = web_message_channel_new_for_window (page);
  WebTransferable *transfer[] = { WEB_TRANSFERABLE (web_message_channel_get_port2 (channel)) };
  g_autoptr (GError) error = NULL;

  g_signal_connect (frame, "message", G_CALLBACK (on_frame_message), NULL);
  web_message_port_set_on_message (web_message_channel_get_port1 (channel), on_page_message, loop,
                                   NULL);

  if (!web_window_post_message (frame, page, g_variant_new_string ("Hello from the page!"), "*",
                                transfer, G_N_ELEMENTS (transfer), &error))
    g_error ("%s", error->message);

  g_main_loop_run (loop);

  return 0;
}
