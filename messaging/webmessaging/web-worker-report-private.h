/* web-worker-report-private.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "web-event.h"
#include "web-serialized-data.h"

G_BEGIN_DECLS

typedef enum
{
  WEB_WORKER_REPORT_EXCEPTION, /* of a script, which the worker has printed */
  WEB_WORKER_REPORT_FAILURE,   /* the script could not be started: a plain event */
  WEB_WORKER_REPORT_CLOSING,   /* the worker has closed, and ends now */
  WEB_WORKER_REPORT_ERROR,     /* that nobody has printed */
} WebWorkerReportKind;

/* What a worker says to its owner. */
typedef struct
{
  WebWorkerReportKind kind;
  const char         *message;
  const char         *filename; /* nullable */
  guint               lineno, colno;
  const char         *stack;     /* nullable */
  GBytes             *exception; /* nullable; what was thrown: bytes of a #WebSerializedData */
} WebWorkerReport;

WebSerializedData  *web_worker_report_serialize (const WebWorkerReport *self);
WebSerializedData  *web_worker_report_serialize_again (GVariant *report);
GVariant           *web_worker_report_peek (WebSerializedData *message);
WebWorkerReportKind web_worker_report_get_kind (GVariant *report);
WebEvent           *web_worker_report_to_event (GVariant *report);

G_END_DECLS
