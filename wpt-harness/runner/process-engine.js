// process-engine.js: an engine that runs each file in a process of its own
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {RESULT_MARK, nameResults} from '../shared/results.js';
import {failure, getTimeLimit} from './outcome.js';

Gio._promisify(Gio.Subprocess.prototype, 'communicate_utf8_async', 'communicate_utf8_finish');

/** Runs each file in a process of its own, which prints its results. */
export class ProcessEngine {
    // kinds, globals: which tests it can run
    constructor(tests, argv, version, {kinds = ['any'], globals = ['window']} = {}) {
        this._tests = tests;
        this._argv = argv;
        this.kinds = kinds;
        this.globals = globals;
        this.version = version;
        this.nParallel = GLib.get_num_processors();
        // For the temporary files of all processes, however they end
        this._folder = GLib.dir_make_tmp('web-messaging-XXXXXX');
    }

    async run({file, test}) {
        const launcher = new Gio.SubprocessLauncher(
            {flags: Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_PIPE});

        launcher.setenv('G_DEBUG', 'fatal-warnings', true);
        launcher.setenv('TMPDIR', this._folder, true);
        const process = launcher.spawnv([
            ...this._argv, this._tests.root, this._tests.testharness,
            file.get_path(), test,
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
        GLib.spawn_sync(null, ['rm', '-rf', this._folder], null, GLib.SpawnFlags.SEARCH_PATH, null);
    }
}
