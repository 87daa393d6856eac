// eventTarget.js: EventTarget, and the attributes for event handlers
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install, addEventHandler, callListener, flattenOptions, toListener */

const {toCString} = imports.overrides.webmessaging.cString;
const {callLibrary, reportException} = imports.overrides.webmessaging.errors;
const {addUnforgeable} = imports.overrides.webmessaging.events;
const {adopt} = imports.overrides.webmessaging.realm;
const {stateOf} = imports.overrides.webmessaging.state;
const {extend, nameClass, requireArguments, toDOMString} = imports.overrides.webmessaging.webidl;

// Web IDL, #call-a-user-objects-operation and #invoke-a-callback-function
function callListener(callback, target, event) {
    // A reference in C would be hidden from the garbage collector, so the library keeps none.
    stateOf(event).target = target;
    try {
        if (typeof callback === 'function')
            return callback.call(target, event);

        const handleEvent = callback.handleEvent;
        if (typeof handleEvent !== 'function')
            throw new TypeError('The handleEvent property of a listener is not a function');
        return handleEvent.call(callback, event);
    } catch (error) {
        reportException(error);
        return undefined;
    }
}

function flattenOptions(options) {
    if (typeof options === 'boolean')
        return {capture: options};
    if (options === null || typeof options !== 'object' && typeof options !== 'function')
        return {capture: Boolean(options)};
    return {
        capture: Boolean(options.capture),
        once: Boolean(options.once),
        passive: Boolean(options.passive),
        signal: options.signal,
    };
}

function findListener(target, type, callback, capture) {
    return (stateOf(target).listeners ?? []).findIndex(listener =>
        listener.type === type && listener.callback === callback && listener.capture === capture);
}

function removeListener(target, index) {
    const [listener] = stateOf(target).listeners.splice(index, 1);

    target.remove_event_listener(listener.id);
}

function toListener(callback, where) {
    if (callback === null || callback === undefined)
        return null;
    if (typeof callback !== 'object' && typeof callback !== 'function')
        throw new TypeError(`${where}: the listener is not an object`);
    return callback;
}

// DOM, #interface-eventtarget
function install({Event, EventTarget, ListenerFlags}) {
    nameClass(EventTarget, 'EventTarget');
    extend(EventTarget, {
        addEventListener(...args) {
            requireArguments(args, 2, 'EventTarget.addEventListener');
            const type = toDOMString(args[0]);
            const callback = toListener(args[1], 'EventTarget.addEventListener');
            const {capture, once, passive, signal} = flattenOptions(args[2]);

            if (signal !== undefined &&
                (typeof signal !== 'object' || signal === null || !('aborted' in signal)))
                throw new TypeError('EventTarget.addEventListener: the signal is no AbortSignal');
            if (signal?.aborted || callback === null ||
                findListener(this, type, callback, capture) >= 0)
                return;

            const flags = (capture ? ListenerFlags.CAPTURE : 0) |
                (passive ? ListenerFlags.PASSIVE : 0);
            adopt(this);
            const id = this.add_event_listener(toCString(type), flags, (target, event) => {
                if (once)
                    target.removeEventListener(type, callback, capture);
                addUnforgeable(event);
                callListener(callback, target, event);
            });

            (stateOf(this).listeners ??= []).push({type, callback, capture, id});
            signal?.addEventListener('abort',
                () => this.removeEventListener(type, callback, capture));
        },

        removeEventListener(...args) {
            requireArguments(args, 2, 'EventTarget.removeEventListener');
            const callback = toListener(args[1], 'EventTarget.removeEventListener');
            const {capture} = flattenOptions(args[2]);
            const index = findListener(this, toDOMString(args[0]), callback, capture);

            if (index >= 0)
                removeListener(this, index);
        },

        dispatchEvent(event) {
            if (!(event instanceof Event))
                throw new TypeError('EventTarget.dispatchEvent: the argument is no Event');
            return callLibrary(() => this.dispatch_event(event));
        },
    }, {addEventListener: 2, removeEventListener: 2});
}

// HTML, webappapis.html#event-handler-idl-attributes
function addEventHandler(klass, type, activate = () => {}) {
    const name = `on${type}`;

    extend(klass, {
        get [name]() {
            return stateOf(this)[name] ?? null;
        },
        set [name](value) {
            const handler = typeof value === 'function' || typeof value === 'object'
                ? value : null;

            adopt(this);
            stateOf(this)[name] = handler;
            this.set_event_handler(type, handler === null ? null : (target, event) => {
                addUnforgeable(event);
                // HTML, webappapis.html#the-event-handler-processing-algorithm
                if (typeof handler === 'function' &&
                    callListener(handler, target, event) === false)
                    event.preventDefault();
            });
            activate(this);
        },
    });
}
