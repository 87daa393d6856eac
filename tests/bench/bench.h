/* bench.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the benchmarks share. Each prints lines of three columns, separated by tabs: what was
 * measured, the figure, its unit. */

#pragma once

#include <webmessaging/webmessaging.h>

static inline double
bench_seconds (void)
{
  return g_get_monotonic_time () / 1e6;
}

static inline void
bench_print (const char *what, double figure, const char *unit)
{
  g_print ("%s\t%.6g\t%s\n", what, figure, unit);
}

/* A channel whose ports the caller owns. */
static inline void
bench_channel (WebMessagePort **port1, WebMessagePort **port2)
{
  g_autoptr (WebMessageChannel) channel = web_message_channel_new ();

  *port1 = g_object_ref (web_message_channel_get_port1 (channel));
  *port2 = g_object_ref (web_message_channel_get_port2 (channel));
}

/* Takes a port out of the calling thread, to be received in another one. */
static inline GObject *
bench_detach (WebMessagePort *port)
{
  GObject *data_holder = web_transferable_transfer (WEB_TRANSFERABLE (port), NULL);

  g_object_unref (port);

  return data_holder;
}

static inline WebMessagePort *
bench_receive (GObject *data_holder)
{
  WebMessagePort *port = g_object_new (WEB_TYPE_MESSAGE_PORT, NULL);

  if (!web_transferable_receive (WEB_TRANSFERABLE (port), data_holder, NULL))
    g_assert_not_reached ();
  g_object_unref (data_holder);

  return port;
}
