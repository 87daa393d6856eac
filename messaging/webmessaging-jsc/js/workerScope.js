// workerScope.js: the globals of a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {adoptNumber, enter, live, mailbox, natives, takeError, track, wrap} = imports.overrides.webmessaging.bridge;
const {fromCString, toCString} = imports.overrides.webmessaging.cString;
const {DOMException} = imports.overrides.webmessaging.domException;
const {extractError, reportException, setErrorTarget} = imports.overrides.webmessaging.errors;
const {EventTarget, addErrorHandler, addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {postMessage} = imports.overrides.webmessaging.messages;
const {nameScript, parseLocation, resolveUrl} = imports.overrides.webmessaging.scriptUrls;
const {setFacade, stateOf, toTarget} = imports.overrides.webmessaging.state;

const INSTALL_SCOPE = 6;
const RUN_SCRIPT = 7;
const KIND_SCOPE = 4;

let scopeNumber = 0;
let scriptUrl = '';

// HTML, workers.html#the-global-scope
class WorkerGlobalScope extends EventTarget {
    constructor() {
        if (scopeNumber === 0)
            throw new TypeError('Illegal constructor');
        super();
        track(this, scopeNumber);
        live.add(this);
        scopeNumber = 0;
    }

    get self() {
        return globalThis;
    }

    get location() {
        return location;
    }

    importScripts(...references) {
        const urls = references.map(reference => resolveUrl(reference, 'importScripts'));

        for (const url of urls) {
            if (!natives.load(toCString(url))) {
                const {message} = takeError();

                throw new DOMException(`importScripts: '${url}' could not be loaded: ${message}`, 'NetworkError');
            }
            natives.evaluate(toCString(nameScript(url)));
        }
    }
}
defineInterface(WorkerGlobalScope, 'WorkerGlobalScope');
addErrorHandler(WorkerGlobalScope);

class DedicatedWorkerGlobalScope extends WorkerGlobalScope {
    get name() {
        return fromCString(natives.getName());
    }

    postMessage(...args) {
        postMessage(stateOf(toTarget(this)).number, args, 'DedicatedWorkerGlobalScope.postMessage');
    }

    close() {
        natives.close(stateOf(toTarget(this)).number);
    }
}
defineInterface(DedicatedWorkerGlobalScope, 'DedicatedWorkerGlobalScope', 0, {postMessage: 1});
addEventHandler(DedicatedWorkerGlobalScope, 'message');
addEventHandler(DedicatedWorkerGlobalScope, 'messageerror');

adoptNumber(KIND_SCOPE, number => {
    scopeNumber = number;
    return new DedicatedWorkerGlobalScope();
});

class WorkerLocation {
    constructor() {
        throw new TypeError('Illegal constructor');
    }

    toString() {
        return scriptUrl;
    }
}

let location;

function makeLocation() {
    for (const [name, value] of Object.entries(parseLocation(scriptUrl))) {
        Object.defineProperty(WorkerLocation.prototype, name,
            {get: () => value, configurable: true, enumerable: true});
    }
    defineInterface(WorkerLocation, 'WorkerLocation');
    location = Object.create(WorkerLocation.prototype);
}

const replaceable = ['name', 'origin'];

// The engine lets nobody choose the prototype of a global object: so it gets the members itself.
function addMembers(target, scope) {
    for (const {prototype} of [EventTarget, WorkerGlobalScope, DedicatedWorkerGlobalScope]) {
        for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
            const {get, set, value} = descriptor;

            if (name === 'constructor')
                continue;
            if (value !== undefined) {
                Object.defineProperty(target, name, descriptor);
            } else {
                Object.defineProperty(target, name, {
                    get: () => get.call(scope),
                    set: replaceable.includes(name) ? other => Object.defineProperty(target, name,
                        {value: other, configurable: true, enumerable: true, writable: true})
                        : set && (other => set.call(scope, other)),
                    configurable: true,
                    enumerable: true,
                });
            }
        }
    }
}

enter.on(INSTALL_SCOPE, () => {
    const scope = wrap(mailbox[1], KIND_SCOPE);

    scriptUrl = fromCString(natives.getBase());
    makeLocation();
    setFacade(scope, globalThis);
    setErrorTarget(scope);
    addMembers(globalThis, scope);
    Object.defineProperty(globalThis, 'origin', {
        get: () => location.origin,
        set: other => Object.defineProperty(globalThis, 'origin',
            {value: other, configurable: true, enumerable: true, writable: true}),
        configurable: true,
        enumerable: true,
    });
    for (const klass of [EventTarget, WorkerGlobalScope, DedicatedWorkerGlobalScope]) {
        const isInstance = Function.prototype[Symbol.hasInstance];

        Object.defineProperty(klass, Symbol.hasInstance,
            {value: object => object === globalThis || isInstance.call(klass, object), configurable: true});
    }
    for (const klass of [WorkerGlobalScope, DedicatedWorkerGlobalScope, WorkerLocation]) {
        Object.defineProperty(globalThis, klass.name,
            {value: klass, configurable: true, enumerable: false, writable: true});
    }
    Object.defineProperty(globalThis, Symbol.toStringTag,
        {value: 'DedicatedWorkerGlobalScope', configurable: true});
});

// The script of the worker, HTML, workers.html#run-a-worker. One that cannot be loaded or understood makes a
// plain event at the owner.
enter.on(RUN_SCRIPT, () => {
    const name = nameScript(scriptUrl);

    if (!natives.load(toCString(scriptUrl))) {
        natives.fail(toCString(`${name}: ${takeError().message}`));
        return;
    }
    try {
        natives.evaluate(toCString(name));
    } catch (error) {
        if (error instanceof SyntaxError && !natives.isValid(toCString(name))) {
            const {filename, lineno} = extractError(error);

            natives.fail(toCString(`${filename || name}:${lineno}: ${error}`));
        } else {
            reportException(error);
        }
    }
});
