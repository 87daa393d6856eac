// interfaces.js: gives a class the shape of an interface
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported defineInterface */

// Web IDL, #js-interfaces: members can be enumerated, and functions have as many parameters as they need
// arguments. lengths tells how many, where it is not 0.
function defineInterface(klass, name, length = 0, lengths = {}) {
    const {prototype} = klass;

    Object.defineProperty(klass, 'name', {value: name, configurable: true});
    Object.defineProperty(klass, 'length', {value: length, configurable: true});
    for (const [owner, own] of [[klass, ['name', 'length', 'prototype']], [prototype, ['constructor']]]) {
        for (const key of Object.getOwnPropertyNames(owner)) {
            if (own.includes(key))
                continue;
            const {value} = Object.getOwnPropertyDescriptor(owner, key);

            Object.defineProperty(owner, key, {enumerable: true});
            if (typeof value === 'function')
                Object.defineProperty(value, 'length', {value: lengths[key] ?? 0, configurable: true});
        }
    }
    Object.defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
}
