// bench-web.js: messages of scripts by the web's own names, in any engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: jsc-run bench-web.js, or node, deno run or bun bench-web.js. One hop is half of a round trip in one thread: a
// post, the way, a handler.

const engine = typeof scriptArgs !== 'undefined' ? 'JSC' : typeof Deno !== 'undefined' ? 'Deno'
    : typeof Bun !== 'undefined' ? 'Bun' : 'Node';
const HOPS = 100000;
const ROUND_TRIPS = 10000;
const OBJECTS = 100000;
const WORKERS = 10;

const small = {id: 7, name: 'some name', list: [1, 2, 3]};
const now = () => globalThis.performance?.now() ?? Date.now();
const write = text => (engine === 'JSC' ? print : console.log)(text);
const report = (what, figure, unit) => write(`${what}, ${engine}\t${figure.toPrecision(6)}\t${unit}`);

// Measures several times, and reports the best: the machine has other things to do as well.
async function best(what, unit, measure) {
    const figures = [];

    for (let i = 0; i < 5; i++)
        figures.push(await measure());
    report(what, Math.min(...figures), unit);
}

function hop() {
    return new Promise(resolve => {
        const {port1, port2} = new MessageChannel();
        let left = HOPS / 2;

        port2.onmessage = ({data}) => port2.postMessage(data);
        const start = now();
        port1.onmessage = ({data}) => {
            if (--left > 0) {
                port1.postMessage(data);
                return;
            }
            resolve((now() - start) / HOPS * 1e3);
            port1.close();
            port2.close();
        };
        port1.postMessage(small);
    });
}

function clone() {
    const objects = Array.from({length: OBJECTS}, (_item, id) => ({...small, id}));
    const start = now();

    structuredClone(objects);
    return now() - start;
}

const echo = 'onmessage = ({data}) => postMessage(data); postMessage(0);';
const nodeEcho = `const {parentPort} = require('node:worker_threads');
    parentPort.on('message', data => parentPort.postMessage(data)); parentPort.postMessage(0);`;

// A worker that says when it is up, and then returns what it gets.
function startWorker() {
    if (engine === 'Node') {
        const {Worker: NodeWorker} = require('node:worker_threads');
        const worker = new NodeWorker(nodeEcho, {eval: true});

        worker.on('message', data => worker.onmessage({data}));
        return worker;
    }
    return new Worker(`data:text/javascript,${encodeURIComponent(echo)}`,
        engine === 'Deno' ? {type: 'module'} : undefined);
}

function roundTrip() {
    return new Promise(resolve => {
        const worker = startWorker();
        let left = ROUND_TRIPS;
        let start;

        worker.onmessage = () => {
            start ??= now();
            if (left-- > 0) {
                worker.postMessage(small);
                return;
            }
            resolve((now() - start) / ROUND_TRIPS * 1e3);
            worker.terminate();
        };
    });
}

async function startWorkers() {
    const start = now();

    for (let i = 0; i < WORKERS; i++) {
        await new Promise(resolve => {
            const worker = startWorker();

            worker.onmessage = () => {
                worker.terminate();
                resolve();
            };
        });
    }
    return (now() - start) / WORKERS;
}

async function main() {
    await best('a hop of a small object', 'us', hop);
    await best('structuredClone() of 100000 small objects', 'ms', clone);
    await best('a round trip to a worker', 'us', roundTrip);
    await best('start of a worker', 'ms', startWorkers);
    if (engine === 'JSC')
        exit(0);
}
main();
