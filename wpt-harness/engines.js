// engines.js: the engines that test files can run in
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {RESULT_MARK, TIMEOUT_SECONDS, getTimeout, nameResults} from './test-meta.js';
import {UsageError, here, readText, writeText} from './common.js';
import {hostNames} from './host/site.js';

Gio._promisify(Gio.Subprocess.prototype, 'communicate_utf8_async', 'communicate_utf8_finish');

// A process that does not even time out by itself is ended this much later.
const GRACE_SECONDS = 10;

const failure = (status, message) => ({status, message, subtests: []});

// The number of seconds after which a file has no more results to expect.
function getTimeLimit(file) {
    return TIMEOUT_SECONDS[getTimeout(readText(file))] + GRACE_SECONDS;
}

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

/** Runs each file in a process of its own, which prints its results. */
class ProcessEngine {
    constructor(tests, argv, version, kinds = ['any']) {
        this._tests = tests;
        this._argv = argv;
        this.kinds = kinds;
        this.version = version;
        this.nParallel = GLib.get_num_processors();
    }

    async run({file, variant}) {
        const launcher = new Gio.SubprocessLauncher(
            {flags: Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_PIPE});

        launcher.setenv('G_DEBUG', 'fatal-warnings', true);
        const process = launcher.spawnv([
            ...this._argv, this._tests.root.get_path(), this._tests.testharness.get_path(),
            file.get_path(), variant,
        ]);
        let killed = false;
        const killer = setTimeout(() => {
            killed = true;
            process.force_exit();
        }, getTimeLimit(file) * 1000);
        const [stdout, stderr] = await process.communicate_utf8_async(null, null);

        clearTimeout(killer);
        const line = stdout.split('\n').find(text => text.startsWith(RESULT_MARK));
        return line !== undefined ? nameResults(JSON.parse(line.slice(RESULT_MARK.length)))
            : failure(killed ? 'TIMEOUT' : 'CRASH', stderr.trim().split('\n').pop());
    }

    stop() {
    }
}

// Read from the folder of the profile, which means nothing to other browsers.
const FIREFOX_PREFERENCES = [
    ['network.dns.localDomains', hostNames.join()],
    ['network.proxy.type', 0],
    ['browser.shell.checkDefaultBrowser', false],
    ['browser.startup.homepage_override.mstone', 'ignore'],
    ['datareporting.policy.dataSubmissionEnabled', false],
    ['dom.disable_open_during_load', false],
    ['toolkit.telemetry.reportingpolicy.firstRun', false],
];

/** Shows each file to a browser, which a server hands the files and takes the results from. */
class BrowserEngine {
    constructor(tests, server, makeArgv, version) {
        this._server = server;
        this._makeArgv = makeArgv;
        this.version = version;
        this.kinds = ['any', 'window', 'page'];
        this.nParallel = 2;
        this._folder = null;
        this._process = null;
    }

    _start() {
        this._folder = Gio.File.new_for_path(GLib.dir_make_tmp('web-messaging-XXXXXX'));
        writeText(this._folder.get_child('user.js'), FIREFOX_PREFERENCES.map(([name, value]) =>
            `user_pref("${name}", ${JSON.stringify(value)});\n`).join(''));
        this._process = Gio.Subprocess.new(
            this._makeArgv(this._folder.get_path(), this._server.driverUrl),
            Gio.SubprocessFlags.STDOUT_SILENCE | Gio.SubprocessFlags.STDERR_SILENCE);
        const process = this._process;
        process.wait_async(null, () => {
            // It ends by itself only when it crashes.
            if (this._process === process) {
                this.stop();
                this._server.failAll('CRASH', 'The browser has ended');
            }
        });
    }

    async run({file, variant}) {
        if (this._process === null)
            this._start();

        const results = await this._server.request(file, variant, getTimeLimit(file) * 1000);
        if (results.status !== undefined && typeof results.status === 'string')
            return failure(results.status, results.message);
        return nameResults(results);
    }

    stop() {
        const process = this._process;

        this._process = null;
        this._server.forgetBrowsers();
        process?.force_exit();
        process?.wait(null);
        if (this._folder !== null)
            GLib.spawn_sync(null, ['rm', '-rf', this._folder.get_path()], null, GLib.SpawnFlags.SEARCH_PATH, null);
        this._folder = null;
    }
}

const scriptHost = here.get_child('host-server.mjs').get_path();
const packaged = path => here.resolve_relative_path(`engines/node_modules/${path}`).get_path();

// What starts each engine; a browser gets a folder for its profile, and a URL.
const makers = {
    gjs(tests) {
        return new ProcessEngine(tests, ['gjs', '-m', here.resolve_relative_path('host/main.js').get_path()],
            getVersion('gjs', '--version'), ['any', 'window', 'page']);
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
    chromium(tests, server) {
        const chromium = findProgram('chromium');
        return new BrowserEngine(tests, server, (profile, url) => [
            chromium, '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
            '--no-first-run', '--disable-background-timer-throttling',
            '--disable-renderer-backgrounding', '--js-flags=--expose-gc',
            '--disable-popup-blocking', '--host-resolver-rules=MAP *.test 127.0.0.1',
            `--user-data-dir=${profile}`, url,
        ], getVersion(chromium, '--version'));
    },
    firefox(tests, server) {
        const firefox = findProgram('firefox', 'firefox-esr');
        return new BrowserEngine(tests, server, (profile, url) =>
            [firefox, '--headless', '--no-remote', '--profile', profile, url],
        getVersion(firefox, '--version'));
    },
};

export const ENGINE_NAMES = Object.keys(makers);

/** Whether an engine needs a server. */
export const isBrowser = name => name === 'chromium' || name === 'firefox';

export function createEngine(name, tests, server) {
    if (!(name in makers))
        throw new UsageError(`no such engine: ${name}`);

    return Object.assign(makers[name](tests, server), {name});
}
