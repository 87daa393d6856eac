// test-clone.js: JavaScript values in messages
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';
import WebMessagingPrivate from 'gi://WebMessagingPrivate?version=1';

import {describe} from './describe.mjs';
import {assert, assertEquals, assertThrows, run, settle, waitUntil} from './tap.js';

WebMessaging.installGlobals();

const document = Gio.File.new_for_uri(import.meta.url).get_parent()
    .resolve_relative_path('../../docs/wire-format.md');
const examples = [...new TextDecoder().decode(document.load_contents(null)[1])
    .matchAll(/^```(example|message)\n(.*?)^```$/gms)]
    .map(([, kind, block]) => ({
        kind,
        ...Object.fromEntries(block.trim().split('\n').map(line => line.split(/ +(.*)/))),
    }));

const toBytes = hex => new Uint8Array(
    hex.replaceAll(' ', '').match(/../g).map(digits => parseInt(digits, 16)));
const toHex = bytes => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(' ');

const Note = GObject.registerClass({
    GTypeName: 'TestCloneNote',
    Implements: [WebMessaging.Serializable],
}, class Note extends GObject.Object {
    vfunc_serialize() {
        if (this.text === undefined)
            throw new Error('no text');
        return new GLib.Variant('s', this.text);
    }

    vfunc_deserialize(variant) {
        this.text = variant.unpack();
        return this.text !== 'bad';
    }
});

// The event that arrives when post(port) posts something.
function deliver(post) {
    const {port1, port2} = new MessageChannel();
    let event = null;

    port2.onmessage = port2.onmessageerror = received => {
        event = received;
    };
    post(port1);
    waitUntil(() => event !== null);
    port1.close();
    settle();
    return event;
}

const deliverCbor = bytes => deliver(port => WebMessagingPrivate.post_cbor(port, bytes, [], [], []));

run({
    examples() {
        let nChecked = 0;

        for (const {kind, hex, buffers, JavaScript: text} of examples) {
            if (text === undefined)
                continue;
            const isRead = text.startsWith('<- ');
            const value = (0, eval)(isRead ? text.slice(3) : text);
            const bytes = toBytes(hex);
            const read = kind === 'message'
                ? WebMessaging.SerializedData.new_from_bytes(bytes).toValue()
                : deliver(port => WebMessagingPrivate.post_cbor(port,
                    bytes, buffers ? [new GLib.Bytes(toBytes(buffers))] : [], [], [])).data;
            const withoutStack = item => item instanceof Error
                ? Object.defineProperty(item, 'stack', {value: undefined}) : item;

            assertEquals(describe(withoutStack(read)), describe(withoutStack(value)));
            if (!isRead) {
                const data = WebMessaging.SerializedData.serialize(value);
                assertEquals(toHex((kind === 'message' ? data.to_bytes() : WebMessagingPrivate.get_cbor(data)).toArray()), hex);
            }
            nChecked++;
        }
        assert(nChecked > 30);
    },

    what_cannot_be_read_is_a_messageerror() {
        for (const hex of ['61', '63 61', '1c', '9a 7f ff ff ff', 'd8 1d 00', 'd8 63 00', 'ff',
            'a1 01 02', '01 01', 'd9 52 4a 82 61 28 60', 'd9 52 4a 82 61 61 62 67 67',
            'd8 45 41 00', 'd8 40 01', 'da 57 45 42 02 84 18 45 42 00 00 01 01',
            'da 57 45 42 02 84 00 42 00 00 03 01', 'da 57 45 42 00 00', 'da 57 45 42 01 00',
            'da 57 45 42 08 f6', 'da 57 45 42 03 82 1a ff ff ff ff 00',
            'da 57 45 42 03 82 a1 66 6c 65 6e 67 74 68 1a ff ff ff ff 00', 'd8 1b 82 63 46 6f 6f 01', '61 ff', 'd8 54 42 00 3c']) {
            const event = deliverCbor(toBytes(hex));

            assert(event.type === 'messageerror', `${hex}: ${event.type}`);
            assert(event instanceof MessageEvent);
            assertEquals(event.data, null);
        }
    },

    the_microseconds_of_a_date_are_cut_off() {
        for (const hex of ['41 d7 82 f8 40 07 df 3b', '41 d7 82 f8 40 07 df 40',
            '41 d7 82 f8 40 07 e6 b4', '41 d7 82 f8 40 07 ef 9d'])
            assertEquals(deliverCbor(toBytes(`c1 fb ${hex}`)).data.getTime(), 1577836800123, hex);
    },

    nobody_sees_what_cannot_be_read() {
        const {port1, port2} = new MessageChannel();
        const types = [];

        for (const type of ['message', 'messageerror']) {
            port2.connect(type, (_port, event) => types.push(`signal ${event.type}`));
            port2.addEventListener(type, event => types.push(`listener ${event.type}`));
        }
        port2.start();
        WebMessagingPrivate.post_cbor(port1, toBytes('d9 52 4a 82 61 28 60'), [], [], []);
        port1.postMessage('fine');
        waitUntil(() => types.length === 4);
        assertEquals(types,
            ['listener messageerror', 'signal messageerror', 'listener message', 'signal message']);
        port1.close();
    },

    data_is_decoded_once() {
        const event = deliver(port => port.postMessage({a: 1}));

        assert(event.data === event.data);
        assertEquals(event.get_data().deepUnpack().a.unpack(), 1);
    },

    data_of_c() {
        const event = deliver(port => port.post_message(
            GLib.Variant.parse(null, "(1, <'a'>, @mi nothing, {1: true}, [1, 2], b'x')", null, null), []));

        assertEquals(describe(event.data),
            describe([1, 'a', null, new Map([[1, true]]), new Int32Array([1, 2]),
                new Uint8Array([120, 0]).buffer]));
        assertEquals(event.get_data().get_type_string(), '(ivmia{ib}aiay)');
        assertEquals(deliver(port => port.post_message(null, [])).data, null);
    },

    a_getter_posts_a_message() {
        const {port1, port2} = new MessageChannel();
        const received = [];

        port2.onmessage = ({data}) => received.push(data);
        port1.postMessage({
            a: 'x'.repeat(5000),
            get b() {
                port1.postMessage({inner: 'y'.repeat(5000)});
                return 1;
            },
        });
        waitUntil(() => received.length === 2);
        assertEquals(received, [{inner: 'y'.repeat(5000)}, {a: 'x'.repeat(5000), b: 1}]);
        port1.close();
    },

    serializable_objects() {
        const note = Object.assign(new Note(), {text: 'hello'});
        const {data} = deliver(port => port.postMessage({note, again: [note]}));

        assert(data.note instanceof Note && data.note !== note);
        assertEquals(data.note.text, 'hello');
        assert(data.note === data.again[0]);

        const clone = structuredClone(new Map([[note, note]]));
        const [[key, value]] = clone;
        assert(key === value && key !== note && key.text === 'hello');

        assertEquals(deliver(port => port.postMessage(Object.assign(new Note(), {text: 'bad'}))).type,
            'messageerror');
        assertThrows(() => structuredClone(new Note()));
        assertThrows(() => structuredClone(Object.assign(new Note(), {text: 'bad'})));
    },

    serialized_data() {
        const data = WebMessaging.SerializedData.serialize(new Map([[1, {a: 2n}]]));
        const again = WebMessaging.SerializedData.new_from_bytes(data.to_bytes());

        assertEquals(describe(again.toValue()), describe(new Map([[1, {a: 2n}]])));
        assert(again.toValue() !== again.toValue());

        const {port1} = new MessageChannel();
        const transferred = WebMessaging.SerializedData.serialize(port1, {transfer: [port1]});
        assertThrows(() => transferred.to_bytes());
        assert(transferred.toValue() instanceof MessagePort);
        assertThrows(() => transferred.toValue());
    },

    windows() {
        const sender = WebMessaging.Window.new('https://sender.example');
        const receiver = WebMessaging.Window.new('https://receiver.example');
        const {port1} = new MessageChannel();
        const events = [];

        receiver.onmessage = event => events.push(event);
        receiver.postMessageFrom(sender, {set: new Set([1])}, 'https://receiver.example/path');
        receiver.postMessageFrom(sender, 'dropped');
        receiver.postMessageFrom(null, port1, {targetOrigin: '*', transfer: [port1]});
        waitUntil(() => events.length === 2);
        assert(events[0].data.set.has(1));
        assertEquals(events[0].origin, 'https://sender.example');
        assert(events[0].source === sender);
        assert(events[1].data === events[1].ports[0]);
        assertEquals(events[1].origin, 'null');

        const other = new MessageChannel().port1;
        for (const [name, ...args] of [['SyntaxError', 1, 'nowhere', [other]],
            ['DataCloneError', () => {}, '*', [other]], ['TypeError', 1, '*', [null]], ['TypeError']])
            assertEquals(assertThrows(() => receiver.postMessageFrom(sender, ...args)).name, name);
        assert(!other.is_detached());
    },

    receive() {
        const {port1, port2} = new MessageChannel();
        const results = [];

        (async () => {
            results.push((await port2.receive()).data);
            results.push((await port2.receive()).data);
            await port2.receive().catch(error => results.push(error.name));
        })();
        port1.postMessage(1);
        port1.postMessage({a: 2});
        port1.close();
        waitUntil(() => results.length === 3);
        assertEquals(results, [1, {a: 2}, 'InvalidStateError']);
    },

    every_port_gets_a_copy_of_its_own() {
        const data = WebMessaging.SerializedData.serialize({list: [1]});
        const first = deliver(port => port.post_serialized(data)).data;
        const second = deliver(port => port.post_serialized(data)).data;

        first.list.push(2);
        assertEquals(second, {list: [1]});
    },
});
