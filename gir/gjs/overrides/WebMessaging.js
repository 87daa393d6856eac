// WebMessaging.js: gives the introspected classes the shape that the web knows
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported _init */

// GJS loads this file by itself when a program imports WebMessaging. There is no second set of
// classes: the Web IDL attributes and methods go on the prototypes of the introspected ones, whose
// own names (post_message() and so on) stay. The modules are in the folder webmessaging; those with
// a function install() change the namespace that it gets, the others know nothing of it.

const {
    abort, broadcastChannel, errors, eventTarget, events, globals, messages, ports, window, workers,
} = imports.overrides.webmessaging;

function _init() {
    for (const module of [
        errors, messages, events, eventTarget, ports, window, broadcastChannel, abort, workers, globals,
    ])
        module.install(this);
}
