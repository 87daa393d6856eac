// WebMessagingJsc.js: loads the library when a program imports WebMessagingJsc
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported _init */

// Before the first context is made: the options of the engine cannot be changed any more then. Without this,
// the first call of a function loads it.
function _init() {
    void this.Host.$gtype;
}
