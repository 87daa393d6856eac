/* web-outbox.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The thread that writes what waits: what a main context has posted and has not written yet because
 * a callback of the application takes long, what a slow receiver does not take, and what a port
 * leaves behind when it closes. It only writes packets: no code of an application runs here.
 */

#include "web-outbox-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "loop/web-lock-private.h"
#include "web-error-private.h"

/* How long a message may wait for others to go with it, while its main context is busy. */
#define TICK_MSEC 1

/* After so many ticks without anything to write the thread sleeps. */
#define MAX_IDLE_TICKS 20

#define MAX_EVENTS 64

typedef struct
{
  GMutex      lock;
  GCond       emptied;
  GHashTable *links;    /* of WebOutgoing, owned: all that have something to write; how often they
                         * were added */
  GPtrArray *unwritten; /* of WebOutgoing, unowned: those to try at the next tick, if still there */
  gboolean   asleep;
  gboolean   hurry; /* somebody waits for all to be written */
  int        wake_fd;
  int        epoll_fd;
} Outbox;

static Outbox *
outbox_new (int wake_fd, int epoll_fd)
{
  Outbox *self = g_new0 (Outbox, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->emptied);
  self->links = g_hash_table_new (NULL, NULL);
  self->unwritten = g_ptr_array_new ();
  self->wake_fd = wake_fd;
  self->epoll_fd = epoll_fd;

  return self;
}

static gpointer outbox_run (gpointer data);

static GMutex  outbox_lock;
static Outbox *outbox; /* atomic; made once */

/*
 * web_outbox_prepare:
 *
 * Makes what the outbox needs. Who makes a connection calls this, as long as it can fail.
 */
gboolean
web_outbox_prepare (GError **error)
{
  struct epoll_event wake = { .events = EPOLLIN };
  int                wake_fd, epoll_fd;

  web_mutex_lock (&outbox_lock);
  if (outbox == NULL)
    {
      wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
      epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
      if (wake_fd >= 0 && epoll_fd >= 0 && epoll_ctl (epoll_fd, EPOLL_CTL_ADD, wake_fd, &wake) == 0)
        {
          g_atomic_pointer_set (&outbox, outbox_new (wake_fd, epoll_fd));
          g_thread_unref (g_thread_new ("webmessaging", outbox_run, outbox));
        }
      else
        {
          web_messaging_error_set_from_errno (error,
                                              "Port cannot have its other side in another process");
          if (wake_fd >= 0)
            close (wake_fd);
          if (epoll_fd >= 0)
            close (epoll_fd);
        }
    }
  web_mutex_unlock (&outbox_lock);

  return g_atomic_pointer_get (&outbox) != NULL;
}

static void
wake_locked (Outbox *self)
{
  const guint64 one = 1;

  if (!self->asleep && !self->hurry)
    return;

  self->asleep = FALSE;
  while (write (self->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
    ;
}

/* The link has nothing to write any more, unless it was added again meanwhile. */
static void
finish (Outbox *self, WebOutgoing *link, gpointer n_added)
{
  gboolean removed;

  web_mutex_lock (&self->lock);
  removed = g_hash_table_lookup (self->links, link) == n_added;
  if (removed)
    g_hash_table_remove (self->links, link);
  if (removed && g_hash_table_size (self->links) == 0)
    g_cond_broadcast (&self->emptied);
  web_mutex_unlock (&self->lock);

  if (removed)
    link->funcs->unref (link);
}

static void
try_later (Outbox *self, WebOutgoing *link)
{
  web_mutex_lock (&self->lock);
  g_ptr_array_add (self->unwritten, link);
  web_mutex_unlock (&self->lock);
}

static void
write_link (Outbox *self, int epoll_fd, WebOutgoing *link)
{
  gpointer n_added;

  web_mutex_lock (&self->lock);
  n_added = g_hash_table_lookup (self->links, link);
  web_mutex_unlock (&self->lock);

  /* It has had its turn already. */
  if (n_added == NULL)
    return;

  switch (link->funcs->write (link, epoll_fd))
    {
    case WEB_PACKET_AGAIN:
      /* epoll tells when; @link stays in the table meanwhile. */
      break;

    case WEB_PACKET_LATER:
      try_later (self, link);
      break;

    case WEB_PACKET_DONE:
    case WEB_PACKET_GONE:
    case WEB_PACKET_IMPOSSIBLE:
    default:
      finish (self, link, n_added);
    }
}

/* Returns %FALSE if there was nothing to do. */
static gboolean
write_unwritten (Outbox *self, int epoll_fd)
{
  GPtrArray *links;
  gboolean   had_some;
  guint      i;

  web_mutex_lock (&self->lock);
  links = self->unwritten;
  self->unwritten = g_ptr_array_new ();
  self->hurry = FALSE;
  web_mutex_unlock (&self->lock);

  had_some = links->len > 0;
  for (i = 0; i < links->len; i++)
    write_link (self, epoll_fd, links->pdata[i]);
  g_ptr_array_unref (links);

  return had_some;
}

static gboolean
may_sleep (Outbox *self)
{
  gboolean asleep;

  web_mutex_lock (&self->lock);
  asleep = self->unwritten->len == 0;
  self->asleep = asleep;
  web_mutex_unlock (&self->lock);

  return asleep;
}

static gpointer
outbox_run (gpointer data)
{
  Outbox   *self = data;
  const int epoll_fd = self->epoll_fd;
  guint     n_idle = 0;
  gint64    last = 0;

  for (;;)
    {
      struct epoll_event events[MAX_EVENTS];
      const gboolean     sleeps = n_idle >= MAX_IDLE_TICKS && may_sleep (self);
      int      n_events = epoll_wait (epoll_fd, events, MAX_EVENTS, sleeps ? -1 : TICK_MSEC);
      gboolean hurry;
      int      i;

      for (i = 0; i < n_events; i++)
        {
          guint64 count;

          if (events[i].data.ptr != NULL)
            write_link (self, epoll_fd, events[i].data.ptr);
          else
            while (read (self->wake_fd, &count, sizeof count) < 0 && errno == EINTR)
              ;
        }

      web_mutex_lock (&self->lock);
      self->asleep = FALSE;
      hurry = self->hurry;
      web_mutex_unlock (&self->lock);

      if (sleeps)
        {
          n_idle = 0;
          last = g_get_monotonic_time ();
          if (!hurry)
            continue;
        }
      if (hurry || g_get_monotonic_time () - last >= TICK_MSEC * G_TIME_SPAN_MILLISECOND)
        {
          last = g_get_monotonic_time ();
          n_idle = write_unwritten (self, epoll_fd) ? 0 : n_idle + 1;
        }
    }

  return NULL;
}

/*
 * web_outbox_add:
 *
 * Has the thread write what waits at a connection. The caller may hold the lock of the connection.
 */
void
web_outbox_add (WebOutgoing *link)
{
  Outbox *self = g_atomic_pointer_get (&outbox);
  guint   n_added;

  web_mutex_lock (&self->lock);
  n_added = GPOINTER_TO_UINT (g_hash_table_lookup (self->links, link));
  if (n_added == 0)
    link->funcs->ref (link);
  g_hash_table_insert (self->links, link, GUINT_TO_POINTER (MAX (n_added + 1, 1)));
  g_ptr_array_add (self->unwritten, link);
  wake_locked (self);
  web_mutex_unlock (&self->lock);
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Outbox *self = user_data;

  web_mutex_lock (&self->lock);
  g_cond_broadcast (&self->emptied);
  web_mutex_unlock (&self->lock);
}

/*
 * web_outbox_wait:
 *
 * Waits until everything is written that was posted in this process, or can no longer be written
 * because its receiver is gone. Returns %FALSE if it was cancelled.
 */
gboolean
web_outbox_wait (GCancellable *cancellable)
{
  Outbox  *self = g_atomic_pointer_get (&outbox);
  gulong   id = 0;
  gboolean empty;

  /* There never was a connection. */
  if (self == NULL)
    return TRUE;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self, NULL);

  web_mutex_lock (&self->lock);
  self->hurry = TRUE;
  wake_locked (self);
  while (!(empty = g_hash_table_size (self->links) == 0) &&
         !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->emptied, &self->lock);
  web_mutex_unlock (&self->lock);

  g_cancellable_disconnect (cancellable, id);

  return empty;
}
