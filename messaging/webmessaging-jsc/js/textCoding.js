// textCoding.js: TextEncoder and TextDecoder, of UTF-8
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported TextDecoder, TextEncoder */

const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {decodeText, encodeText} = imports.overrides.webmessaging.utf8;
const {toDOMString, toDictionary, toUSVString} = imports.overrides.webmessaging.webidl;

const labels = ['unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'utf-8', 'utf8', 'x-unicode20utf8'];
const empty = new Uint8Array(0);

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
        let read = 0;
        let written = 0;

        if (!(destination instanceof Uint8Array))
            throw new TypeError('TextEncoder.encodeInto: the destination is not a Uint8Array');
        for (const character of text) {
            const bytes = encodeText(character);

            if (written + bytes.length > destination.length)
                break;
            destination.set(bytes, written);
            written += bytes.length;
            read += character.length;
        }
        return {read, written};
    }
};
defineInterface(TextEncoder, 'TextEncoder', 0, {encodeInto: 2});

function toBytes(input) {
    if (input === undefined)
        return empty;
    if (ArrayBuffer.isView(input))
        return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (typeof input === 'object' && input !== null && /^\[object (Shared)?ArrayBuffer\]$/.test(
        Object.prototype.toString.call(input)))
        return new Uint8Array(input);
    throw new TypeError('TextDecoder.decode: the argument is neither a buffer nor a view');
}

// Encoding, #utf-8-decoder: how many bytes at the end are the beginning of a character.
function countUnfinished(bytes) {
    for (let i = 1; i <= Math.min(3, bytes.length); i++) {
        const byte = bytes[bytes.length - i];

        if (byte >= 0xc2 && byte <= 0xf4)
            return i < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4) ? i : 0;
        if (byte < 0x80 || byte >= 0xc0)
            return 0;
    }
    return 0;
}

// What a lead byte may be followed by first
function isSecond(lead, byte) {
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;

    return byte >= low && byte <= high;
}

// With U+FFFD for each maximal part that is not valid.
function decodeLossily(bytes) {
    const parts = [];
    let start = 0;

    for (let i = 0; i < bytes.length;) {
        const lead = bytes[i];
        const needed = lead < 0x80 ? 0 : lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2
            : lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
        let n = 0;

        while (n < needed && i + 1 + n < bytes.length && (n === 0 ? isSecond(lead, bytes[i + 1])
            : bytes[i + 1 + n] >= 0x80 && bytes[i + 1 + n] <= 0xbf))
            n++;
        if (n === needed) {
            i += 1 + needed;
        } else {
            parts.push(decodeText(bytes.subarray(start, i)), '\ufffd');
            i += 1 + n;
            start = i;
        }
    }
    parts.push(decodeText(bytes.subarray(start)));
    return parts.join('');
}

// Encoding, #interface-textdecoder
var TextDecoder = class TextDecoder {
    #fatal;
    #ignoreBOM;
    #rest = empty;
    #isFirst = true;

    constructor(label = 'utf-8', options = undefined) {
        const {fatal = false, ignoreBOM = false} = toDictionary(options, 'TextDecoder');

        if (!labels.includes(toDOMString(label).trim().toLowerCase()))
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
        try {
            return decodeText(bytes);
        } catch {
            if (this.#fatal)
                throw new TypeError('TextDecoder.decode: the bytes are not UTF-8');
            return decodeLossily(bytes);
        }
    }
};
defineInterface(TextDecoder, 'TextDecoder');
