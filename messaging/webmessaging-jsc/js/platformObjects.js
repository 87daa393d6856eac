// platformObjects.js: objects of the library in messages
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported detach, errorMakers, isDetachable, isDetached, isLocked, isTransferable, sharing, writers */

const arrayBuffers = imports.overrides.webmessaging.arrayBuffers;
const {MAJOR_TAG, MAJOR_UINT, Tag} = imports.overrides.webmessaging.cbor;
const {CloneRefusal} = imports.overrides.webmessaging.cloneRefusals;
const {dataCloneError} = imports.overrides.webmessaging.domException;
const {isPlatformObject, stateOf} = imports.overrides.webmessaging.state;

const {getOwnPropertyDescriptor, getPrototypeOf} = Object;

function isTransferable(object) {
    return typeof object === 'object' && object !== null && isPlatformObject(object) &&
        stateOf(object).isTransferable === true;
}

// An object of a class of a host may be transferred as an ArrayBuffer is: by its contents.
function detachableOf(object) {
    return typeof object === 'object' && object !== null && isPlatformObject(object)
        ? stateOf(object).detachable : undefined;
}

function isDetachable(object) {
    return arrayBuffers.isArrayBuffer(object) || detachableOf(object) !== undefined;
}

function isDetached(object) {
    return detachableOf(object)?.isDetached() ?? arrayBuffers.isDetached(object);
}

function isLocked(object) {
    return detachableOf(object) === undefined && arrayBuffers.isLocked(object);
}

function detach(object) {
    const detachable = detachableOf(object);

    if (detachable !== undefined)
        detachable.detach();
    else
        arrayBuffers.detach(object);
}

// What the class of an object is called, by its prototype, which a script may have changed.
function classNameOf(object) {
    const valueOf = (owner, key) => getOwnPropertyDescriptor(owner, key)?.value;

    try {
        const name = valueOf(valueOf(getPrototypeOf(object), 'constructor'), 'name');

        return typeof name === 'string' ? name : 'platform object';
    } catch {
        return 'platform object';
    }
}

// HTML, structured-data.html#structuredserializeinternal, steps 19 and 20
function writePlatformObject(serializer, object) {
    if (stateOf(object).isSerializable === true) {
        serializer.writeSerializable(object);
        return;
    }
    const name = classNameOf(object);
    throw isTransferable(object)
        ? new CloneRefusal(object, `A ${name} that is not in the transfer list`, 'use postMessage(message, [port])')
        : new CloneRefusal(object, `A ${name}`);
}

// Step 13.1: structuredClone() stays in its agent and shares the memory, unless the realm is not cross-origin
// isolated: the engine hides the class there, or a host says so. A message may leave the machine, whose memory no
// other machine can share.
var sharing = {isAllowed: false, isAllowedInAgent: typeof SharedArrayBuffer !== 'undefined'};

function writeSharedBuffer(serializer, buffer) {
    if (!sharing.isAllowed)
        throw dataCloneError('A SharedArrayBuffer could not be cloned to another machine');
    serializer.writeHead(MAJOR_TAG, Tag.BUFFER);
    serializer.writeHead(MAJOR_UINT, serializer.buffers.length);
    serializer.buffers.push(buffer);
}

// By what brands.js calls their class.
var writers = new Map([
    ['PlatformObject', writePlatformObject], ['SharedArrayBuffer', writeSharedBuffer],
]);

// By the class that an error has in a message: there are none here.
var errorMakers = new Map();
