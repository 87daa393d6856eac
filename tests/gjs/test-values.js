// test-values.js: what the structured clone algorithm makes of the values of GJS
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, assertThrows, run} from './tap.js';

const {SerializedData, structuredClone} = WebMessaging;

const assertDataCloneError = callback => {
    const error = assertThrows(callback);

    assert(error instanceof WebMessaging.DOMException && error.name === 'DataCloneError', `${error}`);
};

/** What another process makes of a value. */
const send = value => SerializedData.new_from_bytes(SerializedData.serialize(value).to_bytes()).toValue();

/** A message from elsewhere, of one item of CBOR. */
function foreign(...item) {
    return SerializedData.new_from_bytes(
        new Uint8Array([0xda, 0x57, 0x45, 0x42, 0x07, 0x83, 0x80, 0x80, ...item]));
}

run({
    proxies_are_refused_and_their_traps_not_called() {
        const called = [];
        const traps = new Proxy({}, {
            get(_target, trap) {
                // What tells that an object might be a Date
                if (trap === 'getPrototypeOf')
                    return undefined;
                return () => {
                    called.push(trap);
                    throw new RangeError(trap);
                };
            },
        });
        const revoked = Proxy.revocable({}, {});

        revoked.revoke();
        for (const proxy of [new Proxy({a: 1}, traps), new Proxy([1], traps), new Proxy(new Map(), traps),
            revoked.proxy, new Proxy({}, {getPrototypeOf: () => Date.prototype})])
            assertDataCloneError(() => structuredClone({nested: [proxy]}));
        assertEquals(called, []);
    },

    a_prototype_does_not_hide_a_class() {
        const hostile = new Proxy({}, {
            get: () => assert(false),
            has: () => assert(false),
            getPrototypeOf: () => assert(false),
        });

        assertEquals(structuredClone(Object.setPrototypeOf({a: 1}, hostile)), {a: 1});
        assertEquals(structuredClone(Object.setPrototypeOf(new Date(7), hostile)), new Date(7));
        assertEquals(structuredClone(Object.setPrototypeOf(new Map([[1, 2]]), Date.prototype)), new Map([[1, 2]]));
        assertEquals(structuredClone(Object.setPrototypeOf(new Uint8Array([1]), null)), new Uint8Array([1]));
        assertEquals(structuredClone(Object.setPrototypeOf([1], null)), [1]);
        assertEquals(structuredClone(Object.create(RegExp.prototype)), {});
    },

    a_prototype_is_an_ordinary_object() {
        for (const {prototype} of [Date, RegExp, Promise])
            assertEquals(structuredClone(prototype), {});
    },

    arguments_are_refused() {
        assertDataCloneError(() => structuredClone((0, eval)('(function () { return arguments; })(1, 2)')));
    },

    big_integers() {
        const largest = (1n << 2n ** 20n - 1n) - 1n;

        for (const number of [0n, -1n, 0x7fn, 0x80n, -0x100n, 0xabcdefn, 1n << 64n, -(1n << 64n),
            0x123456789abcdef0123456789abcdefn, largest, -largest])
            assert(structuredClone(number) === number);
    },

    a_big_integer_that_is_too_big() {
        const size = 131073;

        assertDataCloneError(() =>
            foreign(0xc2, 0x5a, 0, size >> 16, size >> 8 & 255, size & 255, ...new Uint8Array(size).fill(255)).toValue());
    },

    lone_surrogates() {
        for (const string of ['\ud800', 'a\udfffb', '\ud800\ud800', '퟿\ud800í\ud83d\ude00\ude00', '\ufeff\ud800\ufeff',
            `${'a'.repeat(1e6)}\udead${'\ud800é'.repeat(1e4)}`])
            assert(structuredClone(string) === string);
    },

    depth() {
        const nest = {
            object: value => ({value}),
            array: value => [value],
            sparse: value => Object.assign([], {value}),
            map: value => new Map([[1, value]]),
            set: value => new Set([value]),
            error: value => Object.defineProperty(new Error('', {cause: value}), 'stack', {value: undefined}),
        };

        for (const wrap of Object.values(nest)) {
            let value = 1;
            for (let i = 0; i < 1023; i++)
                value = wrap(value);
            send(value);
            structuredClone(value);
            assertDataCloneError(() => structuredClone(wrap(value)));
        }
    },

    depth_of_shared_objects() {
        let value = {};

        for (let i = 0; i < 1023; i++)
            value = {a: value, b: value};
        let copy = send(value);
        for (let i = 0; i < 1023; i++) {
            assert(copy.a === copy.b);
            copy = copy.a;
        }
        assertEquals(copy, {});
    },

    glib_errors() {
        const error = assertThrows(() => Gio.File.new_for_path('/does/not/exist').load_contents(null));

        for (const copy of [structuredClone(error), send({error}).error]) {
            assert(copy !== error && copy instanceof Gio.IOErrorEnum);
            assert(copy.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND));
            assertEquals([copy.message, copy.domain, copy.code, copy.stack],
                [error.message, error.domain, error.code, error.stack]);
        }
    },

    glib_error_of_an_unknown_domain() {
        const domain = 'a-domain-that-nobody-knows';
        const text = string => [0x60 | string.length, ...new TextEncoder().encode(string)];
        const error = foreign(0xd8, 27, 0x82, ...text('Error'), 0xa4, ...text('class'), ...text('GLib.Error'),
            ...text('message'), ...text('no'), ...text('domain'), 0x78, domain.length, ...text(domain).slice(1), ...text('code'), 3).toValue();

        assert(Object.getPrototypeOf(error) === Error.prototype);
        assertEquals(error.message, 'no');
        assertEquals(GLib.quark_try_string(domain), 0);
    },

    what_cannot_be_read_is_a_dom_exception() {
        // A regular expression with an open bracket
        assertDataCloneError(() => foreign(0xd9, 0x52, 0x4a, 0x81, 0x61, 0x28).toValue());
    },
});
