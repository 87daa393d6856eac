/* web-serialized-data.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "wire/web-cbor-private.h"
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
 * ## Two forms of a value
 *
 * A program in C makes a message of a `GVariant`; scripts make theirs of CBOR, in which their own
 * types have a place. Either form is made of the other one when somebody asks for it, once. Not all
 * that CBOR can express has a place in a `GVariant`.
 *
 * [method@WebMessaging.SerializedData.to_bytes] and
 * [ctor@WebMessaging.SerializedData.new_from_bytes] carry a message to another process.
 * [The wire format](wire-format.html) has the details.
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
  char     *type_name;  /* owned, of what came as bytes; NULL otherwise */
  GVariant *serialized; /* owned */
} Cloned;

struct _WebSerializedData
{
  int          ref_count; /* atomic */
  int          claimed;   /* atomic; whether what was transferred has found its receiver */
  GVariant    *value;     /* owned, nullable, atomic: may be made of @cbor on any thread */
  WebCbor     *cbor;      /* owned, nullable, atomic: may be made of @value on any thread */
  gboolean     is_cbor;   /* which of the two the sender has made */
  Transferred *transferred;
  guint        n_transferred;
  guint        n_cloned;
  Cloned      *cloned;
};

G_DEFINE_BOXED_TYPE (WebSerializedData,
                     web_serialized_data,
                     web_serialized_data_ref,
                     web_serialized_data_unref)

static WebSerializedData *
new_empty (void)
{
  WebSerializedData *self = g_new0 (WebSerializedData, 1);

  self->ref_count = 1;

  return self;
}

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
      g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_ARGUMENT,
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

      if (!web_transferable_transfer_receive (transfer[n_transfer], data_holder, &error))
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

/* All steps, for a message that has its value. */
static gboolean
add_objects (WebSerializedData      *self,
             WebTransferable *const *transfer,
             gsize                   n_transfer,
             WebSerializable *const *objects,
             gsize                   n_objects,
             GError                **error)
{
  return check_objects (transfer, n_transfer, objects, n_objects, error) &&
         (self->value == NULL || check_handles (self->value, n_transfer + n_objects, error)) &&
         serialize_objects (self, objects, n_objects, error) &&
         transfer_objects (self, transfer, n_transfer, error);
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
 * Sets %WEB_MESSAGING_ERROR_INVALID_ARGUMENT if a list has a %NULL in it, and
 * %WEB_MESSAGING_ERROR_DATA_CLONE if an object is detached, stands twice in the lists, is of a
 * class that cannot be transferred or cloned, or if a handle in @value stands for none of them. A
 * class that fails to serialize or transfer its object sets errors of its own.
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
  g_autoptr (WebSerializedData) self = NULL;

  g_return_val_if_fail (transfer != NULL || n_transfer == 0, NULL);
  g_return_val_if_fail (objects != NULL || n_objects == 0, NULL);
  g_return_val_if_fail (n_transfer <= G_MAXINT32 && n_objects <= G_MAXINT32 - n_transfer, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = new_empty ();
  if (value != NULL)
    self->value = g_variant_ref_sink (value);

  if (add_objects (self, transfer, n_transfer, objects, n_objects, error))
    return g_steal_pointer (&self);

  return NULL;
}

/*
 * web_serialized_data_new_for_cbor:
 * @cbor: the value of the message, in CBOR
 * @buffers: (array length=n_buffers) (nullable): the byte arrays that @cbor refers to
 * @n_buffers: how many there are in @buffers
 * @transfer: (array length=n_transfer) (nullable): the objects to be transferred with it
 * @n_transfer: how many there are in @transfer
 * @objects: (array length=n_objects) (nullable): the objects to be cloned with it
 * @n_objects: how many there are in @objects
 * @error: return location for an error
 *
 * Serializes a value that a script has encoded, as [ctor@WebMessaging.SerializedData.new] does
 * with a `GVariant`.
 *
 * This is for bindings of languages that have values of their own. @cbor must be as [the wire
 * format](wire-format.html) describes it; that is not looked at before somebody reads the message,
 * who gets an error then.
 *
 * Must be called on the thread of the objects in @transfer and @objects. When it fails, nothing
 * was transferred.
 *
 * Sets the errors of [ctor@WebMessaging.SerializedData.new].
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_new_for_cbor (GBytes                 *cbor,
                                  GBytes *const          *buffers,
                                  gsize                   n_buffers,
                                  WebTransferable *const *transfer,
                                  gsize                   n_transfer,
                                  WebSerializable *const *objects,
                                  gsize                   n_objects,
                                  GError                **error)
{
  g_autoptr (WebSerializedData) self = NULL;
  g_autoptr (GPtrArray) out_of_line = NULL;
  gsize i;

  g_return_val_if_fail (cbor != NULL, NULL);
  g_return_val_if_fail (buffers != NULL || n_buffers == 0, NULL);
  g_return_val_if_fail (transfer != NULL || n_transfer == 0, NULL);
  g_return_val_if_fail (objects != NULL || n_objects == 0, NULL);
  g_return_val_if_fail (n_transfer <= G_MAXINT32 && n_objects <= G_MAXINT32 - n_transfer, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  out_of_line = g_ptr_array_new_full (n_buffers, (GDestroyNotify)g_bytes_unref);
  for (i = 0; i < n_buffers; i++)
    g_ptr_array_add (out_of_line, g_bytes_ref (buffers[i]));

  self = new_empty ();
  self->cbor = web_cbor_new (cbor, out_of_line);
  self->is_cbor = TRUE;

  if (add_objects (self, transfer, n_transfer, objects, n_objects, error))
    return g_steal_pointer (&self);

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
    {
      g_clear_pointer (&self->cloned[i].serialized, g_variant_unref);
      g_free (self->cloned[i].type_name);
    }
  g_clear_pointer (&self->value, g_variant_unref);
  g_clear_pointer (&self->cbor, web_cbor_unref);
  g_free (self->transferred);
  g_free (self->cloned);
  g_free (self);
}

/**
 * web_serialized_data_get_value:
 * @self: a message
 * @error: return location for an error
 *
 * Gets the value of a message. May be called on any thread.
 *
 * The value of a script is converted first, as [the wire format](wire-format.html) describes it.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if a `GVariant` cannot hold the value.
 *
 * Returns: (transfer none) (nullable): the value. %NULL also stands for a message with no value:
 *   look at @error
 */
GVariant *
web_serialized_data_get_value (WebSerializedData *self, GError **error)
{
  GVariant *value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  value = g_atomic_pointer_get (&self->value);
  if (value != NULL || g_atomic_pointer_get (&self->cbor) == NULL)
    return value;

  value = web_cbor_to_variant (self->cbor, self->n_transferred + self->n_cloned, error);
  if (value == NULL || g_atomic_pointer_compare_and_exchange (&self->value, NULL, value))
    return value;

  g_variant_unref (value);

  return g_atomic_pointer_get (&self->value);
}

static WebCbor *
ensure_cbor (WebSerializedData *self)
{
  WebCbor *cbor = g_atomic_pointer_get (&self->cbor);

  if (cbor != NULL || g_atomic_pointer_get (&self->value) == NULL)
    return cbor;

  cbor = web_cbor_new_for_variant (self->value);
  if (g_atomic_pointer_compare_and_exchange (&self->cbor, NULL, cbor))
    return cbor;

  web_cbor_unref (cbor);

  return g_atomic_pointer_get (&self->cbor);
}

/*
 * web_serialized_data_get_cbor:
 * @self: a message
 *
 * Gets the value of a message in CBOR, as [the wire format](wire-format.html) describes it. May be
 * called on any thread.
 *
 * Returns: (transfer none) (nullable): the value, %NULL for a message with no value
 */
GBytes *
web_serialized_data_get_cbor (WebSerializedData *self)
{
  WebCbor *cbor;

  g_return_val_if_fail (self != NULL, NULL);

  cbor = ensure_cbor (self);

  return cbor != NULL ? cbor->bytes : NULL;
}

/*
 * web_serialized_data_get_buffers:
 * @self: a message
 *
 * Gets the byte arrays that the value in CBOR refers to. May be called on any thread.
 *
 * Returns: (transfer none) (nullable) (element-type GLib.Bytes): the byte arrays, %NULL if there
 *   are none
 */
GPtrArray *
web_serialized_data_get_buffers (WebSerializedData *self)
{
  WebCbor *cbor;

  g_return_val_if_fail (self != NULL, NULL);

  cbor = ensure_cbor (self);

  return cbor != NULL && cbor->buffers->len > 0 ? cbor->buffers : NULL;
}

/*
 * web_serialized_data_is_cbor:
 *
 * Whether a script has made the message.
 */
gboolean
web_serialized_data_is_cbor (WebSerializedData *self)
{
  return self->is_cbor;
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
  WebSerializedData *moved = new_empty ();
  GVariant          *value = g_atomic_pointer_get (&self->value);
  WebCbor           *cbor = g_atomic_pointer_get (&self->cbor);
  guint              i;

  moved->value = value != NULL ? g_variant_ref (value) : NULL;
  moved->cbor = cbor != NULL ? web_cbor_ref (cbor) : NULL;
  moved->is_cbor = self->is_cbor;

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
      moved->cloned[i].type_name = g_strdup (self->cloned[i].type_name);
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

  if (!web_transferable_transfer_receive (WEB_TRANSFERABLE (object), data_holder, error))
    return NULL;

  return g_steal_pointer (&object);
}

static GObject *
deserialize_cloned (Cloned *cloned, GError **error)
{
  g_autoptr (GObject) object = NULL;
  GType type = cloned->type;

  if (type == G_TYPE_INVALID)
    {
      type = g_type_from_name (cloned->type_name);
      if (!g_type_is_a (type, WEB_TYPE_SERIALIZABLE) || !G_TYPE_IS_OBJECT (type) ||
          G_TYPE_IS_ABSTRACT (type))
        {
          g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                       "There is no class “%s” here whose objects can be deserialized",
                       cloned->type_name);
          return NULL;
        }
    }

  object = new_object (type);
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
 * transferred objects or if a `GVariant` cannot hold its value, and what the classes of the objects
 * set.
 *
 * Returns: (transfer full) (nullable): the value. %NULL also stands for a message with no value:
 *   look at @error
 */
GVariant *
web_serialized_data_deserialize (WebSerializedData *self, GPtrArray **objects, GError **error)
{
  g_autoptr (GPtrArray) received = NULL;
  GError   *local_error = NULL;
  GVariant *value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (objects != NULL)
    *objects = NULL;

  if (!web_serialized_data_deserialize_objects (self, &received, error))
    return NULL;

  value = web_serialized_data_get_value (self, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }

  if (objects != NULL)
    *objects = g_steal_pointer (&received);

  return value != NULL ? g_variant_ref (value) : NULL;
}

/*
 * web_serialized_data_deserialize_objects:
 * @self: a message
 * @objects: (out) (nullable) (transfer container) (element-type GObject): return location for the
 *   objects that come with the value, %NULL if there are none
 * @error: return location for an error
 *
 * Does the part of [method@WebMessaging.SerializedData.deserialize] that concerns objects. The
 * value is for the caller to read, in the form that it prefers.
 *
 * May be called on any thread.
 *
 * Sets the errors of [method@WebMessaging.SerializedData.deserialize], those of the value aside.
 *
 * Returns: %TRUE if all objects were received
 */
gboolean
web_serialized_data_deserialize_objects (WebSerializedData *self,
                                         GPtrArray        **objects,
                                         GError           **error)
{
  g_autoptr (WebSerializedData) message = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (objects != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *objects = NULL;
  message = web_serialized_data_claim (self, error);

  return message != NULL && web_serialized_data_receive (message, NULL, objects, error);
}

static void
write_gvariant (GByteArray *out, GVariant *variant)
{
  g_autoptr (GVariant) normal = g_variant_get_normal_form (variant);
  g_autoptr (GVariant) little =
    G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (normal) : g_variant_ref (normal);

  web_cbor_write_text (out, g_variant_get_type_string (little));
  web_cbor_write_bytes (out, g_variant_get_data (little), g_variant_get_size (little));
}

static void
write_value (WebSerializedData *self, GByteArray *out)
{
  gsize         size;
  gconstpointer data;

  if (self->is_cbor)
    {
      data = g_bytes_get_data (self->cbor->bytes, &size);
      g_byte_array_append (out, data, size);
    }
  else
    {
      web_cbor_write_head (out, WEB_CBOR_TAG, WEB_CBOR_TAG_GVARIANT);
      web_cbor_write_head (out, WEB_CBOR_ARRAY, 2);
      write_gvariant (out, self->value);
    }
}

/**
 * web_serialized_data_to_bytes:
 * @self: a message
 * @error: return location for an error
 *
 * Gets a message as bytes, for another process. May be called on any thread.
 *
 * [The wire format](wire-format.html) describes them.
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if the message has transferred objects: they cannot leave
 * the process.
 *
 * Returns: (transfer full): the message in bytes
 */
GBytes *
web_serialized_data_to_bytes (WebSerializedData *self, GError **error)
{
  GByteArray *out;
  GPtrArray  *buffers;
  guint       i;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->n_transferred > 0)
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
                           "A message with transferred objects cannot become bytes");
      return NULL;
    }

  buffers = self->is_cbor ? self->cbor->buffers : NULL;
  out = g_byte_array_new ();

  web_cbor_write_head (out, WEB_CBOR_TAG, WEB_CBOR_TAG_MESSAGE);
  web_cbor_write_head (out, WEB_CBOR_ARRAY, self->is_cbor || self->value != NULL ? 3 : 2);

  web_cbor_write_head (out, WEB_CBOR_ARRAY, buffers != NULL ? buffers->len : 0);
  for (i = 0; buffers != NULL && i < buffers->len; i++)
    {
      gsize         size;
      gconstpointer data = g_bytes_get_data (buffers->pdata[i], &size);

      web_cbor_write_bytes (out, data, size);
    }

  web_cbor_write_head (out, WEB_CBOR_ARRAY, self->n_cloned);
  for (i = 0; i < self->n_cloned; i++)
    {
      Cloned *cloned = &self->cloned[i];

      web_cbor_write_head (out, WEB_CBOR_ARRAY, 3);
      web_cbor_write_text (out, cloned->type_name != NULL ? cloned->type_name
                                                          : g_type_name (cloned->type));
      write_gvariant (out, cloned->serialized);
    }

  if (self->is_cbor || self->value != NULL)
    write_value (self, out);

  return g_byte_array_free_to_bytes (out);
}

/* Reading a message, one function for each part of it. */

typedef struct
{
  WebCborReader reader;
  GBytes       *bytes; /* what @reader reads; borrowed */
} MessageReader;

static gboolean
fail_to_read (GError **error, const char *what)
{
  g_set_error (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_DATA_CLONE,
               "Bytes that are no message: %s", what);
  return FALSE;
}

static gboolean
read_kind (MessageReader *self, WebCborKind kind, WebCborItem *item, GError **error)
{
  return web_cbor_reader_next (&self->reader, item, error) &&
         (item->kind == kind || fail_to_read (error, "an item of the wrong kind"));
}

static GBytes *
slice (MessageReader *self, const WebCborItem *item)
{
  return g_bytes_new_from_bytes (self->bytes, item->data - self->reader.data, item->number);
}

static GVariant *
read_gvariant (MessageReader *self, GError **error)
{
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *type = NULL;
  WebCborItem      item;

  if (!read_kind (self, WEB_CBOR_TEXT, &item, error))
    return NULL;
  type = g_strndup ((const char *)item.data, item.number);
  if (!read_kind (self, WEB_CBOR_BYTES, &item, error))
    return NULL;
  if (!g_variant_type_string_is_valid (type) || !g_variant_type_is_definite (G_VARIANT_TYPE (type)))
    {
      fail_to_read (error, "a GVariant of no type");
      return NULL;
    }

  bytes = slice (self, &item);
  variant = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, FALSE));
  if (!g_variant_is_normal_form (variant))
    {
      fail_to_read (error, "a GVariant that is not in normal form");
      return NULL;
    }
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    return g_variant_byteswap (variant);

  return g_steal_pointer (&variant);
}

static GPtrArray *
read_buffers (MessageReader *self, GError **error)
{
  g_autoptr (GPtrArray) buffers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  WebCborItem item;
  gsize       n_buffers, i;

  if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
    return NULL;

  n_buffers = item.number;
  for (i = 0; i < n_buffers; i++)
    {
      if (!read_kind (self, WEB_CBOR_BYTES, &item, error))
        return NULL;
      g_ptr_array_add (buffers, slice (self, &item));
    }

  return g_steal_pointer (&buffers);
}

static gboolean
read_cloned (MessageReader *self, WebSerializedData *message, GError **error)
{
  WebCborItem item;
  gsize       n_cloned;

  if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
    return FALSE;
  n_cloned = item.number;

  /* Each takes four bytes and more. */
  if (n_cloned > web_cbor_reader_get_remaining (&self->reader) / 4)
    return fail_to_read (error, "an end that comes too early");

  message->cloned = g_new0 (Cloned, n_cloned);
  while (message->n_cloned < n_cloned)
    {
      Cloned *cloned = &message->cloned[message->n_cloned];

      if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
        return FALSE;
      if (item.number != 3)
        return fail_to_read (error, "an object that is not described");
      if (!read_kind (self, WEB_CBOR_TEXT, &item, error))
        return FALSE;
      if (!g_utf8_validate_len ((const char *)item.data, item.number, NULL))
        return fail_to_read (error, "the name of a class that is not UTF-8");

      cloned->type_name = g_strndup ((const char *)item.data, item.number);
      message->n_cloned++;
      cloned->serialized = read_gvariant (self, error);
      if (cloned->serialized == NULL || !check_handles (cloned->serialized, 0, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_value (MessageReader *self, GPtrArray *buffers, WebSerializedData *message, GError **error)
{
  const gsize   start = self->reader.position;
  WebCborReader ahead = self->reader;
  WebCborItem   item;

  if (!web_cbor_reader_next (&ahead, &item, error))
    return FALSE;

  if (item.kind == WEB_CBOR_TAG && item.number == WEB_CBOR_TAG_GVARIANT)
    {
      self->reader = ahead;
      if (!read_kind (self, WEB_CBOR_ARRAY, &item, error))
        return FALSE;
      if (item.number != 2)
        return fail_to_read (error, "a GVariant without a type");
      message->value = read_gvariant (self, error);
      return message->value != NULL && check_handles (message->value, message->n_cloned, error);
    }

  if (!web_cbor_validate (&self->reader, buffers, message->n_cloned, error))
    return FALSE;

  item.data = self->reader.data + start;
  item.number = self->reader.position - start;
  {
    g_autoptr (GBytes) bytes = slice (self, &item);

    message->cbor = web_cbor_new (bytes, buffers);
    message->is_cbor = TRUE;
  }

  return TRUE;
}

/**
 * web_serialized_data_new_from_bytes: (constructor)
 * @bytes: what [method@WebMessaging.SerializedData.to_bytes] has returned, in this process or
 *   another one
 * @error: return location for an error
 *
 * Reads a message. May be called on any thread.
 *
 * The sender need not be trusted: the message is looked at as a whole, and only then anything is
 * made of it. No object is made before [method@WebMessaging.SerializedData.deserialize], and then
 * only of classes that implement [iface@WebMessaging.Serializable].
 *
 * Sets %WEB_MESSAGING_ERROR_DATA_CLONE if @bytes are no message.
 *
 * Returns: (transfer full): the message
 */
WebSerializedData *
web_serialized_data_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (WebSerializedData) self = NULL;
  g_autoptr (GPtrArray) buffers = NULL;
  MessageReader message = { .bytes = bytes };
  WebCborItem   item;
  gsize         n_parts;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  message.reader.data = g_bytes_get_data (bytes, &message.reader.size);
  if (!read_kind (&message, WEB_CBOR_TAG, &item, error))
    return NULL;
  if (item.number != WEB_CBOR_TAG_MESSAGE)
    {
      fail_to_read (error, "another tag");
      return NULL;
    }
  if (!read_kind (&message, WEB_CBOR_ARRAY, &item, error))
    return NULL;
  n_parts = item.number;
  if (n_parts != 2 && n_parts != 3)
    {
      fail_to_read (error, "parts that are too few or too many");
      return NULL;
    }

  self = new_empty ();
  buffers = read_buffers (&message, error);
  if (buffers == NULL || !read_cloned (&message, self, error) ||
      (n_parts == 3 && !read_value (&message, buffers, self, error)))
    return NULL;
  if (web_cbor_reader_get_remaining (&message.reader) > 0)
    {
      fail_to_read (error, "something comes after it");
      return NULL;
    }

  return g_steal_pointer (&self);
}
