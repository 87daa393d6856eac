// workers.js: Worker and SharedWorker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported SharedWorker, Worker, moduleScripts */

const {live, mailbox, natives, track, wrap} = imports.overrides.webmessaging.bridge;
const {broadcasting} = imports.overrides.webmessaging.broadcastChannel;
const {toCString} = imports.overrides.webmessaging.cString;
const {Kind, Place} = imports.overrides.webmessaging.constants;
const {toWorkerOptions} = imports.overrides.webmessaging.conversions;
const {DOMException} = imports.overrides.webmessaging.domException;
const {EventTarget, addEventHandler, hasListener} = imports.overrides.webmessaging.eventTarget;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {postMessage} = imports.overrides.webmessaging.messages;
const {resolveUrl} = imports.overrides.webmessaging.scriptUrls;
const {stateOf} = imports.overrides.webmessaging.state;
const {requireArguments} = imports.overrides.webmessaging.webidl;

// The engine has no loader of modules. A host that has one sets load() in the realms that start workers and in the
// workers: it gets the URL and the text of a module, links it, and returns an asynchronous function that evaluates it.
var moduleScripts = {load: null};

function checkType(type) {
    if (type === 'module' && moduleScripts.load === null) {
        throw new DOMException('JavaScriptCore has no loader of modules: a worker must be of type classic',
            'NotSupportedError');
    }
}

// HTML, workers.html#dedicated-workers-and-the-worker-interface. The worker is a thread with a machine of its own.
var Worker = class Worker extends EventTarget {
    // Methods look at it first: they throw for an object of another class.
    #isOne = true;

    constructor(url, options) {
        requireArguments(arguments, 1, 'Worker');
        const {name, type} = toWorkerOptions(options, 'Worker');
        const script = resolveUrl(url, 'Worker');
        checkType(type);
        const number = natives.makeWorker(toCString(script), toCString(name), type === 'module');

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

// HTML, workers.html#shared-workers-and-the-sharedworker-interface. The realm is a user of the worker as long as it
// lives; this object has the port, and hears of errors.
var SharedWorker = class SharedWorker extends EventTarget {
    #port;

    constructor(url, options) {
        requireArguments(arguments, 1, 'SharedWorker');
        const isName = options !== undefined && options !== null && !/^(object|function)$/.test(typeof options);
        const {credentials, name, type} = toWorkerOptions(isName ? {name: options} : options, 'SharedWorker');
        const script = resolveUrl(url, 'SharedWorker');

        checkType(type);
        const number = natives.makeSharedWorker(broadcasting.getOrigin(), toCString(script), toCString(name),
            type === 'module', credentials);

        super();
        this.#port = wrap(mailbox[Place.PORT1], Kind.PORT);
        track(this, number);
        stateOf(this).listenersChanged = updateLife;
    }

    get port() {
        return this.#port;
    }
};
defineInterface(SharedWorker, 'SharedWorker', 1);
addEventHandler(SharedWorker, 'error');

function updateLife(worker) {
    if (hasListener(worker, 'error'))
        live.add(worker);
    else
        live.delete(worker);
}
