// dispatching.js: messages and events of C become those of scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {enter, incoming, live, mailbox, natives, numberOf, readFromC, wrap} =
    imports.overrides.webmessaging.bridge;
const {broadcasting} = imports.overrides.webmessaging.broadcastChannel;
const {fromCString} = imports.overrides.webmessaging.cString;
const {Call, Detail, EventType, Kind, Place} = imports.overrides.webmessaging.constants;
const {Dispatch} = imports.overrides.webmessaging.eventTarget;
const {internalsOf, makeEvent, makeMessageEvent} = imports.overrides.webmessaging.events;
const {decodeMessage} = imports.overrides.webmessaging.messages;
const {delivered, ended, isPort, part, share} = imports.overrides.webmessaging.ports;
const {find, isPlatformObject, stateOf} = imports.overrides.webmessaging.state;

const {CLOSE, CONNECT, ERROR, MESSAGE, MESSAGEERROR} = EventType;
const noPorts = Object.freeze([]);

function readPorts(nPorts) {
    if (nPorts === 0)
        return noPorts;
    const ports = [];

    for (let i = 0; i < nPorts; i++)
        ports.push(wrap(natives.receivePort(i), Kind.PORT));
    return Object.freeze(ports);
}

// HTML, web-messaging.html#message-port-post-message-steps, step 7
function readMessage(hasData, size, nPorts, hasOrigin) {
    const origin = hasOrigin ? broadcasting.serialize(fromCString(natives.getDetail(Detail.ORIGIN))) : '';
    let data = null;

    try {
        const ports = readPorts(nPorts);

        if (hasData && size >= 0)
            data = decodeMessage(size <= incoming.length ? incoming : readFromC(size), size);
        if (hasData)
            return makeMessageEvent('message', {data, origin, source: null, ports});
    } catch {
        // The realm has no such value.
    }
    return makeMessageEvent('messageerror', {data: null, origin, source: null, ports: noPorts});
}

// HTML, workers.html#dom-sharedworker, step 11.5: the port of a new user
function readConnect() {
    const ports = readPorts(mailbox[Place.N_PORTS]);

    return makeMessageEvent('connect', {data: '', origin: '', source: ports[0], ports});
}

function readError(hasDetails) {
    if (!hasDetails)
        return makeEvent('error');
    const [lineno, colno] = [mailbox[Place.LINENO], mailbox[Place.COLNO]];

    return makeEvent('error', {
        message: fromCString(natives.getDetail(Detail.MESSAGE)),
        filename: fromCString(natives.getDetail(Detail.FILENAME)),
        lineno,
        colno,
        error: null,
        stack: fromCString(natives.getDetail(Detail.STACK)),
    });
}

function readEvent(type) {
    switch (type) {
    case MESSAGE:
    case MESSAGEERROR:
        return readMessage(type === MESSAGE, mailbox[Place.SIZE], mailbox[Place.N_PORTS],
            mailbox[Place.HAS_ORIGIN] !== 0);
    case CLOSE:
        return makeEvent('close');
    case CONNECT:
        return readConnect();
    default:
        return readError(mailbox[Place.HAS_DETAILS] !== 0);
    }
}

function noteEvent(target, type) {
    if (type !== CLOSE && stateOf(target).isPort)
        delivered(target);
    else if (type === CLOSE && stateOf(target).isPort)
        ended(target);
    else if (type === CLOSE)
        live.delete(target);
}

// The dispatches that are under way, the innermost one last
const dispatches = [];

// C calls this with an event, and then for each further listener, until the result is 0. A host may have another event
// dispatched, at another target.
enter.on(Call.BEGIN, () => {
    const type = mailbox[Place.TYPE];
    const place = mailbox[Place.DISPATCH_PLACE];
    const number = mailbox[Place.DISPATCH];
    const target = find(mailbox[Place.NUMBER]);

    if (target === undefined) {
        mailbox[Place.HAS_MORE] = 0;
        return;
    }
    const event = readEvent(type);

    noteEvent(target, type);
    const {redirect} = stateOf(target);
    const begun = redirect === undefined ? new Dispatch(target, event) : redirect(event);

    // A microtask after the listener may still cancel an error.
    if (place !== 0 && begun.listeners.length === 1 && type !== ERROR) {
        const internals = internalsOf(event);

        begun.step();
        internals.place = place;
        internals.number = number;
        answer(begun);
    } else {
        dispatches.push(begun);
        step();
    }
});

// A host may do something about an error of a worker that nobody has handled.
function noteUnhandled({target, event, internals}) {
    if (internals.type === 'error' && !internals.isCanceled)
        stateOf(target).unhandled?.(event);
}

function answer({internals}) {
    mailbox[Place.HAS_MORE] = 0;
    mailbox[Place.IS_CANCELED] = Number(internals.isCanceled);
    mailbox[Place.STOPS_IMMEDIATELY] = Number(internals.stopsImmediately);
}

function step() {
    const current = dispatches.at(-1);

    if (current.step()) {
        mailbox[Place.HAS_MORE] = 1;
    } else {
        dispatches.pop();
        answer(current);
        noteUnhandled(current);
    }
}

enter.on(Call.STEP, step);

// A call of C was ended from outside: so many dispatches are still under way.
enter.on(Call.ABANDON, () => {
    while (dispatches.length > mailbox[Place.DEPTH])
        dispatches.pop().finish();
});

enter.on(Call.WRAP, () => share(wrap(mailbox[Place.NUMBER], mailbox[Place.KIND])));
enter.on(Call.UNWRAP, value => {
    mailbox[Place.UNWRAPPED] = typeof value === 'object' && value !== null && isPlatformObject(value) ? numberOf(value) : 0;
    if (isPort(value))
        share(value);
});

// The other port of this one is gone.
enter.on(Call.PART, () => {
    const target = find(mailbox[Place.NUMBER]);

    if (target !== undefined)
        part(target);
});
