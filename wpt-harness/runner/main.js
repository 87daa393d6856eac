// main.js: runs test files in an engine, or in several, and reports
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

import {joinPath} from '../shared/paths.js';
import {harness, isFile} from '../shared/platform.js';
import {locateTests} from '../shared/tests.js';
import {writeText} from '../shared/text.js';
import {USAGE, parseArguments} from './arguments.js';
import {findTests} from './discovery.js';
import {ENGINE_NAMES, createEngine, isBrowser} from './engines.js';
import {makeHtml} from './report/html.js';
import {makeComparison} from './report/markdown.js';
import {printComparison, printProgress, printTable, printUnexpected} from './report/terminal.js';
import {printTap} from './report/tap.js';
import {makeJson} from './report/wptreport.js';
import {runTests} from './run.js';
import {UsageError} from './usage-error.js';

function findInstalledEngines(tests, server) {
    return ENGINE_NAMES.flatMap(name => {
        try {
            return [createEngine(name, tests, server)];
        } catch (error) {
            if (error instanceof UsageError)
                return [];
            throw error;
        }
    });
}

// Only a run in a browser needs libsoup.
async function createServer(tests, options) {
    if (!options.compare && !isBrowser(options.engine))
        return null;

    const {Server} = await import('./server.js');
    return new Server(tests);
}

function writeReports(run, options) {
    if (options['update-expectations'])
        [true, false].forEach(isFirst => run.results.filter(result => result.isFirst === isFirst)
            .forEach(result => run.expectations.update(result)));
    if (options.json !== undefined)
        writeText(Gio.File.new_for_commandline_arg(options.json), makeJson(run));
    if (options.html !== undefined)
        writeText(Gio.File.new_for_commandline_arg(options.html), makeHtml(run));
    if (options.tap) {
        printTap(run);
    } else if (!options.compare) {
        printUnexpected(run.results);
        printTable(run);
    }
}

async function main(args) {
    const options = parseArguments(args);

    if (options.help) {
        print(USAGE);
        return 0;
    }

    const tests = locateTests(options.wpt === undefined
        ? joinPath(harness, 'suite') : Gio.File.new_for_commandline_arg(options.wpt).get_path());
    if (!isFile(tests.testharness))
        throw new UsageError(`there is no ${tests.testharness}`);
    if (options.expectations !== undefined)
        tests.expectations = Gio.File.new_for_commandline_arg(options.expectations).get_path();
    const files = [...findTests(Gio.File.new_for_path(tests.root), options.patterns)];
    if (files.length === 0)
        throw new UsageError('no test file has such a path');

    const server = await createServer(tests, options);
    const engines = options.compare
        ? findInstalledEngines(tests, server) : [createEngine(options.engine ?? 'gjs', tests, server)];
    const showProgress = GLib.log_writer_supports_color(2) && !options.tap;
    const runs = [];
    for (const engine of engines) {
        const run = await runTests(tests, engine, files, showProgress ? printProgress : () => {});

        runs.push(run);
        writeReports(run, options);
    }
    server?.stop();

    if (options.compare) {
        runs.forEach(run => printUnexpected(run.results));
        printComparison(runs);
        if (options.wpt === undefined && options.patterns.length === 0) {
            writeText(Gio.File.new_for_path(joinPath(harness, '../docs/conformance.md')), makeComparison(runs));
        }
    }
    return runs.every(({results}) => results.every(({unexpected}) => unexpected.length === 0)) ? 0 : 1;
}

const loop = new GLib.MainLoop(null, false);
let status = 2;

main([...System.programArgs])
    .then(result => {
        status = result;
    })
    .catch(error => {
        printerr(error instanceof UsageError || error instanceof GLib.Error
            ? `wpt: ${error.message}` : `wpt: ${error}\n${error.stack}`);
    })
    .finally(() => loop.quit());
loop.run();
System.exit(status);
