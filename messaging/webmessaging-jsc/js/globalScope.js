// globalScope.js: global objects that are event targets
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported setGlobalTarget */

const {setErrorTarget} = imports.overrides.webmessaging.errors;
const {setFacade} = imports.overrides.webmessaging.state;

// The engine lets nobody choose the prototype of a global object: so it gets the members itself.
function addMembers(target, {prototype}) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
        const {get, set, value} = descriptor;

        if (name === 'constructor')
            continue;
        Object.defineProperty(globalThis, name, value !== undefined ? descriptor : {
            get: () => get.call(target),
            set: set && (other => set.call(target, other)),
            configurable: true,
            enumerable: true,
        });
    }
}

// For instanceof. Classes that are derived from this one inherit the function.
function makeInstance(klass) {
    const isInstance = Function.prototype[Symbol.hasInstance];

    Object.defineProperty(klass, Symbol.hasInstance, {
        value(object) {
            return this === klass && object === globalThis || isInstance.call(this, object);
        },
        configurable: true,
    });
}

// Lets the global object pass for an event target, whose class is the last one.
function setGlobalTarget(target, classes) {
    setFacade(target, globalThis);
    setErrorTarget(target);
    for (const klass of classes) {
        addMembers(target, klass);
        makeInstance(klass);
    }
    Object.defineProperty(globalThis, Symbol.toStringTag, {value: classes.at(-1).name, configurable: true});
}
