// test-engine-unknown.js: a GJS whose engine the library does not know
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import WebMessagingPrivate from 'gi://WebMessagingPrivate?version=1';

import {assertEquals, run, waitUntil} from './tap.js';

// A new engine has other names for what the library looks up. GJS warns of each call that it refuses,
// also of those by which the library finds out.
WebMessagingPrivate.attach_gjs = () => false;
GLib.log_set_always_fatal(GLib.LogLevelFlags.LEVEL_ERROR);

imports.gi.versions.WebMessaging = '1';
const {MessageChannel} = imports.gi.WebMessaging;

let garbage = [];

function litter() {
    for (let i = 0; i < 600; i++)
        garbage.push({a: [i, {b: i}], s: `x${i}`});
    if (garbage.length > 150000)
        garbage = [];
}

function wait(promise) {
    let settled = false;

    promise.finally(() => {
        settled = true;
    });
    waitUntil(() => settled);
}

run({
    nothing_is_lost_while_garbage_is_collected() {
        const {port1, port2} = new MessageChannel();

        wait((async () => {
            for (let i = 0; i < 1000; i++) {
                const event = new Promise(resolve => {
                    port2.onmessage = resolve;
                });

                litter();
                port1.postMessage(i);
                assertEquals((await event).data, i);
                litter();
                const call = port2.receive();
                port1.postMessage(i);
                assertEquals((await call).data, i);
            }
        })());
        port1.close();
    },

    microtasks_before_the_next_message() {
        const {port1, port2} = new MessageChannel();
        const log = [];

        port2.onmessage = ({data}) => {
            log.push(data);
            Promise.resolve().then(() => log.push(`microtask ${data}`));
        };
        port1.postMessage(1);
        port1.postMessage(2);
        waitUntil(() => log.length === 4);
        assertEquals(log, [1, 'microtask 1', 2, 'microtask 2']);
        port1.close();
    },
});
