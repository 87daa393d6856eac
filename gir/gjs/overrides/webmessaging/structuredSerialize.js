// structuredSerialize.js: values of JavaScript become CBOR
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported encode */

// HTML, structured-data.html#structuredserializeinternal. docs/wire-format.md describes the result.

const {isDetached, isLengthTracking, isOutOfBounds, isSharedBuffer, isSharedTracking} =
    imports.overrides.webmessaging.arrayBuffers;
const {isOrdinary, shapeOf} = imports.overrides.webmessaging.brands;
const {
    arrayBuffer, arrayByteOffset, arrayLength, bigintValueOf, booleanValueOf, bufferByteLength,
    bufferMaxByteLength, bufferResizable, dateGetTime, mapForEach, numberValueOf, regexpFlags,
    regexpSource, setForEach, stringValueOf, viewBuffer, viewByteLength, viewByteOffset,
} = imports.overrides.webmessaging.builtins;
const {
    MAJOR_ARRAY, MAJOR_BYTES, MAJOR_MAP, MAJOR_TAG, MAJOR_UINT, MAX_DEPTH, OUT_OF_LINE, Tag, viewTypes,
} = imports.overrides.webmessaging.cbor;
const {CborWriter, headLength} = imports.overrides.webmessaging.cborWriter;
const {CloneRefusal, describeOther, explainRefusal} = imports.overrides.webmessaging.cloneRefusals;
const {dataCloneError, isDOMException} = imports.overrides.webmessaging.domException;
const {writers} = imports.overrides.webmessaging.platformObjects;

// Step 17
const errorNames = new Set(
    ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']);

// The engine makes a name of each index that it looks up with Object.hasOwn(), and none for the operator in.
const {prototype: ArrayPrototype} = Array;

class Serializer extends CborWriter {
    // handles: the objects that are transferred, with their place among them; it stays as it is
    // copyBytes: makes what a byte array out of line is kept as
    // detached: the objects in the transfer list whose contents travel in the message
    constructor(handles, copyBytes, detached) {
        super();
        this.handles = handles;
        this.detached = detached;
        this.nTransferred = handles.size;
        this.copyBytes = copyBytes;
        this.objects = [];
        this.buffers = [];
        // HTML, structured-data.html#structuredserializeinternal, "memory": where an object begins, or if it has occurred
        // again, the complement of its index in repeated
        this.memory = new Map();
        this.repeated = []; // where objects begin that occur again
        this.references = []; // in pairs: where an object occurs again, and its index in repeated
        this.depth = 0;
        this.position = 0;
    }

    // Returns an array that begins with the bytes of the message; position says how many they are.
    finish() {
        if (this.references.length > 0)
            this.insertReferences();
        return this.bytes;
    }

    // That an object occurs again is known only then: its tag goes in last, and with it all references. From the end
    // to the beginning, each byte moves once.
    insertReferences() {
        const {references, repeated} = this;
        const order = [...repeated.keys()].sort((a, b) => repeated[a] - repeated[b]);
        const numbers = [];
        let room = 2 * order.length;
        let end = this.position;
        let next = order.length - 1;

        order.forEach((index, number) => {
            numbers[index] = number;
        });
        for (let i = 1; i < references.length; i += 2)
            room += 2 + headLength(numbers[references[i]]);
        this.reserve(room + 9);
        const length = end + room;

        for (let i = references.length - 2; i >= -2; i -= 2) {
            const at = i < 0 ? 0 : references[i];

            for (; next >= 0 && repeated[order[next]] >= at; next--) {
                const start = repeated[order[next]];

                this.moveUp(start, end, room);
                end = start;
                room -= 2;
                this.position = start + room;
                this.writeHead(MAJOR_TAG, Tag.SHAREABLE);
            }
            if (i >= 0) {
                const number = numbers[references[i + 1]];

                this.moveUp(at, end, room);
                end = at;
                room -= 2 + headLength(number);
                this.position = at + room;
                this.writeHead(MAJOR_TAG, Tag.REFERENCE);
                this.writeHead(MAJOR_UINT, number);
            }
        }
        this.position = length;
    }

    write(value) {
        if (++this.depth > MAX_DEPTH)
            throw dataCloneError(`Values nested more than ${MAX_DEPTH} deep could not be cloned`);
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
            // In as few functions as may be, for shapeOf()
            if (value === null) {
                this.writeByte(0xf6);
            } else if (!this.writeReference(value)) {
                const name = shapeOf(value);

                if (name === 'Object')
                    this.writeProperties(value, Object.keys(value));
                else if (name === 'List')
                    this.writeList(value);
                else if (name === 'Array')
                    this.writeArray(value);
                else
                    this.writeObjectOfClass(value, name);
            }
            break;
        default:
            if (typeof value === 'symbol')
                throw dataCloneError('A symbol could not be cloned');
            throw describeOther(value, 'Function');
        }
        this.depth--;
    }

    // Step 2. Returns false for an object that has not occurred, and takes it for the next to be written.
    writeReference(object) {
        const known = this.memory.get(object);

        if (this.handles.has(object)) {
            this.writeHandle(object);
            return true;
        }
        if (known === undefined) {
            this.memory.set(object, this.position);
            return false;
        }
        if (known >= 0) {
            this.memory.set(object, ~this.repeated.length);
            this.references.push(this.position, this.repeated.length);
            this.repeated.push(known);
        } else {
            this.references.push(this.position, ~known);
        }
        return true;
    }

    writeHandle(object) {
        this.writeHead(MAJOR_TAG, Tag.HANDLE);
        this.writeHead(MAJOR_UINT, this.handles.get(object));
    }

    // Steps 5 to 26. Proxies are exotic objects, too.
    writeObjectOfClass(object, name) {
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
        default:
            if (writers.has(name)) {
                writers.get(name)(this, object);
            } else if (viewTypes.has(name)) {
                this.writeView(object, viewTypes.get(name), arrayBuffer(object), arrayByteOffset,
                    arrayLength);
            } else if (name.endsWith('Error')) {
                this.writeError(object);
            } else if (isOrdinary(name)) {
                this.writeProperties(object, Object.keys(object));
            } else {
                throw describeOther(object, name);
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
        if (isDOMException(object)) {
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

        this.writeTaggedObject(errorNames.has(typeName) ? typeName : 'Error');
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

    // To ask for the keys of an array makes a name of each index.
    writeList(array) {
        const {length} = array;
        let i = 0;

        while (i < length && i in array)
            i++;
        if (i === length)
            this.writeDenseArray(array, length);
        else
            this.writeArray(array);
    }

    writeArray(array) {
        const {length} = array;
        const keys = Object.keys(array);

        // Indexes come first, and each of them once: so there is no other key, and no hole.
        if (keys.length === length && (length === 0 || keys[length - 1] === `${length - 1}`))
            this.writeDenseArray(array, length);
        else
            this.writeArrayWithKeys(array, length, keys);
    }

    // What a getter removes on the way is a hole.
    writeDenseArray(array, length) {
        const isPlain = Object.getPrototypeOf(array) === ArrayPrototype;

        this.writeHead(MAJOR_ARRAY, length);
        for (let i = 0; i < length; i++) {
            if (isPlain && !(i in ArrayPrototype) ? i in array : Object.hasOwn(array, i))
                this.write(array[i]);
            else
                this.writeHole();
        }
    }

    writeHole() {
        this.writeHead(MAJOR_TAG, Tag.HOLE);
        this.writeByte(0xf6);
    }

    writeArrayWithKeys(array, length, keys) {
        const isIndex = key => key !== undefined && `${key >>> 0}` === key && key >>> 0 < length;

        if (keys.length > 0 && !isIndex(keys.at(-1)) || length > keys.length * 8 + 8) {
            this.writeSparseArray(array, length, keys, isIndex);
            return;
        }

        let nextKey = 0;

        this.writeHead(MAJOR_ARRAY, length);
        for (let i = 0; i < length; i++) {
            const isKey = keys[nextKey] >>> 0 === i && nextKey < keys.length;

            nextKey += isKey ? 1 : 0;
            if (isKey && Object.hasOwn(array, i))
                this.write(array[i]);
            else
                this.writeHole();
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

    writeReferenceOrBuffer(buffer) {
        if (this.writeReference(buffer))
            return;
        if (isSharedBuffer(buffer))
            this.writeObjectOfClass(buffer, 'SharedArrayBuffer');
        else
            this.writeBuffer(buffer);
    }

    // Step 14
    writeView(view, tag, buffer, byteOffsetOf, lengthOf) {
        if (isSharedBuffer(buffer)) {
            this.writePartOf(buffer, tag, byteOffsetOf(view),
                isSharedTracking(view, tag) ? null : lengthOf(view));
            return;
        }
        if (isDetached(buffer))
            throw dataCloneError('A view of a detached ArrayBuffer could not be cloned');
        if (isOutOfBounds(view, tag))
            throw dataCloneError('A view out of the bounds of its ArrayBuffer could not be cloned');

        const offset = byteOffsetOf(view);
        const length = lengthOf(view);
        const isTracking = bufferResizable(buffer) && isLengthTracking(view, tag);

        // A typed array that is made of a resizable buffer alone would follow its length.
        if (tag !== 0 && offset === 0 && !bufferResizable(buffer) &&
            length * view.BYTES_PER_ELEMENT === bufferByteLength(buffer)) {
            this.writeHead(MAJOR_TAG, tag);
            this.writeReferenceOrBuffer(buffer);
        } else {
            this.writePartOf(buffer, tag, offset, isTracking ? null : length);
        }
    }

    // A view from here on in its buffer, with a length of its own or without.
    writePartOf(buffer, tag, offset, length) {
        this.writeHead(MAJOR_TAG, Tag.VIEW);
        this.writeHead(MAJOR_ARRAY, 4);
        this.writeHead(MAJOR_UINT, tag);
        this.writeReferenceOrBuffer(buffer);
        this.writeHead(MAJOR_UINT, offset);
        if (length === null)
            this.writeByte(0xf6);
        else
            this.writeHead(MAJOR_UINT, length);
    }

    // Step 19: the library serializes the object.
    writeSerializable(object) {
        if (this.objects.length === 0)
            this.handles = new Map(this.handles);
        this.handles.set(object, this.nTransferred + this.objects.length);
        this.objects.push(object);
        this.writeHandle(object);
    }
}

/**
 * Encodes a value.
 *
 * handles: a Map of the objects that are transferred to their place among them.
 * copyBytes: makes what a byte array out of line is kept as.
 * detached: what a transfer empties: array buffers, and what the host of an engine adds.
 *
 * Returns an array that begins with the CBOR, until somebody encodes another value, its length, the byte arrays
 * out of line, and the objects that are cloned.
 */
function encode(value, handles, copyBytes, detached = []) {
    const serializer = new Serializer(handles, copyBytes, detached);

    try {
        serializer.write(value);
        const cbor = serializer.finish();

        return {cbor, length: serializer.position, buffers: serializer.buffers, objects: serializer.objects};
    } catch (error) {
        throw error instanceof CloneRefusal ? dataCloneError(explainRefusal(error, value)) : error;
    } finally {
        serializer.release();
    }
}
