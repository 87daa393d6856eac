// bench-costs.js: what it costs to send values of each kind in GJS, to itself
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

imports.gi.versions.WebMessaging = '1';
const {GLib, WebMessaging} = imports.gi;

const ROUNDS = 15;
const MESSAGES = 200;

const numbers = Array.from({length: 1000}, (_, i) => i + 0.5);
const object = {name: 'a small object', number: 7};
const makeVariant = () => new GLib.Variant('(si)', [object.name, object.number]);

const {port1, port2} = new WebMessaging.MessageChannel();
const loop = new GLib.MainLoop(null, false);
let left = 0;
let read;

// Each value is read as a program would read it.
const kinds = [
    ['a number', () => port1.postMessage(7), event => event.data],
    ['a small object', () => port1.postMessage(object), event => event.data.number],
    ['a small GVariant', () => port1.post_message(makeVariant(), []), event => event.get_data().deepUnpack()],
    ['1000 numbers in an array', () => port1.postMessage(numbers), event => event.data.length],
    ['1000 numbers in a Float64Array', () => port1.postMessage(new Float64Array(numbers)), event => event.data.length],
    ['an ArrayBuffer of 1 MB', () => port1.postMessage(new ArrayBuffer(1e6)), event => event.data.byteLength],
].map(([what, post, receive]) => ({what, post, receive, best: Infinity}));

port2.onmessage = event => {
    read(event);
    if (--left === 0)
        loop.quit();
};

for (let round = 0; round < ROUNDS; round++) {
    for (const kind of kinds) {
        const start = GLib.get_monotonic_time();

        read = kind.receive;
        left = MESSAGES;
        for (let i = 0; i < MESSAGES; i++)
            kind.post();
        loop.run();
        kind.best = Math.min(kind.best, (GLib.get_monotonic_time() - start) / MESSAGES);
    }
}

for (const {what, best} of kinds) {
    print(`${what}, GJS\t${best.toPrecision(6)}\tus`);
    print(`  that is\t${(best / kinds[0].best).toPrecision(6)}\tnumbers`);
}
