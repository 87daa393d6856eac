/* worker-program.c: a process that test-worker.c starts as a worker
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <webmessaging/webmessaging.h>

/* LeakSanitizer traces the process at its exit, and leaves it stopped for ever, or a zombie, if the
 * process is killed meanwhile. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}

static WebDedicatedWorkerGlobalScope *scope;
static const char                    *program;

/* Kept until the process ends. */
static WebMessagePort      *kept_port;
static WebWorker           *nested;
static WebBroadcastChannel *broadcast_channel;

static void
post (const char *text)
{
  g_autoptr (GError) error = NULL;

  web_dedicated_worker_global_scope_post_message (scope, g_variant_new_string (text), NULL, 0,
                                                  &error);
  g_assert_no_error (error);
}

static void
on_nested_message (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  web_dedicated_worker_global_scope_post_message (scope, web_message_event_get_data (event), NULL,
                                                  0, NULL);
}

/* The process starts one like itself, and passes on what that says. */
static void
nest (void)
{
  const char *argv[] = { program, NULL };
  g_autoptr (GError) error = NULL;

  nested = web_worker_new_process (argv, "nested", NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (nested, "message", G_CALLBACK (on_nested_message), NULL);
  web_worker_start (nested);
}

static void
report (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "it has failed");

  web_worker_global_scope_report_error (WEB_WORKER_GLOBAL_SCOPE (scope), error);
}

static void
post_pid (void)
{
  web_dedicated_worker_global_scope_post_message (scope, g_variant_new_int64 (getpid ()), NULL, 0,
                                                  NULL);
}

static void
on_broadcast (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  g_autofree char *text =
    g_strdup_printf ("heard %s", g_variant_get_string (web_message_event_get_data (event), NULL));

  post (text);
}

static void
obey (const char *command, WebMessageEvent *event)
{
  gsize n_ports;

  if (strcmp (command, "pid") == 0)
    {
      post_pid ();
    }
  else if (strcmp (command, "keep port") == 0)
    {
      kept_port = g_object_ref (web_message_event_get_ports (event, &n_ports)[0]);
      web_message_port_post_message (kept_port, g_variant_new_string ("kept"), NULL, 0, NULL);
      web_message_port_start (kept_port);
    }
  else if (strcmp (command, "close") == 0)
    {
      post ("before");
      web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
      post ("after");
    }
  else if (strcmp (command, "report") == 0)
    {
      report ();
    }
  else if (strcmp (command, "report failure") == 0)
    {
      web_worker_global_scope_report_failure (WEB_WORKER_GLOBAL_SCOPE (scope));
    }
  else if (strcmp (command, "exit") == 0)
    {
      post ("exits");
      web_message_port_flush_all (NULL, NULL);
      _exit (3);
    }
  else if (strcmp (command, "crash") == 0)
    {
      kill (getpid (), SIGKILL);
    }
  else if (strcmp (command, "hang") == 0)
    {
      post ("hangs");
      web_message_port_flush_all (NULL, NULL);
      for (;;)
        ;
    }
  else if (strcmp (command, "print") == 0)
    {
      (void)!write (STDOUT_FILENO, "printed\n", strlen ("printed\n"));
    }
  else if (strcmp (command, "nap") == 0)
    {
      g_usleep (G_TIME_SPAN_SECOND / 2);
    }
  else if (strcmp (command, "pour") == 0)
    {
      /* More than the connection holds, so that the process waits for somebody to read. */
      g_autofree char *text = g_strnfill (30000, 'x');
      guint            i;

      for (i = 0; i < 1000; i++)
        post (text);
      web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
    }
  else if (strcmp (command, "stop") == 0)
    {
      kill (getpid (), SIGSTOP);
    }
  else if (strcmp (command, "listen") == 0)
    {
      broadcast_channel = web_broadcast_channel_new ("news");
      web_broadcast_channel_set_on_message (broadcast_channel, on_broadcast, NULL, NULL);
      post ("listens");
    }
  else if (g_str_has_prefix (command, "broadcast "))
    {
      web_broadcast_channel_post_message (broadcast_channel,
                                          g_variant_new_string (command + strlen ("broadcast ")),
                                          NULL);
    }
  else if (strcmp (command, "nest") == 0)
    {
      nest ();
    }
  else if (g_str_has_prefix (command, "nested "))
    {
      web_worker_post_message (nested, g_variant_new_string (command + strlen ("nested ")), NULL, 0,
                               NULL);
    }
  else
    {
      post (command);
    }
}

static void
on_message (WebDedicatedWorkerGlobalScope *self, WebMessageEvent *event, gpointer user_data)
{
  obey (g_variant_get_string (web_message_event_get_data (event), NULL), event);
}

/* What a shared worker does: each user learns how many there are, and gets its messages back. */
static guint n_users;

static void
on_user_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  const char *command = g_variant_get_string (web_message_event_get_data (event), NULL);

  if (strcmp (command, "pid") == 0)
    web_message_port_post_message (port, g_variant_new_int64 (getpid ()), NULL, 0, NULL);
  else if (strcmp (command, "close") == 0)
    web_worker_global_scope_close (user_data);
  else if (strcmp (command, "crash") == 0)
    kill (getpid (), SIGKILL);
}

static void
on_connect (WebSharedWorkerGlobalScope *self, WebMessageEvent *event, gpointer user_data)
{
  gsize           n_ports;
  WebMessagePort *port = web_message_event_get_ports (event, &n_ports)[0];

  g_assert_cmpuint (n_ports, ==, 1);
  g_assert_true (WEB_MESSAGE_PORT (web_message_event_get_source (event)) == port);
  g_assert_cmpstr (g_variant_get_string (web_message_event_get_data (event), NULL), ==, "");
  n_users++;
  web_message_port_post_message (port, g_variant_new_uint32 (n_users), NULL, 0, NULL);
  web_message_port_set_on_message (port, on_user_message, self, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WebWorkerGlobalScope) self = web_worker_global_scope_from_environment (&error);
  GVariant *data;

  g_assert_no_error (error);
  program = argv[0];
  data = web_worker_global_scope_get_data (self);
  if (WEB_IS_SHARED_WORKER_GLOBAL_SCOPE (self))
    {
      g_signal_connect (self, "connect", G_CALLBACK (on_connect), NULL);
    }
  else
    {
      scope = WEB_DEDICATED_WORKER_GLOBAL_SCOPE (self);
      g_signal_connect (self, "message", G_CALLBACK (on_message), NULL);
      if (data != NULL)
        web_dedicated_worker_global_scope_post_message (
          scope, g_variant_new ("(sv)", web_worker_global_scope_get_name (self), data), NULL, 0,
          NULL);
    }
  web_worker_global_scope_run (self);
  g_clear_object (&kept_port);
  g_clear_object (&broadcast_channel);

  return 0;
}
