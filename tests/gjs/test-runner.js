// test-runner.js: the conformance harness on a tree with files of every kind
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {assert, assertEquals, run} from './tap.js';

const here = Gio.File.new_for_uri(import.meta.url).get_parent();
const harness = here.resolve_relative_path('../../wpt-harness');

// A checkout has its own testharness.js; ours is installed, and not in the repository.
const tree = Gio.File.new_for_path(GLib.dir_make_tmp('wpt-tree-XXXXXX'));
const report = tree.get_child('report.json');

function copy(from, to) {
    if (from.query_file_type(Gio.FileQueryInfoFlags.NONE, null) !== Gio.FileType.DIRECTORY) {
        from.copy(to, Gio.FileCopyFlags.NONE, null, null);
        return;
    }
    if (!to.query_exists(null))
        to.make_directory(null);
    for (const info of from.enumerate_children('standard::name', Gio.FileQueryInfoFlags.NONE, null))
        copy(from.get_child(info.get_name()), to.get_child(info.get_name()));
}

function remove(file) {
    if (file.query_file_type(Gio.FileQueryInfoFlags.NONE, null) === Gio.FileType.DIRECTORY) {
        for (const info of
            file.enumerate_children('standard::name', Gio.FileQueryInfoFlags.NONE, null))
            remove(file.get_child(info.get_name()));
    }
    file.delete(null);
}

copy(here.get_child('wpt-tree'), tree);
copy(harness.resolve_relative_path('node_modules/wpt-runner/testharness/testharness.js'),
    tree.resolve_relative_path('resources/testharness.js'));

function runHarness(...args) {
    const process = Gio.Subprocess.new(
        ['gjs', '-m', harness.get_child('runner.js').get_path(), ...args],
        Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_PIPE);
    const [, stdout, stderr] = process.communicate_utf8(null, null);

    return {status: process.get_exit_status(), stdout, stderr};
}

// What became of one file, as [status, [[name, status]…]].
function outcome(file) {
    const {status} = runHarness('--wpt', tree.get_path(), '--json', report.get_path(),
        `${file}.any.js`);
    const [, bytes] = report.load_contents(null);
    const {results} = JSON.parse(new TextDecoder().decode(bytes));

    assertEquals(results.length, 1);
    assertEquals(results[0].test, `/area/${file}.any.js`);
    return [status, results[0].status,
        results[0].subtests.map(subtest => [subtest.name, subtest.status])];
}

run({
    a_file_that_passes() {
        assertEquals(outcome('pass'), [0, 'OK', [['passes', 'PASS']]]);
    },
    a_file_with_a_failure() {
        assertEquals(outcome('fail'), [1, 'OK', [['fails', 'FAIL'], ['passes', 'PASS']]]);
    },
    a_file_that_throws_at_load() {
        assertEquals(outcome('throw'), [1, 'ERROR', []]);
    },
    a_file_that_throws_in_a_handler() {
        assertEquals(outcome('throw-later'), [1, 'ERROR', [['goes on', 'PASS']]]);
    },
    a_file_that_ends_the_process() {
        assertEquals(outcome('crash'), [1, 'CRASH', []]);
    },
    a_test_that_is_done_twice() {
        assertEquals(outcome('twice'),
            [0, 'OK', [['is done twice', 'PASS'], ['the rest', 'PASS']]]);
    },
    one_file_does_not_stop_the_others() {
        const {status, stdout} = runHarness('--wpt', tree.get_path());

        assertEquals(status, 1);
        assert(/^all +6 +6 +5 +0 +4$/m.test(stdout), stdout);
        assert(stdout.includes('CRASH area/crash.any.js'), stdout);
        assert(stdout.includes('FAIL area/fail.any.js: fails'), stdout);
    },
    tap() {
        const {status, stdout} = runHarness('--wpt', tree.get_path(), '--tap', 'area/fail');

        assertEquals(status, 1);
        assert(stdout.includes('not ok 1 - area/fail.any.js: fails'), stdout);
        assert(stdout.includes('ok 2 - area/fail.any.js: passes'), stdout);
        assert(stdout.trim().endsWith('1..2'), stdout);
    },
    wrong_arguments() {
        for (const args of [['--nonsense'], ['--json'], ['--wpt', '/nowhere'], ['no-such-test']]) {
            const {status, stdout, stderr} = runHarness(...args);

            assertEquals(status, 2);
            assertEquals(stdout, '');
            assertEquals(stderr.trim().split('\n').length, 1);
        }
    },
}, () => remove(tree));
