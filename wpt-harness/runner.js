// runner.js: runs test files, each in a process of its own, and reports
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

import {Expectations} from './expectations.js';
import {RESULT_MARK, TIMEOUT_SECONDS, parseMeta, readText} from './test-file.js';

Gio._promisify(Gio.Subprocess.prototype, 'communicate_utf8_async', 'communicate_utf8_finish');

const USAGE = `Usage: ./dev wpt [OPTION…] [PATTERN…]

Runs the test files whose path contains one of the patterns, or all of them.

  --wpt DIR     the .any.js files of a web-platform-tests checkout, not the suite of this folder
  --update-expectations
                write down which subtests fail; the reasons are yours to add
  --json FILE   write the results in the wptreport format
  --tap         print them in the Test Anything Protocol
  --help        print this text`;

// A process that does not even time out by itself is ended this much later.
const GRACE_SECONDS = 5;

const HARNESS_STATUS = ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED'];
const SUBTEST_STATUS = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED'];

const here = Gio.File.new_for_uri(import.meta.url).get_parent();

class UsageError extends Error {}

function parseArguments(args) {
    const options = {
        wpt: null, json: null, tap: false, 'update-expectations': false, help: false, patterns: [],
    };

    while (args.length > 0) {
        const arg = args.shift();

        if (arg === '--tap' || arg === '--update-expectations' || arg === '--help') {
            options[arg.slice(2)] = true;
        } else if (arg === '--wpt' || arg === '--json') {
            if (args.length === 0)
                throw new UsageError(`${arg} needs an argument`);
            options[arg.slice(2)] = args.shift();
        } else if (arg.startsWith('-')) {
            throw new UsageError(`no such option: ${arg}`);
        } else {
            options.patterns.push(arg);
        }
    }

    return options;
}

// The folder of tests, and the testharness.js that goes with them.
function locateTests(options) {
    const root = options.wpt === null
        ? here.get_child('suite') : Gio.File.new_for_commandline_arg(options.wpt);
    const testharness = options.wpt === null
        ? here.resolve_relative_path('node_modules/wpt-runner/testharness/testharness.js')
        : root.resolve_relative_path('resources/testharness.js');

    if (!testharness.query_exists(null))
        throw new UsageError(`there is no ${testharness.get_path()}`);

    const expectations = new Expectations(here.resolve_relative_path(
        options.wpt === null ? 'expectations/suite' : 'expectations/wpt'), 'gjs');
    return {root, testharness, expectations};
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

// What a process has left behind, as results; null if it came to an end without any.
function parseResults(stdout) {
    const line = stdout.split('\n').find(text => text.startsWith(RESULT_MARK));

    if (line === undefined)
        return null;

    const {status, message, subtests} = JSON.parse(line.slice(RESULT_MARK.length));
    return {
        status: HARNESS_STATUS[status],
        message,
        subtests: subtests.map(subtest => ({...subtest, status: SUBTEST_STATUS[subtest.status]})),
    };
}

async function runTest(tests, file) {
    const test = tests.root.get_relative_path(file);
    const {timeout} = parseMeta(readText(file));
    const launcher = new Gio.SubprocessLauncher(
        {flags: Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_PIPE});
    const started = GLib.get_monotonic_time();

    launcher.setenv('G_DEBUG', 'fatal-warnings', true);
    const process = launcher.spawnv([
        'gjs', '-m', here.get_child('host.js').get_path(),
        tests.root.get_path(), tests.testharness.get_path(), file.get_path(),
    ]);

    let killed = false;
    const killer = setTimeout(() => {
        killed = true;
        process.force_exit();
    }, (TIMEOUT_SECONDS[timeout] + GRACE_SECONDS) * 1000);
    const [stdout, stderr] = await process.communicate_utf8_async(null, null);
    clearTimeout(killer);

    const results = parseResults(stdout) ?? {
        status: killed ? 'TIMEOUT' : 'CRASH',
        message: stderr.trim().split('\n').pop(),
        subtests: [],
    };
    if (results.status === 'OK' && results.subtests.length === 0)
        Object.assign(results, {status: 'ERROR', message: 'The file has no subtests'});

    const result = {test, ...results, duration: (GLib.get_monotonic_time() - started) / 1000};
    tests.expectations.apply(result);
    return result;
}

async function runTests(tests, files, report) {
    const queue = [...files];
    const results = [];

    async function work() {
        for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
            const result = await runTest(tests, file);

            results.push(result);
            report(result, results.length);
        }
    }

    await Promise.all(Array.from({length: GLib.get_num_processors()}, work));
    results.sort((a, b) => a.test < b.test ? -1 : 1);

    return results;
}

function countPassed(result) {
    return result.subtests.filter(subtest => subtest.status === 'PASS').length;
}

function showProgress(result, nDone, nFiles) {
    printerr(`\r\x1b[K[${nDone}/${nFiles}] ${result.test}`);
}

function printUnexpected(results) {
    for (const {test, unexpected} of results) {
        for (const {name, status, message} of unexpected)
            print(`${status} ${name === null ? test : `${test}: ${name}`}: ${message ?? ''}`);
    }
}

function printTable(results) {
    const areas = new Map();

    for (const result of results) {
        const name = GLib.path_get_dirname(result.test);
        const area = areas.get(name) ?? {files: 0, subtests: 0, passed: 0, expected: 0, unexpected: 0};

        area.files++;
        area.subtests += result.subtests.length;
        area.passed += countPassed(result);
        area.expected += result.subtests.filter(({reason}) => reason !== undefined).length;
        area.unexpected += result.unexpected.length;
        areas.set(name, area);
    }

    const total = {files: 0, subtests: 0, passed: 0, expected: 0, unexpected: 0};
    for (const area of areas.values()) {
        for (const key in total)
            total[key] += area[key];
    }
    areas.set('all', total);

    const width = Math.max(...[...areas.keys()].map(name => name.length), 'area'.length);
    const row = (name, ...columns) =>
        print(name.padEnd(width), ...columns.map(column => String(column).padStart(10)));
    row('area', 'files', 'subtests', 'passed', 'expected', 'unexpected');
    for (const [name, {files, subtests, passed, expected, unexpected}] of areas)
        row(name, files, subtests, passed, expected, unexpected);
}

function printTap(results) {
    let n = 0;
    const line = (passed, name, message) => {
        print(`${passed ? 'ok' : 'not ok'} ${++n} - ${name.replace(/[#\n]/g, ' ')}`);
        if (!passed)
            print(`# ${String(message).replace(/\n/g, '\n# ')}`);
    };

    for (const {test, unexpected, subtests} of results) {
        for (const {name, status, message} of unexpected)
            line(false, name === null ? test : `${test}: ${name}`, `${status}: ${message}`);
        for (const {name, status, reason} of subtests) {
            if (status === 'PASS' || reason !== undefined)
                line(true, `${test}: ${name}`);
        }
    }
    print(`1..${n}`);
}

// The wptreport format, which wpt.fyi and its tools read.
function writeJson(path, results, started) {
    const report = {
        run_info: {product: 'libwebmessaging', os: 'linux'},
        time_start: started,
        time_end: Date.now(),
        results: results.map(({test, status, message, subtests, duration}) => ({
            test: `/${test}`, status, message, subtests, duration,
        })),
    };

    Gio.File.new_for_commandline_arg(path).replace_contents(
        JSON.stringify(report, null, 2), null, false, Gio.FileCreateFlags.NONE, null);
}

async function main(args) {
    const options = parseArguments(args);
    const started = Date.now();

    if (options.help) {
        print(USAGE);
        return 0;
    }

    const tests = locateTests(options);
    const files = [...findTests(tests.root)].filter(file => options.patterns.length === 0 ||
        options.patterns.some(pattern => tests.root.get_relative_path(file).includes(pattern)));
    if (files.length === 0)
        throw new UsageError('no test file has such a path');

    const isTerminal = GLib.log_writer_supports_color(2);
    const results = await runTests(tests, files, (result, nDone) => {
        if (isTerminal && !options.tap)
            showProgress(result, nDone, files.length);
    });

    if (options['update-expectations'])
        results.forEach(result => tests.expectations.update(result));
    if (options.json !== null)
        writeJson(options.json, results, started);
    if (options.tap) {
        printTap(results);
    } else {
        printUnexpected(results);
        printTable(results);
    }

    return results.every(({unexpected}) => unexpected.length === 0) ? 0 : 1;
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
