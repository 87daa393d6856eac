// bridge.js: what C and the scripts of the library say to each other
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported copyToC, enter, incoming, isOver, keepBytes, live, mailbox, natives, now, numberOf, readFromC, scratch,
   send, setMaker, takeError, track, wrap */

// C does not look at any object of a script. It shares four buffers with this file, whose bytes it finds at
// once: mailbox has the arguments of calls and their results, incoming and outgoing have bytes, and scratch has
// the message that was encoded last. An engine can no longer transfer a buffer that C has seen, so scripts never
// get hold of these.

const {CHUNK, MAILBOX_SIZE, Place} = imports.overrides.webmessaging.constants;
const {find, remember, stateOf} = imports.overrides.webmessaging.state;
var {natives} = imports;

var mailbox = new Float64Array(MAILBOX_SIZE);
var incoming = new Uint8Array(CHUNK);
const outgoing = new Uint8Array(CHUNK);
var scratch = new Uint8Array(CHUNK);

// Nothing happens in the realm any more; see web-jsc-realm-private.h.
var isOver = () => mailbox[Place.OVER] !== 0;

natives.open(mailbox.buffer, incoming.buffer, outgoing.buffer, scratch.buffer);

// An object of C has a number. Its wrapper is known to C by a handle, which the garbage collector frees
// after the wrapper.
function track(target, number) {
    const state = stateOf(target);

    state.number = number;
    state.handle = natives.makeHandle(number);
    state.reference = remember(number, target);
}

// Wrappers that live on although no script may refer to them, because something may still arrive.
var live = new Set();

// The functions that make wrappers, by the kinds of C. No method of the language sees them, which a script may change.
const makers = {__proto__: null};

function setMaker(kind, make) {
    makers[kind] = make;
}

function wrap(number, kind) {
    return find(number) ?? makers[kind](number);
}

// Returns 0 for what is not a wrapper.
function numberOf(object) {
    return stateOf(object).number ?? 0;
}

// Writes bytes for the next call of C, which gets how many there are in outgoing.
function copyToC(bytes) {
    let done = 0;

    for (; bytes.length - done > CHUNK; done += CHUNK) {
        outgoing.set(bytes.subarray(done, done + CHUNK));
        natives.append(CHUNK);
    }
    outgoing.set(done === 0 ? bytes : bytes.subarray(done));
    return bytes.length - done;
}

// What C keeps of a byte array until it is sent.
var keepBytes = bytes => natives.keepBytes(copyToC(bytes));

// Reads what C has opened: so many bytes.
function readFromC(size) {
    const bytes = new Uint8Array(size);

    for (let done = 0; done < size; done += CHUNK) {
        const length = natives.read();

        bytes.set(incoming.subarray(0, length), done);
    }
    return bytes;
}

// Gives a message to one of the functions of C.
function send(call, number, {cbor, length, buffers, objects: cloned}, objects) {
    for (const bytes of buffers)
        natives.addBuffer(bytes);
    for (const object of objects)
        natives.addTransfer(numberOf(object));
    for (const object of cloned)
        natives.addObject(numberOf(object));
    const isInScratch = cbor === scratch;

    mailbox[Place.LENGTH] = isInScratch ? length : copyToC(cbor.subarray(0, length));
    mailbox[Place.NUMBER] = number;
    mailbox[Place.IS_IN_SCRATCH] = Number(isInScratch);
    return call();
}

// The error of the last call of C, by its name and message.
function takeError() {
    const [, name, message] = /^(\w*)\n(.*)$/s.exec(natives.takeError());

    return {name, message};
}

var now = natives.now;

// C calls this function only; mailbox says what for.
const calls = [];

function enter(value) {
    return calls[mailbox[Place.CALL]](value);
}

enter.on = (number, call) => {
    calls[number] = call;
};
