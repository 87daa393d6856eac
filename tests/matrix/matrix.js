// matrix.js: the part of GJS in the language matrix
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: as matrix.c

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import JavaScriptCore from 'gi://JavaScriptCore?version=6.0';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';
import WebMessagingJsc from 'gi://WebMessagingJsc?version=1';

import {describe} from '../gjs/describe.mjs';
import {waitUntil} from '../gjs/tap.js';

WebMessaging.installGlobals();

const [rowsPath, mode, sender] = System.programArgs;
const rows = new GLib.KeyFile();
rows.load_from_file(rowsPath, GLib.KeyFileFlags.NONE);
const [names] = rows.get_groups();

const Note = GObject.registerClass({
    GTypeName: 'MatrixNote',
    Implements: [WebMessaging.Serializable],
}, class Note extends GObject.Object {
    vfunc_serialize() {
        return new GLib.Variant('s', this.text);
    }

    vfunc_deserialize(variant) {
        this.text = variant.unpack();
        return true;
    }
});

const stranger = new Uint8Array(
    'da57454207838081836853747261'.concat('6e67657261734100da5745420000')
        .match(/../g).map(hex => parseInt(hex, 16)));

function get(row, key) {
    try {
        return rows.get_value(row, key);
    } catch {
        return null;
    }
}

// What a row calls a value, as [value, transfer list].
function make(text) {
    if (text === 'port') {
        const {port1} = new WebMessaging.MessageChannel();
        return [port1, [port1]];
    }
    return [text === 'note' ? Object.assign(new Note(), {text: 'a note'}) : (0, eval)(text), []];
}

function serialize(text) {
    if (text === 'stranger')
        return WebMessaging.SerializedData.new_from_bytes(stranger);

    const [value, transfer] = make(text);
    return WebMessaging.SerializedData.serialize(value, {transfer});
}

function describeEvent(event) {
    if (event.type === 'messageerror')
        return 'DataCloneError';
    if (event.data instanceof MessagePort)
        return 'port';
    if (event.data instanceof Note && event.data.text === 'a note')
        return 'note';
    return describe(event.data);
}

// What arrives when post(port) posts something.
function deliver(post, describeIt = describeEvent) {
    const {port1, port2} = new MessageChannel();
    let result = null;

    port2.onmessage = port2.onmessageerror = event => {
        result = describeIt(event);
    };
    try {
        post(port1);
    } catch (error) {
        return error.name;
    }
    waitUntil(() => result !== null);
    port1.close();
    return result;
}

function judge(actual, expected) {
    if (actual === expected)
        return 'ok';
    if (['DataCloneError', 'port', 'note'].includes(expected))
        return actual.slice(0, 200);
    return actual === describe((0, eval)(expected)) ? 'ok' : actual.slice(0, 200);
}

const expectedFrom = (row, from) => get(row, `to-gjs-from-${from}`) ?? get(row, 'to-gjs');

// The API of C, in this process: a GVariant goes in, or comes out.
function describeForC(event) {
    const variant = event.get_data();

    if (event.type === 'messageerror' || variant === null)
        return 'DataCloneError';
    if (variant.get_type_string() === 'h') {
        const object = event.get_object(variant.get_handle());
        return object instanceof MessagePort ? 'port' : object instanceof Note ? 'note' : 'object';
    }
    return variant.print(true);
}

function judgeForC(actual, expected) {
    if (actual === expected || expected.includes('times') && actual.length > 300000)
        return 'ok';
    if (['DataCloneError', 'port', 'note'].includes(expected))
        return actual;
    return actual === GLib.Variant.parse(null, expected, null, null).print(true)
        ? 'ok' : actual.slice(0, 200);
}

function postFromC(port, text) {
    if (text === 'port') {
        const {port1} = new MessageChannel();
        port.post_message(new GLib.Variant('h', 0), [port1]);
    } else if (text === 'note') {
        const [note] = make(text);
        port.post_serialized(
            WebMessaging.SerializedData.new(new GLib.Variant('h', 0), [], [note]));
    } else if (text === 'stranger') {
        port.post_serialized(serialize(text));
    } else {
        port.post_message(GLib.Variant.parse(null, text, null, null), []);
    }
}

// The script in JavaScriptCore, in this process
function makeScript() {
    const context = new JavaScriptCore.Context();

    WebMessagingJsc.install(context, WebMessagingJsc.Flags.NONE);
    for (const path of ['../gjs/describe.mjs', 'script.js']) {
        const file = Gio.File.new_for_uri(GLib.Uri.resolve_relative(import.meta.url, path, GLib.UriFlags.NONE));
        const [, bytes] = file.load_contents(null);

        context.evaluate(new TextDecoder().decode(bytes).replace('export ', ''), -1);
    }
    return context;
}

function callScript(context, name, port, text) {
    return context.get_value(name).function_call([
        WebMessagingJsc.wrap_port(context, port), JavaScriptCore.Value.new_string(context, text),
    ]).to_string();
}

function judgeInScript(context, post, expected) {
    const {port1, port2} = new MessageChannel();

    callScript(context, 'receive', port2, expected);
    try {
        post(port1);
    } catch (error) {
        return error.name === expected ? 'ok' : error.name;
    }
    waitUntil(() => !context.get_value('result').is_null());
    port1.close();
    return context.get_value('result').to_string();
}

function liveWithScript(row, context, postFromHere) {
    const fromScript = get(row, 'from-jsc') ?? get(row, 'from-gjs');

    if (fromScript !== 'none') {
        const result = deliver(port => {
            const errorName = callScript(context, 'send', port, fromScript);
            if (errorName !== '')
                throw new DOMException(errorName, errorName);
        });

        print(`jsc\tgjs\t${row}\t${judge(result, expectedFrom(row, 'jsc'))}`);
    }
    if (get(row, 'from-gjs') !== 'none') {
        const expected = get(row, 'to-jsc-from-gjs') ?? get(row, 'to-jsc') ?? get(row, 'to-gjs');

        print(`gjs\tjsc\t${row}\t${judgeInScript(context, postFromHere, expected)}`);
    }
}

function live(row, context) {
    const fromC = get(row, 'from-c');
    const fromHere = get(row, 'from-gjs');
    const post = port => {
        if (fromHere === 'stranger')
            port.post_serialized(serialize(fromHere));
        else
            port.postMessage(...make(fromHere));
    };

    if (row.includes('another process'))
        return;
    liveWithScript(row, context, post);
    if (fromC !== 'none') {
        const result = judge(deliver(port => postFromC(port, fromC)), expectedFrom(row, 'c'));
        print(`c\tgjs\t${row}\t${result}`);
    }
    if (fromHere !== 'none') {
        print(`gjs\tgjs\t${row}\t${judge(deliver(post), expectedFrom(row, 'gjs'))}`);
        print(`gjs\tc\t${row}\t${judgeForC(deliver(post, describeForC),
            get(row, 'to-c-from-gjs') ?? get(row, 'to-c'))}`);
    }
}

function send(row) {
    const text = get(row, 'from-gjs');
    let result = 'none';

    if (text !== 'none') {
        try {
            result = [...serialize(text).to_bytes().toArray()]
                .map(byte => byte.toString(16).padStart(2, '0')).join('');
        } catch (error) {
            result = `!${error.name === 'DataCloneError' ||
                error.matches?.(WebMessaging.messaging_error_quark(),
                    WebMessaging.MessagingError.DATA_CLONE) ? 'DataCloneError' : error}`;
        }
    }
    print(`${row}\t${result}`);
}

function receive(line) {
    const [row, hex] = line.split('\t');
    const bytes = new Uint8Array(hex.match(/../g).map(digits => parseInt(digits, 16)));
    const message = WebMessaging.SerializedData.new_from_bytes(bytes);

    print(`${row}\t${judge(deliver(port => port.post_serialized(message)),
        expectedFrom(row, sender))}`);
}

if (mode === 'send') {
    names.forEach(send);
} else if (mode === 'live') {
    const context = makeScript();

    names.forEach(row => live(row, context));
} else {
    const input = Gio.DataInputStream.new(Gio.UnixInputStream?.new(0, false) ??
        Gio.File.new_for_path('/dev/stdin').read(null));
    for (let [line] = input.read_line_utf8(null); line !== null; [line] = input.read_line_utf8(null))
        receive(line);
}
