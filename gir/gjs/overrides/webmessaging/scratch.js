// scratch.js: where messages are written
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported scratch */

var scratch = new Uint8Array(65536);
