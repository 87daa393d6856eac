/* web-cluster.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The cluster: the processes of an application that workers connect.
 *
 * They are a tree. Each process has two connections to the one that has started it, its *owner*.
 * One is the control channel, a channel like any other, for what passes up and down the tree. The
 * other is the lifeline, which nobody writes to. When it ends, the owner is gone or wants the
 * process to end, and the process ends its own children and then itself.
 *
 * What is posted at a broadcast channel goes to all neighbours in the tree, and from there to
 * theirs. So what one sender posts stays in order.
 *
 * A thread of the library serves both. So a process ends, and passes on what is for others, also
 * while its program is busy or blocked.
 */

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loop/web-lock-private.h"
#include "transport/web-link-private.h"
#include "transport/web-socket-endpoint-private.h"
#include "web-broadcast-private.h"
#include "web-cluster-private.h"
#include "web-error-private.h"
#include "web-message-event.h"
#include "web-message-port-private.h"
#include "web-serialized-data-private.h"

/* How long a process that is to end may take. Its own children get a second less each, so that
 * one that does not end is killed by the process that has started it. */
#define END_TIMEOUT_SEC     6
#define MIN_END_TIMEOUT_SEC 1

/* How often a process that is to end is looked at, which may have been stopped meanwhile. */
#define LOOK_USEC (200 * G_TIME_SPAN_MILLISECOND)

/* How long after the end of its connections a process has really ended. */
#define EXIT_TIMEOUT_MSEC 1000

/* The kind of the messages of broadcast channels. */
#define BROADCAST "broadcast"

struct _WebRelative
{
  int             ref_count; /* atomic */
  WebEndpoint    *endpoint;  /* owned; of the control channel. Any thread may post to it */
  WebMessagePort *control;   /* owned, nullable; takes @endpoint, on the thread of the cluster */
  int             lifeline;  /* of a child: what to close; -1 once it is. The lock protects it */

  /* Of a child */
  GSubprocess *process; /* owned */
  int          pidfd;
  GSource     *killer;   /* owned, nullable; for one that does not end. The lock protects it */
  gint64       deadline; /* for its end; set before @killer is attached */
  gboolean     ended;    /* the same */
};

/* The lock protects all of it. */
static struct
{
  GMutex        lock;
  GMainContext *context;    /* owned, of the thread; made once */
  WebRelative  *owner;      /* owned, nullable */
  GPtrArray    *children;   /* of WebRelative, owned, nullable */
  GHashTable   *handlers;   /* of WebClusterHandler, by the kind of message */
  GQueue        unsent;     /* of GVariant, owned: broadcasts of this process, oldest first */
  gsize         n_unsent;   /* the size of those that the thread has not passed on, in bytes */
  gboolean      is_sending; /* the thread is about to send them */
  GCond         sent;       /* it has */
  gboolean      is_leaving; /* the process is about to exit by itself */
  guint         depth;      /* below the process that has no owner */
  pid_t         pid;        /* atomic; of the process that has the thread, 0 before it is made */
} cluster;

/* Returns %TRUE in a process that was forked from one of a cluster. It has neither the thread nor
 * relatives: those that it knows belong to the other process. The lock may be held for ever. */
static gboolean
is_forked (void)
{
  const pid_t pid = g_atomic_int_get (&cluster.pid);

  return pid != 0 && pid != getpid ();
}

static gpointer
cluster_run (gpointer context)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);

  g_main_context_push_thread_default (context);
  g_main_loop_run (loop);

  return NULL;
}

static GMainContext *
get_context (void)
{
  web_mutex_lock (&cluster.lock);
  if (cluster.context == NULL)
    {
      /* GLib makes a class under a lock that ThreadSanitizer does not see: not on two threads. */
      g_type_class_ref (WEB_TYPE_MESSAGE_PORT);
      cluster.context = g_main_context_new ();
      g_atomic_int_set (&cluster.pid, getpid ());
      g_thread_unref (g_thread_new ("web-cluster", cluster_run, cluster.context));
    }
  web_mutex_unlock (&cluster.lock);

  return cluster.context;
}

static void
attach_at (GSource       *source,
           int            priority,
           const char    *name,
           GSourceFunc    function,
           gpointer       user_data,
           GDestroyNotify destroy)
{
  g_source_set_static_name (source, name);
  g_source_set_priority (source, priority);
  g_source_set_callback (source, function, user_data, destroy);
  g_source_attach (source, get_context ());
  g_source_unref (source);
}

static void
attach (GSource       *source,
        const char    *name,
        GSourceFunc    function,
        gpointer       user_data,
        GDestroyNotify destroy)
{
  attach_at (source, G_PRIORITY_DEFAULT, name, function, user_data, destroy);
}

/*
 * web_cluster_invoke:
 *
 * Calls @function once on the thread of the cluster; in order, if one thread makes several calls.
 */
void
web_cluster_invoke (GSourceFunc function, gpointer user_data)
{
  attach (g_idle_source_new (), "[webmessaging] call", function, user_data, NULL);
}

gboolean
web_cluster_has_owner (void)
{
  gboolean ret;

  web_mutex_lock (&cluster.lock);
  ret = cluster.owner != NULL;
  web_mutex_unlock (&cluster.lock);

  return ret;
}

guint
web_cluster_get_depth (void)
{
  guint depth;

  web_mutex_lock (&cluster.lock);
  depth = cluster.depth;
  web_mutex_unlock (&cluster.lock);

  return depth;
}

/*
 * web_cluster_set_handler:
 * @kind: (static): a kind of message
 *
 * Has such messages of all relatives handled by a function.
 */
void
web_cluster_set_handler (const char *kind, WebClusterHandler handler)
{
  web_mutex_lock (&cluster.lock);
  if (cluster.handlers == NULL)
    cluster.handlers = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (cluster.handlers, (gpointer)kind, handler);
  web_mutex_unlock (&cluster.lock);
}

static WebClusterHandler
get_handler (const char *kind)
{
  WebClusterHandler handler = NULL;

  web_mutex_lock (&cluster.lock);
  if (cluster.handlers != NULL)
    handler = g_hash_table_lookup (cluster.handlers, kind);
  web_mutex_unlock (&cluster.lock);

  return handler;
}

/* Returns the relatives of this process but @from. */
static GPtrArray *
dup_relatives (WebRelative *from)
{
  GPtrArray *relatives = g_ptr_array_new_with_free_func ((GDestroyNotify)web_relative_unref);
  guint      i;

  web_mutex_lock (&cluster.lock);
  if (cluster.owner != NULL && cluster.owner != from)
    g_ptr_array_add (relatives, web_relative_ref (cluster.owner));
  for (i = 0; cluster.children != NULL && i < cluster.children->len; i++)
    if (cluster.children->pdata[i] != from)
      g_ptr_array_add (relatives, web_relative_ref (cluster.children->pdata[i]));
  web_mutex_unlock (&cluster.lock);

  return relatives;
}

static void
send_to (WebRelative *self, WebSerializedData *data)
{
  g_autoptr (GError) error = NULL;
  WebMessage *message =
    web_message_new (web_serialized_data_ref (data), &web_serialized_data_message_funcs, NULL);

  if (web_link_check_room (web_endpoint_get_link (self->endpoint), &error) &&
      web_endpoint_post (self->endpoint, message, &error))
    return;

  g_debug ("A process that does not read misses a broadcast: %s", error->message);
  web_task_drop (&message->task, TRUE);
}

/* @body: scope, name, message */
static void
pass_on (WebRelative *from, GVariant *body)
{
  g_autoptr (GPtrArray) relatives = dup_relatives (from);
  g_autoptr (WebSerializedData) data = NULL;
  guint i;

  if (relatives->len == 0)
    {
      g_variant_unref (g_variant_ref_sink (body));
      return;
    }

  data = web_serialized_data_new (g_variant_new ("(sv)", BROADCAST, body), NULL, 0, NULL, 0, NULL);
  for (i = 0; i < relatives->len; i++)
    send_to (relatives->pdata[i], data);
}

/* On the thread of the cluster, which packs into one packet what it sends in one turn. */
static gboolean
send_unsent (gpointer user_data)
{
  GQueue    bodies;
  GVariant *body;
  gboolean  has_more;

  web_mutex_lock (&cluster.lock);
  bodies = cluster.unsent;
  g_queue_init (&cluster.unsent);
  web_mutex_unlock (&cluster.lock);

  while ((body = g_queue_pop_head (&bodies)) != NULL)
    {
      pass_on (NULL, body);
      web_mutex_lock (&cluster.lock);
      cluster.n_unsent -= g_variant_get_size (body);
      web_mutex_unlock (&cluster.lock);
      g_variant_unref (body);
    }

  web_mutex_lock (&cluster.lock);
  has_more = cluster.is_sending = cluster.unsent.length > 0;
  if (!has_more)
    g_cond_broadcast (&cluster.sent);
  web_mutex_unlock (&cluster.lock);

  return has_more;
}

static void
send_soon (GVariant *body)
{
  gboolean is_first;

  web_mutex_lock (&cluster.lock);
  g_queue_push_tail (&cluster.unsent, g_variant_ref_sink (body));
  cluster.n_unsent += g_variant_get_size (body);
  is_first = !cluster.is_sending;
  cluster.is_sending = TRUE;
  web_mutex_unlock (&cluster.lock);

  if (is_first)
    web_cluster_invoke (send_unsent, NULL);
}

/*
 * web_cluster_flush:
 *
 * Waits until the broadcasts of this process are on their way; what is then not written yet is in
 * the outbox.
 */
void
web_cluster_flush (void)
{
  if (is_forked ())
    return;

  web_mutex_lock (&cluster.lock);
  while (cluster.is_sending)
    g_cond_wait (&cluster.sent, &cluster.lock);
  web_mutex_unlock (&cluster.lock);
}

/*
 * web_cluster_leave:
 *
 * The worker has closed, and the process is about to exit by itself. It gets some time for that,
 * but not for ever.
 */
void
web_cluster_leave (void)
{
  web_mutex_lock (&cluster.lock);
  cluster.is_leaving = TRUE;
  web_mutex_unlock (&cluster.lock);
}

/* Called on the thread of the sender. */
static gboolean
check_room (GError **error)
{
  gsize n_unsent;

  if (is_forked ())
    return TRUE;

  web_mutex_lock (&cluster.lock);
  n_unsent = cluster.n_unsent;
  web_mutex_unlock (&cluster.lock);
  if (n_unsent < web_link_default_limits.buffer)
    return TRUE;

  g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_QUOTA_EXCEEDED,
               "Message could not be broadcast: %" G_GSIZE_FORMAT
               " bytes wait to be sent to other processes",
               n_unsent);
  return FALSE;
}

/* The same */
static void
relay (const char *scope, const char *name, WebSerializedData *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (is_forked ())
    return;

  bytes = web_serialized_data_to_bytes (message, &error);
  if (bytes != NULL)
    send_soon (g_variant_new ("(ss@ay)", scope, name,
                              g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE)));
  else
    g_debug ("A broadcast stays in its process: %s", error->message);
}

static void
deliver (const char *scope, const char *name, GVariant *message)
{
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (message);
  g_autoptr (GError) error = NULL;
  g_autoptr (WebSerializedData) data = web_serialized_data_new_from_bytes (bytes, &error);

  if (data != NULL)
    web_broadcast_deliver (scope, name, data, NULL);
  else
    g_debug ("A broadcast cannot be read: %s", error->message);
}

static void
handle_broadcast (WebRelative *from, GVariant *body, GPtrArray *ports)
{
  g_autoptr (GVariant) message = NULL;
  const char *scope, *name;

  if (!g_variant_is_of_type (body, G_VARIANT_TYPE ("(ssay)")))
    return;

  g_variant_get (body, "(&s&s@ay)", &scope, &name, &message);
  if (web_broadcast_has_receiver (scope, name))
    deliver (scope, name, message);
  pass_on (from, body);
}

static void
on_message (WebMessagePort *port, WebMessageEvent *event, gpointer user_data)
{
  GVariant *data = web_message_event_get_data (event);
  g_autoptr (GPtrArray) ports = g_ptr_array_new ();
  g_autoptr (GVariant) body = NULL;
  WebClusterHandler handler;
  WebMessagePort  **received;
  gsize             n_received, i;
  const char       *kind;

  if (data == NULL || !g_variant_is_of_type (data, G_VARIANT_TYPE ("(sv)")))
    return;

  received = web_message_event_get_ports (event, &n_received);
  for (i = 0; i < n_received; i++)
    g_ptr_array_add (ports, received[i]);

  g_variant_get (data, "(&sv)", &kind, &body);
  handler = get_handler (kind);
  if (handler != NULL)
    handler (user_data, body, ports);
}

/* Only on the thread of the cluster. */
static gboolean
start_listening (gpointer user_data)
{
  WebRelative *self = user_data;

  self->control = web_message_port_new_for_endpoint (web_endpoint_ref (self->endpoint), NULL);
  web_message_port_set_on_message (self->control, on_message, web_relative_ref (self),
                                   (GDestroyNotify)web_relative_unref);

  return G_SOURCE_REMOVE;
}

/*
 * web_cluster_send_up:
 * @body: (floating): what to send
 * @ports: (nullable): the ports to be transferred with it
 *
 * Sends a message to the owner. Only on the thread of the cluster.
 */
gboolean
web_cluster_send_up (const char *kind, GVariant *body, GPtrArray *ports, GError **error)
{
  return web_message_port_post_message (cluster.owner->control, g_variant_new ("(sv)", kind, body),
                                        ports != NULL ? (WebTransferable *const *)ports->pdata
                                                      : NULL,
                                        ports != NULL ? ports->len : 0, error);
}

/* There is somebody to send broadcasts to. */
static void
begin_to_broadcast (void)
{
  static const WebBroadcastRelay broadcast_relay = { check_room, relay };

  web_cluster_set_handler (BROADCAST, handle_broadcast);
  web_broadcast_set_relay (&broadcast_relay);
}

/* Makes a relative of a socket, which is closed if that fails. */
static WebRelative *
relative_new (int control, GError **error)
{
  WebEndpoint *endpoint =
    web_socket_endpoint_new_for_fd (control, &web_serialized_data_message_funcs, error);
  WebRelative *self;

  if (endpoint == NULL)
    {
      close (control);
      return NULL;
    }

  self = g_new0 (WebRelative, 1);
  self->ref_count = 1;
  self->endpoint = endpoint;
  self->lifeline = -1;
  self->pidfd = -1;

  return self;
}

/*
 * web_relative_new:
 * @fds: (out): the descriptors for the child
 *
 * Makes the connections to a child that is yet to be started.
 */
WebRelative *
web_relative_new (WebRelativeFds *fds, GError **error)
{
  static const char what[] = "Worker could not be started";
  WebRelative      *self;
  int               control[2], lifeline[2];

  if (is_forked ())
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "Worker could not be started: this process was forked from one that has "
                           "used workers");
      return NULL;
    }

  if (!web_link_make_sockets (control, what, error))
    return NULL;

  fds->control = control[1];
  self = relative_new (control[0], error);
  if (self == NULL)
    {
      close (fds->control);
      return NULL;
    }

  if (!web_link_make_sockets (lifeline, what, error))
    {
      close (fds->control);
      web_relative_unref (self);
      return NULL;
    }
  self->lifeline = lifeline[1];
  fds->lifeline = lifeline[0];

  return self;
}

WebRelative *
web_relative_ref (WebRelative *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

/* Does not ask for one that a debugger has stopped. */
static gboolean
is_stopped (WebRelative *self)
{
  siginfo_t info = { .si_pid = 0 };

  return self->pidfd >= 0 &&
         waitid (P_PIDFD, self->pidfd, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid != 0;
}

/* It would not see its end, nor would those that it has started. */
static void
continue_if_stopped (WebRelative *self)
{
  if (is_stopped (self))
    pidfd_send_signal (self->pidfd, SIGCONT, NULL, 0);
}

static void
cut_lifeline (WebRelative *self)
{
  int fd;

  if (is_forked ())
    return;

  web_mutex_lock (&cluster.lock);
  fd = self->lifeline;
  self->lifeline = -1;
  web_mutex_unlock (&cluster.lock);

  if (fd < 0)
    return;

  /* A process that was forked from this one may have a copy. */
  shutdown (fd, SHUT_RDWR);
  close (fd);
  continue_if_stopped (self);
}

void
web_relative_unref (WebRelative *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  cut_lifeline (self);
  if (self->control == NULL)
    web_endpoint_release (web_endpoint_ref (self->endpoint), FALSE);
  g_clear_object (&self->control);
  web_endpoint_unref (self->endpoint);
  g_clear_object (&self->process);
  if (self->pidfd >= 0)
    close (self->pidfd);
  g_free (self);
}

static gboolean
close_control (gpointer user_data)
{
  WebRelative *self = user_data;

  web_message_port_set_on_message (self->control, NULL, NULL, NULL);
  web_message_port_close (self->control);

  return G_SOURCE_REMOVE;
}

static gboolean
forget_child (gpointer user_data)
{
  WebRelative *self = user_data;
  GSource     *killer;

  cut_lifeline (self);
  /* The source that has called this has a reference. */
  web_mutex_lock (&cluster.lock);
  g_ptr_array_remove (cluster.children, self);
  self->ended = TRUE;
  killer = g_steal_pointer (&self->killer);
  web_mutex_unlock (&cluster.lock);

  if (killer != NULL)
    {
      g_source_destroy (killer);
      g_source_unref (killer);
    }

  /* What the child has sent before its end is read first. */
  attach_at (g_idle_source_new (), G_PRIORITY_LOW, "[webmessaging] closing", close_control,
             web_relative_ref (self), (GDestroyNotify)web_relative_unref);

  return G_SOURCE_REMOVE;
}

static gboolean
on_exit_of_child (int fd, GIOCondition condition, gpointer user_data)
{
  return forget_child (user_data);
}

static gboolean
wait_for_exit (int pidfd, gint64 deadline)
{
  struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };
  int           result;

  do
    {
      gint64 left = deadline - g_get_monotonic_time ();

      result = poll (&poll_fd, 1, left > 0 ? (int)(left / 1000) + 1 : 0);
    }
  while (result < 0 && errno == EINTR);

  return result > 0;
}

/* GLib does it, on a thread of its own. */
static void
wait_for_reaping (int pidfd, gint64 deadline)
{
  siginfo_t info;

  while (waitid (P_PIDFD, pidfd, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         g_get_monotonic_time () < deadline)
    g_usleep (500);
}

static gint64
get_end_timeout (void)
{
  const guint depth = web_cluster_get_depth ();

  return (gint64)MAX (MIN_END_TIMEOUT_SEC, END_TIMEOUT_SEC - (int)MIN (depth, END_TIMEOUT_SEC)) *
         G_TIME_SPAN_SECOND;
}

/* Ends the children, and waits until they have ended. */
static void
end_children (void)
{
  const gint64 deadline = g_get_monotonic_time () + get_end_timeout ();
  g_autoptr (GPtrArray) children = dup_relatives (cluster.owner);
  guint i;

  for (i = 0; i < children->len; i++)
    cut_lifeline (children->pdata[i]);
  for (i = 0; i < children->len; i++)
    {
      const int pidfd = ((WebRelative *)children->pdata[i])->pidfd;

      while (!wait_for_exit (pidfd, MIN (deadline, g_get_monotonic_time () + LOOK_USEC)) &&
             g_get_monotonic_time () < deadline)
        continue_if_stopped (children->pdata[i]);
      if (!wait_for_exit (pidfd, deadline))
        {
          pidfd_send_signal (pidfd, SIGKILL, NULL, 0);
          wait_for_exit (pidfd, g_get_monotonic_time () + G_TIME_SPAN_SECOND);
        }
      wait_for_reaping (pidfd, g_get_monotonic_time () + G_TIME_SPAN_SECOND);
    }
}

/*
 * web_cluster_end_children:
 *
 * Does what happens at the exit of the process.
 */
void
web_cluster_end_children (void)
{
  if (!is_forked ())
    end_children ();
}

/*
 * web_relative_set_process:
 *
 * The child was started.
 */
void
web_relative_set_process (WebRelative *self, GSubprocess *process)
{
  const char *identifier = g_subprocess_get_identifier (process);
  gboolean    is_first;

  self->process = g_object_ref (process);
  if (identifier != NULL)
    self->pidfd = pidfd_open (atoi (identifier), 0);

  web_mutex_lock (&cluster.lock);
  is_first = cluster.children == NULL;
  if (is_first)
    cluster.children = g_ptr_array_new_with_free_func ((GDestroyNotify)web_relative_unref);
  g_ptr_array_add (cluster.children, web_relative_ref (self));
  web_mutex_unlock (&cluster.lock);

  begin_to_broadcast ();
  if (is_first)
    atexit (web_cluster_end_children);

  attach (g_idle_source_new (), "[webmessaging] child", start_listening, web_relative_ref (self),
          (GDestroyNotify)web_relative_unref);
  /* Without a descriptor it has exited already. */
  if (self->pidfd >= 0)
    attach (g_unix_fd_source_new (self->pidfd, G_IO_IN), "[webmessaging] exit",
            G_SOURCE_FUNC (on_exit_of_child), web_relative_ref (self),
            (GDestroyNotify)web_relative_unref);
  else
    attach (g_idle_source_new (), "[webmessaging] exit", forget_child, web_relative_ref (self),
            (GDestroyNotify)web_relative_unref);
}

/*
 * web_relative_get_process:
 *
 * Returns: (transfer none): the process of a child
 */
GSubprocess *
web_relative_get_process (WebRelative *self)
{
  return self->process;
}

static gboolean
kill_child (gpointer user_data)
{
  WebRelative *self = user_data;

  if (g_get_monotonic_time () < self->deadline)
    {
      continue_if_stopped (self);
      return G_SOURCE_CONTINUE;
    }

  if (self->pidfd >= 0)
    pidfd_send_signal (self->pidfd, SIGKILL, NULL, 0);

  return G_SOURCE_REMOVE;
}

/*
 * web_relative_end:
 *
 * Ends a child, with all that it has started. Does not wait. One that does not end in some seconds
 * is killed.
 */
void
web_relative_end (WebRelative *self)
{
  GSource *killer;
  gint64   deadline;
  gboolean is_needed;

  if (is_forked ())
    return;

  cut_lifeline (self);
  deadline = get_end_timeout ();
  killer = g_timeout_source_new (LOOK_USEC / G_TIME_SPAN_MILLISECOND);
  g_source_ref (killer);
  web_mutex_lock (&cluster.lock);
  if (self->killer == NULL)
    self->deadline = g_get_monotonic_time () + deadline;
  web_mutex_unlock (&cluster.lock);
  attach (killer, "[webmessaging] kill", kill_child, web_relative_ref (self),
          (GDestroyNotify)web_relative_unref);

  web_mutex_lock (&cluster.lock);
  is_needed = self->killer == NULL && !self->ended;
  if (is_needed)
    self->killer = killer;
  web_mutex_unlock (&cluster.lock);

  if (!is_needed)
    {
      g_source_destroy (killer);
      g_source_unref (killer);
    }
}

/*
 * web_relative_describe_end:
 *
 * Says how a child has ended whose connections have just ended.
 *
 * Returns: (transfer full): a sentence
 */
char *
web_relative_describe_end (WebRelative *self)
{
  const gint64 deadline = g_get_monotonic_time () + EXIT_TIMEOUT_MSEC * G_TIME_SPAN_MILLISECOND;

  if (self->pidfd >= 0 && !wait_for_exit (self->pidfd, deadline))
    return g_strdup ("The worker has closed its connections");

  /* GLib is about to find out, or has: its own thread waits for all children. */
  g_subprocess_wait (self->process, NULL, NULL);
  if (g_subprocess_get_if_signaled (self->process))
    return g_strdup_printf ("The worker was killed by signal %d (%s)",
                            g_subprocess_get_term_sig (self->process),
                            g_strsignal (g_subprocess_get_term_sig (self->process)));

  return g_strdup_printf ("The worker has exited with status %d",
                          g_subprocess_get_exit_status (self->process));
}

static gboolean
kill_process (gpointer user_data)
{
  kill (getpid (), SIGKILL);

  return G_SOURCE_REMOVE;
}

/* The owner is gone, or wants this process to end. */
static gboolean
end_process (int fd, GIOCondition condition, gpointer user_data)
{
  end_children ();

  /* Under the lock, so that the process does not die in the middle of its exit. */
  web_mutex_lock (&cluster.lock);
  if (!cluster.is_leaving)
    kill_process (NULL);
  web_mutex_unlock (&cluster.lock);

  attach (g_timeout_source_new_seconds (get_end_timeout () / G_TIME_SPAN_SECOND),
          "[webmessaging] kill", kill_process, NULL, NULL);

  return G_SOURCE_REMOVE;
}

static void
end_process_with (int fd)
{
  attach (g_unix_fd_source_new (fd, G_IO_IN | G_IO_HUP), "[webmessaging] lifeline",
          G_SOURCE_FUNC (end_process), NULL, NULL);
}

/*
 * web_cluster_join:
 * @fds: what the owner has given to this process; consumed
 * @owner_pid: the number of the owner's process
 * @depth: how far this process is below the one that has no owner
 */
gboolean
web_cluster_join (const WebRelativeFds *fds, int owner_pid, guint depth, GError **error)
{
  WebRelative *owner = relative_new (fds->control, error);
  int          pidfd;

  if (owner == NULL)
    {
      close (fds->lifeline);
      return FALSE;
    }

  begin_to_broadcast ();
  /* Before another thread can send something to the owner. */
  attach (g_idle_source_new (), "[webmessaging] owner", start_listening, web_relative_ref (owner),
          (GDestroyNotify)web_relative_unref);
  web_mutex_lock (&cluster.lock);
  cluster.owner = owner;
  cluster.depth = depth;
  web_mutex_unlock (&cluster.lock);

  end_process_with (fds->lifeline);
  /* A process that the owner has forked keeps the lifeline open. */
  pidfd = getppid () == owner_pid ? pidfd_open (owner_pid, 0) : -1;
  if (pidfd >= 0)
    end_process_with (pidfd);

  return TRUE;
}
