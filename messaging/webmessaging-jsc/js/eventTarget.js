// eventTarget.js: EventTarget, and the attributes for event handlers
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported Dispatch, EventTarget, addErrorHandler, addEventHandler, callListener, dispatch, hasListener, whenAborted */

const {apply} = imports.overrides.webmessaging.builtins;
const {toListener, toRemovedListener} = imports.overrides.webmessaging.conversions;
const {reportException} = imports.overrides.webmessaging.errors;
const {Event, endDispatch, internalsOf, isDispatched} = imports.overrides.webmessaging.events;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {isPlatformObject, setPlatformObject, stateOf, toFacade, toTarget} = imports.overrides.webmessaging.state;
const {requireArguments} = imports.overrides.webmessaging.webidl;

// Returns what removes the algorithm again.
function whenAborted(signal, algorithm) {
    const {addAlgorithm} = isPlatformObject(signal) ? stateOf(signal) : {};

    if (addAlgorithm !== undefined)
        return addAlgorithm(signal, algorithm);
    signal.addEventListener('abort', algorithm);
    return () => signal.removeEventListener('abort', algorithm);
}

let listsOf;

// Tells a class that must know whether anybody listens to events of a type.
function listenersChanged(target, type, isListening) {
    stateOf(target).listenersChanged?.(target, type, isListening);
}

function addListener(target, listener) {
    const lists = listsOf(target);
    const list = lists.get(listener.type);

    if (list !== undefined) {
        list.push(listener);
    } else {
        lists.set(listener.type, [listener]);
        listenersChanged(target, listener.type, true);
    }
}

function removeListener(target, listener) {
    const lists = listsOf(target);
    const list = lists.get(listener.type);
    const index = list?.indexOf(listener) ?? -1;

    listener.isRemoved = true;
    if (index < 0)
        return;
    listener.forgetSignal?.();
    list.splice(index, 1);
    if (list.length === 0) {
        lists.delete(listener.type);
        listenersChanged(target, listener.type, false);
    }
}

function findListener(target, type, callback, capture) {
    return listsOf(target).get(type)?.find(listener =>
        listener.callback === callback && listener.capture === capture);
}

// Web IDL, #call-a-user-objects-operation and #invoke-a-callback-function
function callListener(callback, target, event) {
    try {
        if (typeof callback === 'function')
            return apply(callback, toFacade(target), [event]);

        const handleEvent = callback.handleEvent;
        if (typeof handleEvent !== 'function')
            throw new TypeError('The handleEvent property of a listener is not a function');
        return apply(handleEvent, callback, [event]);
    } catch (error) {
        reportException(error);
        return undefined;
    }
}

// DOM, #concept-event-dispatch: the path is the target alone. An event that the library fires is dispatched step by
// step: after each listener the stack is empty, and the engine runs the microtasks (HTML,
// webappapis.html#clean-up-after-running-script).
var Dispatch = class Dispatch {
    constructor(target, event) {
        const list = listsOf(target).get(internalsOf(event).type) ?? [];

        this.target = target;
        this.event = event;
        this.internals = internalsOf(event);
        this.listeners = list.length < 2 ? list.slice()
            : [...list.filter(({capture}) => capture), ...list.filter(({capture}) => !capture)];
        this.next = 0;
        this.isCapturing = true;
        this.internals.isDispatched = true;
        this.internals.target = this.internals.currentTarget = target;
        if (this.internals.stopsPropagation)
            this.next = this.listeners.length;
    }

    // Calls the next listener. Returns false if there was none, and the dispatch is over.
    step() {
        const {event, internals, listeners, target} = this;

        while (this.next < listeners.length && !internals.stopsImmediately) {
            const listener = listeners[this.next++];

            if (this.isCapturing && !listener.capture) {
                this.isCapturing = false;
                if (internals.stopsPropagation && this.next > 1)
                    break;
            }
            if (listener.isRemoved)
                continue;
            if (listener.once)
                removeListener(target, listener);
            internals.isInPassiveListener = listener.passive === true;
            if (listener.handle !== undefined)
                listener.handle(target, event);
            else
                callListener(listener.callback, target, event);
            internals.isInPassiveListener = false;
            return true;
        }
        this.finish();
        return false;
    }

    finish() {
        const {internals} = this;

        this.next = this.listeners.length;
        endDispatch(internals);
    }
};

function dispatch(target, event) {
    const begun = new Dispatch(target, event);

    while (begun.step())
        ;
    begun.internals.stopsImmediately = false;
    return !begun.internals.isCanceled;
}

// DOM, #interface-eventtarget
var EventTarget = class EventTarget {
    #lists = new Map();

    static {
        listsOf = target => target.#lists;
    }

    constructor() {
        setPlatformObject(this);
    }

    addEventListener(...args) {
        const target = toTarget(this);

        listsOf(target);
        const {type, callback, capture, once, passive, signal} = toListener(args);

        if (signal?.aborted || callback === null ||
            findListener(target, type, callback, capture) !== undefined)
            return;

        const listener = {__proto__: null, type, callback, capture, once, passive, isRemoved: false};
        addListener(target, listener);
        if (signal !== undefined)
            listener.forgetSignal = whenAborted(signal, () => removeListener(target, listener));
    }

    removeEventListener(...args) {
        const target = toTarget(this);

        listsOf(target);
        const {type, callback, capture} = toRemovedListener(args);
        const listener = callback === null ? undefined : findListener(target, type, callback, capture);

        if (listener !== undefined)
            removeListener(target, listener);
    }

    dispatchEvent(event) {
        const target = toTarget(this);

        listsOf(target);
        requireArguments(arguments, 1, 'EventTarget.dispatchEvent');
        if (!(event instanceof Event))
            throw new TypeError('EventTarget.dispatchEvent: the argument is not an Event');
        const internals = internalsOf(event);

        if (isDispatched(internals)) {
            const {DOMException} = imports.overrides.webmessaging.domException;

            throw new DOMException('The event is already being dispatched', 'InvalidStateError');
        }
        internals.isTrusted = false;
        return dispatch(target, event);
    }
};
defineInterface(EventTarget, 'EventTarget', 0, {addEventListener: 2, removeEventListener: 2, dispatchEvent: 1});

function hasListener(target, type) {
    return listsOf(target).has(type);
}

// HTML, webappapis.html#event-handler-idl-attributes
function addEventHandler(klass, type, activate = () => {}, isOfError = () => false) {
    const name = `on${type}`;

    // HTML, webappapis.html#the-event-handler-processing-algorithm
    function handle(target, event) {
        const handler = stateOf(target)[name];

        if (typeof handler !== 'function')
            return;
        const isError = isOfError(event);
        const callback = isError ? ({message, filename, lineno, colno, error}) =>
            apply(handler, toFacade(target), [message, filename, lineno, colno, error]) : handler;
        const result = callListener(callback, target, event);

        if (isError ? result === true : result === false)
            event.preventDefault();
    }

    const {get, set} = Object.getOwnPropertyDescriptor({
        get [name]() {
            const target = toTarget(this);

            listsOf(target);
            return stateOf(target)[name] ?? null;
        },
        set [name](value) {
            const target = toTarget(this);

            listsOf(target);
            const state = stateOf(target);
            const old = state[name] ?? null;
            const key = `${name} listener`;

            state[name] = typeof value === 'function' || typeof value === 'object' ? value : null;
            if (old === null && state[name] !== null) {
                state[key] = {__proto__: null, type, capture: false, handle, isRemoved: false};
                addListener(target, state[key]);
            } else if (old !== null && state[name] === null) {
                removeListener(target, state[key]);
            }
            activate(target);
        },
    }, name);
    Object.defineProperty(klass.prototype, name, {get, set, configurable: true, enumerable: true});
}

// HTML, webappapis.html#onerroreventhandler: the handler of a global scope gets the parts of the event.
function addErrorHandler(klass) {
    const {ErrorEvent} = imports.overrides.webmessaging.events;

    addEventHandler(klass, 'error', undefined, event => event instanceof ErrorEvent);
}
