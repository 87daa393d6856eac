// usage-error.js: wrong arguments
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** An error in the arguments: its message is for the user, its stack is not. */
export class UsageError extends Error {}
