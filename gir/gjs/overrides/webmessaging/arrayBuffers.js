// arrayBuffers.js: buffers and views: what the language does not tell of them
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported isArrayBuffer, detach, isDetached, isOutOfBounds, isLengthTracking */

const {
    arrayBuffer, arrayLength, bufferByteLength, bufferMaxByteLength, viewBuffer, viewByteLength,
} = imports.overrides.webmessaging.builtins;

function isArrayBuffer(object) {
    try {
        bufferByteLength(object);
        return true;
    } catch {
        return false;
    }
}

// Buffers that were transferred in an engine that cannot detach them: they keep their bytes, but cannot
// be cloned or transferred again.
const canDetach = 'transfer' in ArrayBuffer.prototype;
const released = new WeakSet();

function detach(buffer) {
    if (canDetach)
        buffer.transfer();
    else
        released.add(buffer);
}

function isDetached(buffer) {
    if (released.has(buffer))
        return true;
    if (bufferByteLength(buffer) > 0)
        return false;
    try {
        return new Uint8Array(buffer).length > 0;
    } catch {
        return true;
    }
}

// A view that a resizable buffer has shrunk away from under.
function isOutOfBounds(view, tag) {
    if (tag !== 0)
        return false;
    try {
        viewByteLength(view);
        return false;
    } catch {
        return true;
    }
}

// Returns whether a view follows the length of its resizable buffer. The language does not tell, so the
// buffer is resized for a try; one that has its maximal length cannot be.
function isLengthTracking(view, tag) {
    const buffer = tag === 0 ? viewBuffer(view) : arrayBuffer(view);
    const lengthOf = tag === 0 ? viewByteLength : arrayLength;
    const size = bufferByteLength(buffer);
    const step = tag === 0 ? 1 : view.BYTES_PER_ELEMENT;
    const before = lengthOf(view);

    if (size + step > bufferMaxByteLength(buffer))
        return false;
    buffer.resize(size + step);
    const tracking = lengthOf(view) > before;
    buffer.resize(size);
    return tracking;
}
