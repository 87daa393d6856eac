/* test-debug.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the library says to those who make the mistakes that are made most. Each of them is a
 * program of its own, and they all run at once, because some wait for what happens after a second.
 */

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <webmessaging/webmessaging.h>

/* Longer than the library waits before it says that something waits. */
#define LONG_MSEC 2600

#define PORT "WebMessagePort 0x[0-9a-f]+"

static WebMessagePort *port1, *port2;

static void
make_channel (void)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();

  port1 = g_object_ref (web_message_channel_get_port1 (channel));
  port2 = g_object_ref (web_message_channel_get_port2 (channel));
}

static gboolean
post (WebMessagePort *port, GVariant *message, gpointer transfer)
{
  WebTransferable *list[] = { transfer };
  g_autoptr (GError) error = NULL;

  if (web_message_port_post_message (port, message, list, transfer != NULL ? 1 : 0, &error))
    return TRUE;

  g_print ("%s\n", error->message);
  return FALSE;
}

static void
post_number (WebMessagePort *port)
{
  post (port, g_variant_new_int32 (1), NULL);
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static void
run_loop (guint milliseconds)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (milliseconds, quit, loop);
  g_main_loop_run (loop);
}

static void
ignore (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
}

static void
forget_start (void)
{
  make_channel ();
  g_signal_connect (port2, "message", G_CALLBACK (ignore), NULL);
  post_number (port1);
  post_number (port1);
  run_loop (LONG_MSEC);
}

static void
forget_main_loop (void)
{
  make_channel ();
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  post_number (port1);
  g_usleep (LONG_MSEC * 1000);
}

static void
make_socket_channel (void)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  port1 = web_message_port_new_from_fd (fds[0], NULL);
  port2 = web_message_port_new_from_fd (fds[1], NULL);
}

static void
forget_start_in_child (void)
{
  make_socket_channel ();
  g_signal_connect (port2, "message", G_CALLBACK (ignore), NULL);
  post_number (port1);
  run_loop (LONG_MSEC);
}

/* A port that only sends is not told to start. */
static void
send_to_child (void)
{
  make_socket_channel ();
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  post_number (port1);
  run_loop (LONG_MSEC);
}

static void
forget_main_loop_in_child (void)
{
  make_socket_channel ();
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  post_number (port1);
  g_usleep (LONG_MSEC * 1000);
}

static gboolean
sleep_long (gpointer user_data)
{
  post_number (port1);
  g_usleep (LONG_MSEC * 1000);

  return G_SOURCE_REMOVE;
}

static void
block_main_loop (void)
{
  make_channel ();
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  g_timeout_add (10, sleep_long, NULL);
  run_loop (100);
}

static void
handle_slowly (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  g_usleep (LONG_MSEC * 1000);
}

static void
block_in_handler (void)
{
  make_channel ();
  web_message_port_set_on_message (port2, handle_slowly, NULL, NULL);
  post_number (port1);
  run_loop (100);
}

static void
handle_in_main_loop (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  run_loop (LONG_MSEC);
}

static void
run_main_loop_in_handler (void)
{
  make_channel ();
  web_message_port_set_on_message (port2, handle_in_main_loop, NULL, NULL);
  post_number (port1);
  run_loop (100);
}

typedef struct
{
  GMainLoop  *loop;
  GThreadFunc function;
  GThread    *thread;
} Elsewhere;

static gpointer
run_elsewhere (gpointer user_data)
{
  Elsewhere *self = user_data;

  self->function (NULL);
  g_main_loop_quit (self->loop);

  return NULL;
}

static gboolean
make_thread (gpointer user_data)
{
  Elsewhere *self = user_data;

  self->thread = g_thread_new ("elsewhere", run_elsewhere, self);

  return G_SOURCE_REMOVE;
}

/* Calls a function on another thread while this one runs the main context. */
static void
do_elsewhere (GThreadFunc function)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Elsewhere self = { loop, function };

  make_channel ();
  g_idle_add (make_thread, &self);
  g_main_loop_run (loop);
  g_thread_join (self.thread);
}

static gpointer
start_elsewhere (gpointer user_data)
{
  web_message_port_start (port2);

  return NULL;
}

static void
use_wrong_thread (void)
{
  do_elsewhere (start_elsewhere);
}

static gpointer
post_elsewhere (gpointer user_data)
{
  web_message_port_post_message (port1, NULL, NULL, 0, NULL);

  return NULL;
}

static void
post_on_wrong_thread (void)
{
  do_elsewhere (post_elsewhere);
}

static gpointer
start_in_thread (gpointer user_data)
{
  web_message_port_set_on_message (port2, ignore, NULL, NULL);

  return NULL;
}

static void
share_port (void)
{
  make_channel ();
  g_thread_join (g_thread_new ("worker", start_in_thread, NULL));
}

static gpointer
start_in_own_context (gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  g_assert_false (web_message_port_get_started (port2));
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
share_port_with_own_context (void)
{
  make_channel ();
  g_thread_join (g_thread_new ("worker", start_in_own_context, NULL));
}

static gpointer
close_in_thread (gpointer context)
{
  g_main_context_push_thread_default (context);
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  web_message_port_close (port2);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* The thread that makes the ports of a context need not be the one that runs it. */
static void
make_port_for_thread (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  make_channel ();
  g_main_context_pop_thread_default (context);
  g_thread_join (g_thread_new ("worker", close_in_thread, context));
}

static void
forget_handler (void)
{
  make_channel ();
  web_message_port_start (port2);
  post_number (port1);
  run_loop (10);
}

static void
sleep_in_worker (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  g_usleep (LONG_MSEC * 1000);
}

static void
block_worker (void)
{
  g_autoptr (WebWorker) worker = web_worker_new_thread ("sleeper", sleep_in_worker, NULL, NULL);

  web_worker_post_message (worker, NULL, NULL, 0, NULL);
  g_usleep (LONG_MSEC * 1000);
  web_worker_terminate (worker);
  web_worker_join (worker);
}

static void
return_at_once (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
}

static void
drop_worker (void)
{
  g_object_unref (web_worker_new_thread ("worker", return_at_once, NULL, NULL));
}

static void
transfer_twice (void)
{
  g_autoptr (WebMessageChannel) other = web_message_channel_new ();
  WebMessagePort *port = web_message_channel_get_port1 (other);

  make_channel ();
  post (port1, NULL, port);
  post (port1, NULL, port);
}

static void
use_after_transfer (void)
{
  g_autoptr (WebMessageChannel) other = web_message_channel_new ();
  WebMessagePort *port = web_message_channel_get_port1 (other);

  make_channel ();
  post (port1, NULL, port);
  post_number (port);
  web_message_port_set_on_message (port, ignore, NULL, NULL);
}

static void
post_wrong_handle (void)
{
  make_channel ();
  post (port1, g_variant_new_handle (0), NULL);
}

static void
drop_port_not_started (void)
{
  make_channel ();
  post_number (port1);
  g_clear_object (&port2);
}

static gpointer
take_over_without_context (gpointer handed_over)
{
  port2 = web_message_port_take_over (handed_over, NULL);
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  g_object_unref (handed_over);

  return NULL;
}

static void
forget_context (void)
{
  make_channel ();
  g_thread_join (
    g_thread_new ("worker", take_over_without_context, web_message_port_hand_over (port2, NULL)));
}

static gpointer
make_channel_without_context (gpointer user_data)
{
  make_channel ();

  return NULL;
}

static void
make_channel_elsewhere (void)
{
  g_thread_join (g_thread_new ("worker", make_channel_without_context, NULL));
}

static gpointer
run_default_context (gpointer handed_over)
{
  g_main_context_acquire (NULL);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  take_over_without_context (handed_over);
  g_main_context_release (NULL);

  return NULL;
}

/* The main loop of a program need not run in the main thread. */
static void
run_elsewhere_than_in_main_thread (void)
{
  make_channel ();
  g_thread_join (
    g_thread_new ("worker", run_default_context, web_message_port_hand_over (port2, NULL)));
}

static void
report_error (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "it has failed");

  web_worker_global_scope_report_error (WEB_WORKER_GLOBAL_SCOPE (scope), error);
  web_worker_global_scope_report_exception (WEB_WORKER_GLOBAL_SCOPE (scope), "printed", NULL, 0, 0,
                                            NULL, NULL);
  web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
}

static void
wait_for_close (WebWorker *worker)
{
  web_worker_start (worker);
  while (!web_worker_get_closed (worker))
    g_main_context_iteration (NULL, TRUE);
}

static void
forget_error (void)
{
  g_autoptr (WebWorker) worker = web_worker_new_thread ("failing", report_error, NULL, NULL);

  wait_for_close (worker);
}

static void
ignore_error (WebWorker *worker, WebEvent *event, gpointer user_data)
{
}

static void
handle_error (void)
{
  g_autoptr (WebWorker) worker = web_worker_new_thread ("failing", report_error, NULL, NULL);

  g_signal_connect (worker, "error", G_CALLBACK (ignore_error), NULL);
  wait_for_close (worker);
}

static void
own_failing_worker (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  g_autoptr (WebWorker) worker = web_worker_new_thread ("failing", report_error, NULL, NULL);

  while (!web_worker_get_closed (worker))
    {
      web_worker_start (worker);
      g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
    }
  web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
}

/* It goes on to the owner of the owner, and is not told twice. */
static void
forget_error_of_workers_worker (void)
{
  g_autoptr (WebWorker) worker = web_worker_new_thread ("outer", own_failing_worker, NULL, NULL);

  wait_for_close (worker);
}

static void
lose_worker (void)
{
  const char *const argv[] = { "false", NULL };
  g_autoptr (WebWorker) worker = web_worker_new_process (argv, "lost", NULL, NULL, NULL);

  wait_for_close (worker);
}

static void
leak_port (void)
{
  make_channel ();
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  g_object_ref (port1);
}

static void
fork_process (void)
{
  pid_t child;

  leak_port ();
  child = fork ();
  if (child == 0)
    exit (0);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
}

static void
forget_to_take_over (void)
{
  make_channel ();
  g_object_unref (web_message_port_hand_over (port2, NULL));
}

static void
set_two_handlers (void)
{
  make_channel ();
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  web_message_port_set_on_message (port2, handle_slowly, NULL, NULL);
}

static void
post_to_nobody (void)
{
  make_channel ();
  web_message_port_close (port2);
  post_number (port1);
  post_number (port2);
  run_loop (10);
}

static void
lose_context (void)
{
  GMainContext *context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  make_channel ();
  g_main_context_pop_thread_default (context);
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  post_number (port1);
  g_main_context_unref (context);
}

static void
receive_too_much (void)
{
  make_socket_channel ();
  g_object_set (port2, "message-limit", (guint64)10, NULL);
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  post (port1, g_variant_new_string ("longer than that"), NULL);
  run_loop (100);
}

static void
lose_process (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) child = NULL;

  port1 = web_message_port_new_for_launcher (launcher, NULL);
  web_message_port_set_on_message (port1, ignore, NULL, NULL);
  child = g_subprocess_launcher_spawn (launcher, NULL, "true", NULL);
  g_clear_object (&launcher);
  while (!web_message_port_get_closed (port1))
    g_main_context_iteration (NULL, TRUE);
}

static void
miss_origin (void)
{
  g_autoptr (WebWindow) window = web_window_new ("https://a.example", NULL);

  web_window_post_message (window, NULL, NULL, "https://b.example", NULL, 0, NULL);
  run_loop (10);
}

static void
broadcast_to_nobody (void)
{
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("news");

  web_broadcast_channel_post_message (channel, NULL, NULL);
}

/* The life of a channel in which nothing goes wrong. */
static void
work (void)
{
  make_channel ();
  web_message_port_set_on_message (port2, ignore, NULL, NULL);
  post_number (port1);
  run_loop (10);
  web_message_port_close (port1);
  run_loop (10);
}

typedef struct
{
  const char *name;
  void (*run) (void);
  const char *expected; /* a regular expression; what it matches may be spread over lines */
} Mistake;

static const Mistake mistakes[] = {
  { "forgot start()", forget_start,
    "2 messages wait at " PORT
    ", which was never started: call start\\(\\) or set_on_message\\(\\)" },
  { "no main loop", forget_main_loop,
    "1 message waits in the default main context, which no thread has run yet: call "
    "g_main_loop_run\\(\\)" },
  { "forgot start(), another process", forget_start_in_child,
    "What another process has sent waits at " PORT
    ", which was never started: call start\\(\\) or set_on_message\\(\\)" },
  { "only sends to another process", send_to_child, "\\A(?!(.|\n)*wait)" },
  { "no main loop, another process", forget_main_loop_in_child,
    "What another process has sent waits in the default main context, which no thread has run "
    "yet" },
  { "a callback blocks the main loop", block_main_loop,
    "1 message waits in the default main context, which no thread has run for more than a second: "
    "its main loop has ended, or a callback blocks it" },
  { "a handler blocks the main loop", block_in_handler,
    "A handler of " PORT " has run for more than a second, and nothing else is delivered in the "
    "default main context meanwhile: let handlers return soon" },
  { "a handler runs a main loop", run_main_loop_in_handler, "\\A(?!(.|\n)*A handler of)" },
  { "a forked process exits", fork_process,
    "\\A(?!(.|\n)*at the end(.|\n)*at the end)(.|\n)*at the end of the program" },
  { "wrong thread", use_wrong_thread,
    "CRITICAL.*: web_message_port_start was called on a thread other than the one that runs the "
    "main context of the object: post to a port that belongs to this thread" },
  { "posted on the wrong thread", post_on_wrong_thread,
    "CRITICAL.*: web_message_port_post_message was called on a thread other than" },
  { "the function of a worker does not return", block_worker,
    "1 message waits at WebDedicatedWorkerGlobalScope 0x[0-9a-f]+, which does not run yet: the "
    "function of a thread has to return first" },
  { "shared a port with a thread", share_port,
    "WARNING.*: web_message_port_set_on_message is called on another thread than .*: messages "
    "arrive in the "
    "thread that runs the default main context.*web_message_port_hand_over\\(\\)" },
  { "shared a port with a thread that has a context", share_port_with_own_context,
    "CRITICAL.*: web_message_port_set_on_message is called on another thread than .*: messages "
    "arrive in the thread that runs the default main context.*web_message_port_hand_over\\(\\)" },
  { "made a port in the context of a thread", make_port_for_thread,
    "\\A(?!(.|\n)*(WARNING|CRITICAL))" },
  { "no handler", forget_handler,
    "A message at " PORT " is lost: nobody has connected to its message signal" },
  { "dropped a worker", drop_worker,
    "WebWorker 0x[0-9a-f]+ is freed, because nobody refers to it, and the worker ends" },
  { "transferred twice", transfer_twice,
    "^WebMessagePort object could not be transferred: it is detached, because it was transferred" },
  { "used after a transfer", use_after_transfer,
    "at (" PORT
    ") is lost: the port was transferred(.|\n)*\\1 is started, but it was transferred" },
  { "a handle outside the transfer list", post_wrong_handle,
    "^GVariant could not be cloned: handle 0 is out of range, the transfer list has 0 objects" },
  { "dropped a port that was not started", drop_port_not_started,
    PORT " is freed with 1 message that nobody has received: a port that was not started lives as "
         "long as the program keeps a reference" },
  { "took over without a context", forget_context,
    "WARNING.*: web_message_port_take_over\\(\\) was called on a thread that has no main context "
    "of "
    "its own: messages arrive in the thread that runs the default one" },
  { "took over in the thread that runs the default context", run_elsewhere_than_in_main_thread,
    "\\A(?!(.|\n)*(WARNING|CRITICAL))" },
  { "made a channel without a context", make_channel_elsewhere,
    PORT " was made on a thread that has no main context of its own.*"
         "g_main_context_push_thread_default\\(\\)" },
  { "did not listen to errors", forget_error,
    "WARNING.*: Error in worker failing: it has failed.*error signal(?!(.|\n)*printed)" },
  { "did not listen to errors of a worker's worker", forget_error_of_workers_worker,
    "\\A(?!(.|\n)*WARNING.*worker failing)(.|\n)*WARNING.*: Error in worker outer: it has failed" },
  { "listened to errors", handle_error, "\\A(?!(.|\n)*WARNING)" },
  { "a worker has died", lose_worker, "WARNING.*: Error in worker lost: " },
  { "leaked port", leak_port,
    PORT " was started and is still open at the end of the program.*: close a port" },
  { "not taken over", forget_to_take_over,
    "was never received, which ends its channel.*web_message_port_take_over\\(\\)" },
  { "two handlers", set_two_handlers,
    "set for " PORT " is replaced by another one.*connect to the message signal" },
  { "posted to a closed port", post_to_nobody,
    "posted at " PORT " is lost: the other side is gone(.|\n)*posted at " PORT
    " is lost: it is closed(.|\n)*" PORT " is told that the other side is gone" },
  { "context gone", lose_context,
    "The main context of " PORT " is gone, which ends the channel; 1 message is lost" },
  { "message that cannot be read", receive_too_much,
    "is longer than its receiver takes(.|\n)*" PORT " gets messageerror, because " },
  { "process gone", lose_process, "The connection of " PORT " to another process has ended" },
  { "wrong origin", miss_origin,
    "for the origin https://b.example is lost: WebWindow 0x[0-9a-f]+ has the origin "
    "https://a.example" },
  { "nobody listens to a broadcast", broadcast_to_nobody, "broadcast on .*news.* is lost" },
  { "the life of a channel", work,
    "(" PORT ") belongs to the default main context\n.*(" PORT ") belongs to the default main "
    "context\n.*\\1 and \\2 are the two ports of a channel\n.*\\2 is started\n.*\\1 is closed by "
    "the "
    "program\n.*\\2 is told that the other side is gone\n" },
};

typedef struct
{
  const Mistake *mistake;
  gboolean       debug;
  GSubprocess   *process;
} Run;

static char *own_path;

static Run *
run_new (const Mistake *mistake, gboolean debug)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  Run *self = g_new0 (Run, 1);

  self->mistake = mistake;
  self->debug = debug;
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  /* Some of them leak. */
  g_subprocess_launcher_setenv (launcher, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
  if (debug)
    g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "WebMessaging", TRUE);
  else
    g_subprocess_launcher_unsetenv (launcher, "G_MESSAGES_DEBUG");
  self->process =
    g_subprocess_launcher_spawn (launcher, &error, own_path, "--make", mistake->name, NULL);
  g_assert_no_error (error);

  return self;
}

static void
test_run (gconstpointer data)
{
  const Run *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;

  g_subprocess_communicate_utf8 (self->process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (self->process))
    g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (self->process));
  if (!self->debug)
    {
      g_assert_cmpstr (output, ==, "");
      return;
    }

  if (!g_regex_match_simple (self->mistake->expected, output, G_REGEX_MULTILINE, 0))
    {
      g_test_message ("expected %s", self->mistake->expected);
      g_test_message ("got %s", output);
      g_test_fail ();
    }
}

static void
run_free (Run *self)
{
  g_object_unref (self->process);
  g_free (self);
}

static int
make_mistake (const char *name)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (mistakes); i++)
    if (g_str_equal (mistakes[i].name, name))
      {
        mistakes[i].run ();
        g_clear_object (&port1);
        g_clear_object (&port2);
        return 0;
      }

  return 1;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify)run_free);
  guint i;

  if (argc == 3 && g_str_equal (argv[1], "--make"))
    return make_mistake (argv[2]);

  g_test_init (&argc, &argv, NULL);
  own_path = argv[0];

  for (i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/debug/%s", mistakes[i].name);

      g_ptr_array_add (runs, run_new (&mistakes[i], TRUE));
      g_test_add_data_func (path, runs->pdata[runs->len - 1], test_run);
    }
  /* Nothing is said if nobody asks. */
  g_ptr_array_add (runs, run_new (&mistakes[i - 1], FALSE));
  g_test_add_data_func ("/debug/silent", runs->pdata[runs->len - 1], test_run);
  g_ptr_array_add (runs, run_new (&mistakes[0], FALSE));
  g_test_add_data_func ("/debug/silent-mistake", runs->pdata[runs->len - 1], test_run);

  return g_test_run ();
}
