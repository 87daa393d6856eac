// window.js: Window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {toCUrl} = imports.overrides.webmessaging.cString;
const {callLibrary} = imports.overrides.webmessaging.errors;
const {addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {toTransferOption} = imports.overrides.webmessaging.transferLists;
const {requireArguments, toUSVString} = imports.overrides.webmessaging.webidl;

// HTML, web-messaging.html#posting-messages. A script of the web has a window that speaks for it;
// here it says which one: null speaks for the program itself.
function install({Origin, SerializedData, Window}) {
    Window.prototype.postMessageFrom = function (source, ...args) {
        requireArguments(args, 1, 'Window.postMessageFrom');
        const [message, second, third] = args;
        const isOptions = typeof second === 'object' && second !== null || second === undefined ||
            second === null;
        const {targetOrigin = '/'} = isOptions ? second ?? {} : {targetOrigin: second};
        const transfer = isOptions ? toTransferOption(second, 'Window.postMessageFrom')
            : toTransferOption(third === undefined ? third : {transfer: third}, 'Window.postMessageFrom');
        const origin = toCUrl(toUSVString(targetOrigin));

        // Before anything is transferred
        if (origin !== '*' && origin !== '/')
            callLibrary(() => Origin.new_for_url(origin));
        callLibrary(() => this.post_serialized(
            source, SerializedData.serialize(message, {transfer}), origin));
    };
    addEventHandler(Window, 'message');
    addEventHandler(Window, 'messageerror');
}
