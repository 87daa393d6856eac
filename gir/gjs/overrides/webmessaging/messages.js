// messages.js: values and transfer lists become messages, and back
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported toTransferOption, toTransferList, serialize, postMessage, structuredClone, decodeMessage,
   install */

const {GLib, GObject, WebMessagingPrivate} = imports.gi;
const {detach, isArrayBuffer, isDetached} = imports.overrides.webmessaging.arrayBuffers;
const {dataCloneError} = imports.overrides.webmessaging.domException;
const {callLibrary} = imports.overrides.webmessaging.errors;
const {decode} = imports.overrides.webmessaging.structuredDeserialize;
const {encode} = imports.overrides.webmessaging.structuredSerialize;
const {requireArguments, toDictionary, toObjectSequence} = imports.overrides.webmessaging.webidl;

// HTML, web-messaging.html#structuredserializeoptions
function toTransferOption(options, where) {
    const {transfer} = toDictionary(options, where);

    return transfer === undefined ? [] : toObjectSequence(transfer, where);
}

// The overloads of postMessage(): a sequence, or a dictionary with one. Web IDL,
// #js-overload-resolution-algorithm
function toTransferList(argument, where) {
    const method = argument?.[Symbol.iterator];

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

    const {Transferable} = imports.gi.WebMessaging;
    const objects = [];
    const buffers = [];

    for (const object of transfer) {
        const isTransferable = object instanceof GObject.Object &&
            GObject.type_is_a(object.constructor.$gtype, Transferable.$gtype);

        (isTransferable ? objects : buffers).push(object);
    }
    if (!buffers.every(isArrayBuffer))
        throw dataCloneError('Value in the transfer list could not be transferred');
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
    const encoded = encode(value, handles, copyBytes);

    if (buffers.some(isDetached))
        throw dataCloneError('A detached ArrayBuffer could not be transferred');
    const result = callLibrary(() => send(encoded, objects));
    buffers.forEach(detach);

    return result;
}

var toGBytes = bytes => new GLib.Bytes(bytes);

// The two overloads of postMessage() at a port, a worker, or the scope of one
function postMessage(target, args, where) {
    requireArguments(args, 1, where);
    const transfer = toTransferList(args[1], where);

    serialize(args[0], transfer, toGBytes, ({cbor, buffers, objects: cloned}, objects) =>
        WebMessagingPrivate.post_cbor(target, cbor, buffers, objects, cloned));
}

// HTML, structured-data.html#dom-structuredclone
function structuredClone(...args) {
    requireArguments(args, 1, 'structuredClone');
    const transfer = toTransferOption(args[1], 'structuredClone');

    const {cbor, buffers, received} = serialize(args[0], transfer, bytes => bytes.slice().buffer,
        (encoded, objects) => ({
            ...encoded,
            received: objects.length === 0 && encoded.objects.length === 0 ? null
                : WebMessagingPrivate.receive_objects(WebMessagingPrivate.serialize_cbor(
                    encoded.cbor, [], objects, encoded.objects))[1],
        }));

    return decode(cbor, index => buffers[index], index => received[index]);
}
Object.defineProperty(structuredClone, 'length', {value: 1, configurable: true});

// The message is asked for only where it has byte arrays out of line.
function decodeMessage(cbor, getMessage, getObject) {
    let buffers;

    return decode(cbor, index => {
        buffers ??= WebMessagingPrivate.get_buffers(getMessage());
        return buffers[index].toArray().slice().buffer;
    }, getObject);
}

function install({SerializedData}) {
    // A message, for another process or for later.
    SerializedData.serialize = function (value, options) {
        return serialize(value, toTransferOption(options, 'SerializedData.serialize'), toGBytes,
            (encoded, objects) => WebMessagingPrivate.serialize_cbor(
                encoded.cbor, encoded.buffers, objects, encoded.objects));
    };

    SerializedData.prototype.toValue = function () {
        return callLibrary(() => {
            const [, objects] = WebMessagingPrivate.receive_objects(this);
            const cbor = WebMessagingPrivate.get_cbor(this);

            return cbor === null ? null
                : decodeMessage(cbor.toArray(), () => this, index => objects[index]);
        });
    };
}
