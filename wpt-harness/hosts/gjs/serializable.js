// serializable.js: helpers for WebSerializable classes
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';

const {nameClass} = imports.overrides.webmessaging.webidl;

/** Gives a class the name that scripts see. */
export function shape(klass, name) {
    nameClass(klass, name);
    return klass;
}

/** Packs bytes, numbers and strings into a GVariant. */
export const pack = (bytes, ...rest) => new GLib.Variant(`(ay${rest.map(value =>
    typeof value === 'number' ? 'd' : 's').join('')})`, [bytes, ...rest]);

/** A copy of the bytes in it. */
export const unpackBytes = variant =>
    variant.get_child_value(0).get_data_as_bytes().toArray().slice();

/** Makes a class that scripts can extend. GJS creates objects of registered classes only, so an instance
 * of a script's subclass is an object of ours with the prototype replaced. */
export const derivable = klass => new Proxy(klass, {
    construct(target, args, newTarget) {
        const object = Reflect.construct(target, args);

        return newTarget.prototype === target.prototype
            ? object : Object.setPrototypeOf(object, newTarget.prototype);
    },
});
