/* web-version-macros.h
 *
 * Copyright (C) 2026 The libwebmessaging authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(WEB_MESSAGING_INSIDE) && !defined(WEB_MESSAGING_COMPILATION)
#  error "Only <webmessaging/webmessaging.h> can be included directly."
#endif

#include <glib.h>
#include <webmessaging/web-version.h>

/* A program says which versions of the library it is for: before it includes the header, it may
 * define WEB_MESSAGING_VERSION_MIN_REQUIRED, to be warned of what was deprecated by then, and
 * WEB_MESSAGING_VERSION_MAX_ALLOWED, to be warned of what is newer. Both are one of the
 * WEB_MESSAGING_VERSION_… here. */

#define WEB_MESSAGING_VERSION_0_1 (G_ENCODE_VERSION (0, 1))

#define WEB_MESSAGING_VERSION_CURRENT                                                              \
  (G_ENCODE_VERSION (WEB_MESSAGING_MAJOR_VERSION, WEB_MESSAGING_MINOR_VERSION))

#ifndef WEB_MESSAGING_VERSION_MIN_REQUIRED
#  define WEB_MESSAGING_VERSION_MIN_REQUIRED WEB_MESSAGING_VERSION_CURRENT
#endif

#ifndef WEB_MESSAGING_VERSION_MAX_ALLOWED
#  define WEB_MESSAGING_VERSION_MAX_ALLOWED WEB_MESSAGING_VERSION_CURRENT
#endif

/* A version of the library that is not written as above counts as 0. */
#if WEB_MESSAGING_VERSION_MIN_REQUIRED < WEB_MESSAGING_VERSION_0_1
#  error "WEB_MESSAGING_VERSION_MIN_REQUIRED must be WEB_MESSAGING_VERSION_0_1 or later"
#endif
#if WEB_MESSAGING_VERSION_MAX_ALLOWED < WEB_MESSAGING_VERSION_MIN_REQUIRED
#  error                                                                                           \
    "WEB_MESSAGING_VERSION_MAX_ALLOWED must not be less than WEB_MESSAGING_VERSION_MIN_REQUIRED"
#endif

#ifdef WEB_MESSAGING_COMPILATION
#  define WEB_EXTERN_ __attribute__ ((visibility ("default"))) extern
#else
#  define WEB_EXTERN_ extern
#endif

/* A program that defines this gets no warning of either kind. */
#ifdef WEB_MESSAGING_DISABLE_DEPRECATION_WARNINGS
#  define WEB_DEPRECATED                WEB_EXTERN_
#  define WEB_DEPRECATED_FOR(f)         WEB_EXTERN_
#  define WEB_UNAVAILABLE(major, minor) WEB_EXTERN_
#else
#  define WEB_DEPRECATED                G_DEPRECATED WEB_EXTERN_
#  define WEB_DEPRECATED_FOR(f)         G_DEPRECATED_FOR (f) WEB_EXTERN_
#  define WEB_UNAVAILABLE(major, minor) G_UNAVAILABLE (major, minor) WEB_EXTERN_
#endif

#define WEB_AVAILABLE_IN_ALL WEB_EXTERN_

/* One group for each version. */

#if WEB_MESSAGING_VERSION_MAX_ALLOWED < WEB_MESSAGING_VERSION_0_1
#  define WEB_AVAILABLE_IN_0_1 WEB_UNAVAILABLE (0, 1)
#else
#  define WEB_AVAILABLE_IN_0_1 WEB_EXTERN_
#endif
#if WEB_MESSAGING_VERSION_MIN_REQUIRED >= WEB_MESSAGING_VERSION_0_1
#  define WEB_DEPRECATED_IN_0_1        WEB_DEPRECATED
#  define WEB_DEPRECATED_IN_0_1_FOR(f) WEB_DEPRECATED_FOR (f)
#else
#  define WEB_DEPRECATED_IN_0_1        WEB_EXTERN_
#  define WEB_DEPRECATED_IN_0_1_FOR(f) WEB_EXTERN_
#endif
