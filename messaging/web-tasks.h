/* web-tasks.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-types.h"

G_BEGIN_DECLS

/**
 * WebTasksDeserializer:
 * @event: an event that nobody has seen yet
 * @cbor: (array length=size) (nullable): the message that it brings, in CBOR; %NULL if it has no
 *   value
 * @size: how many bytes there are in @cbor
 * @user_data: the data of [func@tasks_set_deserializer]
 *
 * Makes a value of a script of the message that has arrived with @event.
 *
 * Returns: 1 if it could be made, -1 if the message cannot be a value of the script. 0 stands for a
 *   function that the language did not call
 */
typedef int (*WebTasksDeserializer) (WebMessageEvent *event,
                                     const guint8    *cbor,
                                     gsize            size,
                                     gpointer         user_data);

/**
 * WebTasksProbe:
 * @user_data: the data of [func@tasks_set_probe]
 *
 * Does nothing but answer.
 *
 * Returns: %TRUE, if the language calls it at all
 */
typedef gboolean (*WebTasksProbe) (gpointer user_data);

WEB_AVAILABLE_IN_ALL
void web_tasks_set_probe (WebTasksProbe func, gpointer user_data, GDestroyNotify destroy);
WEB_AVAILABLE_IN_ALL
void web_tasks_set_deserializer (gboolean             all_threads,
                                 WebTasksDeserializer deserializer,
                                 gpointer             user_data,
                                 GDestroyNotify       destroy);
WEB_AVAILABLE_IN_ALL
void web_tasks_set_batching (gboolean batching);

G_END_DECLS
