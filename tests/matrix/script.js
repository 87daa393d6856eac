// script.js: what a script in JavaScriptCore does in the language matrix
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Evaluated after describe.mjs. The program around it calls send() and receive(), and reads `result`.

globalThis.result = null;

// What a row calls a value, as [value, transfer list].
function make(text) {
    if (text === 'port') {
        const {port1} = new MessageChannel();
        return [port1, [port1]];
    }
    return [(0, eval)(text), []];
}

// Returns the name of the error, or nothing if the value was posted.
function send(port, text) {
    try {
        port.postMessage(...make(text));
        return '';
    } catch (error) {
        return error.name;
    }
}

function describeEvent({type, data}) {
    if (type === 'messageerror')
        return 'DataCloneError';
    return data instanceof MessagePort ? 'port' : describe(data);
}

function judge(actual, expected) {
    if (actual === expected)
        return 'ok';
    if (['DataCloneError', 'port', 'note'].includes(expected))
        return actual.slice(0, 200);
    return actual === describe((0, eval)(expected)) ? 'ok' : actual.slice(0, 200);
}

function receive(port, expected) {
    result = null;
    port.onmessage = port.onmessageerror = event => {
        result = judge(describeEvent(event), expected);
    };
}
