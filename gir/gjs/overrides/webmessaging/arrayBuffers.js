// arrayBuffers.js: buffers and views: what the language does not tell of them
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported isArrayBuffer, isSharedBuffer, isSharedTracking, detach, isDetached, isOutOfBounds, isLocked,
   isLengthTracking */

const {
    arrayAt, arrayBuffer, arrayByteOffset, arrayLength, bufferByteLength, bufferMaxByteLength,
    sharedByteLength, uncurryThis, viewBuffer, viewByteLength, viewByteOffset,
} = imports.overrides.webmessaging.builtins;

function isArrayBuffer(object) {
    try {
        bufferByteLength(object);
        return true;
    } catch {
        return false;
    }
}

function isSharedBuffer(object) {
    try {
        return sharedByteLength?.(object) !== undefined;
    } catch {
        return false;
    }
}

// Returns whether a view seems to follow the length of its growable buffer, because it ends where the buffer
// ends. The language does not tell, and what grows cannot shrink again.
function isSharedTracking(view, tag) {
    const buffer = tag === 0 ? viewBuffer(view) : arrayBuffer(view);
    const step = tag === 0 ? 1 : view.BYTES_PER_ELEMENT;
    const end = tag === 0 ? viewByteOffset(view) + viewByteLength(view)
        : arrayByteOffset(view) + arrayLength(view) * step;

    return buffer.growable && sharedByteLength(buffer) - end < step;
}

// Buffers that were transferred in an engine that cannot detach them: they keep their bytes, but cannot
// be cloned or transferred again.
const {resize: resizeMethod, transfer: transferMethod} = ArrayBuffer.prototype;
const resize = resizeMethod && uncurryThis(resizeMethod);
const move = transferMethod && uncurryThis(transferMethod);
const released = new WeakSet();

function detach(buffer) {
    if (move !== undefined)
        move(buffer);
    else
        released.add(buffer);
}

// The memory of WebAssembly cannot be detached. transfer() says so before it says that there is no such length.
function isLocked(buffer) {
    try {
        move?.(buffer, Number.MAX_SAFE_INTEGER);
        return false;
    } catch (error) {
        return error instanceof TypeError;
    }
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

// A view that a resizable buffer has shrunk away from under. A typed array says that its length is 0 then,
// and only its methods throw.
function isOutOfBounds(view, tag) {
    try {
        if (tag === 0)
            viewByteLength(view);
        else if (arrayLength(view) === 0)
            arrayAt(view, 0);
        return false;
    } catch {
        return true;
    }
}

// Returns whether a view follows the length of its resizable buffer. The language does not tell, so the
// buffer is resized for a try: made longer, or shorter if it has its maximal length already.
function isLengthTracking(view, tag) {
    const buffer = tag === 0 ? viewBuffer(view) : arrayBuffer(view);
    const lengthOf = tag === 0 ? viewByteLength : arrayLength;
    const size = bufferByteLength(buffer);
    const step = tag === 0 ? 1 : view.BYTES_PER_ELEMENT;
    const before = lengthOf(view);
    let tracking;

    if (size + step <= bufferMaxByteLength(buffer)) {
        resize(buffer, size + step);
        tracking = lengthOf(view) > before;
        resize(buffer, size);
    } else if (before === 0) {
        resize(buffer, bufferMaxByteLength(buffer));
        tracking = lengthOf(view) > 0;
        resize(buffer, size);
    } else {
        const end = new Uint8Array(buffer, size - step).slice();

        resize(buffer, size - step);
        tracking = !isOutOfBounds(view, tag) && lengthOf(view) < before;
        resize(buffer, size);
        new Uint8Array(buffer, size - step).set(end);
    }
    return tracking;
}
