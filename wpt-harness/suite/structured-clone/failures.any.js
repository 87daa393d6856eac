// META: title=Structured clone: what cannot be cloned
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js,
// html/infrastructure/safe-passing-of-structured-data/structured-cloning-error-extra.html

failTest('a function', () => () => {});
failTest('a class', () => class {});
failTest('a symbol', () => Symbol('a'));
failTest('a Symbol object', () => Object(Symbol('a')));
failTest('a WeakMap', () => new WeakMap());
failTest('a WeakSet', () => new WeakSet());
failTest('a WeakRef', () => new WeakRef({}));
failTest('a FinalizationRegistry', () => new FinalizationRegistry(() => {}));
failTest('a Promise', () => [Promise.resolve()]);
failTest('a generator', () => (function* generate() {})());
failTest('an iterator of an array', () => [][Symbol.iterator]());
failTest('an iterator of a Map', () => new Map().entries());
failTest('a proxy of an object', () => new Proxy({}, {}));
failTest('a proxy of an array', () => new Proxy([], {}));
failTest('a proxy of a function', () => new Proxy(() => {}, {}));
failTest('a proxy of a Map', () => new Proxy(new Map(), {}));
failTest('a proxy somewhere inside', () => ({a: [new Map([[1, new Proxy({}, {})]])]}));
failTest('a MessagePort that is not transferred', () => new MessageChannel().port1);
failTest('a MessageChannel', () => new MessageChannel());
failTest('an Event', () => new Event('a'));
failTest('an EventTarget', () => new EventTarget());
failTest('a MessageEvent', () => new MessageEvent('a'));
failTest('a function as a property', () => ({a: 1, b() {}}));
failTest('a symbol as an element', () => [1, Symbol('a')]);
failTest('a function as a key', () => new Map([[() => {}, 1]]));
failTest('a function as a member', () => new Set([() => {}]));
failTest('a function in a property of an array', () => Object.assign([], {a() {}}));

promise_test(async () => {
    const value = {
        get a() {
            read.push('a');
            return 1;
        },
        b() {},
        get c() {
            read.push('c');
            return 1;
        },
    };
    const read = [];

    assert_throws_dom('DataCloneError', () => structuredClone(value));
    assert_array_equals(read, ['a']);
}, 'Nothing is read after what cannot be cloned');

test(() => {
    let caught = null;

    try {
        structuredClone(Symbol('a'));
    } catch (error) {
        caught = error;
    }
    assert_true(caught instanceof DOMException);
    assert_true(caught instanceof Error);
    assert_equals(caught.name, 'DataCloneError');
    assert_equals(caught.code, 25);
    assert_equals(caught.code, DOMException.DATA_CLONE_ERR);
}, 'The error is a DOMException of code 25');
