// test-clone.js: values in messages, and what only newer engines have
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

load('tap.js');

const roundTrip = async value => (await deliver(port => port.postMessage(value))).data;

// By structuredClone(), and by a message
async function assertClones(value, check) {
    check(structuredClone(value));
    check(await roundTrip(value));
}

const assertRefused = value => {
    assertThrows(() => structuredClone(value), 'DataCloneError');
    assertThrows(() => new MessageChannel().port1.postMessage(value), 'DataCloneError');
};

run({
    // HTML, structured-data.html#structuredserializewithtransfer: DetachArrayBuffer throws before the message goes.
    async memory_of_WebAssembly_is_not_transferred() {
        const {buffer} = new WebAssembly.Memory({initial: 1});
        const plain = new ArrayBuffer(8);
        const {port1, port2} = new MessageChannel();
        const {port1: sent} = new MessageChannel();
        const arrived = nextEvent(port2, 'message');

        assertEquals(structuredClone(buffer), buffer);
        assertThrows(() => structuredClone(buffer, {transfer: [plain, buffer]}), 'TypeError');
        assertThrows(() => port1.postMessage(plain, [sent, plain, buffer]), 'TypeError');
        assertEquals([plain.byteLength, buffer.byteLength], [8, 65536]);
        const whole = new ArrayBuffer(65536);
        port1.postMessage(whole, [sent, whole]);
        port2.start();
        const {data, ports} = await arrived;
        assertEquals([data.byteLength, ports.length, whole.byteLength], [65536, 1, 0]);
        port1.close();
    },

    async values() {
        const shared = {a: 1};
        const cycle = {list: [shared, shared]};
        cycle.self = cycle;
        const values = [
            undefined, null, true, 0, -0, NaN, Infinity, 1.5, -1, 2 ** 53, 2n ** 80n, -(2n ** 80n), 0n, '', 'text',
            'a\0b', 'ü€😀', 'x'.repeat(100000), `ü${'y'.repeat(70000)}`, 'lone \ud800 one', new Date(12345),
            new Date(NaN), /a.b/giu, Object(1), Object('s'), Object(true), Object(2n), [1, , 3], Object.assign([1], {a: 2}),
            new Map([[1, {z: 1}], [{}, 2]]), new Set([1, 'a', [2]]), {}, {a: {}, b: [{}]}, [], cycle,
            new ArrayBuffer(0), new Uint8Array([1, 2, 3]).buffer, new Uint8Array(100000).fill(7).buffer,
            new Float64Array([1.5, NaN]), new BigInt64Array([1n]), new DataView(new ArrayBuffer(8), 2, 4),
            new Uint8Array([1, 2, 3, 4]).subarray(1, 3), new Float16Array([1.5, -2]),
        ];

        for (const value of values)
            await assertClones(value, clone => assertEquals(clone, value));
    },

    // In an order that is not that of their numbers, and with numbers of one byte, two and three
    async objects_that_occur_again() {
        for (const count of [1, 24, 25, 300]) {
            for (const text of ['', 'x'.repeat(200)]) {
                const objects = Array.from({length: count}, (_item, id) => ({id, text, inner: {}}));
                const message = [objects, [...objects].reverse(), objects.map(({inner}) => inner), objects];

                message.push(message);
                await assertClones(message, ([first, second, inners, again, whole]) => {
                    assertEquals(first, objects);
                    assert(again === first && whole[0] === first);
                    for (const [i, object] of first.entries())
                        assert(second[count - 1 - i] === object && inners[i] === object.inner);
                });
            }
        }
    },

    async elements_that_a_getter_of_another_one_deletes() {
        const makeList = () => {
            const list = [{get x() {
                return delete list[5];
            }}, 1, 2, 3, 4, 5, 6];
            return list;
        };

        Array.prototype[5] = 'inherited';
        try {
            for (const clone of [structuredClone(makeList()), await roundTrip(makeList())])
                assertEquals([clone.length, Object.keys(clone).join()], [7, '0,1,2,3,4,6']);
        } finally {
            delete Array.prototype[5];
        }
    },

    async errors() {
        for (const [error, name] of [
            [new TypeError('a', {cause: {b: 1}}), 'TypeError'], [new DOMException('c', 'AbortError'), 'AbortError'],
            [Object.assign(new Error('d'), {name: 'Mine'}), 'Error'], [new AggregateError([], 'e'), 'Error'],
        ]) {
            await assertClones(error, clone => {
                assertEquals([clone.name, clone.message, clone.cause?.b], [name, error.message, error.cause?.b]);
                assert(clone instanceof error.constructor || name === 'Error');
            });
        }
    },

    what_has_no_clone() {
        class Thing extends EventTarget {}
        for (const value of [
            () => {}, Symbol('s'), Object(Symbol('s')), new WeakMap(), new WeakSet(), new WeakRef({}),
            Promise.resolve(), (function* () {})(), new Map().entries(), new EventTarget(), new Event('e'), new Thing(),
            new MessageChannel().port1, new MessageChannel(), new AbortController().signal, globalThis,
            new Intl.DateTimeFormat(), {deep: [() => {}]}, new Map([[1, Symbol('x')]]),
            new FinalizationRegistry(() => {}),
        ])
            assertRefused(value);
    },

    proxies() {
        if (structuredCloneTakesProxies())
            return 'this engine does not tell what is a proxy';

        const seen = [];
        const spy = new Proxy({}, {get: (_target, trap) => void seen.push(trap)});
        const {proxy: revoked, revoke} = Proxy.revocable([], {});
        const proxies = [{}, [], [1], new Map(), () => {}, new Date(), new Error('e'), new Proxy({}, {}), new Uint8Array(1)]
            .map(target => new Proxy(target, spy));

        revoke();
        for (const proxy of [...proxies, revoked]) {
            for (const value of [
                proxy, [proxy], [[1], {a: 1}, proxy], {a: 1, proxy}, {a: {b: [[proxy]]}}, new Map([[1, proxy]]),
                new Map([[proxy, 1]]), new Set([1, proxy]), new Error('e', {cause: proxy}), Object.assign([], {proxy}), [, proxy],
            ])
                assertRefused(value);
            assertThrows(() => structuredClone(1, {transfer: [proxy]}), 'DataCloneError');
        }
        assertRefused(globalThis);
        assertEquals(seen, []);
        return undefined;
    },

    // The library takes a short way for arrays that are nothing but a list.
    async arrays_that_are_more_than_lists() {
        const hidden = {value: 0, configurable: true, enumerable: false, writable: true};
        const accessor = {get: () => 'read', configurable: true, enumerable: true};
        const symbol = Symbol('s');

        for (const list of [[], [1, 2], [1.5, 2.5], ['a', {}], [undefined], new Array(3).fill(0), Array.from({length: 20}, () => [])]) {
            const copy = extra => Object.assign([...list], extra);

            for (const value of [
                list, Object.freeze([...list]), Object.seal([...list]), copy({name: 1}), copy({'-1': 1, '01': 2}), copy({[symbol]: 1}),
                Object.setPrototypeOf([...list], null), class extends Array {}.from(list), [...list, , 1], copy({length: 50}),
            ]) {
                await assertClones(value, clone => {
                    assertEquals([clone.length, Object.keys(clone).join()], [value.length, Object.keys(value).join()]);
                    assertEquals([...Array.prototype.values.call(clone)], [...Array.prototype.values.call(value)]);
                    assert(Object.getPrototypeOf(clone) === Array.prototype);
                });
            }
            for (const [descriptor, expected] of [[accessor, 'read'], [hidden, undefined]]) {
                await assertClones(Object.defineProperty([...list, 1], list.length, descriptor),
                    clone => assertEquals([clone.length, clone[list.length]], [list.length + 1, expected]));
            }
        }
    },

    arrays_of_a_realm_with_indexed_accessors() {
        const realm = newRealm();

        realm.check = (value, expected) => assertEquals([value.length, ...value], expected);
        realm.eval(`
            const list = [1, 2];
            check(structuredClone(list), [2, 1, 2]);
            Object.defineProperty(Array.prototype, 7, {get: () => 'inherited', set() {}, configurable: true});
            check(structuredClone(list), [2, 1, 2]);
            check(structuredClone([{}, {}]), [2, {}, {}]);
            check(structuredClone(Object.defineProperty([1, 2], 0, {get: () => 'read', enumerable: true})), [2, 'read', 2]);
            check(structuredClone(Object.assign([1], {name: 2})), [1, 1]);
            if (structuredClone(Object.assign([1], {name: 2})).name !== 2)
                throw new Error('no name');
            if (Object.hasOwn(structuredClone(new Array(9)), 7))
                throw new Error('no hole');
        `);
        assertEquals(structuredClone(realm.eval('[1, {}]')), [1, {}]);
        assertEquals(structuredClone(realm.eval('Object.assign([1], {name: 2})')).name, 2);
    },

    // What a script has changed does not count.
    disguises() {
        const disguise = (object, prototype) => Object.setPrototypeOf(object, prototype);

        for (const prototype of [null, Object.prototype, Date.prototype, Map.prototype]) {
            assert(structuredClone(disguise(new Map([[1, 2]]), prototype)) instanceof Map);
            assert(structuredClone(disguise(new Date(5), prototype)) instanceof Date);
            assert(Array.isArray(structuredClone(disguise([1], prototype))));
        }
        assertEquals(structuredClone(Object.create(null, {x: {value: 1, enumerable: true}})), {x: 1});
        for (const prototype of [null, Object.prototype, Date.prototype])
            assertThrows(() => structuredClone(disguise(Promise.resolve(), prototype)), 'DataCloneError');
        for (const {prototype} of [Map, Set, Date, RegExp, Promise, WeakMap, ArrayBuffer])
            assertEquals(structuredClone(Object.assign(Object.create(prototype), {a: 1})), {a: 1});
        assertEquals(structuredClone({[Symbol.toStringTag]: 'Promise', a: 1}), {a: 1});
        class Pair {
            constructor() {
                this.left = 1;
            }
        }
        assertEquals(structuredClone(new Pair()), {left: 1});
        class MyMap extends Map {}
        assert(structuredClone(new MyMap([[1, 2]])).get(1) === 2);
    },

    async transferred_buffers_are_detached() {
        for (const size of [0, 8, 100000]) {
            const buffer = new Uint8Array(size).fill(3).buffer;
            const clone = structuredClone(buffer, {transfer: [buffer]});

            assert(buffer.detached && buffer.byteLength === 0 && !clone.detached && clone.byteLength === size);
            assertThrows(() => structuredClone(buffer), 'DataCloneError');
            assertThrows(() => structuredClone(1, {transfer: [buffer]}), 'DataCloneError');

            const {data} = await deliver(port => port.postMessage({view: new Uint8Array(clone)}, [clone]));
            assert(clone.detached && data.view.length === size && (size === 0 || data.view[size - 1] === 3));
            // The engine copies a buffer that C has seen, and does not detach it.
            const moved = data.view.buffer.transfer();
            assert(data.view.buffer.detached && moved.byteLength === size);
        }
    },

    nothing_is_detached_by_a_failure() {
        const buffer = new ArrayBuffer(8);

        assertThrows(() => structuredClone(() => {}, {transfer: [buffer]}), 'DataCloneError');
        assertThrows(() => structuredClone(1, {transfer: [buffer, buffer]}), 'DataCloneError');
        assertThrows(() => structuredClone(1, {transfer: [buffer, {}]}), 'DataCloneError');
        assert(!buffer.detached);
        const {port1} = new MessageChannel();
        assertThrows(() => port1.postMessage(1, [buffer, port1]), 'DataCloneError');
        assert(!buffer.detached);
        port1.postMessage(2);
    },

    async resizable_buffers() {
        const buffer = new ArrayBuffer(8, {maxByteLength: 16});
        const tracking = new Uint8Array(buffer);
        const fixed = new Uint8Array(buffer, 0, 8);
        const offset = new Uint16Array(buffer, 2);
        const view = new DataView(buffer, 1);

        tracking.set([1, 2, 3, 4, 5, 6, 7, 8]);
        for (const length of [8, 16]) {
            buffer.resize(length);
            await assertClones({tracking, fixed, offset, view}, clone => {
                assert(clone.tracking.buffer === clone.view.buffer && clone.tracking.buffer.resizable);
                assertEquals([clone.tracking.buffer.byteLength, clone.tracking.buffer.maxByteLength], [length, 16]);
                assertEquals([...clone.tracking], [...tracking]);
                clone.tracking.buffer.resize(12);
                assertEquals([clone.tracking.length, clone.fixed.length, clone.offset.length, clone.view.byteLength],
                    [12, 8, 5, 11]);
            });
            assertEquals([tracking.length, [...fixed], offset.length], [length, [1, 2, 3, 4, 5, 6, 7, 8], length / 2 - 1]);
        }

        buffer.resize(4);
        assertRefused(fixed);
        assertRefused({list: [fixed]});
        buffer.resize(0);
        assertRefused(view);
        assertRefused(offset);
        assertEquals(structuredClone(tracking).length, 0);

        // With room for one element, which is not at the end of the buffer
        const uneven = structuredClone(new Float64Array(new ArrayBuffer(9, {maxByteLength: 16}), 8));
        uneven.buffer.resize(16);
        assertEquals(uneven.length, 1);
        const clone = structuredClone(buffer, {transfer: [buffer]});
        assert(buffer.detached && clone.resizable && clone.maxByteLength === 16);
    },

    async shared_buffers() {
        if (typeof SharedArrayBuffer === 'undefined')
            return 'this engine has no SharedArrayBuffer';
        const buffer = new SharedArrayBuffer(8);
        const {view, again} = structuredClone({view: new Uint8Array(buffer), again: buffer});

        view[0] = 5;
        assert(new Uint8Array(buffer)[0] === 5 && view.buffer === again);
        assertThrows(() => structuredClone(buffer, {transfer: [buffer]}), 'DataCloneError');
        assertThrows(() => new MessageChannel().port1.postMessage(buffer), 'DataCloneError');
        assertThrows(() => structuredClone({
            get a() {
                new MessageChannel().port1.postMessage(buffer);
                return 1;
            },
        }), 'DataCloneError');
        return undefined;
    },

    async a_getter_posts_a_message() {
        const {port1, port2} = new MessageChannel();
        const received = [];

        port2.onmessage = ({data}) => received.push(data);
        port1.postMessage({
            a: new Uint8Array(5000).fill(1),
            get b() {
                port1.postMessage({inner: new Uint8Array(5000).fill(2)});
                return 'y'.repeat(100000);
            },
        });
        await until(() => received.length === 2);
        assertEquals(received.map(({a, b, inner}) => [a?.[4999], b?.length, inner?.[4999]]),
            [[undefined, undefined, 2], [1, 100000, undefined]]);
        port1.close();
    },

    exceptions_of_getters_are_passed_on() {
        const thrown = new Error('mine');

        for (const clone of [structuredClone, value => new MessageChannel().port1.postMessage(value)]) {
            assert(assertThrows(() => clone({
                big: new Uint8Array(10000),
                get bad() {
                    throw thrown;
                },
            })) === thrown);
        }
    },

    // A script that is not to be trusted looks for the functions of C.
    nothing_is_seen_of_the_natives() {
        const seen = [];
        const spies = [];
        const {apply} = Reflect;
        let isSpying = false;
        const spy = (object, name) => {
            const original = Object.getOwnPropertyDescriptor(object, name);
            spies.push([object, name, original]);
            Object.defineProperty(object, name, {
                ...original,
                value(...args) {
                    if (isSpying) {
                        seen[seen.length] = this;
                        for (let i = 0; i < args.length; i++)
                            seen[seen.length] = args[i];
                    }
                    return apply(original.value, this, args);
                },
            });
        };

        for (const [object, names] of [
            [Function.prototype, ['call', 'bind']], [Array.prototype, ['push', 'map', 'forEach', 'every']],
            [Map.prototype, ['get', 'set', 'has']], [WeakMap.prototype, ['get', 'set']], [Set.prototype, ['add', 'has']],
            [Object.getPrototypeOf(Uint8Array.prototype), ['set', 'slice', 'subarray']], [Promise.prototype, ['then']],
        ])
            names.forEach(name => spy(object, name));
        try {
            isSpying = true;
            const {port1, port2} = new MessageChannel();
            port1.postMessage({a: [1, new Uint8Array(10)]});
            structuredClone({b: port2}, {transfer: [port2]});
            new BroadcastChannel('x').close();
        } finally {
            isSpying = false;
            for (const [object, name, original] of spies)
                Object.defineProperty(object, name, original);
        }
        for (const value of seen) {
            assert(typeof value !== 'function' || !/native code/.test(`${value}`) ||
                value.name in globalThis || !/^(post|open|append|keepBytes|makeChannel|close)$/.test(value.name),
            `a script saw ${value?.name}`);
            assert(typeof value !== 'object' || value === null || !('post' in value && 'makeChannel' in value));
        }
        assertEquals(Object.getOwnPropertyNames(globalThis).filter(name => /native|webm/i.test(name)), []);
    },
});

function structuredCloneTakesProxies() {
    try {
        structuredClone(new Proxy({}, {}));
        return true;
    } catch {
        return false;
    }
}
