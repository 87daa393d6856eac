// bench-workers.mjs: what bench-workers.c measures of broadcasts, in the workers of Node
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {BroadcastChannel, Worker, isMainThread, parentPort} from 'node:worker_threads';
import {fileURLToPath} from 'node:url';

const WORKERS = 10;
const CHANNELS = 10;
const POSTS = 1000;
const POSTS_AT_ONCE = 10;

const nextMessage = worker => new Promise(resolve => {
    worker.once('message', resolve);
});

function receive() {
    let n = POSTS * CHANNELS;

    for (let i = 0; i < CHANNELS; i++) {
        new BroadcastChannel('bench').onmessage = () => {
            if (--n === 0)
                parentPort.postMessage(true);
        };
    }
    parentPort.postMessage(true);
}

async function broadcast() {
    const channel = new BroadcastChannel('bench');
    const workers = Array.from({length: WORKERS}, () => new Worker(fileURLToPath(import.meta.url)));

    await Promise.all(workers.map(nextMessage));
    const done = Promise.all(workers.map(nextMessage));
    const start = process.hrtime.bigint();
    for (let i = 0; i < POSTS; i++) {
        channel.postMessage(i);
        if (i % POSTS_AT_ONCE === POSTS_AT_ONCE - 1)
            await new Promise(setImmediate);
    }
    await done;
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const figure = (POSTS * WORKERS * CHANNELS / seconds).toPrecision(6);
    console.log(`broadcast to 100 in 10 workers, Node\t${figure}\tmessages/s`);
    process.exit();
}

if (isMainThread)
    broadcast();
else
    receive();
