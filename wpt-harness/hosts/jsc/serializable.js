// serializable.js: serializable classes of the host
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// The library knows serializable classes of C only. In a message, an object of the host passes for an error of a class
// that the receiver knows how to make.

const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {errorMakers, writers} = imports.overrides.webmessaging.platformObjects;
const {setPlatformObject, stateOf} = imports.overrides.webmessaging.state;

const CLASS = 'PlatformObject';
const writeOther = writers.get(CLASS);

writers.set(CLASS, (serializer, object) => {
    const {serialize} = stateOf(object);

    if (serialize === undefined) {
        writeOther(serializer, object);
        return;
    }
    const members = serialize(object);

    serializer.writeTaggedObject('Error');
    serializer.writeProperties(members, Object.keys(members));
});

/** Gives a class its name, and a way to serialize its objects. The constructor calls setSerializable().
 * deserialize: makes an object of what serialize() returned */
export function makeSerializable(klass, name, length, deserialize) {
    defineInterface(klass, name, length);
    errorMakers.set(`host ${name}`, deserialize);
}

/** Marks an object as one of such a class.
 * serialize: returns its members */
export function setSerializable(object, name, serialize) {
    setPlatformObject(object);
    stateOf(object).serialize = () => ({class: `host ${name}`, ...serialize()});
}
