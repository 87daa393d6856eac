/* web-event-target.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error.h"
#include "web-event-private.h"
#include "web-event-target-private.h"

/**
 * WebEventTarget:
 *
 * An object that dispatches events to listeners.
 *
 * There are two ways to listen:
 *
 * - A **signal**. Ports and windows have signals that are named after their events, such as
 *   [signal@WebMessaging.MessagePort::message]. A class of your own gets the same for each signal
 *   whose name is the type of the event, whose only argument is an event, and which returns
 *   nothing.
 * - A **listener** for an event of any type, as scripts know it, with
 *   [method@WebMessaging.EventTarget.add_event_listener]. Listeners with %WEB_LISTENER_CAPTURE are
 *   called first, then the others, in the order in which they were added, and after them the
 *   signal is emitted.
 *
 * An event target belongs to the thread that runs the main context in which it was made.
 *
 * See [Interface EventTarget](https://dom.spec.whatwg.org/#interface-eventtarget).
 */

/* The function of a listener. A call holds a reference (g_rc_box), because the function may be
 * replaced, or the listener removed, while the function runs. */
typedef struct
{
  WebEventListener function;
  gpointer         user_data;
  GDestroyNotify   destroy;
} Callback;

typedef struct _Listener Listener;

/* The listeners for events of one type, in the order of their addition. */
typedef struct
{
  char     *type;
  GQueue    listeners; /* of Listener: owns them */
  guint     n_capturing;
  Listener *handler; /* unowned, nullable: one of them, see web_event_target_set_event_handler() */
} ListenerList;

/* DOM, #concept-event-listener. */
struct _Listener
{
  GList            link; /* in the listeners of @list */
  ListenerList    *list; /* unowned */
  guint            id;
  WebListenerFlags flags;
  Callback        *callback;
};

/* A dispatch that is under way; it lives on the stack. A listener that is removed meanwhile leaves
 * its list at once: see forget_listener(). */
typedef struct _Dispatch
{
  struct _Dispatch *outer; /* the dispatch that this one interrupts, %NULL if none */
  WebEvent         *event;
  Listener         *next;      /* to be called, %NULL at the end of the phase */
  Listener         *last;      /* that was there when the dispatch began, %NULL if none is left */
  guint             signal_id; /* that is being emitted, 0 for none */
} Dispatch;

/* Both tables are %NULL until somebody listens. */
typedef struct
{
  WebRealm      *realm;  /* owned, nullable; it deserializes received messages */
  GHashTable    *lists;  /* type to ListenerList, owned; a list is never empty */
  ListenerList  *recent; /* unowned, nullable: the list of @lists that was found last */
  GHashTable    *by_id;  /* identifier to Listener, unowned */
  guint          last_id;
  Dispatch      *dispatch;    /* the innermost one; unowned */
  WebWeakTarget *weak_target; /* owned, nullable: for the events of a target with a realm, and to
                               * track the target */
} WebEventTargetPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (WebEventTarget, web_event_target, G_TYPE_OBJECT)

static Callback *
callback_new (WebEventListener function, gpointer user_data, GDestroyNotify destroy)
{
  Callback *self = g_rc_box_new (Callback);

  self->function = function;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

static void
callback_clear (Callback *self)
{
  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

static void
callback_unref (Callback *self)
{
  g_rc_box_release_full (self, (GDestroyNotify)callback_clear);
}

static WebEventTargetPrivate *
get_private (WebEventTarget *self)
{
  return web_event_target_get_instance_private (self);
}

/* Tells a class that must know. It may drop the last reference. */
static void
listeners_changed (WebEventTarget *self)
{
  WebEventTargetClass *klass = WEB_EVENT_TARGET_GET_CLASS (self);

  if (klass->listeners_changed != NULL)
    klass->listeners_changed (self);
}

static ListenerList *
find_list (WebEventTarget *self, const char *type)
{
  WebEventTargetPrivate *priv = get_private (self);

  if (priv->lists == NULL)
    return NULL;

  if (priv->recent == NULL || !g_str_equal (priv->recent->type, type))
    priv->recent = g_hash_table_lookup (priv->lists, type);

  return priv->recent;
}

static ListenerList *
ensure_list (WebEventTarget *self, const char *type)
{
  WebEventTargetPrivate *priv = get_private (self);
  ListenerList          *list = find_list (self, type);

  if (list != NULL)
    return list;

  if (priv->lists == NULL)
    {
      priv->lists = g_hash_table_new (g_str_hash, g_str_equal);
      priv->by_id = g_hash_table_new (NULL, NULL);
    }

  list = g_new0 (ListenerList, 1);
  list->type = g_strdup (type);
  g_hash_table_insert (priv->lists, list->type, list);

  return list;
}

static void
list_free (ListenerList *list)
{
  g_free (list->type);
  g_free (list);
}

static Listener *
get_next (Listener *listener)
{
  return listener->link.next != NULL ? listener->link.next->data : NULL;
}

static Listener *
get_previous (Listener *listener)
{
  return listener->link.prev != NULL ? listener->link.prev->data : NULL;
}

/* Takes a listener out of the dispatches that are under way. */
static void
forget_listener (WebEventTarget *self, Listener *listener)
{
  Dispatch *dispatch;

  for (dispatch = get_private (self)->dispatch; dispatch != NULL; dispatch = dispatch->outer)
    {
      if (dispatch->next == listener)
        dispatch->next = listener != dispatch->last ? get_next (listener) : NULL;
      if (dispatch->last == listener)
        dispatch->last = get_previous (listener);
    }
}

/* Removes and frees a listener. Its destroy function may do anything with @self, even drop the last
 * reference. */
static void
remove_listener (WebEventTarget *self, Listener *listener)
{
  WebEventTargetPrivate *priv = get_private (self);
  ListenerList          *list = listener->list;
  Callback              *callback = listener->callback;

  forget_listener (self, listener);
  g_hash_table_remove (priv->by_id, GUINT_TO_POINTER (listener->id));
  g_queue_unlink (&list->listeners, &listener->link);
  if (listener->flags & WEB_LISTENER_CAPTURE)
    list->n_capturing--;
  if (list->handler == listener)
    list->handler = NULL;
  g_free (listener);

  if (list->listeners.length == 0)
    {
      g_hash_table_remove (priv->lists, list->type);
      priv->recent = NULL;
      list_free (list);
      listeners_changed (self);
    }

  callback_unref (callback);
}

static void
remove_all_listeners (WebEventTarget *self)
{
  WebEventTargetPrivate *priv = get_private (self);
  g_autoptr (GHashTable) lists = g_steal_pointer (&priv->lists);
  g_autoptr (GHashTable) by_id = g_steal_pointer (&priv->by_id);
  GHashTableIter iter;
  Listener      *listener;
  Dispatch      *dispatch;
  ListenerList  *list;

  if (lists == NULL)
    return;
  priv->recent = NULL;

  for (dispatch = priv->dispatch; dispatch != NULL; dispatch = dispatch->outer)
    dispatch->next = dispatch->last = NULL;

  g_hash_table_iter_init (&iter, lists);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&list))
    list_free (list);

  /* If a destroy function adds a listener, @self gets new tables for it. */
  g_hash_table_iter_init (&iter, by_id);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&listener))
    {
      callback_unref (listener->callback);
      g_free (listener);
    }
}

static Listener *
find_listener (WebEventTarget *self, guint id)
{
  WebEventTargetPrivate *priv = get_private (self);

  return priv->by_id != NULL ? g_hash_table_lookup (priv->by_id, GUINT_TO_POINTER (id)) : NULL;
}

static Listener *
find_handler (WebEventTarget *self, const char *type)
{
  ListenerList *list = find_list (self, type);

  return list != NULL ? list->handler : NULL;
}

static void
web_event_target_dispose (GObject *object)
{
  remove_all_listeners (WEB_EVENT_TARGET (object));

  G_OBJECT_CLASS (web_event_target_parent_class)->dispose (object);
}

static void
web_event_target_finalize (GObject *object)
{
  WebEventTargetPrivate *priv = get_private (WEB_EVENT_TARGET (object));

  /* Listeners that were added after dispose() */
  remove_all_listeners (WEB_EVENT_TARGET (object));
  g_clear_pointer (&priv->realm, web_realm_unref);
  g_clear_pointer (&priv->weak_target, web_weak_target_unref);

  G_OBJECT_CLASS (web_event_target_parent_class)->finalize (object);
}

static void
web_event_target_class_init (WebEventTargetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_event_target_dispose;
  object_class->finalize = web_event_target_finalize;
}

static void
web_event_target_init (WebEventTarget *self)
{
}

/**
 * web_event_target_new:
 *
 * Makes an event target for events of the program's own.
 *
 * See [EventTarget()](https://dom.spec.whatwg.org/#dom-eventtarget-eventtarget).
 *
 * Returns: (transfer full): a new event target
 */
WebEventTarget *
web_event_target_new (void)
{
  return g_object_new (WEB_TYPE_EVENT_TARGET, NULL);
}

static Listener *
add_listener (WebEventTarget *self, const char *type, WebListenerFlags flags, Callback *callback)
{
  WebEventTargetPrivate *priv = get_private (self);
  ListenerList          *list = ensure_list (self, type);
  Listener              *listener = g_new0 (Listener, 1);

  do
    listener->id = ++priv->last_id;
  while (listener->id == 0 || find_listener (self, listener->id) != NULL);
  listener->list = list;
  listener->flags = flags;
  listener->callback = callback;
  listener->link.data = listener;
  if (flags & WEB_LISTENER_CAPTURE)
    list->n_capturing++;
  g_queue_push_tail_link (&list->listeners, &listener->link);
  g_hash_table_insert (priv->by_id, GUINT_TO_POINTER (listener->id), listener);
  if (list->listeners.length == 1)
    listeners_changed (self);

  return listener;
}

/**
 * web_event_target_add_event_listener:
 * @self: an event target
 * @type: the type of the events to listen to, any string
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): called with @user_data when @listener is no longer needed
 *
 * Adds a listener for events of one type.
 *
 * A listener that is added while an event is dispatched is not called for that event. Unlike a
 * script's, a listener that is added twice is called twice. Listening does not start a port.
 *
 * Must be called on the thread of the event target.
 *
 * See [addEventListener()](https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener).
 *
 * Returns: an identifier for [method@WebMessaging.EventTarget.remove_event_listener], never 0
 */
guint
web_event_target_add_event_listener (WebEventTarget  *self,
                                     const char      *type,
                                     WebListenerFlags flags,
                                     WebEventListener listener,
                                     gpointer         user_data,
                                     GDestroyNotify   destroy)
{
  g_return_val_if_fail (WEB_IS_EVENT_TARGET (self), 0);
  g_return_val_if_fail (type != NULL, 0);
  g_return_val_if_fail (listener != NULL, 0);

  return add_listener (self, type, flags, callback_new (listener, user_data, destroy))->id;
}

/**
 * web_event_target_remove_event_listener:
 * @self: an event target
 * @id: what [method@WebMessaging.EventTarget.add_event_listener] returned
 *
 * Removes a listener. It is not called again, not even for an event that is being dispatched.
 *
 * Must be called on the thread of the event target.
 *
 * See [removeEventListener()](https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener).
 *
 * Returns: %TRUE if there was such a listener
 */
gboolean
web_event_target_remove_event_listener (WebEventTarget *self, guint id)
{
  Listener *listener;

  g_return_val_if_fail (WEB_IS_EVENT_TARGET (self), FALSE);

  listener = find_listener (self, id);
  if (listener == NULL)
    return FALSE;

  remove_listener (self, listener);

  return TRUE;
}

gboolean
web_event_target_has_event_handler (WebEventTarget *self, const char *type)
{
  return find_handler (self, type) != NULL;
}

/**
 * web_event_target_set_event_handler:
 * @self: an event target
 * @type: the type of the events to handle
 * @handler: (nullable) (scope notified) (closure user_data) (destroy destroy): the function to
 *   call, %NULL for none
 * @user_data: data for @handler
 * @destroy: (nullable): called with @user_data when @handler is no longer needed
 *
 * Sets the event handler for events of one type, as a script does with `onmessage` and the like.
 *
 * There is at most one handler for a type. It is called in turn with the listeners, and keeps its
 * place among them when it is replaced by another function. %NULL removes it.
 *
 * Must be called on the thread of the event target.
 *
 * See [Event handlers](https://html.spec.whatwg.org/#event-handlers).
 */
void
web_event_target_set_event_handler (WebEventTarget  *self,
                                    const char      *type,
                                    WebEventListener handler,
                                    gpointer         user_data,
                                    GDestroyNotify   destroy)
{
  Listener *listener;

  g_return_if_fail (WEB_IS_EVENT_TARGET (self));
  g_return_if_fail (type != NULL);

  listener = find_handler (self, type);
  if (handler == NULL)
    {
      /* HTML, webappapis.html#deactivate-an-event-handler */
      if (listener != NULL)
        remove_listener (self, listener);
      if (destroy != NULL)
        destroy (user_data);
    }
  else if (listener == NULL)
    {
      /* HTML, webappapis.html#activate-an-event-handler */
      listener =
        add_listener (self, type, WEB_LISTENER_NONE, callback_new (handler, user_data, destroy));
      listener->list->handler = listener;
    }
  else
    {
      Callback *old = listener->callback;

      listener->callback = callback_new (handler, user_data, destroy);
      callback_unref (old);
    }
}

/* HTML, webappapis.html#clean-up-after-running-script: microtasks run if the stack is empty, which
 * it is not where a script dispatches the event. */
static void
clean_up_after_script (WebEventTarget *self, WebEvent *event)
{
  if (web_event_has_flag (event, WEB_EVENT_TRUSTED))
    web_realm_checkpoint (get_private (self)->realm);
}

/* DOM, #concept-event-listener-inner-invoke, the steps for one listener */
static void
call_listener (WebEventTarget *self, Listener *listener, WebEvent *event)
{
  Callback *callback = g_rc_box_acquire (listener->callback);
  gboolean  is_passive = (listener->flags & WEB_LISTENER_PASSIVE) != 0;

  if (listener->flags & WEB_LISTENER_ONCE)
    remove_listener (self, listener);

  web_event_set_flag (event, WEB_EVENT_IN_PASSIVE_LISTENER, is_passive);
  web_realm_prepare (get_private (self)->realm);
  callback->function (self, event, callback->user_data);
  web_event_set_flag (event, WEB_EVENT_IN_PASSIVE_LISTENER, FALSE);

  callback_unref (callback);
  clean_up_after_script (self, event);
}

/* DOM, #concept-event-listener-invoke: calls the listeners that were there when the dispatch began
 * and are there still. */
static void
call_listeners (WebEventTarget *self, Dispatch *dispatch, WebListenerFlags phase)
{
  if (dispatch->last == NULL)
    return;

  dispatch->next = dispatch->last->list->listeners.head->data;
  while (dispatch->next != NULL)
    {
      Listener *listener = dispatch->next;

      dispatch->next = listener != dispatch->last ? get_next (listener) : NULL;
      if ((listener->flags & WEB_LISTENER_CAPTURE) != phase)
        continue;

      call_listener (self, listener, dispatch->event);

      if (web_event_has_flag (dispatch->event, WEB_EVENT_STOP_IMMEDIATE_PROPAGATION))
        dispatch->next = NULL;
    }
}

/* Emits the signal for the event. g_signal_stop_emission() always stops the innermost emission of a
 * signal. So if a handler stops an outer event, this function stops the emission for that event
 * after the emission for this one. */
static void
emit_signal (WebEventTarget *self, Dispatch *dispatch, guint signal_id)
{
  Dispatch *outer = dispatch->outer;

  while (outer != NULL && outer->signal_id != signal_id)
    outer = outer->outer;
  if (outer != NULL)
    web_event_set_signal (outer->event, 0);

  dispatch->signal_id = signal_id;
  web_event_set_signal (dispatch->event, signal_id);
  web_realm_prepare (get_private (self)->realm);
  g_signal_emit (self, signal_id, 0, dispatch->event);
  web_event_set_signal (dispatch->event, 0);
  dispatch->signal_id = 0;

  if (outer != NULL)
    {
      web_event_set_signal (outer->event, signal_id);
      if (web_event_has_flag (outer->event, WEB_EVENT_STOP_IMMEDIATE_PROPAGATION))
        g_signal_stop_emission (self, signal_id, 0);
    }
}

/* Returns what the event holds instead of its target after the dispatch, %NULL if it holds the
 * target itself. In a realm, the binding keeps the target for an event that a script keeps. */
static WebWeakTarget *
find_weak_target (WebEventTarget *self, WebEvent *event)
{
  WebEventTargetPrivate *priv = get_private (self);

  if (priv->realm == NULL || web_event_is_unshared (event))
    return NULL;

  if (priv->weak_target == NULL)
    priv->weak_target = web_weak_target_new (self);

  return priv->weak_target;
}

/* DOM, #concept-event-dispatch: the path is the target alone. The signal counts as the last of the
 * listeners that do not capture. The caller keeps @self and @event alive. */
static gboolean
dispatch_event (WebEventTarget *self, WebEvent *event, guint signal_id)
{
  WebEventTargetPrivate *priv = get_private (self);
  ListenerList          *list = find_list (self, web_event_get_event_type (event));
  Dispatch               dispatch = {
                  .outer = priv->dispatch,
                  .event = event,
                  .last = list != NULL ? list->listeners.tail->data : NULL,
  };
  gboolean not_canceled;

  web_event_begin_dispatch (event, self);
  priv->dispatch = &dispatch;

  if (list != NULL && list->n_capturing > 0 &&
      !web_event_has_flag (event, WEB_EVENT_STOP_PROPAGATION))
    call_listeners (self, &dispatch, WEB_LISTENER_CAPTURE);
  if (!web_event_has_flag (event, WEB_EVENT_STOP_PROPAGATION))
    {
      call_listeners (self, &dispatch, WEB_LISTENER_NONE);
      if (signal_id != 0 && !web_event_has_flag (event, WEB_EVENT_STOP_IMMEDIATE_PROPAGATION))
        {
          emit_signal (self, &dispatch, signal_id);
          clean_up_after_script (self, event);
        }
    }

  priv->dispatch = dispatch.outer;
  not_canceled = !web_event_has_flag (event, WEB_EVENT_CANCELED);
  web_event_end_dispatch (event, find_weak_target (self, event));

  return not_canceled;
}

/*
 * web_event_target_fire_event:
 * @signal_id: the signal of @self that carries the event
 *
 * Dispatches an event of the library's own: DOM, #concept-event-fire. The caller has references on
 * both.
 */
gboolean
web_event_target_fire_event (WebEventTarget *self, WebEvent *event, guint signal_id)
{
  web_event_set_flag (event, WEB_EVENT_TRUSTED, TRUE);

  return dispatch_event (self, event, signal_id);
}

/*
 * web_event_target_set_realm:
 *
 * Messages that arrive at @self become values of @realm from now on.
 */
void
web_event_target_set_realm (WebEventTarget *self, WebRealm *realm)
{
  WebEventTargetPrivate *priv = get_private (self);

  if (priv->realm == realm)
    return;

  g_clear_pointer (&priv->realm, web_realm_unref);
  priv->realm = web_realm_ref (realm);
  listeners_changed (self);
}

/*
 * web_event_target_get_realm:
 *
 * Returns: (nullable): the realm of the scripts that listen to @self, %NULL for C
 */
WebRealm *
web_event_target_get_realm (WebEventTarget *self)
{
  return get_private (self)->realm;
}

/*
 * web_event_target_has_listener:
 *
 * Returns: %TRUE if there is a listener or handler for events of this type. Signals do not count
 */
gboolean
web_event_target_has_listener (WebEventTarget *self, const char *type)
{
  return find_list (self, type) != NULL;
}

/*
 * web_event_target_track:
 *
 * Lets a realm find @self from now on. Returns the number of @self.
 */
guint64
web_event_target_track (WebEventTarget *self, WebRealm *realm)
{
  WebEventTargetPrivate *priv = get_private (self);

  if (priv->weak_target == NULL)
    priv->weak_target = web_weak_target_new (self);

  return web_weak_target_track (priv->weak_target, realm);
}

/*
 * web_event_target_find:
 *
 * Gets a reference to a target that somebody else keeps from being freed, as
 * #WebTaskQueueOwnerFuncs says.
 */
gboolean
web_event_target_find (GObject *self, GObject **reference)
{
  WebWeakTarget *weak_target = get_private (WEB_EVENT_TARGET (self))->weak_target;

  return weak_target != NULL && web_weak_target_find (weak_target, (WebEventTarget **)reference);
}

/* Returns the signal for an event that a program dispatches: a signal of the same name, which takes
 * such an event and returns nothing. Other signals, such as "notify", are not for events. */
static guint
find_signal (WebEventTarget *self, WebEvent *event)
{
  const char  *type = web_event_get_event_type (event);
  guint        signal_id;
  GSignalQuery query;

  /* GLib warns if it looks up a name that no signal can have. An event may have any type. */
  if (!g_signal_is_valid_name (type))
    return 0;

  signal_id = g_signal_lookup (type, G_OBJECT_TYPE (self));
  if (signal_id == 0)
    return 0;

  /* GLib treats "a_b" as "a-b", but these are two types of events. */
  g_signal_query (signal_id, &query);
  if (query.return_type != G_TYPE_NONE || query.n_params != 1 ||
      !g_str_equal (query.signal_name, type) ||
      !g_type_is_a (query.param_types[0], WEB_TYPE_EVENT) ||
      !g_type_is_a (G_OBJECT_TYPE (event), query.param_types[0]))
    return 0;

  return signal_id;
}

/**
 * web_event_target_dispatch_event:
 * @self: an event target
 * @event: (transfer none): an event that is not being dispatched
 * @error: return location for an error
 *
 * Dispatches an event: calls the listeners for its type, and then emits the signal that has this
 * type for a name, if the class of the event target has one. The type may be any string.
 *
 * Must be called on the thread of the event target.
 *
 * Sets %WEB_MESSAGING_ERROR_INVALID_STATE if the event is being dispatched already or was never
 * initialized.
 *
 * See [dispatchEvent()](https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent).
 *
 * Returns: %FALSE if a listener has cancelled the event, or if @error is set; otherwise %TRUE
 */
gboolean
web_event_target_dispatch_event (WebEventTarget *self, WebEvent *event, GError **error)
{
  gboolean not_canceled;

  g_return_val_if_fail (WEB_IS_EVENT_TARGET (self), FALSE);
  g_return_val_if_fail (WEB_IS_EVENT (event), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (web_event_has_flag (event, WEB_EVENT_DISPATCHING) ||
      !web_event_has_flag (event, WEB_EVENT_INITIALIZED))
    {
      g_set_error_literal (error, WEB_MESSAGING_ERROR, WEB_MESSAGING_ERROR_INVALID_STATE,
                           web_event_has_flag (event, WEB_EVENT_DISPATCHING)
                             ? "The event is already being dispatched"
                             : "The event is not initialized");
      return FALSE;
    }

  g_object_ref (self);
  g_object_ref (event);
  web_event_set_flag (event, WEB_EVENT_TRUSTED, FALSE);
  not_canceled = dispatch_event (self, event, find_signal (self, event));
  g_object_unref (event);
  g_object_unref (self);

  return not_canceled;
}
