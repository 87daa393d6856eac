// cloneRefusals.js: what a program is told of values that cannot be cloned: what, where, and what to do
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported CloneRefusal, describeOther, explainRefusal, explainTransfer */

const {classOf} = imports.overrides.webmessaging.brands;
const {mapForEach} = imports.overrides.webmessaging.builtins;

// An object that cannot be cloned. Whoever knows the whole message makes a DataCloneError of it.
var CloneRefusal = class CloneRefusal {
    // hint: what a program can do
    constructor(object, what, hint = '') {
        Object.assign(this, {object, what, hint});
    }
};

// A function, or an object of a class that brands.js names
function describeOther(object, name) {
    if (typeof object === 'function')
        return new CloneRefusal(object, 'A function', 'messages hold data, not code');
    if (name === 'Promise')
        return new CloneRefusal(object, 'Promise object', 'await it, and send the result');
    return new CloneRefusal(object, `${name} object`,
        /(Iterator|Generator)$/.test(name) ? 'send an array of its items' : '');
}

const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

// To write an object would call it.
function writeKey(key) {
    const isObject = typeof key === 'object' && key !== null || typeof key === 'function';

    return isObject ? '…' : typeof key === 'string' ? JSON.stringify(key) : String(key);
}

// What a value contains, and how a program writes that. Calls nothing that belongs to the program.
function listItems(value) {
    const kind = typeof value === 'object' && value !== null ? classOf(value) : '';

    if (kind === 'Map') {
        const items = [];

        mapForEach(value, (item, key) => items.push([`.get(${writeKey(key)})`, item]));
        return items;
    }
    if (kind !== 'Array' && kind !== 'Object')
        return [];
    return Object.entries(Object.getOwnPropertyDescriptors(value))
        .filter(([, descriptor]) => descriptor.enumerable && 'value' in descriptor)
        .map(([key, descriptor]) => [
            kind === 'Array' ? `[${key}]` : isName.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
            descriptor.value,
        ]);
}

// How many values are looked at to find one.
const MAX_SEARCH = 100_000;

// Where an object is in a message, such as message.list[0]; empty if it is the message itself.
function findPath(message, wanted) {
    const waiting = [['', message]];
    const seen = new Set();

    for (const [path, value] of waiting) {
        if (value === wanted)
            return path === '' ? '' : `message${path}`;
        if (seen.has(value) || waiting.length > MAX_SEARCH)
            continue;
        seen.add(value);
        for (const [step, item] of listItems(value))
            waiting.push([path + step, item]);
    }
    return '';
}

function explainRefusal({object, what, hint}, message) {
    const path = findPath(message, object);

    return `${what} could not be cloned${hint ? `: ${hint}` : ''}${path ? ` (at ${path})` : ''}`;
}

function explainTransfer(object, index) {
    const kind = classOf(object);
    const name = kind.startsWith('GObject_') ? object.constructor.name : kind;
    const hint = ArrayBuffer.isView(object) ? `transfer the buffer of the ${kind}`
        : name === 'MessageChannel' ? 'transfer one of the ports of the MessageChannel'
            : `it is of the class ${name}`;

    return `Item ${index} of the transfer list could not be transferred: ${hint}`;
}
