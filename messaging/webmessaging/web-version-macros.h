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

/* Before it includes the header, a program can define WEB_MESSAGING_VERSION_MIN_REQUIRED, and is
 * warned of functions that were deprecated in that version or before, and
 * WEB_MESSAGING_VERSION_MAX_ALLOWED, and is warned of functions that are newer. The value of both
 * is one of the WEB_MESSAGING_VERSION_… here. */

#define WEB_MESSAGING_VERSION_0_1 (G_ENCODE_VERSION (0, 1))

#define WEB_MESSAGING_VERSION_CURRENT                                                              \
  (G_ENCODE_VERSION (WEB_MESSAGING_MAJOR_VERSION, WEB_MESSAGING_MINOR_VERSION))

#ifndef WEB_MESSAGING_VERSION_MIN_REQUIRED
#  define WEB_MESSAGING_VERSION_MIN_REQUIRED WEB_MESSAGING_VERSION_CURRENT
#endif

#ifndef WEB_MESSAGING_VERSION_MAX_ALLOWED
#  define WEB_MESSAGING_VERSION_MAX_ALLOWED WEB_MESSAGING_VERSION_CURRENT
#endif

/* The preprocessor replaces an unknown name by 0. */
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

/* Turns off both kinds of warnings. */
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

/* Each minor version adds a group. */

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
