// bench-costs.js: what it costs to send values of each kind to oneself, in GJS or JavaScriptCore
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: gjs bench-costs.js, or jsc-run bench-costs.js

const isGjs = typeof scriptArgs === 'undefined';
const engine = isGjs ? 'GJS' : 'JSC';

if (isGjs)
    imports.gi.versions.WebMessaging = '1';
const {GLib, WebMessaging} = isGjs ? imports.gi : {};
const {Event, MessageChannel} = isGjs ? WebMessaging : globalThis;

const ROUNDS = 15;
const MESSAGES = 200;

const numbers = Array.from({length: 1000}, (_, i) => i + 0.5);
const object = {name: 'a small object', number: 7};
const makeVariant = () => new GLib.Variant('(si)', [object.name, object.number]);

const {port1, port2} = new MessageChannel();
let left = 0;
let read, finish;

// In microseconds; JavaScriptCore has no finer clock by itself.
const now = () => isGjs ? GLib.get_monotonic_time() : new Event('now').timeStamp * 1000;

// Each value is read as a program would read it.
const kinds = [
    ['a number', () => port1.postMessage(7), event => event.data],
    ['a small object', () => port1.postMessage(object), event => event.data.number],
    isGjs && ['a small GVariant', () => port1.post_message(makeVariant(), []), event => event.get_data().deepUnpack()],
    ['1000 numbers in an array', () => port1.postMessage(numbers), event => event.data.length],
    ['1000 numbers in a Float64Array', () => port1.postMessage(new Float64Array(numbers)), event => event.data.length],
    ['an ArrayBuffer of 1 MB', () => port1.postMessage(new ArrayBuffer(1e6)), event => event.data.byteLength],
].filter(kind => kind).map(([what, post, receive]) => ({what, post, receive, best: Infinity}));

port2.onmessage = event => {
    read(event);
    if (--left === 0)
        finish();
};

async function send(kind) {
    const start = now();

    read = kind.receive;
    left = MESSAGES;
    for (let i = 0; i < MESSAGES; i++)
        kind.post();
    await new Promise(resolve => {
        finish = resolve;
    });
    return (now() - start) / MESSAGES;
}

async function main() {
    for (let round = 0; round < ROUNDS; round++) {
        for (const kind of kinds) {
            // What the kind before has left is not for this one to pay.
            await send(kind);
            kind.best = Math.min(kind.best, await send(kind));
        }
    }
    for (const {what, best} of kinds) {
        print(`${what}, ${engine}\t${best.toPrecision(6)}\tus`);
        print(`  that is\t${(best / kinds[0].best).toPrecision(6)}\tnumbers`);
    }
}

if (isGjs) {
    const loop = new GLib.MainLoop(null, false);

    main().finally(() => loop.quit());
    loop.run();
} else {
    main().finally(() => exit(0));
}
