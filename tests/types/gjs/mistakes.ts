// Programs that are wrong. TypeScript finds each line that says so, and no other.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import JavaScriptCore from 'gi://JavaScriptCore?version=6.0';
import WebMessaging from 'gi://WebMessaging?version=1';
import WebMessagingJsc from 'gi://WebMessagingJsc?version=1';

export function handlers(port: WebMessaging.MessagePort): void {
    port.on_message = print; // mistake
    port.onMessage = print; // mistake
    port.onmessage = 'print'; // mistake
    port.onmessage = (source: WebMessaging.MessagePort, event: WebMessaging.MessageEvent) => print(source, event); // mistake
    port.onmessage = event => print(event.dat); // mistake
    port.addEventListener('message'); // mistake
    port.addEventListener('message', event => print(event.dat)); // mistake
}

export function values(port: WebMessaging.MessagePort): void {
    port.postMessage(); // mistake
    port.postMesage('hello'); // mistake
    port.postMessage('hello', port); // mistake
    port.postMessage('hello', [1]); // mistake
    port.post_message('hello', null); // mistake
    port.closed = true; // mistake
    new WebMessaging.MessagePort(); // mistake
    new WebMessaging.MessageChanel(); // mistake
}

export async function receiving(port: WebMessaging.MessagePort): Promise<void> {
    print(port.receive().data); // mistake
    for (const event of port) // mistake
        print(event);
    await port.receive(1000); // mistake
}

export function workers(): void {
    new WebMessaging.Worker(); // mistake
    new WebMessaging.Worker('worker.js', {type: 'modul'}); // mistake
    new WebMessaging.Worker('worker.js').close(); // mistake
    new WebMessaging.BroadcastChannel(); // mistake
}

export function scripts(context: JavaScriptCore.Context, port: WebMessaging.MessagePort): void {
    WebMessagingJsc.install(context); // mistake
    WebMessagingJsc.wrap_port(port, context); // mistake
    WebMessagingJsc.unwrap_port(port); // mistake
    new WebMessagingJsc.Host().set_loader(() => 'text'); // mistake
}
