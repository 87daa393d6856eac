// textCoding.js: TextEncoder and TextDecoder, of UTF-8
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported TextDecoder, TextEncoder */

const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {decodeAnyText, decodeText, encodeText} = imports.overrides.webmessaging.utf8;
const {toDOMString, toDictionary, toUSVString} = imports.overrides.webmessaging.webidl;

const labels = ['unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'utf-8', 'utf8', 'x-unicode20utf8'];
const empty = new Uint8Array(0);

const isContinuation = byte => byte >= 0x80 && byte <= 0xbf;

// How long the text is in UTF-16 that these bytes are in UTF-8.
function countCodeUnits(bytes) {
    let n = 0;

    for (const byte of bytes)
        n += isContinuation(byte) ? 0 : byte >= 0xf0 ? 2 : 1;
    return n;
}

// Encoding, #interface-textencoder
var TextEncoder = class TextEncoder {
    get encoding() {
        return 'utf-8';
    }

    encode(input = '') {
        return encodeText(toUSVString(input));
    }

    encodeInto(source, destination) {
        const text = toUSVString(source);

        if (!(destination instanceof Uint8Array))
            throw new TypeError('TextEncoder.encodeInto: the destination is not a Uint8Array');
        const room = destination.length;
        // A code unit takes at least one byte.
        const bytes = encodeText(text.slice(0, room));
        let written = Math.min(bytes.length, room);

        while (written < bytes.length && isContinuation(bytes[written]))
            written--;
        destination.set(bytes.subarray(0, written));
        return {read: countCodeUnits(bytes.subarray(0, written)), written};
    }
};
defineInterface(TextEncoder, 'TextEncoder', 0, {encodeInto: 2});

function toBytes(input) {
    if (input === undefined)
        return empty;
    if (ArrayBuffer.isView(input))
        return input.buffer.detached || input.byteLength === 0 ? empty : new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (typeof input === 'object' && input !== null && /^\[object (Shared)?ArrayBuffer\]$/.test(
        Object.prototype.toString.call(input)))
        return input.byteLength === 0 ? empty : new Uint8Array(input);
    throw new TypeError('TextDecoder.decode: the argument is neither a buffer nor a view');
}

// Encoding, #utf-8-decoder: how many bytes follow a lead byte, -1 if it is none
function countNeeded(lead) {
    if (lead < 0x80)
        return 0;
    if (lead < 0xc2 || lead > 0xf4)
        return -1;
    return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
}

// What a lead byte may be followed by first
function isSecond(lead, byte) {
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;

    return byte >= low && byte <= high;
}

// How many bytes after a lead byte, of those that it needs, may follow it.
function countFollowing(bytes, start) {
    const lead = bytes[start];
    const needed = countNeeded(lead);
    let n = 0;

    while (n < needed && start + 1 + n < bytes.length &&
        (n === 0 ? isSecond(lead, bytes[start + 1]) : isContinuation(bytes[start + 1 + n])))
        n++;
    return n;
}

// How many bytes at the end are the beginning of a character.
function countUnfinished(bytes) {
    for (let start = bytes.length - 1; start >= Math.max(0, bytes.length - 3); start--) {
        if (!isContinuation(bytes[start])) {
            const n = countFollowing(bytes, start);

            return n < countNeeded(bytes[start]) && start + 1 + n === bytes.length ? bytes.length - start : 0;
        }
    }
    return 0;
}

// Encoding, #interface-textdecoder
var TextDecoder = class TextDecoder {
    #fatal;
    #ignoreBOM;
    #rest = empty;
    #isFirst = true;

    constructor(label = 'utf-8', options = undefined) {
        const {fatal = false, ignoreBOM = false} = toDictionary(options, 'TextDecoder');

        if (!labels.includes(toDOMString(label).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase()))
            throw new RangeError(`TextDecoder: the encoding ${label} is not supported`);
        this.#fatal = Boolean(fatal);
        this.#ignoreBOM = Boolean(ignoreBOM);
    }

    get encoding() {
        return 'utf-8';
    }

    get fatal() {
        return this.#fatal;
    }

    get ignoreBOM() {
        return this.#ignoreBOM;
    }

    decode(input, options) {
        const {stream = false} = toDictionary(options, 'TextDecoder.decode');
        const added = toBytes(input);
        let bytes = new Uint8Array(this.#rest.length + added.length);

        bytes.set(this.#rest);
        bytes.set(added, this.#rest.length);
        const nRest = stream ? countUnfinished(bytes) : 0;
        this.#rest = bytes.slice(bytes.length - nRest);
        bytes = bytes.subarray(0, bytes.length - nRest);

        let text = this.#decode(bytes);
        if (this.#isFirst && text !== '') {
            if (!this.#ignoreBOM && text.startsWith('\ufeff'))
                text = text.slice(1);
            this.#isFirst = false;
        }
        if (!stream) {
            this.#rest = empty;
            this.#isFirst = true;
        }
        return text;
    }

    #decode(bytes) {
        if (!this.#fatal)
            return decodeAnyText(bytes);
        try {
            return decodeText(bytes);
        } catch {
            throw new TypeError('TextDecoder.decode: the bytes are not UTF-8');
        }
    }
};
defineInterface(TextDecoder, 'TextDecoder');
