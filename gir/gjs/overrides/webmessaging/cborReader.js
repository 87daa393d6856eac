// cborReader.js: reads CBOR
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported CborReader */

const {MAJOR_BYTES} = imports.overrides.webmessaging.cbor;
const {dataCloneError} = imports.overrides.webmessaging.domException;
const {decodeText} = imports.overrides.webmessaging.utf8;

var CborReader = class CborReader {
    // bytes: begins with a message, which ends there
    constructor(bytes, end) {
        this.bytes = bytes;
        this.end = end;
        this.position = 0;
        this.lazyView = null;
    }

    // Few messages need it, and to make it costs more than all the work on a small one.
    get view() {
        const {buffer, byteOffset, byteLength} = this.bytes;

        return this.lazyView ??= new DataView(buffer, byteOffset, byteLength);
    }

    readByte() {
        return this.position < this.end ? this.bytes[this.position++] : this.fail();
    }

    fail() {
        throw dataCloneError(`Invalid message before byte ${this.position}`);
    }

    readNumberOf(info) {
        const {bytes, position} = this;

        if (info < 24)
            return info;
        switch (info) {
        case 24:
            return this.readByte();
        case 25:
            this.skip(2);
            return bytes[position] << 8 | bytes[position + 1];
        case 26:
            this.skip(4);
            return (bytes[position] << 24 | bytes[position + 1] << 16 | bytes[position + 2] << 8 |
                bytes[position + 3]) >>> 0;
        case 27: {
            this.skip(8);
            const number = this.view.getUint32(position) * 0x100000000 +
                this.view.getUint32(position + 4);
            return Number.isSafeInteger(number) ? number : this.view.getBigUint64(position);
        }
        default:
            return this.fail();
        }
    }

    skip(length) {
        if (length > this.end - this.position)
            this.fail();
        this.position += length;
    }

    readHead(major) {
        const initial = this.readByte();

        return initial >> 5 === major ? this.readNumberOf(initial & 31) : this.fail();
    }

    readData(length) {
        this.skip(length);
        return this.bytes.subarray(this.position - length, this.position);
    }

    readText(length) {
        if (length > 32)
            return decodeText(this.readData(length));
        if (length > this.end - this.position)
            this.fail();

        const {bytes, position} = this;
        let hash = length;
        for (let i = position; i < position + length; i++) {
            if (bytes[i] > 0x7f)
                return decodeText(this.readData(length));
            hash = Math.imul(hash, 31) + bytes[i] | 0;
        }
        this.position += length;

        const place = (hash ^ hash >>> 10) & N_TEXTS - 1;
        const known = texts[place];
        if (isText(known, bytes, position, length))
            return known;
        return texts[place] = apply(fromCharCode, null, bytes.subarray(position, position + length));
    }

    readOther(info) {
        const {position} = this;

        switch (info) {
        case 20:
            return false;
        case 21:
            return true;
        case 22:
            return null;
        case 23:
            return undefined;
        case 25:
            this.skip(2);
            return toFloat(this.view.getUint16(position));
        case 26:
            this.skip(4);
            return this.view.getFloat32(position);
        case 27:
            this.skip(8);
            return this.view.getFloat64(position);
        default:
            return this.fail();
        }
    }

    readBigInt() {
        return decodeBigInt(this.readData(this.readHead(MAJOR_BYTES)));
    }

    // UTF-8 with lone surrogates, as a byte string
    readSurrogates() {
        return decodeSurrogates(this.readData(this.readHead(MAJOR_BYTES)));
    }
};

// Short texts that were read before: keys occur again and again, and an engine takes long to find out that it knows
// a string that is made of parts.
const {apply} = Reflect;
const {fromCharCode} = String;
const N_TEXTS = 1024;
const texts = new Array(N_TEXTS).fill('');

function isText(text, bytes, position, length) {
    if (text.length !== length)
        return false;
    for (let i = 0; i < length; i++) {
        if (text.charCodeAt(i) !== bytes[position + i])
            return false;
    }
    return true;
}

// IEEE 754 binary16
function toFloat(half) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = half >> 10 & 0x1f;
    const mantissa = half & 0x3ff;

    if (exponent === 0)
        return sign * mantissa * 2 ** -24;
    if (exponent === 31)
        return mantissa === 0 ? sign * Infinity : NaN;
    return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}

// Joins words to halves, and halves to the whole: BigInt() of a string of digits, and adding one word
// after the other, take time that is quadratic in the length.
function decodeBigInt(bytes) {
    const {buffer, byteOffset, length} = bytes;
    const view = new DataView(buffer, byteOffset, length);
    const nFirst = length % 8;
    const words = [0n];

    for (let i = 0; i < nFirst; i++)
        words[0] = words[0] << 8n | BigInt(bytes[i]);
    for (let i = nFirst; i < length; i += 8)
        words.push(view.getBigUint64(i));

    function join(begin, end) {
        if (end - begin === 1)
            return words[begin];
        const middle = begin + end >> 1;
        return join(begin, middle) << BigInt(64 * (end - middle)) | join(middle, end);
    }
    return join(0, words.length);
}

// The text is decoded with U+FFFD, which takes three bytes as well, in the place of each surrogate.
function decodeSurrogates(bytes) {
    const wellFormed = bytes.slice();
    const isSurrogate = i => bytes[i] === 0xed && bytes[i + 1] >= 0xa0;

    for (let i = bytes.indexOf(0xed); i >= 0; i = bytes.indexOf(0xed, i + 1)) {
        if (isSurrogate(i))
            wellFormed.set([0xef, 0xbf, 0xbd], i);
    }
    const text = decodeText(wellFormed);
    const parts = [];
    let done = 0;

    for (let i = 0, unit = 0; i < bytes.length; unit++) {
        const lead = bytes[i];

        if (isSurrogate(i)) {
            parts.push(text.slice(done, unit), fromCharCode(0xd000 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
            done = unit + 1;
        }
        if (lead >= 0xf0)
            unit++;
        i += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    }
    parts.push(text.slice(done));
    return parts.join('');
}
