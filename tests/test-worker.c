/* test-worker.c: workers that are threads, and workers that are processes
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "web-test-ports.h"

#include <webmessaging/bindings/web-private.h>

/* What a worker has said: messages, "error: …", "close". */
typedef struct
{
  WebWorker *worker;
  GPtrArray *items; /* of char */
  gint64     pid;   /* the last number */
  gboolean   closed;
} Log;

static void
on_message (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  Log      *log = user_data;
  GVariant *data = web_message_event_get_data (event);

  if (g_variant_is_of_type (data, G_VARIANT_TYPE_INT64))
    log->pid = g_variant_get_int64 (data);
  g_ptr_array_add (log->items, g_variant_print (data, FALSE));
}

static void
on_error (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  Log        *log = user_data;
  const char *message =
    WEB_IS_ERROR_EVENT (event) ? web_error_event_get_message (WEB_ERROR_EVENT (event)) : "plain";

  g_ptr_array_add (log->items, g_strdup_printf ("error: %s", message));
}

static void
on_close (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  Log *log = user_data;

  log->closed = TRUE;
  g_ptr_array_add (log->items, g_strdup ("close"));
}

static Log *
log_new (WebWorker *worker)
{
  Log *log = g_new0 (Log, 1);

  log->worker = worker;
  log->items = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (worker, "message", G_CALLBACK (on_message), log);
  g_signal_connect (worker, "error", G_CALLBACK (on_error), log);
  g_signal_connect (worker, "close", G_CALLBACK (on_close), log);
  web_worker_start (worker);

  return log;
}

/* The caller's reference to the worker goes with it. */
static void
log_free (Log *log)
{
  g_signal_handlers_disconnect_by_data (log->worker, log);
  web_worker_terminate (log->worker);
  g_object_unref (log->worker);
  g_ptr_array_unref (log->items);
  g_free (log);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Log, log_free)

#define assert_items(log, ...)                                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const char *const expected[] = { __VA_ARGS__ };                                                \
    guint             item;                                                                        \
                                                                                                   \
    web_test_wait_until ((log)->items->len >= G_N_ELEMENTS (expected));                            \
    for (item = 0; item < G_N_ELEMENTS (expected); item++)                                         \
      g_assert_cmpstr ((log)->items->pdata[item], ==, expected[item]);                             \
    g_assert_cmpuint ((log)->items->len, ==, G_N_ELEMENTS (expected));                             \
  }                                                                                                \
  G_STMT_END

static void
post (Log *log, const char *text)
{
  g_autoptr (GError) error = NULL;

  web_worker_post_message (log->worker, g_variant_new_string (text), NULL, 0, &error);
  g_assert_no_error (error);
}

static Log *
start_process (void)
{
  const char *argv[] = { WORKER_PROGRAM, NULL };
  g_autoptr (GError) error = NULL;
  WebWorker *worker = web_worker_new_process (argv, NULL, NULL, NULL, &error);

  g_assert_no_error (error);

  return log_new (worker);
}

static gint64
get_pid (Log *log, const char *command)
{
  log->pid = 0;
  post (log, command);
  web_test_wait_until (log->pid != 0);
  g_ptr_array_set_size (log->items, 0);

  return log->pid;
}

/* Gone, and nobody has to wait for it any more. */
static gboolean
is_gone (gint64 pid)
{
  return kill ((pid_t)pid, 0) < 0 && errno == ESRCH;
}

/* Threads */

static void
echo (WebDedicatedWorkerGlobalScope *scope, WebMessageEvent *event, gpointer user_data)
{
  GVariant *data = web_message_event_get_data (event);

  if (strcmp (g_variant_get_string (data, NULL), "close") == 0)
    {
      web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
      data = g_variant_new_string ("closing");
    }
  web_dedicated_worker_global_scope_post_message (scope, data, NULL, 0, NULL);
}

static void
run_echo (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  g_signal_connect (scope, "message", G_CALLBACK (echo), NULL);
}

static void
count (gpointer counter)
{
  g_atomic_int_inc ((int *)counter);
}

static void
test_thread (void)
{
  int destroyed = 0;
  g_autoptr (Log) log = log_new (web_worker_new_thread ("name", run_echo, &destroyed, count));

  g_assert_cmpstr (web_worker_get_name (log->worker), ==, "name");
  g_assert_null (web_worker_get_subprocess (log->worker));
  post (log, "one");
  post (log, "close");
  post (log, "lost");
  assert_items (log, "'one'", "'closing'", "close");
  web_test_wait_until (g_atomic_int_get (&destroyed) == 1);
}

static void
run_and_report (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "it has failed");

  web_dedicated_worker_global_scope_post_message (scope, g_variant_new_string ("before"), NULL, 0,
                                                  NULL);
  web_worker_global_scope_report_error (WEB_WORKER_GLOBAL_SCOPE (scope), error);
  web_worker_global_scope_report_exception (WEB_WORKER_GLOBAL_SCOPE (scope), "bad \xff", "file", 3,
                                            4, "stack", NULL);
  web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
}

static void
on_full_error (WebWorker *worker, WebEvent *event, gpointer user_data)
{
  WebErrorEvent *error = WEB_ERROR_EVENT (event);

  if (web_error_event_get_lineno (error) == 0)
    return;

  g_assert_cmpstr (web_error_event_get_filename (error), ==, "file");
  g_assert_cmpuint (web_error_event_get_lineno (error), ==, 3);
  g_assert_cmpuint (web_error_event_get_colno (error), ==, 4);
  g_assert_cmpstr (web_error_event_get_stack (error), ==, "stack");
  g_assert_true (web_event_get_is_trusted (event));
  g_assert_true (web_event_get_cancelable (event));
}

static void
test_thread_errors (void)
{
  g_autoptr (Log) log = log_new (web_worker_new_thread (NULL, run_and_report, NULL, NULL));

  g_signal_connect (log->worker, "error", G_CALLBACK (on_full_error), NULL);
  assert_items (log, "'before'", "error: it has failed", "error: bad \357\277\275", "close");
}

/* A function that goes on until it is cancelled. */
static void
run_until_cancelled (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  GCancellable *cancellable =
    web_worker_global_scope_get_cancellable (WEB_WORKER_GLOBAL_SCOPE (scope));
  GPollFD poll_fd;

  web_dedicated_worker_global_scope_post_message (scope, g_variant_new_string ("runs"), NULL, 0,
                                                  NULL);
  g_assert_true (g_cancellable_make_pollfd (cancellable, &poll_fd));
  g_poll (&poll_fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  web_dedicated_worker_global_scope_post_message (scope, g_variant_new_string ("late"), NULL, 0,
                                                  NULL);
}

/* A worker that has started another one, and does not end before that one. */
typedef struct
{
  GMutex   lock;
  GCond    changed;
  gboolean has_started;
  gboolean has_ended;
} Inner;

static void
set_flag (Inner *self, gboolean *flag)
{
  g_mutex_lock (&self->lock);
  *flag = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
wait_for_flag (Inner *self, const gboolean *flag)
{
  g_mutex_lock (&self->lock);
  while (!*flag)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

static void
run_inner (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  Inner *self = user_data;

  set_flag (self, &self->has_started);
}

static void
on_inner_ended (gpointer user_data)
{
  Inner *self = user_data;

  set_flag (self, &self->has_ended);
}

static void
run_stubborn (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  Inner *self = user_data;
  g_autoptr (WebWorker) worker = web_worker_new_thread ("inner", run_inner, self, on_inner_ended);

  web_worker_start (worker);
  wait_for_flag (self, &self->has_ended);
}

static void
test_thread_terminate_inner (void)
{
  Inner inner = { .has_started = FALSE };
  g_autoptr (WebWorker) worker = NULL;

  g_mutex_init (&inner.lock);
  g_cond_init (&inner.changed);
  worker = web_worker_new_thread ("stubborn", run_stubborn, &inner, NULL);
  wait_for_flag (&inner, &inner.has_started);
  web_worker_terminate (worker);
  web_worker_join (worker);
  g_assert_true (inner.has_ended);
  g_cond_clear (&inner.changed);
  g_mutex_clear (&inner.lock);
}

static void
test_thread_terminate (void)
{
  int destroyed = 0;
  g_autoptr (Log) log =
    log_new (web_worker_new_thread (NULL, run_until_cancelled, &destroyed, count));

  assert_items (log, "'runs'");
  web_worker_terminate (log->worker);
  web_worker_terminate (log->worker);
  web_test_wait_until (g_atomic_int_get (&destroyed) == 1);
  web_test_settle ();
  assert_items (log, "'runs'");
}

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* The main context goes with the worker, however that ends. */
static void
test_thread_descriptors (void)
{
  const guint n_fds = count_fds ();
  guint       i;

  for (i = 0; i < 20; i++)
    {
      g_autoptr (Log) log = log_new (web_worker_new_thread (NULL, run_echo, NULL, NULL));

      post (log, i % 2 == 0 ? "close" : "echo");
      web_test_wait_until (log->items->len > 0);
    }
  web_test_wait_until (count_fds () <= n_fds);
}

/* A worker that is not started ends with its last reference, one that is started does not. */
static void
test_thread_unref (void)
{
  int        destroyed = 0;
  WebWorker *worker = web_worker_new_thread (NULL, run_echo, &destroyed, count);

  g_object_unref (worker);
  web_test_wait_until (g_atomic_int_get (&destroyed) == 1);

  worker = web_worker_new_thread (NULL, run_echo, &destroyed, count);
  g_object_add_weak_pointer (G_OBJECT (worker), (gpointer *)&worker);
  web_worker_start (worker);
  web_worker_post_message (worker, g_variant_new_string ("close"), NULL, 0, NULL);
  g_object_unref (worker);
  g_assert_nonnull (worker);
  web_test_wait_until (worker == NULL);
  web_test_wait_until (g_atomic_int_get (&destroyed) == 2);
}

/* The context of the owner goes away. */
static gpointer
own_for_a_moment (gpointer destroyed)
{
  GMainContext *context = g_main_context_new ();
  WebWorker    *worker;

  g_main_context_push_thread_default (context);
  worker = web_worker_new_thread (NULL, run_echo, destroyed, count);
  web_worker_start (worker);
  g_object_unref (worker);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);

  return NULL;
}

static void
test_thread_owner (void)
{
  int destroyed = 0;

  g_thread_join (g_thread_new ("owner", own_for_a_moment, &destroyed));
  web_test_wait_until (g_atomic_int_get (&destroyed) == 1);
}

/* Processes */

static void
test_process (void)
{
  const char *argv[] = { WORKER_PROGRAM, NULL };
  g_autoptr (GError) error = NULL;
  WebWorker *worker = web_worker_new_process (argv, "name", g_variant_new_int32 (42), NULL, &error);
  g_autoptr (Log) log = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (web_worker_get_name (worker), ==, "name");
  g_assert_nonnull (web_worker_get_subprocess (worker));
  log = log_new (worker);
  post (log, "echo");
  assert_items (log, "('name', <42>)", "'echo'");
}

/* The worker gets one of its descriptors at the highest number that there is room for. */
static void
test_process_few_descriptors (void)
{
  struct rlimit limit, few;
  g_autoptr (Log) log = NULL;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  few = limit;
  few.rlim_cur = 64;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &few));
  log = start_process ();
  post (log, "echo");
  assert_items (log, "'echo'");
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
}

static void
test_process_spawn_error (void)
{
  const char *argv[] = { "/nonexistent/worker", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (web_worker_new_process (argv, NULL, NULL, NULL, &error));
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
}

/* What is nested so deeply cannot be read there. */
static void
test_process_deep_data (void)
{
  const char *argv[] = { WORKER_PROGRAM, NULL };
  g_autoptr (GError) error = NULL;
  GVariant *data = g_variant_new_int32 (1);
  guint     i;

  for (i = 0; i < 127; i++)
    data = g_variant_new_variant (data);
  g_assert_null (web_worker_new_process (argv, NULL, data, NULL, &error));
  g_assert_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE);
}

/* What the library gives to a process does not get in the way of other descriptors. */

static void
run_with_descriptors (GSubprocessLauncher *launcher)
{
  const char *argv[] = { WORKER_PROGRAM, NULL };
  g_autoptr (GError) error = NULL;
  WebWorker *worker = web_worker_new_process (argv, NULL, NULL, launcher, &error);
  g_autoptr (Log) log = NULL;

  g_assert_no_error (error);
  log = log_new (worker);
  post (log, "print");
  post (log, "echo");
  assert_items (log, "'echo'");
}

static void
test_process_launcher (void)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  const int first = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  int       i;

  for (i = 0; i < 100; i++)
    g_subprocess_launcher_take_fd (launcher, fcntl (first, F_DUPFD_CLOEXEC, 0), first + 50 + i);
  close (first);
  run_with_descriptors (launcher);
}

static void
test_process_no_streams (void)
{
  int fd;

  if (g_test_subprocess ())
    {
      for (fd = 0; fd < 3; fd++)
        close (fd);
      run_with_descriptors (NULL);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

/* A process that was forked and leaves does not end the workers. */
static void
test_process_fork (void)
{
  const char *argv[] = { WORKER_PROGRAM, NULL };
  g_autoptr (Log) log = start_process ();
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("news");
  g_autoptr (WebWorker) idle = web_worker_new_process (argv, NULL, NULL, NULL, NULL);
  const gint64 pid = get_pid (log, "pid");
  pid_t        forked;
  int          status;

  forked = fork ();
  if (forked == 0)
    {
      alarm (10);
      web_broadcast_channel_post_message (channel, g_variant_new_string ("lost"), NULL);
      web_message_port_flush_all (NULL, NULL);
      web_worker_terminate (log->worker);
      g_object_run_dispose (G_OBJECT (log->worker));
      g_clear_object (&idle);
      _exit (web_worker_new_process (argv, NULL, NULL, NULL, NULL) == NULL ? 7 : 8);
    }
  g_assert_cmpint (waitpid (forked, &status, 0), ==, forked);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 7);

  post (log, "echo");
  assert_items (log, "'echo'");
  g_assert_false (is_gone (pid));
  web_worker_post_message (idle, g_variant_new_string ("pid"), NULL, 0, NULL);
  web_worker_terminate (idle);
}

static void
test_no_worker (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (web_worker_global_scope_from_environment (&error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_process_close (void)
{
  g_autoptr (Log) log = start_process ();
  const gint64 pid = get_pid (log, "pid");

  post (log, "close");
  post (log, "lost");
  assert_items (log, "'before'", "'after'", "close");
  web_test_wait_until (is_gone (pid));
}

static void
test_process_errors (void)
{
  g_autoptr (Log) log = start_process ();

  post (log, "one");
  post (log, "report");
  post (log, "report failure");
  post (log, "two");
  assert_items (log, "'one'", "error: it has failed", "error: plain", "'two'");
}

static void
on_port_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  g_ptr_array_add (((Log *)user_data)->items, g_strdup ("close of port"));
}

/* error at the worker object, and then close at the ports of the worker */
static void
test_process_end (gconstpointer test_data)
{
  const char *command = test_data;
  g_autoptr (Log) log = start_process ();
  const gint64 pid = get_pid (log, "pid");
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebMessagePort *port = web_message_channel_get_port1 (channel);
  WebMessagePort *sent = web_message_channel_get_port2 (channel);
  WebTestLog     *port_log = web_test_log_new (port);

  web_worker_post_message (log->worker, g_variant_new_string ("keep port"),
                           (WebTransferable *const *)&sent, 1, NULL);
  web_message_port_start (port);
  g_signal_connect (port, "close", G_CALLBACK (on_port_close), log);
  web_test_wait_until (port_log->n_events == 1);
  post (log, command);

  web_test_wait_until (log->items->len >= 3);
  if (strcmp (command, "exit") == 0)
    {
      web_test_wait_until (log->items->len >= 4);
      g_assert_cmpstr (log->items->pdata[0], ==, "'exits'");
      g_ptr_array_remove_index (log->items, 0);
    }
  g_assert_cmpstr (log->items->pdata[0], ==,
                   strcmp (command, "exit") == 0
                     ? "error: The worker has exited with status 3"
                     : "error: The worker was killed by signal 9 (Killed)");
  g_assert_true (log->closed);
  web_test_wait_until (is_gone (pid));
  g_signal_handlers_disconnect_by_data (port, log);
  web_test_log_free (port_log);
}

static void
test_process_terminate (gconstpointer test_data)
{
  const char *command = test_data;
  g_autoptr (Log) log = start_process ();
  const gint64 pid = get_pid (log, "pid");

  post (log, command);
  if (strcmp (command, "hang") == 0)
    assert_items (log, "'hangs'");
  web_worker_terminate (log->worker);
  post (log, "lost");
  web_test_wait_until (is_gone (pid));
  web_test_settle ();
  g_assert_cmpuint (log->items->len, <=, 1);
}

/* A worker that has closed waits for its owner to read, and the owner exits and waits for it. */
static void
test_process_pouring (void)
{
  g_autoptr (Log) log = start_process ();
  const gint64 pid = get_pid (log, "pid");
  gint64       nested_pid, begin;

  post (log, "nest");
  nested_pid = get_pid (log, "nested pid");
  begin = g_get_monotonic_time ();
  post (log, "nested pour");
  post (log, "nap");
  post (log, "close");
  web_test_wait_until (is_gone (nested_pid));
  web_test_wait_until (is_gone (pid));
  /* After that it would be killed. */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_TIME_SPAN_SECOND);
}

/* Children first. */
static void
test_process_nested (gconstpointer test_data)
{
  const char *command = test_data;
  g_autoptr (Log) log = start_process ();
  const gint64 pid = get_pid (log, "pid");
  gint64       nested_pid;

  post (log, "nest");
  nested_pid = get_pid (log, "nested pid");
  g_assert_cmpint (pid, !=, nested_pid);
  post (log, "nested echo");
  assert_items (log, "'echo'");
  if (strcmp (command, "terminate") == 0)
    web_worker_terminate (log->worker);
  else
    post (log, command);
  web_test_wait_until (is_gone (pid));
  web_test_wait_until (is_gone (nested_pid));
}

static gboolean
is_stopped (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", pid);
  g_autofree char *stat = NULL;

  return g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") T ") != NULL;
}

static void
stop (gint64 pid)
{
  g_assert_no_errno (kill ((pid_t)pid, SIGSTOP));
  web_test_wait_until (is_stopped (pid));
}

/* One that is stopped goes on, to end those that it has started. */
static void
test_process_nested_stopped (void)
{
  g_autoptr (Log) log = start_process ();
  const gint64 pid = get_pid (log, "pid");
  gint64       nested_pid;

  post (log, "nest");
  nested_pid = get_pid (log, "nested pid");
  stop (nested_pid);
  stop (pid);
  web_worker_terminate (log->worker);
  web_test_wait_until (is_gone (pid));
  web_test_wait_until (is_gone (nested_pid));
}

/* What nobody has cancelled at the worker object goes on to the scope there, and to its owner. */
static void
test_process_nested_error (void)
{
  g_autoptr (Log) log = start_process ();

  post (log, "nest");
  post (log, "nested report");
  assert_items (log, "error: it has failed");
}

static void
test_process_unref (void)
{
  const char *argv[] = { WORKER_PROGRAM, NULL };
  g_autoptr (GError) error = NULL;
  WebWorker *worker = web_worker_new_process (argv, NULL, NULL, NULL, &error);
  gint64     pid;

  g_assert_no_error (error);
  pid =
    g_ascii_strtoll (g_subprocess_get_identifier (web_worker_get_subprocess (worker)), NULL, 10);
  g_object_unref (worker);
  web_test_wait_until (is_gone (pid));
}

static void
on_received (GObject *worker, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(WebMessageEvent **)user_data = web_worker_receive_finish (WEB_WORKER (worker), result, &error);
  g_assert_no_error (error);
}

static void
test_receive (void)
{
  g_autoptr (WebWorker) worker = web_worker_new_thread (NULL, run_echo, NULL, NULL);
  g_autoptr (WebMessageEvent) event = NULL;

  web_worker_post_message (worker, g_variant_new_string ("one"), NULL, 0, NULL);
  web_worker_receive_async (worker, NULL, on_received, &event);
  web_test_wait_until (event != NULL);
  g_assert_cmpstr (g_variant_get_string (web_message_event_get_data (event), NULL), ==, "one");
  web_worker_terminate (worker);
}

static void
on_scope_message (WebDedicatedWorkerGlobalScope *scope, WebMessageEvent *event, gpointer user_data)
{
  g_autoptr (WebSerializedData) data =
    web_serialized_data_new (web_message_event_get_data (event), NULL, 0, NULL, 0, NULL);

  g_atomic_int_inc ((int *)user_data);
  web_dedicated_worker_global_scope_post_serialized (scope, data, NULL);
}

static void
run_with_handler (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  web_dedicated_worker_global_scope_set_on_message (scope, on_scope_message, user_data, count);
}

static void
on_worker_message (WebWorker *worker, WebMessageEvent *event, gpointer user_data)
{
  *(int *)user_data = g_variant_get_int32 (web_message_event_get_data (event));
}

/* The C form of onmessage, and serialized messages, on both sides. */
static void
test_handlers (void)
{
  int answer = 0, n_received = 0;
  g_autoptr (WebWorker) worker = web_worker_new_thread (NULL, run_with_handler, &n_received, NULL);
  g_autoptr (WebSerializedData) data =
    web_serialized_data_new (g_variant_new_int32 (42), NULL, 0, NULL, 0, NULL);

  web_worker_set_on_message (worker, on_worker_message, &answer, NULL);
  g_assert_true (web_worker_post_serialized (worker, data, NULL));
  web_test_wait_until (answer == 42);
  g_assert_cmpint (g_atomic_int_get (&n_received), ==, 1);
  web_worker_terminate (worker);
  web_test_wait_until (g_atomic_int_get (&n_received) == 2);
}

/* Shared workers */

typedef struct
{
  WebSharedWorker *worker;
  WebMessagePort  *port;
  guint            number;
  gint64           pid;
  gboolean         closed;
  guint            n_errors;
} User;

static void
on_user_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  User     *user = user_data;
  GVariant *data = web_message_event_get_data (event);

  if (g_variant_is_of_type (data, G_VARIANT_TYPE_UINT32))
    user->number = g_variant_get_uint32 (data);
  else
    user->pid = g_variant_get_int64 (data);
}

static void
on_user_close (WebMessagePort *port, WebEvent *event, gpointer user_data)
{
  ((User *)user_data)->closed = TRUE;
}

static void
on_user_error (WebSharedWorker *worker, WebEvent *event, gpointer user_data)
{
  ((User *)user_data)->n_errors++;
}

/* Takes the worker over. */
static User *
user_new_for_worker (WebSharedWorker *worker)
{
  User *user = g_new0 (User, 1);

  user->worker = worker;
  user->port = web_shared_worker_get_port (user->worker);
  g_signal_connect (user->worker, "error", G_CALLBACK (on_user_error), user);
  g_signal_connect (user->port, "close", G_CALLBACK (on_user_close), user);
  web_message_port_set_on_message (user->port, on_user_message, user, NULL);

  return user;
}

static User *
user_new (const char *name, const char *program)
{
  const char *argv[] = { program, NULL };

  return user_new_for_worker (web_shared_worker_new ("url", name, argv, NULL));
}

static void
user_free (User *user)
{
  web_message_port_set_on_message (user->port, NULL, NULL, NULL);
  g_signal_handlers_disconnect_by_data (user->port, user);
  g_signal_handlers_disconnect_by_data (user->worker, user);
  web_message_port_close (user->port);
  g_object_unref (user->worker);
  g_free (user);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (User, user_free)

static void
test_shared (void)
{
  g_autoptr (User) first = user_new ("a", WORKER_PROGRAM);
  g_autoptr (User) second = user_new ("a", WORKER_PROGRAM);
  g_autoptr (User) other = user_new ("b", WORKER_PROGRAM);

  web_test_wait_until (first->number == 1 && second->number == 2 && other->number == 1);
  web_message_port_post_message (first->port, g_variant_new_string ("pid"), NULL, 0, NULL);
  web_test_wait_until (first->pid != 0);
  web_message_port_post_message (second->port, g_variant_new_string ("close"), NULL, 0, NULL);
  web_test_wait_until (first->closed && second->closed);
  web_test_wait_until (is_gone (first->pid));
  g_assert_cmpuint (first->n_errors, ==, 0);
  g_assert_false (other->closed);
}

static void
test_shared_again (void)
{
  g_autoptr (User) first = user_new ("again", WORKER_PROGRAM);
  g_autoptr (User) second = NULL;

  web_test_wait_until (first->number == 1);
  web_message_port_post_message (first->port, g_variant_new_string ("crash"), NULL, 0, NULL);
  web_test_wait_until (first->closed && first->n_errors == 1);
  second = user_new ("again", WORKER_PROGRAM);
  web_test_wait_until (second->number == 1);
}

static void
test_shared_error (void)
{
  g_autoptr (User) user = user_new ("missing", "/nonexistent/worker");

  web_test_wait_until (user->n_errors == 1);
}

/* The name of a file need not be text. */
static void
test_shared_bytes (void)
{
  const char *argv[] = { "/nonexistent/worker", "\xff", NULL };
  g_autoptr (WebSharedWorker) worker = web_shared_worker_new ("url", "bytes", argv, NULL);
  User user = { NULL };

  g_signal_connect (worker, "error", G_CALLBACK (on_user_error), &user);
  web_test_wait_until (user.n_errors == 1);
  g_signal_handlers_disconnect_by_data (worker, &user);
}

static gpointer
use_for_a_moment (gpointer pid)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  G_GNUC_UNUSED g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);
  g_autoptr (User) user = user_new ("moment", WORKER_PROGRAM);

  web_message_port_post_message (user->port, g_variant_new_string ("pid"), NULL, 0, NULL);
  while (user->pid == 0)
    g_main_context_iteration (context, TRUE);
  *(gint64 *)pid = user->pid;

  return NULL;
}

/* It ends with its last user. */
static void
test_shared_last_user (void)
{
  gint64 pid;

  g_thread_join (g_thread_new ("user", use_for_a_moment, &pid));
  web_test_wait_until (is_gone (pid));
}

/* A shared worker that is a thread */

static gint n_started, n_freed;

static void
on_thread_connect (WebSharedWorkerGlobalScope *scope, WebMessageEvent *event, gpointer user_data)
{
  gsize            n_ports;
  WebMessagePort **ports = web_message_event_get_ports (event, &n_ports);

  web_message_port_post_message (ports[0], g_variant_new_uint32 (++*(guint *)user_data), NULL, 0,
                                 NULL);
}

static void
run_shared_thread (WebWorkerGlobalScope *scope, gpointer user_data)
{
  g_assert_cmpstr (web_worker_global_scope_get_name (scope), ==, "thread");
  g_atomic_int_inc (&n_started);
  g_signal_connect (scope, "connect", G_CALLBACK (on_thread_connect), user_data);
}

static void
count_free (gpointer user_data)
{
  g_free (user_data);
  g_atomic_int_inc (&n_freed);
}

static User *
user_of_thread_new (const char *options)
{
  return user_new_for_worker (web_private_shared_worker_new ("url", "thread", options,
                                                             run_shared_thread, g_new0 (guint, 1),
                                                             count_free));
}

static gpointer
use_thread (gpointer number)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  G_GNUC_UNUSED g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);
  g_autoptr (User) user = user_of_thread_new ("a");

  while (user->number == 0)
    g_main_context_iteration (context, TRUE);
  *(guint *)number = user->number;

  return NULL;
}

static void
test_shared_thread (void)
{
  g_autoptr (User) first = user_of_thread_new ("a");
  g_autoptr (User) other = NULL;
  GThread *threads[4];
  guint    numbers[G_N_ELEMENTS (threads)];
  guint    sum = 0;
  guint    i;

  web_test_wait_until (first->number == 1);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("user", use_thread, &numbers[i]);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_thread_join (threads[i]);
      sum += numbers[i];
    }
  g_assert_cmpuint (sum, ==, 2 + 3 + 4 + 5);

  /* It was started in another way. */
  other = user_of_thread_new ("b");
  web_test_wait_until (other->n_errors == 1 && other->closed);
  g_assert_cmpint (g_atomic_int_get (&n_started), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&n_freed), ==, G_N_ELEMENTS (threads) + 1);

  /* Its last user leaves. */
  web_private_leave_shared_worker (first->worker);
  web_test_wait_until (first->closed);
  web_test_wait_until (g_atomic_int_get (&n_freed) == G_N_ELEMENTS (threads) + 2);
}

/* Broadcast channels */

static void
on_broadcast (WebBroadcastChannel *channel, WebMessageEvent *event, gpointer user_data)
{
  g_ptr_array_add (user_data, g_variant_dup_string (web_message_event_get_data (event), NULL));
}

#define assert_news(news, ...)                                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const char *const expected[] = { __VA_ARGS__ };                                                \
    guint             item;                                                                        \
                                                                                                   \
    web_test_wait_until ((news)->len >= G_N_ELEMENTS (expected));                                  \
    for (item = 0; item < G_N_ELEMENTS (expected); item++)                                         \
      g_assert_cmpstr ((news)->pdata[item], ==, expected[item]);                                   \
    g_assert_cmpuint ((news)->len, ==, G_N_ELEMENTS (expected));                                   \
  }                                                                                                \
  G_STMT_END

/* Down, up, to a sibling, to one below it, and never to the sender. */
static void
test_broadcast (void)
{
  g_autoptr (Log) one = start_process ();
  g_autoptr (Log) two = start_process ();
  g_autoptr (GPtrArray) news = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("news");

  web_broadcast_channel_set_on_message (channel, on_broadcast, news, NULL);
  post (one, "listen");
  post (two, "listen");
  post (two, "nest");
  post (two, "nested listen");
  assert_items (one, "'listens'");
  assert_items (two, "'listens'", "'listens'");

  web_broadcast_channel_post_message (channel, g_variant_new_string ("down"), NULL);
  assert_items (one, "'listens'", "'heard down'");
  web_test_wait_until (two->items->len == 4);

  post (one, "broadcast up");
  assert_news (news, "up");
  web_test_wait_until (two->items->len == 6);
  g_assert_cmpstr (two->items->pdata[4], ==, "'heard up'");
  g_assert_cmpstr (two->items->pdata[5], ==, "'heard up'");

  post (two, "nested broadcast far");
  assert_news (news, "up", "far");
  assert_items (one, "'listens'", "'heard down'", "'heard far'");
  web_test_wait_until (two->items->len == 7);
  g_assert_cmpstr (two->items->pdata[6], ==, "'heard far'");
}

#define N_BROADCASTS 2000

/* In order for each sender, and large ones too. */
static void
test_broadcast_order (void)
{
  g_autoptr (Log) log = start_process ();
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("news");
  g_autofree char *large = g_strnfill (100000, 'x');
  guint            i;

  post (log, "listen");
  assert_items (log, "'listens'");
  for (i = 0; i < N_BROADCASTS; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u%s", i, i % 100 == 0 ? large : "");

      web_broadcast_channel_post_message (channel, g_variant_new_string (text), NULL);
    }

  web_test_wait_until (log->items->len == N_BROADCASTS + 1);
  for (i = 0; i < N_BROADCASTS; i++)
    {
      g_autofree char *text = g_strdup_printf ("'heard %u%s'", i, i % 100 == 0 ? large : "");

      g_assert_cmpstr (log->items->pdata[i + 1], ==, text);
    }
}

/* HTML, web-messaging.html#eligible-for-messaging: not after close(). */
static void
run_and_broadcast (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  g_autoptr (WebBroadcastChannel) before = web_broadcast_channel_new ("news");
  g_autoptr (WebBroadcastChannel) after = NULL;

  web_broadcast_channel_post_message (before, g_variant_new_string ("before"), NULL);
  web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (scope));
  after = web_broadcast_channel_new ("news");
  g_assert_true (web_broadcast_channel_post_message (before, g_variant_new_string ("late"), NULL));
  g_assert_true (web_broadcast_channel_post_message (after, g_variant_new_string ("later"), NULL));
}

static void
test_broadcast_after_close (void)
{
  g_autoptr (GPtrArray) news = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("news");
  g_autoptr (Log) log = log_new (web_worker_new_thread (NULL, run_and_broadcast, NULL, NULL));

  web_broadcast_channel_set_on_message (channel, on_broadcast, news, NULL);
  assert_items (log, "close");
  web_test_settle ();
  assert_news (news, "before");
}

static void
flood (void)
{
  g_autoptr (Log) one = start_process ();
  g_autoptr (Log) two = start_process ();
  g_autoptr (WebBroadcastChannel) channel = web_broadcast_channel_new ("nobody listens");
  g_autoptr (GVariant) text =
    g_variant_ref_sink (g_variant_new_take_string (g_strnfill (20000, 'x')));
  g_autoptr (GError) error = NULL;
  guint i;

  post (one, "one");
  post (two, "two");
  assert_items (one, "'one'");
  assert_items (two, "'two'");
  for (i = 0; error == NULL && i < 1000000; i++)
    web_broadcast_channel_post_message (channel, text, &error);
  g_assert_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_QUOTA_EXCEEDED);
}

/* A program that posts faster than its broadcasts can be sent. */
static void
test_broadcast_flood (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("takes long");
  return;
#endif

  if (g_test_subprocess ())
    {
      flood ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

/* Objects that the library has not made do nothing. */
static void
test_objects_alone (void)
{
  g_autoptr (WebWorker) worker = g_object_new (WEB_TYPE_WORKER, NULL);
  g_autoptr (WebWorkerGlobalScope) scope =
    g_object_new (WEB_TYPE_DEDICATED_WORKER_GLOBAL_SCOPE, NULL);

  web_worker_terminate (worker);
  web_worker_global_scope_report_failure (scope);
}

/* Nothing wakes the main loop when a thread or a process has ended. */
static gboolean
look_again (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
note_end (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
}

static void
wait_for_the_end (WebDedicatedWorkerGlobalScope *scope, gpointer user_data)
{
  GCancellable *cancellable =
    web_worker_global_scope_get_cancellable (WEB_WORKER_GLOBAL_SCOPE (scope));
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
}

/* What the thread used is not used any more, and a second call changes nothing. */
static void
test_thread_join (void)
{
  gboolean ended = FALSE;
  g_autoptr (WebWorker) worker =
    web_worker_new_thread ("worker", wait_for_the_end, &ended, note_end);

  web_worker_terminate (worker);
  web_worker_join (worker);
  g_assert_true (ended);
  web_worker_join (worker);
}

static void
test_process_join (void)
{
  g_autoptr (Log) log = start_process ();
  gint64 pid = get_pid (log, "pid");

  web_worker_terminate (log->worker);
  web_worker_join (log->worker);
  g_assert_true (is_gone (pid));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_timeout_add (5, look_again, NULL);

  g_test_add_func ("/worker/thread/messages", test_thread);
  g_test_add_func ("/worker/thread/errors", test_thread_errors);
  g_test_add_func ("/worker/thread/terminate", test_thread_terminate);
  g_test_add_func ("/worker/thread/terminate inner", test_thread_terminate_inner);
  g_test_add_func ("/worker/thread/join", test_thread_join);
  g_test_add_func ("/worker/process/join", test_process_join);
  g_test_add_func ("/worker/thread/unref", test_thread_unref);
  g_test_add_func ("/worker/thread/descriptors", test_thread_descriptors);
  g_test_add_func ("/worker/thread/owner-is-gone", test_thread_owner);
  g_test_add_func ("/worker/thread/receive", test_receive);
  g_test_add_func ("/worker/thread/handlers", test_handlers);

  g_test_add_func ("/worker/process/messages", test_process);
  g_test_add_func ("/worker/process/cannot-be-run", test_process_spawn_error);
  g_test_add_func ("/worker/process/is-none", test_no_worker);
  g_test_add_func ("/worker/process/deep-data", test_process_deep_data);
  g_test_add_func ("/worker/process/launcher", test_process_launcher);
  g_test_add_func ("/worker/process/no-streams", test_process_no_streams);
  g_test_add_func ("/worker/process/fork", test_process_fork);
  g_test_add_func ("/worker/process/close", test_process_close);
  g_test_add_func ("/worker/process/errors", test_process_errors);
  g_test_add_data_func ("/worker/process/exit", "exit", test_process_end);
  g_test_add_func ("/worker/process/few-descriptors", test_process_few_descriptors);
  g_test_add_data_func ("/worker/process/crash", "crash", test_process_end);
  g_test_add_data_func ("/worker/process/terminate/idle", "pid", test_process_terminate);
  g_test_add_data_func ("/worker/process/terminate/busy", "hang", test_process_terminate);
  g_test_add_data_func ("/worker/process/terminate/stopped", "stop", test_process_terminate);
  g_test_add_func ("/worker/process/nested/pouring", test_process_pouring);
  g_test_add_data_func ("/worker/process/nested/terminate", "terminate", test_process_nested);
  g_test_add_data_func ("/worker/process/nested/close", "close", test_process_nested);
  g_test_add_data_func ("/worker/process/nested/exit", "exit", test_process_nested);
  g_test_add_data_func ("/worker/process/nested/crash", "crash", test_process_nested);
  g_test_add_func ("/worker/process/nested/error", test_process_nested_error);
  g_test_add_func ("/worker/process/nested/stopped", test_process_nested_stopped);
  g_test_add_func ("/worker/process/unref", test_process_unref);

  g_test_add_func ("/worker/shared/users", test_shared);
  g_test_add_func ("/worker/shared/again", test_shared_again);
  g_test_add_func ("/worker/shared/cannot-be-run", test_shared_error);
  g_test_add_func ("/worker/shared/bytes", test_shared_bytes);
  g_test_add_func ("/worker/shared/last-user", test_shared_last_user);
  g_test_add_func ("/worker/shared/thread", test_shared_thread);

  g_test_add_func ("/worker/broadcast/tree", test_broadcast);
  g_test_add_func ("/worker/broadcast/order", test_broadcast_order);
  g_test_add_func ("/worker/broadcast/flood", test_broadcast_flood);

  g_test_add_func ("/worker/alone", test_objects_alone);
  g_test_add_func ("/worker/broadcast/after-close", test_broadcast_after_close);

  return g_test_run ();
}
