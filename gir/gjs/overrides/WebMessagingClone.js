// WebMessagingClone.js: the structured clone algorithm for JavaScript values
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported DOMException, detach, isDetached, encode, decode */

// Values become CBOR and come back, as docs/wire-format.md describes it. HTML, structured-data.html.

const {GObject} = imports.gi;

const Tag = {
    EPOCH_TIME: 1,
    POSITIVE_BIGNUM: 2,
    NEGATIVE_BIGNUM: 3,
    OBJECT: 27,
    SHAREABLE: 28,
    REFERENCE: 29,
    SET: 258,
    MAP: 259,
    WTF8: 273,
    REGEXP: 21066,
    HANDLE: 0x57454200,
    BUFFER: 0x57454201,
    VIEW: 0x57454202,
    RESIZABLE: 0x57454203,
    SPARSE: 0x57454204,
    RECORD: 0x57454205,
    HOLE: 0x57454208,
};

// RFC 8746, little-endian
const viewTypes = new Map([
    ['Uint8Array', 64], ['Uint8ClampedArray', 68], ['Uint16Array', 69], ['Uint32Array', 70],
    ['BigUint64Array', 71], ['Int8Array', 72], ['Int16Array', 77], ['Int32Array', 78],
    ['BigInt64Array', 79], ['Float16Array', 84], ['Float32Array', 85], ['Float64Array', 86],
]);
const viewConstructors = new Map([...viewTypes]
    .filter(([name]) => name in globalThis)
    .map(([name, tag]) => [tag, globalThis[name]]));

// HTML, structured-data.html#structuredserializeinternal, step 17
const errorConstructors = new Map(
    [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]
        .map(constructor => [constructor.name, constructor]));

// Classes of the engine whose objects are ordinary ones to the language.
const ordinaryClasses = new Set(
    ['Object', 'Arguments', 'Atomics', 'Intl', 'JSON', 'Math', 'Reflect', 'WebAssembly']);

// Byte arrays from this size on are kept out of line.
const OUT_OF_LINE = 4096;

const MAJOR_UINT = 0;
const MAJOR_NEGINT = 1;
const MAJOR_BYTES = 2;
const MAJOR_TEXT = 3;
const MAJOR_ARRAY = 4;
const MAJOR_MAP = 5;
const MAJOR_TAG = 6;
const MAJOR_OTHER = 7;

// What a program may have changed on the prototypes does not matter to the algorithm.
const uncurryThis = method => Function.prototype.call.bind(method);
const getterOf = (prototype, name) => {
    const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
    return getter === undefined ? undefined : uncurryThis(getter);
};
const TypedArray = Object.getPrototypeOf(Uint8Array);
const dateGetTime = uncurryThis(Date.prototype.getTime);
const mapForEach = uncurryThis(Map.prototype.forEach);
const setForEach = uncurryThis(Set.prototype.forEach);
const mapSet = uncurryThis(Map.prototype.set);
const setAdd = uncurryThis(Set.prototype.add);
const booleanValueOf = uncurryThis(Boolean.prototype.valueOf);
const numberValueOf = uncurryThis(Number.prototype.valueOf);
const stringValueOf = uncurryThis(String.prototype.valueOf);
const bigintValueOf = uncurryThis(BigInt.prototype.valueOf);
const regexpSource = getterOf(RegExp.prototype, 'source');
const regexpFlags = [
    ['hasIndices', 'd'], ['global', 'g'], ['ignoreCase', 'i'], ['multiline', 'm'], ['dotAll', 's'],
    ['unicode', 'u'], ['unicodeSets', 'v'], ['sticky', 'y'],
].map(([name, flag]) => [getterOf(RegExp.prototype, name), flag])
    .filter(([getter]) => getter !== undefined);
const bufferByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
const bufferResizable = getterOf(ArrayBuffer.prototype, 'resizable') ?? (() => false);
const bufferMaxByteLength = getterOf(ArrayBuffer.prototype, 'maxByteLength');
const arrayName = getterOf(TypedArray.prototype, Symbol.toStringTag);
const arrayBuffer = getterOf(TypedArray.prototype, 'buffer');
const arrayByteOffset = getterOf(TypedArray.prototype, 'byteOffset');
const arrayLength = getterOf(TypedArray.prototype, 'length');
const viewBuffer = getterOf(DataView.prototype, 'buffer');
const viewByteOffset = getterOf(DataView.prototype, 'byteOffset');
const viewByteLength = getterOf(DataView.prototype, 'byteLength');

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
// GJS 1.74 takes a byte order mark away nevertheless.
const losesMark = textDecoder.decode(new Uint8Array([0xef, 0xbb, 0xbf])) === '';

const domExceptionCodes = [
    ['IndexSizeError', 'INDEX_SIZE_ERR'], [null, 'DOMSTRING_SIZE_ERR'],
    ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR'], ['WrongDocumentError', 'WRONG_DOCUMENT_ERR'],
    ['InvalidCharacterError', 'INVALID_CHARACTER_ERR'], [null, 'NO_DATA_ALLOWED_ERR'],
    ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR'],
    ['NotFoundError', 'NOT_FOUND_ERR'], ['NotSupportedError', 'NOT_SUPPORTED_ERR'],
    ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR'], ['InvalidStateError', 'INVALID_STATE_ERR'],
    ['SyntaxError', 'SYNTAX_ERR'], ['InvalidModificationError', 'INVALID_MODIFICATION_ERR'],
    ['NamespaceError', 'NAMESPACE_ERR'], ['InvalidAccessError', 'INVALID_ACCESS_ERR'],
    [null, 'VALIDATION_ERR'], ['TypeMismatchError', 'TYPE_MISMATCH_ERR'],
    ['SecurityError', 'SECURITY_ERR'], ['NetworkError', 'NETWORK_ERR'], ['AbortError', 'ABORT_ERR'],
    ['URLMismatchError', 'URL_MISMATCH_ERR'], ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR'],
    ['TimeoutError', 'TIMEOUT_ERR'], ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR'],
    ['DataCloneError', 'DATA_CLONE_ERR'],
];

// Web IDL, #idl-DOMException. An Error in all but its attributes, which its prototype has, and in
// what its constructor inherits.
const domExceptions = new WeakMap();

var DOMException = class DOMException {
    constructor(message = '', name = 'Error') {
        const details = {message: `${message}`, name: `${name}`};
        const error = Reflect.construct(Error, [], new.target);

        domExceptions.set(error, details);
        return error;
    }

    get name() {
        return detailsOf(this).name;
    }

    get message() {
        return detailsOf(this).message;
    }

    get code() {
        const {name} = detailsOf(this);

        return domExceptionCodes.findIndex(([errorName]) => errorName === name) + 1;
    }
};

function detailsOf(exception) {
    const details = domExceptions.get(exception);

    if (details === undefined)
        throw new TypeError('This is no DOMException');
    return details;
}

for (const name of ['name', 'message', 'code'])
    Object.defineProperty(DOMException.prototype, name, {enumerable: true});
Object.defineProperty(DOMException.prototype, Symbol.toStringTag,
    {value: 'DOMException', configurable: true});
domExceptionCodes.forEach(([, name], index) => {
    for (const target of [DOMException, DOMException.prototype])
        Object.defineProperty(target, name, {value: index + 1, enumerable: true});
});
Object.setPrototypeOf(DOMException.prototype, Error.prototype);

const dataCloneError = message => new DOMException(message, 'DataCloneError');

// The name of the class in the engine, which no prototype and no proxy can hide. There is no other
// way to tell a proxy from what it stands for; the exception costs more than the rest of the work
// on a small object.
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, 'size').get;

function classOf(object) {
    try {
        mapSize.call(object);
        return 'Map';
    } catch ({message}) {
        return message.slice(message.lastIndexOf(' on incompatible ') + 17);
    }
}

// What was transferred where the engine cannot detach it: its bytes are still there, but it cannot
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

function isLoneSurrogate(string) {
    return /\p{Surrogate}/u.test(string);
}

let scratch = new Uint8Array(4096);

class Encoder {
    // handles: the objects that are transferred, with their place among them; it stays as it is
    // copyBytes: makes what a byte array out of line is kept as
    constructor(handles, copyBytes) {
        this.handles = handles;
        this.nTransferred = handles.size;
        this.copyBytes = copyBytes;
        this.objects = [];
        this.buffers = [];
        // HTML, structured-data.html#structuredserializeinternal, "memory": where objects begin
        this.memory = new Map();
        this.references = [];
        this.plain = [];
        this.position = 0;
        // A getter may post a message in the middle of this one.
        this.bytes = scratch ?? new Uint8Array(4096);
        scratch = null;
    }

    finish() {
        // Plain objects and arrays were taken for what their prototypes say; proxies are exotic
        // objects (step 23).
        for (const object of this.plain)
            this.checkPlain(classOf(object));
        return this.references.length === 0
            ? this.bytes.slice(0, this.position) : this.insertReferences();
    }

    release() {
        if (this.bytes.length <= 65536)
            scratch = this.bytes;
    }

    checkPlain(name) {
        if (name !== 'Array' && !ordinaryClasses.has(name))
            throw dataCloneError(`${name} object could not be cloned`);
    }

    // That an object occurs again is known only then: the tags for it go in last.
    insertReferences() {
        const starts = [...new Set(this.references.map(({start}) => start))].sort((a, b) => a - b);
        const numbers = new Map(starts.map((start, number) => [start, number]));
        const source = this.bytes;
        const end = this.position;
        let done = 0;

        this.bytes = new Uint8Array(end + starts.length * 2 + this.references.length * 11);
        this.position = 0;
        const copyUntil = position => {
            this.bytes.set(source.subarray(done, position), this.position);
            this.position += position - done;
            done = position;
        };
        let nextStart = 0;
        for (const {at, start} of [...this.references, {at: end, start: -1}]) {
            while (nextStart < starts.length && starts[nextStart] < at) {
                copyUntil(starts[nextStart++]);
                this.writeHead(MAJOR_TAG, Tag.SHAREABLE);
            }
            copyUntil(at);
            if (start >= 0) {
                this.writeHead(MAJOR_TAG, Tag.REFERENCE);
                this.writeHead(MAJOR_UINT, numbers.get(start));
            }
        }
        const result = this.bytes.subarray(0, this.position);
        this.bytes = source;
        return result;
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

    // A map that may turn out to be shorter: its length goes in with setMapLength().
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
        new DataView(this.bytes.buffer).setFloat64(this.position, number);
        this.position += 8;
    }

    writeBigInt(number) {
        const negative = number < 0n;
        const digits = (negative ? -1n - number : number).toString(16);
        const hex = digits.length % 2 === 0 ? digits : `0${digits}`;
        const length = hex === '00' ? 0 : hex.length / 2;

        this.writeHead(MAJOR_TAG, negative ? Tag.NEGATIVE_BIGNUM : Tag.POSITIVE_BIGNUM);
        this.writeHead(MAJOR_BYTES, length);
        this.reserve(length);
        for (let i = 0; i < length; i++)
            this.bytes[this.position++] = parseInt(hex.slice(i * 2, i * 2 + 2), 16);
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

        if (isLoneSurrogate(string)) {
            this.writeSurrogates(string);
        } else {
            const text = textEncoder.encode(string);

            this.writeHead(MAJOR_TEXT, text.length);
            this.writeRaw(text);
        }
    }

    // UTF-8, where a lone surrogate is written like any other code point of three bytes.
    writeSurrogates(string) {
        const parts = [];

        for (const character of string) {
            const code = character.codePointAt(0);

            if (code >= 0xd800 && code < 0xe000)
                parts.push(0xe0 | code >> 12, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f);
            else
                parts.push(...textEncoder.encode(character));
        }
        this.writeHead(MAJOR_TAG, Tag.WTF8);
        this.writeHead(MAJOR_BYTES, parts.length);
        this.writeRaw(parts);
    }

    write(value) {
        switch (typeof value) {
        case 'undefined':
            this.writeByte(0xf7);
            break;
        case 'boolean':
            this.writeByte(value ? 0xf5 : 0xf4);
            break;
        case 'number':
            this.writeNumber(value);
            break;
        case 'bigint':
            this.writeBigInt(value);
            break;
        case 'string':
            this.writeString(value);
            break;
        case 'object':
            if (value === null)
                this.writeByte(0xf6);
            else
                this.writeReferenceOrObject(value);
            break;
        default:
            throw dataCloneError(`${typeof value === 'symbol' ? 'A symbol' : 'A function'} ` +
                'could not be cloned');
        }
    }

    // Step 2
    writeReferenceOrObject(object) {
        const start = this.memory.get(object);

        if (this.handles.has(object)) {
            this.writeHandle(object);
        } else if (start !== undefined) {
            this.references.push({at: this.position, start});
        } else {
            this.memory.set(object, this.position);
            this.writeObject(object);
        }
    }

    writeHandle(object) {
        this.writeHead(MAJOR_TAG, Tag.HANDLE);
        this.writeHead(MAJOR_UINT, this.handles.get(object));
    }

    writeObject(object) {
        if (Array.isArray(object)) {
            this.plain.push(object);
            this.writeArray(object);
            return;
        }

        const prototype = Object.getPrototypeOf(object);

        if (prototype === Object.prototype && !(Symbol.toStringTag in object) &&
            Object.prototype.toString.call(object) === '[object Object]') {
            this.plain.push(object);
            this.writeProperties(object, Object.keys(object));
        } else {
            this.writeObjectOfClass(object, classOf(object));
        }
    }

    writeObjectOfClass(object, name) {
        if (ordinaryClasses.has(name)) {
            this.writeProperties(object, Object.keys(object));
            return;
        }
        switch (name) {
        case 'Date':
            this.writeHead(MAJOR_TAG, Tag.EPOCH_TIME);
            this.writeNumber(dateGetTime(object) / 1000);
            break;
        case 'RegExp':
            this.writeRegExp(object);
            break;
        case 'Map':
            this.writeMap(object);
            break;
        case 'Set':
            this.writeSet(object);
            break;
        case 'Boolean':
            this.writeBoxed(name, booleanValueOf(object));
            break;
        case 'Number':
            this.writeBoxed(name, numberValueOf(object));
            break;
        case 'String':
            this.writeBoxed(name, stringValueOf(object));
            break;
        case 'BigInt':
            this.writeBoxed(name, bigintValueOf(object));
            break;
        case 'ArrayBuffer':
            this.writeBuffer(object);
            break;
        case 'DataView':
            this.writeView(object, 0, viewBuffer(object), viewByteOffset, viewByteLength);
            break;
        case 'GObject_Object':
            this.writePlatformObject(object);
            break;
        default:
            if (viewTypes.has(name)) {
                this.writeView(object, viewTypes.get(name), arrayBuffer(object), arrayByteOffset,
                    arrayLength);
            } else if (name.endsWith('Error')) {
                this.writeError(object);
            } else {
                throw dataCloneError(`${name} object could not be cloned`);
            }
        }
    }

    writeBoxed(name, value) {
        this.writeTaggedObject(name);
        this.write(value);
    }

    writeTaggedObject(name) {
        this.writeHead(MAJOR_TAG, Tag.OBJECT);
        this.writeHead(MAJOR_ARRAY, 2);
        this.writeString(name);
    }

    writeRegExp(object) {
        this.writeHead(MAJOR_TAG, Tag.REGEXP);
        this.writeHead(MAJOR_ARRAY, 2);
        this.writeString(regexpSource(object));
        this.writeString(regexpFlags.map(([getter, flag]) => getter(object) ? flag : '').join(''));
    }

    // Step 17
    writeError(object) {
        if (domExceptions.has(object)) {
            this.writeTaggedObject('DOMException');
            const {name, message, stack} = object;
            const details = typeof stack === 'string' ? {name, message, stack} : {name, message};

            this.writeProperties(details, Object.keys(details));
            return;
        }

        const {name} = object;
        const typeName = name === undefined ? 'Error' : `${name}`;
        const members = {};
        const message = Object.getOwnPropertyDescriptor(object, 'message');

        if (message !== undefined && 'value' in message)
            members.message = `${message.value}`;
        if (typeof object.stack === 'string')
            members.stack = object.stack;
        const cause = Object.getOwnPropertyDescriptor(object, 'cause');
        if (cause !== undefined && 'value' in cause)
            members.cause = cause.value;

        this.writeTaggedObject(errorConstructors.has(typeName) ? typeName : 'Error');
        this.writeProperties(members, Object.keys(members));
    }

    // Step 26.4: what a getter removes on the way is left out.
    writeProperties(object, keys) {
        const at = this.writeOpenMap(keys.length);
        let length = 0;

        for (const key of keys) {
            if (!Object.hasOwn(object, key))
                continue;
            const value = object[key];

            this.writeString(key);
            this.write(value);
            length++;
        }
        this.setMapLength(at, length);
    }

    writeArray(array) {
        const {length} = array;
        const keys = Object.keys(array);
        const isIndex = key => key !== undefined && `${key >>> 0}` === key && key >>> 0 < length;

        if (keys.length > 0 && !isIndex(keys.at(-1)) || length > keys.length * 8 + 8) {
            this.writeSparseArray(array, length, keys, isIndex);
            return;
        }

        let nextKey = 0;

        this.writeHead(MAJOR_ARRAY, length);
        for (let i = 0; i < length; i++) {
            const isKey = keys.length === length || keys[nextKey] >>> 0 === i && nextKey < keys.length;

            nextKey += isKey ? 1 : 0;
            if (isKey && Object.hasOwn(array, i)) {
                this.write(array[i]);
            } else {
                this.writeHead(MAJOR_TAG, Tag.HOLE);
                this.writeByte(0xf6);
            }
        }
    }

    writeSparseArray(array, length, keys, isIndex) {
        this.writeHead(MAJOR_TAG, Tag.SPARSE);
        this.writeHead(MAJOR_ARRAY, 2);
        this.writeHead(MAJOR_UINT, length);
        const at = this.writeOpenMap(keys.length);
        let n = 0;

        for (const key of keys) {
            if (!Object.hasOwn(array, key))
                continue;
            const value = array[key];

            if (isIndex(key))
                this.writeHead(MAJOR_UINT, key >>> 0);
            else
                this.writeString(key);
            this.write(value);
            n++;
        }
        this.setMapLength(at, n);
    }

    // Steps 26.1 and 26.2: the entries are copied first.
    writeMap(map) {
        const entries = [];

        mapForEach(map, (value, key) => entries.push([key, value]));
        this.writeHead(MAJOR_TAG, Tag.MAP);
        this.writeHead(MAJOR_MAP, entries.length);
        for (const [key, value] of entries) {
            this.write(key);
            this.write(value);
        }
    }

    writeSet(set) {
        const entries = [];

        setForEach(set, value => entries.push(value));
        this.writeHead(MAJOR_TAG, Tag.SET);
        this.writeHead(MAJOR_ARRAY, entries.length);
        for (const value of entries)
            this.write(value);
    }

    // Step 13
    writeBuffer(buffer) {
        if (isDetached(buffer))
            throw dataCloneError('A detached ArrayBuffer could not be cloned');

        const resizable = bufferResizable(buffer);
        const bytes = new Uint8Array(buffer);

        if (resizable) {
            this.writeHead(MAJOR_TAG, Tag.RESIZABLE);
            this.writeHead(MAJOR_ARRAY, 2);
        }
        if (bytes.length < OUT_OF_LINE) {
            this.writeHead(MAJOR_BYTES, bytes.length);
            this.writeRaw(bytes);
        } else {
            this.writeHead(MAJOR_TAG, Tag.BUFFER);
            this.writeHead(MAJOR_UINT, this.buffers.length);
            this.buffers.push(this.copyBytes(bytes));
        }
        if (resizable)
            this.writeHead(MAJOR_UINT, bufferMaxByteLength(buffer));
    }

    // Step 14
    writeView(view, tag, buffer, byteOffsetOf, lengthOf) {
        if (classOf(buffer) !== 'ArrayBuffer')
            throw dataCloneError(`A view of a ${classOf(buffer)} could not be cloned`);
        if (isDetached(buffer))
            throw dataCloneError('A view of a detached ArrayBuffer could not be cloned');
        if (isOutOfBounds(view, tag))
            throw dataCloneError('A view out of the bounds of its ArrayBuffer could not be cloned');

        const offset = byteOffsetOf(view);
        const length = lengthOf(view);
        const isTracking = bufferResizable(buffer) && isLengthTracking(view, tag);

        if (tag !== 0 && offset === 0 && !isTracking &&
            length * view.BYTES_PER_ELEMENT === bufferByteLength(buffer)) {
            this.writeHead(MAJOR_TAG, tag);
            this.writeReferenceOrObject(buffer);
            return;
        }

        this.writeHead(MAJOR_TAG, Tag.VIEW);
        this.writeHead(MAJOR_ARRAY, 4);
        this.writeHead(MAJOR_UINT, tag);
        this.writeReferenceOrObject(buffer);
        this.writeHead(MAJOR_UINT, offset);
        if (isTracking)
            this.writeByte(0xf6);
        else
            this.writeHead(MAJOR_UINT, length);
    }

    // Steps 19 and 20
    writePlatformObject(object) {
        const {Serializable, Transferable} = imports.gi.WebMessaging;

        if (GObject.type_is_a(object.constructor.$gtype, Serializable.$gtype)) {
            if (this.objects.length === 0)
                this.handles = new Map(this.handles);
            this.handles.set(object, this.nTransferred + this.objects.length);
            this.objects.push(object);
            this.writeHandle(object);
            return;
        }

        const name = object.constructor.name;
        throw dataCloneError(GObject.type_is_a(object.constructor.$gtype, Transferable.$gtype)
            ? `A ${name} that is not in the transfer list could not be cloned`
            : `A ${name} could not be cloned`);
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

// Whether a view ends where its resizable buffer does, wherever that is: there is no way to ask, so
// it is tried. A buffer that has grown to its maximum does not tell.
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

class Decoder {
    constructor(bytes, getBuffer, getHandle) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.position = 0;
        this.getBuffer = getBuffer;
        this.getHandle = getHandle;
        this.shared = [];
    }

    fail() {
        throw dataCloneError(`The message is damaged before byte ${this.position}`);
    }

    readNumberOf(info) {
        const {position} = this;

        if (info < 24)
            return info;
        switch (info) {
        case 24:
            this.position += 1;
            return this.view.getUint8(position);
        case 25:
            this.position += 2;
            return this.view.getUint16(position);
        case 26:
            this.position += 4;
            return this.view.getUint32(position);
        case 27: {
            this.position += 8;
            const number = this.view.getUint32(position) * 0x100000000 +
                this.view.getUint32(position + 4);
            return Number.isSafeInteger(number) ? number : this.view.getBigUint64(position);
        }
        default:
            return this.fail();
        }
    }

    readHead(major) {
        const initial = this.view.getUint8(this.position++);

        return initial >> 5 === major ? this.readNumberOf(initial & 31) : this.fail();
    }

    readData(length) {
        if (length > this.bytes.length - this.position)
            this.fail();
        this.position += length;
        return this.bytes.subarray(this.position - length, this.position);
    }

    readText(length) {
        if (length > 32)
            return decodeText(this.readData(length));
        if (length > this.bytes.length - this.position)
            this.fail();

        const end = this.position + length;
        let text = '';
        for (let i = this.position; i < end; i++) {
            const code = this.bytes[i];
            if (code > 0x7f)
                return decodeText(this.readData(length));
            text += String.fromCharCode(code);
        }
        this.position = end;
        return text;
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
        const initial = this.view.getUint8(this.position++);
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
            this.position += 2;
            return toFloat(this.view.getUint16(position));
        case 26:
            this.position += 4;
            return this.view.getFloat32(position);
        case 27:
            this.position += 8;
            return this.view.getFloat64(position);
        default:
            return this.fail();
        }
    }

    readArray(slot, length) {
        if (length > this.bytes.length - this.position)
            this.fail();

        const array = this.remember(slot, new Array(length));
        for (let i = 0; i < length; i++) {
            // A hole
            if (this.bytes[this.position] === 0xda && this.view.getUint32(this.position + 1) === Tag.HOLE)
                this.position += 6;
            else
                array[i] = this.read();
        }
        return array;
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
            return -1n - this.readBigInt();
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
            return readSurrogates(this.readData(this.readHead(MAJOR_BYTES)));
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

    readBigInt() {
        let hex = '0x0';

        for (const byte of this.readData(this.readHead(MAJOR_BYTES)))
            hex += byte.toString(16).padStart(2, '0');
        return BigInt(hex);
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

            if (key === 'message' || key === 'stack' || key === 'cause')
                define(error, key, value, false);
        }
        return error;
    }

    makeView(tag, ...args) {
        const constructor = tag === 0 ? DataView : viewConstructors.get(tag);

        if (constructor === undefined || !(args[0] instanceof ArrayBuffer))
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
        const bytes = new Uint8Array(this.read());
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

function define(object, key, value, enumerable) {
    Object.defineProperty(object, key, {value, enumerable, configurable: true, writable: true});
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

// Seconds as a double tell all milliseconds of a Date apart, but do not multiply back exactly.
function toDate(seconds) {
    const time = Math.round(Number(seconds) * 1000);

    return new Date(time / 1000 === seconds || !isFinite(time) ? time : time - 1);
}

function decodeText(bytes) {
    const hasMark = losesMark && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

    return hasMark ? `\ufeff${textDecoder.decode(bytes)}` : textDecoder.decode(bytes);
}

function readSurrogates(bytes) {
    let string = '';

    for (let i = 0; i < bytes.length;) {
        const byte = bytes[i];
        const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;

        if (byte === 0xed && bytes[i + 1] >= 0xa0) {
            string += String.fromCharCode(
                (byte & 0x0f) << 12 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f);
        } else {
            string += decodeText(bytes.subarray(i, i + length));
        }
        i += length;
    }
    return string;
}

/**
 * Encodes a value.
 *
 * handles: a Map of the objects that are transferred to their place among them.
 * copyBytes: makes what a byte array out of line is kept as.
 *
 * Returns the CBOR, the byte arrays out of line, and the objects that are cloned.
 */
function encode(value, handles, copyBytes) {
    const encoder = new Encoder(handles, copyBytes);

    try {
        encoder.write(value);
        return {cbor: encoder.finish(), buffers: encoder.buffers, objects: encoder.objects};
    } finally {
        encoder.release();
    }
}

/**
 * Decodes a value.
 *
 * getBuffer: returns the ArrayBuffer for a byte array out of line.
 * getHandle: returns the object that was transferred or cloned, by its number.
 */
function decode(cbor, getBuffer, getHandle) {
    const decoder = new Decoder(cbor, getBuffer, getHandle);
    const value = decoder.read();

    return decoder.position === cbor.length ? value : decoder.fail();
}
