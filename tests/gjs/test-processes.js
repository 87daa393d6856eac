// test-processes.js: ports whose other side is in another process, or could be
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {Document, Note} from './process-classes.js';
import {assert, assertEquals, assertThrows, run, settle, waitUntil} from './tap.js';

WebMessaging.installGlobals();

const python = ARGV[0] ?? 'python3';
const here = GLib.path_get_dirname(GLib.Uri.parse(import.meta.url, 0).get_path());
const children = {
    GJS: ['gjs', '-m', `${here}/process-child.js`],
    Python: [python, `${here}/../python/process_child.py`],
};

// What a promise has come to, in the main loop.
function wait(promise) {
    let result = null;

    promise.then(value => {
        result = {value};
    }, error => {
        result = {error};
    });
    waitUntil(() => result !== null);
    if ('error' in result)
        throw result.error;
    return result.value;
}

const receive = port => wait(port.receive()).data;

// Two ports of this process that know of each other what two processes do.
function makeSocketChannel() {
    const {port1, port2} = new MessageChannel();
    const other = MessagePort.fromFd(port2.stealFd());

    return [port1, other];
}

// A port whose receiver does not read yet.
function makeSlowChannel() {
    const [port1, port2] = makeSocketChannel();

    for (let i = 0; i < 1000; i++)
        port1.postMessage(new ArrayBuffer(4000));
    assert(port1.bufferedAmount > 1000000);
    return [port1, port2];
}

function start(language) {
    const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.NONE});
    const port = MessagePort.forLauncher(launcher);
    const child = launcher.spawnv(children[language]);

    launcher.close();
    return {port, child};
}

const nDescriptors = () => {
    const list = Gio.File.new_for_path('/proc/self/fd').enumerate_children('standard::name', 0, null);
    let n = 0;

    while (list.next_file(null) !== null)
        n++;
    list.close(null);
    return n;
};

const values = () => [
    undefined, null, -0, 2n ** 70n, 'text', {a: [1, , 3]}, new Map([[{}, new Set([1])]]), new Date(5), /x/g,
    new RangeError('out'), new Uint8Array([1, 2, 3]), new Float64Array(10000).fill(1.5),
    new Uint8Array(3000000).fill(7).buffer,
];

// What the child does for this process is the same in each language.
const conversations = {
    values(port) {
        for (const value of values()) {
            if (value instanceof RangeError)
                continue;
            port.postMessage({action: 'echo', value});
            const result = receive(port);
            // Python has bytes, floats and lists where JavaScript has more.
            if (value instanceof Float64Array)
                assertEquals([...result.slice(0, 5)], [...value.slice(0, 5)]);
            else if (value instanceof ArrayBuffer)
                assertEquals(new Uint8Array(result).subarray(2999999)[0], 7);
            else if (typeof value !== 'object' || value === null)
                assertEquals(typeof value === 'bigint' ? BigInt(result) : result, value);
        }
    },

    ports(port) {
        const {port1, port2} = new MessageChannel();
        const {port1: port3, port2: port4} = new MessageChannel();

        port1.postMessage('lost: nobody reads it there');
        port.postMessage({action: 'answer', value: 'to both'}, [port2, port4]);
        assertEquals([receive(port1), receive(port3)], ['to both', 'to both']);
    },

    ports_of_the_child(port) {
        port.postMessage({action: 'make'});
        const {data, ports: [other]} = wait(port.receive());
        const seen = [];

        assertEquals(data, {made: true});
        other.onmessage = event => seen.push(event.data);
        for (let i = 0; i < 100; i++)
            other.postMessage(i);
        waitUntil(() => seen.length === 100);
        assertEquals(seen, Array.from({length: 100}, (_, i) => i));
        assert(other.peerCredentials.get_unix_pid() === port.peerCredentials.get_unix_pid());
        other.close();
    },

    iteration(port) {
        const seen = [];

        port.postMessage({action: 'count', n: 1000});
        port.postMessage({action: 'close'});
        wait((async () => {
            for await (const {data} of port)
                seen.push(data);
        })());
        assertEquals([seen.length, seen[0], seen[999], port.closed], [1000, 0, 999, true]);
    },

    classes_to_the_child(port) {
        const note = new Note();
        const document = Document.forText('in GJS');

        note.text = 'of GJS';
        port.postMessage({action: 'classes', note, document}, [document]);
        assert(document.fdList === undefined);
        assertEquals(receive(port), {note: 'of GJS', document: 'in GJS'});
    },

    classes_of_the_child(port, language) {
        port.postMessage({action: 'send'});
        const {note, document} = receive(port);

        assert(note instanceof Note && document instanceof Document);
        assertEquals([note.text, document.read()], [`of ${language}`, `in ${language}`]);
    },

    slow_child(port) {
        const content = new ArrayBuffer(10000);
        let notified = 0;

        port.connect('notify::buffered-amount', () => notified++);
        port.postMessage({action: 'sleep', milliseconds: 200});
        for (let i = 0; i < 300; i++)
            port.postMessage({action: 'echo', value: null, content});
        assert(port.bufferedAmount > 0);
        wait(port.drain(50000));
        assert(port.bufferedAmount <= 50000);
        wait(port.drain());
        assertEquals(port.bufferedAmount, 0);
        assert(notified > 0);
        for (let i = 0; i < 300; i++)
            assertEquals(receive(port), null);
    },

    death(port, _language, child) {
        let closed = false;

        port.onclose = () => {
            closed = true;
        };
        port.postMessage({action: 'sleep', milliseconds: 100000});
        child.force_exit();
        waitUntil(() => closed);
        assert(port.closed);
    },
};

const talks = Object.fromEntries(Object.keys(children).flatMap(language =>
    Object.entries(conversations).map(([name, talk]) => [`${name}_with_${language}`, () => {
        const {port, child} = start(language);

        talk(port, language, child);
        port.close();
        child.wait(null);
    }])));

run({
    messages() {
        const [port1, port2] = makeSocketChannel();

        for (const value of values()) {
            port1.postMessage(value);
            assertEquals(receive(port2), value);
        }
        port2.postMessage('back');
        assertEquals(receive(port1), 'back');
        assertEquals(port1.peerCredentials.get_unix_pid(), new Gio.Credentials().get_unix_pid());
        port1.close();
        assertEquals(assertThrows(() => receive(port2)).name, 'InvalidStateError');
    },

    events() {
        const [port1, port2] = makeSocketChannel();
        const seen = [];

        port2.addEventListener('message', event => seen.push(event.data.a, event.target === port2));
        port2.onmessage = ({ports: [port]}) => port.postMessage('through');
        port2.onclose = ({type}) => seen.push(type);
        const {port1: inner1, port2: inner2} = new MessageChannel();
        port1.postMessage({a: 1}, [inner2]);
        assertEquals(receive(inner1), 'through');
        port1.close();
        waitUntil(() => seen.length === 3);
        assertEquals(seen, [1, true, 'close']);
    },

    variants() {
        const [port1, port2] = makeSocketChannel();

        port1.post_message(new GLib.Variant('(yas)', [7, ['x']]), null);
        const event = wait(port2.receive());
        assertEquals(event.get_data().get_type_string(), '(yas)');
        assertEquals(event.data, [7, ['x']]);
        port1.close();
    },

    waiting_messages_go_with_a_port() {
        const {port1, port2} = new MessageChannel();

        for (let i = 0; i < 10; i++)
            port1.postMessage(i);
        const moved = MessagePort.fromFd(port2.stealFd());
        port1.postMessage(10);
        for (let i = 0; i <= 10; i++)
            assertEquals(receive(moved), i);
        port1.close();
    },

    errors_at_the_sender() {
        const Local = GObject.registerClass({
            GTypeName: 'TestProcessLocal',
            Implements: [WebMessaging.Transferable],
        }, class Local extends GObject.Object {
            vfunc_transfer() {
                this.gone = true;
                return new GObject.Object();
            }

            vfunc_transfer_receive() {
                this.gone = false;
                return true;
            }
        });
        const Failing = GObject.registerClass({
            GTypeName: 'TestProcessFailing',
            Implements: [WebMessaging.Transferable],
        }, class Failing extends Local {
            vfunc_export_data_holder() {
                throw new Error('cannot be exported');
            }
        });
        const [port1, port2] = makeSocketChannel();
        const {port1: inner1, port2: inner2} = new MessageChannel();

        for (const [object, name] of [[new Local(), 'DataCloneError'], [new Failing(), 'Error']]) {
            const error = assertThrows(() => port1.postMessage({object}, [inner2, object]));

            assertEquals(error.name, name);
            assertEquals([object.gone, inner2.is_detached()], [false, false]);
        }
        assertEquals(assertThrows(() => port1.postMessage(() => {})).name, 'DataCloneError');
        assertEquals(assertThrows(() => port1.postMessage(0, [port1])).name, 'DataCloneError');
        // Nothing of that was sent, and the port still works.
        port1.postMessage('next', [inner2]);
        const {data, ports: [other]} = wait(port2.receive());
        assertEquals(data, 'next');
        other.postMessage('works');
        assertEquals(receive(inner1), 'works');
        port1.close();
        inner1.close();
    },

    unknown_classes() {
        const Unready = GObject.registerClass({
            GTypeName: 'TestProcessUnready',
            Implements: [WebMessaging.Serializable],
        }, class Unready extends GObject.Object {
            vfunc_serialize() {
                return new GLib.Variant('s', 'x');
            }

            vfunc_deserialize() {
                throw new Error('no');
            }
        });
        const [port1, port2] = makeSocketChannel();
        const seen = [];

        port2.onmessageerror = ({type}) => seen.push(type);
        port2.onmessage = ({data}) => seen.push(data);
        port1.postMessage(new Unready());
        port1.postMessage(1);
        waitUntil(() => seen.length === 2);
        assertEquals(seen, ['messageerror', 1]);
        port1.close();
    },

    makes_ports_of_descriptors() {
        const {port1, port2} = new MessageChannel();
        const socket = port2.stealSocket();
        const port = MessagePort.fromSocket(socket);

        socket.close();
        port1.postMessage(1);
        assertEquals(receive(port), 1);
        const list = new Gio.UnixFDList();
        const index = port.stealToFdList(list);
        assert(port.is_detached());
        const again = MessagePort.fromFdList(list, index);
        // Each that refers to the descriptor would keep the channel.
        list.steal_fds().forEach(fd => GLib.close(fd));
        again.postMessage(2);
        assertEquals(receive(port1), 2);
        again.close();
        assertEquals(assertThrows(() => receive(port1)).name, 'InvalidStateError');
    },

    wrong_descriptors() {
        const {port1} = new MessageChannel();
        const [fd, name] = GLib.file_open_tmp(null);

        GLib.unlink(name);
        assert(assertThrows(() => MessagePort.fromFd(fd)) instanceof TypeError);
        GLib.close(fd);
        assert(assertThrows(() => MessagePort.fromFd(-1)) instanceof TypeError);
        assert(assertThrows(() => MessagePort.fromFdList(new Gio.UnixFDList(), 0)) instanceof TypeError);
        const error = assertThrows(() => MessagePort.fromEnvironment());
        assert(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND));
        port1.close();
        assertEquals(assertThrows(() => port1.stealFd()).name, 'DataCloneError');
    },

    limits() {
        const [port1, port2] = makeSlowChannel();

        port1.bufferLimit = 1000000;
        const error = assertThrows(() => port1.postMessage(1));
        assert(error instanceof DOMException);
        assertEquals([error.name, error.code], ['QuotaExceededError', DOMException.QUOTA_EXCEEDED_ERR]);
        assert(error.matches(WebMessaging.MessagingError, WebMessaging.MessagingError.QUOTA_EXCEEDED));
        port2.onmessage = () => {};
        wait(port1.drain());
        port1.postMessage(1);
        assertEquals([port2.messageLimit, port2.descriptorLimit], [2 ** 30, 4096]);
        port1.close();
    },

    drain() {
        const [port1, port2] = makeSlowChannel();
        const controller = new AbortController();
        const cancellable = new Gio.Cancellable();
        const results = [];
        const note = promise => promise.then(value => results.push(value), ({name}) => results.push(name));

        for (const amount of [-1, NaN, '?', {}])
            assert(assertThrows(() => port1.drain(amount)) instanceof TypeError);
        note(port1.drain(0, {signal: controller.signal}));
        note(port1.drain(0, cancellable));
        note(port1.drain(0, {signal: AbortSignal.abort('before')}).catch(reason => reason));
        controller.abort();
        cancellable.cancel();
        waitUntil(() => results.length === 3);
        assertEquals(results.sort(), ['AbortError', 'AbortError', 'before']);

        port2.onmessage = () => {};
        wait(port1.drain(500000));
        assert(port1.bufferedAmount <= 500000);
        wait(port1.drain());
        assertEquals(port1.bufferedAmount, 0);
        wait(new MessageChannel().port1.drain());
        assertEquals(MessagePort.flushAll(null), true);
        port1.close();
    },

    drain_at_a_transfer() {
        const [port1] = makeSlowChannel();
        const promise = port1.drain();

        GLib.close(port1.stealFd());
        assertEquals(assertThrows(() => wait(promise)).name, 'InvalidStateError');
    },

    started_ports_stay() {
        let seen = 0;

        const kept = Array.from({length: 20}, () => {
            const [port1, port2] = makeSocketChannel();

            port2.onmessage = () => seen++;
            return port1;
        });
        for (let i = 0; i < 5; i++) {
            System.gc();
            settle();
        }
        kept.forEach(port => port.postMessage(1));
        waitUntil(() => seen === 20);
        kept.forEach(port => port.close());
    },

    unstarted_ports_go() {
        let closed = 0;

        const kept = Array.from({length: 20}, () => {
            const [port1] = makeSocketChannel();

            port1.onclose = () => closed++;
            return port1;
        });
        for (let i = 0; i < 10; i++) {
            System.gc();
            settle();
        }
        waitUntil(() => {
            System.gc();
            return closed >= 18;
        });
        kept.forEach(port => port.close());
    },

    // One side is closed, or dropped with a handler, or with a call that waits.
    descriptors_are_closed() {
        const before = nDescriptors();

        for (let i = 0; i < 10000; i++) {
            const [port1, port2] = makeSocketChannel();

            port2.onmessage = () => port2.close();
            port1.postMessage(i);
            if (i % 3 === 0)
                port1.close();
            else if (i % 3 === 1)
                port1.onclose = () => {};
            if (i % 500 === 0) {
                settle();
                System.gc();
            }
        }
        waitUntil(() => {
            settle();
            System.gc();
            return nDescriptors() < before + 20;
        });
    },

    ...talks,
});
