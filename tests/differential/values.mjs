// values.mjs: random values of JavaScript
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Nothing here knows which engine it runs in.

import {describe} from '../gjs/describe.mjs';

/** Random numbers that are the same for the same seed. */
class Random {
    constructor(seed) {
        this._state = (seed ^ 0x9e3779b9) >>> 0;
        for (let i = 0; i < 4; i++)
            this.next();
    }

    /** A number from 0 to 2^32 - 1: xorshift. */
    next() {
        let x = this._state || 0x6d2b79f5;

        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        this._state = x >>> 0;
        return this._state;
    }

    below(n) {
        return this.next() % n;
    }

    chance(percent) {
        return this.below(100) < percent;
    }

    pick(list) {
        return list[this.below(list.length)];
    }
}

const strings = ['', 'a', 'key', 'é', '\u{1f600}', '\0', '\ud800', 'x\udc00y', '\ufeffmark', '0', '1',
    '-1', '01', '4294967294', '4294967295', '__proto__', 'constructor', 'length', 'toString',
    'x'.repeat(70), 'ü'.repeat(40), ' '.repeat(23), ' '.repeat(24)];
const numbers = [0, -0, 1, -1, 23, 24, -24, -25, 255, 256, 65535, 65536, 2 ** 31, -(2 ** 31), 2 ** 32,
    2 ** 53 - 1, 2 ** 53, -(2 ** 53) + 1, -(2 ** 53), 2 ** 64, 0.1, -1.5, 1e300, 5e-324, NaN, Infinity,
    -Infinity];
const times = [0, -0, 1, -1, 999, 1001, 1e12 + 7, 8.64e15, -8.64e15, 8.64e15 - 1, 4398046511105, 4.45e15 + 1,
    -4.45e15 - 1, NaN];
const errors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
const viewTypes = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array,
    Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView];
const sources = ['a', '(?:)', '[/]', '\\/', '\\d+', '(?<n>a)\\k<n>', '\u{1f600}', '\\n'];
const flags = ['', 'g', 'i', 'gimsuy', 'd', 'y'];

class Generator {
    constructor(random) {
        this.random = random;
        this.objects = [];
        this.buffers = [];
    }

    keep(object) {
        this.objects.push(object);
        return object;
    }

    primitive() {
        const {random} = this;

        switch (random.below(7)) {
        case 0:
            return undefined;
        case 1:
            return null;
        case 2:
            return random.chance(50);
        case 3:
            return random.pick(strings);
        case 4:
            return random.pick(numbers);
        case 5:
            return random.chance(50) ? random.next() | 0 : random.next() / 7;
        default:
            return this.bigint();
        }
    }

    bigint() {
        const magnitude = BigInt(this.random.next()) ** BigInt(this.random.below(5));

        return this.random.chance(50) ? magnitude : -magnitude;
    }

    value(depth) {
        const {random} = this;

        if (this.objects.length > 0 && random.chance(12))
            return random.pick(this.objects);
        if (depth <= 0 || random.chance(30))
            return this.primitive();
        return this.object(depth - 1);
    }

    object(depth) {
        switch (this.random.below(14)) {
        case 0:
        case 1:
        case 2:
            return this.plain(depth);
        case 3:
        case 4:
            return this.array(depth);
        case 5:
            return this.map(depth);
        case 6:
            return this.set(depth);
        case 7:
            return this.keep(new Date(this.random.pick(times)));
        case 8:
            return this.regexp();
        case 9:
            return this.error();
        case 10:
            return this.keep(Object(this.random.pick(
                [true, false, 1.5, -0, NaN, '', 'text', '\udfff', 5n, -(2n ** 70n)])));
        case 11:
            return this.buffer();
        default:
            return this.view();
        }
    }

    plain(depth) {
        const {random} = this;
        const prototypes = [Object.prototype, Object.prototype, Object.prototype, null,
            class Point {}.prototype, {inherited: 1}];
        const object = this.keep(Object.create(random.pick(prototypes)));

        for (let i = random.below(6); i > 0; i--) {
            const value = this.value(depth);
            const key = random.chance(10) ? Symbol('symbol') : random.pick(strings);

            switch (random.below(12)) {
            case 0:
                Object.defineProperty(object, key,
                    {get: () => value, enumerable: true, configurable: true});
                break;
            case 1:
                Object.defineProperty(object, key, {value, configurable: true});
                break;
            default:
                Object.defineProperty(object, key,
                    {value, enumerable: true, configurable: true, writable: true});
            }
        }
        if (random.chance(10))
            Object.freeze(object);
        return object;
    }

    array(depth) {
        const {random} = this;
        const array = this.keep(random.chance(10) ? new class List extends Array {}() : []);

        for (let i = random.below(7); i > 0; i--) {
            if (random.chance(15))
                array.length++;
            else
                array.push(this.value(depth));
        }
        if (random.chance(8))
            array.length += random.below(1000);
        if (random.chance(5))
            array[4294967290] = this.value(depth);
        if (random.chance(15)) {
            Object.defineProperty(array, random.pick(['name', '-1', '01', '4294967295']),
                {value: this.value(depth), enumerable: random.chance(80)});
        }
        return array;
    }

    map(depth) {
        const map = this.keep(new Map());

        for (let i = this.random.below(5); i > 0; i--)
            map.set(this.value(depth), this.value(depth));
        return map;
    }

    set(depth) {
        const set = this.keep(new Set());

        for (let i = this.random.below(5); i > 0; i--)
            set.add(this.value(depth));
        return set;
    }

    regexp() {
        const regexp = new RegExp(this.random.pick(sources), this.random.pick(flags));

        regexp.lastIndex = this.random.below(3);
        return this.keep(regexp);
    }

    error() {
        const {random} = this;
        const constructor = random.pick(errors);
        const error = random.chance(20) ? new constructor() : new constructor(random.pick(strings));

        if (random.chance(20))
            error.name = random.pick(['Error', 'RangeError', 'Other', 5, undefined]);
        if (random.chance(10))
            error.message = random.pick([5, null, true]);
        if (random.chance(10))
            error.extra = 1;
        return this.keep(error);
    }

    buffer() {
        const {random} = this;
        const size = random.chance(10) ? 4096 + 8 * random.below(10) : 8 * random.below(5);
        const bytes = new Uint8Array(size);

        for (let i = 0; i < size; i++)
            bytes[i] = i * 31 + size;
        this.buffers.push(bytes.buffer);
        return this.keep(bytes.buffer);
    }

    view() {
        const {random} = this;
        const buffer = this.buffers.length > 0 && random.chance(60)
            ? random.pick(this.buffers) : this.buffer();
        const constructor = random.pick(viewTypes);
        const size = constructor.BYTES_PER_ELEMENT ?? 1;
        const n = buffer.byteLength / size;
        const start = random.chance(50) ? 0 : random.below(n + 1);

        return this.keep(random.chance(50) ? new constructor(buffer, start * size)
            : new constructor(buffer, start * size, random.below(n - start + 1)));
    }
}

/** A value that can be cloned. */
export function makeValue(seed) {
    const generator = new Generator(new Random(seed));
    const depth = 1 + generator.random.below(5);

    return Array.from({length: 1 + generator.random.below(4)}, () => generator.value(depth));
}

// No MessagePort: for one that is not transferred, Node throws a TypeError of its own.
const impossible = [
    () => () => {},
    () => class {},
    () => Symbol('symbol'),
    () => Object(Symbol('symbol')),
    () => new WeakMap(),
    () => new WeakSet(),
    () => new WeakRef({}),
    () => Promise.resolve(),
    () => (function* generate() {})(),
    () => [].values(),
    () => new Map().keys(),
    () => new Proxy({}, {}),
    () => new Proxy([], {}),
    () => new Proxy(() => {}, {}),
    () => new Proxy(new Date(), {}),
    () => new FinalizationRegistry(() => {}),
    () => new Intl.Collator(),
    () => ({
        get a() {
            throw new RangeError('mine');
        },
    }),
    () => ({
        get a() {
            throw new DOMException('mine', 'AbortError');
        },
    }),
];

/** A value that cannot be cloned, somewhere inside. */
export function makeImpossible(seed) {
    const random = new Random(seed);
    const generator = new Generator(random);
    let value = random.pick(impossible)();

    for (let i = random.below(4); i > 0; i--) {
        const other = generator.value(2);

        value = random.pick([
            () => [other, value],
            () => ({other, value}),
            () => new Map([[value, other]]),
            () => new Map([[other, value]]),
            () => new Set([other, value]),
        ])();
    }
    return value;
}

/** What became of a value: a line of text. */
export function tryToClone(value, clone) {
    try {
        return describe(clone(value));
    } catch (error) {
        return `throws ${error.name}`;
    }
}
