/* web-jsc-realm.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The library in one JavaScriptCore context: HTML, webappapis.html#realms-and-their-counterparts.
 *
 * A script owns wrappers of ports, workers and broadcast channels. Each has a *slot* here, with a
 * number by which both sides know it. A wrapper refers to a *handle*, an object of the GLib API;
 * when the garbage collector frees that, the slot goes. The collector may run on any thread and
 * must not be disturbed, so that only numbers are noted then.
 *
 * The realm itself has no reference to its context: a context goes when its program drops it.
 */

#include "web-jsc-realm-private.h"

#include <string.h>

#include "webmessaging-jsc-resources.h"

#define SCRIPT        "/org/webmessaging/jsc/webmessaging-jsc.js"
#define SHARED_SCRIPT "/org/webmessaging/jsc/shared.js"

static const char *const event_types[] = { "message", "messageerror", "close", "error", "connect" };

#define MESSAGES (1 << WEB_JSC_EVENT_MESSAGE | 1 << WEB_JSC_EVENT_MESSAGEERROR)
#define CLOSE    (1 << WEB_JSC_EVENT_CLOSE)
#define ERROR    (1 << WEB_JSC_EVENT_ERROR)
#define CONNECT  (1 << WEB_JSC_EVENT_CONNECT)

/* What is listened to from the beginning. The library keeps a broadcast channel that listens, so a
 * script says when. */
static const guint kind_events[] = {
  [WEB_JSC_KIND_PORT] = MESSAGES | CLOSE, [WEB_JSC_KIND_WORKER] = MESSAGES | CLOSE | ERROR,
  [WEB_JSC_KIND_BROADCAST_CHANNEL] = 0,   [WEB_JSC_KIND_SCOPE] = MESSAGES | ERROR,
  [WEB_JSC_KIND_SHARED_WORKER] = ERROR,   [WEB_JSC_KIND_SHARED_SCOPE] = CONNECT | ERROR,
};

/* Of a slot. Contexts of one machine can pass their objects to each other, so that each number
 * stands for one object of the thread. */
static _Thread_local guint64 last_number;

/* The realms of this thread. */
static GPrivate thread_realms = G_PRIVATE_INIT ((GDestroyNotify)g_ptr_array_unref);

static GQuark
realm_quark (void)
{
  return g_quark_from_static_string ("web-jsc-realm");
}

static GQuark
shared_quark (void)
{
  return g_quark_from_static_string ("web-jsc-shared");
}

/* A registration at a target. */
typedef struct
{
  WebJscRealm *realm; /* owned */
  guint64      number;
  WebJscEvent  type;
} Listener;

static void
listener_free (gpointer data)
{
  Listener *self = data;

  web_jsc_realm_unref (self->realm);
  g_free (self);
}

static void
leave_shared_worker (gpointer worker)
{
  web_private_leave_shared_worker (worker);
  g_object_unref (worker);
}

static void
slot_free (gpointer data)
{
  WebJscSlot *self = data;

  g_object_unref (self->target);
  g_free (self);
}

WebJscRealm *
web_jsc_realm_ref (WebJscRealm *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
web_jsc_realm_clear (WebJscRealm *self)
{
  g_assert (self->realm == NULL && self->entry == NULL);

  g_clear_pointer (&self->main_context, g_main_context_unref);
  g_clear_object (&self->handle_class);
  g_clear_object (&self->host);
  g_free (self->base_url);
  g_clear_pointer (&self->origin, web_origin_unref);
  g_free (self->opaque_origin);
  g_ptr_array_unref (self->shared_workers);
  g_hash_table_unref (self->slots);
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->kept);
  g_byte_array_unref (self->bytes);
  g_ptr_array_unref (self->buffers);
  g_ptr_array_unref (self->transfer);
  g_ptr_array_unref (self->objects);
  g_clear_error (&self->error);
  g_clear_pointer (&self->message, web_serialized_data_unref);
  g_clear_pointer (&self->received, g_ptr_array_unref);
  g_clear_pointer (&self->reading, g_bytes_unref);
  g_clear_pointer (&self->script, g_bytes_unref);
  g_clear_pointer (&self->first_script, g_bytes_unref);
  g_array_unref (self->garbage);
  g_mutex_clear (&self->lock);
}

void
web_jsc_realm_unref (WebJscRealm *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)web_jsc_realm_clear);
}

static int deserialize (WebMessageEvent *event, const guint8 *cbor, gsize size, gpointer user_data);

WebJscRealm *
web_jsc_realm_new (WebJscHost *host, const char *base_url)
{
  WebJscRealm *self = g_atomic_rc_box_new0 (WebJscRealm);

  web_jsc_realm_load_scripts ();
  self->main_context = g_main_context_ref_thread_default ();
  self->thread = g_thread_self ();
  self->host = host != NULL ? g_object_ref (host) : NULL;
  self->base_url = g_strdup (base_url);
  self->time_origin = g_get_monotonic_time ();
  self->shared_workers = g_ptr_array_new_with_free_func (leave_shared_worker);
  self->slots = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, slot_free);
  self->numbers = g_hash_table_new (NULL, NULL);
  self->kept = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_bytes_unref);
  self->bytes = g_byte_array_new ();
  self->buffers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->transfer = g_ptr_array_new ();
  self->objects = g_ptr_array_new ();
  self->garbage = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_mutex_init (&self->lock);
  self->realm = web_private_realm_new (WEB_PRIVATE_VERSION, deserialize, web_jsc_realm_ref (self),
                                       (GDestroyNotify)web_jsc_realm_unref, NULL);
  g_assert (self->realm != NULL);

  return self;
}

/*
 * web_jsc_realm_is_over:
 *
 * Returns: %TRUE if nothing happens in the realm any more; scripts may still call its functions
 */
gboolean
web_jsc_realm_is_over (WebJscRealm *self)
{
  return self->realm == NULL;
}

/* HTML, web-messaging.html#disentangle: a port is garbage, or its realm is. */
static void
end_target (WebJscSlot *slot)
{
  switch (slot->kind)
    {
    case WEB_JSC_KIND_PORT:
      web_message_port_close (WEB_MESSAGE_PORT (slot->target));
      break;

    case WEB_JSC_KIND_WORKER:
      web_worker_terminate (WEB_WORKER (slot->target));
      break;

    case WEB_JSC_KIND_BROADCAST_CHANNEL:
      web_broadcast_channel_close (WEB_BROADCAST_CHANNEL (slot->target));
      break;

    case WEB_JSC_KIND_SCOPE:
    case WEB_JSC_KIND_SHARED_WORKER:
    case WEB_JSC_KIND_SHARED_SCOPE:
    case WEB_JSC_KIND_NONE:
    default:
      break;
    }
}

/* The other port is about to be told that this one is gone. Until then it must not be collected. */
static void
part (WebJscRealm *self, WebJscSlot *slot)
{
  WebJscSlot  *peer = web_jsc_realm_get_peer (self, slot);
  WebJscRealm *realm = peer != NULL ? peer->realm : NULL;
  g_autoptr (JSCValue) entry = NULL;
  g_autoptr (JSCValue) result = NULL;

  if (realm == NULL || web_jsc_realm_is_over (realm))
    return;

  entry = web_jsc_realm_begin (realm);
  if (entry == NULL)
    return;

  realm->mailbox[WEB_JSC_PLACE_NUMBER] = peer->number;
  result = web_jsc_realm_end (realm, entry, WEB_JSC_CALL_PART, NULL);
}

static void
end_slot (WebJscRealm *self, WebJscSlot *slot)
{
  int type;

  part (self, slot);
  for (type = 0; type < WEB_JSC_N_EVENTS; type++)
    web_jsc_realm_listen (self, slot, type, FALSE);
  end_target (slot);
}

static void
release (WebJscRealm *self, guint64 number)
{
  WebJscSlot *slot = g_hash_table_lookup (self->slots, &number);

  if (slot == NULL)
    return;

  g_hash_table_steal (self->slots, &number);
  g_hash_table_remove (self->numbers, slot->target);
  end_slot (self, slot);
  slot_free (slot);
}

/* Lets the scripts of the library know. */
static void
tell_over (WebJscRealm *self)
{
  g_autoptr (JSCValue) entry = web_jsc_realm_begin (self);

  if (entry != NULL)
    self->mailbox[WEB_JSC_PLACE_OVER] = TRUE;
}

/* The program may listen at the objects, and do anything. */
static void
end_slots (WebJscRealm *self)
{
  g_autofree gpointer *targets = g_hash_table_get_keys_as_array (self->numbers, NULL);
  guint                i;

  for (i = 0; targets[i] != NULL; i++)
    {
      WebJscSlot *slot = g_hash_table_lookup (self->numbers, targets[i]);

      if (slot != NULL)
        end_slot (self, slot);
    }
}

/*
 * web_jsc_realm_shut_down:
 *
 * Ends the realm: closes its ports and channels, terminates its workers, stops its timers. Scripts
 * may still use its objects and make others, to which nothing happens: HTML,
 * document-lifecycle.html#fully-active.
 */
void
web_jsc_realm_shut_down (WebJscRealm *self)
{
  WebPrivateRealm *realm = g_steal_pointer (&self->realm);

  if (realm == NULL)
    return;

  web_jsc_realm_ref (self);
  tell_over (self);
  g_clear_pointer (&self->timers, web_jsc_timers_free);
  g_ptr_array_set_size (self->shared_workers, 0);
  end_slots (self);
  g_boxed_free (WEB_PRIVATE_TYPE_REALM, realm);
  web_jsc_realm_unref (self);
}

/*
 * web_jsc_realm_leave_context:
 *
 * The context is gone, or is about to go, and nobody has its objects any more.
 */
void
web_jsc_realm_leave_context (WebJscRealm *self)
{
  GPtrArray     *realms = g_private_get (&thread_realms);
  GMainContext  *main_context;
  GHashTableIter iter;
  WebJscSlot    *slot;

  web_jsc_realm_ref (self);
  web_jsc_realm_shut_down (self);
  if (realms != NULL)
    g_ptr_array_remove_fast (realms, self);
  for (;;)
    {
      g_hash_table_iter_init (&iter, self->slots);
      if (!g_hash_table_iter_next (&iter, NULL, (gpointer *)&slot))
        break;
      release (self, slot->number);
    }
  g_clear_object (&self->entry);
  g_clear_weak_pointer (&self->context);

  g_mutex_lock (&self->lock);
  main_context = g_steal_pointer (&self->main_context);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&main_context, g_main_context_unref);
  web_jsc_realm_unref (self);
}

static gboolean
sweep (gpointer user_data)
{
  WebJscRealm *self = user_data;
  g_autoptr (GArray) garbage = g_array_new (FALSE, FALSE, sizeof (guint64));
  GArray  *other;
  gboolean is_over = FALSE;
  guint    i;

  g_mutex_lock (&self->lock);
  other = self->garbage;
  self->garbage = g_steal_pointer (&garbage);
  self->sweep = NULL;
  g_mutex_unlock (&self->lock);

  garbage = other;
  for (i = 0; i < garbage->len; i++)
    {
      const guint64 number = g_array_index (garbage, guint64, i);

      if (number == 0)
        is_over = TRUE;
      else
        release (self, number);
    }
  if (is_over)
    web_jsc_realm_leave_context (self);

  return G_SOURCE_REMOVE;
}

/* The main context of the realm is gone, and does not run the source any more. */
static void
sweep_at_last (gpointer user_data)
{
  WebJscRealm *self = user_data;

  sweep (self);
  web_jsc_realm_unref (self);
}

/* An object that a wrapper refers to. */
typedef struct
{
  WebJscRealm *realm;  /* owned */
  guint64      number; /* 0 for the one that goes with the context */
} Handle;

/* The garbage collector calls this, on any thread. */
static void
handle_free (gpointer data)
{
  Handle       *self = data;
  WebJscRealm  *realm = self->realm;
  GMainContext *context = NULL;

  g_mutex_lock (&realm->lock);
  g_array_append_val (realm->garbage, self->number);
  if (realm->sweep == NULL && realm->main_context != NULL)
    {
      GSource *source = g_idle_source_new ();

      g_source_set_static_name (source, "[webmessaging] garbage");
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, sweep, web_jsc_realm_ref (realm), sweep_at_last);
      g_source_attach (source, realm->main_context);
      g_source_unref (source);
      realm->sweep = source;
    }
  /* The source keeps the realm from now on, and the program keeps the main context. GLib leaks a
   * source that is destroyed while its main context is freed, so the timers go now. */
  if (self->number == 0)
    {
      g_clear_pointer (&realm->timers, web_jsc_timers_free);
      context = g_steal_pointer (&realm->main_context);
    }
  g_mutex_unlock (&realm->lock);

  if (context != NULL)
    g_main_context_unref (context);
  web_jsc_realm_unref (realm);
  g_free (self);
}

static JSCValue *
make_handle (double number, gpointer user_data)
{
  WebJscRealm *realm = user_data;
  Handle      *self = g_new (Handle, 1);

  self->realm = web_jsc_realm_ref (realm);
  self->number = number;

  return jsc_value_new_object (jsc_context_get_current (), self, realm->handle_class);
}

static gboolean
is_unsettled (WebJscRealm *self)
{
  return self->n_settled != web_jsc_engine_count_ended ();
}

/* The program gets no exception of what it has not called itself. A worker that was terminated has
 * no limit to be told of. */
static void
report_limit (WebJscRealm *self)
{
  if (web_jsc_realm_is_over (self) ||
      (self->scope != NULL &&
       g_cancellable_is_cancelled (web_worker_global_scope_get_cancellable (self->scope))))
    return;

  web_jsc_natives_report (self, "The script took longer than its time limit");
}

/* When a microtask was ended by a limit, the engine ends the next call too, whatever that does. So
 * it is one that does nothing. */
static void
settle (WebJscRealm *self, JSCValue *entry)
{
  JSCContext   *context = jsc_value_get_context (entry);
  JSCException *before = jsc_context_get_exception (context);
  double        saved[WEB_JSC_N_PLACES];
  g_autoptr (JSCValue) result = NULL;

  self->n_settled = web_jsc_engine_count_ended ();
  memcpy (saved, self->mailbox, sizeof saved);
  self->mailbox[WEB_JSC_PLACE_CALL] = WEB_JSC_CALL_NOTHING;
  result = jsc_value_function_callv (entry, 0, NULL);
  memcpy (self->mailbox, saved, sizeof saved);
  if (jsc_context_get_exception (context) != before)
    {
      jsc_context_clear_exception (context);
      report_limit (self);
    }
}

/*
 * web_jsc_realm_begin:
 *
 * Returns: (transfer full) (nullable): the function of the script, %NULL if the context is gone
 */
JSCValue *
web_jsc_realm_begin (WebJscRealm *self)
{
  JSCValue *entry = self->entry != NULL ? jsc_weak_value_get_value (self->entry) : NULL;

  if (entry != NULL && is_unsettled (self))
    settle (self, entry);

  return entry;
}

/*
 * web_jsc_realm_end:
 * @entry: what web_jsc_realm_begin() returned
 * @argument: (nullable): an argument
 *
 * Calls the script. When the stack is empty then, the engine runs the microtasks.
 *
 * Returns: (transfer full) (nullable): what the function returned, %NULL if the script was ended
 *   from outside
 */
JSCValue *
web_jsc_realm_end (WebJscRealm *self, JSCValue *entry, WebJscCall call, JSCValue *argument)
{
  g_autoptr (JSCValue) result = NULL;
  JSCContext   *context = jsc_value_get_context (entry);
  JSCException *before = jsc_context_get_exception (context);

  web_jsc_engine_note_call ();
  self->mailbox[WEB_JSC_PLACE_CALL] = call;
  result = jsc_value_function_callv (entry, argument != NULL ? 1 : 0, &argument);

  /* The scripts of the library throw nothing: the limit of a script was reached. */
  if (jsc_context_get_exception (context) != before)
    {
      jsc_context_clear_exception (context);
      g_clear_object (&result);
    }
  if (is_unsettled (self))
    {
      settle (self, entry);
      if (result == NULL)
        report_limit (self);
    }

  return g_steal_pointer (&result);
}

static void
settle_now (WebJscRealm *self)
{
  g_autoptr (JSCValue) entry = web_jsc_realm_begin (self);
}

/*
 * web_jsc_realm_settle:
 *
 * Does for all realms of this thread what web_jsc_realm_begin() does for one.
 */
void
web_jsc_realm_settle (void)
{
  GPtrArray *realms = g_private_get (&thread_realms);
  guint      i;

  /* The program may make and drop contexts when it is told of a limit. */
  for (i = 0; realms != NULL && i < realms->len; i++)
    {
      WebJscRealm *realm = web_jsc_realm_ref (g_ptr_array_index (realms, i));

      if (is_unsettled (realm))
        settle_now (realm);
      web_jsc_realm_unref (realm);
    }
}

static gboolean
settle_in_turn (gpointer user_data)
{
  web_jsc_realm_settle ();

  return G_SOURCE_REMOVE;
}

/*
 * web_jsc_realm_settle_soon:
 *
 * For scripts that the program has called: a microtask that was ended after its call leaves the
 * machine in a state that the program knows nothing of.
 */
void
web_jsc_realm_settle_soon (void)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_static_name (source, "[webmessaging] after a time limit");
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, settle_in_turn, NULL, NULL);
  g_source_attach (source, context);
}

/* The function of the script, for calls that are made for each message. One of the two is there. */
typedef struct
{
  JSCContext *context; /* owned: keeps the function of the realm */
  JSCValue   *entry;   /* owned */
} Entry;

/* Returns %FALSE if the context is gone. */
static gboolean
entry_init (Entry *self, WebJscRealm *realm)
{
  const gboolean is_kept = realm->context != NULL && !is_unsettled (realm);

  self->context = is_kept ? g_object_ref (realm->context) : NULL;
  self->entry = is_kept ? NULL : web_jsc_realm_begin (realm);

  return is_kept || self->entry != NULL;
}

static void
entry_clear (Entry *self)
{
  g_clear_object (&self->context);
  g_clear_object (&self->entry);
}

/* Calls the script, and drops what it returns. Returns %FALSE if it was ended from outside. */
static gboolean
call (WebJscRealm *self, const Entry *entry, WebJscCall number)
{
  g_autoptr (JSCValue) result = NULL;

  if (entry->context != NULL)
    {
      gboolean done;

      self->mailbox[WEB_JSC_PLACE_CALL] = number;
      done = web_jsc_engine_call (&self->function);
      if (is_unsettled (self))
        {
          settle_now (self);
          if (!done)
            report_limit (self);
        }

      return done;
    }

  result = web_jsc_realm_end (self, entry->entry, number, NULL);

  return result != NULL;
}

/*
 * web_jsc_realm_read:
 *
 * Lets the script read bytes, in pieces.
 */
void
web_jsc_realm_read (WebJscRealm *self, GBytes *bytes)
{
  g_clear_pointer (&self->reading, g_bytes_unref);
  self->reading = g_bytes_ref (bytes);
  self->n_read = 0;
}

/* HTML, structured-data.html#structureddeserializewithtransfer. The value is made together with the
 * event of the script, in one call: see js/dispatching.js, which makes a messageerror event if
 * there is no such value. */
static int
deserialize (WebMessageEvent *event, const guint8 *cbor, gsize size, gpointer user_data)
{
  return web_jsc_realm_is_over (user_data) ? -1 : 1;
}

/* An event that a program has made has a GVariant. */
static WebSerializedData *
ref_message (WebMessageEvent *event)
{
  WebSerializedData *message = web_private_get_message (event);
  GVariant          *data = message == NULL ? web_message_event_get_data (event) : NULL;

  if (message != NULL)
    return web_serialized_data_ref (message);

  return data != NULL ? web_serialized_data_new (data, NULL, 0, NULL, 0, NULL) : NULL;
}

static void
describe_message (WebJscRealm *self, WebMessageEvent *event)
{
  GBytes       *cbor = self->message != NULL ? web_private_get_cbor (self->message) : NULL;
  gsize         n_ports, size = 0;
  const guint8 *data = cbor != NULL ? g_bytes_get_data (cbor, &size) : NULL;

  web_message_event_get_ports (event, &n_ports);
  self->mailbox[WEB_JSC_PLACE_SIZE] = data != NULL ? (double)size : -1;
  self->mailbox[WEB_JSC_PLACE_N_PORTS] = n_ports;
  self->mailbox[WEB_JSC_PLACE_HAS_ORIGIN] = *web_message_event_get_origin (event) != '\0';
  if (size > WEB_JSC_CHUNK)
    web_jsc_realm_read (self, cbor);
  else if (data != NULL)
    memcpy (self->incoming, data, size);
}

static void
describe_error (WebJscRealm *self, WebEvent *event)
{
  self->mailbox[WEB_JSC_PLACE_HAS_DETAILS] = WEB_IS_ERROR_EVENT (event);
  if (!WEB_IS_ERROR_EVENT (event))
    return;

  self->mailbox[WEB_JSC_PLACE_LINENO] = web_error_event_get_lineno (WEB_ERROR_EVENT (event));
  self->mailbox[WEB_JSC_PLACE_COLNO] = web_error_event_get_colno (WEB_ERROR_EVENT (event));
}

/* The dispatches that the script has begun beyond this depth are over. */
static void
abandon (WebJscRealm *self, const Entry *entry)
{
  self->mailbox[WEB_JSC_PLACE_DEPTH] = self->depth;
  call (self, entry, WEB_JSC_CALL_ABANDON);
}

/* DOM, #concept-event-dispatch. One listener after the other: the stack is empty in between. A
 * dispatch with one listener takes one call; the script sees in the mailbox when the dispatch is
 * over. */
static void
run_listeners (WebJscRealm *self, const Entry *entry, WebEvent *event)
{
  const guint64 number = ++self->last_dispatch;
  const guint place = self->depth < WEB_JSC_N_DISPATCHES ? WEB_JSC_FIRST_DISPATCH + self->depth : 0;
  WebJscCall  next = WEB_JSC_CALL_BEGIN;
  gboolean    ended = FALSE;

  self->mailbox[WEB_JSC_PLACE_DISPATCH_PLACE] = place;
  self->mailbox[WEB_JSC_PLACE_DISPATCH] = number;
  self->mailbox[place] = number;
  self->depth++;
  do
    {
      /* A listener may have removed the frame of the realm. */
      ended = !call (self, entry, next) || web_jsc_realm_is_over (self);
      next = WEB_JSC_CALL_STEP;
    }
  while (!ended && self->mailbox[WEB_JSC_PLACE_HAS_MORE] != 0);
  self->depth--;
  self->mailbox[place] = 0;

  if (ended)
    {
      abandon (self, entry);
      return;
    }
  if (self->mailbox[WEB_JSC_PLACE_IS_CANCELED] != 0)
    web_event_prevent_default (event);
  if (self->mailbox[WEB_JSC_PLACE_STOPS_IMMEDIATELY] != 0)
    web_event_stop_immediate_propagation (event);
}

static void
on_event (WebEventTarget *target, WebEvent *event, gpointer user_data)
{
  const Listener   *listener = user_data;
  const WebJscEvent type = listener->type;
  const gboolean    is_connect = type == WEB_JSC_EVENT_CONNECT;
  const gboolean    is_message = type <= WEB_JSC_EVENT_MESSAGEERROR || is_connect;
  const guint64     number = listener->number;
  WebJscRealm      *self = listener->realm;
  WebJscSlot       *slot = g_hash_table_lookup (self->slots, &number);
  WebEvent         *outer = self->event;
  Entry             entry;

  if (slot == NULL || (is_message && !WEB_IS_MESSAGE_EVENT (event)) || !entry_init (&entry, self))
    return;

  web_jsc_realm_ref (self);
  self->event = event;
  self->mailbox[WEB_JSC_PLACE_NUMBER] = number;
  self->mailbox[WEB_JSC_PLACE_TYPE] = type;
  self->mailbox[WEB_JSC_PLACE_TIME] = (g_get_monotonic_time () - self->time_origin) / 1000.0;
  g_clear_pointer (&self->message, web_serialized_data_unref);
  if (is_message)
    {
      self->message = ref_message (WEB_MESSAGE_EVENT (event));
      describe_message (self, WEB_MESSAGE_EVENT (event));
    }
  else if (type == WEB_JSC_EVENT_ERROR)
    {
      describe_error (self, event);
    }

  run_listeners (self, &entry, event);
  entry_clear (&entry);
  g_clear_pointer (&self->message, web_serialized_data_unref);
  g_clear_pointer (&self->reading, g_bytes_unref);
  self->event = outer;
  web_jsc_realm_unref (self);
}

/*
 * web_jsc_realm_listen:
 *
 * Begins or ends listening at the object of a slot.
 */
void
web_jsc_realm_listen (WebJscRealm *self, WebJscSlot *slot, WebJscEvent type, gboolean listens)
{
  Listener *listener;

  if (!listens)
    {
      if (slot->listeners[type] != 0)
        web_event_target_remove_event_listener (slot->target, slot->listeners[type]);
      slot->listeners[type] = 0;
      return;
    }
  if (slot->listeners[type] != 0 || web_jsc_realm_is_over (self))
    return;

  listener = g_new (Listener, 1);
  *listener = (Listener){ web_jsc_realm_ref (self), slot->number, type };
  slot->listeners[type] =
    web_event_target_add_event_listener (slot->target, event_types[type], WEB_LISTENER_NONE,
                                         on_event, listener, listener_free);
}

/*
 * web_jsc_realm_add:
 *
 * Returns: (transfer none): the slot of an object that the script gets a wrapper of
 */
WebJscSlot *
web_jsc_realm_add (WebJscRealm *self, gpointer target, WebJscKind kind)
{
  WebJscSlot *slot = g_hash_table_lookup (self->numbers, target);
  int         type;

  if (slot != NULL)
    return slot;

  slot = g_new0 (WebJscSlot, 1);
  slot->realm = self;
  slot->number = ++last_number;
  slot->kind = kind;
  slot->target = g_object_ref (target);
  g_hash_table_insert (self->slots, &slot->number, slot);
  g_hash_table_insert (self->numbers, target, slot);

  if (!web_jsc_realm_is_over (self))
    web_private_realm_adopt (self->realm, target);
  for (type = 0; type < WEB_JSC_N_EVENTS; type++)
    if (kind_events[kind] & 1 << type)
      web_jsc_realm_listen (self, slot, type, TRUE);

  return slot;
}

/*
 * web_jsc_realm_get:
 *
 * Returns: (transfer none) (nullable): the slot with a number, perhaps that of another realm of the
 *   machine
 */
WebJscSlot *
web_jsc_realm_get (WebJscRealm *self, double number)
{
  const guint64 key = number >= 1 && number <= last_number ? (guint64)number : 0;
  GPtrArray    *realms = g_private_get (&thread_realms);
  WebJscSlot   *slot = g_hash_table_lookup (self->slots, &key);
  guint         i;

  for (i = 0; slot == NULL && realms != NULL && i < realms->len; i++)
    {
      WebJscRealm *other = g_ptr_array_index (realms, i);

      if (other->machine == self->machine)
        slot = g_hash_table_lookup (other->slots, &key);
    }

  return slot;
}

/*
 * web_jsc_realm_get_peer:
 *
 * Returns: (transfer none) (nullable): the slot of the other port of an open channel, if both
 * belong to contexts of one machine
 */
WebJscSlot *
web_jsc_realm_get_peer (WebJscRealm *self, WebJscSlot *slot)
{
  GPtrArray  *realms = g_private_get (&thread_realms);
  gpointer    target = NULL;
  WebJscSlot *peer = NULL;
  guint       i;

  if (slot->kind == WEB_JSC_KIND_PORT)
    target = web_private_get_peer (WEB_MESSAGE_PORT (slot->target));

  for (i = 0; target != NULL && peer == NULL && realms != NULL && i < realms->len; i++)
    {
      WebJscRealm *realm = g_ptr_array_index (realms, i);

      if (realm->machine == self->machine)
        peer = g_hash_table_lookup (realm->numbers, target);
    }

  return peer != NULL && peer->kind == WEB_JSC_KIND_PORT ? peer : NULL;
}

/* The bytes of the scripts. At the exit of the process, its resources go before its threads. */
static struct
{
  GBytes *script;
  GBytes *shared;
} scripts;

/*
 * web_jsc_realm_load_scripts:
 *
 * Must be called before a thread is started that makes realms.
 */
void
web_jsc_realm_load_scripts (void)
{
  static gsize loaded = 0;

  if (!g_once_init_enter (&loaded))
    return;

  scripts.script = g_resources_lookup_data (SCRIPT, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  scripts.shared = g_resources_lookup_data (SHARED_SCRIPT, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (scripts.script != NULL && scripts.shared != NULL);
  g_once_init_leave (&loaded, 1);
}

static JSCValue *
evaluate_script_of_library (JSCContext *context, GBytes *script, const char *path)
{
  g_autofree char *url = g_strconcat ("resource://", path, NULL);
  gsize            size;
  const char      *text = g_bytes_get_data (script, &size);

  return jsc_context_evaluate_with_source_uri (context, text, size, url, 1);
}

/* Returns what the contexts of a machine share. It lives as long as one of them refers to it. */
static JSCValue *
get_shared (JSCContext *context)
{
  JSCVirtualMachine *machine = jsc_context_get_virtual_machine (context);
  JSCWeakValue      *weak = g_object_get_qdata (G_OBJECT (machine), shared_quark ());
  JSCValue          *shared = weak != NULL ? jsc_weak_value_get_value (weak) : NULL;

  if (shared == NULL)
    {
      g_autoptr (JSCContext) hidden = jsc_context_new_with_virtual_machine (machine);

      shared = evaluate_script_of_library (hidden, scripts.shared, SHARED_SCRIPT);
      g_object_set_qdata_full (G_OBJECT (machine), shared_quark (), jsc_weak_value_new (shared),
                               g_object_unref);
    }

  return shared;
}

/* Returns the function that installs the classes. */
static JSCValue *
evaluate_script (WebJscRealm *self, JSCContext *context)
{
  g_autoptr (JSCValue) function = evaluate_script_of_library (context, scripts.script, SCRIPT);
  g_autoptr (JSCValue) handle_maker = NULL;
  g_autoptr (JSCValue) natives = web_jsc_natives_new (self, context);
  g_autoptr (JSCValue) shared = get_shared (context);
  JSCValue *arguments[] = { natives, shared };

  self->handle_class = g_object_ref (
    jsc_context_register_class (context, "WebMessagingHandle", NULL, NULL, handle_free));
  handle_maker =
    jsc_value_new_function (context, "makeHandle", G_CALLBACK (make_handle),
                            web_jsc_realm_ref (self), (GDestroyNotify)web_jsc_realm_unref,
                            JSC_TYPE_VALUE, 1, G_TYPE_DOUBLE);
  jsc_value_object_set_property (natives, "makeHandle", handle_maker);
  web_jsc_engine_add_look (context, natives);

  return jsc_value_function_callv (function, G_N_ELEMENTS (arguments), arguments);
}

/*
 * web_jsc_realm_install:
 *
 * Evaluates the scripts of the library in a context. Returns %FALSE if they have thrown; the
 * context has the exception.
 */
gboolean
web_jsc_realm_install (WebJscRealm *self, JSCContext *context, WebJscFlags flags)
{
  g_autoptr (JSCValue) install = evaluate_script (self, context);
  g_autoptr (JSCValue) number = jsc_value_new_number (context, flags);
  g_autoptr (JSCValue) entry = NULL;
  GPtrArray *realms = g_private_get (&thread_realms);

  if (jsc_value_is_function (install))
    entry = jsc_value_function_callv (install, 1, &number);
  if (entry == NULL || !jsc_value_is_function (entry))
    return FALSE;

  self->machine = jsc_context_get_virtual_machine (context);
  self->entry = jsc_weak_value_new (entry);
  if (web_jsc_engine_find_function (entry, &self->function))
    g_set_weak_pointer (&self->context, context);
  if (realms == NULL)
    {
      realms = g_ptr_array_new ();
      g_private_set (&thread_realms, realms);
    }
  g_ptr_array_add (realms, self);
  g_object_set_qdata_full (G_OBJECT (context), realm_quark (), web_jsc_realm_ref (self),
                           (GDestroyNotify)web_jsc_realm_unref);

  return TRUE;
}

/*
 * web_jsc_realm_find:
 *
 * Returns: (transfer none) (nullable): the realm of a context, %NULL if there is none
 */
WebJscRealm *
web_jsc_realm_find (JSCContext *context)
{
  WebJscRealm *self = g_object_get_qdata (G_OBJECT (context), realm_quark ());
  GPtrArray   *realms = g_private_get (&thread_realms);
  guint        i;

  if (self != NULL || realms == NULL)
    return self;

  /* The program has dropped the context, and has got another object for it. */
  for (i = 0; i < realms->len; i++)
    {
      WebJscRealm *other = g_ptr_array_index (realms, i);
      g_autoptr (JSCValue) entry = web_jsc_realm_begin (other);

      if (entry != NULL && jsc_value_get_context (entry) == context)
        {
          g_object_set_qdata_full (G_OBJECT (context), realm_quark (), web_jsc_realm_ref (other),
                                   (GDestroyNotify)web_jsc_realm_unref);
          return other;
        }
    }

  return NULL;
}
