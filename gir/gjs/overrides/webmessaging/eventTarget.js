// eventTarget.js: EventTarget, and the attributes for event handlers
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install, addErrorHandler, addEventHandler, callListener, whenAborted */

const {apply} = imports.overrides.webmessaging.builtins;
const {toCString} = imports.overrides.webmessaging.cString;
const {toListener, toRemovedListener} = imports.overrides.webmessaging.conversions;
const {reportException} = imports.overrides.webmessaging.errors;
const {addUnforgeable} = imports.overrides.webmessaging.events;
const {warnOfType} = imports.overrides.webmessaging.mistakes;
const {adopt} = imports.overrides.webmessaging.realm;
const {stateOf, toFacade} = imports.overrides.webmessaging.state;
const {extend, nameClass} = imports.overrides.webmessaging.webidl;

// GJS logs rejected promises when it has run its microtasks. An async function that throws before its
// first await leaves none to run, so that nothing would be logged before the program ends.
function noticeRejection(result) {
    if (result instanceof Promise)
        Promise.resolve().then(() => {});
    return result;
}

// Web IDL, #call-a-user-objects-operation and #invoke-a-callback-function
function callListener(callback, target, event) {
    // A reference in C would be hidden from the garbage collector, so the library keeps none.
    stateOf(event).target = target;
    try {
        if (typeof callback === 'function')
            return noticeRejection(apply(callback, toFacade(target), [event]));

        const handleEvent = callback.handleEvent;
        if (typeof handleEvent !== 'function')
            throw new TypeError('The handleEvent property of a listener is not a function');
        return noticeRejection(apply(handleEvent, callback, [event]));
    } catch (error) {
        reportException(error);
        return undefined;
    }
}

// What C holds must not lead to the target or the callback: the garbage collector would not see a
// circle through C, and never free it. So C gets a number, and the target knows what it stands for.
let nListeners = 0;

const callNumber = number => (target, event) => {
    const listener = stateOf(target).listeners?.get(number);

    if (listener === undefined)
        return;
    if (listener.once)
        removeListener(target, listener);
    addUnforgeable(event);
    callListener(listener.callback, target, event);
};

// A callback is a listener for several types, or twice for one type, but not often.
function findListener(target, type, callback, capture) {
    return stateOf(target).callbacks?.get(callback)?.find(listener =>
        listener.type === type && listener.capture === capture);
}

// Tells a class that must know whether anybody listens to events of a type.
function listenersChanged(target, type) {
    const state = stateOf(target);

    state.listenersChanged?.(target, type, (state[`on${type}`] ?? null) !== null ||
        [...state.listeners?.values() ?? []].some(listener => listener.type === type));
}

function addListener(target, flags, listener) {
    const state = stateOf(target);
    const number = nListeners++;

    adopt(target);
    listener.number = number;
    listener.id = target.add_event_listener(toCString(listener.type), flags, callNumber(number));
    (state.listeners ??= new Map()).set(number, listener);

    const siblings = (state.callbacks ??= new Map()).get(listener.callback);
    if (siblings === undefined)
        state.callbacks.set(listener.callback, [listener]);
    else
        siblings.push(listener);
    listenersChanged(target, listener.type);
}

function removeListener(target, listener) {
    const {listeners, callbacks} = stateOf(target);
    const siblings = callbacks.get(listener.callback).filter(other => other !== listener);

    if (!listeners.delete(listener.number))
        return;
    if (siblings.length === 0)
        callbacks.delete(listener.callback);
    else
        callbacks.set(listener.callback, siblings);
    target.remove_event_listener(listener.id);
    listener.forgetSignal?.();
    listenersChanged(target, listener.type);
}

// Returns what removes the algorithm again. A signal of another library is only known to be an event
// target.
function whenAborted(signal, algorithm) {
    const {addAlgorithm} = signal instanceof imports.gi.GObject.Object ? stateOf(signal) : {};

    if (addAlgorithm !== undefined)
        return addAlgorithm(signal, algorithm);
    signal.addEventListener('abort', algorithm);
    return () => signal.removeEventListener('abort', algorithm);
}

// DOM, #interface-eventtarget
function install({Event, EventTarget, ListenerFlags}) {
    nameClass(EventTarget, 'EventTarget');
    extend(EventTarget, {
        addEventListener(...args) {
            const {type, callback, capture, once, passive, signal} = toListener(args);

            if (signal?.aborted || callback === null ||
                findListener(this, type, callback, capture) !== undefined)
                return;

            warnOfType(type);
            const listener = {__proto__: null, type, callback, capture, once};
            addListener(this, (capture ? ListenerFlags.CAPTURE : 0) |
                (passive ? ListenerFlags.PASSIVE : 0), listener);
            if (signal !== undefined)
                listener.forgetSignal = whenAborted(signal, () => removeListener(this, listener));
        },

        removeEventListener(...args) {
            const {type, callback, capture} = toRemovedListener(args);
            const listener = findListener(this, type, callback, capture);

            if (listener !== undefined)
                removeListener(this, listener);
        },

        dispatchEvent(event) {
            if (!(event instanceof Event))
                throw new TypeError('EventTarget.dispatchEvent: the argument is not an Event');
            return this.dispatch_event(event);
        },
    }, {addEventListener: 2, removeEventListener: 2});
}

// HTML, webappapis.html#event-handler-idl-attributes
function addEventHandler(klass, type, activate = () => {}, isOfError = () => false) {
    const name = `on${type}`;

    // HTML, webappapis.html#the-event-handler-processing-algorithm
    const callHandler = (target, event) => {
        const handler = stateOf(target)[name];

        addUnforgeable(event);
        if (typeof handler !== 'function')
            return;
        const isError = isOfError(event);
        const callback = isError ? ({message, filename, lineno, colno, error}) =>
            apply(handler, toFacade(target), [message, filename, lineno, colno, error]) : handler;

        if (callListener(callback, target, event) === isError)
            event.preventDefault();
    };

    extend(klass, {
        get [name]() {
            return stateOf(this)[name] ?? null;
        },
        set [name](value) {
            const state = stateOf(this);
            const old = state[name] ?? null;

            adopt(this);
            state[name] = typeof value === 'function' || typeof value === 'object' ? value : null;
            if ((state[name] === null) !== (old === null))
                this.set_event_handler(type, old === null ? callHandler : null);
            listenersChanged(this, type);
            activate(this);
        },
    });
}

// HTML, webappapis.html#onerroreventhandler: the handler of a global scope gets the parts of the event.
function addErrorHandler(klass, ErrorEvent) {
    addEventHandler(klass, 'error', undefined, event => event instanceof ErrorEvent);
}
