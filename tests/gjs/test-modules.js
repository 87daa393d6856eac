// test-modules.js: the modules of the overrides, each on its own
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {assert, assertEquals, assertThrows, run} from './tap.js';

const {webmessaging} = imports.overrides;

run({
    web_idl() {
        const {extend, nameClass, requireArguments, toDictionary, toSequence, toUSVString} = webmessaging.webidl;

        class Thing {}
        nameClass(Thing, 'Thing', 1);
        extend(Thing, {
            get one() {
                return 1;
            },
        });
        assertEquals(`${new Thing()}`, '[object Thing]');
        assertEquals([Thing.length, new Thing().one, 'one' in Thing.prototype], [1, 1, true]);
        assert(assertThrows(() => Thing.prototype.one) instanceof TypeError);
        assert(assertThrows(() => requireArguments([], 1, 'f')) instanceof TypeError);
        assert(assertThrows(() => toDictionary(1, 'f')) instanceof TypeError);
        assert(assertThrows(() => toSequence('text', 'f')) instanceof TypeError);
        assertEquals(toUSVString('a\ud800b'), 'a\ufffdb');
    },

    version() {
        const {WebMessagingPrivate} = imports.gi;

        assertEquals(webmessaging.realm.VERSION, WebMessagingPrivate.VERSION);
        const {message} = assertThrows(() => WebMessagingPrivate.Realm.new('0.0.1', () => 1));
        assert(message.includes('version 0.0.1') && message.includes(WebMessagingPrivate.VERSION), message);
    },

    dom_exception() {
        const {DOMException, isDOMException} = webmessaging.domException;
        const exception = new DOMException('text', 'AbortError');

        assertEquals([exception.name, exception.message, exception.code], ['AbortError', 'text', 20]);
        assert(exception instanceof Error && isDOMException(exception));
        assert(!isDOMException(Object.create(exception)));
    },

    brands() {
        const {classOf} = webmessaging.brands;

        assertEquals([new Date(), new Map(), new Uint8Array(1), Object.create(Date.prototype), new Proxy([], {})]
            .map(classOf), ['Date', 'Map', 'Uint8Array', 'Object', 'Proxy']);
    },

    cbor() {
        const {MAJOR_ARRAY, MAJOR_UINT} = webmessaging.cbor;
        const writer = new webmessaging.cborWriter.CborWriter();

        writer.writeHead(MAJOR_ARRAY, 3);
        writer.writeHead(MAJOR_UINT, 2 ** 40);
        writer.writeFloat(0.5);
        writer.writeString('text');
        const bytes = writer.bytes.slice(0, writer.position);
        const reader = new webmessaging.cborReader.CborReader(bytes, bytes.length);
        assertEquals([reader.readHead(MAJOR_ARRAY), reader.readHead(MAJOR_UINT)], [3, 2 ** 40]);
        assertEquals(reader.readOther(bytes[reader.position++] & 31), 0.5);
        assertEquals(reader.readText(bytes[reader.position++] & 31), 'text');
        assertEquals(assertThrows(() => reader.readData(1)).name, 'DataCloneError');
    },

    structured_clone() {
        const {encode} = webmessaging.structuredSerialize;
        const {decode} = webmessaging.structuredDeserialize;
        const value = {list: [1, 'two', null]};
        const {cbor, length, buffers, objects} = encode(value, new Map(), bytes => bytes);

        assertEquals([buffers, objects], [[], []]);
        assertEquals(decode(cbor, length), value);
    },
});
