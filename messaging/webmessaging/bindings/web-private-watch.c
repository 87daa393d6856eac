/* web-private-watch.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-private-watch.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* How long the context may run before the other event loop has its turn, in microseconds; how soon
 * that loop tries again while another thread runs the context, in milliseconds. */
#define TURN_TIME  4000
#define RETRY_TIME 10

/* The descriptors that a context polls are themselves in an epoll set, whose descriptor the other
 * event loop watches. Between its turns the context looks as if it was waiting in poll(), so that a
 * post on any thread makes the descriptor of its scheduler readable. */
struct _WebPrivateWatch
{
  GMainContext *context; /* owned */
  GArray       *fds;     /* of GPollFD: what the context polls */
  GArray       *watched; /* of int: what is in the epoll set, some of them twice */
  int           epoll_fd;
};

static WebPrivateWatch *
web_private_watch_ref (WebPrivateWatch *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
web_private_watch_clear (WebPrivateWatch *self)
{
  close (self->epoll_fd);
  g_array_unref (self->watched);
  g_array_unref (self->fds);
  g_main_context_unref (self->context);
}

static void
web_private_watch_unref (WebPrivateWatch *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)web_private_watch_clear);
}

G_DEFINE_BOXED_TYPE (WebPrivateWatch,
                     web_private_watch,
                     web_private_watch_ref,
                     web_private_watch_unref)

/**
 * web_private_watch_new: (constructor)
 * @error: return location for an error
 *
 * Makes a watch for the thread-default main context. Nothing runs before
 * web_private_watch_iterate() is called.
 *
 * Sets an error of %G_IO_ERROR if the process has too many descriptors.
 *
 * Returns: (transfer full): a new watch
 */
WebPrivateWatch *
web_private_watch_new (GError **error)
{
  WebPrivateWatch *self;
  int              epoll_fd = epoll_create1 (EPOLL_CLOEXEC);

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (epoll_fd < 0)
    {
      int code = errno;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
      return NULL;
    }

  self = g_atomic_rc_box_new0 (WebPrivateWatch);
  self->context = g_main_context_ref_thread_default ();
  self->fds = g_array_new (FALSE, TRUE, sizeof (GPollFD));
  self->watched = g_array_new (FALSE, FALSE, sizeof (int));
  self->epoll_fd = epoll_fd;

  return self;
}

/**
 * web_private_watch_get_fd:
 * @self: a watch
 *
 * Gets the descriptor that becomes readable when the context has something to do.
 *
 * Returns: the descriptor, which belongs to @self
 */
int
web_private_watch_get_fd (WebPrivateWatch *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->epoll_fd;
}

/* One turn of the context that does not wait. If nothing was ready, the turn ends before its check,
 * as if the context was still waiting, so that its sources are told of what comes now. @fds and
 * @timeout say what the context waits for. */
static gboolean
iterate_once (WebPrivateWatch *self, int *timeout)
{
  int      priority, n_fds;
  gboolean ready = g_main_context_prepare (self->context, &priority);

  while ((n_fds = g_main_context_query (self->context, priority, timeout, (gpointer)self->fds->data,
                                        (int)self->fds->len)) > (int)self->fds->len)
    g_array_set_size (self->fds, n_fds);
  g_array_set_size (self->fds, n_fds);

  if (g_poll ((gpointer)self->fds->data, n_fds, 0) > 0 || *timeout == 0)
    ready = TRUE;
  if (!ready)
    return FALSE;

  if (g_main_context_check (self->context, priority, (gpointer)self->fds->data, n_fds))
    g_main_context_dispatch (self->context);

  return TRUE;
}

static gboolean
is_polled (WebPrivateWatch *self, int fd)
{
  guint i;

  for (i = 0; i < self->fds->len; i++)
    if (g_array_index (self->fds, GPollFD, i).fd == fd)
      return TRUE;

  return FALSE;
}

/* Returns all events that sources poll at a descriptor. */
static guint32
get_events (WebPrivateWatch *self, int fd)
{
  guint32 events = 0;
  guint   i;

  for (i = 0; i < self->fds->len; i++)
    {
      const GPollFD *poll_fd = &g_array_index (self->fds, GPollFD, i);

      if (poll_fd->fd == fd)
        events |= poll_fd->events;
    }

  /* The values of G_IO_IN and the like are those of poll(), and so are those of epoll. */
  return events;
}

/* Tells the kernel of each descriptor each time, because one that was closed has left the set by
 * itself, and a new one may have its number. Returns %FALSE if a descriptor cannot be watched, such
 * as that of a file. */
static gboolean
watch_fds (WebPrivateWatch *self)
{
  gboolean all = TRUE;
  guint    i;

  for (i = 0; i < self->watched->len; i++)
    {
      int fd = g_array_index (self->watched, int, i);

      if (!is_polled (self, fd))
        epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    }

  g_array_set_size (self->watched, 0);
  for (i = 0; i < self->fds->len; i++)
    {
      int                fd = g_array_index (self->fds, GPollFD, i).fd;
      struct epoll_event event = { .events = get_events (self, fd), .data.fd = fd };

      if (epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, fd, &event) != 0 &&
          (errno != ENOENT || epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0))
        all = FALSE;
      else
        g_array_append_val (self->watched, fd);
    }

  return all;
}

/**
 * web_private_watch_iterate:
 * @self: a watch
 *
 * Runs what is ready in the context, for some milliseconds at most.
 *
 * Call this when the descriptor is readable, and when the returned time is over. A source that is
 * attached to the context meanwhile is seen only then.
 *
 * Must be called on the thread that made @self.
 *
 * Returns: after how many milliseconds to call it again, -1 for not before the descriptor is
 *   readable
 */
int
web_private_watch_iterate (WebPrivateWatch *self)
{
  gint64   end;
  gboolean ready;
  int      timeout = -1;

  g_return_val_if_fail (self != NULL, -1);

  if (!g_main_context_acquire (self->context))
    return RETRY_TIME;

  /* A callback may drop the caller's last reference. */
  web_private_watch_ref (self);
  end = g_get_monotonic_time () + TURN_TIME;
  do
    ready = iterate_once (self, &timeout);
  while (ready && g_get_monotonic_time () < end);

  if (ready)
    timeout = 0;
  else if (!watch_fds (self) && (timeout < 0 || timeout > RETRY_TIME))
    timeout = RETRY_TIME;

  g_main_context_release (self->context);
  web_private_watch_unref (self);

  return timeout;
}
