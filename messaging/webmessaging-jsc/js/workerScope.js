// workerScope.js: the globals of a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {enter, live, mailbox, natives, setMaker, takeError, track, wrap} = imports.overrides.webmessaging.bridge;
const {uncurryThis} = imports.overrides.webmessaging.builtins;
const {fromCString, toCString} = imports.overrides.webmessaging.cString;
const {Call, Kind, Place} = imports.overrides.webmessaging.constants;
const {DOMException} = imports.overrides.webmessaging.domException;
const {extractError, reportException} = imports.overrides.webmessaging.errors;
const {EventTarget, addErrorHandler, addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {setGlobalTarget} = imports.overrides.webmessaging.globalScope;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {postMessage} = imports.overrides.webmessaging.messages;
const {resolveUrl} = imports.overrides.webmessaging.scriptUrls;
const {stateOf, toTarget} = imports.overrides.webmessaging.state;
const {nameScript, parseLocation} = imports.overrides.webmessaging.urlParts;
const {moduleScripts} = imports.overrides.webmessaging.workers;

const then = uncurryThis(Promise.prototype.then);

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
        if (natives.isModule())
            throw new TypeError('importScripts: a module imports other scripts');
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
addEventHandler(WorkerGlobalScope, 'unhandledrejection');

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

// HTML, workers.html#shared-workers-and-the-sharedworkerglobalscope-interface
class SharedWorkerGlobalScope extends WorkerGlobalScope {
    get name() {
        return fromCString(natives.getName());
    }

    close() {
        natives.close(stateOf(toTarget(this)).number);
    }
}
defineInterface(SharedWorkerGlobalScope, 'SharedWorkerGlobalScope');
addEventHandler(SharedWorkerGlobalScope, 'connect');

for (const [kind, Scope] of [[Kind.SCOPE, DedicatedWorkerGlobalScope], [Kind.SHARED_SCOPE, SharedWorkerGlobalScope]]) {
    setMaker(kind, number => {
        scopeNumber = number;
        return new Scope();
    });
}

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

// Web IDL, #Replaceable
function defineReplaceable(name, get) {
    Object.defineProperty(globalThis, name, {
        get,
        set: value => Object.defineProperty(globalThis, name,
            {value, configurable: true, enumerable: true, writable: true}),
        configurable: true,
        enumerable: true,
    });
}

enter.on(Call.INSTALL_SCOPE, () => {
    const kind = mailbox[Place.KIND];
    const scope = wrap(mailbox[Place.NUMBER], kind);
    const Scope = kind === Kind.SHARED_SCOPE ? SharedWorkerGlobalScope : DedicatedWorkerGlobalScope;

    scriptUrl = fromCString(natives.getBase());
    makeLocation();
    setGlobalTarget(scope, [EventTarget, WorkerGlobalScope, Scope]);
    defineReplaceable('name', () => scope.name);
    defineReplaceable('origin', () => location.origin);
    // It is for windows.
    delete globalThis.SharedWorker;
    for (const klass of [WorkerGlobalScope, Scope, WorkerLocation]) {
        Object.defineProperty(globalThis, klass.name,
            {value: klass, configurable: true, enumerable: false, writable: true});
    }
});

// Evaluates a module as far as it goes without waiting: the messages for the worker come next.
function runModule(name) {
    let evaluate;

    try {
        evaluate = moduleScripts.load(scriptUrl, natives.getScript());
    } catch (error) {
        natives.fail(toCString(`${name}: ${error}`));
        return;
    }
    then(evaluate(), undefined, reportException);
}

// The script of the worker, HTML, workers.html#run-a-worker. One that cannot be loaded or understood makes a
// plain event at the owner.
enter.on(Call.RUN_SCRIPT, () => {
    const name = nameScript(scriptUrl);

    if (!natives.load(toCString(scriptUrl))) {
        natives.fail(toCString(`${name}: ${takeError().message}`));
        return;
    }
    if (natives.isModule()) {
        runModule(name);
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
