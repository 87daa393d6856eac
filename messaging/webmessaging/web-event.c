/* web-event.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-enum-types.h"
#include "web-event-private.h"

/**
 * WebEvent:
 *
 * Something that has happened. A [class@WebMessaging.EventTarget] dispatches it to its listeners.
 *
 * The library makes a [class@WebMessaging.MessageEvent] for each message, and a plain event for
 * `close`. A program can make events too, of this class or of a derived one, and dispatch them with
 * [method@WebMessaging.EventTarget.dispatch_event]. It can be dispatched once it has a type, from
 * [property@WebMessaging.Event:type] or [method@WebMessaging.Event.init_event].
 *
 * The properties cannot be changed while the event is dispatched. If a program changes a property
 * of an event of the library, the event is not trusted any more.
 *
 * An event belongs to the thread on which it was made.
 *
 * See [Interface Event](https://dom.spec.whatwg.org/#interface-event).
 */

/* web-event-target.c includes events, and not the reverse: an event needs only the type. */
#define WEB_TYPE_EVENT_TARGET (web_event_target_get_type ())

WEB_AVAILABLE_IN_ALL
GType web_event_target_get_type (void);

typedef struct
{
  char           *type;
  WebEventTarget *target;         /* owned, nullable */
  WebWeakTarget  *weak_target;    /* owned, nullable: instead of @target, see
                                   * web_event_end_dispatch() */
  WebEventTarget *current_target; /* unowned: the same as @target, while it is dispatched */
  gint64          time_stamp;
  WebEventFlags   flags;
  guint           signal_id; /* the signal of @target that is being emitted for the event */
} WebEventPrivate;

struct _WebWeakTarget
{
  GWeakRef  target;
  WebRealm *tracker; /* owned, nullable; see web_private_realm_track() */
  guint64   number;  /* by which @tracker finds the target */
};

G_DEFINE_TYPE_WITH_PRIVATE (WebEvent, web_event, G_TYPE_OBJECT)

enum
{
  PROP_TYPE = 1,
  PROP_TARGET,
  PROP_CURRENT_TARGET,
  PROP_EVENT_PHASE,
  PROP_BUBBLES,
  PROP_CANCELABLE,
  PROP_COMPOSED,
  PROP_DEFAULT_PREVENTED,
  PROP_IS_TRUSTED,
  PROP_TIME_STAMP,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static WebEventPrivate *
get_private (WebEvent *self)
{
  return web_event_get_instance_private (self);
}

WebWeakTarget *
web_weak_target_new (WebEventTarget *target)
{
  WebWeakTarget *self = g_atomic_rc_box_new0 (WebWeakTarget);

  g_weak_ref_init (&self->target, target);

  return self;
}

/*
 * web_weak_target_track:
 *
 * Lets a realm find the target from now on. Returns its number.
 */
guint64
web_weak_target_track (WebWeakTarget *self, WebRealm *realm)
{
  static guint64 n_numbers; /* atomic */

  if (self->tracker == NULL)
    {
      self->tracker = web_realm_ref (realm);
      self->number = __atomic_add_fetch (&n_numbers, 1, __ATOMIC_RELAXED);
    }

  return self->number;
}

/*
 * web_weak_target_find:
 *
 * Gets a reference to the target from the realm that tracks it, see web_realm_find(). Returns
 * %FALSE if there is none.
 */
gboolean
web_weak_target_find (WebWeakTarget *self, WebEventTarget **target)
{
  if (self->tracker == NULL)
    return FALSE;

  *target = web_realm_find (self->tracker, self->number);

  return TRUE;
}

static void
web_weak_target_clear (WebWeakTarget *self)
{
  g_weak_ref_clear (&self->target);
  g_clear_pointer (&self->tracker, web_realm_unref);
}

void
web_weak_target_unref (WebWeakTarget *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)web_weak_target_clear);
}

static void
clear_target (WebEvent *self)
{
  WebEventPrivate *priv = get_private (self);

  g_clear_object (&priv->target);
  g_clear_pointer (&priv->weak_target, web_weak_target_unref);
}

static void
web_event_finalize (GObject *object)
{
  WebEvent *self = WEB_EVENT (object);

  clear_target (self);
  g_free (get_private (self)->type);

  G_OBJECT_CLASS (web_event_parent_class)->finalize (object);
}

static void
web_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WebEvent *self = WEB_EVENT (object);

  switch (prop_id)
    {
    case PROP_TYPE:
      g_value_set_string (value, web_event_get_event_type (self));
      break;

    case PROP_TARGET:
      g_value_take_object (value, web_event_ref_target (self));
      break;

    case PROP_CURRENT_TARGET:
      g_value_set_object (value, web_event_get_current_target (self));
      break;

    case PROP_EVENT_PHASE:
      g_value_set_enum (value, web_event_get_event_phase (self));
      break;

    case PROP_BUBBLES:
      g_value_set_boolean (value, web_event_get_bubbles (self));
      break;

    case PROP_CANCELABLE:
      g_value_set_boolean (value, web_event_get_cancelable (self));
      break;

    case PROP_COMPOSED:
      g_value_set_boolean (value, web_event_get_composed (self));
      break;

    case PROP_DEFAULT_PREVENTED:
      g_value_set_boolean (value, web_event_get_default_prevented (self));
      break;

    case PROP_IS_TRUSTED:
      g_value_set_boolean (value, web_event_get_is_trusted (self));
      break;

    case PROP_TIME_STAMP:
      g_value_set_int64 (value, web_event_get_time_stamp (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_type (WebEvent *self, const char *type)
{
  WebEventPrivate *priv = get_private (self);

  if (g_strcmp0 (priv->type, type) == 0)
    return;

  g_free (priv->type);
  priv->type = g_strdup (type);
}

static void
web_event_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WebEvent *self = WEB_EVENT (object);

  if (!web_event_begin_change (self))
    return;

  switch (prop_id)
    {
    case PROP_TYPE:
      set_type (self, g_value_get_string (value));
      web_event_set_flag (self, WEB_EVENT_INITIALIZED, g_value_get_string (value) != NULL);
      break;

    case PROP_BUBBLES:
      web_event_set_flag (self, WEB_EVENT_BUBBLES, g_value_get_boolean (value));
      break;

    case PROP_CANCELABLE:
      web_event_set_flag (self, WEB_EVENT_CANCELABLE, g_value_get_boolean (value));
      break;

    case PROP_COMPOSED:
      web_event_set_flag (self, WEB_EVENT_COMPOSED, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
web_event_class_init (WebEventClass *klass)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = readable | G_PARAM_WRITABLE;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = web_event_finalize;
  object_class->get_property = web_event_get_property;
  object_class->set_property = web_event_set_property;

  /**
   * WebEvent:type: (getter get_event_type)
   *
   * What has happened: `"message"`, `"close"`, or a name of the program's own.
   */
  props[PROP_TYPE] = g_param_spec_string ("type", NULL, NULL, NULL, writable);

  /**
   * WebEvent:target: (getter get_target)
   *
   * The object at which the event is, or was last, dispatched.
   */
  props[PROP_TARGET] = g_param_spec_object ("target", NULL, NULL, WEB_TYPE_EVENT_TARGET, readable);

  /**
   * WebEvent:current-target: (getter get_current_target)
   *
   * The object whose listeners are being called, while the event is dispatched.
   */
  props[PROP_CURRENT_TARGET] =
    g_param_spec_object ("current-target", NULL, NULL, WEB_TYPE_EVENT_TARGET, readable);

  /**
   * WebEvent:event-phase: (getter get_event_phase)
   *
   * Where the event is on its way.
   */
  props[PROP_EVENT_PHASE] = g_param_spec_enum ("event-phase", NULL, NULL, WEB_TYPE_EVENT_PHASE,
                                               WEB_EVENT_PHASE_NONE, readable);

  /**
   * WebEvent:bubbles: (getter get_bubbles)
   *
   * Whether the event would go on to the parents of its target, if it had any.
   */
  props[PROP_BUBBLES] = g_param_spec_boolean ("bubbles", NULL, NULL, FALSE, writable);

  /**
   * WebEvent:cancelable: (getter get_cancelable)
   *
   * Whether [method@WebMessaging.Event.prevent_default] has an effect.
   */
  props[PROP_CANCELABLE] = g_param_spec_boolean ("cancelable", NULL, NULL, FALSE, writable);

  /**
   * WebEvent:composed: (getter get_composed)
   *
   * Whether the event would leave a shadow tree. Kept for scripts; it has no effect here.
   */
  props[PROP_COMPOSED] = g_param_spec_boolean ("composed", NULL, NULL, FALSE, writable);

  /**
   * WebEvent:default-prevented: (getter get_default_prevented)
   *
   * Whether a listener has cancelled the event.
   */
  props[PROP_DEFAULT_PREVENTED] =
    g_param_spec_boolean ("default-prevented", NULL, NULL, FALSE, readable);

  /**
   * WebEvent:is-trusted: (getter get_is_trusted)
   *
   * Whether the library has dispatched the event, and not a program.
   */
  props[PROP_IS_TRUSTED] = g_param_spec_boolean ("is-trusted", NULL, NULL, FALSE, readable);

  /**
   * WebEvent:time-stamp: (getter get_time_stamp)
   *
   * When the event was made, in microseconds of the monotonic clock (g_get_monotonic_time()).
   */
  props[PROP_TIME_STAMP] =
    g_param_spec_int64 ("time-stamp", NULL, NULL, 0, G_MAXINT64, 0, readable);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
web_event_init (WebEvent *self)
{
  get_private (self)->time_stamp = g_get_monotonic_time ();
}

gboolean
web_event_has_flag (WebEvent *self, WebEventFlags flag)
{
  return (get_private (self)->flags & flag) != 0;
}

void
web_event_set_flag (WebEvent *self, WebEventFlags flag, gboolean value)
{
  WebEventPrivate *priv = get_private (self);

  if (value)
    priv->flags |= flag;
  else
    priv->flags &= ~flag;
}

/* Returns %FALSE if the event must not change, because it is being dispatched. An event that a
 * program has changed is not trusted any more. */
gboolean
web_event_begin_change (WebEvent *self)
{
  if (web_event_has_flag (self, WEB_EVENT_DISPATCHING))
    return FALSE;

  web_event_set_flag (self, WEB_EVENT_TRUSTED, FALSE);

  return TRUE;
}

/* DOM, #concept-event-dispatch, with a path that is the target alone. */
void
web_event_begin_dispatch (WebEvent *self, WebEventTarget *target)
{
  WebEventPrivate *priv = get_private (self);

  priv->flags |= WEB_EVENT_DISPATCHING;
  g_clear_pointer (&priv->weak_target, web_weak_target_unref);
  g_set_object (&priv->target, target);
  priv->current_target = target;
}

/* DOM, #concept-event-dispatch, its last steps. An event keeps its target alive. But the garbage
 * collector of a language does not see a reference in C, so it could never free a target that
 * refers to the event. With @weak_target, the binding of the language keeps the target instead. */
void
web_event_end_dispatch (WebEvent *self, WebWeakTarget *weak_target)
{
  WebEventPrivate *priv = get_private (self);

  priv->current_target = NULL;
  if (weak_target != NULL)
    {
      priv->weak_target = g_atomic_rc_box_acquire (weak_target);
      g_clear_object (&priv->target);
    }
  priv->flags &=
    ~(WEB_EVENT_DISPATCHING | WEB_EVENT_STOP_PROPAGATION | WEB_EVENT_STOP_IMMEDIATE_PROPAGATION);
}

/*
 * web_event_ref_target:
 *
 * Gets the target, as web_event_get_target() does, with a reference.
 */
WebEventTarget *
web_event_ref_target (WebEvent *self)
{
  WebEventPrivate *priv = get_private (self);
  WebWeakTarget   *weak = priv->weak_target;
  WebEventTarget  *target;

  if (weak == NULL)
    return priv->target != NULL ? g_object_ref (priv->target) : NULL;

  return web_weak_target_find (weak, &target) ? target : g_weak_ref_get (&weak->target);
}

/* Returns %TRUE if only the caller knows the event, and can use it again for another message: there
 * is one reference, and the object has no data, where weak references and the wrappers of languages
 * are. */
gboolean
web_event_is_unshared (WebEvent *self)
{
  GObject *object = G_OBJECT (self);

  return g_atomic_int_get (&object->ref_count) == 1 && object->qdata == NULL;
}

/* Makes an unshared event a new one, of @time_stamp. */
void
web_event_reset (WebEvent *self, gint64 time_stamp)
{
  WebEventPrivate *priv = get_private (self);

  clear_target (self);
  priv->flags = WEB_EVENT_INITIALIZED;
  priv->time_stamp = time_stamp;
}

/* Sets the signal that is being emitted for the event, 0 for none. To stop the event is to stop the
 * signal. */
void
web_event_set_signal (WebEvent *self, guint signal_id)
{
  get_private (self)->signal_id = signal_id;
}

/**
 * web_event_new:
 * @type: what has happened, any string
 *
 * Makes an event, to be dispatched by the program. It does not bubble, is not cancelable and not
 * composed; g_object_new() makes one with other properties.
 *
 * See [Event()](https://dom.spec.whatwg.org/#dom-event-event).
 *
 * Returns: (transfer full): a new event
 */
WebEvent *
web_event_new (const char *type)
{
  WebEvent *self;

  g_return_val_if_fail (type != NULL, NULL);

  self = g_object_new (WEB_TYPE_EVENT, NULL);
  web_event_init_event (self, type, FALSE, FALSE);

  return self;
}

/**
 * web_event_init_event:
 * @self: an event
 * @type: what has happened
 * @bubbles: whether the event bubbles
 * @cancelable: whether it can be cancelled
 *
 * Makes the event a new, untrusted one, with no target and not cancelled. Does nothing while the
 * event is being dispatched.
 *
 * See [initEvent()](https://dom.spec.whatwg.org/#dom-event-initevent).
 */
void
web_event_init_event (WebEvent *self, const char *type, gboolean bubbles, gboolean cancelable)
{
  g_return_if_fail (WEB_IS_EVENT (self));
  g_return_if_fail (type != NULL);

  if (!web_event_begin_change (self))
    return;

  /* DOM, #concept-event-initialize */
  web_event_set_flag (self,
                      WEB_EVENT_STOP_PROPAGATION | WEB_EVENT_STOP_IMMEDIATE_PROPAGATION |
                        WEB_EVENT_CANCELED,
                      FALSE);
  web_event_set_flag (self, WEB_EVENT_INITIALIZED, TRUE);
  web_event_set_flag (self, WEB_EVENT_BUBBLES, bubbles);
  web_event_set_flag (self, WEB_EVENT_CANCELABLE, cancelable);
  clear_target (self);
  set_type (self, type);
}

/**
 * web_event_get_event_type: (get-property type)
 * @self: an event
 *
 * Gets what has happened.
 *
 * See [type](https://dom.spec.whatwg.org/#dom-event-type).
 *
 * Returns: (transfer none): the type; an empty string for an event that is not initialized
 */
const char *
web_event_get_event_type (WebEvent *self)
{
  const char *type;

  g_return_val_if_fail (WEB_IS_EVENT (self), "");

  type = get_private (self)->type;

  return type != NULL ? type : "";
}

/**
 * web_event_get_target: (get-property target)
 * @self: an event
 *
 * Gets the object at which the event is, or was last, dispatched. The event keeps it alive; do not
 * keep an event in its target, or neither would go.
 *
 * See [target](https://dom.spec.whatwg.org/#dom-event-target).
 *
 * Returns: (transfer none) (nullable): the target
 */
WebEventTarget *
web_event_get_target (WebEvent *self)
{
  WebEventTarget *target;

  g_return_val_if_fail (WEB_IS_EVENT (self), NULL);

  target = web_event_ref_target (self);
  if (target != NULL)
    g_object_unref (target);

  return target;
}

/**
 * web_event_get_current_target: (get-property current-target)
 * @self: an event
 *
 * Gets the object whose listeners are being called.
 *
 * See [currentTarget](https://dom.spec.whatwg.org/#dom-event-currenttarget).
 *
 * Returns: (transfer none) (nullable): the object; %NULL when the event is not being dispatched
 */
WebEventTarget *
web_event_get_current_target (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), NULL);

  return get_private (self)->current_target;
}

/**
 * web_event_get_event_phase: (get-property event-phase)
 * @self: an event
 *
 * Gets where the event is on its way. Targets have no parents here, so it is either at its target
 * or nowhere.
 *
 * See [eventPhase](https://dom.spec.whatwg.org/#dom-event-eventphase).
 *
 * Returns: the phase
 */
WebEventPhase
web_event_get_event_phase (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), WEB_EVENT_PHASE_NONE);

  return web_event_has_flag (self, WEB_EVENT_DISPATCHING) ? WEB_EVENT_PHASE_AT_TARGET
                                                          : WEB_EVENT_PHASE_NONE;
}

/**
 * web_event_get_bubbles: (get-property bubbles)
 * @self: an event
 *
 * Gets whether the event bubbles.
 *
 * See [bubbles](https://dom.spec.whatwg.org/#dom-event-bubbles).
 *
 * Returns: %TRUE if it does
 */
gboolean
web_event_get_bubbles (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), FALSE);

  return web_event_has_flag (self, WEB_EVENT_BUBBLES);
}

/**
 * web_event_get_cancelable: (get-property cancelable)
 * @self: an event
 *
 * Gets whether the event can be cancelled.
 *
 * See [cancelable](https://dom.spec.whatwg.org/#dom-event-cancelable).
 *
 * Returns: %TRUE if it can
 */
gboolean
web_event_get_cancelable (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), FALSE);

  return web_event_has_flag (self, WEB_EVENT_CANCELABLE);
}

/**
 * web_event_get_composed: (get-property composed)
 * @self: an event
 *
 * Gets whether the event leaves a shadow tree.
 *
 * See [composed](https://dom.spec.whatwg.org/#dom-event-composed).
 *
 * Returns: %TRUE if it does
 */
gboolean
web_event_get_composed (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), FALSE);

  return web_event_has_flag (self, WEB_EVENT_COMPOSED);
}

/**
 * web_event_get_default_prevented: (get-property default-prevented)
 * @self: an event
 *
 * Gets whether a listener has cancelled the event.
 *
 * See [defaultPrevented](https://dom.spec.whatwg.org/#dom-event-defaultprevented).
 *
 * Returns: %TRUE if one has
 */
gboolean
web_event_get_default_prevented (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), FALSE);

  return web_event_has_flag (self, WEB_EVENT_CANCELED);
}

/**
 * web_event_get_is_trusted: (get-property is-trusted)
 * @self: an event
 *
 * Gets whether the library has dispatched the event.
 *
 * See [isTrusted](https://dom.spec.whatwg.org/#dom-event-istrusted).
 *
 * Returns: %TRUE if it has, %FALSE for an event of a program
 */
gboolean
web_event_get_is_trusted (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), FALSE);

  return web_event_has_flag (self, WEB_EVENT_TRUSTED);
}

/**
 * web_event_get_time_stamp: (get-property time-stamp)
 * @self: an event
 *
 * Gets when the event was made.
 *
 * See [timeStamp](https://dom.spec.whatwg.org/#dom-event-timestamp).
 *
 * Returns: microseconds of the monotonic clock (g_get_monotonic_time())
 */
gint64
web_event_get_time_stamp (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), 0);

  return get_private (self)->time_stamp;
}

/**
 * web_event_get_propagation_stopped:
 * @self: an event
 *
 * Gets whether [method@WebMessaging.Event.stop_propagation] or
 * [method@WebMessaging.Event.stop_immediate_propagation] was called since the event was made or
 * last dispatched.
 *
 * See [cancelBubble](https://dom.spec.whatwg.org/#dom-event-cancelbubble).
 *
 * Returns: %TRUE if one was
 */
gboolean
web_event_get_propagation_stopped (WebEvent *self)
{
  g_return_val_if_fail (WEB_IS_EVENT (self), FALSE);

  return web_event_has_flag (self, WEB_EVENT_STOP_PROPAGATION);
}

/**
 * web_event_stop_propagation:
 * @self: an event
 *
 * Keeps the event from the listeners for the next phase.
 *
 * The listeners that wait for the event's way down to its target, those with
 * %WEB_LISTENER_CAPTURE, are in an earlier phase than the others. An event that was stopped before
 * it is dispatched reaches no listener.
 *
 * See [stopPropagation()](https://dom.spec.whatwg.org/#dom-event-stoppropagation).
 */
void
web_event_stop_propagation (WebEvent *self)
{
  g_return_if_fail (WEB_IS_EVENT (self));

  web_event_set_flag (self, WEB_EVENT_STOP_PROPAGATION, TRUE);
}

/**
 * web_event_stop_immediate_propagation:
 * @self: an event
 *
 * Keeps the event from all listeners and signal handlers that have not been called yet.
 *
 * See
 * [stopImmediatePropagation()](https://dom.spec.whatwg.org/#dom-event-stopimmediatepropagation).
 */
void
web_event_stop_immediate_propagation (WebEvent *self)
{
  WebEventPrivate *priv;

  g_return_if_fail (WEB_IS_EVENT (self));

  priv = get_private (self);
  priv->flags |= WEB_EVENT_STOP_PROPAGATION | WEB_EVENT_STOP_IMMEDIATE_PROPAGATION;
  if (priv->signal_id != 0)
    g_signal_stop_emission (priv->current_target, priv->signal_id, 0);
}

/**
 * web_event_prevent_default:
 * @self: an event
 *
 * Cancels the event, if it can be cancelled. A listener with %WEB_LISTENER_PASSIVE cannot.
 *
 * See [preventDefault()](https://dom.spec.whatwg.org/#dom-event-preventdefault).
 */
void
web_event_prevent_default (WebEvent *self)
{
  g_return_if_fail (WEB_IS_EVENT (self));

  /* DOM, #set-the-canceled-flag */
  if (web_event_has_flag (self, WEB_EVENT_CANCELABLE) &&
      !web_event_has_flag (self, WEB_EVENT_IN_PASSIVE_LISTENER))
    web_event_set_flag (self, WEB_EVENT_CANCELED, TRUE);
}
