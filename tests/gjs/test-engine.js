// test-engine.js: the garbage collector and the microtasks of GJS, and the library
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, run, waitUntil} from './tap.js';

const {MessageChannel} = WebMessaging;

// GJS sweeps in small steps, between which it runs the program: the more there is to sweep, the longer
// is the time in which it calls nothing. A critical warning of GJS ends the test.
let garbage = [];

function litter() {
    for (let i = 0; i < 600; i++)
        garbage.push({a: [i, {b: i}], s: `x${i}`});
    if (garbage.length > 150000)
        garbage = [];
}

const Note = GObject.registerClass({
    GTypeName: 'TestEngineNote',
    Implements: [WebMessaging.Serializable],
}, class Note extends GObject.Object {
    vfunc_serialize() {
        return new GLib.Variant('s', this.text);
    }

    vfunc_deserialize(serialized) {
        this.text = serialized.unpack();
        return true;
    }
});

const Token = GObject.registerClass({
    GTypeName: 'TestEngineToken',
    Implements: [WebMessaging.Transferable],
}, class Token extends GObject.Object {
    vfunc_is_detached() {
        return this.value === undefined;
    }

    vfunc_transfer() {
        const holder = new Token();

        holder.value = this.value;
        this.value = undefined;
        return holder;
    }

    vfunc_transfer_receive(holder) {
        this.value = holder.value;
        return true;
    }
});

// Waits for a promise in the main loop.
function wait(promise) {
    let settled = false;
    let failure = null;

    promise.catch(error => {
        failure = error;
    }).finally(() => {
        settled = true;
    });
    waitUntil(() => settled);
    if (failure !== null)
        throw failure;
}

/** Runs body again and again while the program makes garbage. */
async function repeat(n, body) {
    for (let i = 0; i < n; i++) {
        litter();
        await body(i);
    }
}

const nextMessage = port => new Promise((resolve, reject) => {
    port.onmessage = resolve;
    port.onmessageerror = reject;
});

run({
    events_while_garbage_is_collected() {
        const {port1, port2} = new MessageChannel();

        wait(repeat(2000, async i => {
            const event = nextMessage(port2);

            port1.postMessage(i);
            assertEquals((await event).data, i);
        }));
        port1.close();
    },

    receive_while_garbage_is_collected() {
        const {port1, port2} = new MessageChannel();

        wait(repeat(2000, async i => {
            port1.postMessage(i);
            assertEquals((await port2.receive()).data, i);
        }));
        port1.close();
    },

    drain_while_garbage_is_collected() {
        const {port1} = new MessageChannel();

        wait(repeat(2000, () => port1.drain()));
        port1.close();
    },

    close_while_garbage_is_collected() {
        wait(repeat(2000, async () => {
            const {port1, port2} = new MessageChannel();
            const message = port2.receive();

            port1.close();
            assertEquals(await message.catch(({name}) => name), 'InvalidStateError');
        }));
    },

    properties_while_garbage_is_collected() {
        wait(repeat(2000, async () => {
            const {port1, port2} = new MessageChannel();
            const closed = new Promise(resolve => {
                port2.connect('notify::closed', resolve);
            });

            port2.start();
            port1.close();
            await closed;
        }));
    },

    objects_while_garbage_is_collected() {
        const {port1, port2} = new MessageChannel();

        wait(repeat(1000, async i => {
            const event = nextMessage(port2);
            const token = Object.assign(new Token(), {value: i});

            port1.postMessage([Object.assign(new Note(), {text: `${i}`}), token], [token]);
            const [note, received] = (await event).data;
            assertEquals([note.text, received.value, token.value], [`${i}`, i, undefined]);
        }));
        port1.close();
    },

    microtasks_run_after_each_callback() {
        const {port1, port2} = new MessageChannel();
        const log = [];
        const note = name => {
            log.push(name);
            Promise.resolve().then(() => log.push(`${name}, microtask`));
        };

        port2.addEventListener('message', ({data}) => note(`first listener ${data}`));
        port2.addEventListener('message', ({data}) => note(`second listener ${data}`));
        port2.onmessage = ({data}) => note(`handler ${data}`);
        port2.connect('message', (_port, {data}) => note(`signal ${data}`));
        port1.postMessage(1);
        port1.postMessage(2);
        waitUntil(() => log.length >= 16);
        assertEquals(log, [1, 2].flatMap(i =>
            ['first listener', 'second listener', 'handler', 'signal']
                .flatMap(name => [`${name} ${i}`, `${name} ${i}, microtask`])));
        port1.close();
    },

    no_microtasks_while_a_script_dispatches() {
        const target = new WebMessaging.EventTarget();
        const log = [];

        for (const name of ['first', 'second']) {
            target.addEventListener('x', () => {
                log.push(name);
                Promise.resolve().then(() => log.push(`${name}, microtask`));
            });
        }
        target.dispatchEvent(new WebMessaging.Event('x'));
        assertEquals(log, ['first', 'second']);
        waitUntil(() => log.length === 4);
    },

    microtasks_after_receive() {
        const {port1, port2} = new MessageChannel();
        const log = [];

        async function receive() {
            log.push((await port2.receive()).data);
            await null;
            log.push('microtask');
        }
        receive();
        receive();
        receive();
        for (let i = 0; i < 3; i++)
            port1.postMessage(i);
        waitUntil(() => log.length === 6);
        assertEquals(log, [0, 'microtask', 1, 'microtask', 2, 'microtask']);
        port1.close();
    },

    a_microtask_has_no_checkpoint() {
        const {port1, port2} = new MessageChannel();
        const log = [];

        port2.onmessage = () => {
            Promise.resolve().then(() => {
                const inner = new MessageChannel();

                inner.port2.onmessage = () => {
                    log.push('inner');
                    Promise.resolve().then(() => log.push('inner, microtask'));
                };
                inner.port1.postMessage(1);
                while (log.length === 0)
                    GLib.MainContext.default().iteration(true);
                log.push('outer, microtask');
                inner.port1.close();
            });
        };
        port1.postMessage(1);
        waitUntil(() => log.length === 3);
        assertEquals(log, ['inner', 'outer, microtask', 'inner, microtask']);
        port1.close();
    },

    // In a program of its own, where the warning of GJS does not end the test.
    rejections_are_logged_at_once() {
        const program = `
            const {GLib} = imports.gi;
            const {MessageChannel} = imports.gi.WebMessaging;
            const loop = new GLib.MainLoop(null, false);
            const {port1, port2} = new MessageChannel();
            port2.onmessage = async () => { throw new Error('thrown in a handler'); };
            port2.addEventListener('message', {async handleEvent() { throw new Error(); }});
            port2.onclose = () => { printerr('closed'); loop.quit(); };
            port1.postMessage(1);
            port1.close();
            loop.run();`;
        const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.STDERR_PIPE});

        launcher.unsetenv('G_DEBUG');
        const [, , output] = launcher.spawnv(['gjs', '-c', program]).communicate_utf8(null, null);
        assertEquals(output.match(/Unhandled promise rejection|closed/g),
            ['Unhandled promise rejection', 'Unhandled promise rejection', 'closed']);
    },

    microtasks_in_a_context_of_its_own() {
        const context = new GLib.MainContext();
        const log = [];

        context.push_thread_default();
        const {port1, port2} = new MessageChannel();
        port2.onmessage = ({data}) => {
            log.push(data);
            Promise.resolve().then(() => log.push(`microtask ${data}`));
        };
        for (let i = 0; i < 3; i++)
            port1.postMessage(i);
        while (log.length < 6)
            context.iteration(true);
        port1.close();
        while (context.iteration(false))
            ;
        context.pop_thread_default();
        assertEquals(log, [0, 'microtask 0', 1, 'microtask 1', 2, 'microtask 2']);
    },

    a_turn_delivers_several_messages() {
        const {port1, port2} = new MessageChannel();
        const context = GLib.MainContext.default();
        const N = 1000;
        let n = 0, nTurns = 0;

        port2.onmessage = () => n++;
        for (let i = 0; i < N; i++)
            port1.postMessage(i);
        for (; n < N; nTurns++)
            context.iteration(true);
        // How many a turn delivers is a matter of time; what must not be is one in each.
        assert(nTurns < N, `${nTurns} turns`);
        port1.close();
    },
});
