// second.js: a script that cannot change a constant of the one before it
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

var secondVar;

try {
    libraryConst = 1;
} catch ({name}) {
    secondVar = name;
}
