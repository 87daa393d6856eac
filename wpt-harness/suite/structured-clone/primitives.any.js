// META: title=Structured clone: primitive values, boxed and not
// META: script=resources/clone.js
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The same ground: html/webappapis/structured-clone/structured-clone.any.js

const same = expected => clone => assert_equals(clone, expected);

for (const value of [undefined, null, true, false])
    cloneTest(`${value}`, () => value, same(value));

for (const [name, value] of Object.entries({
    'a string': 'text',
    'the empty string': '',
    'a null character': 'a\0b',
    'a byte order mark': '\ufeffa',
    'a string of two-byte characters': 'äöü',
    'an astral character': '\u{1f600}',
    'a lone high surrogate': 'a\ud800b',
    'a lone low surrogate': '\udc00',
    'surrogates in the wrong order': '\udc00\ud800',
    'a lone surrogate beside a pair': '\ud800\u{1f600}\udfff',
    'a long string': 'x'.repeat(100000),
    'a long string with a lone surrogate': `${'é'.repeat(1000)}\ud801`,
}))
    cloneTest(name, () => value, same(value));

for (const value of [0, -0, 1, -1, 23, 24, 255, 256, 65535, 65536, 0.2, -1.5, 2 ** 31, -(2 ** 31),
    2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2 ** 64, 1e300, Number.MIN_VALUE, Number.MAX_VALUE,
    NaN, Infinity, -Infinity])
    cloneTest(`the number ${Object.is(value, -0) ? '-0' : value}`, () => value, same(value));

for (const value of [0n, 1n, -1n, 255n, 256n, -256n, -257n, 2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n,
    -(2n ** 64n), 2n ** 64n - 1n, 3n ** 500n])
    cloneTest(`the BigInt ${value}`.slice(0, 40), () => value, same(value));

const boxed = (constructor, value) => (clone, original) => {
    assert_equals(typeof clone, 'object');
    assert_not_equals(clone, original);
    assert_equals(Object.getPrototypeOf(clone), constructor.prototype);
    assert_equals(clone.valueOf(), value);
};

for (const value of [true, false])
    cloneTest(`a Boolean object of ${value}`, () => Object(value), boxed(Boolean, value));
for (const value of [0.2, 0, -0, NaN, 2 ** 40])
    cloneTest(`a Number object of ${Object.is(value, -0) ? '-0' : value}`, () => Object(value),
        boxed(Number, value));
for (const [name, value] of [['', ''], ['text', 'text'], ['a lone surrogate', '\udfff']])
    cloneTest(`a String object of ${name || 'nothing'}`, () => Object(value), boxed(String, value));
cloneTest('a BigInt object', () => Object(-9n), boxed(BigInt, -9n));
cloneTest('a boxed primitive with a property loses it',
    () => Object.assign(Object('x'), {extra: 1}), clone => assert_false('extra' in clone));
