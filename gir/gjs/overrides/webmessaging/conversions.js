// conversions.js: what Web IDL makes of the arguments of listeners and workers
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported toListener, toRemovedListener, toSignal, toWorkerOptions */

const {requireArguments, toDOMString, toDictionary} = imports.overrides.webmessaging.webidl;

// DOM, #event-flatten-more
function flattenOptions(options) {
    const {capture, once, passive, signal} =
        options !== null && (typeof options === 'object' || typeof options === 'function') ? options
            : {__proto__: null, capture: options};

    return {capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive), signal};
}

function toCallback(callback, where) {
    if (callback === null || callback === undefined)
        return null;
    if (typeof callback !== 'object' && typeof callback !== 'function')
        throw new TypeError(`${where}: the listener is not an object`);
    return callback;
}

function toSignal(signal, where) {
    if (typeof signal !== 'object' || signal === null || !('aborted' in signal))
        throw new TypeError(`${where}: the signal is not an AbortSignal`);
    return signal;
}

// The arguments of addEventListener(). The callback may be null.
function toListener(args) {
    const where = 'EventTarget.addEventListener';

    requireArguments(args, 2, where);
    const type = toDOMString(args[0]);
    const callback = toCallback(args[1], where);
    const options = flattenOptions(args[2]);

    if (options.signal !== undefined)
        toSignal(options.signal, where);
    return {type, callback, ...options};
}

// The arguments of removeEventListener()
function toRemovedListener(args) {
    const where = 'EventTarget.removeEventListener';

    requireArguments(args, 2, where);
    const type = toDOMString(args[0]);
    const callback = toCallback(args[1], where);

    return {type, callback, capture: flattenOptions(args[2]).capture};
}

function toWorkerOptions(argument, where) {
    const {credentials, name, type} = toDictionary(argument, where);
    const checkEnum = (value, values) => {
        if (!values.includes(`${value}`))
            throw new TypeError(`${where}: '${value}' is not one of ${values.join(', ')}`);
        return `${value}`;
    };

    return {
        credentials: credentials === undefined ? 'same-origin'
            : checkEnum(credentials, ['omit', 'same-origin', 'include']),
        name: name === undefined ? '' : toDOMString(name),
        type: type === undefined ? 'classic' : checkEnum(type, ['classic', 'module']),
    };
}
