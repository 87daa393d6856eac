// serializable.js: what classes of an application need, so that the library can clone them
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

/** Bytes, and what else an object has to keep. */
export const pack = (bytes, ...rest) => new GLib.Variant(`(ay${rest.map(value =>
    typeof value === 'number' ? 'd' : 's').join('')})`, [bytes, ...rest]);

/** The bytes again, as a copy. */
export const unpackBytes = variant =>
    variant.get_child_value(0).get_data_as_bytes().toArray().slice();

/** A class that scripts can derive from. GJS makes objects of classes that it knows only: an instance
 * of a script's own class is one of ours with another prototype. */
export const derivable = klass => new Proxy(klass, {
    construct(target, args, newTarget) {
        const object = Reflect.construct(target, args);

        return newTarget.prototype === target.prototype
            ? object : Object.setPrototypeOf(object, newTarget.prototype);
    },
});
