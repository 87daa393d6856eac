// What bench-messages.c measures, in Node. Prints the same lines.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {MessageChannel, Worker, isMainThread, parentPort} = require('node:worker_threads');

const ONE_WAY = 300000;
const ROUND_TRIPS = 50000;
const THREAD_ROUND_TRIPS = 20000;

function print(what, figure, unit) {
    console.log(`${what}, Node\t${figure.toPrecision(6)}\t${unit}`);
}

const seconds = () => Number(process.hrtime.bigint()) / 1e9;

function count(port, n, each = () => {}) {
    return new Promise(resolve => {
        port.on('message', message => {
            if (--n === 0)
                resolve();
            else
                each(message);
        });
    });
}

async function oneWay() {
    const {port1, port2} = new MessageChannel();
    const start = seconds();
    const done = count(port2, ONE_WAY);

    for (let i = 0; i < ONE_WAY; i++) {
        port1.postMessage(i);
        if (i % 1000 === 999)
            await new Promise(setImmediate);
    }
    await done;
    print('one way, one thread', ONE_WAY / (seconds() - start), 'messages/s');
    port1.close();
}

async function roundTrip() {
    const {port1, port2} = new MessageChannel();
    const start = seconds();
    const done = count(port1, ROUND_TRIPS, message => port1.postMessage(message));

    port2.on('message', message => port2.postMessage(message));
    port1.postMessage(1);
    await done;
    print('round trip, one thread', (seconds() - start) / ROUND_TRIPS * 1e6, 'us');
    port1.close();
}

async function betweenThreads() {
    const worker = new Worker(__filename);
    let start = seconds();
    let done = count(worker, ONE_WAY);

    worker.postMessage('flood');
    await done;
    print('one way, between threads', ONE_WAY / (seconds() - start), 'messages/s');
    worker.removeAllListeners('message');

    start = seconds();
    done = count(worker, THREAD_ROUND_TRIPS, message => worker.postMessage(message));
    worker.postMessage(1);
    await done;
    print('round trip, between threads', (seconds() - start) / THREAD_ROUND_TRIPS * 1e6, 'us');
    await worker.terminate();
}

async function main() {
    await oneWay();
    await betweenThreads();
    await roundTrip();
}

if (isMainThread) {
    main();
} else {
    parentPort.on('message', message => {
        if (message !== 'flood') {
            parentPort.postMessage(message);
            return;
        }
        for (let i = 0; i < ONE_WAY; i++)
            parentPort.postMessage(i);
    });
}
