// Programs that are right. TypeScript finds nothing in its strictest mode.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import JavaScriptCore from 'gi://JavaScriptCore?version=6.0';
import WebMessaging from 'gi://WebMessaging?version=1';
import WebMessagingJsc from 'gi://WebMessagingJsc?version=1';

// Only of the same type
function assertType<T>(_value: T): void {}

export function handlers(port: WebMessaging.MessagePort): void {
    port.onmessage = ({data, ports: [first], target}) => print(data, first?.started, target === port);
    port.onclose = event => print(event.type);
    port.onmessage = null;
    port.addEventListener('message', event => print(event.lastEventId), {once: true});
    port.addEventListener('progress', event => print(event.detail));
    port.addEventListener('message', {handleEvent: event => print(event.origin)});
    port.connect('message', (source, event) => source.postMessage(event.data));
    port.connect('notify::closed', () => print(port.closed));
    port.start();
    print(port.bufferedAmount, port.peerCredentials?.get_unix_pid());
    port.bufferLimit = 1000;
}

export function values(port: WebMessaging.MessagePort, other: WebMessaging.MessagePort): void {
    const {buffer} = new Uint8Array(8);

    port.postMessage({hello: ['world', 2n ** 70n, new Set([1]), null, undefined]});
    port.postMessage({other, buffer}, [other, buffer]);
    port.postMessage('hello', {transfer: [other]});
    port.post_message(new GLib.Variant('s', 'hello'), null);
    assertType<Map<string, number>>(WebMessaging.structuredClone(new Map([['one', 1]])));
}

export async function receiving(port: WebMessaging.MessagePort, signal: WebMessaging.AbortSignal): Promise<void> {
    const event = await port.receive({signal});

    assertType<readonly WebMessaging.MessagePort[]>(event.ports);
    await port.receive(new Gio.Cancellable());
    await port.drain(1000);
    for await (const {data} of port)
        print(data);
}

export function workers(): void {
    const worker = new WebMessaging.Worker('worker.js', {type: 'module', name: 'first'});

    worker.onerror = ({message, filename, lineno}) => print(`${filename}:${lineno}: ${message}`);
    worker.postMessage('question');
    worker.terminate();
    assertType<WebMessaging.MessagePort>(new WebMessaging.SharedWorker('shared.js', 'name').port);
}

export class Download extends WebMessaging.EventTarget {
    #size = 0;

    add(bytes: Uint8Array): void {
        this.#size += bytes.length;
        this.dispatchEvent(new WebMessaging.CustomEvent('progress', {detail: this.#size}));
    }
}

export const Point = GObject.registerClass({
    GTypeName: 'TypesPoint',
    Implements: [WebMessaging.Serializable],
}, class extends GObject.Object {
    vfunc_serialize(): GLib.Variant {
        return new GLib.Variant('i', 1);
    }
});

export function errors(): void {
    try {
        WebMessaging.MessagePort.fromFd(-1);
    } catch (error) {
        if (error instanceof WebMessaging.DOMException)
            print(error.name, error.message, error.code === WebMessaging.DOMException.DATA_CLONE_ERR);
    }
    WebMessaging.BroadcastChannel.forOrigin('settings', WebMessaging.Origin.new_for_url('https://a.example/'));
    assertType<number>(WebMessaging.MESSAGING_MAJOR_VERSION);
    assertType<GLib.Bytes>(WebMessaging.SerializedData.serialize([1]).to_bytes());
}

export function scripts(context: JavaScriptCore.Context, port: WebMessaging.MessagePort): void {
    const host = new WebMessagingJsc.Host();

    host.set_report_func((message, filename, line) => print(message.length, filename, line));
    WebMessagingJsc.install_for_host(
        context, WebMessagingJsc.Flags.TIMERS | WebMessagingJsc.Flags.WORKERS, host, null);
    context.set_value('port', WebMessagingJsc.wrap_port(context, port));
    assertType<WebMessaging.Worker>(WebMessagingJsc.worker_new('file:///worker.js', null, host));
}
