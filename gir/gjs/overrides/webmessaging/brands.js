// brands.js: the class that an object has in the engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported classOf, isOrdinary, shapeOf */

const {
    arrayName, bigintValueOf, booleanValueOf, bufferByteLength, dateGetTime, mapSize, numberValueOf,
    regexpGlobal, setSize, stringValueOf, viewByteOffset,
} = imports.overrides.webmessaging.builtins;

// Classes of the engine whose objects are ordinary ones to the language. So are most prototypes,
// such as RegExp.prototype, which the engine tells apart from other objects.
const ordinaryClasses = new Set(
    ['Object', 'Atomics', 'Intl', 'JSON', 'Math', 'Reflect', 'WebAssembly']);

function isOrdinary(name) {
    return ordinaryClasses.has(name) || name.endsWith('.prototype');
}

// Functions that throw, or return undefined, for any object that is not of the class.
const brands = new Map([
    [ArrayBuffer, bufferByteLength], [BigInt, bigintValueOf], [Boolean, booleanValueOf],
    [DataView, viewByteOffset], [Date, dateGetTime], [Map, mapSize], [Number, numberValueOf],
    [RegExp, regexpGlobal], [Set, setSize], [String, stringValueOf],
].map(([{name, prototype}, test]) => [prototype, {name, test}]));

// The name of the class in the engine, which no prototype and no proxy can hide. Only an exception
// tells it of all objects, which costs more than the rest of the work on a small one, and the more
// functions are being called, because it notes all of them; so a guess is tried first. All that a
// proxy sees of that is a question for its prototype.
function classOf(object) {
    const name = arrayName(object);

    if (name !== undefined)
        return name;
    try {
        const brand = brands.get(Object.getPrototypeOf(object));

        if (brand !== undefined && brand.test(object) !== undefined)
            return brand.name;
    } catch {
        // It was a wrong guess.
    }
    try {
        mapSize(object);
        return 'Map';
    } catch ({message}) {
        return message.slice(message.lastIndexOf(' on incompatible ') + 17);
    }
}

// In other engines, also whether an array has nothing but elements
var shapeOf = classOf;
