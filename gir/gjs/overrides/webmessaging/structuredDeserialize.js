// structuredDeserialize.js: CBOR becomes values of JavaScript
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported decode */

// HTML, structured-data.html#structureddeserialize. docs/wire-format.md describes the bytes.

const {isArrayBuffer, isSharedBuffer} = imports.overrides.webmessaging.arrayBuffers;
const {mapSet, setAdd} = imports.overrides.webmessaging.builtins;
const {
    MAJOR_ARRAY, MAJOR_BYTES, MAJOR_MAP, MAJOR_NEGINT, MAJOR_TAG, MAJOR_TEXT, MAJOR_UINT, Tag, viewTypes,
} = imports.overrides.webmessaging.cbor;
const {CborReader} = imports.overrides.webmessaging.cborReader;
const {DOMException, dataCloneError} = imports.overrides.webmessaging.domException;
const {errorMakers} = imports.overrides.webmessaging.platformObjects;

const viewConstructors = new Map([...viewTypes]
    .filter(([name]) => name in globalThis)
    .map(([name, tag]) => [tag, globalThis[name]]));

const errorConstructors = new Map(
    [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]
        .map(constructor => [constructor.name, constructor]));

class Deserializer extends CborReader {
    constructor(bytes, end, getBuffer, getHandle) {
        super(bytes, end);
        this.getBuffer = getBuffer;
        this.getHandle = getHandle;
        this.shared = [];
    }

    readString() {
        const string = this.read();

        return typeof string === 'string' ? string : this.fail();
    }

    // Notes an object that occurs again, before its content is read.
    remember(slot, object) {
        if (slot >= 0)
            this.shared[slot] = object;
        return object;
    }

    // The next value; slot is its number if it occurs again.
    read(slot = -1) {
        const initial = this.readByte();
        const info = initial & 31;

        switch (initial >> 5) {
        case MAJOR_UINT:
            return this.readNumberOf(info);
        case MAJOR_NEGINT: {
            const number = this.readNumberOf(info);
            return typeof number === 'bigint' ? -1n - number : -1 - number;
        }
        case MAJOR_BYTES:
            return this.remember(slot, this.readData(this.readNumberOf(info)).slice().buffer);
        case MAJOR_TEXT:
            return this.readText(this.readNumberOf(info));
        case MAJOR_ARRAY:
            return this.readArray(slot, this.readNumberOf(info));
        case MAJOR_MAP:
            return this.readProperties(this.remember(slot, {}), this.readNumberOf(info));
        case MAJOR_TAG:
            return this.readTagged(slot, this.readNumberOf(info));
        default:
            return this.readOther(info);
        }
    }

    readArray(slot, length) {
        if (length > this.end - this.position)
            this.fail();

        const array = this.remember(slot, new Array(length));
        for (let i = 0; i < length; i++) {
            // A hole
            if (this.bytes[this.position] === 0xda && this.view.getUint32(this.position + 1) === Tag.HOLE)
                this.position += 6;
            else
                this.readElement(array, i);
        }
        return array;
    }

    readElement(array, i) {
        const value = this.read();

        // Also where Array.prototype has something of the name
        if (i in array)
            define(array, i, value, true);
        else
            array[i] = value;
    }
    readProperties(object, length) {
        for (let i = 0; i < length; i++) {
            const key = this.readString();
            const value = this.read();

            // Also where Object.prototype has something of the name, such as __proto__
            if (key in object)
                define(object, key, value, true);
            else
                object[key] = value;
        }
        return object;
    }

    readTagged(slot, tag) {
        switch (tag) {
        case Tag.EPOCH_TIME:
            return this.remember(slot, toDate(this.read()));
        case Tag.POSITIVE_BIGNUM:
            return this.readBigInt();
        case Tag.NEGATIVE_BIGNUM:
            return ~this.readBigInt();
        case Tag.OBJECT:
            return this.readObject(slot);
        case Tag.SHAREABLE:
            return this.read(this.shared.push(undefined) - 1);
        case Tag.REFERENCE: {
            const number = this.readHead(MAJOR_UINT);
            return number < this.shared.length ? this.shared[number] : this.fail();
        }
        case Tag.SET: {
            const set = this.remember(slot, new Set());
            for (let i = this.readHead(MAJOR_ARRAY); i > 0; i--)
                setAdd(set, this.read());
            return set;
        }
        case Tag.MAP: {
            const map = this.remember(slot, new Map());
            for (let i = this.readHead(MAJOR_MAP); i > 0; i--) {
                const key = this.read();
                mapSet(map, key, this.read());
            }
            return map;
        }
        case Tag.WTF8:
            return this.readSurrogates();
        case Tag.REGEXP: {
            const length = this.readHead(MAJOR_ARRAY);
            const source = this.readString();
            return this.remember(slot, new RegExp(source, length > 1 ? this.readString() : ''));
        }
        case Tag.HANDLE:
            return this.remember(slot, this.getHandle(this.readHead(MAJOR_UINT)) ?? this.fail());
        case Tag.BUFFER:
            return this.remember(slot, this.getBuffer(this.readHead(MAJOR_UINT)));
        case Tag.VIEW:
            return this.readView(slot);
        case Tag.RESIZABLE:
            return this.readResizable(slot);
        case Tag.SPARSE:
            return this.readSparseArray(slot);
        case Tag.RECORD:
            // There are no classes of records in JavaScript: the members are a plain object.
            this.readHead(MAJOR_ARRAY);
            this.readString();
            return this.readProperties(this.remember(slot, {}), this.readHead(MAJOR_MAP));
        default:
            return this.remember(slot, this.makeView(tag, this.read()));
        }
    }

    readObject(slot) {
        this.readHead(MAJOR_ARRAY);
        const name = this.readString();

        switch (name) {
        case 'Boolean':
        case 'Number':
        case 'String':
        case 'BigInt':
            return this.remember(slot, Object(this.read()));
        case 'DOMException': {
            const {message, name: errorName, stack} = this.read();
            const exception = this.remember(slot, new DOMException(message, errorName));

            if (stack !== undefined)
                define(exception, 'stack', stack, false);
            return exception;
        }
        default:
            return errorConstructors.has(name) ? this.readError(slot, name) : this.fail();
        }
    }

    readError(slot, name) {
        const error = this.remember(slot, Reflect.construct(errorConstructors.get(name), []));

        for (let i = this.readHead(MAJOR_MAP); i > 0; i--) {
            const key = this.readString();
            const value = this.read();

            if (key === 'class' && errorMakers.has(value))
                return this.remember(slot, errorMakers.get(value)(this.readProperties({}, i - 1)));
            if (key === 'message' || key === 'stack' || key === 'cause')
                define(error, key, value, false);
        }
        return error;
    }

    makeView(tag, ...args) {
        const constructor = tag === 0 ? DataView : viewConstructors.get(tag);

        if (constructor === undefined || !isBuffer(args[0]))
            this.fail();
        return new constructor(...args);
    }

    readView(slot) {
        this.readHead(MAJOR_ARRAY);
        const tag = this.readHead(MAJOR_UINT);
        const buffer = this.read();
        const offset = this.readHead(MAJOR_UINT);
        const length = this.read();

        return this.remember(slot,
            length === null ? this.makeView(tag, buffer, offset)
                : this.makeView(tag, buffer, offset, length));
    }

    readResizable(slot) {
        this.readHead(MAJOR_ARRAY);
        const contents = this.read();
        // A number, or an object with a length, would be that many zeros.
        const bytes = isArrayBuffer(contents) ? new Uint8Array(contents) : this.fail();
        const maxByteLength = this.readHead(MAJOR_UINT);
        const buffer = new ArrayBuffer(bytes.length, {maxByteLength});

        new Uint8Array(buffer).set(bytes);
        return this.remember(slot, buffer);
    }

    readSparseArray(slot) {
        this.readHead(MAJOR_ARRAY);
        const array = this.remember(slot, []);

        array.length = this.readHead(MAJOR_UINT);
        for (let i = this.readHead(MAJOR_MAP); i > 0; i--) {
            const key = this.read();
            define(array, key, this.read(), true);
        }
        return array;
    }
}

const isBuffer = object => object instanceof ArrayBuffer || isArrayBuffer(object) || isSharedBuffer(object);

function define(object, key, value, enumerable) {
    Object.defineProperty(object, key, {value, enumerable, configurable: true, writable: true});
}

// Seconds as a double tell all milliseconds of a Date apart, but do not multiply back exactly.
function toDate(seconds) {
    const time = Math.round(Number(seconds) * 1000);

    return new Date(time / 1000 > seconds ? time - 1 : time);
}

/**
 * Decodes a value: so many bytes, from the beginning of an array.
 *
 * getBuffer: returns the ArrayBuffer for a byte array out of line.
 * getHandle: returns the object that was transferred or cloned, by its number.
 */
function decode(cbor, length, getBuffer, getHandle) {
    const deserializer = new Deserializer(cbor, length, getBuffer, getHandle);

    try {
        const value = deserializer.read();

        return deserializer.position === length ? value : deserializer.fail();
    } catch (error) {
        // What the language cannot hold, such as an unknown regular expression
        throw error instanceof DOMException ? error : dataCloneError(
            `Invalid message before byte ${deserializer.position}: ${error.message}`);
    }
}
