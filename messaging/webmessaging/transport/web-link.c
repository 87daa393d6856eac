/* web-link.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A connection to the other side of a channel, which is in another process: a SOCK_SEQPACKET
 * socket.
 *
 * What is posted is written into packets, many small messages into one. The port's own thread
 * writes the first message of a burst at once, and the rest at the end of its turn of the main
 * loop. What it cannot write then is left to the thread of web-outbox.c.
 *
 * What arrives stays in the kernel until the port wants it: the thread of the port reads one packet
 * into the queue of the endpoint whenever the queue has run empty. While nobody wants messages,
 * only the end of the connection is watched for.
 *
 * The other process is not trusted. Whatever it sends that is not as docs/wire-format.md has it
 * ends this connection, and nothing else.
 *
 * The lock of a link is taken before those of queues, schedulers and the outbox.
 */

#include "web-link-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/web-debug-private.h"
#include "loop/web-lock-private.h"
#include "web-error-private.h"
#include "web-in-flight-private.h"
#include "web-outbox-private.h"
#include "wire/web-memory-file-private.h"

#define PROTOCOL_VERSION 1

/* Messages that are posted within this time after a packet was written wait for each other. */
#define BURST_USEC 500

/* How many bytes of memory an idle port may keep for what it sends next. */
#define REUSE_MAX_SIZE 512

/* How long to wait before the process may have room for more descriptors. */
#define RETRY_MSEC 50

/* How many bytes in memory files may be on their way to the receiver. */
#define MAX_UNREAD_FILES (128 * 1024 * 1024)

/* How many packets without a message are read in a row. */
#define MAX_PACKETS 16

/* What the main context of the port watches for. */
typedef enum
{
  WATCH_NOTHING,
  WATCH_END,      /* that the other side is gone */
  WATCH_MESSAGES, /* that there is something to read */
} WatchMode;

struct _WebLink
{
  WebWatch    watch; /* must be first */
  WebOutgoing outgoing;
  int         ref_count; /* atomic */
  int         n_forks;   /* tells which process the link is in, see is_forked() */

  const WebMessageFuncs *funcs;

  GMutex lock;

  /* Protected by @lock. */
  int           fd;        /* owned; -1 once it is closed or sent away */
  WebEndpoint  *endpoint;  /* unowned: it owns the link; %NULL once it is gone */
  WebScheduler *scheduler; /* owned, nullable: where @watch is watched */
  WatchMode     mode;
  WebLinkLimits limits;
  guint8        id[WEB_LINK_ID_SIZE];      /* of this side */
  guint8        peer_id[WEB_LINK_ID_SIZE]; /* of the other one, if @knows_peer */
  gboolean      knows_peer;
  gboolean      ended;   /* nothing will come any more */
  gboolean      closing; /* nothing is posted any more; goes when all is written */
  WebSender     sender;  /* of what was read last */

  /* What is posted and not written yet, protected by @lock too. */
  WebPacket *batch;        /* nullable; being filled */
  GQueue     packets;      /* of WebPacket: complete, before @batch */
  guint64    buffered;     /* bytes in them and in their memory files */
  guint64    unread_files; /* bytes in the memory files that were sent, and perhaps not received */
  gint64     last_sent;    /* when */
  guint      last_turn;    /* of the main loop, in which something was posted */
  gboolean   is_full;      /* the socket has not taken all; the outbox tries again */
  gboolean   waiting;      /* the outbox waits for room, or tries again */
  int        is_slow;      /* atomic: the other side did not take all of it */
  int        outbox_fd;    /* that epoll */
  gboolean   in_outbox;    /* the outbox will write what is here */
  gboolean   dirty;        /* and so will the main context, after this turn */

  /* Only for whoever reads: the thread of the port, or who moves the endpoint. */
  GArray     *fds;     /* of int, owned: those that have come before their message */
  WebTaskList arrived; /* the messages of this packet that are not in the queue yet */
  gboolean    announced;
  gboolean    awaits_move; /* only an endpoint that has moved may come, and nothing else */
};

/* The watch of a link refers to the endpoint, which owns the link. */
static void
link_watch_ref (WebWatch *watch)
{
  web_endpoint_ref (((WebLink *)watch)->endpoint);
}

static void
link_watch_unref (WebWatch *watch)
{
  web_endpoint_unref (((WebLink *)watch)->endpoint);
}

static void link_ready (WebWatch *watch, guint32 events);
static void link_flush (WebWatch *watch);

static const WebWatchFuncs watch_funcs = {
  .ref = link_watch_ref,
  .unref = link_watch_unref,
  .ready = link_ready,
  .flush = link_flush,
};

static WebLink *
from_outgoing (WebOutgoing *outgoing)
{
  return (gpointer)((guint8 *)outgoing - G_STRUCT_OFFSET (WebLink, outgoing));
}

static void
link_outgoing_ref (WebOutgoing *outgoing)
{
  web_link_ref (from_outgoing (outgoing));
}

static void
link_outgoing_unref (WebOutgoing *outgoing)
{
  web_link_unref (from_outgoing (outgoing));
}

static WebPacketStatus link_write (WebOutgoing *outgoing, int epoll_fd);

static const WebOutgoingFuncs outgoing_funcs = {
  .ref = link_outgoing_ref,
  .unref = link_outgoing_unref,
  .write = link_write,
};

static void
make_id (guint8 *id)
{
  guint i;

  if (getrandom (id, WEB_LINK_ID_SIZE, 0) == WEB_LINK_ID_SIZE)
    return;

  for (i = 0; i < WEB_LINK_ID_SIZE; i++)
    id[i] = g_random_int_range (0, 256);
}

/* Has another value in a child that was forked. getpid() would be a system call for each packet. */
static int n_forks;

static void
on_fork (void)
{
  n_forks++;
}

static int
count_forks (void)
{
  static gsize counts;

  if (g_once_init_enter (&counts))
    {
      if (pthread_atfork (NULL, NULL, on_fork) != 0)
        g_error ("Cannot tell when the process forks: it is out of memory");
      g_once_init_leave (&counts, 1);
    }

  return n_forks;
}

/*
 * web_link_new:
 * @fd: (transfer full): one side of a connected SOCK_SEQPACKET pair
 */
WebLink *
web_link_new (int fd, const WebMessageFuncs *funcs)
{
  const int on = 1;
  const int buffer_size = 4 * WEB_PACKET_MAX_SIZE;
  WebLink  *self = g_new0 (WebLink, 1);

  self->watch.funcs = &watch_funcs;
  self->outgoing.funcs = &outgoing_funcs;
  self->ref_count = 1;
  self->n_forks = count_forks ();
  self->funcs = funcs;
  g_mutex_init (&self->lock);
  self->fd = fd;
  self->limits = web_link_default_limits;
  self->sender = WEB_SENDER_NONE;
  self->fds = g_array_new (FALSE, FALSE, sizeof (int));
  make_id (self->id);
  g_queue_init (&self->packets);

  /* Both are nice to have: who has sent what, and room for whole packets. */
  setsockopt (fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof buffer_size);

  return self;
}

/*
 * web_link_make_sockets:
 * @fds: (out): both sides of a connection
 * @what: what could not be done, if it fails
 */
gboolean
web_link_make_sockets (int *fds, const char *what, GError **error)
{
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == 0)
    return TRUE;

  web_messaging_error_set_from_errno (error, what);
  return FALSE;
}

/*
 * web_link_new_pair:
 *
 * Makes both sides of a connection, which know each other.
 */
gboolean
web_link_new_pair (const WebMessageFuncs *funcs, WebLink **link1, WebLink **link2, GError **error)
{
  int fds[2];

  if (!web_outbox_prepare (error) ||
      !web_link_make_sockets (fds, "Port cannot leave the process", error))
    return FALSE;

  *link1 = web_link_new (fds[0], funcs);
  *link2 = web_link_new (fds[1], funcs);
  memcpy ((*link1)->peer_id, (*link2)->id, WEB_LINK_ID_SIZE);
  memcpy ((*link2)->peer_id, (*link1)->id, WEB_LINK_ID_SIZE);
  (*link1)->knows_peer = (*link2)->knows_peer = TRUE;

  return TRUE;
}

WebLink *
web_link_ref (WebLink *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
drop_unwritten_locked (WebLink *self)
{
  WebPacket *packet;

  while ((packet = g_queue_pop_head (&self->packets)) != NULL)
    web_packet_free (packet);
  g_clear_pointer (&self->batch, web_packet_free);
  self->buffered = 0;
}

void
web_link_unref (WebLink *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_assert (self->scheduler == NULL);
  drop_unwritten_locked (self);
  if (self->fd >= 0)
    close (self->fd);
  web_close_fds ((const int *)(void *)self->fds->data, self->fds->len);
  g_array_unref (self->fds);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
has_unwritten_locked (WebLink *self)
{
  return self->packets.length > 0 || (self->batch != NULL && self->batch->bytes->len > 0);
}

/* Watching */

/* A process that was forked shares the socket and the epoll descriptors of the other one, which
 * goes on with them. What a script leaves behind when it ends must not touch them. */
static gboolean
is_forked (WebLink *self)
{
  return self->n_forks != n_forks;
}

static void
watch_locked (WebLink *self, WatchMode mode)
{
  const guint32 events =
    mode == WATCH_MESSAGES ? (guint32)EPOLLIN : (guint32)(EPOLLRDHUP | EPOLLET);

  if (mode == self->mode || is_forked (self))
    return;

  if (mode == WATCH_NOTHING)
    web_scheduler_unwatch (self->scheduler, &self->watch, self->fd);
  else if (!web_scheduler_watch (self->scheduler, &self->watch, self->fd, events) && errno != 0)
    g_critical ("Cannot watch the descriptor of a port: %s", g_strerror (errno));
  self->mode = mode;
}

/* Returns the scheduler that the descriptor was watched in, for the caller to drop once the lock is
 * released. */
static WebScheduler *
stop_watching_locked (WebLink *self)
{
  if (self->scheduler != NULL && self->fd >= 0)
    watch_locked (self, WATCH_NOTHING);

  return g_steal_pointer (&self->scheduler);
}

/* Watches the descriptor where the owner of the endpoint lives now. Whoever changes that, or gives
 * a link to an endpoint, calls this afterwards, on whatever thread. */
static void
sync_watch (WebLink *self)
{
  WebScheduler *old = NULL, *now = NULL;
  gboolean      has_tasks;

  web_mutex_lock (&self->lock);
  if (self->endpoint != NULL && self->fd >= 0 && !self->ended)
    now = web_task_queue_dup_scheduler (&self->endpoint->queue);
  if (self->scheduler != now)
    old = stop_watching_locked (self);
  if (now != NULL)
    {
      if (self->scheduler == NULL)
        self->scheduler = web_scheduler_ref (now);
      if (web_task_queue_wants (&self->endpoint->queue, &has_tasks))
        watch_locked (self, WATCH_MESSAGES);
      else if (self->mode == WATCH_NOTHING)
        watch_locked (self, WATCH_END);
    }
  web_mutex_unlock (&self->lock);

  g_clear_pointer (&old, web_scheduler_unref);
  g_clear_pointer (&now, web_scheduler_unref);
}

/* The owner of the endpoint wants messages. */
static void
want (WebLink *self)
{
  gboolean known;

  web_mutex_lock (&self->lock);
  known = self->mode == WATCH_MESSAGES;
  web_mutex_unlock (&self->lock);

  if (!known)
    sync_watch (self);
}

static void
set_endpoint (WebLink *self, WebEndpoint *endpoint)
{
  web_mutex_lock (&self->lock);
  self->endpoint = endpoint;
  web_mutex_unlock (&self->lock);
}

static void
set_limits (WebLink *self, const WebLinkLimits *limits)
{
  web_mutex_lock (&self->lock);
  self->limits = *limits;
  self->watch.is_first = limits->ends_first;
  web_mutex_unlock (&self->lock);
}

/* The first thing that every side sends says only who it is. */
static gboolean
has_unread (WebLink *self)
{
  WebRecordHeader header = { 0 };
  int             unread = 0;
  gint64          hello = 0;

  web_mutex_lock (&self->lock);
  if (self->fd >= 0 && ioctl (self->fd, FIONREAD, &unread) == 0 && unread > 0 &&
      recv (self->fd, &header, sizeof header, MSG_PEEK | MSG_DONTWAIT) == sizeof header &&
      header.type == WEB_RECORD_HELLO)
    hello = (gint64)sizeof header + header.size;
  web_mutex_unlock (&self->lock);

  return unread > hello;
}

/* What an endpoint knows of its link. */
const WebLinkFuncs web_link_funcs = {
  .unref = web_link_unref,
  .set_endpoint = set_endpoint,
  .sync = sync_watch,
  .want = want,
  .gather = web_link_gather,
  .set_limits = set_limits,
  .has_unread = has_unread,
};

/* Writing */

/* Tells the owner, who has properties that depend on it. */
static void
kick_locked (WebLink *self)
{
  if (self->endpoint != NULL)
    web_task_queue_kick (&self->endpoint->queue);
}

static guint64
get_size (const WebPacket *packet)
{
  return packet->bytes->len + packet->files;
}

static void
seal_batch_locked (WebLink *self)
{
  if (self->batch != NULL && self->batch->bytes->len > 0)
    g_queue_push_tail (&self->packets, g_steal_pointer (&self->batch));
}

/* The next messages take the room of those that are sent, unless that is much. */
static void
reuse_locked (WebLink *self, WebPacket *packet)
{
  if (self->batch == NULL && packet->fds == NULL && packet->bytes->len <= REUSE_MAX_SIZE)
    {
      g_byte_array_set_size (packet->bytes, 0);
      self->batch = packet;
    }
  else
    {
      web_packet_free (packet);
    }
}

/* The kernel keeps few packets that the receiver has not read, however much there is in the memory
 * files that go with them. Returns %FALSE if that is so much that the receiver has to read first.
 */
static gboolean
has_room_for_files_locked (WebLink *self)
{
  int unread;

  if (self->unread_files < MAX_UNREAD_FILES)
    return TRUE;

  if (ioctl (self->fd, SIOCOUTQ, &unread) == 0 && unread > 0)
    return FALSE;

  self->unread_files = 0;

  return TRUE;
}

static WebPacketStatus
send_locked (WebLink *self)
{
  WebPacketStatus status = WEB_PACKET_DONE;

  if (self->fd < 0)
    return WEB_PACKET_GONE;
  if (is_forked (self))
    {
      drop_unwritten_locked (self);
      return WEB_PACKET_GONE;
    }

  while (status == WEB_PACKET_DONE && has_unwritten_locked (self))
    {
      WebPacket *packet;

      /* Not before it can be sent: until then it takes more messages. */
      if (self->packets.length == 0)
        seal_batch_locked (self);
      packet = g_queue_peek_head (&self->packets);
      if (packet->files > 0 && !has_room_for_files_locked (self))
        {
          status = WEB_PACKET_LATER;
          break;
        }
      status = web_packet_send (packet, self->fd);
      if (status == WEB_PACKET_DONE)
        {
          self->buffered -= get_size (packet);
          self->unread_files += packet->files;
          reuse_locked (self, g_queue_pop_head (&self->packets));
        }
    }
  self->is_full = status == WEB_PACKET_AGAIN || status == WEB_PACKET_LATER;
  self->last_sent = g_get_monotonic_time ();

  /* There is nobody to receive it. */
  if (status == WEB_PACKET_GONE)
    drop_unwritten_locked (self);

  return status;
}

static void
close_locked (WebLink *self)
{
  /* Somebody else may have a copy of the descriptor: a child process, or a GSocket. */
  if (!is_forked (self))
    shutdown (self->fd, SHUT_RDWR);
  close (self->fd);
  self->fd = -1;
}

static void
leave_to_outbox_locked (WebLink *self)
{
  if (self->in_outbox)
    return;

  self->in_outbox = TRUE;
  web_outbox_add (&self->outgoing);
}

/* Writes what waits. The outbox calls this on its thread. */
static WebPacketStatus
link_write (WebOutgoing *outgoing, int epoll_fd)
{
  WebLink        *self = from_outgoing (outgoing);
  WebPacketStatus status;
  guint64         before;
  gboolean        was_waiting;

  web_mutex_lock (&self->lock);
  was_waiting = self->waiting;
  before = self->buffered;
  status = send_locked (self);
  if (status == WEB_PACKET_AGAIN)
    {
      struct epoll_event event = { .events = EPOLLOUT | EPOLLONESHOT, .data.ptr = outgoing };

      if (epoll_ctl (epoll_fd, EPOLL_CTL_MOD, self->fd, &event) < 0 &&
          epoll_ctl (epoll_fd, EPOLL_CTL_ADD, self->fd, &event) < 0)
        status = WEB_PACKET_LATER;
    }
  self->waiting = status == WEB_PACKET_AGAIN || status == WEB_PACKET_LATER;
  g_atomic_int_set (&self->is_slow, self->waiting);
  self->outbox_fd = epoll_fd;
  self->in_outbox = self->waiting;
  /* The descriptor may be sent to another process, and this epoll must not go along. */
  if (!self->waiting && was_waiting && self->fd >= 0)
    epoll_ctl (epoll_fd, EPOLL_CTL_DEL, self->fd, NULL);
  if (!self->waiting && self->closing && self->fd >= 0)
    close_locked (self);
  if (self->buffered != before)
    kick_locked (self);
  web_mutex_unlock (&self->lock);

  return status;
}

static void
flush_locked (WebLink *self)
{
  const guint64   before = self->buffered;
  WebPacketStatus status;
  gboolean        is_slow;

  if (self->waiting || !has_unwritten_locked (self))
    return;

  status = send_locked (self);
  is_slow = status == WEB_PACKET_AGAIN || status == WEB_PACKET_LATER;
  if (is_slow)
    leave_to_outbox_locked (self);
  if (self->is_slow && self->buffered != before)
    kick_locked (self);
  g_atomic_int_set (&self->is_slow, is_slow);
}

/* A turn of the main loop is over. */
static void
link_flush (WebWatch *watch)
{
  WebLink *self = (WebLink *)watch;

  web_mutex_lock (&self->lock);
  self->dirty = FALSE;
  flush_locked (self);
  web_mutex_unlock (&self->lock);
}

static WebPacket *
ensure_batch_locked (WebLink *self)
{
  if (self->batch == NULL)
    self->batch = web_packet_new ();

  return self->batch;
}

/* The receiver has to know before a packet comes that it has descriptors: see
 * web_packet_receive(). */
static void
announce_locked (WebLink *self)
{
  WebPacket *batch = ensure_batch_locked (self);

  web_packet_end_record (batch, web_packet_begin_record (batch, WEB_RECORD_ANNOUNCE), 0);
  self->buffered += sizeof (WebRecordHeader);
  seal_batch_locked (self);
}

static void
add_record_locked (WebLink      *self,
                   guint32       type,
                   const guint8 *data,
                   gsize         size,
                   GArray       *fds,
                   gsize         files)
{
  const gsize record_size = sizeof (WebRecordHeader) + size;
  guint       n_fds = fds != NULL ? fds->len : 0;
  const guint n_all = n_fds;
  WebPacket  *batch = ensure_batch_locked (self);
  guint64     before;
  gsize       begin;

  if (n_fds > 0)
    {
      announce_locked (self);
      while (n_fds > WEB_PACKET_MAX_FDS)
        {
          batch = ensure_batch_locked (self);
          web_packet_take_fds (batch, fds, WEB_PACKET_MAX_FDS);
          n_fds -= WEB_PACKET_MAX_FDS;
          web_packet_end_record (batch, web_packet_begin_record (batch, WEB_RECORD_FDS), 0);
          self->buffered += sizeof (WebRecordHeader);
          announce_locked (self);
        }
    }
  else if (batch->bytes->len + record_size > WEB_PACKET_MAX_SIZE)
    {
      seal_batch_locked (self);
    }

  batch = ensure_batch_locked (self);
  before = get_size (batch);
  begin = web_packet_begin_record (batch, type);
  g_byte_array_append (batch->bytes, data, size);
  web_packet_end_record (batch, begin, n_all);
  if (n_fds > 0)
    web_packet_take_fds (batch, fds, n_fds);
  batch->files += files;
  self->buffered += get_size (batch) - before;
  /* Descriptors are announced for one packet. */
  if (n_fds > 0)
    seal_batch_locked (self);
}

/* Adds a record, whose content goes in a memory file if it is long. Returns %FALSE if that cannot
 * be made. */
static gboolean
add_parcel_locked (WebLink *self, guint32 type, WebParcel *parcel, GError **error)
{
  int fd;

  if (parcel->bytes->len < WEB_MEMORY_FILE_MIN)
    {
      add_record_locked (self, type, parcel->bytes->data, parcel->bytes->len, parcel->fds,
                         parcel->files);
      return TRUE;
    }

  fd = web_memory_file_new_for_data (parcel->bytes->data, parcel->bytes->len, error);
  if (fd < 0)
    return FALSE;

  if (parcel->fds == NULL)
    web_parcel_add_fd (parcel, fd);
  else
    g_array_prepend_val (parcel->fds, fd);
  add_record_locked (self, type | WEB_RECORD_IN_FILE, NULL, 0, parcel->fds,
                     parcel->files + parcel->bytes->len);

  return TRUE;
}

/* Most messages are small values: they are written into the packet at once. */
static gboolean
write_plain_locked (WebLink *self, WebMessage *message, GError **error)
{
  WebPacket  *batch = ensure_batch_locked (self);
  const gsize begin = web_packet_begin_record (batch, WEB_RECORD_PLAIN);
  const gsize content = batch->bytes->len;
  WebParcel   parcel;
  gboolean    written = TRUE;

  web_parcel_init (&parcel, batch->bytes);
  self->funcs->write (message->data, &parcel, NULL);

  if (parcel.fds == NULL && batch->bytes->len <= WEB_PACKET_MAX_SIZE &&
      batch->bytes->len - content < WEB_MEMORY_FILE_MIN)
    {
      web_packet_end_record (batch, begin, 0);
      self->buffered += batch->bytes->len - begin;
    }
  else
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, batch->bytes->data + content, batch->bytes->len - content);
      g_byte_array_set_size (batch->bytes, begin);
      parcel.bytes = bytes;
      written = add_parcel_locked (self, WEB_RECORD_PLAIN, &parcel, error);
    }
  web_parcel_clear (&parcel);

  return written;
}

/* Writes a message with all that travels in it. Runs code of the application if it was not prepared
 * before. */
static gboolean
write_message (const WebMessageFuncs *funcs, WebMessage *message, WebParcel *parcel)
{
  const gsize begin = web_parcel_begin_block (parcel);

  if (!funcs->write (message->data, parcel, NULL))
    return FALSE;
  web_parcel_end_block (parcel, begin);

  return TRUE;
}

/* HTML, web-messaging.html#message-port-post-message-steps, step 3: whether the other side of this
 * connection travels in the message. */
static gboolean
is_doomed (WebLink *self, GPtrArray *holders)
{
  gboolean doomed = FALSE;
  guint    i;

  for (i = 0; i < holders->len && !doomed; i++)
    {
      WebEndpoint *endpoint = web_endpoint_holder_peek (holders->pdata[i]);
      WebLink     *other = endpoint != NULL ? web_endpoint_get_link (endpoint) : NULL;

      if (other == NULL || other == self)
        continue;

      /* Who the other side is may be in the first packet, which nobody has read yet. */
      if (!self->knows_peer && !other->knows_peer)
        web_link_gather (other);
      doomed = (self->knows_peer && memcmp (self->peer_id, other->id, WEB_LINK_ID_SIZE) == 0) ||
               (other->knows_peer && memcmp (other->peer_id, self->id, WEB_LINK_ID_SIZE) == 0);
    }

  return doomed;
}

/* The first message of a turn goes at once, those after it together. */
static gboolean
is_first_locked (WebLink *self)
{
  if (self->scheduler != NULL && web_scheduler_get_turn (self->scheduler) != self->last_turn)
    {
      self->last_turn = web_scheduler_get_turn (self->scheduler);
      return TRUE;
    }

  /* There may be no main loop yet, or a callback that takes long. */
  return g_get_monotonic_time () - self->last_sent > BURST_USEC;
}

static void
after_post_locked (WebLink *self)
{
  if (self->is_full)
    return;

  if (self->packets.length > 0 || is_first_locked (self))
    {
      flush_locked (self);
      return;
    }

  leave_to_outbox_locked (self);
  if (self->scheduler != NULL && !self->dirty)
    {
      self->dirty = TRUE;
      web_scheduler_mark_dirty (self->scheduler, &self->watch);
    }
}

/*
 * web_link_post:
 * @message: (transfer full): a message
 *
 * Sends a message to the other side. If that is not possible now, the caller keeps the message, and
 * nothing was sent.
 */
gboolean
web_link_post (WebLink *self, WebMessage *message, GError **error)
{
  gboolean posted = TRUE;

  if (self->funcs->is_plain (message->data))
    {
      web_mutex_lock (&self->lock);
      if (!self->closing && self->fd >= 0)
        {
          posted = write_plain_locked (self, message, error);
          after_post_locked (self);
        }
      web_mutex_unlock (&self->lock);
    }
  else if (message->holders == NULL || !is_doomed (self, message->holders))
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      WebParcel parcel;
      guint32   type = WEB_RECORD_MESSAGE;
      int       reserve;

      /* For the memory file of a long message: once its ports have left, it is too late to fail. */
      reserve = web_memory_file_reserve (error);
      if (reserve < 0)
        return FALSE;

      web_parcel_init (&parcel, bytes);
      if (!write_message (self->funcs, message, &parcel))
        {
          g_byte_array_set_size (bytes, 0);
          type = WEB_RECORD_UNWRITTEN;
        }
      web_link_write_endpoints (self->funcs, &parcel);
      close (reserve);

      web_mutex_lock (&self->lock);
      if (!self->closing && self->fd >= 0)
        {
          if (!add_parcel_locked (self, type, &parcel, NULL))
            add_record_locked (self, WEB_RECORD_UNWRITTEN, NULL, 0, NULL, 0);
          after_post_locked (self);
        }
      web_mutex_unlock (&self->lock);
      web_parcel_clear (&parcel);
    }
  else
    {
      g_debug ("A message was posted to a port that it carries itself; the channel is lost");
    }

  if (posted)
    web_task_drop (&message->task, TRUE);

  return posted;
}

/*
 * web_link_greet:
 *
 * Tells the other side who this is.
 */
void
web_link_greet (WebLink *self)
{
  guint8        content[sizeof (guint32) + WEB_LINK_ID_SIZE];
  const guint32 version = PROTOCOL_VERSION;

  memcpy (content, &version, sizeof version);
  memcpy (content + sizeof version, self->id, WEB_LINK_ID_SIZE);

  web_mutex_lock (&self->lock);
  add_record_locked (self, WEB_RECORD_HELLO, content, sizeof content, NULL, 0);
  flush_locked (self);
  web_mutex_unlock (&self->lock);
}

/*
 * web_link_close:
 *
 * Ends the connection, once what was posted is written.
 */
void
web_link_close (WebLink *self)
{
  WebScheduler *scheduler = NULL;

  web_mutex_lock (&self->lock);
  if (!self->closing)
    {
      self->closing = TRUE;
      self->ended = TRUE;
      scheduler = stop_watching_locked (self);
      flush_locked (self);
      if (self->fd >= 0 && !has_unwritten_locked (self) && !self->waiting)
        close_locked (self);
      else if (self->fd >= 0 && !is_forked (self))
        shutdown (self->fd, SHUT_RD);
    }
  web_mutex_unlock (&self->lock);

  g_clear_pointer (&scheduler, web_scheduler_unref);
}

/* Reading */

static void
end (WebLink *self)
{
  WebScheduler *scheduler;

  /* Their message will not come. */
  web_close_fds ((const int *)(void *)self->fds->data, self->fds->len);
  g_array_set_size (self->fds, 0);

  web_mutex_lock (&self->lock);
  self->ended = TRUE;
  scheduler = stop_watching_locked (self);
  web_mutex_unlock (&self->lock);

  /* The process may be gone that was on the other side. */
  if (scheduler != NULL && !self->watch.is_first && web_scheduler_is_current (scheduler))
    web_scheduler_run_first_watches (scheduler);
  g_clear_pointer (&scheduler, web_scheduler_unref);
  web_task_queue_end (&self->endpoint->queue, TRUE);
}

/* The other side does not keep to the rules. */
static void
give_up (WebLink *self, const char *why)
{
  g_debug ("A port is closed, because what came from its other side makes no sense: %s", why);

  web_mutex_lock (&self->lock);
  drop_unwritten_locked (self);
  if (self->fd >= 0)
    shutdown (self->fd, SHUT_RDWR);
  kick_locked (self);
  web_mutex_unlock (&self->lock);

  end (self);
}

static gboolean
read_hello (WebLink *self, WebParcelReader *reader)
{
  const guint8 *id;
  guint32       version;

  if (!web_parcel_reader_read_uint (reader, &version) || version != PROTOCOL_VERSION ||
      (id = web_parcel_reader_read_data (reader, WEB_LINK_ID_SIZE)) == NULL)
    return FALSE;

  memcpy (self->peer_id, id, WEB_LINK_ID_SIZE);
  self->knows_peer = TRUE;

  return TRUE;
}

/* The messages of a packet are queued together. Those that carry ports are queued one by one. */
static void
deliver (WebLink *self, WebMessage *message)
{
  message->sender = self->sender;
  web_task_list_push (&self->arrived, &message->task);
}

static void
queue_arrived (WebLink *self)
{
  WebTaskList arrived = web_task_list_steal (&self->arrived);

  if (arrived.head != NULL && !web_task_queue_post_list (&self->endpoint->queue, arrived))
    web_task_list_drop (arrived, TRUE);
}

static gboolean
read_message (WebLink *self, WebParcelReader *reader)
{
  g_autoptr (GPtrArray) ports = g_ptr_array_new_with_free_func ((GDestroyNotify)web_endpoint_unref);
  WebParcelReader block;
  WebMessage     *message;
  gboolean        complete;

  reader->ports = ports;
  if (!web_parcel_reader_read_block (reader, &block))
    return FALSE;

  message = self->funcs->read (&block, FALSE);
  complete = web_link_read_endpoints (self->funcs, reader);
  if (complete)
    {
      queue_arrived (self);
      web_link_deliver (self->endpoint, message, &self->sender);
    }
  else
    {
      web_task_drop (&message->task, TRUE);
    }

  return complete;
}

static gboolean
read_moved (WebLink *self, WebParcelReader *reader)
{
  g_autoptr (GPtrArray) ports = g_ptr_array_new_with_free_func ((GDestroyNotify)web_endpoint_unref);

  g_ptr_array_add (ports, web_endpoint_ref (self->endpoint));
  reader->ports = ports;
  self->awaits_move = FALSE;

  return web_link_read_endpoints (self->funcs, reader);
}

/* Returns what is wrong with the record, %NULL if nothing is. */
static const char *
read_record (WebLink *self, guint32 type, WebParcelReader *reader)
{
  if (self->awaits_move != (type == WEB_RECORD_MOVED))
    return "an endpoint has moved, or has not";

  switch (type)
    {
    case WEB_RECORD_MOVED:
      return read_moved (self, reader) ? NULL : "an endpoint that has moved is not complete";

    case WEB_RECORD_HELLO:
      return read_hello (self, reader) ? NULL : "it is of another version";

    case WEB_RECORD_PLAIN:
      deliver (self, self->funcs->read (reader, TRUE));
      return NULL;

    case WEB_RECORD_MESSAGE:
      return read_message (self, reader) ? NULL : "a message is not complete";

    case WEB_RECORD_UNWRITTEN:
      deliver (self, self->funcs->read (NULL, FALSE));
      return NULL;

    default:
      return "unknown record";
    }
}

static const char *
read_record_with_fds (WebLink *self, const WebRecordHeader *header, const guint8 *content)
{
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) error = NULL;
  WebParcelReader reader = {
    .data = content,
    .size = header->size,
    .fds = (int *)(void *)self->fds->data,
    .n_fds = header->n_fds,
    .max_file_size = self->limits.message,
    .max_ports = self->limits.descriptors,
  };
  guint32     type = header->type & ~WEB_RECORD_IN_FILE;
  const char *wrong;

  if ((header->type & WEB_RECORD_IN_FILE) != 0)
    {
      const int fd = web_parcel_reader_take_fd (&reader, 0);

      if (fd < 0)
        return "a record lacks its memory file";
      file = web_memory_file_map (fd, reader.max_file_size, &error);
      if (file != NULL)
        {
          reader.bytes = file;
          reader.data = g_bytes_get_data (file, &reader.size);
          if (reader.size == 0)
            reader.data = content;
          reader.max_file_size -= reader.size;
          reader.fds++;
          reader.n_fds--;
        }
      else if (type == WEB_RECORD_PLAIN || type == WEB_RECORD_MESSAGE)
        {
          g_debug ("A message from another process cannot be read: %s", error->message);
          type = WEB_RECORD_UNWRITTEN;
        }
    }

  if (reader.size > self->limits.message &&
      (type == WEB_RECORD_PLAIN || type == WEB_RECORD_MESSAGE))
    {
      g_debug ("A message from another process is longer than its receiver takes");
      type = WEB_RECORD_UNWRITTEN;
    }
  wrong = read_record (self, type, &reader);

  web_close_fds ((const int *)(void *)self->fds->data, header->n_fds);
  if (header->n_fds > 0)
    g_array_remove_range (self->fds, 0, header->n_fds);

  return wrong;
}

static const char *
read_packet (WebLink *self, const guint8 *data, gsize size)
{
  const char *wrong = NULL;
  gsize       position = 0;
  gboolean    waits_for_message = FALSE;

  self->announced = FALSE;
  while (wrong == NULL && position < size)
    {
      WebRecordHeader header;

      if (size - position < sizeof header)
        return "a record is cut off";
      memcpy (&header, data + position, sizeof header);
      position += sizeof header;
      if (header.size > size - position)
        return "a record is longer than its packet";
      if (header.n_fds > self->fds->len)
        return "a record lacks descriptors";
      if (header.n_fds > self->limits.descriptors)
        return "a record has too many descriptors";

      waits_for_message =
        header.type == WEB_RECORD_FDS || (header.type == WEB_RECORD_ANNOUNCE && waits_for_message);
      if (header.type == WEB_RECORD_ANNOUNCE)
        self->announced = TRUE;
      else if (header.type != WEB_RECORD_FDS)
        wrong = read_record_with_fds (self, &header, data + position);
      position += header.size;
    }

  if (wrong == NULL && self->fds->len > (waits_for_message ? self->limits.descriptors : 0))
    wrong = "there are too many descriptors";

  return wrong;
}

static gboolean
try_again (gpointer user_data)
{
  WebLink *self = user_data;

  sync_watch (self);

  return G_SOURCE_REMOVE;
}

/* Returns %TRUE if the descriptors whose message is yet to come may be why there is no room. */
static gboolean
holds_many_fds (WebLink *self)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_NOFILE, &limit) == 0 && self->fds->len > limit.rlim_cur / 4;
}

/* The process has too many descriptors to take what comes: it stays where it is for a while. */
static void
read_later (WebLink *self)
{
  g_autoptr (GSource) source = NULL;
  WebScheduler *scheduler;

  if (holds_many_fds (self))
    {
      give_up (self, "there are more descriptors than this process may have");
      return;
    }

  source = g_timeout_source_new (RETRY_MSEC);
  g_debug ("A port waits until this process may have more descriptors");

  web_mutex_lock (&self->lock);
  scheduler = stop_watching_locked (self);
  web_mutex_unlock (&self->lock);

  if (scheduler == NULL)
    return;

  g_source_set_static_name (source, "[webmessaging] descriptors");
  g_source_set_callback (source, try_again, web_link_ref (self), (GDestroyNotify)web_link_unref);
  web_scheduler_attach_source (scheduler, source);
  web_scheduler_unref (scheduler);
}

/* Reads the next packet into the queue of the endpoint. Returns its size, 0 if there is none. */
static gsize
read_next (WebLink *self, guint8 *buffer)
{
  WebPacketStatus status = WEB_PACKET_AGAIN;
  const char     *wrong;
  gsize           size = 0;

  web_mutex_lock (&self->lock);
  if (self->fd >= 0 && !self->ended)
    status =
      web_packet_receive (self->fd, self->announced, buffer, &size, self->fds, &self->sender);
  web_mutex_unlock (&self->lock);

  switch (status)
    {
    case WEB_PACKET_DONE:
      wrong = read_packet (self, buffer, size);
      queue_arrived (self);
      if (wrong != NULL)
        give_up (self, wrong);
      return wrong == NULL ? size : 0;

    case WEB_PACKET_LATER:
      read_later (self);
      return 0;

    case WEB_PACKET_GONE:
      if (web_debug_enabled ())
        {
          WebScheduledInfo info;

          web_task_queue_inspect (&self->endpoint->queue, &info);
          g_debug ("The connection of %s %p to another process has ended: the port there was "
                   "closed, or the process has ended",
                   info.type, info.owner);
        }
      end (self);
      return 0;

    case WEB_PACKET_IMPOSSIBLE:
      give_up (self, "a packet is too long, or has too many descriptors");
      return 0;

    case WEB_PACKET_AGAIN:
    default:
      return 0;
    }
}

/* Returns how many bytes have arrived and were not read. */
static gsize
get_arrived (WebLink *self)
{
  int arrived = 0;

  web_mutex_lock (&self->lock);
  if (self->fd >= 0)
    ioctl (self->fd, FIONREAD, &arrived);
  web_mutex_unlock (&self->lock);

  return MAX (arrived, 0);
}

/*
 * web_link_gather:
 *
 * Reads all that has arrived, but not what comes meanwhile, which may have no end. Only for the
 * thread of the port, or who has the endpoint.
 */
void
web_link_gather (WebLink *self)
{
  g_autofree guint8 *buffer = g_malloc (WEB_PACKET_MAX_SIZE);
  const gsize        arrived = get_arrived (self);
  gsize              total = 0, size;

  /* After the last packet there is the end of the connection. */
  while (total <= arrived && (size = read_next (self, buffer)) > 0)
    total += size;
}

/* Reads up to the next message. What comes without one may have no end. */
static void
read_message_or_end (WebLink *self, guint8 *buffer, guint max_packets)
{
  gboolean has_tasks;
  guint    i;

  for (i = 0; i < max_packets; i++)
    {
      web_task_queue_wants (&self->endpoint->queue, &has_tasks);
      if (has_tasks || read_next (self, buffer) == 0)
        break;
    }
}

static gboolean
is_hung_up (WebLink *self)
{
  struct pollfd poll_fd = { .events = 0 };
  gboolean      ret;

  web_mutex_lock (&self->lock);
  poll_fd.fd = self->fd;
  ret = self->fd >= 0 && poll (&poll_fd, 1, 0) == 1;
  web_mutex_unlock (&self->lock);

  return ret;
}

/* The main context of the port has seen something; without @events, see
 * web_scheduler_run_first_watches(). */
static void
link_ready (WebWatch *watch, guint32 events)
{
  WebLink      *self = (WebLink *)watch;
  WebTaskQueue *queue = &self->endpoint->queue;
  WebScheduler *scheduler;
  gboolean      wants, has_tasks;

  web_mutex_lock (&self->lock);
  scheduler = self->scheduler != NULL ? web_scheduler_ref (self->scheduler) : NULL;
  web_mutex_unlock (&self->lock);

  if (scheduler == NULL)
    return;

  wants = web_task_queue_wants (queue, &has_tasks);
  if (events == 0)
    {
      if (is_hung_up (self))
        web_link_gather (self);
    }
  else if (wants || (events & (EPOLLRDHUP | EPOLLHUP)) != 0)
    {
      /* An owner who wants no messages is told of the end, unless there is a message before it. No
       * packet comes any more. */
      read_message_or_end (self, web_scheduler_get_buffer (scheduler, WEB_PACKET_MAX_SIZE),
                           wants ? MAX_PACKETS : G_MAXUINT);
    }
  else
    {
      web_mutex_lock (&self->lock);
      if (self->scheduler != NULL)
        watch_locked (self, WATCH_END);
      web_mutex_unlock (&self->lock);
    }

  web_scheduler_unref (scheduler);
}

/* Moving */

/*
 * web_link_leave:
 * @state: (out): what the link consisted of
 *
 * Takes a link apart, because its endpoint leaves the process. The caller has the endpoint.
 */
void
web_link_leave (WebLink *self, WebLinkState *state)
{
  web_mutex_lock (&self->lock);
  g_assert (self->scheduler == NULL);
  /* What is written now arrives even if the endpoint does not. */
  if (!self->waiting)
    send_locked (self);
  seal_batch_locked (self);
  state->fd = self->fd;
  memcpy (state->id, self->id, WEB_LINK_ID_SIZE);
  memcpy (state->peer_id, self->peer_id, WEB_LINK_ID_SIZE);
  state->knows_peer = self->knows_peer;
  state->announced = self->announced;
  state->fds = g_steal_pointer (&self->fds);
  state->packets = self->packets;

  self->fds = g_array_new (FALSE, FALSE, sizeof (int));
  g_queue_init (&self->packets);
  self->buffered = 0;
  if (self->waiting)
    {
      epoll_ctl (self->outbox_fd, EPOLL_CTL_DEL, self->fd, NULL);
      self->waiting = FALSE;
      /* It has to see that there is nothing left. */
      web_outbox_add (&self->outgoing);
    }
  self->fd = -1;
  self->ended = self->closing = TRUE;
  web_mutex_unlock (&self->lock);
}

/*
 * web_link_new_for_state:
 * @state: (transfer full): what web_link_leave() has taken, perhaps in another process
 */
WebLink *
web_link_new_for_state (WebLinkState *state, const WebMessageFuncs *funcs)
{
  WebLink *self = web_link_new (state->fd, funcs);
  GList   *link;

  memcpy (self->id, state->id, WEB_LINK_ID_SIZE);
  memcpy (self->peer_id, state->peer_id, WEB_LINK_ID_SIZE);
  self->knows_peer = state->knows_peer;
  self->announced = state->announced;
  g_array_unref (self->fds);
  self->fds = g_steal_pointer (&state->fds);
  self->packets = state->packets;
  g_queue_init (&state->packets);

  web_mutex_lock (&self->lock);
  for (link = self->packets.head; link != NULL; link = link->next)
    self->buffered += get_size (link->data);
  flush_locked (self);
  web_mutex_unlock (&self->lock);

  return self;
}

void
web_link_state_clear (WebLinkState *self)
{
  g_queue_clear_full (&self->packets, (GDestroyNotify)web_packet_free);
  if (self->fds != NULL)
    web_close_fds ((const int *)(void *)self->fds->data, self->fds->len);
  g_clear_pointer (&self->fds, g_array_unref);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/*
 * web_link_receive_moved:
 * @fd: what web_link_send_moved() has returned in another place; it stays the caller's
 * @announced: whether the first packet has descriptors
 * @endpoint: an endpoint without a link, which gets the one that comes
 */
gboolean
web_link_receive_moved (int                    fd,
                        gboolean               announced,
                        WebEndpoint           *endpoint,
                        const WebMessageFuncs *funcs,
                        GError               **error)
{
  g_autoptr (WebLink) self = web_link_new (fd, funcs);
  g_autofree guint8 *buffer = g_malloc (WEB_PACKET_MAX_SIZE);
  const gsize        arrived = get_arrived (self);
  gsize              total = 0, size = 1;

  /* All of it was sent before the descriptor was. */
  self->endpoint = endpoint;
  self->announced = announced;
  self->awaits_move = TRUE;
  self->limits.descriptors = G_MAXUINT;
  while (self->awaits_move && total < arrived && (size = read_next (self, buffer)) > 0)
    total += size;
  self->endpoint = NULL;
  self->fd = -1;

  if (size > 0 && web_endpoint_get_link (endpoint) != NULL)
    return TRUE;

  if (self->awaits_move && !self->ended && total < arrived)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES,
                         "Port could not be made of a descriptor: too many are open");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "Descriptor does not bring the port that it stands for");
  return FALSE;
}

/*
 * web_link_send_parcel:
 *
 * Sends one record, for an endpoint that begins elsewhere. Returns %FALSE if not all of it could be
 * sent at once.
 */
gboolean
web_link_send_parcel (WebLink *self, WebRecordType type, WebParcel *parcel, GError **error)
{
  gboolean sent;

  web_mutex_lock (&self->lock);
  sent = add_parcel_locked (self, type, parcel, error);
  if (sent && send_locked (self) != WEB_PACKET_DONE)
    {
      drop_unwritten_locked (self);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES,
                           "Port could not leave the process: it carries too many descriptors");
      sent = FALSE;
    }
  web_mutex_unlock (&self->lock);

  return sent;
}

/* What the owner asks for */

/*
 * web_link_is_slow:
 *
 * Returns %TRUE if the other side does not take what was posted.
 */
gboolean
web_link_is_slow (WebLink *self)
{
  return g_atomic_int_get (&self->is_slow);
}

/*
 * web_link_flush:
 *
 * Writes what was posted at once.
 */
void
web_link_flush (WebLink *self)
{
  web_mutex_lock (&self->lock);
  flush_locked (self);
  web_mutex_unlock (&self->lock);
}

guint64
web_link_get_buffered (WebLink *self)
{
  guint64 buffered;

  web_mutex_lock (&self->lock);
  buffered = self->buffered;
  web_mutex_unlock (&self->lock);

  return buffered;
}

/*
 * web_link_check_room:
 *
 * Returns %FALSE with an error if so much waits that nothing more may be posted.
 */
gboolean
web_link_check_room (WebLink *self, GError **error)
{
  guint64  buffered;
  gboolean has_room;

  web_mutex_lock (&self->lock);
  buffered = self->buffered;
  has_room = buffered == 0 || buffered < self->limits.buffer;
  web_mutex_unlock (&self->lock);

  if (!has_room)
    g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_QUOTA_EXCEEDED,
                 "Message could not be posted: %" G_GUINT64_FORMAT
                 " bytes wait for a receiver that does not take them",
                 buffered);

  return has_room;
}
