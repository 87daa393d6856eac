// test-broadcast.js: BroadcastChannel in GJS; the rules are in test-broadcast-channel.c and the suite
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, assertThrows, run, settle, waitUntil} from './tap.js';

WebMessaging.installGlobals();

let nNames = 0;

function open(count) {
    const name = `test ${nNames++}`;

    return Array.from({length: count}, () => new BroadcastChannel(name));
}

// Makes a channel in a function of its own, so that the stack does not keep it.
function listenAndForget(name, listen) {
    const received = [];

    for (let i = 0; i < 50; i++)
        listen(new BroadcastChannel(name), received);
    return received;
}

function collect() {
    for (let i = 0; i < 20; i++) {
        settle();
        System.gc();
    }
}

run({
    values() {
        const [here, there] = open(2);
        const seen = [];
        const buffer = new Uint8Array(10000).fill(7);
        const value = {map: new Map([['a', new Set([1n, 2n ** 70n])]]), buffer, date: new Date(5)};

        value.self = value;
        there.onmessage = ({data, origin, source, ports, target}) =>
            seen.push(data, origin, source, ports.length, target === there);
        here.postMessage(value);
        buffer.fill(1);
        settle();
        const [data, ...rest] = seen;
        assertEquals(rest, ['', null, 0, true]);
        assert(data.self === data && data.map.get('a').has(2n ** 70n) && data.date.getTime() === 5);
        assert(data.buffer.length === 10000 && data.buffer.every(byte => byte === 7));
    },

    copies() {
        const [here, ...others] = open(3);
        const copies = [];

        others.forEach(channel => channel.addEventListener('message', ({data}) => {
            data.bytes.fill(copies.length);
            copies.push(data);
        }));
        here.postMessage({bytes: new Uint8Array(5000)});
        settle();
        assertEquals(copies.map(({bytes}) => bytes[4999]), [0, 1]);
    },

    names() {
        for (const name of ['', 'ä\u{1f600}', 'a\0b', 'lone \ud800', '\ufdd0']) {
            const [here, there] = [new BroadcastChannel(name), new BroadcastChannel(name)];
            let received = 0;

            assert(here.name === name);
            there.onmessage = () => received++;
            here.postMessage(1);
            settle();
            assertEquals(received, 1);
        }
        assertEquals(new BroadcastChannel({toString: () => 'object'}).name, 'object');
        assert(assertThrows(() => new BroadcastChannel(Symbol('name'))) instanceof TypeError);
        assert(assertThrows(() => new BroadcastChannel()) instanceof TypeError);
        assert(assertThrows(() => BroadcastChannel('name')) instanceof TypeError);
    },

    derived_classes() {
        class News extends BroadcastChannel {
            #count = 0;

            constructor() {
                super('news');
                this.addEventListener('message', () => this.#count++);
            }

            get count() {
                return this.#count;
            }
        }
        const news = new News();

        new BroadcastChannel('news').postMessage(1);
        settle();
        assertEquals([news.count, news.name, news instanceof News, `${news}`], [1, 'news', true, '[object BroadcastChannel]']);
    },

    what_cannot_be_posted() {
        const [here, there] = open(2);
        const {port1} = new MessageChannel();
        let received = 0;

        there.onmessage = () => received++;
        for (const value of [() => {}, Symbol('x'), port1, {port1}])
            assertEquals(assertThrows(() => here.postMessage(value)).name, 'DataCloneError');
        assert(assertThrows(() => here.postMessage()) instanceof TypeError);
        const error = assertThrows(() => here.postMessage({
            get x() {
                throw new RangeError('mine');
            },
        }));
        assert(error instanceof RangeError);
        settle();
        assertEquals(received, 0);
    },

    // In the standard there is no second argument.
    no_transfer_list() {
        const [here, there] = open(2);
        const buffer = new ArrayBuffer(8);

        there.onmessage = ({data}) => {
            there.size = data.byteLength;
        };
        here.postMessage(buffer, [buffer]);
        settle();
        assertEquals([buffer.byteLength, there.size], [8, 8]);
    },

    a_closed_channel_does_not_read_the_message() {
        const [here] = open(1);
        let nRead = 0;

        here.close();
        here.close();
        const error = assertThrows(() => here.postMessage({
            get x() {
                return nRead++;
            },
        }));
        assert(error instanceof DOMException && error.name === 'InvalidStateError');
        assertEquals([nRead, here.closed], [0, true]);
        assert(assertThrows(() => here.post_message(null)) instanceof DOMException);
    },

    closing_in_a_handler() {
        const [here, first, second] = open(3);
        const seen = [];

        first.onmessage = ({data}) => {
            seen.push(data);
            second.close();
        };
        second.onmessage = ({data}) => seen.push(-data);
        here.postMessage(1);
        here.postMessage(2);
        settle();
        assertEquals(seen, [1, 2]);
    },

    // HTML, webappapis.html#clean-up-after-running-script
    microtasks_run_between_two_receivers() {
        const [here, ...others] = open(3);
        const order = [];

        for (const [index, channel] of others.entries()) {
            channel.onmessage = () => {
                order.push(`event ${index}`);
                Promise.resolve().then(() => order.push(`microtask ${index}`));
            };
        }
        here.postMessage(1);
        waitUntil(() => order.length === 4);
        assertEquals(order, ['event 0', 'microtask 0', 'event 1', 'microtask 1']);
    },

    messageerror() {
        const Stubborn = GObject.registerClass({
            GTypeName: 'TestBroadcastStubborn',
            Implements: [WebMessaging.Serializable],
        }, class extends GObject.Object {
            vfunc_serialize() {
                return new GLib.Variant('i', 1);
            }

            vfunc_deserialize() {
                throw new Error('no');
            }
        });
        const [here, there] = open(2);
        const seen = [];

        there.onmessage = there.onmessageerror = ({type, data, origin}) => seen.push(type, data, origin);
        here.postMessage(new Stubborn());
        here.postMessage(1);
        settle();
        assertEquals(seen, ['messageerror', null, '', 'message', 1, '']);
    },

    origins_and_windows() {
        const origin = WebMessaging.Origin.new_for_url('https://a.example');
        const window = WebMessaging.Window.new('https://a.example/page');
        const application = new BroadcastChannel('place');
        const mine = BroadcastChannel.forOrigin('place', origin);
        const framed = BroadcastChannel.forWindow('place', window);
        const seen = [];

        assert(mine instanceof BroadcastChannel && framed.name === 'place');
        assertEquals(framed.origin.serialize(), 'https://a.example');
        for (const channel of [application, mine, framed])
            channel.onmessage = event => seen.push(event.data, event.origin);
        mine.postMessage(1);
        application.postMessage(2);
        settle();
        assertEquals(seen, [1, 'https://a.example']);

        window.close();
        mine.postMessage(3);
        framed.postMessage(4);
        settle();
        assertEquals([seen.length, framed.closed], [2, true]);
    },

    introspected_methods() {
        const [here, there] = [WebMessaging.BroadcastChannel.new('raw'), WebMessaging.BroadcastChannel.new('raw')];
        const seen = [];

        there.set_on_message((channel, event) => seen.push(channel === there, event.get_data().unpack()));
        here.post_message(new GLib.Variant('i', 5));
        here.post_serialized(WebMessaging.SerializedData.serialize(6));
        settle();
        assertEquals(seen, [true, 5, true, 6]);
        assertEquals([here.get_name(), here.get_origin(), here.get_closed()], ['raw', null, false]);
        assertEquals(WebMessaging.BroadcastChannel.new_for_window('raw', WebMessaging.Window.new(null)).get_name(), 'raw');
    },

    listeners_keep_a_channel() {
        for (const [index, listen] of [
            (channel, received) => {
                channel.onmessage = ({data}) => received.push(data);
            },
            (channel, received) => channel.addEventListener('message', ({data}) => received.push(data)),
            (channel, received) => channel.addEventListener('message', {
                handleEvent: ({data}) => received.push(data),
            }, true),
        ].entries()) {
            const received = listenAndForget(`kept ${index}`, listen);

            collect();
            new BroadcastChannel(`kept ${index}`).postMessage(1);
            settle();
            assertEquals(received.length, 50);
        }
    },
});
