// host.js: runs one test file and writes its results
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: gjs -m host.js ROOT TESTHARNESS TEST
//
// ROOT is the folder that absolute paths in `// META: script=` start from. The last line on
// standard output is RESULT_MARK and the results in JSON.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {readText} from './common.js';
import {PACKAGED, RESULT_MARK, TIMEOUT_SECONDS, parseMeta, toResults} from './test-meta.js';

const [root, testharness, test] = System.programArgs;
const loop = new GLib.MainLoop(null, false);
let finished = false;

// HTML, webappapis.html#report-an-exception, as far as testharness.js listens to it.
function installGlobalEvents() {
    const events = new WebMessaging.EventTarget();

    for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent'])
        globalThis[name] = events[name].bind(events);
    globalThis.reportError = error => {
        const event = new WebMessaging.Event('error', {cancelable: true});

        event.error = error;
        event.message = error?.message ?? String(error);
        events.dispatchEvent(event);
    };
}

function evaluate(path) {
    const script = readText(Gio.File.new_for_path(path));

    // Indirect: the script runs in the global scope, as a script element's does.
    (0, eval)(`${script}\n//# sourceURL=${path}`);
}

function resolve(script) {
    if (!script.startsWith('/'))
        return GLib.build_filenamev([GLib.path_get_dirname(test), script]);

    const path = GLib.build_filenamev([root, script]);
    return script in PACKAGED && !GLib.file_test(path, GLib.FileTest.EXISTS)
        ? GLib.build_filenamev([GLib.path_get_dirname(testharness), PACKAGED[script]]) : path;
}

function writeResults(tests, status) {
    print(`${RESULT_MARK}${JSON.stringify(toResults(tests, status))}`);
    finished = true;
    loop.quit();
}

const meta = parseMeta(readText(Gio.File.new_for_path(test)));

globalThis.self = globalThis;
globalThis.Window = WebMessaging.Window;
globalThis.META_TITLE = meta.title ?? GLib.path_get_basename(test);
globalThis.GLOBAL = {
    isWindow: () => true,
    isWorker: () => false,
    isShadowRealm: () => false,
};
// An object of the library goes when its wrapper is collected, and lets go of others then.
globalThis.garbageCollect = () => {
    for (let i = 0; i < 3; i++)
        System.gc();
};
WebMessaging.installGlobals();
installGlobalEvents();

evaluate(testharness);
globalThis.add_completion_callback(writeResults);
try {
    meta.scripts.forEach(script => evaluate(resolve(script)));
    evaluate(test);
} catch (error) {
    globalThis.reportError(error);
    globalThis.done();
}
setTimeout(() => globalThis.timeout(), TIMEOUT_SECONDS[meta.timeout] * 1000);
if (!finished)
    loop.run();
