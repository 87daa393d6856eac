/* bench.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the benchmarks share. Each prints lines of three columns, separated by tabs: what was
 * measured, the figure, its unit. */

#pragma once

#include "../web-test-thread.h"

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
