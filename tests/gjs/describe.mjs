// describe.mjs: a canonical text of any value of JavaScript
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Nothing here knows which engine it runs in.

function describeString(string) {
    return JSON.stringify(string);
}

function describePrimitive(value) {
    switch (typeof value) {
    case 'string':
        return describeString(value);
    case 'bigint':
        return `${value}n`;
    case 'number':
        return Object.is(value, -0) ? '-0' : String(value);
    default:
        return String(value);
    }
}

/**
 * All that a clone can show of a value, in one line; the same for equal values in any engine.
 *
 * It tells apart what JSON and == do not: undefined, null, a hole and an absent property; -0 and 0; a number and its
 * object; an array, a Map and a Set; and whether two places hold the same object. A `#` refers to an object by the order
 * of first appearance. Attributes of a property are shown where they are not the usual ones.
 */
export function describe(value) {
    const numbersOf = new Map();

    function properties(object, keys = Reflect.ownKeys(object)) {
        return keys.map(key => {
            const {value: content, enumerable, writable, configurable} =
                Object.getOwnPropertyDescriptor(object, key);
            const attributes = `/${enumerable ? 'e' : ''}${writable ? 'w' : ''}${configurable ? 'c' : ''}`;

            return `${typeof key === 'symbol' ? 'symbol' : describeString(key)}${
                attributes === '/ewc' ? '' : attributes}:${visit(content)}`;
        }).join();
    }

    // Only a buffer that grows shows whether its view does.
    function describeLength(view) {
        const {buffer, byteLength} = view;
        const {byteLength: size, maxByteLength, resizable} = buffer;

        if (!resizable || size === maxByteLength)
            return byteLength;
        buffer.resize(maxByteLength);
        const grown = view.byteLength;
        buffer.resize(size);
        return grown === byteLength ? byteLength : `${byteLength}+`;
    }

    function content(object, name) {
        switch (name) {
        case 'Array':
            return `${object.length};${properties(object,
                Reflect.ownKeys(object).filter(key => key !== 'length'))}`;
        case 'Map':
            return [...object].map(([key, entry]) => `${visit(key)}=>${visit(entry)}`).join();
        case 'Set':
            return [...object].map(visit).join();
        case 'Date':
            return describePrimitive(object.getTime());
        case 'RegExp':
            return `${describeString(object.source)};${object.flags};${object.lastIndex}`;
        case 'Boolean':
        case 'Number':
        case 'String':
        case 'BigInt':
            return describePrimitive(object.valueOf());
        case 'ArrayBuffer':
            return `${object.resizable ? `${object.maxByteLength};` : ''}${
                [...new Uint8Array(object)].map(byte => byte.toString(16)).join(' ')}`;
        case 'Object':
            return properties(object);
        default:
            if (ArrayBuffer.isView(object))
                return `${object.byteOffset};${describeLength(object)};${visit(object.buffer)}`;
            // An error; what else it has is up to the engine.
            return properties(object, Object.hasOwn(object, 'message') ? ['message'] : []);
        }
    }

    function visit(item) {
        if (typeof item !== 'object' || item === null)
            return describePrimitive(item);
        if (numbersOf.has(item))
            return `#${numbersOf.get(item)}`;
        numbersOf.set(item, numbersOf.size);

        const name = Object.getPrototypeOf(item)?.constructor?.name ?? 'null';
        return `${name}(${content(item, name)})`;
    }

    return visit(value);
}
