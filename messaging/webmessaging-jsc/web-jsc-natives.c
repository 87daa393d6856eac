/* web-jsc-natives.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The functions that the scripts of the library call. They are private to those scripts.
 *
 * They get and return numbers and text. The mailbox has the numbers of the calls that are made
 * most, and bytes go through the other three buffers that the script shares: a function that got
 * the pointer of any other buffer would pin it, and transfer() would copy it from then on.
 *
 * A script that has changed the prototypes of the language can make the scripts of the library pass
 * any number. So these functions check them.
 */

#include "web-jsc-realm-private.h"

#include <string.h>

#include "web-jsc-engine-private.h"
#include "web-jsc-host-private.h"
#include "web-jsc-utf8-private.h"
#include "web-jsc-worker-private.h"

static void
native_open (JSCValue *mailbox,
             JSCValue *incoming,
             JSCValue *outgoing,
             JSCValue *scratch,
             gpointer  user_data)
{
  WebJscRealm *self = user_data;

  self->mailbox = jsc_value_array_buffer_get_data (mailbox, NULL);
  self->incoming = jsc_value_array_buffer_get_data (incoming, NULL);
  self->outgoing = jsc_value_array_buffer_get_data (outgoing, NULL);
  self->scratch = jsc_value_array_buffer_get_data (scratch, NULL);
}

/* How many bytes there are in a shared buffer. */
static guint
to_length (double length)
{
  return length > 0 && length <= WEB_JSC_CHUNK ? (guint)length : 0;
}

/* What something is known by in a table. */
static guint
to_key (double number)
{
  return number > 0 && number <= G_MAXUINT ? (guint)number : 0;
}

static void
forget (WebJscRealm *self)
{
  g_ptr_array_set_size (self->buffers, 0);
  g_ptr_array_set_size (self->transfer, 0);
  g_ptr_array_set_size (self->objects, 0);
  g_byte_array_set_size (self->bytes, 0);
}

/* Returns the realm that a message is written for. A script that was ended in the middle of one has
 * left its parts behind. */
static WebJscRealm *
prepare (gpointer user_data)
{
  WebJscRealm *self = user_data;
  const guint  n_ended = web_jsc_engine_count_ended ();

  if (self->n_ended != n_ended)
    {
      forget (self);
      g_hash_table_remove_all (self->kept);
      self->n_ended = n_ended;
    }

  return self;
}

static void
native_append (double length, gpointer user_data)
{
  WebJscRealm *self = prepare (user_data);

  g_byte_array_append (self->bytes, self->outgoing, to_length (length));
}

/* Takes what was appended, and so many bytes more. */
static GBytes *
take_bytes (WebJscRealm *self, double length)
{
  GByteArray *bytes = self->bytes;

  if (bytes->len == 0)
    return g_bytes_new (self->outgoing, to_length (length));

  g_byte_array_append (bytes, self->outgoing, to_length (length));
  self->bytes = g_byte_array_new ();

  return g_byte_array_free_to_bytes (bytes);
}

static double
native_keep_bytes (double length, gpointer user_data)
{
  WebJscRealm *self = prepare (user_data);

  g_hash_table_insert (self->kept, GUINT_TO_POINTER (++self->last_kept), take_bytes (self, length));

  return self->last_kept;
}

static void
native_drop_bytes (double number, gpointer user_data)
{
  WebJscRealm *self = user_data;

  g_hash_table_remove (self->kept, GUINT_TO_POINTER (to_key (number)));
}

static void
native_add_buffer (double number, gpointer user_data)
{
  WebJscRealm *self = prepare (user_data);
  gpointer     bytes;

  if (g_hash_table_steal_extended (self->kept, GUINT_TO_POINTER (to_key (number)), NULL, &bytes))
    g_ptr_array_add (self->buffers, bytes);
}

static void
add_target (WebJscRealm *self, GPtrArray *targets, double number)
{
  WebJscSlot *slot = web_jsc_realm_get (self, number);

  if (slot != NULL)
    g_ptr_array_add (targets, slot->target);
}

static void
native_add_transfer (double number, gpointer user_data)
{
  WebJscRealm *self = prepare (user_data);

  add_target (self, self->transfer, number);
}

static void
native_add_object (double number, gpointer user_data)
{
  WebJscRealm *self = prepare (user_data);

  add_target (self, self->objects, number);
}

static void
native_forget (gpointer user_data)
{
  forget (user_data);
}

static void
set_error (WebJscRealm *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
}

/* Returns the message that a script has encoded; the mailbox says where it is. */
static GBytes *
take_message (WebJscRealm *self)
{
  const double length = self->mailbox[WEB_JSC_PLACE_LENGTH];

  return self->mailbox[WEB_JSC_PLACE_IS_IN_SCRATCH] != 0
           ? g_bytes_new (self->scratch, to_length (length))
           : take_bytes (self, length);
}

/* As take_message(), until the next call. */
static const guint8 *
peek_message (WebJscRealm *self, gsize *size)
{
  const guint    length = to_length (self->mailbox[WEB_JSC_PLACE_LENGTH]);
  const gboolean is_in_scratch = self->mailbox[WEB_JSC_PLACE_IS_IN_SCRATCH] != 0;

  if (is_in_scratch || self->bytes->len == 0)
    {
      *size = length;
      return is_in_scratch ? self->scratch : self->outgoing;
    }

  g_byte_array_append (self->bytes, self->outgoing, length);
  *size = self->bytes->len;

  return self->bytes->data;
}

/* HTML, web-messaging.html#message-port-post-message-steps */
static gboolean
post (WebJscRealm *self, WebJscSlot *slot, GError **error)
{
  const guint8 *data;
  gsize         size;
  gpointer     *buffers = self->buffers->pdata;
  gpointer     *transfer = self->transfer->pdata;
  gpointer     *objects = self->objects->pdata;

  if (slot->kind == WEB_JSC_KIND_BROADCAST_CHANNEL)
    {
      g_autoptr (GBytes) cbor = take_message (self);
      g_autoptr (WebSerializedData) message =
        web_private_serialize_cbor (cbor, (GBytes **)buffers, self->buffers->len,
                                    (WebTransferable **)transfer, self->transfer->len,
                                    (WebSerializable **)objects, self->objects->len, error);

      return message != NULL &&
             web_broadcast_channel_post_serialized (WEB_BROADCAST_CHANNEL (slot->target), message,
                                                    error);
    }

  data = peek_message (self, &size);

  return web_private_post_cbor (slot->target, data, size, (GBytes **)buffers, self->buffers->len,
                                (WebTransferable **)transfer, self->transfer->len,
                                (WebSerializable **)objects, self->objects->len, error);
}

/* The mailbox has the number of the target. */
static gboolean
native_post (gpointer user_data)
{
  WebJscRealm *self = prepare (user_data);
  WebJscSlot  *slot = web_jsc_realm_get (self, self->mailbox[WEB_JSC_PLACE_NUMBER]);
  GError      *error = NULL;

  if (slot == NULL)
    return FALSE;

  if (post (self, slot, &error))
    {
      if (self->buffers->len + self->transfer->len + self->objects->len + self->bytes->len > 0)
        native_forget (self);
      return TRUE;
    }

  set_error (self, error);

  return FALSE;
}

/* HTML, structured-data.html#dom-structuredclone, for what the library transfers or clones */
static gboolean
native_transfer (gpointer user_data)
{
  WebJscRealm *self = prepare (user_data);
  g_autoptr (GBytes) cbor = take_message (self);
  g_autoptr (WebSerializedData) message = NULL;
  GError *error = NULL;

  g_clear_pointer (&self->received, g_ptr_array_unref);
  message =
    web_private_serialize_cbor (cbor, NULL, 0, (WebTransferable **)self->transfer->pdata,
                                self->transfer->len, (WebSerializable **)self->objects->pdata,
                                self->objects->len, &error);
  native_forget (self);
  if (message != NULL && web_private_receive_objects (message, &self->received, &error))
    return TRUE;

  set_error (self, error);

  return FALSE;
}

static char *
native_take_error (gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (GError) error = g_steal_pointer (&self->error);
  const char *name;

  if (error == NULL)
    return g_strdup ("OperationError\nThe operation failed");
  if (g_error_matches (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_ARGUMENT))
    name = "TypeError";
  else
    name = web_dom_exception_get_name (error);

  return g_strdup_printf ("%s\n%s", name != NULL ? name : "OperationError", error->message);
}

static WebJscKind
find_kind (gpointer object)
{
  return WEB_IS_MESSAGE_PORT (object) ? WEB_JSC_KIND_PORT : WEB_JSC_KIND_NONE;
}

/* Returns the number of an object, and its kind in the mailbox; 0 if scripts have no wrapper for
 * it. */
static double
receive (WebJscRealm *self, GObject *object)
{
  const WebJscKind kind = find_kind (object);

  if (kind == WEB_JSC_KIND_NONE)
    return 0;

  self->mailbox[WEB_JSC_PLACE_KIND] = kind;

  return web_jsc_realm_add (self, object, kind)->number;
}

/* An object that has come with the message. */
static double
native_receive_object (double index, gpointer user_data)
{
  WebJscRealm *self = user_data;

  return WEB_IS_MESSAGE_EVENT (self->event)
           ? receive (self, web_message_event_get_object (WEB_MESSAGE_EVENT (self->event),
                                                          to_key (index)))
           : 0;
}

/* An object that structuredClone() has transferred. */
static double
native_receive_clone (double index, gpointer user_data)
{
  WebJscRealm *self = user_data;

  return self->received != NULL && to_key (index) < self->received->len
           ? receive (self, g_ptr_array_index (self->received, to_key (index)))
           : 0;
}

static void
native_drop_clones (gpointer user_data)
{
  WebJscRealm *self = user_data;

  g_clear_pointer (&self->received, g_ptr_array_unref);
}

static double
native_receive_port (double index, gpointer user_data)
{
  WebJscRealm     *self = user_data;
  gsize            n_ports = 0;
  WebMessagePort **ports = NULL;

  if (WEB_IS_MESSAGE_EVENT (self->event))
    ports = web_message_event_get_ports (WEB_MESSAGE_EVENT (self->event), &n_ports);

  return to_key (index) < n_ports
           ? web_jsc_realm_add (self, ports[to_key (index)], WEB_JSC_KIND_PORT)->number
           : 0;
}

/* Opens a byte array out of line. Returns how long it is. */
static double
native_open_buffer (double index, gpointer user_data)
{
  WebJscRealm *self = user_data;
  GPtrArray   *buffers = self->message != NULL ? web_private_get_buffers (self->message) : NULL;
  GBytes      *bytes;

  if (buffers == NULL || to_key (index) >= buffers->len)
    {
      jsc_context_throw_with_name (jsc_context_get_current (), "RangeError", "No such buffer");
      return 0;
    }

  bytes = g_ptr_array_index (buffers, to_key (index));
  web_jsc_realm_read (self, bytes);

  return g_bytes_get_size (bytes);
}

static double
native_read (gpointer user_data)
{
  WebJscRealm  *self = user_data;
  gsize         size = 0;
  const guint8 *data = self->reading != NULL ? g_bytes_get_data (self->reading, &size) : NULL;
  const gsize   length = MIN (size - self->n_read, WEB_JSC_CHUNK);

  if (length > 0)
    memcpy (self->incoming, data + self->n_read, length);
  self->n_read += length;

  return length;
}

static double
native_encode_text (JSCValue *text, gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (GBytes) bytes = jsc_value_to_string_as_bytes (text);

  web_jsc_realm_read (self, bytes);

  return g_bytes_get_size (bytes);
}

static JSCValue *
native_decode_text (double length, gpointer user_data)
{
  JSCContext *context = jsc_context_get_current ();
  g_autoptr (GBytes) bytes = take_bytes (prepare (user_data), length);

  if (web_jsc_utf8_is_valid (bytes))
    return jsc_value_new_string_from_bytes (context, bytes);

  jsc_context_throw_with_name (context, "TypeError", "The bytes are not UTF-8");

  return jsc_value_new_undefined (context);
}

static JSCValue *
native_decode_any_text (double length, gpointer user_data)
{
  g_autoptr (GBytes) bytes = take_bytes (prepare (user_data), length);
  g_autoptr (GBytes) valid = web_jsc_utf8_make_valid (bytes);

  return jsc_value_new_string_from_bytes (jsc_context_get_current (), valid);
}

static void
native_make_channel (gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebMessagePort *port1 = web_message_channel_get_port1 (channel);
  WebMessagePort *port2 = web_message_channel_get_port2 (channel);

  self->mailbox[WEB_JSC_PLACE_PORT1] = web_jsc_realm_add (self, port1, WEB_JSC_KIND_PORT)->number;
  self->mailbox[WEB_JSC_PLACE_PORT2] = web_jsc_realm_add (self, port2, WEB_JSC_KIND_PORT)->number;
}

static double
native_make_broadcast_channel (const char *name, const char *origin, gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (WebBroadcastChannel) channel = NULL;

  if (*origin == '\0')
    {
      channel = web_broadcast_channel_new (name);
    }
  else
    {
      g_autoptr (WebOrigin) known = web_origin_new_for_url (origin, NULL);

      /* What is not a URL stands for the one opaque origin of the realm. */
      if (known == NULL && self->origin == NULL)
        self->origin = web_origin_new_opaque ();
      channel = web_broadcast_channel_new_for_origin (name, known != NULL ? known : self->origin);
    }

  return web_jsc_realm_add (self, channel, WEB_JSC_KIND_BROADCAST_CHANNEL)->number;
}

static void
native_listen (double number, gboolean listens, gpointer user_data)
{
  WebJscRealm *self = user_data;
  WebJscSlot  *slot = web_jsc_realm_get (self, number);

  if (slot == NULL)
    return;
  web_jsc_realm_listen (self, slot, WEB_JSC_EVENT_MESSAGE, listens);
  web_jsc_realm_listen (self, slot, WEB_JSC_EVENT_MESSAGEERROR, listens);
}

static void
native_start (double number, gpointer user_data)
{
  WebJscSlot *slot = web_jsc_realm_get (user_data, number);

  if (slot != NULL && slot->kind == WEB_JSC_KIND_PORT && !web_jsc_realm_is_over (slot->realm))
    web_message_port_start (WEB_MESSAGE_PORT (slot->target));
}

static void
native_close (double number, gpointer user_data)
{
  WebJscSlot *slot = web_jsc_realm_get (user_data, number);

  if (slot == NULL)
    return;
  if (slot->kind == WEB_JSC_KIND_PORT)
    web_message_port_close (WEB_MESSAGE_PORT (slot->target));
  else if (slot->kind == WEB_JSC_KIND_WORKER)
    web_worker_terminate (WEB_WORKER (slot->target));
  else if (slot->kind == WEB_JSC_KIND_BROADCAST_CHANNEL)
    web_broadcast_channel_close (WEB_BROADCAST_CHANNEL (slot->target));
  else if (slot->kind == WEB_JSC_KIND_SCOPE || slot->kind == WEB_JSC_KIND_SHARED_SCOPE)
    web_worker_global_scope_close (WEB_WORKER_GLOBAL_SCOPE (slot->target));
}

/* Returns %FALSE if nothing can arrive at a port any more. */
static gboolean
native_may_receive (double number, gpointer user_data)
{
  WebJscSlot *slot = web_jsc_realm_get (user_data, number);

  return slot != NULL && slot->kind == WEB_JSC_KIND_PORT &&
         web_private_may_receive (WEB_MESSAGE_PORT (slot->target));
}

/* Returns the number of the other port of a channel, if that is in this machine, and how many
 * messages wait at both; 0 if it is elsewhere. */
static double
native_get_peer (double number, gpointer user_data)
{
  WebJscRealm *self = user_data;
  WebJscSlot  *slot = web_jsc_realm_get (self, number);
  WebJscSlot  *peer = slot != NULL ? web_jsc_realm_get_peer (self, slot) : NULL;

  if (peer == NULL)
    return 0;

  self->mailbox[WEB_JSC_PLACE_N_WAITING] =
    web_private_count_waiting (WEB_MESSAGE_PORT (slot->target));
  self->mailbox[WEB_JSC_PLACE_N_WAITING_AT_PEER] =
    web_private_count_waiting (WEB_MESSAGE_PORT (peer->target));

  return peer->number;
}

static double
native_now (gpointer user_data)
{
  WebJscRealm *self = user_data;

  return (g_get_monotonic_time () - self->time_origin) / 1000.0;
}

static void
fire_timer (guint number, gpointer user_data)
{
  WebJscRealm *self = web_jsc_realm_ref (user_data);
  g_autoptr (JSCValue) entry = web_jsc_realm_begin (self);

  if (entry != NULL)
    {
      g_autoptr (JSCValue) result = NULL;

      self->mailbox[WEB_JSC_PLACE_NUMBER] = number;
      self->mailbox[WEB_JSC_PLACE_TIME] = native_now (self);
      result = web_jsc_realm_end (self, entry, WEB_JSC_CALL_FIRE_TIMER, NULL);
    }
  web_jsc_realm_unref (self);
}

static void
native_start_timer (double number, double milliseconds, gboolean repeats, gpointer user_data)
{
  WebJscRealm *self = user_data;

  if (web_jsc_realm_is_over (self) || self->main_context == NULL)
    return;

  if (self->timers == NULL)
    self->timers = web_jsc_timers_new (self->main_context, fire_timer, self);
  web_jsc_timers_start (self->timers, to_key (number), to_key (milliseconds), repeats);
}

static void
native_stop_timer (double number, gpointer user_data)
{
  WebJscRealm *self = user_data;

  if (self->timers != NULL)
    web_jsc_timers_stop (self->timers, to_key (number));
}

static const char *
get_error_detail (WebErrorEvent *event, WebJscDetail detail)
{
  switch (detail)
    {
    case WEB_JSC_DETAIL_MESSAGE:
      return web_error_event_get_message (event);

    case WEB_JSC_DETAIL_FILENAME:
      return web_error_event_get_filename (event);

    case WEB_JSC_DETAIL_STACK:
      return web_error_event_get_stack (event);

    case WEB_JSC_DETAIL_ORIGIN:
    default:
      return NULL;
    }
}

/* The text of the event that is being read. */
static char *
native_get_detail (double detail, gpointer user_data)
{
  WebJscRealm *self = user_data;
  const char  *text = NULL;

  if (WEB_IS_MESSAGE_EVENT (self->event))
    text = web_message_event_get_origin (WEB_MESSAGE_EVENT (self->event));
  else if (WEB_IS_ERROR_EVENT (self->event))
    text = get_error_detail (WEB_ERROR_EVENT (self->event), to_key (detail));

  return g_strdup (text != NULL ? text : "");
}

static void
native_report_to_host (const char *message,
                       const char *filename,
                       double      lineno,
                       double      colno,
                       const char *stack,
                       gpointer    user_data)
{
  WebJscRealm *self = user_data;

  if (!web_jsc_host_report (self->host, message, filename, to_key (lineno), to_key (colno), stack))
    g_printerr ("%s\n    %s:%u:%u\n", message, filename, to_key (lineno), to_key (colno));
}

static void
native_report (const char *message,
               const char *filename,
               double      lineno,
               double      colno,
               const char *stack,
               gpointer    user_data)
{
  WebJscRealm *self = user_data;

  if (self->scope != NULL)
    web_worker_global_scope_report_exception (self->scope, message, filename, to_key (lineno),
                                              to_key (colno), *stack != '\0' ? stack : NULL, NULL);
  native_report_to_host (message, filename, lineno, colno, stack, user_data);
}

/*
 * web_jsc_natives_report:
 *
 * Reports what has ended a script, as an exception that it has not handled.
 */
void
web_jsc_natives_report (WebJscRealm *self, const char *message)
{
  native_report (message, "", 0, 0, "", self);
}

static void
native_watch_rejections (JSCValue *function, gpointer user_data)
{
  web_jsc_engine_watch_rejections (jsc_context_get_current (), function);
}

/* URL, #host-parsing: a URL of these schemes has a host. */
static gboolean
has_valid_host (const char *url)
{
  static const char *const schemes[] = { "http", "https", "ws", "wss", "ftp" };
  const char              *scheme = g_uri_peek_scheme (url);
  g_autoptr (WebOrigin) origin = NULL;
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_strcmp0 (scheme, schemes[i]) == 0)
      {
        origin = web_origin_new_for_url (url, NULL);
        return origin != NULL;
      }

  return TRUE;
}

/* URL, #concept-url-parser, relative to the script or to the folder of the program */
static char *
native_resolve_url (const char *reference, gpointer user_data)
{
  WebJscRealm     *self = user_data;
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *folder_url = g_filename_to_uri (folder, NULL, NULL);
  g_autofree char *base =
    self->base_url != NULL ? g_strdup (self->base_url) : g_strconcat (folder_url, "/", NULL);
  const gboolean is_opaque = g_str_has_prefix (base, "data:") || g_str_has_prefix (base, "blob:") ||
                             g_str_has_prefix (base, "about:");

  g_autofree char *url =
    g_uri_resolve_relative (is_opaque ? NULL : base, reference,
                            G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);

  return url != NULL && has_valid_host (url) ? g_steal_pointer (&url) : NULL;
}

static gboolean
native_load (const char *url, gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (GBytes) script = g_steal_pointer (&self->first_script);
  GError *error = NULL;

  g_clear_pointer (&self->script, g_bytes_unref);
  if (script == NULL)
    script = web_jsc_host_load (self->host, url, &error);
  if (script != NULL)
    self->script = web_jsc_utf8_make_valid (script); /* others crash the engine */
  else
    set_error (self, error);

  return script != NULL;
}

/* HTML, webappapis.html#run-a-classic-script, with the script that was loaded last. An exception
 * goes to the caller. */
static void
native_evaluate (const char *name, gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (GBytes) script = g_steal_pointer (&self->script);
  g_autoptr (JSCValue) result = NULL;
  gsize       size = 0;
  const char *text = script != NULL ? g_bytes_get_data (script, &size) : NULL;

  result = jsc_context_evaluate_with_source_uri (jsc_context_get_current (),
                                                 text != NULL ? text : "", size, name, 1);

  /* The script may have imported others. */
  g_clear_pointer (&self->script, g_bytes_unref);
  self->script = g_steal_pointer (&script);
}

/* Returns whether the script that was run last can be parsed. */
static gboolean
native_is_valid (const char *name, gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (JSCException) exception = NULL;
  gsize       size = 0;
  const char *text = self->script != NULL ? g_bytes_get_data (self->script, &size) : NULL;

  return jsc_context_check_syntax (jsc_context_get_current (), text != NULL ? text : "", size,
                                   JSC_CHECK_SYNTAX_MODE_SCRIPT, name, 1,
                                   &exception) == JSC_CHECK_SYNTAX_RESULT_SUCCESS;
}

static void
native_fail (const char *message, gpointer user_data)
{
  WebJscRealm     *self = user_data;
  g_autofree char *text =
    g_strdup_printf ("The script of a worker could not be loaded: %s", message);

  if (!web_jsc_host_report (self->host, text, "", 0, 0, ""))
    g_printerr ("%s\n", text);
  if (self->scope == NULL)
    return;
  web_worker_global_scope_report_failure (self->scope);
  web_worker_global_scope_close (self->scope);
}

/* HTML, workers.html#permissible-worker: a document that is gone gets a worker that never begins.
 * What is posted to it is lost. */
static double
make_worker_that_never_runs (WebJscRealm *self)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();

  web_message_port_close (web_message_channel_get_port2 (channel));

  return web_jsc_realm_add (self, web_message_channel_get_port1 (channel), WEB_JSC_KIND_PORT)
    ->number;
}

/* The same for a shared worker: the mailbox has the number of its port. */
static double
make_shared_worker_that_never_runs (WebJscRealm *self)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();
  WebMessagePort *port1 = web_message_channel_get_port1 (channel);
  WebMessagePort *port2 = web_message_channel_get_port2 (channel);

  web_message_port_close (port2);
  self->mailbox[WEB_JSC_PLACE_PORT1] = web_jsc_realm_add (self, port1, WEB_JSC_KIND_PORT)->number;

  return web_jsc_realm_add (self, port2, WEB_JSC_KIND_PORT)->number;
}

/* What a worker that has ended keeps until its object is collected, above all the stack of its
 * thread. */
#define WORKER_SIZE 65536

static double
native_make_worker (const char *url, const char *name, gboolean is_module, gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (WebWorker) worker = NULL;
  double number;

  if (web_jsc_realm_is_over (self))
    return make_worker_that_never_runs (self);

  worker = web_jsc_worker_new_of_type (url, name, is_module, self->host);
  number = web_jsc_realm_add (self, worker, WEB_JSC_KIND_WORKER)->number;
  web_worker_start (worker);
  web_jsc_engine_report_memory (jsc_context_get_current (), WORKER_SIZE);

  return number;
}

/* Returns the origin that tells which shared workers are those of this realm. */
static const char *
get_origin (WebJscRealm *self, const char *origin)
{
  if (!g_str_equal (origin, "null"))
    return origin;
  if (self->opaque_origin == NULL)
    self->opaque_origin = g_uuid_string_random ();

  return self->opaque_origin;
}

/* The number of the port is in the mailbox. */
static double
native_make_shared_worker (const char *origin,
                           const char *url,
                           const char *name,
                           gboolean    is_module,
                           const char *credentials,
                           gpointer    user_data)
{
  WebJscRealm     *self = user_data;
  WebSharedWorker *worker;
  WebMessagePort  *port;

  if (web_jsc_realm_is_over (self))
    return make_shared_worker_that_never_runs (self);

  worker = web_jsc_shared_worker_new (get_origin (self, origin), url, name, is_module, credentials,
                                      self->host);
  g_ptr_array_add (self->shared_workers, worker);
  port = web_shared_worker_get_port (worker);
  self->mailbox[WEB_JSC_PLACE_PORT1] = web_jsc_realm_add (self, port, WEB_JSC_KIND_PORT)->number;
  web_private_release_ports (G_OBJECT (worker));

  return web_jsc_realm_add (self, worker, WEB_JSC_KIND_SHARED_WORKER)->number;
}

static gboolean
native_is_module (gpointer user_data)
{
  return ((WebJscRealm *)user_data)->is_module;
}

/* Returns the script that was loaded last, for a host that runs modules. */
static JSCValue *
native_get_script (gpointer user_data)
{
  WebJscRealm *self = user_data;

  return jsc_value_new_string_from_bytes (jsc_context_get_current (), self->script);
}

static char *
native_get_name (gpointer user_data)
{
  WebJscRealm *self = user_data;

  return g_strdup (self->scope != NULL ? web_worker_global_scope_get_name (self->scope) : "");
}

static char *
native_get_base (gpointer user_data)
{
  WebJscRealm *self = user_data;

  return g_strdup (self->base_url);
}

/* What a function is called in scripts, and its types: the result and up to five arguments. d:
 * number, b: boolean, s: text, v: value, -: none */
static const struct
{
  const char *name;
  GCallback   function;
  const char *types;
} natives[] = {
  { "addBuffer", G_CALLBACK (native_add_buffer), "-d" },
  { "addObject", G_CALLBACK (native_add_object), "-d" },
  { "addTransfer", G_CALLBACK (native_add_transfer), "-d" },
  { "append", G_CALLBACK (native_append), "-d" },
  { "close", G_CALLBACK (native_close), "-d" },
  { "decodeAnyText", G_CALLBACK (native_decode_any_text), "vd" },
  { "decodeText", G_CALLBACK (native_decode_text), "vd" },
  { "dropClones", G_CALLBACK (native_drop_clones), "-" },
  { "dropBytes", G_CALLBACK (native_drop_bytes), "-d" },
  { "encodeText", G_CALLBACK (native_encode_text), "dv" },
  { "evaluate", G_CALLBACK (native_evaluate), "-s" },
  { "fail", G_CALLBACK (native_fail), "-s" },
  { "forget", G_CALLBACK (native_forget), "-" },
  { "getBase", G_CALLBACK (native_get_base), "s" },
  { "getDetail", G_CALLBACK (native_get_detail), "sd" },
  { "getName", G_CALLBACK (native_get_name), "s" },
  { "getPeer", G_CALLBACK (native_get_peer), "dd" },
  { "getScript", G_CALLBACK (native_get_script), "v" },
  { "isModule", G_CALLBACK (native_is_module), "b" },
  { "isValid", G_CALLBACK (native_is_valid), "bs" },
  { "keepBytes", G_CALLBACK (native_keep_bytes), "dd" },
  { "listen", G_CALLBACK (native_listen), "-db" },
  { "load", G_CALLBACK (native_load), "bs" },
  { "makeBroadcastChannel", G_CALLBACK (native_make_broadcast_channel), "dss" },
  { "makeChannel", G_CALLBACK (native_make_channel), "-" },
  { "makeSharedWorker", G_CALLBACK (native_make_shared_worker), "dsssbs" },
  { "makeWorker", G_CALLBACK (native_make_worker), "dssb" },
  { "mayReceive", G_CALLBACK (native_may_receive), "bd" },
  { "now", G_CALLBACK (native_now), "d" },
  { "open", G_CALLBACK (native_open), "-vvvv" },
  { "openBuffer", G_CALLBACK (native_open_buffer), "dd" },
  { "post", G_CALLBACK (native_post), "b" },
  { "read", G_CALLBACK (native_read), "d" },
  { "receiveClone", G_CALLBACK (native_receive_clone), "dd" },
  { "receiveObject", G_CALLBACK (native_receive_object), "dd" },
  { "receivePort", G_CALLBACK (native_receive_port), "dd" },
  { "report", G_CALLBACK (native_report), "-ssdds" },
  { "reportToHost", G_CALLBACK (native_report_to_host), "-ssdds" },
  { "resolveUrl", G_CALLBACK (native_resolve_url), "ss" },
  { "start", G_CALLBACK (native_start), "-d" },
  { "startTimer", G_CALLBACK (native_start_timer), "-ddb" },
  { "stopTimer", G_CALLBACK (native_stop_timer), "-d" },
  { "takeError", G_CALLBACK (native_take_error), "s" },
  { "transfer", G_CALLBACK (native_transfer), "b" },
  { "watchRejections", G_CALLBACK (native_watch_rejections), "-v" },
};

static GType
to_type (char letter)
{
  switch (letter)
    {
    case 'd':
      return G_TYPE_DOUBLE;

    case 'b':
      return G_TYPE_BOOLEAN;

    case 's':
      return G_TYPE_STRING;

    case 'v':
      return JSC_TYPE_VALUE;

    case '-':
    default:
      return G_TYPE_NONE;
    }
}

/*
 * web_jsc_natives_new:
 *
 * Returns: (transfer full): an object with the functions
 */
JSCValue *
web_jsc_natives_new (WebJscRealm *realm, JSCContext *context)
{
  JSCValue *object = jsc_value_new_object (context, NULL, NULL);
  gsize     i;

  for (i = 0; i < G_N_ELEMENTS (natives); i++)
    {
      const char *types = natives[i].types;
      const guint n_arguments = strlen (types) - 1;
      GType       arguments[5];
      g_autoptr (JSCValue) function = NULL;
      guint j;

      if (g_str_equal (types, "b") &&
          web_jsc_engine_add_function (context, object, natives[i].name,
                                       (WebJscNativeFunc)natives[i].function, realm,
                                       (GDestroyNotify)web_jsc_realm_unref))
        {
          web_jsc_realm_ref (realm);
          continue;
        }

      for (j = 0; j < n_arguments; j++)
        arguments[j] = to_type (types[j + 1]);
      function =
        jsc_value_new_functionv (context, natives[i].name, natives[i].function,
                                 web_jsc_realm_ref (realm), (GDestroyNotify)web_jsc_realm_unref,
                                 to_type (types[0]), n_arguments, arguments);
      jsc_value_object_set_property (object, natives[i].name, function);
    }

  return object;
}
