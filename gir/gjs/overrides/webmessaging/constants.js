// constants.js: numbers that the C library knows as well
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported Tag, OUT_OF_LINE_SIZE, MAX_DEPTH */

const {WebMessagingPrivate} = imports.gi;

var Tag = {...WebMessagingPrivate.Tag};
var {OUT_OF_LINE_SIZE, MAX_DEPTH} = WebMessagingPrivate;
