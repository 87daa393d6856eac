// round-trips.js: very many messages in GJS: none is lost, and memory stays level
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Variables: ROUND_TRIPS, how many in each test; 1000000 takes some minutes.

import GLib from 'gi://GLib';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, run, settle} from '../gjs/tap.js';

WebMessaging.installGlobals();

const ROUND_TRIPS = Number(GLib.getenv('ROUND_TRIPS') ?? 12000);
// From here on, memory has to stay level, but for a step of the heap of the engine or two, whatever the number.
const WARM_UP = Math.max(10000, ROUND_TRIPS / 10);
const MAX_GROWTH_KIB = 16384;
const PATIENCE_SECONDS = 60;

function getMemory() {
    for (let i = 0; i < 3; i++) {
        System.gc();
        settle();
    }
    const [, pages] = new TextDecoder().decode(GLib.file_get_contents('/proc/self/statm')[1]).split(' ');

    return Number(pages) * 4;
}

// Values of all kinds, small ones mostly.
function makeValue(i) {
    switch (i % 16) {
    case 0:
        return new Map([[i, new Set([`${i}`])]]);
    case 1:
        return new Uint8Array(100).fill(i);
    case 2:
        return [new Date(i), /a/g, 2n ** 70n, undefined, -0];
    case 3:
        return new RangeError(`${i}`);
    default:
        return {i, text: 'hello', list: [1, 2, 3]};
    }
}

// Calls start(next, fail); the round trip number n is over when next(n) is called, or throws what fail() is given.
function makeRoundTrips(start) {
    const loop = new GLib.MainLoop(null, false);
    let n = 0;
    let seen = -1;
    let memory = 0;
    let failure = null;

    const watch = GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, PATIENCE_SECONDS, () => {
        if (n === seen)
            fail(new Error(`nothing happens any more, after ${n} round trips`));
        seen = n;
        return GLib.SOURCE_CONTINUE;
    });

    function fail(error) {
        failure ??= error;
        loop.quit();
    }
    function next(i) {
        if (i !== n)
            fail(new Error(`number ${i} arrived in the place of ${n}`));
        if (++n === ROUND_TRIPS)
            loop.quit();
        else if (n === WARM_UP)
            memory = getMemory();
        return n < ROUND_TRIPS && failure === null;
    }

    const stop = start(next, fail);
    loop.run();
    GLib.source_remove(watch);
    if (failure !== null)
        throw failure;
    stop();
    settle();

    const growth = getMemory() - memory;
    print(`# ${n} round trips; ${memory} KiB after ${WARM_UP}, then ${growth} more`);
    assertEquals(n, ROUND_TRIPS);
    assert(growth < MAX_GROWTH_KIB, `memory grew by ${growth} KiB`);
}

run({
    handlers_lose_nothing() {
        makeRoundTrips(next => {
            const {port1, port2} = new MessageChannel();
            const post = i => port1.postMessage([i, makeValue(i)]);

            port2.onmessage = ({data}) => port2.postMessage(data);
            port1.onmessage = ({data: [i]}) => next(i) && post(i + 1);
            post(0);
            return () => port1.close();
        });
    },

    awaiting_loses_nothing() {
        makeRoundTrips((next, fail) => {
            const {port1, port2} = new MessageChannel();

            async function answer() {
                for (let i = 0; i < ROUND_TRIPS; i++)
                    port2.postMessage((await port2.receive()).data);
            }
            async function ask() {
                for (let i = 0, more = true; more; i++) {
                    port1.postMessage([i, makeValue(i)]);
                    more = next((await port1.receive()).data[0]);
                }
            }
            answer().catch(fail);
            ask().catch(fail);
            return () => port1.close();
        });
    },

    ports_that_travel_lose_nothing() {
        makeRoundTrips(next => {
            const {port1, port2} = new MessageChannel();
            const post = i => {
                const {port1: near, port2: far} = new MessageChannel();

                near.onmessage = ({data: [j]}) => {
                    near.close();
                    if (next(j))
                        post(j + 1);
                };
                port1.postMessage([i, makeValue(i), far], [far]);
            };

            port2.onmessage = ({data: [i, value, port]}) => port.postMessage([i, value]);
            post(0);
            return () => port1.close();
        });
    },
});
