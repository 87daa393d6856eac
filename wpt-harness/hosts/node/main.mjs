// main.mjs: runs one test file in Node, Deno or Bun and writes its results
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: as ../gjs/main.js. These engines have the classes of the web as globals of their own.

import {existsSync, readFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import process from 'node:process';

import {PACKAGED} from '../../shared/packaged.js';
import {RESULT_MARK, toResults} from '../../shared/results.js';
import {TIMEOUT_SECONDS, parseMeta} from '../../shared/test-meta.js';

const [root, testharness, test] = process.argv.slice(2);

// HTML, webappapis.html#report-an-exception, as far as testharness.js uses it.
function installGlobalEvents() {
    const events = new EventTarget();

    for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
        if (!(name in globalThis))
            globalThis[name] = events[name].bind(events);
    }
    // Deno dispatches the error event by itself, and exits after it unless it is canceled.
    if (typeof Deno !== 'undefined') {
        globalThis.addEventListener('error', event => event.preventDefault());
        return;
    }
    process.on('uncaughtException', error => {
        const event = new Event('error', {cancelable: true});

        event.error = error;
        event.message = error?.message ?? String(error);
        globalThis.dispatchEvent(event);
    });
}

function evaluate(path) {
    (0, eval)(`${readFileSync(path, 'utf8')}\n//# sourceURL=${path}`);
}

function resolve(script) {
    if (!script.startsWith('/'))
        return join(dirname(test), script);

    const path = join(root, script);
    return script in PACKAGED && !existsSync(path) ? join(dirname(testharness), PACKAGED[script]) : path;
}

function writeResults(tests, status) {
    process.stdout.write(`${RESULT_MARK}${JSON.stringify(toResults(tests, status))}\n`,
        () => process.exit(0));
}

const meta = parseMeta(readFileSync(test, 'utf8'));

globalThis.self = globalThis;
globalThis.Window ??= class Window {};
globalThis.META_TITLE = meta.title ?? basename(test);
globalThis.GLOBAL = {
    isWindow: () => true,
    isWorker: () => false,
    isShadowRealm: () => false,
};
globalThis.garbageCollect = () => {
    if (typeof Bun === 'undefined')
        globalThis.gc();
    else
        Bun.gc(true);
};
installGlobalEvents();

evaluate(testharness);
globalThis.add_completion_callback(writeResults);
try {
    for (const script of meta.scripts)
        evaluate(resolve(script));
    evaluate(test);
} catch (error) {
    globalThis.dispatchEvent(Object.assign(new Event('error'), {error, message: error.message}));
    globalThis.done();
}
setTimeout(() => globalThis.timeout(), TIMEOUT_SECONDS[meta.timeout] * 1000);
