/* chain.c: a process in a chain, in C
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* test_chain.py tells what the processes say to each other.
 *
 * Usage: chain INDEX [COMMAND…]; the commands start the processes behind this one. */

#include <stdio.h>
#include <unistd.h>

#include "../web-test.h"

enum
{
  BATCH = 500,
  LAST = -1,
};

static GMainLoop      *loop;
static WebMessagePort *up;   /* to the process before this one */
static WebMessagePort *down; /* to the one behind; nullable */
static WebMessagePort *end;  /* what has come through the chain and stays here; nullable */

static gint64 n_messages, sent, received;

static void
post (WebMessagePort *port, GVariant *message, WebMessagePort *carried)
{
  WebTransferable *transfer[] = { (WebTransferable *)carried };
  g_autoptr (GError) error = NULL;

  web_message_port_post_message (port, message, transfer, carried != NULL ? 1 : 0, &error);
  g_assert_no_error (error);
}

static void
report (const char *what, gint64 number)
{
  post (up, g_variant_new_take_string (g_strdup_printf ("%s %" G_GINT64_FORMAT, what, number)),
        NULL);
}

static void
report_if_done (void)
{
  if (sent == n_messages && received == n_messages)
    report ("done", received);
}

static gboolean
send_batch (gpointer user_data)
{
  guint i;

  for (i = 0; i < BATCH && sent < n_messages; i++)
    post (end, g_variant_new_int64 (sent++), NULL);
  if (sent < n_messages)
    return G_SOURCE_CONTINUE;

  report_if_done ();

  return G_SOURCE_REMOVE;
}

static void
on_number (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  const gint64 number = g_variant_get_int64 (web_message_event_get_data (event));

  if (number == LAST && web_message_port_get_closed (up))
    {
      printf ("still connected\n");
      g_main_loop_quit (loop);
    }
  else if (number == LAST)
    {
      post (port, g_variant_new_int64 (LAST), NULL);
    }
  else
    {
      g_assert_cmpint (number, ==, received);
      received++;
      if (received == n_messages)
        report_if_done ();
    }
}

static void
on_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  g_main_loop_quit (loop);
}

static void
on_down_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  post (up, web_message_event_get_data (event), NULL);
}

static void
on_up_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  const char      *text = g_variant_get_string (web_message_event_get_data (event), NULL);
  gint64           hops, first;
  gsize            n_ports;
  WebMessagePort **ports = web_message_event_get_ports (event, &n_ports);

  g_assert_cmpint (sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                           &hops, &first, &n_messages),
                   ==, 3);
  g_assert_cmpuint (n_ports, ==, 1);
  if (hops > 0)
    {
      post (down,
            g_variant_new_take_string (g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                                                        " %" G_GINT64_FORMAT,
                                                        hops - 1, first, n_messages)),
            ports[0]);
      return;
    }

  end = g_object_ref (ports[0]);
  sent = first;
  g_signal_connect (end, "close", G_CALLBACK (on_close), NULL);
  web_message_port_set_on_message (end, on_number, NULL, NULL);
  g_idle_add (send_batch, NULL);
}

static void
on_up_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  if (end != NULL)
    post (end, g_variant_new_int64 (LAST), NULL);
  else
    g_main_loop_quit (loop);
}

static void
start_next (int index, char **commands)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) command = NULL;
  g_auto (GStrv) argv = NULL;
  g_autofree char *number = g_strdup_printf ("%d", index + 1);

  g_assert_true (g_shell_parse_argv (commands[0], NULL, &command, &error));
  g_strv_builder_addv (builder, (const char **)command);
  g_strv_builder_add (builder, number);
  g_strv_builder_addv (builder, (const char **)commands + 1);
  argv = g_strv_builder_end (builder);

  down = web_message_port_new_for_launcher (launcher, &error);
  g_assert_no_error (error);
  child = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  web_message_port_set_on_message (down, on_down_message, NULL, NULL);
}

int
main (int argc, char *argv[])
{
  const int index = (int)g_ascii_strtoll (argv[1], NULL, 10);
  g_autoptr (GError) error = NULL;

  loop = g_main_loop_new (NULL, FALSE);
  up = web_message_port_new_from_environment (&error);
  g_assert_no_error (error);
  if (argc > 2)
    start_next (index, argv + 2);
  report ("pid", getpid ());
  g_signal_connect (up, "close", G_CALLBACK (on_up_close), NULL);
  web_message_port_set_on_message (up, on_up_message, NULL, NULL);
  g_main_loop_run (loop);

  g_clear_object (&end);
  g_clear_object (&down);
  g_clear_object (&up);
  g_main_loop_unref (loop);

  return 0;
}
