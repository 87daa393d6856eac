// imported.js: what module.js imports
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

export const double = x => 2 * x;
