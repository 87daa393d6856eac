// transferLists.js: what postMessage() and structuredClone() are given besides the value
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported serialize, toTransferList, toTransferOption */

const {classOf} = imports.overrides.webmessaging.brands;
const {explainTransfer} = imports.overrides.webmessaging.cloneRefusals;
const {dataCloneError} = imports.overrides.webmessaging.domException;
const {callLibrary} = imports.overrides.webmessaging.errors;
const {detach, isDetachable, isDetached, isLocked, isTransferable} = imports.overrides.webmessaging.platformObjects;
const {encode} = imports.overrides.webmessaging.structuredSerialize;
const {toDictionary, toObjectSequence} = imports.overrides.webmessaging.webidl;

// HTML, web-messaging.html#structuredserializeoptions
function toTransferOption(options, where) {
    if (options === undefined)
        return [];
    const {transfer} = toDictionary(options, where);

    return transfer === undefined ? [] : toObjectSequence(transfer, where);
}

// The overloads of postMessage(): a sequence, or a dictionary with one. Web IDL,
// #js-overload-resolution-algorithm
function toTransferList(argument, where) {
    const method = argument?.[Symbol.iterator];

    if (isTransferable(argument))
        throw new TypeError(`${where}: the transfer list is not an array: use postMessage(message, [port])`);
    return method === undefined || method === null || typeof argument !== 'object'
        ? toTransferOption(argument, where) : toObjectSequence(argument, where);
}

// HTML, structured-data.html#structuredserializewithtransfer, steps 1 to 3: what is in the
// transfer list, by kind. An ArrayBuffer is copied, and detached afterwards. The library looks at
// the objects.
const nothingToTransfer = {objects: [], handles: new Map(), buffers: []};

function readTransferList(transfer) {
    if (transfer.length === 0)
        return nothingToTransfer;

    const objects = [];
    const buffers = [];

    for (const object of transfer)
        (isTransferable(object) ? objects : buffers).push(object);
    const refused = buffers.find(object => !isDetachable(object));
    if (refused !== undefined)
        throw dataCloneError(explainTransfer(refused, transfer.indexOf(refused)));
    // Before the value is read, so not left to the library.
    if (new Set(transfer).size < transfer.length)
        throw dataCloneError('Object occurs twice in the transfer list');

    return {objects, handles: new Map(objects.map((object, index) => [object, index])), buffers};
}

// HTML, structured-data.html#structuredserializewithtransfer: send() gets what was encoded and the
// objects to transfer. Array buffers are looked at before anything is transferred (step 5), and
// detached after all of it was.
function serialize(value, transfer, copyBytes, send) {
    const {objects, handles, buffers} = readTransferList(transfer);
    const encoded = encode(value, handles, copyBytes, buffers);

    if (buffers.length === 0)
        return callLibrary(() => send(encoded, objects));
    const detached = buffers.find(isDetached);

    if (detached !== undefined)
        throw dataCloneError(`A detached ${classOf(detached)} could not be transferred`);
    if (buffers.some(isLocked))
        throw new TypeError('The memory of WebAssembly cannot be transferred');
    const result = callLibrary(() => send(encoded, objects));
    buffers.forEach(detach);

    return result;
}
