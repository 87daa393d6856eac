// test-mistakes.js: the likely mistakes: each is told with what has happened and what to do
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertThrows, run, waitUntil} from './tap.js';

const {MessageChannel, Worker} = WebMessaging;
const Thing = GObject.registerClass({GTypeName: 'MistakesThing'}, class Thing extends GObject.Object {});

const makePort = () => new MessageChannel().port1;

// The error has this name, and the pattern is found in its message.
function check(name, pattern, callback) {
    const error = assertThrows(callback);

    assert(error.name === name && pattern.test(error.message), `${error.name}: ${error.message}`);
}

function checkPosts(cases) {
    const port = makePort();

    for (const [pattern, value] of cases)
        check('DataCloneError', pattern, () => port.postMessage(value));
    port.postMessage('goes on');
}

// What a program writes to standard error
function readWarnings(source) {
    const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.STDERR_PIPE});

    launcher.setenv('G_DEBUG', '', true);
    const child = launcher.spawnv(['gjs', '-c',
        `const {MessageChannel, BroadcastChannel} = imports.gi.WebMessaging; ${source}`]);
    const [, , text] = child.communicate_utf8(null, null);
    assert(child.get_successful(), text);
    return text;
}

run({
    what_holds_no_data() {
        checkPosts([
            [/^A function could not be cloned: messages hold data, not code$/, () => 1],
            [/^A function could not be cloned: messages hold data/, Thing],
            [/^Generator object could not be cloned: send an array of its items$/, (function* () {})()],
            [/^Map Iterator object could not be cloned: send an array of its items$/, new Map().keys()],
            [/^Promise object could not be cloned: await it, and send the result$/, Promise.resolve()],
            [/^WeakMap object could not be cloned$/, new WeakMap()],
            [/^A symbol could not be cloned$/, Symbol('symbol')],
        ]);
    },

    objects_of_GObject() {
        checkPosts([
            [/^A Thing could not be cloned: its class implements neither Serializable nor Transferable/, new Thing()],
            [/^A GLib.Variant could not be cloned: send what its recursiveUnpack\(\) returns, or post it with post_m/,
                new GLib.Variant('s', 'text')],
            [/^A GLib.Bytes could not be cloned: send what its toArray\(\) returns$/, new GLib.Bytes([1])],
        ]);
    },

    where_a_value_is() {
        const cycle = [];

        cycle.push(cycle, new Map([['key', {callback() {}}]]));
        checkPosts([
            [/ \(at message\.list\[1\]\["a b"\]\)$/, {list: [1, {'a b': print}]}],
            [/ \(at message\[1\]\.get\("key"\)\.callback\)$/, cycle],
            [/ \(at message\.get\(…\)\)$/, new Map([[Object.create(null), print]])],
            // A getter is not called once more to find out.
            [/not code$/, {get late() {
                return print;
            }}],
        ]);
    },

    transfer_lists() {
        const port = makePort();
        const channel = new MessageChannel();
        const other = channel.port2;
        const bytes = new Uint8Array(1);

        check('DataCloneError', /^A MessagePort that is not in the transfer list could not be cloned: .* \(at message\.p\)$/,
            () => port.postMessage({p: other}));
        check('TypeError', /^MessagePort.postMessage: the transfer list is not an array: use postMessage\(message, \[port\]\)$/,
            () => port.postMessage('x', other));
        check('DataCloneError', /^Item 1 of the transfer list could not be transferred: transfer the buffer of the Uint8Array$/,
            () => port.postMessage('x', [other, bytes]));
        check('DataCloneError', /^Item 0 .*: transfer one of the ports of the MessageChannel$/,
            () => port.postMessage('x', [channel]));
        check('DataCloneError', /^Item 0 .*: it is of the class Thing$/, () => port.postMessage('x', [new Thing()]));
        check('DataCloneError', /^Item 0 .*: it is of the class Object$/,
            () => port.postMessage('x', [Object.create(null)]));
        check('DataCloneError', /twice/, () => port.postMessage('x', [other, other]));
        port.postMessage('x', [other]);
        check('DataCloneError', /it was transferred or closed before$/, () => port.postMessage('x', [other]));
        check('DataCloneError', /cannot be sent through itself$/, () => port.postMessage('x', [port]));
    },

    misspelt_handlers() {
        const warnings = readWarnings(`
            const {port1, port2} = new MessageChannel();
            for (const name of ['on_message', 'onMessage', 'onMessageError', 'on_messageerror', 'onClose'])
                port1[name] = print;
            if (port1.onMessage !== print || port2.onMessage !== undefined || 'onmessage' in {...port1})
                throw new Error('the property is not that of a program');
            new BroadcastChannel('name').on_message = print;
            port1.onmessage = print;
            port1.addEventListener('onMessage', print);
            port1.addEventListener('once', print);
            port1.other = print;`);

        for (const [klass, name, handler] of [
            ['MessagePort', 'on_message', 'onmessage'],
            ['MessagePort', 'onMessage', 'onmessage'],
            ['MessagePort', 'onMessageError', 'onmessageerror'],
            ['MessagePort', 'on_messageerror', 'onmessageerror'],
            ['MessagePort', 'onClose', 'onclose'],
            ['BroadcastChannel', 'on_message', 'onmessage'],
        ]) {
            assert(warnings.includes(`${klass} has no event handler '${name}': it is called '${handler}'`),
                `${name}: ${warnings}`);
        }
        assert(warnings.includes("A listener is added for 'onMessage', but the event is called 'message'"), warnings);
        assert(warnings.match(/WARNING/g).length === 7, warnings);
    },

    variants() {
        const port = makePort();

        for (const value of [{a: 1}, 'text', 1])
            check('TypeError', /^MessagePort.post_message: the message is not a GLib.Variant. postMessage\(\) posts/,
                () => port.post_message(value, null));
        assert(port.post_message(new GLib.Variant('i', 1), null));
        assert(port.post_message(null, null));
        check('TypeError', /^BroadcastChannel.post_message: the message is not/,
            () => new WebMessaging.BroadcastChannel('name').post_message('text'));
    },

    waiting() {
        const port = makePort();
        let error = null;

        check('TypeError', /^MessagePort.receive: the argument is neither a Gio.Cancellable nor {signal}$/,
            () => port.receive(1000));
        port.close();
        port.receive().catch(reason => {
            error = reason;
        });
        waitUntil(() => error !== null);
        check('InvalidStateError', /^The channel has ended, or the port was transferred: no message will arrive$/, () => {
            throw error;
        });
    },

    what_nobody_made() {
        check('TypeError', /^Illegal constructor$/, () => new WebMessaging.MessagePort());
        check('TypeError', /without 'new'$/, () => MessageChannel());
        check('TypeError', /^Worker: the argument is a function, but a worker runs the script of a URL$/,
            () => new Worker(() => 1));
        check('TypeError', /is not one of classic, module$/, () => new Worker('script.js', {type: 'modul'}));
        check('OperationError', /there is no variable WEB_MESSAGING_FD/, () => WebMessaging.MessagePort.fromEnvironment());
    },
});
