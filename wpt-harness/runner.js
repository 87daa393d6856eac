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
import {PACKAGED} from './test-meta.js';
import {UsageError, here, writeText} from './common.js';
import * as report from './report.js';

const USAGE = `Usage: ./dev wpt [OPTION…] [PATTERN…]

Runs the test files whose path contains one of the patterns, or all of them.

  --engine NAME one of ${ENGINE_NAMES.join(', ')}; gjs, which runs this library, if none is given
  --compare     run them in every engine that is installed, and write docs/conformance.md if it was
                all of them
  --wpt DIR     the .any.js files of a web-platform-tests checkout, not the suite of this folder
  --update-expectations
                write down which subtests fail; the reasons are yours to add
  --json FILE   write the results in the wptreport format
  --html FILE   write them as a page to read
  --tap         print them in the Test Anything Protocol
  --help        print this text`;

const FLAGS = ['tap', 'compare', 'update-expectations', 'help'];
const VALUES = ['engine', 'wpt', 'json', 'html'];

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

// The folder of tests, and the testharness.js that goes with them.
function locateTests(options) {
    const root = options.wpt === undefined
        ? here.get_child('suite') : Gio.File.new_for_commandline_arg(options.wpt);
    const packagedFolder = here.resolve_relative_path('node_modules/wpt-runner/testharness');
    const findResource = path => options.wpt === undefined && path in PACKAGED
        ? packagedFolder.resolve_relative_path(PACKAGED[path]) : root.resolve_relative_path(`.${path}`);
    const testharness = findResource('/resources/testharness.js');

    if (!testharness.query_exists(null))
        throw new UsageError(`there is no ${testharness.get_path()}`);

    return {
        root, testharness, findResource,
        expectations: here.resolve_relative_path(
            options.wpt === undefined ? 'expectations/suite' : 'expectations/wpt'),
    };
}

function* findTests(folder) {
    const children = [...folder.enumerate_children(
        'standard::name,standard::type', Gio.FileQueryInfoFlags.NONE, null)];

    children.sort((a, b) => a.get_name() < b.get_name() ? -1 : 1);
    for (const info of children) {
        const child = folder.get_child(info.get_name());

        if (info.get_file_type() === Gio.FileType.DIRECTORY)
            yield* findTests(child);
        else if (info.get_name().endsWith('.any.js'))
            yield child;
    }
}

async function runTest(tests, engine, file) {
    const started = GLib.get_monotonic_time();
    const result = {test: tests.root.get_relative_path(file), ...await engine.run(file)};

    result.duration = (GLib.get_monotonic_time() - started) / 1000;
    if (result.status === 'OK' && result.subtests.length === 0)
        Object.assign(result, {status: 'ERROR', message: 'The file has no subtests'});

    return result;
}

/** Runs files in an engine, some of them at once. */
async function runTests(tests, engine, files, showProgress) {
    const expectations = new Expectations(tests.expectations, engine.name);
    const queue = [...files];
    const results = [];
    const started = Date.now();

    async function work() {
        for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
            const result = await runTest(tests, engine, file);

            expectations.apply(result);
            results.push(result);
            if (showProgress)
                report.printProgress(result, results.length, files.length);
        }
    }

    await Promise.all(Array.from({length: engine.nParallel}, work));
    engine.stop();
    if (showProgress)
        printerr('\r\x1b[K');
    results.sort((a, b) => a.test < b.test ? -1 : 1);

    return {
        engine: engine.name, version: engine.version, results, expectations, started, ended: Date.now(),
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
        report.printTap(run.results);
    } else if (!options.compare) {
        report.printUnexpected(run.results);
        report.printTable(run.results);
    }
}

async function main(args) {
    const options = parseArguments(args);

    if (options.help) {
        print(USAGE);
        return 0;
    }

    const tests = locateTests(options);
    const files = [...findTests(tests.root)].filter(file => options.patterns.length === 0 ||
        options.patterns.some(pattern => tests.root.get_relative_path(file).includes(pattern)));
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
