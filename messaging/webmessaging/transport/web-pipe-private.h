/* web-pipe-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-serialized-data.h"
#include "loop/web-task-source-private.h"
#include "web-types.h"

G_BEGIN_DECLS

typedef struct _WebPipeEnd WebPipeEnd;

/* What there is to do at an end. */
typedef enum
{
  WEB_PIPE_TASK_NONE,
  WEB_PIPE_TASK_MESSAGE, /* deliver a message */
  WEB_PIPE_TASK_CLOSE,   /* the other side has closed, and all that it had sent was delivered */
} WebPipeTask;

/* Called in the context of a port when there is something to take. */
typedef void (*WebPipeEndFunc) (WebMessagePort *port);

void web_pipe_new (WebPipeEnd **end1, WebPipeEnd **end2);

void web_pipe_end_attach (WebPipeEnd     *self,
                          WebMessagePort *port,
                          WebPipeEndFunc  run_task,
                          WebTaskSource  *task_source);
void web_pipe_end_detach (WebPipeEnd *self);
void web_pipe_end_close (WebPipeEnd *self);
void web_pipe_end_release (WebPipeEnd *self);

void web_pipe_end_enable (WebPipeEnd *self, WebMessagePort *port);
void web_pipe_end_set_demand (WebPipeEnd *self, gboolean demand);

void        web_pipe_end_post (WebPipeEnd *self, WebSerializedData *data);
WebPipeTask web_pipe_end_take (WebPipeEnd *self, WebSerializedData **data);

gboolean web_pipe_end_is_over (WebPipeEnd *self);

void web_pipe_lose (WebSerializedData *data);

G_END_DECLS
