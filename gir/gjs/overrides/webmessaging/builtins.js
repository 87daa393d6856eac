// builtins.js: methods of the language, as they are before a program changes them
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported apply, assign, uncurryThis, getterOf, TypedArray, dateGetTime, mapForEach, setForEach, mapSize,
   setSize, mapSet, setAdd, booleanValueOf, numberValueOf, stringValueOf, bigintValueOf,
   regexpSource, regexpGlobal, regexpFlags, bufferByteLength, sharedBufferPrototype, sharedByteLength, bufferResizable, bufferMaxByteLength,
   arrayName, arrayAt, arrayBuffer, arrayByteOffset, arrayCopyWithin, arrayLength, viewBuffer, viewByteOffset, viewByteLength
   */

// What a program may have changed on the prototypes does not matter to the algorithm.
var {assign} = Object;
var {apply} = Reflect;
var uncurryThis = method => Function.prototype.call.bind(method);
var getterOf = (prototype, name) => {
    const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
    return getter === undefined ? undefined : uncurryThis(getter);
};

// An engine that hides the class may make such a buffer for WebAssembly all the same.
function findSharedBufferPrototype() {
    if (typeof SharedArrayBuffer !== 'undefined')
        return SharedArrayBuffer.prototype;
    try {
        const {buffer} = new WebAssembly.Memory({initial: 0, maximum: 0, shared: true});

        return buffer instanceof ArrayBuffer ? undefined : Object.getPrototypeOf(buffer);
    } catch {
        return undefined;
    }
}

var TypedArray = Object.getPrototypeOf(Uint8Array);
var dateGetTime = uncurryThis(Date.prototype.getTime);
var mapForEach = uncurryThis(Map.prototype.forEach);
var setForEach = uncurryThis(Set.prototype.forEach);
var mapSize = getterOf(Map.prototype, 'size');
var setSize = getterOf(Set.prototype, 'size');
var mapSet = uncurryThis(Map.prototype.set);
var setAdd = uncurryThis(Set.prototype.add);
var booleanValueOf = uncurryThis(Boolean.prototype.valueOf);
var numberValueOf = uncurryThis(Number.prototype.valueOf);
var stringValueOf = uncurryThis(String.prototype.valueOf);
var bigintValueOf = uncurryThis(BigInt.prototype.valueOf);
var regexpSource = getterOf(RegExp.prototype, 'source');
var regexpGlobal = getterOf(RegExp.prototype, 'global');
var regexpFlags = [
    ['hasIndices', 'd'], ['global', 'g'], ['ignoreCase', 'i'], ['multiline', 'm'], ['dotAll', 's'],
    ['unicode', 'u'], ['unicodeSets', 'v'], ['sticky', 'y'],
].map(([name, flag]) => [getterOf(RegExp.prototype, name), flag])
    .filter(([getter]) => getter !== undefined);
var bufferByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
var sharedBufferPrototype = findSharedBufferPrototype();
var sharedByteLength = sharedBufferPrototype && getterOf(sharedBufferPrototype, 'byteLength');
var bufferResizable = getterOf(ArrayBuffer.prototype, 'resizable') ?? (() => false);
var bufferMaxByteLength = getterOf(ArrayBuffer.prototype, 'maxByteLength');
var arrayName = getterOf(TypedArray.prototype, Symbol.toStringTag);
var arrayAt = uncurryThis(TypedArray.prototype.at);
var arrayBuffer = getterOf(TypedArray.prototype, 'buffer');
var arrayByteOffset = getterOf(TypedArray.prototype, 'byteOffset');
var arrayCopyWithin = uncurryThis(TypedArray.prototype.copyWithin);
var arrayLength = getterOf(TypedArray.prototype, 'length');
var viewBuffer = getterOf(DataView.prototype, 'buffer');
var viewByteOffset = getterOf(DataView.prototype, 'byteOffset');
var viewByteLength = getterOf(DataView.prototype, 'byteLength');
