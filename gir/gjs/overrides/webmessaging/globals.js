// globals.js: makes the classes globals of a script
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {DOMException} = imports.overrides.webmessaging.domException;
const {structuredClone} = imports.overrides.webmessaging.messages;

function install(WebMessaging) {
    const {Event, EventTarget, MessageChannel, MessageEvent, MessagePort} = WebMessaging;

    WebMessaging.DOMException = DOMException;
    WebMessaging.structuredClone = structuredClone;

    // Makes the classes globals of a script, as in a browser.
    WebMessaging.installGlobals = function (target = globalThis) {
        const classes = {DOMException, Event, EventTarget, MessageChannel, MessageEvent, MessagePort};

        if ('BroadcastChannel' in WebMessaging)
            classes.BroadcastChannel = WebMessaging.BroadcastChannel;
        for (const [name, value] of Object.entries(classes))
            Object.defineProperty(target, name, {value, configurable: true, writable: true});
        Object.defineProperty(target, 'structuredClone',
            {value: structuredClone, configurable: true, enumerable: true, writable: true});
    };
}
