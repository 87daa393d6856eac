// What bench-processes.c measures, in Node. Prints the same lines.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {fork} = require('node:child_process');

const ROUNDS = 9;
const ROUND_TRIPS = 2000;
const ONE_WAY = 20000;
const TEXT = 'A text of thirty-two characters.';

const seconds = () => Number(process.hrtime.bigint()) / 1e9;
const median = figures => figures.sort((a, b) => a - b)[figures.length >> 1];

// Sends a message, and takes so many from the child.
function take(child, message, n, each = () => {}) {
    const start = seconds();

    return new Promise(resolve => {
        child.on('message', answer => {
            if (--n > 0) {
                each(answer);
                return;
            }
            child.removeAllListeners('message');
            resolve(seconds() - start);
        });
        child.send(message);
    });
}

async function measure(serialization) {
    const child = fork(__filename, ['child'], {serialization});
    const trip = [];
    const way = [];

    for (let i = 0; i < ROUNDS; i++) {
        trip.push(await take(child, TEXT, ROUND_TRIPS, answer => child.send(answer)));
        way.push(await take(child, ONE_WAY, ONE_WAY));
    }
    child.disconnect();

    for (const [what, figure, unit] of [
        ['round trip', median(trip) / ROUND_TRIPS * 1e6, 'us'],
        ['one way', ONE_WAY / median(way), 'messages/s'],
    ])
        console.log(`${what} between processes, Node (${serialization})\t${figure.toPrecision(6)}\t${unit}`);
}

async function main() {
    await measure('json');
    await measure('advanced');
}

if (process.argv[2] === 'child') {
    process.on('message', message => {
        if (typeof message === 'string') {
            process.send(message);
            return;
        }
        for (let i = 0; i < message; i++)
            process.send(TEXT);
    });
} else {
    main();
}
