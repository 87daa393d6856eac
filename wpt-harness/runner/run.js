// run.js: runs test files in an engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {isHost} from './engines.js';
import {Expectations} from './expectations.js';

async function runTest(engine, test) {
    const started = GLib.get_monotonic_time();
    const {test: name, source, global, isFirst} = test;
    const result = {test: name, source, global, isFirst, ...await engine.run(test)};

    result.duration = (GLib.get_monotonic_time() - started) / 1000;
    if (result.status === 'OK' && result.subtests.length === 0)
        Object.assign(result, {status: 'ERROR', message: 'The file has no subtests'});

    return result;
}

/** Runs files in an engine, several at once.
 * onResult: called after each file with its result, the number of files that are done, and of all files */
export async function runTests(tests, engine, files, onResult) {
    const expectations = new Expectations(Gio.File.new_for_path(tests.expectations), engine.name);
    const canRun = test => (test.skip === null || !isHost(engine.name)) && engine.kinds.includes(test.kind) &&
        engine.globals.includes(test.global);
    const queue = files.filter(canRun);
    const nFiles = queue.length;
    const results = [];
    const started = Date.now();

    async function work() {
        for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
            const result = await runTest(engine, file);

            expectations.apply(result);
            results.push(result);
            onResult(result, results.length, nFiles);
        }
    }

    await Promise.all(Array.from({length: engine.nParallel}, work));
    engine.stop();
    results.sort((a, b) => a.test < b.test ? -1 : 1);

    return {
        engine: engine.name, version: engine.version, results, expectations, started, ended: Date.now(),
        skipped: files.filter(test => !canRun(test)).map(({test, global, skip}) => ({
            test, reason: skip !== null && isHost(engine.name) ? skip
                : engine.globals.includes(global) ? 'The engine has no windows' : 'The harness runs no workers in the engine',
        })),
    };
}
