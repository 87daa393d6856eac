#!/usr/bin/env -S gjs -m
// Counts prime numbers on all cores: workers.js [SECONDS], after which it gives up
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

WebMessaging.installGlobals();

// Each worker takes the next task as soon as it is free.
async function map(url, tasks, {signal, onProgress}) {
    const failure = new AbortController();
    const either = AbortSignal.any([signal, failure.signal]);
    const waiting = tasks.entries();
    const results = [];
    let nDone = 0;

    await Promise.all(Array.from({length: GLib.get_num_processors()}, async () => {
        const worker = new Worker(url);

        worker.onerror = ({message}) => failure.abort(new Error(message));
        try {
            for (const [index, task] of waiting) {
                worker.postMessage(task);
                results[index] = (await worker.receive({signal: either})).data;
                onProgress(++nDone / tasks.length);
            }
        } finally {
            worker.terminate();
        }
    }));
    return results;
}

const ranges = Array.from({length: 10}, (_, i) => ({from: i * 50000, to: (i + 1) * 50000}));
const signal = AbortSignal.timeout(1000 * Number(ARGV[0] ?? 60));
const onProgress = share => print(`${Math.round(100 * share)} %`);

await map('count-primes.js', ranges, {signal, onProgress}).then(
    counts => print(`${counts.reduce((a, b) => a + b)} primes below 500000`),
    error => print(`given up: ${error.message}`));
