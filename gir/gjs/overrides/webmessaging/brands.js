// brands.js: the class that an object has in the engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported classOf, ordinaryClasses */

// Classes of the engine whose objects are ordinary ones to the language.
var ordinaryClasses = new Set(
    ['Object', 'Arguments', 'Atomics', 'Intl', 'JSON', 'Math', 'Reflect', 'WebAssembly']);

// The name of the class in the engine, which no prototype and no proxy can hide. There is no other
// way to tell a proxy from what it stands for; the exception costs more than the rest of the work
// on a small object.
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, 'size').get;

function classOf(object) {
    try {
        mapSize.call(object);
        return 'Map';
    } catch ({message}) {
        return message.slice(message.lastIndexOf(' on incompatible ') + 17);
    }
}
