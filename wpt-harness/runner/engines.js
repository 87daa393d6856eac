// engines.js: the engines that test files can run in
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {joinPath} from '../shared/paths.js';
import {harness} from '../shared/platform.js';
import {BrowserEngine} from './browser-engine.js';
import {GLOBALS, TEST_KINDS} from './discovery.js';
import {ProcessEngine} from './process-engine.js';
import {UsageError} from './usage-error.js';

function findProgram(name, ...places) {
    const path = [...places, name].map(place => GLib.find_program_in_path(place))
        .find(found => found !== null);

    if (path === undefined)
        throw new UsageError(`${name} is not installed`);
    return path;
}

function getVersion(...argv) {
    const process = Gio.Subprocess.new(
        argv, Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_SILENCE);
    const [, stdout] = process.communicate_utf8(null, null);

    return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? '';
}

const scriptHost = joinPath(harness, 'hosts/node/main.mjs');
const packaged = path => joinPath(harness, `engines/node_modules/${path}`);

// Creates each engine; a browser is started with a folder for its profile, and a URL.
const makers = {
    gjs(tests) {
        return new ProcessEngine(tests, ['gjs', '-m', joinPath(harness, 'hosts/gjs/main.js')],
            getVersion('gjs', '--version'), {kinds: TEST_KINDS, globals: GLOBALS});
    },
    // The build has the program; ./dev and meson say where.
    jsc(tests) {
        const jsc = findProgram(GLib.getenv('WEB_MESSAGING_WPT_JSC') ?? 'wpt-jsc');

        return new ProcessEngine(tests, [jsc], getVersion(jsc, '--version'),
            {kinds: TEST_KINDS, globals: GLOBALS});
    },
    node(tests) {
        const node = findProgram('node');
        return new ProcessEngine(tests, [node, '--expose-gc', scriptHost], getVersion(node, '--version'));
    },
    deno(tests) {
        const deno = findProgram('deno', packaged('@deno/linux-x64-glibc/deno'));
        return new ProcessEngine(tests, [deno, 'run', '--no-lock', '--no-config', '-A', '--v8-flags=--expose-gc', scriptHost],
            getVersion(deno, '--version'));
    },
    bun(tests) {
        const bun = findProgram('bun', packaged('@oven/bun-linux-x64/bin/bun'));
        return new ProcessEngine(tests, [bun, scriptHost], getVersion(bun, '--version'));
    },
    chromium(_tests, server) {
        const chromium = findProgram('chromium');
        return new BrowserEngine(server, (profile, url) => [
            chromium, '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
            '--no-first-run', '--disable-background-timer-throttling',
            '--disable-renderer-backgrounding', '--js-flags=--expose-gc',
            '--disable-popup-blocking', '--host-resolver-rules=MAP *.test 127.0.0.1',
            `--user-data-dir=${profile}`, url,
        ], getVersion(chromium, '--version'));
    },
    firefox(_tests, server) {
        const firefox = findProgram('firefox', 'firefox-esr');
        return new BrowserEngine(server, (profile, url) =>
            [firefox, '--headless', '--no-remote', '--profile', profile, url],
        getVersion(firefox, '--version'));
    },
};

export const ENGINE_NAMES = Object.keys(makers);

/** Whether an engine runs this library, which some tests are not for. */
export const isHost = name => name === 'gjs' || name === 'jsc';

/** Whether an engine needs a server. */
export const isBrowser = name => name === 'chromium' || name === 'firefox';

export function createEngine(name, tests, server) {
    if (!(name in makers))
        throw new UsageError(`no such engine: ${name}`);

    return Object.assign(makers[name](tests, server), {name});
}
