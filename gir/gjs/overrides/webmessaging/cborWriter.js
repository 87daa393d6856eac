// cborWriter.js: writes CBOR
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported CborWriter, headLength */

const {arrayCopyWithin} = imports.overrides.webmessaging.builtins;
const {
    MAJOR_BYTES, MAJOR_MAP, MAJOR_NEGINT, MAJOR_OTHER, MAJOR_TAG, MAJOR_TEXT, MAJOR_UINT, Tag,
} = imports.overrides.webmessaging.cbor;
const {scratch} = imports.overrides.webmessaging.scratch;
const {encodeText} = imports.overrides.webmessaging.utf8;

const floatBytes = new Uint8Array(8);
const floatView = new DataView(floatBytes.buffer);

let isScratchFree = true;

// How many bytes writeHead() writes for a number below 2 ** 32.
function headLength(number) {
    return number < 24 ? 1 : number < 0x100 ? 2 : number < 0x10000 ? 3 : 5;
}

function hasLoneSurrogate(string) {
    return /\p{Surrogate}/u.test(string);
}

function digitAt(hex, i) {
    const code = hex.charCodeAt(i);

    return code < 0x3a ? code - 0x30 : code - 0x57;
}

var CborWriter = class CborWriter {
    constructor() {
        this.position = 0;
        // A getter may start another writer while this one is busy.
        this.hasScratch = isScratchFree;
        this.bytes = isScratchFree ? scratch : new Uint8Array(4096);
        isScratchFree = false;
    }

    // The bytes stay as they are until somebody writes the next message.
    release() {
        if (this.hasScratch)
            isScratchFree = true;
    }

    reserve(size) {
        if (this.position + size <= this.bytes.length)
            return;
        const bytes = new Uint8Array(Math.max(this.bytes.length * 2, this.position + size));
        bytes.set(this.bytes.subarray(0, this.position));
        this.bytes = bytes;
    }

    writeHead(major, number) {
        this.reserve(9);
        const {bytes} = this;
        const initial = major << 5;

        if (number < 24) {
            bytes[this.position++] = initial | number;
        } else if (number < 0x100) {
            bytes[this.position++] = initial | 24;
            bytes[this.position++] = number;
        } else if (number < 0x10000) {
            bytes[this.position++] = initial | 25;
            bytes[this.position++] = number >> 8;
            bytes[this.position++] = number;
        } else if (number < 0x100000000) {
            bytes[this.position++] = initial | 26;
            this.writeWord(number);
        } else {
            bytes[this.position++] = initial | 27;
            this.writeWord(Math.floor(number / 0x100000000));
            this.writeWord(number);
        }
    }

    // Begins a map of at most this many pairs; setMapLength() says how many there are.
    writeOpenMap(maximum) {
        const at = this.position;

        if (maximum < 24) {
            this.reserve(1);
            this.bytes[this.position++] = MAJOR_MAP << 5;
        } else {
            this.reserve(5);
            this.bytes[this.position++] = MAJOR_MAP << 5 | 26;
            this.position += 4;
        }
        return at;
    }

    setMapLength(at, length) {
        if (this.bytes[at] === MAJOR_MAP << 5) {
            this.bytes[at] |= length;
        } else {
            const end = this.position;

            this.position = at + 1;
            this.writeWord(length);
            this.position = end;
        }
    }

    writeWord(number) {
        const {bytes} = this;

        bytes[this.position++] = number >>> 24;
        bytes[this.position++] = number >>> 16;
        bytes[this.position++] = number >>> 8;
        bytes[this.position++] = number;
    }

    writeByte(byte) {
        this.reserve(1);
        this.bytes[this.position++] = byte;
    }

    writeRaw(data) {
        this.reserve(data.length);
        this.bytes.set(data, this.position);
        this.position += data.length;
    }

    // Moves bytes towards the end.
    moveUp(begin, end, distance) {
        const {bytes} = this;

        if (end - begin > 100) {
            arrayCopyWithin(bytes, begin + distance, begin, end);
            return;
        }
        for (let i = end - 1; i >= begin; i--)
            bytes[i + distance] = bytes[i];
    }

    writeNumber(number) {
        if (Number.isSafeInteger(number) && !Object.is(number, -0)) {
            if (number >= 0)
                this.writeHead(MAJOR_UINT, number);
            else
                this.writeHead(MAJOR_NEGINT, -1 - number);
        } else {
            this.writeFloat(number);
        }
    }

    writeFloat(number) {
        this.reserve(9);
        this.bytes[this.position++] = MAJOR_OTHER << 5 | 27;
        floatView.setFloat64(0, number);
        for (let i = 0; i < 8; i++)
            this.bytes[this.position++] = floatBytes[i];
    }

    writeBigInt(number) {
        const negative = number < 0n;
        const digits = (negative ? ~number : number).toString(16);
        const length = digits === '0' ? 0 : digits.length + 1 >> 1;

        this.writeHead(MAJOR_TAG, negative ? Tag.NEGATIVE_BIGNUM : Tag.POSITIVE_BIGNUM);
        this.writeHead(MAJOR_BYTES, length);
        this.reserve(length);
        for (let i = digits.length - 2 * length; i < digits.length; i += 2) {
            this.bytes[this.position++] =
                (i < 0 ? 0 : digitAt(digits, i) << 4) | digitAt(digits, i + 1);
        }
    }

    writeString(string) {
        const {length} = string;

        if (length < 64) {
            const start = this.position;
            let i = 0;

            this.writeHead(MAJOR_TEXT, length);
            this.reserve(length);
            for (; i < length; i++) {
                const code = string.charCodeAt(i);
                if (code > 0x7f)
                    break;
                this.bytes[this.position++] = code;
            }
            if (i === length)
                return;
            this.position = start;
        }

        if (hasLoneSurrogate(string)) {
            this.writeSurrogates(string);
        } else {
            const text = encodeText(string);

            this.writeHead(MAJOR_TEXT, text.length);
            this.writeRaw(text);
        }
    }

    // UTF-8, where a lone surrogate is written like any other code point of three bytes, such as U+FFFD.
    writeSurrogates(string) {
        const text = encodeText(string.replace(/\p{Surrogate}/gu, '\ufffd'));
        let position = 0;

        for (const character of string) {
            const code = character.codePointAt(0);

            if (code >= 0xd800 && code <= 0xdfff) {
                text[position] = 0xe0 | code >> 12;
                text[position + 1] = 0x80 | code >> 6 & 0x3f;
                text[position + 2] = 0x80 | code & 0x3f;
            }
            position += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        }

        this.writeHead(MAJOR_TAG, Tag.WTF8);
        this.writeHead(MAJOR_BYTES, text.length);
        this.writeRaw(text);
    }
};
