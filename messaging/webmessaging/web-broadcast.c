/* web-broadcast.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Which broadcast channels of this process hear each other.
 *
 * A broadcast channel holds an endpoint, as a port does. Its other side is all other channels with
 * the same scope and name, its group. The scope is the serialization of an origin, and an empty
 * string for the application itself. An opaque origin has no name that another process could know,
 * so it is compared itself.
 *
 * The lock only protects who is in a group. A post copies the list of receivers and queues the
 * message without the lock.
 */

#include "loop/web-debug-private.h"
#include "loop/web-lock-private.h"
#include "transport/web-message-private.h"
#include "web-broadcast-private.h"
#include "web-serialized-data-private.h"

/* What a group has in common. */
typedef struct
{
  char      *scope;  /* owned */
  char      *name;   /* owned */
  WebOrigin *opaque; /* owned, nullable: the origin, if it is opaque */
} GroupKey;

typedef struct _Member Member;

typedef struct
{
  GroupKey key;
  GQueue   members; /* of Member: owns them, in the order of their creation */
} Group;

struct _Member
{
  WebEndpoint parent;    /* must be first */
  int         ref_count; /* atomic */
  GroupKey    key;

  Group *group; /* unowned; %NULL once the member has left. Protected by the lock */
  GList  link;  /* in the members of @group */
};

static GMutex groups_lock;

/* Of Group, which is its own key; %NULL while there is none. Protected by groups_lock. */
static GHashTable *groups;

static const WebBroadcastRelay *current_relay; /* atomic, nullable */

static void
group_key_copy (const GroupKey *self, GroupKey *copy)
{
  copy->scope = g_strdup (self->scope);
  copy->name = g_strdup (self->name);
  copy->opaque = self->opaque != NULL ? web_origin_ref (self->opaque) : NULL;
}

static void
group_key_clear (GroupKey *self)
{
  g_free (self->scope);
  g_free (self->name);
  g_clear_pointer (&self->opaque, web_origin_unref);
}

static guint
group_key_hash (gconstpointer key)
{
  const GroupKey *self = key;

  return g_str_hash (self->name) ^ g_str_hash (self->scope) ^ g_direct_hash (self->opaque);
}

static gboolean
group_key_equal (gconstpointer one, gconstpointer other)
{
  const GroupKey *self = one, *key = other;

  return self->opaque == key->opaque && g_str_equal (self->name, key->name) &&
         g_str_equal (self->scope, key->scope);
}

static Group *
find_group_locked (const GroupKey *key)
{
  return groups != NULL ? g_hash_table_lookup (groups, key) : NULL;
}

static Group *
ensure_group_locked (const GroupKey *key)
{
  Group *group = find_group_locked (key);

  if (group != NULL)
    return group;

  if (groups == NULL)
    groups = g_hash_table_new (group_key_hash, group_key_equal);
  group = g_new0 (Group, 1);
  group_key_copy (key, &group->key);
  g_hash_table_add (groups, group);

  return group;
}

static void
group_free (Group *self)
{
  group_key_clear (&self->key);
  g_free (self);
}

static void
member_ref (WebEndpoint *endpoint)
{
  g_atomic_int_inc (&((Member *)endpoint)->ref_count);
}

static void
member_unref (WebEndpoint *endpoint)
{
  Member *self = (Member *)endpoint;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  web_endpoint_clear (endpoint);
  group_key_clear (&self->key);
  g_free (self);
}

static void
member_join (Member *self)
{
  web_mutex_lock (&groups_lock);
  self->group = ensure_group_locked (&self->key);
  self->link.data = web_endpoint_ref (&self->parent);
  g_queue_push_tail_link (&self->group->members, &self->link);
  web_mutex_unlock (&groups_lock);
}

/* The channel is closed, or gone: nothing will come from it any more, or reach it. */
static void
member_leave (WebEndpoint *endpoint, gboolean hold_peer)
{
  Member *self = (Member *)endpoint;
  Group  *group;
  Group  *empty = NULL;

  web_mutex_lock (&groups_lock);
  group = g_steal_pointer (&self->group);
  if (group != NULL)
    {
      g_queue_unlink (&group->members, &self->link);
      if (group->members.length == 0)
        {
          g_hash_table_remove (groups, group);
          empty = group;
        }
      if (g_hash_table_size (groups) == 0)
        g_clear_pointer (&groups, g_hash_table_unref);
    }
  web_mutex_unlock (&groups_lock);

  g_clear_pointer (&empty, group_free);
  if (group != NULL)
    web_endpoint_unref (endpoint);
}

/* Returns all members of a group but @sender, in the order of their creation; %NULL if there are
 * none. */
static GPtrArray *
dup_receivers_locked (Group *group, gpointer sender)
{
  const guint n_senders = sender != NULL ? 1 : 0;
  GPtrArray  *receivers;
  GList      *link;

  if (group == NULL || group->members.length <= n_senders)
    return NULL;

  receivers = g_ptr_array_new_full (group->members.length, (GDestroyNotify)web_endpoint_unref);
  for (link = group->members.head; link != NULL; link = link->next)
    if (link->data != sender)
      g_ptr_array_add (receivers, web_endpoint_ref (link->data));

  return receivers;
}

/* HTML, web-messaging.html#dom-broadcastchannel-postmessage, step 9 */
static void
queue_at_all (GPtrArray *receivers, WebSerializedData *data)
{
  guint i;

  if (receivers == NULL)
    return;

  for (i = 0; i < receivers->len; i++)
    {
      WebEndpoint *receiver = receivers->pdata[i];
      WebMessage  *message =
        web_message_new (web_serialized_data_ref (data), &web_serialized_data_message_funcs, NULL);

      if (!web_task_queue_post (&receiver->queue, &message->task))
        web_task_drop (&message->task, TRUE);
    }
  g_ptr_array_unref (receivers);
}

/* A member is not one of a pair, so web_broadcast_post() takes the place of post(). */
static const WebEndpointFuncs member_funcs = {
  .ref = member_ref,
  .unref = member_unref,
  .disentangle = member_leave,
};

/*
 * web_broadcast_join:
 * @origin: (nullable): an origin, %NULL for the application itself
 * @name: a name
 *
 * Makes the endpoint of a new broadcast channel. It gets what is posted from now on.
 *
 * Returns: (transfer full): an endpoint
 */
WebEndpoint *
web_broadcast_join (WebOrigin *origin, const char *name)
{
  Member *self = g_new0 (Member, 1);

  self->ref_count = 1;
  self->key.scope = origin != NULL ? web_origin_serialize (origin) : g_strdup ("");
  self->key.name = g_strdup (name);
  if (origin != NULL && web_origin_is_opaque (origin))
    self->key.opaque = web_origin_ref (origin);
  web_endpoint_init (&self->parent, &member_funcs);
  member_join (self);

  return &self->parent;
}

/*
 * web_broadcast_get_scope:
 *
 * Returns: (transfer none): the serialization of the origin, an empty string for the application
 */
const char *
web_broadcast_get_scope (WebEndpoint *endpoint)
{
  return ((Member *)endpoint)->key.scope;
}

/*
 * web_broadcast_post:
 * @endpoint: the sender's
 * @data: a message without transferred objects
 *
 * Queues a message at all other channels of the group, and sends it to the other processes. Does
 * nothing if the sender has left.
 *
 * Returns: %TRUE unless nobody gets the message because too much waits to be sent
 */
gboolean
web_broadcast_post (WebEndpoint *endpoint, WebSerializedData *data, GError **error)
{
  Member                  *self = (Member *)endpoint;
  const WebBroadcastRelay *relay =
    self->key.opaque == NULL ? g_atomic_pointer_get (&current_relay) : NULL;
  GPtrArray *receivers;
  gboolean   is_member;

  if (relay != NULL && !relay->check_room (error))
    return FALSE;

  web_mutex_lock (&groups_lock);
  receivers = dup_receivers_locked (self->group, self);
  is_member = self->group != NULL;
  web_mutex_unlock (&groups_lock);

  if (receivers == NULL && relay == NULL)
    web_debug (
      "A message that was broadcast on “%s” is lost: nobody else listens to it in this process",
      self->key.name);
  queue_at_all (receivers, data);
  if (relay != NULL && is_member)
    relay->send (self->key.scope, self->key.name, data);

  return TRUE;
}

/*
 * web_broadcast_has_receiver:
 *
 * Returns %TRUE if web_broadcast_deliver() has somebody to deliver to.
 */
gboolean
web_broadcast_has_receiver (const char *scope, const char *name)
{
  const GroupKey key = { .scope = (char *)scope, .name = (char *)name };
  gboolean       ret;

  web_mutex_lock (&groups_lock);
  ret = find_group_locked (&key) != NULL;
  web_mutex_unlock (&groups_lock);

  return ret;
}

/*
 * web_broadcast_deliver:
 * @scope: the serialization of an origin that is not opaque, an empty string for the application
 * @name: the name of the channel
 * @data: a message without transferred objects
 * @sender: (nullable): the endpoint that does not get the message
 *
 * Queues a message at all channels of this process with this scope and name. May be called on any
 * thread.
 */
void
web_broadcast_deliver (const char        *scope,
                       const char        *name,
                       WebSerializedData *data,
                       gpointer           sender)
{
  const GroupKey key = { .scope = (char *)scope, .name = (char *)name };
  GPtrArray     *receivers;

  web_mutex_lock (&groups_lock);
  receivers = dup_receivers_locked (find_group_locked (&key), sender);
  web_mutex_unlock (&groups_lock);

  queue_at_all (receivers, data);
}

/*
 * web_broadcast_set_relay:
 * @relay: (nullable): functions
 *
 * Sets what gets each message that is posted in this process, unless its origin is opaque.
 */
void
web_broadcast_set_relay (const WebBroadcastRelay *relay)
{
  g_atomic_pointer_set (&current_relay, relay);
}
