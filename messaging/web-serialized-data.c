/* web-serialized-data.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error.h"
#include "web-message-port-private.h"
#include "web-serializable.h"
#include "web-serialized-data-private.h"
#include "web-transferable.h"

/**
 * WebSerializedData:
 *
 * A message, serialized: a value, and what was transferred or cloned with it.
 *
 * It is the record that the standard calls *serialized* or *serialize with transfer result*, and
 * it is immutable: it belongs to no thread, and any thread may hold references on it. A value that
 * is a `GVariant` is not copied.
 *
 * Posting with [method@WebMessaging.MessagePort.post_message] makes one behind the scenes. A
 * program makes one itself to send copies of objects of its own
 * ([iface@WebMessaging.Serializable]), or to post the same message to many ports.
 *
 * ## Objects in a value
 *
 * A `h` value (`g_variant_new_handle()`) stands for an object, as it stands for a descriptor in
 * D-Bus. Its number counts through the transfer list first and through the list of cloned objects
 * after it: with two entries in the transfer list, handle 0 and 1 are those, and handle 2 is the
 * first cloned object. The receiver finds its own object under the same number.
 *
 * See [Safe passing of structured
 * data](https://html.spec.whatwg.org/#safe-passing-of-structured-data).
 */

typedef struct
{
  GType    type;
  GObject *data_holder; /* owned; %NULL once it was received */
} Transferred;

typedef struct
{
  GType     type;
  GVariant *serialized; /* owned */
} Cloned;

struct _WebSerializedData
{
  int          ref_count; /* atomic */
  int          claimed;   /* atomic; whether what was transferred has found its receiver */
  GVariant    *value;     /* owned, nullable */
  Transferred *transferred;
  guint        n_transferred;
  guint        n_cloned;
  Cloned      *cloned;
};

G_DEFINE_BOXED_TYPE (WebSerializedData,
                     web_serialized_data,
                     web_serialized_data_ref,
                     web_serialized_data_unref)

/* Whether every handle in @value stands for one of @n_handles objects. */
static gboolean
check_handles (GVariant *value, gsize n_handles, GError **error)
{
  const char *type = g_variant_get_type_string (value);
  gsize       n_children;
  gsize       i;

  if (type[strcspn (type, "hv")] == '\0')
    return TRUE;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    {
      gint32 handle = g_variant_get_handle (value);

      if (handle >= 0 && (gsize)handle < n_handles)
        return TRUE;

      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "Handle %d stands for none of the %" G_GSIZE_FORMAT " objects of the message",
                   handle, n_handles);
      return FALSE;
    }

  n_children = g_variant_n_children (value);
  for (i = 0; i < n_children; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

      if (!check_handles (child, n_handles, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_object (GHashTable *memory, gpointer object, GType type, const char *list, GError **error)
{
  if (object == NULL)
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_TYPE,
                   "There is a null among the objects %s", list);
      return FALSE;
    }

  if (!g_type_is_a (G_OBJECT_TYPE (object), type))
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "A %s is no object %s", G_OBJECT_TYPE_NAME (object), list);
      return FALSE;
    }

  if (!g_hash_table_add (memory, object))
    {
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                   "The same %s stands twice in the lists of a message",
                   G_OBJECT_TYPE_NAME (object));
      return FALSE;
    }

  return TRUE;
}

/* HTML, structured-data.html#structuredserializewithtransfer, steps 2 and 3: the transfer list
 * goes into the memory before anything is serialized. */
static gboolean
check_objects (WebTransferable *const *transfer,
               gsize                   n_transfer,
               WebSerializable *const *objects,
               gsize                   n_objects,
               GError                **error)
{
  g_autoptr (GHashTable) memory = NULL;
  gsize i;

  if (n_transfer == 0 && n_objects == 0)
    return TRUE;

  memory = g_hash_table_new (NULL, NULL);
  for (i = 0; i < n_transfer; i++)
    if (!check_object (memory, transfer[i], WEB_TYPE_TRANSFERABLE, "to be transferred", error))
      return FALSE;
  for (i = 0; i < n_objects; i++)
    if (!check_object (memory, objects[i], WEB_TYPE_SERIALIZABLE, "to be cloned", error))
      return FALSE;

  return TRUE;
}

/* Step 4: serializes what is cloned. */
static gboolean
serialize_objects (WebSerializedData      *self,
                   WebSerializable *const *objects,
                   gsize                   n_objects,
                   GError                **error)
{
  gsize i;

  if (n_objects == 0)
    return TRUE;

  self->cloned = g_new0 (Cloned, n_objects);
  self->n_cloned = n_objects;
  for (i = 0; i < n_objects; i++)
    {
      Cloned *cloned = &self->cloned[i];

      cloned->type = G_OBJECT_TYPE (objects[i]);
      cloned->serialized = web_serializable_serialize (objects[i], error);
      if (cloned->serialized == NULL || !check_handles (cloned->serialized, 0, error))
        return FALSE;
    }

  return TRUE;
}

static void
put_back (WebSerializedData *self, WebTransferable *const *transfer, gsize n_transfer)
{
  while (n_transfer-- > 0)
    {
      g_autoptr (GObject) data_holder =
        g_steal_pointer (&self->transferred[n_transfer].data_holder);
      g_autoptr (GError) error = NULL;

      if (!web_transferable_receive (transfer[n_transfer], data_holder, &error))
        g_critical ("A %s could not take back what it had transferred: %s",
                    G_OBJECT_TYPE_NAME (transfer[n_transfer]), error->message);
    }
}

/* Steps 5 and 6. The standard transfers the entries before a detached one and then throws; here
 * all are looked at before the first is transferred, and what a class of the application may have
 * failed to transfer is put back, so that the caller keeps what was not sent. */
static gboolean
transfer_objects (WebSerializedData      *self,
                  WebTransferable *const *transfer,
                  gsize                   n_transfer,
                  GError                **error)
{
  gsize i;

  if (n_transfer == 0)
    return TRUE;

  for (i = 0; i < n_transfer; i++)
    if (web_transferable_is_detached (transfer[i]))
      {
        g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                     "A detached %s cannot be transferred", G_OBJECT_TYPE_NAME (transfer[i]));
        return FALSE;
      }

  self->transferred = g_new0 (Transferred, n_transfer);
  self->n_transferred = n_transfer;
  for (i = 0; i < n_transfer; i++)
    {
      Transferred *transferred = &self->transferred[i];

      transferred->type = G_OBJECT_TYPE (transfer[i]);
      transferred->data_holder = web_transferable_transfer (transfer[i], error);
      if (transferred->data_holder == NULL)
        {
          put_back (self, transfer, i);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * web_serialized_data_new: (constructor)
 * @value: (nullable): the value of the message. A floating reference is consumed, also when the
 *   call fails
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with it
 * @n_transfer: how many there are in @transfer
 * @objects: (array length=n_objects) (nullable): the objects to be cloned with it
 * @n_objects: how many there are in @objects
 * @error: return location for an error
 *
 * Serializes a value, and transfers what is in the transfer list.
 *
 * This is
 * [StructuredSerializeWithTransfer](https://html.spec.whatwg.org/#structuredserializewithtransfer).
 *
 * Must be called on the thread of the objects in @transfer and @objects. When it fails, nothing
 * was transferred.
 *
 * Sets %WEB_MESSAGING_ERROR_TYPE if a list has a %NULL in it, and %WEB_MESSAGING_ERROR_DATA_CLONE
 * if an object is detached, stands twice in the lists, is of a class that cannot be transferred or
 * cloned, or if a handle in @value stands for none of them. A class that fails to serialize or
 * transfer its object sets errors of its own.
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_new (GVariant               *value,
                         WebTransferable *const *transfer,
                         gsize                   n_transfer,
                         WebSerializable *const *objects,
                         gsize                   n_objects,
                         GError                **error)
{
  WebSerializedData *self;

  g_return_val_if_fail (transfer != NULL || n_transfer == 0, NULL);
  g_return_val_if_fail (objects != NULL || n_objects == 0, NULL);
  g_return_val_if_fail (n_transfer <= G_MAXINT32 && n_objects <= G_MAXINT32 - n_transfer, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_new0 (WebSerializedData, 1);
  self->ref_count = 1;
  if (value != NULL)
    self->value = g_variant_ref_sink (value);

  if (check_objects (transfer, n_transfer, objects, n_objects, error) &&
      (value == NULL || check_handles (value, n_transfer + n_objects, error)) &&
      serialize_objects (self, objects, n_objects, error) &&
      transfer_objects (self, transfer, n_transfer, error))
    return self;

  web_serialized_data_unref (self);

  return NULL;
}

/**
 * web_serialized_data_ref:
 * @self: a message
 *
 * Adds a reference. May be called on any thread.
 *
 * Returns: (transfer full): @self
 */
WebSerializedData *
web_serialized_data_ref (WebSerializedData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * web_serialized_data_unref:
 * @self: (transfer full): a message
 *
 * Drops a reference. May be called on any thread.
 *
 * With the last reference, what was transferred and not received is lost: the other side of a
 * port gets `close`.
 */
void
web_serialized_data_unref (WebSerializedData *self)
{
  guint i;

  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (i = 0; i < self->n_transferred; i++)
    g_clear_object (&self->transferred[i].data_holder);
  for (i = 0; i < self->n_cloned; i++)
    g_clear_pointer (&self->cloned[i].serialized, g_variant_unref);
  g_clear_pointer (&self->value, g_variant_unref);
  g_free (self->transferred);
  g_free (self->cloned);
  g_free (self);
}

/**
 * web_serialized_data_get_value:
 * @self: a message
 *
 * Gets the value as it was serialized. May be called on any thread.
 *
 * Returns: (transfer none) (nullable): the value
 */
GVariant *
web_serialized_data_get_value (WebSerializedData *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

/*
 * web_serialized_data_get_n_transferred:
 *
 * How many objects travel in the message.
 */
guint
web_serialized_data_get_n_transferred (WebSerializedData *self)
{
  return self->n_transferred;
}

/*
 * web_serialized_data_peek_end:
 *
 * The end of a pipe that the transferred object @index stands for, if it is a port and was not
 * received yet.
 */
WebPipeEnd *
web_serialized_data_peek_end (WebSerializedData *self, guint index)
{
  GObject *data_holder = self->transferred[index].data_holder;

  return data_holder != NULL ? web_message_port_data_holder_peek_end (data_holder) : NULL;
}

/* A record of its own with all that travels in @self, which keeps only what can be read twice. */
static WebSerializedData *
move_transferred (WebSerializedData *self)
{
  WebSerializedData *moved = g_new0 (WebSerializedData, 1);
  guint              i;

  moved->ref_count = 1;
  moved->value = self->value != NULL ? g_variant_ref (self->value) : NULL;

  moved->n_transferred = self->n_transferred;
  moved->transferred = g_new (Transferred, self->n_transferred);
  for (i = 0; i < self->n_transferred; i++)
    {
      moved->transferred[i].type = self->transferred[i].type;
      moved->transferred[i].data_holder = g_steal_pointer (&self->transferred[i].data_holder);
    }

  moved->n_cloned = self->n_cloned;
  moved->cloned = g_new (Cloned, self->n_cloned);
  for (i = 0; i < self->n_cloned; i++)
    {
      moved->cloned[i].type = self->cloned[i].type;
      moved->cloned[i].serialized = g_variant_ref (self->cloned[i].serialized);
    }

  return moved;
}

/*
 * web_serialized_data_claim:
 *
 * Gets the message for a receiver: what was transferred in it goes to one of them only, who drops
 * it with the record that this returns.
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_claim (WebSerializedData *self, GError **error)
{
  if (self->n_transferred == 0)
    return web_serialized_data_ref (self);

  if (g_atomic_int_compare_and_exchange (&self->claimed, FALSE, TRUE))
    return move_transferred (self);

  g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                       "A message with transferred objects can be posted or deserialized only "
                       "once");
  return NULL;
}

/* A new object of a class of the application, in the context of the receiver. */
static GObject *
new_object (GType type)
{
  GObject *object = g_object_new (type, NULL);

  return g_object_is_floating (object) ? g_object_ref_sink (object) : object;
}

static GObject *
receive_transferred (Transferred *transferred, WebWindow *window, GError **error)
{
  g_autoptr (GObject) data_holder = g_steal_pointer (&transferred->data_holder);
  g_autoptr (GObject) object = new_object (transferred->type);

  if (WEB_IS_MESSAGE_PORT (object))
    web_message_port_set_window (WEB_MESSAGE_PORT (object), window);

  if (!web_transferable_receive (WEB_TRANSFERABLE (object), data_holder, error))
    return NULL;

  return g_steal_pointer (&object);
}

static GObject *
deserialize_cloned (Cloned *cloned, GError **error)
{
  g_autoptr (GObject) object = new_object (cloned->type);

  if (!web_serializable_deserialize (WEB_SERIALIZABLE (object), cloned->serialized, error))
    return NULL;

  return g_steal_pointer (&object);
}

/*
 * web_serialized_data_receive:
 * @window: (nullable): the window that the received ports belong to
 * @objects: (out) (transfer full) (nullable): what the handles in the value stand for
 *
 * Makes the objects of a message that is the caller's alone to receive.
 */
gboolean
web_serialized_data_receive (WebSerializedData *self,
                             WebWindow         *window,
                             GPtrArray        **objects,
                             GError           **error)
{
  g_autoptr (GPtrArray) received = NULL;
  guint i;

  if (self->n_transferred > 0 || self->n_cloned > 0)
    {
      received = g_ptr_array_new_full (self->n_transferred + self->n_cloned, g_object_unref);

      /* HTML, structured-data.html#structureddeserializewithtransfer, step 3 */
      for (i = 0; i < self->n_transferred; i++)
        {
          GObject *object = receive_transferred (&self->transferred[i], window, error);

          if (object == NULL)
            return FALSE;
          g_ptr_array_add (received, object);
        }

      /* step 4 */
      for (i = 0; i < self->n_cloned; i++)
        {
          GObject *object = deserialize_cloned (&self->cloned[i], error);

          if (object == NULL)
            return FALSE;
          g_ptr_array_add (received, object);
        }
    }

  *objects = g_steal_pointer (&received);

  return TRUE;
}

/*
 * web_serialized_data_take_value:
 *
 * Takes the value of a message for its receiver, who drops the message then. If there is no other
 * reference on it, nobody else can come for the value.
 */
GVariant *
web_serialized_data_take_value (WebSerializedData *self)
{
  if (g_atomic_int_get (&self->ref_count) == 1)
    return g_steal_pointer (&self->value);

  return self->value != NULL ? g_variant_ref (self->value) : NULL;
}

/**
 * web_serialized_data_deserialize:
 * @self: a message
 * @objects: (out) (optional) (nullable) (transfer container) (element-type GObject): return
 * location for the objects that the handles in the value stand for, %NULL if there are none
 * @error: return location for an error
 *
 * Deserializes a message, and receives what was transferred with it.
 *
 * This is
 * [StructuredDeserializeWithTransfer](https://html.spec.whatwg.org/#structureddeserializewithtransfer).
 * The objects are made in the thread-default main context of the caller. A message with
 * transferred objects can be deserialized once, any other one as often as you like. When
 * receiving an object fails, all that was transferred with it is lost.
 *
 * May be called on any thread.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the message was posted or deserialized before and has
 * transferred objects, and what the classes of the objects set.
 *
 * Returns: (transfer full) (nullable): the value. %NULL also stands for a message with no value:
 *   look at @error
 */
GVariant *
web_serialized_data_deserialize (WebSerializedData *self, GPtrArray **objects, GError **error)
{
  g_autoptr (WebSerializedData) message = NULL;
  g_autoptr (GPtrArray) received = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (objects != NULL)
    *objects = NULL;

  message = web_serialized_data_claim (self, error);
  if (message == NULL || !web_serialized_data_receive (message, NULL, &received, error))
    return NULL;

  if (objects != NULL)
    *objects = g_steal_pointer (&received);

  return self->value != NULL ? g_variant_ref (self->value) : NULL;
}
