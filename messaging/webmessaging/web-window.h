/* web-window.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event-target.h"

G_BEGIN_DECLS

#define WEB_TYPE_WINDOW (web_window_get_type ())

WEB_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (WebWindow, web_window, WEB, WINDOW, WebEventTarget)

/**
 * WebWindowClass:
 * @parent_class: the parent class
 * @queue_message: delivers a message that was posted to the window. The default implementation
 *   queues a task in the main context of the window. A class whose windows stand for something
 *   elsewhere, such as a web page, sends the message there instead. Called on the thread of the
 *   sender, with a message that only the window deserializes; @target_origin is %NULL for any
 *   origin
 */
struct _WebWindowClass
{
  WebEventTargetClass parent_class;

  void (*queue_message) (WebWindow         *self,
                         WebSerializedData *message,
                         WebOrigin         *target_origin,
                         WebWindow         *source,
                         WebOrigin         *source_origin);

  /*< private >*/
  gpointer padding[8];
};

WEB_AVAILABLE_IN_ALL
WebWindow *web_window_new (const char *url, GError **error);
WEB_AVAILABLE_IN_ALL
WebWindow *web_window_new_for_origin (WebOrigin *origin);

WEB_AVAILABLE_IN_ALL
WebOrigin *web_window_get_origin (WebWindow *self);
WEB_AVAILABLE_IN_ALL
void web_window_set_origin (WebWindow *self, WebOrigin *origin);

WEB_AVAILABLE_IN_ALL
gboolean web_window_post_message (WebWindow              *self,
                                  WebWindow              *source,
                                  GVariant               *message,
                                  const char             *target_origin,
                                  WebTransferable *const *transfer,
                                  gsize                   n_transfer,
                                  GError                **error);
WEB_AVAILABLE_IN_ALL
gboolean web_window_post_serialized (WebWindow         *self,
                                     WebWindow         *source,
                                     WebSerializedData *message,
                                     const char        *target_origin,
                                     GError           **error);

WEB_AVAILABLE_IN_ALL
void web_window_close (WebWindow *self);
WEB_AVAILABLE_IN_ALL
gboolean web_window_get_closed (WebWindow *self);

G_END_DECLS
