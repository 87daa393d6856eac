// globals.js: makes the classes globals of a script
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {DOMException} = imports.overrides.webmessaging.domException;
const {reportException} = imports.overrides.webmessaging.errors;
const {structuredClone} = imports.overrides.webmessaging.messages;
const {warnOfHandlers} = imports.overrides.webmessaging.mistakes;
const {openForSubclasses} = imports.overrides.webmessaging.subclassing;

// HTML, webappapis.html#microtask-queuing
function queueMicrotask(...args) {
    const [callback] = args;

    if (typeof callback !== 'function')
        throw new TypeError('queueMicrotask: the argument is not a function');
    Promise.resolve().then(() => {
        try {
            callback();
        } catch (error) {
            reportException(error);
        }
    });
}
Object.defineProperty(queueMicrotask, 'length', {value: 1, configurable: true});

const ownClasses = [
    'BroadcastChannel', 'DOMException', 'ErrorEvent', 'Event', 'EventTarget', 'MessageChannel', 'MessageEvent',
    'MessagePort', 'SharedWorker', 'Worker',
];
const ownFunctions = ['structuredClone'];

// What a program finds in any other engine. Where the engine of GJS has it, it stays.
const missingClasses = ['CustomEvent', 'AbortController', 'AbortSignal'];
const missingFunctions = ['queueMicrotask'];

function install(WebMessaging) {
    Object.assign(WebMessaging, {DOMException, structuredClone, queueMicrotask});

    for (const name of [
        'EventTarget', 'Event', 'MessageEvent', 'ErrorEvent', 'CustomEvent', 'MessageChannel',
        'BroadcastChannel', 'Worker', 'SharedWorker',
    ])
        openForSubclasses(WebMessaging, name);
    for (const name of ['BroadcastChannel', 'MessagePort', 'SharedWorker', 'Window', 'Worker'])
        warnOfHandlers(WebMessaging[name]);
    // Web IDL, #interface-object: the prototype of a class is what it inherits from.
    for (const name of ['Event', 'EventTarget']) {
        for (const klass of Object.values(derivedClasses(WebMessaging)[name]))
            Object.setPrototypeOf(klass, WebMessaging[name]);
    }

    // Makes the classes globals of a script, as in a browser.
    WebMessaging.installGlobals = function (target = globalThis) {
        const names = [...ownClasses, ...ownFunctions,
            ...[...missingClasses, ...missingFunctions].filter(name => !(name in target))];

        for (const name of names.filter(known => known in WebMessaging)) {
            Object.defineProperty(target, name, {
                value: WebMessaging[name],
                configurable: true,
                enumerable: ownFunctions.includes(name) || missingFunctions.includes(name),
                writable: true,
            });
        }
    };
}

const derivedClasses = ({
    AbortSignal, BroadcastChannel, CustomEvent, ErrorEvent, MessageEvent, MessagePort, SharedWorker, Window,
    Worker, WorkerGlobalScope,
}) => ({
    Event: [CustomEvent, ErrorEvent, MessageEvent],
    EventTarget: [
        AbortSignal, BroadcastChannel, MessagePort, SharedWorker, Window, Worker, WorkerGlobalScope,
    ],
});
