/* web-jsc-host.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(WEB_MESSAGING_JSC_INSIDE) && !defined(WEB_MESSAGING_COMPILATION)
#  error "Only <webmessaging-jsc/webmessaging-jsc.h> can be included directly."
#endif

#include <webmessaging-jsc/web-jsc.h>

G_BEGIN_DECLS

/**
 * WebJscLoadFunc:
 * @url: the URL of a script, without a fragment
 * @user_data: (closure): the data of the function
 * @error: return location for an error
 *
 * Loads a script that another script has asked for. Called on the thread of the script that is
 * loaded; a worker whose URL begins with `blob:` is loaded on the thread that makes it, before the
 * URL can be revoked.
 *
 * Returns: (transfer full) (nullable): the text of the script in UTF-8, %NULL and an error if there
 *   is none
 */
typedef GBytes *(*WebJscLoadFunc) (const char *url, gpointer user_data, GError **error);

/**
 * WebJscWorkerFunc:
 * @context: the context of a worker, with all classes installed
 * @user_data: (closure): the data of the function
 *
 * Prepares the context of a worker before its script runs. Called on the thread of the worker.
 */
typedef void (*WebJscWorkerFunc) (JSCContext *context, gpointer user_data);

/**
 * WebJscReportFunc:
 * @message: what has gone wrong
 * @filename: the URL of the script, perhaps empty
 * @lineno: the line in it, 0 if that is not known
 * @colno: the column, 0 if that is not known
 * @stack: which functions were being called, perhaps empty
 * @user_data: (closure): the data of the function
 *
 * Is told of an exception that no script has handled, of a promise that was rejected without a
 * handler, and of a listener, a timer or a microtask that [func@set_time_limit] has ended. Called
 * on the thread of the script.
 */
typedef void (*WebJscReportFunc) (const char *message,
                                  const char *filename,
                                  guint       lineno,
                                  guint       colno,
                                  const char *stack,
                                  gpointer    user_data);

#define WEB_JSC_TYPE_HOST (web_jsc_host_get_type ())

WEB_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (WebJscHost, web_jsc_host, WEB_JSC, HOST, GObject)

WEB_AVAILABLE_IN_0_1
WebJscHost *web_jsc_host_new (void);
WEB_AVAILABLE_IN_0_1
void web_jsc_host_set_loader (WebJscHost    *self,
                              WebJscLoadFunc load,
                              gpointer       user_data,
                              GDestroyNotify destroy);
WEB_AVAILABLE_IN_0_1
void web_jsc_host_set_worker_func (WebJscHost      *self,
                                   WebJscWorkerFunc func,
                                   gpointer         user_data,
                                   GDestroyNotify   destroy);
WEB_AVAILABLE_IN_0_1
void web_jsc_host_set_report_func (WebJscHost      *self,
                                   WebJscReportFunc report,
                                   gpointer         user_data,
                                   GDestroyNotify   destroy);

WEB_AVAILABLE_IN_0_1
gboolean web_jsc_install_for_host (JSCContext *context,
                                   WebJscFlags flags,
                                   WebJscHost *host,
                                   const char *base_url,
                                   GError    **error);

G_END_DECLS
