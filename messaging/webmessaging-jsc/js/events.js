// events.js: Event, MessageEvent, ErrorEvent, PromiseRejectionEvent and CustomEvent
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported CustomEvent, ErrorEvent, Event, MessageEvent, PromiseRejectionEvent, endDispatch, internalsOf,
   isDispatched, makeEvent, makeMessageEvent */

const {mailbox, now} = imports.overrides.webmessaging.bridge;
const {assign} = imports.overrides.webmessaging.builtins;
const {Place} = imports.overrides.webmessaging.constants;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {setPlatformObject, toFacade} = imports.overrides.webmessaging.state;
const {requireArguments, toDOMString, toDictionary, toSequence, toUSVString} =
    imports.overrides.webmessaging.webidl;

const AT_TARGET = 2;

// What DOM calls the flags of an event, and what it is dispatched to.
class Internals {
    type = '';
    bubbles = false;
    cancelable = false;
    composed = false;
    target = null;
    currentTarget = null;
    isDispatched = false;
    // Where the mailbox has this number as long as the event is dispatched; 0 if there is no need to look.
    place = 0;
    number = 0;
    stopsPropagation = false;
    stopsImmediately = false;
    isCanceled = false;
    isInPassiveListener = false;
    isTrusted = false;
    timeStamp = 0;
}

// The constructors get this from here, and nobody else has it.
const fresh = Symbol('fresh');

let getInternals;

function cancel(internals) {
    if (internals.cancelable && !internals.isInPassiveListener)
        internals.isCanceled = true;
}

function endDispatch(internals) {
    internals.isDispatched = internals.stopsPropagation = false;
    internals.currentTarget = null;
    internals.place = 0;
}

// The dispatch of an event with one listener ends in C, after the microtasks, and C does not call for that.
function settle(internals) {
    if (internals.place !== 0 && mailbox[internals.place] !== internals.number)
        endDispatch(internals);
    return internals;
}

var isDispatched = internals => settle(internals).isDispatched;

// DOM, #concept-event-initialize
function initialize(internals, type, bubbles, cancelable) {
    assign(internals, {
        type: toDOMString(type),
        bubbles: Boolean(bubbles),
        cancelable: Boolean(cancelable),
        stopsPropagation: false,
        stopsImmediately: false,
        isCanceled: false,
        isTrusted: false,
        target: null,
    });
}

// Web IDL, #LegacyUnforgeable: each event has an attribute of its own.
const unforgeable = {
    isTrusted: {
        ...Object.getOwnPropertyDescriptor({
            get isTrusted() {
                return getInternals(this).isTrusted;
            },
        }, 'isTrusted'),
        configurable: false,
    },
};

// DOM, #interface-event
var Event = class Event {
    #internals = new Internals();

    static {
        getInternals = event => event.#internals;
    }

    constructor(type, init) {
        const internals = this.#internals;

        setPlatformObject(this);
        Object.defineProperty(this, 'isTrusted', unforgeable.isTrusted);
        if (type === fresh) {
            internals.isTrusted = true;
            internals.type = init;
            internals.timeStamp = mailbox[Place.TIME];
            return;
        }
        requireArguments(arguments, 1, 'Event');
        const {bubbles, cancelable, composed} = toDictionary(init, 'Event');

        initialize(internals, type, bubbles, cancelable);
        internals.composed = Boolean(composed);
        internals.timeStamp = now();
    }

    get type() {
        return this.#internals.type;
    }

    get target() {
        return toFacade(this.#internals.target);
    }

    get srcElement() {
        return toFacade(this.#internals.target);
    }

    get currentTarget() {
        return toFacade(settle(this.#internals).currentTarget);
    }

    composedPath() {
        const {currentTarget} = settle(this.#internals);

        return currentTarget === null ? [] : [toFacade(currentTarget)];
    }

    get eventPhase() {
        return settle(this.#internals).currentTarget === null ? 0 : AT_TARGET;
    }

    stopPropagation() {
        this.#internals.stopsPropagation = true;
    }

    get cancelBubble() {
        return settle(this.#internals).stopsPropagation;
    }

    set cancelBubble(value) {
        const internals = this.#internals;

        if (value)
            internals.stopsPropagation = true;
    }

    stopImmediatePropagation() {
        this.#internals.stopsPropagation = true;
        this.#internals.stopsImmediately = true;
    }

    get bubbles() {
        return this.#internals.bubbles;
    }

    get cancelable() {
        return this.#internals.cancelable;
    }

    get returnValue() {
        return !this.#internals.isCanceled;
    }

    set returnValue(value) {
        const internals = this.#internals;

        if (!value)
            cancel(internals);
    }

    preventDefault() {
        cancel(this.#internals);
    }

    get defaultPrevented() {
        return this.#internals.isCanceled;
    }

    get composed() {
        return this.#internals.composed;
    }

    get timeStamp() {
        return this.#internals.timeStamp;
    }

    initEvent(type, bubbles, cancelable) {
        requireArguments(arguments, 1, 'Event.initEvent');
        if (!isDispatched(this.#internals))
            initialize(this.#internals, type, bubbles, cancelable);
    }
};

defineInterface(Event, 'Event', 1, {initEvent: 1});
for (const [phase, value] of
    Object.entries({NONE: 0, CAPTURING_PHASE: 1, AT_TARGET, BUBBLING_PHASE: 3})) {
    Object.defineProperty(Event, phase, {value, enumerable: true});
    Object.defineProperty(Event.prototype, phase, {value, enumerable: true});
}

var internalsOf = getInternals;

// HTML, comms.html#the-messageevent-interface
function toSource(source) {
    const {isMessageSource} = imports.overrides.webmessaging.ports;

    if (source === null || source === undefined)
        return null;
    if (!isMessageSource(source))
        throw new TypeError('MessageEvent: the source is not a Window or MessagePort');
    return source;
}

function toPorts(ports) {
    const {isPort} = imports.overrides.webmessaging.ports;
    const sequence = toSequence(ports, 'MessageEvent');

    if (!sequence.every(isPort))
        throw new TypeError('MessageEvent: an element of the ports is not a MessagePort');
    return Object.freeze(sequence);
}

const noPorts = Object.freeze([]);

var MessageEvent = class MessageEvent extends Event {
    #data = null;
    #origin = '';
    #lastEventId = '';
    #source = null;
    #ports = noPorts;

    constructor(type, init, details) {
        requireArguments(arguments, 1, 'MessageEvent');
        super(type, init);
        if (type === fresh) {
            if (details !== undefined) {
                this.#data = details.data;
                this.#origin = details.origin;
                this.#source = details.source;
                this.#ports = details.ports;
            }
            return;
        }
        const {data = null, origin = '', lastEventId = '', source, ports = []} = toDictionary(init, 'MessageEvent');

        this.#data = data;
        this.#origin = toUSVString(origin);
        this.#lastEventId = toDOMString(lastEventId);
        this.#source = toSource(source);
        this.#ports = toPorts(ports);
    }

    get data() {
        return this.#data;
    }

    get origin() {
        return this.#origin;
    }

    get lastEventId() {
        return this.#lastEventId;
    }

    get source() {
        return this.#source;
    }

    get ports() {
        return this.#ports;
    }

    initMessageEvent(type, bubbles, cancelable, data = null, origin = '', lastEventId = '', source, ports = []) {
        requireArguments(arguments, 1, 'MessageEvent.initMessageEvent');
        const details = [toUSVString(origin), toDOMString(lastEventId), toSource(source), toPorts(ports)];

        if (isDispatched(getInternals(this)))
            return;
        initialize(getInternals(this), type, bubbles, cancelable);
        this.#data = data;
        [this.#origin, this.#lastEventId, this.#source, this.#ports] = details;
    }
};
defineInterface(MessageEvent, 'MessageEvent', 1, {initMessageEvent: 1});

// HTML, webappapis.html#errorevent
var ErrorEvent = class ErrorEvent extends Event {
    #message = '';
    #filename = '';
    #lineno = 0;
    #colno = 0;
    #error = undefined;
    #stack = '';

    constructor(type, init, details) {
        requireArguments(arguments, 1, 'ErrorEvent');
        super(type, init);
        const {message = '', filename = '', lineno = 0, colno = 0, error, stack} =
            type === fresh ? details : toDictionary(init, 'ErrorEvent');

        this.#message = toDOMString(message);
        this.#filename = toUSVString(filename);
        this.#lineno = lineno >>> 0;
        this.#colno = colno >>> 0;
        this.#error = error;
        this.#stack = stack ?? error?.stack ?? '';
        if (type === fresh)
            getInternals(this).cancelable = true;
    }

    get message() {
        return this.#message;
    }

    get filename() {
        return this.#filename;
    }

    get lineno() {
        return this.#lineno;
    }

    get colno() {
        return this.#colno;
    }

    get error() {
        return this.#error;
    }

    // Not of the web
    get stack() {
        return this.#stack;
    }
};
defineInterface(ErrorEvent, 'ErrorEvent', 1);

// HTML, webappapis.html#promiserejectionevent
var PromiseRejectionEvent = class PromiseRejectionEvent extends Event {
    #promise;
    #reason;

    constructor(type, init) {
        requireArguments(arguments, 2, 'PromiseRejectionEvent');
        super(type, init);
        const {promise, reason} = toDictionary(init, 'PromiseRejectionEvent');

        if (typeof promise !== 'object' && typeof promise !== 'function' || promise === null)
            throw new TypeError('PromiseRejectionEvent: the promise is not an object');
        this.#promise = promise;
        this.#reason = reason;
    }

    get promise() {
        return this.#promise;
    }

    get reason() {
        return this.#reason;
    }
};
defineInterface(PromiseRejectionEvent, 'PromiseRejectionEvent', 2);

// DOM, #interface-customevent
var CustomEvent = class CustomEvent extends Event {
    #detail = null;

    constructor(...args) {
        const [, init] = args;

        super(...args);
        this.#detail = init?.detail ?? null;
    }

    get detail() {
        return this.#detail;
    }

    initCustomEvent(type, bubbles, cancelable, detail = null) {
        requireArguments(arguments, 1, 'CustomEvent.initCustomEvent');
        if (isDispatched(getInternals(this)))
            return;
        initialize(getInternals(this), type, bubbles, cancelable);
        this.#detail = detail;
    }
};
defineInterface(CustomEvent, 'CustomEvent', 1, {initCustomEvent: 1});

// Events that the library fires
var makeMessageEvent = (type, details) => new MessageEvent(fresh, type, details);
var makeEvent = (type, details) => details === undefined ? new Event(fresh, type) : new ErrorEvent(fresh, type, details);
