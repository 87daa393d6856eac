// usage-error.js: wrong arguments
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** What the user has to change. */
export class UsageError extends Error {}
