// bench-objects.js: small objects of JavaScript, in GJS or Node
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: gjs bench-objects.js, or node bench-objects.js. One hop is half of a round trip in one
// thread: a post, the way, a handler.

const isNode = typeof imports === 'undefined';
const HOPS = isNode ? 200000 : 20000;
const CLONES = isNode ? 200000 : 20000;

let seconds;
let write;
let scope = globalThis;
let waitFor = promise => promise;
if (isNode) {
    seconds = () => Number(process.hrtime.bigint()) / 1e9;
    write = console.log;
} else {
    imports.gi.versions.WebMessaging = '1';
    const {GLib, WebMessaging} = imports.gi;
    seconds = () => GLib.get_monotonic_time() / 1e6;
    write = globalThis.print;
    scope = {MessageChannel: WebMessaging.MessageChannel, structuredClone: WebMessaging.structuredClone};
    waitFor = promise => {
        const loop = new GLib.MainLoop(null, false);
        promise.then(() => loop.quit());
        loop.run();
    };
}

function report(what, start, count) {
    const figure = (seconds() - start) / count * 1e6;

    write(`${what}, ${isNode ? 'Node' : 'GJS'}\t${figure.toPrecision(6)}\tus`);
}

function hop() {
    const {port1, port2} = new scope.MessageChannel();
    const start = seconds();
    let n = 0;

    return new Promise(resolve => {
        port2.onmessage = ({data}) => port2.postMessage(data);
        port1.onmessage = ({data}) => {
            n += 2;
            if (n < HOPS) {
                port1.postMessage({name: data.name, number: n});
                return;
            }
            report('one hop of a small object', start, HOPS);
            port1.close();
            resolve();
        };
        port1.postMessage({name: 'a small object', number: 0});
    });
}

function clone() {
    const value = {name: 'a small object', number: 0};
    const start = seconds();

    for (let i = 0; i < CLONES; i++)
        scope.structuredClone(value);
    report('structuredClone() of a small object', start, CLONES);
}

waitFor(hop());
if (isNode)
    setTimeout(clone, 1000);
else
    clone();
