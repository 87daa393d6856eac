// serializable.js: classes of the host, among them serializable ones
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
    const {serialize, transfer} = stateOf(object);
    const write = serializer.detached.includes(object) ? transfer : serialize;

    if (write === undefined) {
        writeOther(serializer, object);
        return;
    }
    const members = write();

    serializer.writeTaggedObject('Error');
    serializer.writeProperties(members, Object.keys(members));
});

/** Gives a class its name, and a way to clone or transfer its objects. The constructor calls setSerializable() or
 * setTransferable().
 * deserialize: makes an object of what serialize() or transfer() returned */
export function makeSerializable(klass, name, length, deserialize) {
    defineInterface(klass, name, length);
    errorMakers.set(`host ${name}`, deserialize);
}

/** Marks an object as one of such a class.
 * serialize: returns its members */
export function setSerializable(object, name, serialize) {
    stateOf(object).serialize = () => ({class: `host ${name}`, ...serialize()});
}

/** Marks an object as one that can be transferred.
 * transfer: returns its members
 * isDetached: returns whether it was transferred before
 * detach: is called when it was */
export function setTransferable(object, name, {transfer, isDetached, detach}) {
    Object.assign(stateOf(object), {
        transfer: () => ({class: `host ${name}`, ...transfer()}),
        detachable: {isDetached, detach},
    });
}

// The function of a class that makes a new object serializable
const prepare = Symbol('prepare');

const copyFields = (target, source, fields) =>
    Object.assign(target, Object.fromEntries(fields.map(field => [field, source[field]])));

/** The class that others are derived from. */
export class HostObject {
    constructor() {
        setPlatformObject(this);
        new.target[prepare]?.(this);
    }
}

/** Gives a class the name that scripts see, and returns what they get. Its constructor needs no arguments.
 * fields: what a clone has of an object: bytes, numbers and strings; null if it cannot be cloned */
export function defineClass(klass, name, length = 0, fields = null) {
    if (fields === null) {
        defineInterface(klass, name, length);
    } else {
        makeSerializable(klass, name, length, members => copyFields(new klass(), members, fields));
        klass[prepare] = object => setSerializable(object, name, () => copyFields({}, object, fields));
    }
    return klass;
}
