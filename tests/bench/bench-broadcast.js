// bench-broadcast.js: what bench-broadcast.c measures in one thread, in GJS or Node
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const isNode = typeof imports === 'undefined';
const RECEIVERS = 100;
const POSTS = isNode ? 2000 : 500;
const POSTS_TO_NOBODY = isNode ? 200000 : 20000;
const POSTS_AT_ONCE = 10;

let seconds;
let write;
let nextTurn;
let waitFor = promise => promise;
if (isNode) {
    seconds = () => Number(process.hrtime.bigint()) / 1e9;
    write = console.log;
    nextTurn = () => new Promise(setImmediate);
} else {
    imports.gi.versions.WebMessaging = '1';
    const {GLib, WebMessaging} = imports.gi;
    WebMessaging.installGlobals();
    seconds = () => GLib.get_monotonic_time() / 1e6;
    write = globalThis.print;
    nextTurn = () => new Promise(resolve => {
        GLib.idle_add(GLib.PRIORITY_DEFAULT_IDLE, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
    waitFor = promise => {
        const loop = new GLib.MainLoop(null, false);
        promise.then(() => loop.quit());
        loop.run();
    };
}

function report(what, count, start, unit) {
    write(`${what}, ${isNode ? 'Node' : 'GJS'}\t${(count / (seconds() - start)).toPrecision(6)}\t${unit}`);
}

async function toReceivers() {
    const sender = new BroadcastChannel('bench');
    const receivers = Array.from({length: RECEIVERS}, () => new BroadcastChannel('bench'));
    let n = POSTS * RECEIVERS;

    const done = new Promise(resolve => {
        for (const receiver of receivers) {
            receiver.onmessage = () => {
                if (--n === 0)
                    resolve();
            };
        }
    });
    const start = seconds();
    for (let i = 0; i < POSTS; i++) {
        sender.postMessage(i);
        if (i % POSTS_AT_ONCE === POSTS_AT_ONCE - 1)
            await nextTurn();
    }
    await done;
    report('broadcast to 100 in one thread', POSTS * RECEIVERS, start, 'messages/s');
    [sender, ...receivers].forEach(channel => channel.close());
}

function toNobody() {
    const sender = new BroadcastChannel('bench');
    const start = seconds();

    for (let i = 0; i < POSTS_TO_NOBODY; i++)
        sender.postMessage(i);
    report('broadcast to nobody', POSTS_TO_NOBODY, start, 'posts/s');
    sender.close();
}

waitFor(toReceivers().then(toNobody));
