// test-lifetime.js: what nobody can reach any more is freed, circles through C included
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GObject from 'gi://GObject';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, run, settle, waitUntil} from './tap.js';

WebMessaging.installGlobals();

const N = 100;

let watches = [];

// What tells whether an object is there, without keeping it.
function watch(object) {
    const group = GObject.SignalGroup.new(GObject.Object.$gtype);

    group.set_target(object);
    watches.push(group);
    return object;
}

function makeChannel() {
    const channel = watch(new MessageChannel());

    watch(channel.port1);
    watch(channel.port2);
    return channel;
}

const nAlive = () => watches.filter(group => group.dup_target() !== null).length;

// The engine looks for references on the stack too, and may find an old one.
function assertFreed(make) {
    watches = [];
    for (let i = 0; i < N; i++)
        make();
    const nMade = watches.length;
    for (let i = 0; i < 100 && nAlive() > 0; i++) {
        settle();
        System.gc();
    }
    assert(nMade >= N);
    assert(nAlive() < nMade / 10, `${nAlive()} of ${nMade} are there`);
}

const echo = (() => {
    const {port1, port2} = new MessageChannel();

    port2.onmessage = ({data, ports: [port]}) => {
        watch(port).postMessage(data);
        port.close();
    };
    return port1;
})();

const lasting = new AbortController();

const cases = {
    unstarted_ports() {
        makeChannel();
    },

    properties_of_ports() {
        const channel = makeChannel();

        channel.port1.self = channel;
        channel.port2.other = channel.port1;
        channel.port1.callback = () => channel;
    },

    handlers_that_know_the_channel() {
        const channel = makeChannel();

        channel.port1.onmessage = () => {
            channel.port1.close();
            channel.port2.close();
        };
        channel.port2.postMessage(1);
    },

    handlers_of_the_other_side() {
        const channel = makeChannel();

        channel.port1.onmessage = () => channel.port1.close();
        channel.port2.onmessage = () => channel.port1;
        channel.port2.onclose = () => channel;
        channel.port2.postMessage(1);
    },

    listeners() {
        const {port1, port2} = makeChannel();

        port1.addEventListener('message', () => {
            port1.close();
            port2.close();
        });
        port1.start();
        port2.postMessage(1);
    },

    listener_objects() {
        const {port1, port2} = makeChannel();

        port1.addEventListener('message', {
            ports: [port1, port2],
            handleEvent() {
                this.ports.forEach(port => port.close());
            },
        });
        port1.start();
        port2.postMessage(1);
    },

    signals() {
        const {port1, port2} = makeChannel();

        port1.connect('message', () => {
            port1.close();
            port2.close();
        });
        port1.start();
        port2.postMessage(1);
    },

    receive() {
        const {port1, port2} = makeChannel();

        port1.receive().then(event => {
            event.port = port1;
            port1.event = event;
            port1.close();
        });
        port2.postMessage(1);
    },

    events() {
        const {port1, port2} = makeChannel();

        port1.onmessage = event => {
            port1.last = watch(event);
            event.port = port1;
            port1.close();
        };
        port2.postMessage(1);
    },

    transferred_ports() {
        const {port1, port2} = makeChannel();
        const inner = makeChannel();

        inner.port1.onmessage = () => {
            inner.port1.close();
            port1.close();
        };
        port2.onmessage = ({ports: [port]}) => {
            watch(port).onmessage = () => port;
            port.postMessage(1);
            port.close();
            port2.close();
        };
        port1.postMessage(null, [inner.port2]);
    },

    calls_with_a_port_for_the_answer() {
        const {port1, port2} = makeChannel();

        port1.onmessage = () => port1.close();
        echo.postMessage(1, [port2]);
    },

    ports_over_sockets() {
        const channel = makeChannel();
        const other = watch(MessagePort.fromFd(channel.port2.stealFd()));

        channel.port1.onmessage = () => {
            channel.port1.close();
            other.close();
        };
        other.onclose = () => channel;
        other.postMessage({other: 1});
    },

    ports_over_sockets_that_wait() {
        const {port1, port2} = makeChannel();
        const other = watch(MessagePort.fromFd(port2.stealFd()));

        port1.receive().then(event => {
            event.port = port1;
            port1.event = event;
            port1.drain().then(() => port1.close());
        });
        other.receive().catch(() => other);
        other.postMessage(1);
    },

    event_targets() {
        class Thing extends EventTarget {}
        const thing = watch(new Thing());

        thing.addEventListener('x', () => thing);
        thing.dispatchEvent(Object.assign(new Event('x'), {thing}));
    },

    abort_signals() {
        const controller = new AbortController();
        const target = watch(new EventTarget());

        watch(controller.signal).onabort = () => controller;
        target.addEventListener('x', () => target, {signal: controller.signal});
    },

    broadcast_channels() {
        const channel = watch(new BroadcastChannel('nobody listens'));

        channel.self = channel;
        channel.addEventListener('other', () => channel);
        channel.connect('message', () => channel);
        channel.postMessage(1);
    },

    broadcast_channels_with_listeners_that_went() {
        const channel = watch(new BroadcastChannel('somebody listened'));

        channel.onmessage = () => channel;
        channel.addEventListener('messageerror', () => channel, {once: true});
        channel.postMessage(1);
        channel.onmessage = null;
        channel.dispatchEvent(new Event('messageerror'));
    },

    closed_broadcast_channels() {
        const channel = watch(new BroadcastChannel('closed'));

        channel.onmessage = () => channel.close();
        new BroadcastChannel('closed').postMessage(1);
    },

    broadcast_channels_of_windows() {
        const window = watch(WebMessaging.Window.new('https://a.example'));
        const channel = watch(WebMessaging.BroadcastChannel.forWindow('window', window));

        channel.onmessage = () => [window, channel];
        window.close();
    },

    // DOM, #abort-signal-garbage-collection
    abort_signals_that_nobody_listens_to() {
        const signal = watch(AbortSignal.any([lasting.signal, watch(AbortSignal.timeout(3600e3))]));
        const listener = () => signal;

        signal.onabort = listener;
        signal.addEventListener('abort', listener);
        signal.onabort = null;
        signal.removeEventListener('abort', listener);
    },

    windows() {
        const window = watch(WebMessaging.Window.new('https://a.example'));

        window.onmessage = () => window.close();
        window.postMessageFrom(window, 1);
    },
};

function abort_signals_that_somebody_listens_to() {
    const controller = new AbortController();
    const target = new EventTarget();
    const log = [];

    (() => {
        AbortSignal.any([controller.signal]).onabort = () => log.push('any');
        AbortSignal.any([controller.signal, AbortSignal.timeout(20)]).addEventListener('abort', () => log.push('both'));
        AbortSignal.timeout(20).onabort = () => log.push('timeout');
        target.addEventListener('x', () => log.push('x'), {signal: AbortSignal.any([controller.signal])});
        for (let i = 0; i < 1000; i++)
            AbortSignal.any([controller.signal]);
    })();
    System.gc();
    waitUntil(() => log.length === 2);
    controller.abort();
    target.dispatchEvent(new Event('x'));
    assertEquals(log, ['both', 'timeout', 'any']);
}

run({
    ...Object.fromEntries(Object.entries(cases).map(([name, make]) => [name, () => assertFreed(make)])),
    abort_signals_that_somebody_listens_to,
});
