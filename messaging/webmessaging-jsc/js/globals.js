// globals.js: makes the classes globals of a realm
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {enter} = imports.overrides.webmessaging.bridge;
const {Call, Flags} = imports.overrides.webmessaging.constants;
const {forgetReports, reportException, reportRejection} = imports.overrides.webmessaging.errors;
const {stateOf} = imports.overrides.webmessaging.state;
const {requireArguments} = imports.overrides.webmessaging.webidl;
const {natives} = imports;

// For a host that adds classes of its own, such as windows.
enter.on(Call.GET_MODULES, () => imports.overrides.webmessaging);
enter.on(Call.NOTHING, forgetReports);

function reportError(...args) {
    requireArguments(args, 1, 'reportError');
    reportException(args[0]);
}
Object.defineProperty(reportError, 'length', {value: 1});

function add(target, name, value, enumerable) {
    Object.defineProperty(target, name, {value, configurable: true, enumerable, writable: true});
}

// So that the library lives as long as the global object, whatever a script deletes there: nobody can do
// anything with this object.
function makeAnchor(library) {
    const anchor = Object.create(null);

    stateOf(anchor).library = library;
    return Object.freeze(anchor);
}

function install(flags) {
    const {
        abort, broadcastChannel, domException, eventTarget, events, messages, ports, textCoding, timers, workers,
    } = imports.overrides.webmessaging;
    const namespace = {Event: events.Event, EventTarget: eventTarget.EventTarget};
    void imports.overrides.webmessaging.dispatching;
    void imports.overrides.webmessaging.workerScope;

    abort.install(namespace);
    const {AbortController, AbortSignal} = namespace;
    const {BroadcastChannel} = broadcastChannel;
    const {CustomEvent, ErrorEvent, Event, MessageEvent, PromiseRejectionEvent} = events;
    const {MessageChannel, MessagePort} = ports;

    for (const [name, value] of Object.entries({
        AbortController,
        AbortSignal,
        BroadcastChannel,
        CustomEvent,
        DOMException: domException.DOMException,
        ErrorEvent,
        Event,
        EventTarget: eventTarget.EventTarget,
        MessageChannel,
        MessageEvent,
        MessagePort,
        PromiseRejectionEvent,
        ...flags & Flags.WORKERS ? {SharedWorker: workers.SharedWorker, Worker: workers.Worker} : {},
        ...flags & Flags.TEXT_CODING ? {TextDecoder: textCoding.TextDecoder, TextEncoder: textCoding.TextEncoder} : {},
    }))
        add(globalThis, name, value, false);
    for (const [name, value] of Object.entries({
        structuredClone: messages.structuredClone,
        ...flags & Flags.MICROTASKS ? {queueMicrotask: timers.queueMicrotask} : {},
        ...flags & Flags.TIMERS ? {
            setTimeout: timers.setTimeout,
            clearTimeout: timers.clearTimeout,
            setInterval: timers.setInterval,
            clearInterval: timers.clearInterval,
        } : {},
        ...flags & Flags.REPORT_ERROR ? {reportError} : {},
    }))
        add(globalThis, name, value, true);

    Object.defineProperty(globalThis, Symbol('WebMessaging'),
        {value: makeAnchor({enter, sentinel: natives.makeHandle(0)})});
    natives.watchRejections(imports.shared.makeWeakCall(reportRejection));
    return enter;
}
