// runner.js: runs test files in an engine, or in several, and reports
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

import {ENGINE_NAMES, createEngine, isBrowser} from './engines.js';
import {Expectations} from './expectations.js';
import {findTests} from './discovery.js';
import {UsageError, here, locateTests, writeText} from './common.js';
import * as report from './report.js';

const USAGE = `Usage: ./dev wpt [OPTION…] [PATTERN…]

Runs the test files whose path contains one of the patterns, or all of them.

  --engine NAME one of ${ENGINE_NAMES.join(', ')}; gjs, which runs this library, if none is given
  --compare     run them in every engine that is installed, and write docs/conformance.md if it was
                all of them
  --wpt DIR     the tests of a web-platform-tests checkout, not the suite of this folder
  --expectations DIR
                the folder of the files that say what fails, and why
  --update-expectations
                write down which subtests fail; the reasons are yours to add
  --json FILE   write the results in the wptreport format
  --html FILE   write them as a page to read
  --tap         print them in the Test Anything Protocol
  --help        print this text`;

const FLAGS = ['tap', 'compare', 'update-expectations', 'help'];
const VALUES = ['engine', 'wpt', 'expectations', 'json', 'html'];

function parseArguments(args) {
    const options = {patterns: []};

    while (args.length > 0) {
        const arg = args.shift();
        const name = arg.slice(2);

        if (!arg.startsWith('-')) {
            options.patterns.push(arg);
        } else if (FLAGS.includes(name)) {
            options[name] = true;
        } else if (VALUES.includes(name)) {
            if (args.length === 0)
                throw new UsageError(`${arg} needs an argument`);
            options[name] = args.shift();
        } else {
            throw new UsageError(`no such option: ${arg}`);
        }
    }
    if (options.compare && (options.engine ?? options.json ?? options.html ?? options.tap) !== undefined)
        throw new UsageError('--compare chooses its engines, and prints a table');

    return options;
}

async function runTest(engine, test) {
    const started = GLib.get_monotonic_time();
    const result = {test: test.test, ...await engine.run(test)};

    result.duration = (GLib.get_monotonic_time() - started) / 1000;
    if (result.status === 'OK' && result.subtests.length === 0)
        Object.assign(result, {status: 'ERROR', message: 'The file has no subtests'});

    return result;
}

/** Runs files in an engine, some of them at once. */
async function runTests(tests, engine, files, showProgress) {
    const expectations = new Expectations(tests.expectations, engine.name);
    const canRun = test => (test.skip === null || engine.name !== 'gjs') && engine.kinds.includes(test.kind);
    const queue = files.filter(canRun);
    const nFiles = queue.length;
    const results = [];
    const started = Date.now();

    async function work() {
        for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
            const result = await runTest(engine, file);

            expectations.apply(result);
            results.push(result);
            if (showProgress)
                report.printProgress(result, results.length, nFiles);
        }
    }

    await Promise.all(Array.from({length: engine.nParallel}, work));
    engine.stop();
    if (showProgress)
        printerr('\r\x1b[K');
    results.sort((a, b) => a.test < b.test ? -1 : 1);

    return {
        engine: engine.name, version: engine.version, results, expectations, started, ended: Date.now(),
        skipped: files.filter(test => !canRun(test)).map(({test, skip}) =>
            ({test, reason: engine.name === 'gjs' ? skip : 'The engine has no windows'})),
    };
}

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
        run.results.forEach(result => run.expectations.update(result));
    if (options.json !== undefined)
        writeText(Gio.File.new_for_commandline_arg(options.json), report.makeJson(run));
    if (options.html !== undefined)
        writeText(Gio.File.new_for_commandline_arg(options.html), report.makeHtml(run));
    if (options.tap) {
        report.printTap(run);
    } else if (!options.compare) {
        report.printUnexpected(run.results);
        report.printTable(run);
    }
}

async function main(args) {
    const options = parseArguments(args);

    if (options.help) {
        print(USAGE);
        return 0;
    }

    const tests = locateTests(options.wpt === undefined
        ? here.get_child('suite') : Gio.File.new_for_commandline_arg(options.wpt));
    if (!tests.testharness.query_exists(null))
        throw new UsageError(`there is no ${tests.testharness.get_path()}`);
    if (options.expectations !== undefined)
        tests.expectations = Gio.File.new_for_commandline_arg(options.expectations);
    const files = [...findTests(tests.root, options.patterns)];
    if (files.length === 0)
        throw new UsageError('no test file has such a path');

    const server = await createServer(tests, options);
    const engines = options.compare
        ? findInstalledEngines(tests, server) : [createEngine(options.engine ?? 'gjs', tests, server)];
    const showProgress = GLib.log_writer_supports_color(2) && !options.tap;
    const runs = [];
    for (const engine of engines) {
        const run = await runTests(tests, engine, files, showProgress);

        runs.push(run);
        writeReports(run, options);
    }
    server?.stop();

    if (options.compare) {
        runs.forEach(run => report.printUnexpected(run.results));
        report.printComparison(runs);
        if (options.wpt === undefined && options.patterns.length === 0) {
            writeText(here.resolve_relative_path('../docs/conformance.md'), report.makeDocument(runs));
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
