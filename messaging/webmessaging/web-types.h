/* web-types.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(WEB_MESSAGING_INSIDE) && !defined(WEB_MESSAGING_COMPILATION)
#  error "Only <webmessaging/webmessaging.h> can be included directly."
#endif

#include <gio/gio.h>

#include <webmessaging/web-version-macros.h>

G_BEGIN_DECLS

typedef struct _WebBroadcastChannel           WebBroadcastChannel;
typedef struct _WebDedicatedWorkerGlobalScope WebDedicatedWorkerGlobalScope;
typedef struct _WebErrorEvent                 WebErrorEvent;
typedef struct _WebEvent                      WebEvent;
typedef struct _WebEventTarget                WebEventTarget;
typedef struct _WebMessageChannel             WebMessageChannel;
typedef struct _WebMessageEvent               WebMessageEvent;
typedef struct _WebMessageEventSource         WebMessageEventSource;
typedef struct _WebMessagePort                WebMessagePort;
typedef struct _WebOrigin                     WebOrigin;
typedef struct _WebSerializable               WebSerializable;
typedef struct _WebSerializedData             WebSerializedData;
typedef struct _WebSharedWorker               WebSharedWorker;
typedef struct _WebSharedWorkerGlobalScope    WebSharedWorkerGlobalScope;
typedef struct _WebTransferable               WebTransferable;
typedef struct _WebWindow                     WebWindow;
typedef struct _WebWorker                     WebWorker;
typedef struct _WebWorkerGlobalScope          WebWorkerGlobalScope;

G_END_DECLS
