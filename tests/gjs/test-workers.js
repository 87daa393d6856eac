// test-workers.js: workers that run scripts in processes of their own
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {assert, assertEquals, run, waitUntil} from './tap.js';

WebMessaging.installGlobals();

// How many tests run at a time. Most of them wait for processes.
const N_PARALLEL = 4;

const makeUrl = source => `data:text/javascript,${encodeURIComponent(source)}`;

const makeWorker = (source, options) => new Worker(makeUrl(source), options);

const nextEvent = (target, type) => new Promise(resolve => {
    target.addEventListener(type, resolve, {once: true});
});

// What comes from a worker until it ends: data of messages, and messages of errors.
async function collect(worker) {
    const seen = [];

    worker.addEventListener('message', ({data}) => seen.push(data));
    worker.addEventListener('error', ({message}) => seen.push(message ?? 'failure'));
    await nextEvent(worker, 'close');
    return seen;
}

const tests = {
    async messages() {
        const worker = makeWorker('onmessage = ({data}) => { postMessage(data); close(); }');

        worker.postMessage({a: new Map([[1, 2n]])});
        assertEquals(await collect(worker), [{a: new Map([[1, 2n]])}]);
    },

    async globals() {
        const worker = makeWorker(`
            postMessage([
                self === globalThis, self instanceof DedicatedWorkerGlobalScope,
                self instanceof WorkerGlobalScope, name, typeof MessageChannel, typeof Worker,
                typeof importScripts, typeof reportError, location.protocol, location.origin,
            ]);
            close();
        `, {name: 'a name'});

        assertEquals(await collect(worker), [[
            true, true, true, 'a name', 'function', 'function', 'function', 'function', 'data:', 'null',
        ]]);
    },

    async events() {
        const worker = makeWorker(`
            onmessage = function (event) {
                postMessage([this === self, event.target === self, event.isTrusted, event.data]);
                close();
            };
        `);

        worker.postMessage(1);
        assertEquals(await collect(worker), [[true, true, true, 1]]);
    },

    async exceptions() {
        const worker = makeWorker(`
            onmessage = () => {
                setTimeout(close);
                throw new RangeError('thrown');
            };
        `);

        worker.postMessage(0);
        const event = await nextEvent(worker, 'error');
        assert(event instanceof ErrorEvent);
        assertEquals([event.message, event.error, event.lineno, event.colno],
            ['Uncaught RangeError: thrown', null, 4, 23]);
        await nextEvent(worker, 'close');
    },

    async close() {
        const worker = makeWorker(`
            onmessage = () => {
                postMessage(1);
                close();
                setTimeout(() => postMessage('timer'), 0);
                postMessage(2);
            };
        `);

        worker.postMessage(0);
        worker.postMessage(0);
        assertEquals(await collect(worker), [1, 2]);
    },

    async modules() {
        const worker = makeWorker(`
            import GLib from 'gi://GLib';
            await new Promise(resolve => setTimeout(resolve, 10));
            onmessage = ({data}) => {
                let thrown;

                try {
                    importScripts();
                } catch ({name}) {
                    thrown = name;
                }
                postMessage([data, typeof GLib.getenv, thrown]);
                close();
            };
        `, {type: 'module'});

        worker.postMessage(1);
        assertEquals(await collect(worker), [[1, 'function', 'TypeError']]);
    },
};

// Begins them all, a few at a time, and returns functions that wait for the results.
function inParallel(entries) {
    const results = new Map();
    const waiting = [...entries];

    function next() {
        if (waiting.length === 0)
            return;
        const [name, test] = waiting.shift();

        test().then(() => results.set(name, null), error => results.set(name, error)).then(next);
    }

    for (let i = 0; i < N_PARALLEL; i++)
        next();
    return Object.fromEntries(entries.map(([name]) => [name, () => {
        waitUntil(() => results.has(name));
        if (results.get(name) !== null)
            throw results.get(name);
    }]));
}

run(inParallel(Object.entries(tests)));
