// shared.js: what all contexts of a virtual machine have in common
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Evaluated once for a machine, in a context that no script sees: so each realm knows the objects of the others.

(() => {
// A constructor may return any object, and the fields of a class below it go there. That is a WeakMap which
// no script can spoil, and which costs the garbage collector nothing.
class Identity {
    constructor(object) {
        return object;
    }
}

class State extends Identity {
    #state = {__proto__: null};

    static of(object) {
        if (!(#state in object))
            new State(object);
        return object.#state;
    }
}

class PlatformObject extends Identity {
    #isOne = true;

    static is(object) {
        return #isOne in object;
    }
}

// Web IDL, #dfn-platform-object: structuredClone() does not take it for an ordinary object.
function setPlatformObject(object) {
    new PlatformObject(object);
}

// The wrappers of objects of C, by number.
const wrappers = new Map();
let sweepAt = 1000;

function remember(number, wrapper) {
    const reference = new WeakRef(wrapper);

    wrappers.set(number, reference);
    if (wrappers.size >= sweepAt)
        sweep();
    return reference;
}

function sweep() {
    for (const [number, reference] of wrappers) {
        if (reference.deref() === undefined)
            wrappers.delete(number);
    }
    sweepAt = Math.max(1000, wrappers.size * 2);
}

const find = number => wrappers.get(number)?.deref();

// What DOMExceptions tell, also to other contexts.
const domExceptions = new WeakMap();

// A function that calls another one and does not keep it, nor its context, for what the engine keeps for ever.
function makeWeakCall(callback) {
    const reference = new WeakRef(callback);

    return (...args) => reference.deref()?.(...args);
}

return Object.freeze({
    domExceptions, stateOf: State.of, setPlatformObject, isPlatformObject: PlatformObject.is, remember, find, makeWeakCall,
});
})()
