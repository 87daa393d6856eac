// brands.js: the class that an object has in the engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported classOf, isOrdinary, shapeOf */

const {
    arrayName, bigintValueOf, booleanValueOf, bufferByteLength, dateGetTime, mapSize, numberValueOf,
    regexpGlobal, setSize, sharedBufferPrototype, sharedByteLength, stringValueOf, uncurryThis, viewBuffer,
} = imports.overrides.webmessaging.builtins;
const {isPlatformObject} = imports.overrides.webmessaging.state;

// What the engine can tell, see web-jsc-engine.c. If it does not, a proxy passes for an object.
const {look = () => undefined} = imports.natives;

// Arrays of all the kinds that the engine has of their elements, which it tells apart.
const [empty, whole, float, mixed] = [[], [1], [1.5], ['']];
const [wholes, floats, mixture] = [1, 1.5, ''].map(item => [item]);

const {getPrototypeOf, keys, prototype: ObjectPrototype} = Object;
const {isArray} = Array;
const {isView} = ArrayBuffer;
const {toStringTag} = Symbol;
const toTag = uncurryThis(ObjectPrototype.toString);
const isError = Error.isError ?? (object => toTag(object) === '[object Error]');
const ignore = () => {};

// Functions that throw, or return undefined, for any object that is not of the class.
const tests = [
    ['Map', Map, mapSize], ['Set', Set, setSize], ['Date', Date, dateGetTime],
    ['ArrayBuffer', ArrayBuffer, bufferByteLength], ['RegExp', RegExp, regexpGlobal],
    ['DataView', DataView, viewBuffer], ['String', String, stringValueOf],
    ['Number', Number, numberValueOf], ['Boolean', Boolean, booleanValueOf], ['BigInt', BigInt, bigintValueOf],
    ['Symbol', Symbol, uncurryThis(Symbol.prototype.valueOf)],
    ['WeakMap', WeakMap, object => uncurryThis(WeakMap.prototype.has)(object, object)],
    ['WeakSet', WeakSet, object => uncurryThis(WeakSet.prototype.has)(object, object)],
    ['WeakRef', WeakRef, object => uncurryThis(WeakRef.prototype.deref)(object) ?? true],
    ['Promise', Promise, object => uncurryThis(Promise.prototype.then)(object, ignore, ignore)],
    ...sharedByteLength === undefined ? []
        : [['SharedArrayBuffer', {prototype: sharedBufferPrototype}, sharedByteLength]],
].map(([name, {prototype}, test]) => ({name, prototype, test}));
const brands = new Map(tests.map(brand => [brand.prototype, brand]));

// Objects of these classes have nothing to be known by but the name that they inherit.
const uncloneable = /^(FinalizationRegistry|(Async)?Generator|.* Iterator|Iterator Helper|Intl\..*|WebAssembly\..*)$/;

function passes({test}, object) {
    try {
        return test(object) !== undefined;
    } catch {
        return false;
    }
}

var isOrdinary = name => name === 'Object';

// For an object that does not inherit from one of the classes here: it may be one of another realm, or have got
// another prototype.
function findSlowly(object) {
    for (const brand of tests) {
        if (passes(brand, object))
            return brand.name;
    }
    const tag = object[toStringTag];

    return typeof tag === 'string' && uncloneable.test(tag) && !Object.hasOwn(object, toStringTag) ? tag : 'Object';
}

// Each test that fails throws, which costs more than all the work on a small object; so the prototypes tell
// which test to make. What has no own keys may be in disguise, and is tested for all classes.
function findByPrototypes(object) {
    const first = getPrototypeOf(object);

    for (let prototype = first; prototype !== ObjectPrototype && prototype !== null;) {
        const brand = brands.get(prototype);

        if (brand !== undefined)
            return passes(brand, object) ? brand.name : findSlowly(object);
        prototype = getPrototypeOf(prototype);
    }
    if (toStringTag in object)
        return findSlowly(object);

    const tag = toTag(object);
    if (tag !== '[object Object]')
        return tag.slice(8, -1);
    return (first === ObjectPrototype || first === null) && keys(object).length === 0
        ? findSlowly(object) : 'Object';
}

// The name of the class in the engine; List for an array that has nothing but elements, and no accessors.
function shapeOf(object) {
    const kind = look(object, mixture, mixed, wholes, whole, floats, float, empty);

    if (kind === object)
        return isPlatformObject(object) ? 'PlatformObject' : 'Object';
    if (kind !== undefined)
        return kind ? 'Proxy' : 'List';
    if (isArray(object))
        return 'Array';
    if (isPlatformObject(object))
        return 'PlatformObject';
    return isView(object) && arrayName(object) || (isError(object) ? 'Error' : findByPrototypes(object));
}

function classOf(object) {
    const name = shapeOf(object);

    return name === 'List' ? 'Array' : name;
}
