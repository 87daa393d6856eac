// META: title=Structured clone: the transfer list
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js,
// webmessaging/message-channels/detached-iframe.window.js, transferable objects of
// html/infrastructure/safe-passing-of-structured-data/messagechannel.any.js

for (const [name, options] of Object.entries({
    'undefined': undefined,
    'null': null,
    'an empty dictionary': {},
    'an undefined transfer': {transfer: undefined},
    'an empty array': {transfer: []},
    'an empty Set': {transfer: new Set()},
}))
    test(() => assert_array_equals(structuredClone([1], options), [1]), `Nothing to transfer: ${name}`);
test(() => {
    assert_throws_js(TypeError, () => structuredClone());
}, 'structuredClone() needs an argument');
test(() => assert_equals(structuredClone.length, 1), 'The length of structuredClone()');
for (const options of [1, 'text', true, Symbol('a')]) {
    test(() => assert_throws_js(TypeError, () => structuredClone(1, options)),
        `Options that are no object: ${String(options)}`);
}
for (const transfer of [null, 1, 'text', {}, [null], [1], ['text']]) {
    test(() => assert_throws_js(TypeError, () => structuredClone(1, {transfer})),
        `A transfer that is not a sequence of objects: ${JSON.stringify(transfer)}`);
}
for (const [name, make] of Object.entries({
    'a plain object': () => ({}),
    'an array': () => [],
    'a function': () => () => {},
    'a typed array': () => new Uint8Array(1),
    'a Map': () => new Map(),
    'a MessageChannel': () => new MessageChannel(),
    'a Date': () => new Date(),
})) {
    test(() => assert_throws_dom('DataCloneError', () => structuredClone(1, {transfer: [make()]})),
        `${name} cannot be transferred`);
}

test(() => {
    const buffer = new ArrayBuffer(1);
    const {port1} = new MessageChannel();

    assert_throws_dom('DataCloneError', () => structuredClone(1, {transfer: [buffer, buffer]}));
    assert_throws_dom('DataCloneError', () => structuredClone(1, {transfer: [port1, port1]}));
    assert_equals(buffer.byteLength, 1);
    assert_true(structuredClone(port1, {transfer: [port1]}) instanceof MessagePort);
}, 'The same object twice is an error, and nothing was transferred');

test(() => {
    const buffer = new ArrayBuffer(1);
    const {port1} = new MessageChannel();

    assert_throws_dom('DataCloneError', () => structuredClone(() => {}, {transfer: [buffer, port1]}));
    assert_equals(buffer.byteLength, 1);
    assert_true(structuredClone(port1, {transfer: [port1]}) instanceof MessagePort);
}, 'A value that cannot be cloned transfers nothing');

promise_test(async t => {
    const {port1, port2} = new MessageChannel();
    t.add_cleanup(() => port1.close());
    const clone = structuredClone({a: port2, b: [port2]}, {transfer: [port2]});

    assert_not_equals(clone.a, port2);
    assert_equals(clone.a, clone.b[0]);
    const received = new Promise(resolve => {
        clone.a.onmessage = event => resolve(event.data);
    });
    port1.postMessage('through');
    assert_equals(await received, 'through');
}, 'A port is transferred, and occurs twice');

test(() => {
    const {port1, port2} = new MessageChannel();
    const clone = structuredClone([port2, port1], {transfer: [port1, port2]});

    assert_true(clone.every(port => port instanceof MessagePort));
    assert_not_equals(clone[0], clone[1]);
    assert_throws_dom('DataCloneError', () => structuredClone(port1, {transfer: [port1]}));
    clone[0].close();
}, 'Both ports of a channel; what was transferred cannot be again');

forEachWay((way, clone) => {
    promise_test(async () => {
        const buffer = new Uint8Array([1, 2, 3]).buffer;
        const copy = await clone(buffer, [buffer]);

        assert_array_equals(new Uint8Array(copy), [1, 2, 3]);
        assert_not_equals(copy, buffer);
    }, `The content of an ArrayBuffer is transferred, through ${way}`);
    promise_test(async () => {
        const buffer = new ArrayBuffer(8192);
        const view = new Uint8Array(buffer, 1);

        view[0] = 9;
        const copy = await clone({view, buffer}, [buffer]);
        assert_equals(copy.view.buffer, copy.buffer);
        assert_equals(copy.view[0], 9);
    }, `A view of an ArrayBuffer that is transferred, through ${way}`);
    promise_test(async () => {
        const buffer = new ArrayBuffer(3);

        await clone(null, [buffer]);
        assert_equals(buffer.byteLength, 0);
    }, `An ArrayBuffer that was transferred is detached, through ${way}`);
    promise_test(async () => {
        const buffer = new ArrayBuffer(3);

        await clone(null, [buffer]);
        let caught = null;
        try {
            await clone(buffer, []);
        } catch (error) {
            caught = error;
        }
        assert_equals(caught?.name, 'DataCloneError');
    }, `A detached ArrayBuffer cannot be cloned, through ${way}`);
    promise_test(async () => {
        const buffer = new ArrayBuffer(3);

        await clone(null, [buffer]);
        let caught = null;
        try {
            await clone(null, [buffer]);
        } catch (error) {
            caught = error;
        }
        assert_equals(caught?.name, 'DataCloneError');
    }, `A detached ArrayBuffer cannot be transferred, through ${way}`);
});
