/* web-receive-call.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web-receive-call-private.h"

struct _WebReceiveCall
{
  int                 ref_count;     /* atomic; the other one is for on_cancelled() */
  GObject            *source_object; /* unowned: it owns the call */
  WebTaskQueue       *queue;         /* counted, nullable; of the port */
  GCancellable       *cancellable;   /* owned, nullable */
  gulong              cancelled_id;  /* its signal handler */
  int                 is_cancelled;  /* atomic */
  GAsyncReadyCallback callback;      /* nullable */
  gpointer            user_data;
};

/* The GAsyncResult that the callback gets. */
#define WEB_TYPE_RECEIVE_RESULT (web_receive_result_get_type ())
G_DECLARE_FINAL_TYPE (WebReceiveResult, web_receive_result, WEB, RECEIVE_RESULT, GObject)

struct _WebReceiveResult
{
  GObject  parent_instance;
  GObject *source_object; /* owned */
  GObject *event;         /* owned, nullable */
  GError  *error;         /* owned, nullable */
  gpointer user_data;
};

static gpointer
web_receive_result_get_user_data (GAsyncResult *result)
{
  return WEB_RECEIVE_RESULT (result)->user_data;
}

static GObject *
web_receive_result_get_source_object (GAsyncResult *result)
{
  return g_object_ref (WEB_RECEIVE_RESULT (result)->source_object);
}

static void
web_receive_result_async_result_iface_init (GAsyncResultIface *iface)
{
  iface->get_user_data = web_receive_result_get_user_data;
  iface->get_source_object = web_receive_result_get_source_object;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (WebReceiveResult,
                               web_receive_result,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT,
                                                      web_receive_result_async_result_iface_init))

static void
web_receive_result_finalize (GObject *object)
{
  WebReceiveResult *self = WEB_RECEIVE_RESULT (object);

  g_clear_object (&self->source_object);
  g_clear_object (&self->event);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (web_receive_result_parent_class)->finalize (object);
}

static void
web_receive_result_class_init (WebReceiveResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = web_receive_result_finalize;
}

static void
web_receive_result_init (WebReceiveResult *self)
{
}

static void
web_receive_call_unref (WebReceiveCall *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  if (self->queue != NULL)
    self->queue->funcs->unref (self->queue);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/* May run on any thread; the port returns cancelled calls on its own thread. */
static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  WebReceiveCall *self = user_data;

  if (g_atomic_int_compare_and_exchange (&self->is_cancelled, FALSE, TRUE) && self->queue != NULL)
    web_task_queue_kick (self->queue);
}

static void
release_closure (gpointer user_data, GClosure *closure)
{
  web_receive_call_unref (user_data);
}

/*
 * web_receive_call_new:
 * @queue: (nullable): kicked when the call is cancelled
 *
 * Makes a call. It has no source for the cancellable: a main loop would check that in each turn.
 */
WebReceiveCall *
web_receive_call_new (GObject            *source_object,
                      WebTaskQueue       *queue,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  WebReceiveCall *self = g_new0 (WebReceiveCall, 1);

  self->ref_count = 1;
  self->source_object = source_object;
  self->callback = callback;
  self->user_data = user_data;
  if (queue != NULL)
    {
      queue->funcs->ref (queue);
      self->queue = queue;
    }
  if (cancellable != NULL)
    {
      g_atomic_int_inc (&self->ref_count);
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id =
        g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled), self,
                               release_closure, 0);
      if (g_cancellable_is_cancelled (cancellable))
        on_cancelled (cancellable, self);
    }

  return self;
}

/*
 * web_receive_call_free:
 *
 * Drops a call whose callback can never be called.
 */
void
web_receive_call_free (WebReceiveCall *self)
{
  /* Not g_cancellable_disconnect(), which waits for handlers on other threads. */
  if (self->cancelled_id != 0)
    g_signal_handler_disconnect (self->cancellable, self->cancelled_id);
  self->cancelled_id = 0;
  web_receive_call_unref (self);
}

gboolean
web_receive_call_is_cancelled (WebReceiveCall *self)
{
  return g_atomic_int_get (&self->is_cancelled);
}

static void
return_result (WebReceiveCall *self, WebMessageEvent *event, GError *error)
{
  WebReceiveResult   *result = g_object_new (WEB_TYPE_RECEIVE_RESULT, NULL);
  GAsyncReadyCallback callback = self->callback;

  result->source_object = g_object_ref (self->source_object);
  result->event = (GObject *)event;
  result->error = error;
  result->user_data = self->user_data;
  web_receive_call_free (self);

  if (callback != NULL)
    callback (result->source_object, G_ASYNC_RESULT (result), result->user_data);
  g_object_unref (result);
}

/*
 * web_receive_call_return_event:
 * @self: (transfer full): a call, which is over
 * @event: (transfer full): the message
 */
void
web_receive_call_return_event (WebReceiveCall *self, WebMessageEvent *event)
{
  return_result (self, event, NULL);
}

/*
 * web_receive_call_return_error:
 * @self: (transfer full): a call, which is over
 * @error: (transfer full): why there is no message
 */
void
web_receive_call_return_error (WebReceiveCall *self, GError *error)
{
  return_result (self, NULL, error);
}

gboolean
web_receive_call_is_result (GAsyncResult *result, GObject *source_object)
{
  return WEB_IS_RECEIVE_RESULT (result) &&
         WEB_RECEIVE_RESULT (result)->source_object == source_object;
}

/*
 * web_receive_call_propagate:
 *
 * Returns: (transfer full): the event; %NULL with an error, or if the caller is not the first
 */
WebMessageEvent *
web_receive_call_propagate (GAsyncResult *result, GError **error)
{
  WebReceiveResult *self = WEB_RECEIVE_RESULT (result);

  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));

  return (WebMessageEvent *)g_steal_pointer (&self->event);
}
