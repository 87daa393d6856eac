// test-introspection.js: the introspected API as GJS sees it, with GLib.Variant data
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, assertThrows, run, settle, waitUntil} from './tap.js';

Gio._promisify(WebMessaging.MessagePort.prototype, 'receive_async', 'receive_finish');

const text = value => new GLib.Variant('s', value);

function makeChannel() {
    const channel = new WebMessaging.MessageChannel();

    return [channel.get_port1(), channel.get_port2()];
}

function collect(port) {
    const received = [];

    port.connect('message', (_port, event) => received.push(event.get_data().recursiveUnpack()));
    port.connect('close', () => received.push('close'));
    return received;
}

const Note = GObject.registerClass({
    GTypeName: 'TestGjsNote',
    Implements: [WebMessaging.Serializable],
}, class Note extends GObject.Object {
    vfunc_serialize() {
        return text(this.text);
    }

    vfunc_deserialize(serialized) {
        this.text = serialized.unpack();
        return true;
    }
});

const TokenHolder = GObject.registerClass(class TestGjsTokenHolder extends GObject.Object {});

const Token = GObject.registerClass({
    GTypeName: 'TestGjsToken',
    Implements: [WebMessaging.Transferable],
}, class Token extends GObject.Object {
    vfunc_is_detached() {
        return this.value === undefined;
    }

    vfunc_transfer() {
        const holder = new TokenHolder();

        holder.value = this.value;
        this.value = undefined;
        return holder;
    }

    vfunc_transfer_receive(dataHolder) {
        this.value = dataHolder.value;
        return true;
    }
});

run({
    priority_of_a_main_context() {
        const context = GLib.MainContext.new();

        WebMessaging.main_context_set_priority(context, GLib.PRIORITY_LOW);
        assertEquals(WebMessaging.main_context_get_priority(context), GLib.PRIORITY_LOW);
        assertEquals(WebMessaging.main_context_get_priority(null), GLib.PRIORITY_DEFAULT);
    },

    closed_property() {
        const [port1, port2] = makeChannel();
        const action = Gio.SimpleAction.new('post', null);
        const notified = [];

        port2.connect('notify::closed', port => notified.push(port.closed));
        port2.bind_property('closed', action, 'enabled',
            GObject.BindingFlags.SYNC_CREATE | GObject.BindingFlags.INVERT_BOOLEAN);
        assertEquals([action.enabled, port2.closed], [true, false]);
        port1.close();
        waitUntil(() => notified.length > 0);
        assertEquals(notified, [true]);
        assertEquals([action.enabled, port2.closed], [false, true]);
    },

    message() {
        const [port1, port2] = makeChannel();
        const received = collect(port2);

        port1.post_message(new GLib.Variant('(si)', ['hello', 7]), null);
        settle();
        assertEquals(received, []);
        port2.start();
        waitUntil(() => received.length === 1);
        assertEquals(received, [['hello', 7]]);
        port1.close();
        waitUntil(() => received.length === 2);
        assertEquals(received[1], 'close');
    },

    set_on_message() {
        const [port1, port2] = makeChannel();
        const received = [];

        port2.set_on_message((port, event) => {
            assert(port === port2);
            received.push(event.get_data().unpack());
        });
        port1.post_message(text('hello'), []);
        waitUntil(() => received.length === 1);
        assertEquals(received, ['hello']);
        port1.close();
    },

    transfer() {
        const [port1, port2] = makeChannel();
        const [inner1, inner2] = makeChannel();
        let received = null;

        port2.connect('message', (_port, event) => {
            const [port] = event.get_ports();

            assert(port === event.get_object(event.get_data().get_handle()));
            received = collect(port);
            port.start();
        });
        port2.start();
        port1.post_message(new GLib.Variant('h', 0), [inner2]);
        inner1.post_message(text('through'), null);
        waitUntil(() => received?.length === 1);
        assertEquals(received, ['through']);
        assert(inner2.is_detached());
        inner1.close();
        port1.close();
    },

    errors() {
        const [port1] = makeChannel();
        const {DATA_CLONE} = WebMessaging.MessagingError;

        for (const transfer of [[port1], [makeChannel()[0], port1]]) {
            const error = assertThrows(() => port1.post_message(text('x'), transfer));

            assert(error.matches(WebMessaging.MessagingError, DATA_CLONE), `${error}`);
            assertEquals(error.name, 'DataCloneError');
            assertEquals(WebMessaging.dom_exception_get_name(error.cause), 'DataCloneError');
        }
    },

    receive() {
        const [port1, port2] = makeChannel();
        const results = [];

        async function receive() {
            for (;;) {
                const event = await port2.receive_async(null);
                results.push(event.get_data().unpack());
            }
        }
        receive().catch(error => {
            assert(error.matches(
                WebMessaging.MessagingError, WebMessaging.MessagingError.INVALID_STATE));
            results.push('end');
        });
        port1.post_message(text('one'), null);
        port1.post_message(text('two'), null);
        port1.close();
        waitUntil(() => results.length === 3);
        assertEquals(results, ['one', 'two', 'end']);
    },

    windows() {
        const sender = WebMessaging.Window.new('https://sender.example/path');
        const receiver = WebMessaging.Window.new('https://receiver.example');
        const events = [];

        receiver.connect('message', (_window, event) => events.push(event));
        receiver.post_message(sender, text('wrong'), 'https://other.example', null);
        receiver.post_message(sender, text('right'), 'https://receiver.example', null);
        waitUntil(() => events.length === 1);
        assertEquals(events[0].get_data().unpack(), 'right');
        assertEquals(events[0].get_origin(), 'https://sender.example');
        assert(events[0].get_source() === sender);
        assertThrows(() => receiver.post_message(sender, null, 'nowhere', null));
    },

    derived_classes() {
        const Counter = GObject.registerClass({
            GTypeName: 'TestGjsCounter',
            Properties: {
                step: GObject.ParamSpec.int('step', '', '', GObject.ParamFlags.READWRITE, 1, 9, 1),
            },
            Signals: {counted: {param_types: [WebMessaging.Event]}},
        }, class Counter extends WebMessaging.EventTarget {});
        const Counted = GObject.registerClass({GTypeName: 'TestGjsCounted'},
            class Counted extends WebMessaging.Event {
                constructor(number) {
                    super('counted', {cancelable: true});
                    this.number = number;
                }
            });
        const counter = new Counter({step: 3});
        const seen = [];

        assertEquals(counter.step, 3);
        counter.connect('counted', (_counter, event) => seen.push(event.number));
        counter.addEventListener('counted', event => seen.push(-event.number));
        assert(counter.dispatchEvent(new Counted(7)));
        assertEquals(seen, [-7, 7]);

        const origin = WebMessaging.Origin.new_for_url('https://a.example');
        const same = WebMessaging.Origin.new_for_url('https://A.example:443/path');
        assertEquals(new WebMessaging.Window({origin}).origin.serialize(), 'https://a.example');
        assertEquals([origin.get_scheme(), origin.get_host(), origin.get_port()],
            ['https', 'a.example', -1]);
        assert(origin.equal(same));
        assertEquals(origin.hash(), same.hash());
        assert(!origin.equal(WebMessaging.Origin.new_opaque()));
    },

    application_objects() {
        const [port1, port2] = makeChannel();
        const note = new Note();
        const token = new Token();
        const events = [];

        note.text = 'a note';
        token.value = {any: 'thing'};
        port2.connect('message', (_port, event) => events.push(event));
        port2.start();
        port1.post_serialized(WebMessaging.SerializedData.new(
            new GLib.Variant('(hh)', [0, 1]), [token], [note]));
        assert(token.is_detached());
        waitUntil(() => events.length === 1);
        assertEquals(events[0].get_object(0).value, {any: 'thing'});
        assertEquals(events[0].get_object(1).text, 'a note');
        assert(events[0].get_object(1) !== note);
        port1.close();
    },

    deserialize() {
        const note = new Note();

        note.text = 'again';
        const data = WebMessaging.SerializedData.new(new GLib.Variant('h', 0), null, [note]);
        for (let i = 0; i < 2; i++) {
            const [, , objects] = data.deserialize();
            assertEquals(objects.map(object => object.text), ['again']);
        }
        System.gc();
    },

    // A port that keeps an event, which keeps the port: the other port is told that both went.
    kept_events() {
        const ports = [];
        let closed = 0;

        function make() {
            const [port1, port2] = makeChannel();

            port1.connect('close', () => closed++);
            ports.push(port1);
            port2.addEventListener('test', event => (event.target.last = event));
            port2.dispatchEvent(new WebMessaging.Event('test'));
        }
        for (let i = 0; i < 20; i++)
            make();

        const event = new WebMessaging.Event('test');
        (() => {
            const target = new WebMessaging.EventTarget();

            target.addEventListener('test', () => {});
            target.name = 'nobody else keeps it';
            target.dispatchEvent(event);
        })();

        for (let i = 0; i < 3; i++)
            System.gc();
        waitUntil(() => closed === 20);
        assertEquals(event.target.name, 'nobody else keeps it');
    },

    garbage_collection() {
        let closed = 0;
        let received = 0;
        const kept = [];

        // Half of the ports are started, and listened to; the others are not.
        function make(started) {
            const [port1, port2] = makeChannel();

            port1.connect('close', () => closed++);
            if (started) {
                port2.connect('message', () => received++);
                port2.start();
            }
            kept.push(port1);
        }
        for (let i = 0; i < 100; i++)
            make(i % 2 === 0);
        for (let i = 0; i < 3; i++)
            System.gc();
        waitUntil(() => closed === 50);
        kept.forEach(port => port.post_message(text('hello'), null));
        waitUntil(() => received === 50);
        assertEquals(closed, 50);
        kept.forEach(port => port.close());
        settle();
    },
});
