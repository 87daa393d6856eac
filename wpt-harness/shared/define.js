// define.js: defines members of global objects
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

export function define(target, members, enumerable = true) {
    for (const [name, value] of Object.entries(members))
        Object.defineProperty(target, name, {value, writable: true, configurable: true, enumerable});
}

/** Defines an accessor. */
export function defineAttribute(target, name, get, set) {
    Object.defineProperty(target, name, {get, set, configurable: true, enumerable: true});
}

/** Defines an accessor that scripts can replace: Web IDL, #Replaceable */
export function defineReplaceable(target, name, get) {
    defineAttribute(target, name, get, value => define(target, {[name]: value}));
}
