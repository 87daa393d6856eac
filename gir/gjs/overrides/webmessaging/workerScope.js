// workerScope.js: the globals of a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported installScope, reportFailure, reportScript */

const {toCString} = imports.overrides.webmessaging.cString;
const {correctFrame} = imports.overrides.webmessaging.scriptUrls;
const {setFacade, stateOf} = imports.overrides.webmessaging.state;
const {nameScript, parseLocation} = imports.overrides.webmessaging.urlParts;
const {requireArguments, toText} = imports.overrides.webmessaging.webidl;

// Files that no program has written.
const isOwnFrame = line => line.includes('/overrides/webmessaging/') ||
    line.includes('resource:///org/gnome/gjs/');

// HTML, webappapis.html#extract-error
function extractError(error) {
    const isError = typeof error === 'object' && error !== null && typeof error.stack === 'string';
    const lines = isError ? error.stack.split('\n').map(correctFrame) : [];
    const frames = lines.filter(line => line !== '' && !isOwnFrame(line));
    // A script that cannot be parsed has no frame.
    const [, file, line, column] = /@?([^@]*):(\d+):(\d+)$/.exec(frames[0] ?? '') ??
        [null, error?.fileName ?? '', error?.lineNumber ?? 0, error?.columnNumber ?? 0];

    return {
        message: `Uncaught ${toText(error)}`,
        filename: isError ? file : '',
        lineno: isError ? Number(line) : 0,
        colno: isError ? Number(column) : 0,
        stack: isError ? frames.join('\n') : null,
        error,
    };
}

function print({message, filename, lineno, colno, stack}) {
    printerr([
        message, ...stack === null ? filename === '' ? [] : [`${filename}:${lineno}:${colno}`]
            : stack.split('\n'),
    ].join('\n    '));
}

// HTML, webappapis.html#report-an-exception
function makeReport(WebMessaging, scope) {
    let reporting = false;

    return error => {
        const details = extractError(error);
        const {message, filename, lineno, colno, stack} = details;
        const event = new WebMessaging.ErrorEvent('error', {cancelable: true, ...details});
        let handled = false;

        if (!reporting) {
            reporting = true;
            stateOf(event).isTrusted = true;
            try {
                handled = !scope.dispatchEvent(event);
            } finally {
                reporting = false;
            }
        }
        if (handled)
            return;
        print(details);
        scope.report_exception(
            toCString(message), toCString(filename), lineno, colno, stack && toCString(stack), null);
    };
}

// HTML, workers.html#worker-locations
function makeLocation(url) {
    const parts = parseLocation(url);
    class WorkerLocation {
        constructor() {
            throw new TypeError('Illegal constructor');
        }

        toString() {
            return url;
        }
    }

    for (const [name, value] of Object.entries(parts)) {
        Object.defineProperty(WorkerLocation.prototype, name,
            {get: () => value, configurable: true, enumerable: true});
    }
    Object.defineProperty(WorkerLocation.prototype, Symbol.toStringTag,
        {value: 'WorkerLocation', configurable: true});
    return Object.create(WorkerLocation.prototype);
}

function addClass(target, klass) {
    Object.defineProperty(target, klass.name,
        {value: klass, configurable: true, enumerable: false, writable: true});
}

const replaceable = (name, get) => ({
    get,
    set(value) {
        Object.defineProperty(this ?? globalThis, name,
            {value, configurable: true, enumerable: true, writable: true});
    },
    configurable: true,
    enumerable: true,
});

// What is on the prototypes of the classes, for a global scope of which they are not.
function forward(scope, target, names) {
    for (const name of names) {
        if (name.startsWith('on')) {
            Object.defineProperty(target, name, {
                get: () => scope[name],
                set(value) {
                    scope[name] = value;
                },
                configurable: true,
                enumerable: true,
            });
        } else {
            const method = (...args) => scope[name](...args);

            Object.defineProperty(method, 'name', {value: name, configurable: true});
            Object.defineProperty(method, 'length', {value: scope[name].length, configurable: true});
            Object.defineProperty(target, name,
                {value: method, configurable: true, enumerable: true, writable: true});
        }
    }
}

// HTML, timers-and-user-prompts.html#timer-initialisation-steps: exceptions are reported.
function wrapTimers(target, report) {
    for (const name of ['setTimeout', 'setInterval']) {
        const start = target[name];

        target[name] = function (...args) {
            requireArguments(args, 1, name);
            const [handler, ...rest] = args;
            return typeof handler !== 'function' ? start(...args) : start((...values) => {
                try {
                    Reflect.apply(handler, target, values);
                } catch (error) {
                    report(error);
                }
            }, ...rest);
        };
        Object.defineProperty(target[name], 'name', {value: name, configurable: true});
        Object.defineProperty(target[name], 'length', {value: 1, configurable: true});
    }
}

const commonNames = ['addEventListener', 'removeEventListener', 'dispatchEvent', 'close', 'onerror'];
const dedicatedNames = ['postMessage', 'onmessage', 'onmessageerror', 'receive'];
const sharedNames = ['onconnect'];

// HTML, workers.html#the-global-scope, on an object that takes the place of the scope
function installScope(WebMessaging, scope, target, url) {
    const {DedicatedWorkerGlobalScope, SharedWorkerGlobalScope, WorkerGlobalScope} = WebMessaging;
    const isDedicated = scope instanceof DedicatedWorkerGlobalScope;
    const report = makeReport(WebMessaging, scope);
    const location = makeLocation(url);

    setFacade(scope, target);
    for (const klass of [
        WebMessaging.EventTarget, WorkerGlobalScope,
        isDedicated ? DedicatedWorkerGlobalScope : SharedWorkerGlobalScope,
    ]) {
        const {[Symbol.hasInstance]: isInstance} = klass;

        Object.defineProperty(klass, Symbol.hasInstance,
            {value: object => object === target || isInstance.call(klass, object), configurable: true});
        addClass(target, klass);
    }
    addClass(target, location.constructor);

    forward(scope, target, [...commonNames, ...isDedicated ? dedicatedNames : sharedNames]);
    if (isDedicated) {
        Object.defineProperty(target, Symbol.asyncIterator,
            {value: () => scope[Symbol.asyncIterator](), configurable: true, writable: true});
    }
    Object.defineProperties(target, {
        self: {get: () => target, configurable: true, enumerable: true},
        name: replaceable('name', () => scope.name),
        location: {get: () => location, configurable: true, enumerable: true},
        origin: replaceable('origin', () => location.origin),
        reportError: {
            value: function reportError(...args) {
                requireArguments(args, 1, 'reportError');
                report(args[0]);
            },
            configurable: true,
            enumerable: true,
            writable: true,
        },
    });
    wrapTimers(target, report);
    // The standard has it in windows only. WebMessaging.SharedWorker works here as well.
    delete target.SharedWorker;
}

// What a script that runs has thrown has one of its frames in the stack.
function wasThrown(error) {
    return !(error instanceof SyntaxError) && error?.name !== 'ImportError' ||
        error.stack.split('\n').some(line => line !== '' && !isOwnFrame(line));
}

// The script has thrown an exception, or could not be understood.
function reportScript(scope, url, error) {
    if (wasThrown(error))
        globalThis.reportError(error);
    else
        reportFailure(scope, url, error);
}

// The script could not be found or understood.
function reportFailure(scope, url, error) {
    const {fileName, lineNumber} = error;
    const file = isOwnFrame(`${fileName}`) ? nameScript(url) : correctFrame(`${fileName}`);
    const place = error instanceof SyntaxError ? `${file}:${lineNumber}` : nameScript(url);

    const hint = error instanceof SyntaxError && /modules?$/.test(error.message)
        ? ". A module is loaded with new Worker(url, {type: 'module'})" : '';

    printerr(`The script of a worker could not be loaded: ${place}: ${toText(error)}${hint}`);
    scope.report_failure();
    scope.close();
}
