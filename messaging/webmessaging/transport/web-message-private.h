/* web-message-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sys/types.h>

#include "web-endpoint-private.h"
#include "wire/web-parcel-private.h"

G_BEGIN_DECLS

/* What a message carries, for those who need not know what it is. */
typedef struct _WebMessageFuncs WebMessageFuncs;
struct _WebMessageFuncs
{
  void (*free) (gpointer data);

  /* Whether the data is only a value: write() runs no code of an application then. */
  gboolean (*is_plain) (gpointer data);

  /* Writes the data for another process. Adds the endpoints that travel in it to the ports of the
   * parcel. */
  gboolean (*write) (gpointer data, WebParcel *parcel, GError **error);

  /* Returns a message with the data that another process has written, and adds new endpoints to the
   * ports of the parcel for those that travel in it. %NULL as @parcel stands for a message that its
   * sender could not write, and what cannot be read becomes such a message too: the receiver gets
   * an error. */
  WebMessage *(*read) (WebParcelReader *parcel, gboolean is_plain);
};

/* Who has sent a message from another process; the first is -1 if that is not known. */
typedef struct
{
  pid_t pid;
  uid_t uid;
  gid_t gid;
} WebSender;

#define WEB_SENDER_NONE ((WebSender){ -1, -1, -1 })

/* A message on its way: the task to deliver it. Only its receiver knows what @data is. */
struct _WebMessage
{
  WebTask                task; /* must be first */
  gpointer               data; /* owned */
  const WebMessageFuncs *funcs;
  WebSender              sender;
  GPtrArray *holders; /* owned, nullable: of WebEndpointHolder, the ports that travel in it */
};

WebMessage *web_message_new (gpointer data, const WebMessageFuncs *funcs, GPtrArray *holders);
void        web_message_init (WebMessage            *self,
                              gpointer               data,
                              const WebMessageFuncs *funcs,
                              GPtrArray             *holders);
void        web_message_clear (WebMessage *self, gboolean lost);
void        web_message_free (WebMessage *self);

WebTaskQueueItem web_message_take (WebTaskQueue *queue, WebMessage **message);

G_END_DECLS
