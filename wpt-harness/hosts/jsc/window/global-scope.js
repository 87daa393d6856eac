// global-scope.js: makes a global object an event target
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// The engine lets nobody choose the prototype of a global object: so it gets the members itself.

/** Adds the members of classes to a global object.
 * target: the object that has them */
export function addMembers(global, target, classes) {
    for (const {prototype} of classes) {
        for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
            const {get, set, value} = descriptor;

            if (name === 'constructor')
                continue;
            Object.defineProperty(global, name, value !== undefined ? descriptor : {
                get: () => get.call(target),
                set: set && (other => set.call(target, other)),
                configurable: true,
                enumerable: true,
            });
        }
    }
}

/** Makes a global object an instance of classes. */
export function setShape(classes, name) {
    const isInstance = Function.prototype[Symbol.hasInstance];

    // Other classes inherit this, too.
    for (const klass of classes) {
        Object.defineProperty(klass, Symbol.hasInstance, {
            value(object) {
                return this === klass && object === globalThis || isInstance.call(this, object);
            },
            configurable: true,
        });
    }
    Object.defineProperty(globalThis, Symbol.toStringTag, {value: name, configurable: true});
}
