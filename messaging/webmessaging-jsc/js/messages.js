// messages.js: values and transfer lists become messages, and back
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported decodeMessage, postMessage, structuredClone */

const {keepBytes, mailbox, natives, readFromC, send, takeError, wrap} =
    imports.overrides.webmessaging.bridge;
const {Place} = imports.overrides.webmessaging.constants;
const {toException} = imports.overrides.webmessaging.errors;
const {sharing} = imports.overrides.webmessaging.platformObjects;
const {stateOf} = imports.overrides.webmessaging.state;
const {decode} = imports.overrides.webmessaging.structuredDeserialize;
const {serialize, toTransferList, toTransferOption} = imports.overrides.webmessaging.transferLists;
const {requireArguments} = imports.overrides.webmessaging.webidl;

function sendOrThrow(call, number, encoded, objects) {
    let done = false;

    try {
        done = send(call, number, encoded, objects);
    } finally {
        if (!done)
            natives.forget();
    }
    if (!done)
        throw toException(takeError());
    for (const object of objects)
        stateOf(object).transferred?.(object);
}

// A getter may clone or post something else in the meantime.
function share(isAllowed, call) {
    const before = sharing.isAllowed;

    sharing.isAllowed = isAllowed;
    try {
        return call();
    } finally {
        sharing.isAllowed = before;
    }
}

// The two overloads of postMessage() at what C knows by a number
function postMessage(number, args, where) {
    requireArguments(args, 1, where);
    const transfer = toTransferList(args[1], where);
    const kept = [];
    const keep = bytes => {
        const id = keepBytes(bytes);

        kept.push(id);
        return id;
    };

    try {
        share(false, () => serialize(args[0], transfer, keep, (encoded, objects) =>
            sendOrThrow(natives.post, number, encoded, objects)));
    } finally {
        kept.forEach(natives.dropBytes);
    }
}

// Gets the object that has come with a message, by its place.
function receiveObject(index) {
    return wrapReceived(natives.receiveObject(index));
}

function wrapReceived(number) {
    return number === 0 ? undefined : wrap(number, mailbox[Place.KIND]);
}

// Decodes the message that C has at hand, so many bytes. They may be where those of its buffers arrive, too.
function decodeMessage(cbor, length) {
    let saved;
    const readBuffer = index => {
        saved ??= cbor.slice(0, length);
        const bytes = readFromC(natives.openBuffer(index));

        cbor.set(saved.subarray(0, bytes.length));
        return bytes.buffer;
    };

    return decode(cbor, length, readBuffer, receiveObject);
}

// HTML, structured-data.html#dom-structuredclone
function clone(args) {
    requireArguments(args, 1, 'structuredClone');
    const transfer = toTransferOption(args[1], 'structuredClone');

    return share(sharing.isAllowedInAgent, () => serialize(args[0], transfer, bytes => bytes.slice().buffer, (encoded, objects) => {
        const {cbor, length, buffers} = encoded;
        const hasObjects = objects.length > 0 || encoded.objects.length > 0;

        if (!hasObjects)
            return decode(cbor, length, index => buffers[index], () => undefined);
        sendOrThrow(natives.transfer, 0, {...encoded, buffers: []}, objects);
        try {
            return decode(cbor, length, index => buffers[index], index => wrapReceived(natives.receiveClone(index)));
        } finally {
            natives.dropClones();
        }
    }));
}
stateOf(globalThis).clone = clone;

// Step 2: the result belongs to the realm of the global object that this is called on.
function structuredClone(...args) {
    const isOther = typeof this === 'object' && this !== null && this !== globalThis;
    const call = isOther ? stateOf(this).clone ?? clone : clone;

    return call(args);
}
Object.defineProperty(structuredClone, 'length', {value: 1, configurable: true});
