/* web-link-move.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How an endpoint leaves the process, in a parcel, and arrives in another one: its socket, what was
 * read there and not delivered, and what was posted and not written. Nobody keeps a copy of the
 * descriptor, so that the channel does not need this process any more.
 *
 * The messages that wait at an endpoint may carry endpoints, and so on. Each is a number in the
 * message that carries it, and all follow one after the other, so that nothing nests.
 */

#include "web-link-private.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web-endpoint-holder-private.h"
#include "web-in-flight-private.h"
#include "wire/web-memory-file-private.h"

/* The number of a descriptor that the sender could not make. */
#define NO_FD G_MAXUINT32

static void
write_fds (GArray *fds, WebParcel *parcel)
{
  web_parcel_write_fds (parcel, fds != NULL ? (const int *)(void *)fds->data : NULL,
                        fds != NULL ? fds->len : 0);
  /* They belong to the parcel now. */
  if (fds != NULL)
    g_array_set_size (fds, 0);
}

static void
write_packet (WebPacket *packet, WebParcel *parcel)
{
  const gsize begin = web_parcel_begin_block (parcel);

  web_parcel_write_data (parcel, packet->bytes->data, packet->bytes->len);
  web_parcel_end_block (parcel, begin);
  web_parcel_write_uint (parcel, MIN (packet->files, G_MAXUINT32));
  write_fds (packet->fds, parcel);
  g_clear_pointer (&packet->fds, g_array_unref);
}

static void
write_link (WebLink *link, WebParcel *parcel)
{
  WebLinkState state;
  WebPacket   *packet;

  web_link_leave (link, &state);

  web_parcel_write_uint (parcel, state.fd >= 0 ? web_parcel_add_fd (parcel, state.fd) : NO_FD);
  web_parcel_write_data (parcel, state.id, WEB_LINK_ID_SIZE);
  web_parcel_write_data (parcel, state.peer_id, WEB_LINK_ID_SIZE);
  web_parcel_write_uint (parcel, state.knows_peer);
  web_parcel_write_uint (parcel, state.announced);
  write_fds (state.fds, parcel);

  web_parcel_write_uint (parcel, state.packets.length);
  while ((packet = g_queue_pop_head (&state.packets)) != NULL)
    {
      write_packet (packet, parcel);
      web_packet_free (packet);
    }

  state.fd = -1;
  web_link_state_clear (&state);
}

static void
write_task (WebTask *task, const WebMessageFuncs *funcs, WebParcel *parcel)
{
  WebMessage *message = (WebMessage *)task;
  gsize       begin, content;

  if (message->holders != NULL)
    web_in_flight_leave (message->holders);

  web_parcel_write_uint (parcel,
                         funcs->is_plain (message->data) ? WEB_RECORD_PLAIN : WEB_RECORD_MESSAGE);
  begin = web_parcel_begin_block (parcel);
  content = parcel->bytes->len;
  if (!funcs->write (message->data, parcel, NULL))
    {
      const guint32 type = WEB_RECORD_UNWRITTEN;

      g_byte_array_set_size (parcel->bytes, content);
      memcpy (parcel->bytes->data + begin - 2 * sizeof type, &type, sizeof type);
    }
  web_parcel_end_block (parcel, begin);
}

/* Writes an endpoint that nobody else holds any more. It becomes an empty shell. */
static void
write_endpoint (WebEndpoint *endpoint, const WebMessageFuncs *funcs, WebParcel *parcel)
{
  WebLink    *link = web_endpoint_get_link (endpoint);
  WebTaskList tasks = { NULL, NULL };
  WebTaskList written = { NULL, NULL };
  WebTask    *task;
  gboolean    ended;
  gsize       n_tasks_at;
  guint32     n_tasks = 0;

  if (link != NULL)
    {
      /* The kernel allows few levels of sockets that wait in sockets: what waits there goes along.
       */
      web_link_gather (link);
      web_task_queue_leave (&endpoint->queue, &tasks, &ended);
    }
  else if (endpoint->funcs->leave != NULL)
    endpoint->funcs->leave (endpoint, funcs, &tasks);

  link = web_endpoint_get_link (endpoint);
  if (link == NULL)
    {
      web_parcel_write_uint (parcel, NO_FD);
      web_task_list_drop (tasks, TRUE);
      return;
    }

  write_link (link, parcel);

  n_tasks_at = parcel->bytes->len;
  web_parcel_write_uint (parcel, 0);
  while ((task = web_task_list_pop (&tasks)) != NULL)
    {
      write_task (task, funcs, parcel);
      web_task_list_push (&written, task);
      n_tasks++;
    }
  memcpy (parcel->bytes->data + n_tasks_at, &n_tasks, sizeof n_tasks);
  web_task_list_drop (written, TRUE);
}

/*
 * web_link_write_endpoints:
 *
 * Writes the endpoints that the parcel refers to, after the message that carries them.
 */
void
web_link_write_endpoints (const WebMessageFuncs *funcs, WebParcel *parcel)
{
  guint i;

  /* Each may add more of them. */
  for (i = 0; parcel->ports != NULL && i < parcel->ports->len; i++)
    write_endpoint (parcel->ports->pdata[i], funcs, parcel);
}

/*
 * web_link_send_moved:
 * @endpoint: an endpoint that nobody holds, and that becomes an empty shell
 * @fds: a socket pair of web_link_make_sockets(), which is consumed
 *
 * Returns: the second side of the pair, from which web_link_receive_moved() makes the endpoint; -1
 *   with an error, and the endpoint is lost
 */
int
web_link_send_moved (WebEndpoint *endpoint, int *fds, const WebMessageFuncs *funcs, GError **error)
{
  g_autoptr (WebLink) link = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  WebParcel parcel;
  const int reserve = web_memory_file_reserve (NULL);

  link = web_link_new (fds[0], funcs);
  web_parcel_init (&parcel, bytes);
  parcel.ports = g_ptr_array_new_with_free_func ((GDestroyNotify)web_endpoint_unref);
  g_ptr_array_add (parcel.ports, web_endpoint_ref (endpoint));
  web_link_write_endpoints (funcs, &parcel);
  if (reserve >= 0)
    close (reserve);
  if (!web_link_send_parcel (link, WEB_RECORD_MOVED, &parcel, error))
    {
      close (fds[1]);
      fds[1] = -1;
    }
  web_parcel_clear (&parcel);

  return fds[1];
}

gboolean
web_link_is_socket (int fd)
{
  int       type = 0, domain = 0;
  socklen_t size = sizeof type;

  return getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET &&
         getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

static gboolean
read_packets (GQueue *packets, WebParcelReader *parcel)
{
  guint32 n_packets, i;

  if (!web_parcel_reader_read_uint (parcel, &n_packets))
    return FALSE;

  for (i = 0; i < n_packets; i++)
    {
      WebPacket      *packet = web_packet_new ();
      WebParcelReader block;
      guint32         files;

      g_queue_push_tail (packets, packet);
      packet->fds = g_array_new (FALSE, FALSE, sizeof (int));
      if (!web_parcel_reader_read_block (parcel, &block) || block.size == 0 ||
          block.size > WEB_PACKET_MAX_SIZE || !web_parcel_reader_read_uint (parcel, &files) ||
          !web_parcel_reader_read_fds (parcel, packet->fds) ||
          packet->fds->len > WEB_PACKET_MAX_FDS)
        return FALSE;

      g_byte_array_append (packet->bytes, block.data, block.size);
      packet->files = files;
      if (packet->fds->len == 0)
        g_clear_pointer (&packet->fds, g_array_unref);
    }

  return TRUE;
}

static gboolean
read_link (WebLinkState *state, WebParcelReader *parcel)
{
  const guint8 *id, *peer_id;
  guint32       knows_peer, announced;

  if (!web_link_is_socket (state->fd) ||
      (id = web_parcel_reader_read_data (parcel, WEB_LINK_ID_SIZE)) == NULL ||
      (peer_id = web_parcel_reader_read_data (parcel, WEB_LINK_ID_SIZE)) == NULL ||
      !web_parcel_reader_read_uint (parcel, &knows_peer) ||
      !web_parcel_reader_read_uint (parcel, &announced))
    return FALSE;

  memcpy (state->id, id, WEB_LINK_ID_SIZE);
  memcpy (state->peer_id, peer_id, WEB_LINK_ID_SIZE);
  state->knows_peer = knows_peer != 0;
  state->announced = announced != 0;

  return web_parcel_reader_read_fds (parcel, state->fds) && read_packets (&state->packets, parcel);
}

/*
 * web_link_deliver:
 * @message: (transfer full): a message
 * @sender: who has sent it
 *
 * Queues a message that has come from another process.
 */
void
web_link_deliver (WebEndpoint *endpoint, WebMessage *message, const WebSender *sender)
{
  gboolean posted;

  message->sender = *sender;

  posted = message->holders != NULL
             ? web_in_flight_post (endpoint, &message->task, message->holders)
             : web_task_queue_post (&endpoint->queue, &message->task);
  if (!posted)
    web_task_drop (&message->task, TRUE);
}

static gboolean
read_tasks (WebEndpoint *endpoint, const WebMessageFuncs *funcs, WebParcelReader *parcel)
{
  guint32 n_tasks, i;

  if (!web_parcel_reader_read_uint (parcel, &n_tasks))
    return FALSE;

  for (i = 0; i < n_tasks; i++)
    {
      WebParcelReader block;
      WebMessage     *message;
      guint32         type;

      if (!web_parcel_reader_read_uint (parcel, &type) ||
          (type != WEB_RECORD_PLAIN && type != WEB_RECORD_MESSAGE &&
           type != WEB_RECORD_UNWRITTEN) ||
          !web_parcel_reader_read_block (parcel, &block))
        return FALSE;

      message =
        funcs->read (type != WEB_RECORD_UNWRITTEN ? &block : NULL, type == WEB_RECORD_PLAIN);
      web_link_deliver (endpoint, message, &WEB_SENDER_NONE);
      parcel->max_file_size = MIN (parcel->max_file_size, block.max_file_size);
    }

  return TRUE;
}

static gboolean
read_endpoint (WebEndpoint *endpoint, const WebMessageFuncs *funcs, WebParcelReader *parcel)
{
  WebLinkState state = { .fd = -1 };
  guint32      index;
  WebLink     *link;

  if (!web_parcel_reader_read_uint (parcel, &index))
    return FALSE;

  /* Its process could not let it go. */
  if (index == NO_FD)
    {
      web_task_queue_end (&endpoint->queue, TRUE);
      return TRUE;
    }

  state.fd = web_parcel_reader_take_fd (parcel, index);
  state.fds = g_array_new (FALSE, FALSE, sizeof (int));
  if (state.fd < 0 || !read_link (&state, parcel))
    {
      web_link_state_clear (&state);
      return FALSE;
    }

  link = web_link_new_for_state (&state, funcs);
  web_endpoint_set_link (endpoint, link, &web_link_funcs);

  return read_tasks (endpoint, funcs, parcel);
}

/*
 * web_link_read_endpoints:
 *
 * Reads the endpoints that the parcel refers to. Returns %FALSE if they are not as they must be.
 */
gboolean
web_link_read_endpoints (const WebMessageFuncs *funcs, WebParcelReader *parcel)
{
  guint i;

  for (i = 0; i < parcel->ports->len; i++)
    if (!read_endpoint (parcel->ports->pdata[i], funcs, parcel))
      return FALSE;

  return web_parcel_reader_get_remaining (parcel) == 0;
}
