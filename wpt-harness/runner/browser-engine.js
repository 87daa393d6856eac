// browser-engine.js: an engine that is handed one page after the other
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {GLOBALS, TEST_KINDS} from './discovery.js';
import {nameResults} from '../shared/results.js';
import {hostNames} from '../shared/site.js';
import {writeText} from '../shared/text.js';
import {failure, getTimeLimit} from './outcome.js';

// Firefox reads them from the folder of its profile; other browsers ignore the file.
const FIREFOX_PREFERENCES = [
    ['network.dns.localDomains', hostNames.join()],
    ['network.proxy.type', 0],
    ['browser.shell.checkDefaultBrowser', false],
    ['browser.startup.homepage_override.mstone', 'ignore'],
    ['datareporting.policy.dataSubmissionEnabled', false],
    ['dom.disable_open_during_load', false],
    ['toolkit.telemetry.reportingpolicy.firstRun', false],
];

/** Runs files in a browser: a server gives it one URL after the other and receives the results. */
export class BrowserEngine {
    constructor(server, makeArgv, version) {
        this._server = server;
        this._makeArgv = makeArgv;
        this.version = version;
        this.kinds = TEST_KINDS;
        this.globals = GLOBALS;
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
            // The browser exits by itself only if it crashes.
            if (this._process === process) {
                this.stop();
                this._server.failAll('CRASH', 'The browser has ended');
            }
        });
    }

    async run({file, test}) {
        if (this._process === null)
            this._start();

        const results = await this._server.request(test, getTimeLimit(file) * 1000);
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
