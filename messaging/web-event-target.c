/* web-event-target.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-error.h"
#include "web-event-private.h"
#include "web-event-target-private.h"
#include "web-tasks-private.h"

/**
 * WebEventTarget:
 *
 * An object that tells its listeners of events.
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

/* What a listener calls. It may be replaced or removed while it runs, and stays whole until it
 * returns. Counted references (g_rc_box). */
typedef struct
{
  WebEventListener function;
  gpointer         user_data;
  GDestroyNotify   destroy;
} Callback;

/* DOM, #concept-event-listener. */
typedef struct
{
  guint            id;
  char            *type;
  WebListenerFlags flags;
  Callback        *callback;
  gboolean         is_handler; /* an event handler: see web_event_target_set_event_handler() */
  gboolean         removed;
} Listener;

typedef struct
{
  GPtrArray *listeners; /* of Listener, owned, in the order of their addition */
  guint      last_id;
  guint      n_dispatches; /* how many events are being dispatched, one inside the other */
  gboolean   has_removed;  /* listeners that were removed meanwhile are still in the list */
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

static void
listener_free (Listener *self)
{
  callback_unref (self->callback);
  g_free (self->type);
  g_free (self);
}

static WebEventTargetPrivate *
get_private (WebEventTarget *self)
{
  return web_event_target_get_instance_private (self);
}

/* Takes a listener off the list, and its callback with it. While an event is dispatched it stays
 * in its place, marked, so that the others keep theirs. */
static void
remove_listener (WebEventTarget *self, Listener *listener)
{
  WebEventTargetPrivate *priv = get_private (self);

  listener->removed = TRUE;
  if (priv->n_dispatches > 0)
    {
      priv->has_removed = TRUE;
      return;
    }

  g_ptr_array_remove (priv->listeners, listener);
  listener_free (listener);
}

/* No event is being dispatched any more. Freeing a listener calls the user back, who may do
 * anything with the list. */
static void
sweep_removed_listeners (WebEventTarget *self)
{
  WebEventTargetPrivate *priv = get_private (self);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func ((GDestroyNotify)listener_free);
  guint i = 0;

  priv->has_removed = FALSE;
  while (i < priv->listeners->len)
    {
      Listener *listener = g_ptr_array_index (priv->listeners, i);

      if (listener->removed)
        g_ptr_array_add (removed, g_ptr_array_steal_index (priv->listeners, i));
      else
        i++;
    }
}

static Listener *
find_listener (WebEventTarget *self, guint id)
{
  WebEventTargetPrivate *priv = get_private (self);
  guint                  i;

  for (i = 0; i < priv->listeners->len; i++)
    {
      Listener *listener = g_ptr_array_index (priv->listeners, i);

      if (listener->id == id && !listener->removed)
        return listener;
    }

  return NULL;
}

static Listener *
find_handler (WebEventTarget *self, const char *type)
{
  WebEventTargetPrivate *priv = get_private (self);
  guint                  i;

  for (i = 0; i < priv->listeners->len; i++)
    {
      Listener *listener = g_ptr_array_index (priv->listeners, i);

      if (listener->is_handler && !listener->removed && g_str_equal (listener->type, type))
        return listener;
    }

  return NULL;
}

static void
web_event_target_dispose (GObject *object)
{
  WebEventTarget        *self = WEB_EVENT_TARGET (object);
  WebEventTargetPrivate *priv = get_private (self);
  guint                  i;

  for (i = 0; i < priv->listeners->len; i++)
    ((Listener *)g_ptr_array_index (priv->listeners, i))->removed = TRUE;
  if (priv->n_dispatches == 0)
    sweep_removed_listeners (self);
  else
    priv->has_removed = TRUE;

  G_OBJECT_CLASS (web_event_target_parent_class)->dispose (object);
}

static void
web_event_target_finalize (GObject *object)
{
  GPtrArray *listeners = get_private (WEB_EVENT_TARGET (object))->listeners;

  g_ptr_array_set_free_func (listeners, (GDestroyNotify)listener_free);
  g_ptr_array_unref (listeners);

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
  get_private (self)->listeners = g_ptr_array_new ();
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
  Listener              *listener = g_new0 (Listener, 1);

  listener->id = ++priv->last_id;
  listener->type = g_strdup (type);
  listener->flags = flags;
  listener->callback = callback;
  g_ptr_array_add (priv->listeners, listener);

  return listener;
}

/**
 * web_event_target_add_event_listener:
 * @self: an event target
 * @type: the type of the events to listen to
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
 * There is at most one. It is a listener among the others, and keeps its place among them when
 * another function takes the place of the first; %NULL removes it.
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
      listener->is_handler = TRUE;
    }
  else
    {
      Callback *old = listener->callback;

      listener->callback = callback_new (handler, user_data, destroy);
      callback_unref (old);
    }
}

/* DOM, #concept-event-listener-inner-invoke, the steps for one listener */
static void
call_listener (WebEventTarget *self, Listener *listener, WebEvent *event)
{
  Callback *callback = g_rc_box_acquire (listener->callback);

  if (listener->flags & WEB_LISTENER_ONCE)
    remove_listener (self, listener);

  web_event_set_flag (event, WEB_EVENT_IN_PASSIVE_LISTENER,
                      (listener->flags & WEB_LISTENER_PASSIVE) != 0);
  callback->function (self, event, callback->user_data);
  web_event_set_flag (event, WEB_EVENT_IN_PASSIVE_LISTENER, FALSE);

  callback_unref (callback);
}

/* DOM, #concept-event-listener-invoke: calls the first @n_listeners, which were there when the
 * dispatch began. */
static void
call_listeners (WebEventTarget *self, guint n_listeners, WebListenerFlags phase, WebEvent *event)
{
  WebEventTargetPrivate *priv = get_private (self);
  const char            *type = web_event_get_event_type (event);
  guint                  i;

  if (web_event_has_flag (event, WEB_EVENT_STOP_PROPAGATION))
    return;

  for (i = 0; i < n_listeners; i++)
    {
      Listener *listener = g_ptr_array_index (priv->listeners, i);

      if (listener->removed || (listener->flags & WEB_LISTENER_CAPTURE) != phase ||
          !g_str_equal (listener->type, type))
        continue;

      call_listener (self, listener, event);

      if (web_event_has_flag (event, WEB_EVENT_STOP_IMMEDIATE_PROPAGATION))
        return;
    }
}

/* DOM, #concept-event-dispatch: the path is the target alone. The signal counts as the last of the
 * listeners that do not capture. The caller keeps @self and @event alive. */
static gboolean
dispatch (WebEventTarget *self, WebEvent *event, guint signal_id)
{
  WebEventTargetPrivate *priv = get_private (self);
  guint                  n_listeners = priv->listeners->len;
  gboolean               not_canceled;

  web_event_begin_dispatch (event, self);
  priv->n_dispatches++;

  call_listeners (self, n_listeners, WEB_LISTENER_CAPTURE, event);
  if (!web_event_has_flag (event, WEB_EVENT_STOP_PROPAGATION))
    {
      call_listeners (self, n_listeners, WEB_LISTENER_NONE, event);
      if (signal_id != 0 && !web_event_has_flag (event, WEB_EVENT_STOP_IMMEDIATE_PROPAGATION))
        {
          web_event_set_signal (event, signal_id);
          g_signal_emit (self, signal_id, 0, event);
          web_event_set_signal (event, 0);
        }
    }

  not_canceled = !web_event_has_flag (event, WEB_EVENT_CANCELED);
  web_event_end_dispatch (event);
  if (--priv->n_dispatches == 0 && priv->has_removed)
    sweep_removed_listeners (self);

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
  web_tasks_prepare_callbacks ();
  web_event_set_flag (event, WEB_EVENT_TRUSTED, TRUE);

  return dispatch (self, event, signal_id);
}

/* The signal that carries an event of a program: one of the same name, which takes such an event
 * and returns nothing. Other signals, such as "notify", are not for events. */
static guint
find_signal (WebEventTarget *self, WebEvent *event)
{
  guint        signal_id = g_signal_lookup (web_event_get_event_type (event), G_OBJECT_TYPE (self));
  GSignalQuery query;

  if (signal_id == 0)
    return 0;

  g_signal_query (signal_id, &query);
  if (query.return_type != G_TYPE_NONE || query.n_params != 1 ||
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
 * Tells the listeners of an event, now, and emits the signal of its name where the class of the
 * event target has one.
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
                             ? "The event is being dispatched already"
                             : "The event has no type yet");
      return FALSE;
    }

  g_object_ref (self);
  g_object_ref (event);
  web_event_set_flag (event, WEB_EVENT_TRUSTED, FALSE);
  not_canceled = dispatch (self, event, find_signal (self, event));
  g_object_unref (event);
  g_object_unref (self);

  return not_canceled;
}
