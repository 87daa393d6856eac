// messages.js: values and transfer lists become messages, and back
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported decodeMessage, install, postMessage, structuredClone */

const {GLib, WebMessagingPrivate} = imports.gi;
const {callLibrary} = imports.overrides.webmessaging.errors;
const {decode} = imports.overrides.webmessaging.structuredDeserialize;
const {serialize, toTransferList, toTransferOption} = imports.overrides.webmessaging.transferLists;
const {requireArguments} = imports.overrides.webmessaging.webidl;

const toGBytes = bytes => new GLib.Bytes(bytes);

// The two overloads of postMessage() at a port, a worker, or the scope of one
function postMessage(target, args, where) {
    requireArguments(args, 1, where);
    const transfer = toTransferList(args[1], where);

    serialize(args[0], transfer, toGBytes, ({cbor, length, buffers, objects: cloned}, objects) =>
        WebMessagingPrivate.post_cbor(target, cbor.subarray(0, length), buffers, objects, cloned));
}

// HTML, structured-data.html#dom-structuredclone
function structuredClone(...args) {
    requireArguments(args, 1, 'structuredClone');
    const transfer = toTransferOption(args[1], 'structuredClone');

    const {cbor, length, buffers, received} = serialize(args[0], transfer, bytes => bytes.slice().buffer,
        (encoded, objects) => ({
            ...encoded,
            received: objects.length === 0 && encoded.objects.length === 0 ? null
                : WebMessagingPrivate.receive_objects(WebMessagingPrivate.serialize_cbor(
                    encoded.cbor.subarray(0, encoded.length), [], objects, encoded.objects))[1],
        }));

    return decode(cbor, length, index => buffers[index], index => received[index]);
}
Object.defineProperty(structuredClone, 'length', {value: 1, configurable: true});

// The message is asked for only where it has byte arrays out of line.
function decodeMessage(cbor, getMessage, getObject) {
    let buffers;

    return decode(cbor, cbor.length, index => {
        buffers ??= WebMessagingPrivate.get_buffers(getMessage());
        return buffers[index].toArray().slice().buffer;
    }, getObject);
}

function install({SerializedData}) {
    // A message, for another process or for later.
    SerializedData.serialize = function (value, options) {
        return serialize(value, toTransferOption(options, 'SerializedData.serialize'), toGBytes,
            (encoded, objects) => WebMessagingPrivate.serialize_cbor(
                encoded.cbor.subarray(0, encoded.length), encoded.buffers, objects, encoded.objects));
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
