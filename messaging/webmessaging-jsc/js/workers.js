// workers.js: Worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported Worker */

const {adoptNumber, live, natives, takeError, track} = imports.overrides.webmessaging.bridge;
const {toCString} = imports.overrides.webmessaging.cString;
const {toException} = imports.overrides.webmessaging.errors;
const {EventTarget, addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {postMessage} = imports.overrides.webmessaging.messages;
const {resolveUrl} = imports.overrides.webmessaging.scriptUrls;
const {stateOf} = imports.overrides.webmessaging.state;
const {requireArguments, toDOMString, toDictionary} = imports.overrides.webmessaging.webidl;

const KIND_WORKER = 2;

function toOptions(argument, where) {
    const {credentials, name, type} = toDictionary(argument, where);
    const checkEnum = (value, values) => {
        if (!values.includes(`${value}`))
            throw new TypeError(`${where}: '${value}' is not one of ${values.join(', ')}`);
        return `${value}`;
    };

    if (credentials !== undefined)
        checkEnum(credentials, ['omit', 'same-origin', 'include']);
    return {
        name: name === undefined ? '' : toDOMString(name),
        type: type === undefined ? 'classic' : checkEnum(type, ['classic', 'module']),
    };
}

// HTML, workers.html#dedicated-workers-and-the-worker-interface. The worker is a thread with a machine of its own.
var Worker = class Worker extends EventTarget {
    #isOne = true;

    constructor(url, options) {
        requireArguments(arguments, 1, 'Worker');
        const {name, type} = toOptions(options, 'Worker');
        const script = resolveUrl(url, 'Worker');
        const number = natives.makeWorker(toCString(script), toCString(name), type === 'module');

        if (number === 0)
            throw toException(takeError());
        super();
        track(this, number);
        live.add(this);
    }

    postMessage(...args) {
        void this.#isOne;
        postMessage(stateOf(this).number, args, 'Worker.postMessage');
    }

    terminate() {
        void this.#isOne;
        live.delete(this);
        natives.close(stateOf(this).number);
    }
};
defineInterface(Worker, 'Worker', 1, {postMessage: 1});
for (const type of ['message', 'messageerror', 'error', 'close'])
    addEventHandler(Worker, type);

adoptNumber(KIND_WORKER, () => {
    throw new TypeError('A Worker cannot be received');
});
