// ports.js: MessagePort and MessageChannel
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported MessageChannel, MessagePort, delivered, ended, isMessageSource, isPort, part, share */

const {live, mailbox, natives, setMaker, track} = imports.overrides.webmessaging.bridge;
const {assign} = imports.overrides.webmessaging.builtins;
const {Kind, Place} = imports.overrides.webmessaging.constants;
const {EventTarget, addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {postMessage} = imports.overrides.webmessaging.messages;
const {find, isPlatformObject, setPlatformObject, stateOf} = imports.overrides.webmessaging.state;

// The number of the port that is being made; 0 if a script calls the constructor.
let making = 0;

function isPort(object) {
    return typeof object === 'object' && object !== null && isPlatformObject(object) &&
        stateOf(object).isPort === true;
}

function isMessageSource(object) {
    return isPort(object) || typeof object === 'object' && object !== null && isPlatformObject(object) &&
        stateOf(object).isMessageSource === true;
}

// HTML, web-messaging.html#ports-and-garbage-collection: a port must not be collected while a script may hear
// of something that arrives there, a message or its end. The other port can send as long as a script can reach
// it. If that one belongs to this machine, it refers to this one, which has to live without that only while a
// message waits; so a pair that nobody can reach goes. If only one of a pair waits for its end, that one stays
// until it has heard that the other one was collected.
const isWanted = ({hearsEnd, isOver, isStarted}) => !isOver && (isStarted || hearsEnd);

function root(port, state, peerState) {
    const {hearsEnd, isLinked, isStarted, live: alive, nWaiting} = state;
    const hearsOfPeer = isStarted && hearsEnd && (peerState === undefined || !isWanted(peerState));

    if (isWanted(state) && (!isLinked || isStarted && nWaiting > 0 || hearsOfPeer))
        alive.add(port);
    else
        alive.delete(port);
}

function updateLife(port) {
    const state = stateOf(port);
    const peer = findPeer(state);
    const peerState = peer === undefined ? undefined : stateOf(peer);

    root(port, state, peerState);
    if (peer !== undefined) {
        root(peer, peerState, state);
        peerState.kept = isWanted(state) ? port : null;
    }
}

function listenersChanged(port, type, isListening) {
    if (type !== 'close')
        return;
    stateOf(port).hearsEnd = isListening;
    updateLife(port);
}

// The other port of the channel, if that belongs to this machine and was not collected.
function findPeer({isLinked, kept, peer}) {
    return isLinked ? kept ?? peer.deref() : undefined;
}

function link(port, peer, nWaiting = 0, nWaitingThere = 0) {
    const [here, there] = [stateOf(port), stateOf(peer)];

    assign(here, {isLinked: true, peer: there.reference, nWaiting});
    assign(there, {isLinked: true, peer: here.reference, nWaiting: nWaitingThere});
    updateLife(port);
    updateLife(peer);
}

// The other side may be anywhere now, or nowhere.
function part(port) {
    const state = stateOf(port);
    const peer = findPeer(state);

    for (const object of peer === undefined ? [port] : [port, peer])
        assign(stateOf(object), {isLinked: false, kept: null});
    updateLife(port);
    if (peer !== undefined)
        updateLife(peer);
}

// The program has the port too, and may send it anywhere.
function share(port) {
    stateOf(port).isShared = true;
    part(port);
    return port;
}

// Another port takes the place of this one.
function transferred(port) {
    part(port);
    ended(port);
}

// A message or its error has arrived.
function delivered(port) {
    const state = stateOf(port);

    if (state.nWaiting > 0 && --state.nWaiting === 0)
        updateLife(port);
    if (state.isClosed)
        endIfEmpty(port);
}

// Nothing will arrive any more.
function ended(port) {
    stateOf(port).isOver = true;
    updateLife(port);
}

// What was queued before close() still arrives.
function endIfEmpty(port) {
    if (!natives.mayReceive(stateOf(port).number))
        ended(port);
}

function start(port) {
    const state = stateOf(port);

    if (state.isStarted)
        return;
    state.isStarted = true;
    natives.start(state.number);
    updateLife(port);
}

// HTML, web-messaging.html#message-ports
var MessagePort = class MessagePort extends EventTarget {
    constructor() {
        if (making === 0)
            throw new TypeError('Illegal constructor');
        super();
        assign(stateOf(this), {
            isPort: true,
            isTransferable: true,
            isStarted: false,
            isClosed: false,
            isOver: false,
            hearsEnd: false, // a listener waits for the close event
            isShared: false,
            isLinked: false, // the other port of the channel belongs to this machine
            peer: null, // a WeakRef to it
            kept: null, // it, if something may arrive there
            nWaiting: 0, // messages of the peer that have not arrived
            live,
            listenersChanged,
            transferred,
        });
        track(this, making);
    }

    static #check(port) {
        if (!isPort(port))
            throw new TypeError('Called on an object that does not implement interface MessagePort');
    }

    postMessage(...args) {
        MessagePort.#check(this);
        const state = stateOf(this);

        postMessage(state.number, args, 'MessagePort.postMessage');
        const peer = findPeer(state);

        if (peer !== undefined && stateOf(peer).nWaiting++ === 0)
            updateLife(peer);
    }

    start() {
        MessagePort.#check(this);
        start(this);
    }

    close() {
        MessagePort.#check(this);
        part(this);
        natives.close(stateOf(this).number);
        stateOf(this).isClosed = true;
        endIfEmpty(this);
    }
};
defineInterface(MessagePort, 'MessagePort', 0, {postMessage: 1});
addEventHandler(MessagePort, 'message', start);
addEventHandler(MessagePort, 'messageerror');
addEventHandler(MessagePort, 'close');

function makePort(number) {
    making = number;
    try {
        return new MessagePort();
    } finally {
        making = 0;
    }
}

// A port that has come with a message. Perhaps its channel was made in this machine.
setMaker(Kind.PORT, number => {
    const port = makePort(number);
    const peer = find(natives.getPeer(number));

    if (peer !== undefined && !stateOf(peer).isShared)
        link(port, peer, mailbox[Place.N_WAITING], mailbox[Place.N_WAITING_AT_PEER]);
    return port;
});

// HTML, web-messaging.html#message-channels
var MessageChannel = class MessageChannel {
    #port1;
    #port2;

    constructor() {
        natives.makeChannel();
        const [number1, number2] = [mailbox[Place.PORT1], mailbox[Place.PORT2]];
        this.#port1 = makePort(number1);
        this.#port2 = makePort(number2);
        link(this.#port1, this.#port2);
        setPlatformObject(this);
    }

    get port1() {
        return this.#port1;
    }

    get port2() {
        return this.#port2;
    }
};
defineInterface(MessageChannel, 'MessageChannel');
