// test-describe.js: the comparison that the other tests rely on
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {describe} from './describe.mjs';
import {assert, assertEquals, assertThrows, run} from './tap.js';

const object = {};
const cycle = () => {
    const array = [];

    array.push(array);
    return array;
};

// No two of these are equal.
const different = [
    undefined, null, NaN, 0, -0, 0n, 1, 1n, true, '', '0', '1', 'null', 'undefined', 'NaN',
    new Boolean(false), new Number(0), new Number(-0), new String(''), Object(0n),
    {}, {a: undefined}, {a: null}, {a: 1}, {a: '1'}, {a: 1, b: 2}, {b: 2, a: 1}, Object.create(null),
    Object.freeze({a: 1}), {[Symbol('a')]: 1}, {0: 1, length: 1},
    [], [undefined], [null], [NaN], [0], [-0], [,], [1], ['1'], [[1]], [1, 2], [2, 1],
    Object.assign([1], {a: 1}), [{}, {}], [object, object], cycle(), [cycle()],
    new Map(), new Map([[1, 2]]), new Map([['1', 2]]), new Map([[2, 1]]), new Map([[1, 2], [3, 4]]),
    new Map([[3, 4], [1, 2]]), new Set(), new Set([1]), new Set(['1']), new Set([1, 2]),
    new Date(0), new Date(1), new Date(NaN), /a/, /a/g, /b/,
    new Error(''), new Error('a'), new TypeError('a'), new Error(),
    new ArrayBuffer(0), new ArrayBuffer(1), new Uint8Array(1), new Int8Array(1), new Uint8Array([1]),
    new Uint8Array(new ArrayBuffer(2), 1), new Uint8Array(new ArrayBuffer(2), 0, 1), new DataView(new ArrayBuffer(1)),
];

// Each call makes them anew.
const make = () => [
    undefined, null, NaN, -0, 1n, 'text', new Number(-0), {a: [1, {b: null}]}, [, 1], [object, object], cycle(),
    new Map([[NaN, new Set([undefined])]]), new Date(NaN), /a/g, new RangeError('a'), new Float32Array([NaN, -0]),
];

run({
    different_values_are_told_apart() {
        const texts = different.map(describe);

        texts.forEach((text, index) => {
            const first = texts.indexOf(text);

            assert(first === index, `numbers ${first} and ${index} are both ${text}`);
        });
    },

    equal_values_are_equal() {
        const copies = make();

        make().forEach((value, index) => assertEquals(value, copies[index]));
    },

    a_difference_is_shown() {
        const {message} = assertThrows(() => assertEquals({a: [-0]}, {a: [0]}));

        assert(message.includes('-0') && message.includes('is not'), message);
    },

    an_assertion_fails() {
        assertEquals(assertThrows(() => assert(false, 'text')).message, 'text');
        assertEquals(assertThrows(() => assertThrows(() => {})).message, 'nothing was thrown');
    },
});
