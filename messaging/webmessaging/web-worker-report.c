/* web-worker-report.c
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a worker says to its owner beside the messages of its program: what has gone wrong, and that
 * it ends.
 *
 * A report is a message of the implicit channel, so that it comes after all that the worker had
 * posted before. It is a cloned object of a type that does not exist: no program can post one.
 */

#include "web-worker-report-private.h"

#include "web-error-event-private.h"
#include "web-serialized-data-private.h"

#define TYPE_NAME "WebWorkerReport"

/* kind, message, filename, line, column, stack, error */
#define REPORT_FORMAT "(yssuusay)"

static char *
to_text (const char *text)
{
  return g_utf8_make_valid (text != NULL ? text : "", -1);
}

/*
 * web_worker_report_serialize_again:
 * @report: (floating): a report, perhaps one that has come
 *
 * Returns: (transfer full): the report as a message
 */
WebSerializedData *
web_worker_report_serialize_again (GVariant *report)
{
  WebSerializedData *data = web_serialized_data_new_empty ();

  data->parts.value = g_variant_ref_sink (g_variant_new_handle (0));
  data->parts.cloned = g_new0 (WebCloned, 1);
  data->parts.n_cloned = 1;
  data->parts.cloned[0].type_name = g_strdup (TYPE_NAME);
  data->parts.cloned[0].serialized = g_variant_ref_sink (report);

  return data;
}

/*
 * web_worker_report_serialize:
 *
 * Returns: (transfer full): the report as a message
 */
WebSerializedData *
web_worker_report_serialize (const WebWorkerReport *self)
{
  g_autofree char *message = to_text (self->message);
  g_autofree char *filename = to_text (self->filename);
  g_autofree char *stack = to_text (self->stack);
  g_autoptr (GBytes) exception =
    self->exception != NULL ? g_bytes_ref (self->exception) : g_bytes_new (NULL, 0);

  return web_worker_report_serialize_again (
    g_variant_new ("(yssuus@ay)", (guint8)self->kind, message, filename, self->lineno, self->colno,
                   stack, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, exception, TRUE)));
}

/*
 * web_worker_report_peek:
 * @message: a message of a worker
 *
 * Returns: (transfer none) (nullable): the report that @message is, %NULL if it is a message of the
 *   program
 */
GVariant *
web_worker_report_peek (WebSerializedData *message)
{
  const WebCloned *cloned = message->parts.cloned;

  /* A worker may be a process, which may say anything: such a message is for nobody then. */
  return message->parts.n_cloned == 1 && g_strcmp0 (cloned->type_name, TYPE_NAME) == 0 &&
             g_variant_is_of_type (cloned->serialized, G_VARIANT_TYPE (REPORT_FORMAT))
           ? cloned->serialized
           : NULL;
}

WebWorkerReportKind
web_worker_report_get_kind (GVariant *report)
{
  guint8 kind;

  g_variant_get_child (report, 0, "y", &kind);

  return kind;
}

/*
 * web_worker_report_to_event:
 *
 * Returns: (transfer full): the event that the owner of the worker gets
 */
WebEvent *
web_worker_report_to_event (GVariant *report)
{
  const char *message, *filename, *stack;
  guint32     lineno, colno;
  guint8      kind;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GBytes) exception = NULL;

  g_variant_get (report, "(y&s&suu&s@ay)", &kind, &message, &filename, &lineno, &colno, &stack,
                 &value);
  if (kind == WEB_WORKER_REPORT_FAILURE)
    return web_event_new ("error");

  exception = g_variant_get_data_as_bytes (value);

  return WEB_EVENT (
    web_error_event_new_reported (message, filename, lineno, colno, *stack != '\0' ? stack : NULL,
                                  g_bytes_get_size (exception) > 0 ? exception : NULL));
}
