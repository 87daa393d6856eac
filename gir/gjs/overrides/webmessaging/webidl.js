// webidl.js: what Web IDL asks of classes and arguments
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported nameClass, bindToClass, extend, requireArguments, toDOMString, toUSVString,
   toText, toDictionary, toSequence, toObjectSequence */

// Web IDL, #dfn-class-string and #interface-object
function nameClass(klass, name, length = 0) {
    const {prototype} = klass;

    Object.defineProperty(klass, 'name', {value: name, configurable: true});
    Object.defineProperty(klass, 'length', {value: length, configurable: true});
    Object.defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
    Object.defineProperty(prototype, 'toString',
        {value: Object.prototype.toString, configurable: true, writable: true});
}

// The method throws if this is not an object of the class. The prototype of the class is not one.
function bindToClass(klass, name, method, isGetter) {
    function check(object) {
        if (!(object instanceof klass) || Object.hasOwn(object, 'constructor'))
            throw new TypeError(`'${name}' called on an object that does not implement interface ${klass.name}`);
    }

    const bound = isGetter ? function () {
        check(this);
        return method.call(this);
    } : function (...args) {
        check(this);
        return method.apply(this, args);
    };
    Object.defineProperty(bound, 'name', {value: method.name, configurable: true});
    Object.defineProperty(bound, 'length', {value: method.length, configurable: true});
    return bound;
}

// Web IDL, #js-attributes and #js-operations: members can be enumerated. lengths tells how many
// arguments a method needs, where its own length does not.
function extend(klass, members, lengths = {}) {
    const descriptors = Object.getOwnPropertyDescriptors(members);

    for (const [name, descriptor] of Object.entries(descriptors)) {
        for (const part of ['get', 'set', 'value']) {
            if (descriptor[part] !== undefined)
                descriptor[part] = bindToClass(klass, name, descriptor[part], part === 'get');
        }
        if (name in lengths)
            Object.defineProperty(descriptor.value, 'length', {value: lengths[name]});
        Object.defineProperty(klass.prototype, name, {...descriptor, enumerable: true});
    }
}

function requireArguments(args, needed, where) {
    if (args.length < needed) {
        throw new TypeError(
            `${where}: ${needed} argument${needed > 1 ? 's' : ''} required, but only ` +
            `${args.length} present`);
    }
}

// Web IDL, #js-DOMString and #js-USVString. String() would let symbols pass.
var toDOMString = value => `${value}`;
var toUSVString = value => `${value}`.replace(/\p{Surrogate}/gu, '\ufffd');

// For messages: anything can be thrown, also what throws when it is looked at.
function toText(value) {
    try {
        return `${value}`;
    } catch {
        return 'an exception';
    }
}

// Web IDL, #js-dictionary. What a script adds to Object.prototype is not given.
function toDictionary(value, where) {
    if (value === undefined || value === null)
        return {__proto__: null};
    if (typeof value !== 'object' && typeof value !== 'function')
        throw new TypeError(`${where}: the value cannot be converted to a dictionary`);
    return value;
}

// Web IDL, #js-sequence
function toSequence(value, where) {
    const method = value?.[Symbol.iterator];

    if (typeof value !== 'object' || value === null || typeof method !== 'function')
        throw new TypeError(`${where}: the value cannot be converted to a sequence`);
    return [...value];
}

// Web IDL, #js-sequence, of objects
function toObjectSequence(list, where) {
    const transfer = toSequence(list, where);

    if (!transfer.every(object => object !== null &&
        (typeof object === 'object' || typeof object === 'function')))
        throw new TypeError(`${where}: an element of the transfer list is not an object`);
    return transfer;
}
