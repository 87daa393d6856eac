// ports.js: MessagePort and MessageChannel
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported KIND_PORT, MessageChannel, MessagePort, delivered, ended, isMessageSource, isPort */

const {adoptNumber, live, mailbox, natives, track} = imports.overrides.webmessaging.bridge;
const {assign} = imports.overrides.webmessaging.builtins;
const {EventTarget, addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {postMessage} = imports.overrides.webmessaging.messages;
const {isPlatformObject, setPlatformObject, stateOf} = imports.overrides.webmessaging.state;

var KIND_PORT = 1;

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

// HTML, web-messaging.html#ports-and-garbage-collection: a port that something may arrive at must not be collected.
// The other port can send as long as a script can reach it. If that one belongs to this realm, the two
// refer to each other, and live only while a message waits; so a pair that nobody can reach goes.
function updateLife(port) {
    const {isStarted, isOver, peer, nWaiting} = stateOf(port);

    if (isStarted && !isOver && (peer === null || nWaiting > 0))
        live.add(port);
    else
        live.delete(port);
}

// The other side may be anywhere now, or nowhere.
function part(port) {
    const state = stateOf(port);
    const {peer} = state;

    if (peer === null)
        return;
    state.peer = stateOf(peer).peer = null;
    updateLife(port);
    updateLife(peer);
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
            peer: null, // the other port of the channel, if it belongs to this realm
            nWaiting: 0, // messages of the peer that have not arrived
            transferred: part,
        });
        track(this, making);
    }

    static #check(port) {
        if (!isPort(port))
            throw new TypeError('Called on an object that does not implement interface MessagePort');
    }

    postMessage(...args) {
        MessagePort.#check(this);
        const {number, peer} = stateOf(this);

        postMessage(number, args, 'MessagePort.postMessage');
        if (peer !== null) {
            stateOf(peer).nWaiting++;
            updateLife(peer);
        }
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

adoptNumber(KIND_PORT, makePort);

// HTML, web-messaging.html#message-channels
var MessageChannel = class MessageChannel {
    #port1;
    #port2;

    constructor() {
        natives.makeChannel();
        const [number1, number2] = [mailbox[1], mailbox[2]];
        this.#port1 = makePort(number1);
        this.#port2 = makePort(number2);
        stateOf(this.#port1).peer = this.#port2;
        stateOf(this.#port2).peer = this.#port1;
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
