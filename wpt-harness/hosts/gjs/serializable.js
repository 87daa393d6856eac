// serializable.js: classes of the host, among them serializable ones
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

const {openForSubclasses} = imports.overrides.webmessaging.subclassing;
const {nameClass} = imports.overrides.webmessaging.webidl;

const typeOf = value => typeof value === 'number' ? 'd' : typeof value === 'string' ? 's' : 'ay';
const pack = values => new GLib.Variant(`(${values.map(typeOf).join('')})`,
    values.map(value => typeOf(value) === 'ay' ? new Uint8Array(value) : value));
const unpack = variant => variant.get_type_string() === 'ay' ? variant.get_data_as_bytes().toArray().slice()
    : variant.unpack();

/** The class that others are derived from. */
export const HostObject = GObject.Object;

/** Gives a class the name that scripts see, and returns what they get. Its constructor needs no arguments.
 * fields: what a clone has of an object: bytes, numbers and strings; null if it cannot be cloned */
export function defineClass(klass, name, length = 0, fields = null) {
    if (fields !== null) {
        Object.assign(klass.prototype, {
            vfunc_serialize() {
                return pack(fields.map(field => this[field]));
            },
            vfunc_deserialize(variant) {
                fields.forEach((field, i) => {
                    this[field] = unpack(variant.get_child_value(i));
                });
                return true;
            },
        });
    }
    const registered = GObject.registerClass({
        GTypeName: `WebMessagingHost${name}`,
        Implements: fields === null ? [] : [WebMessaging.Serializable],
    }, klass);

    nameClass(registered, name, length);
    return openForSubclasses({[name]: registered}, name);
}
