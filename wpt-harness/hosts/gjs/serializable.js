// serializable.js: helpers for WebSerializable classes
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';

const {openForSubclasses} = imports.overrides.webmessaging.subclassing;
const {nameClass} = imports.overrides.webmessaging.webidl;

/** Gives a class the name that scripts see, and lets them extend it. */
export function shape(klass, name) {
    nameClass(klass, name);
    return openForSubclasses({[name]: klass}, name);
}

/** Packs bytes, numbers and strings into a GVariant. */
export const pack = (bytes, ...rest) => new GLib.Variant(`(ay${rest.map(value =>
    typeof value === 'number' ? 'd' : 's').join('')})`, [bytes, ...rest]);

/** A copy of the bytes in it. */
export const unpackBytes = variant =>
    variant.get_child_value(0).get_data_as_bytes().toArray().slice();
