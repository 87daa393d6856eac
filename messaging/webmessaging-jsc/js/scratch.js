// scratch.js: where messages are written, and C reads them
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported scratch */

var {scratch} = imports.overrides.webmessaging.bridge;
