// worker-imported.js: a script that a worker imports
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

var imported = 'imported';
let letOfTheOther = 'let of the other';
