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
        ['gjs', '-m', harness.resolve_relative_path('runner/main.js').get_path(), ...args],
        Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_PIPE);
    const [, stdout, stderr] = process.communicate_utf8(null, null);

    return {status: process.get_exit_status(), stdout, stderr};
}

// What became of the files, by their names: [status of the file, [[name, status]…]].
function outcomes(...args) {
    const {status, stdout} = runHarness('--wpt', tree.get_path(), '--json', report.get_path(),
        '--expectations', tree.get_child('expectations').get_path(), ...args);
    const [, bytes] = report.load_contents(null);
    const {results} = JSON.parse(new TextDecoder().decode(bytes));

    return {
        status,
        stdout,
        files: Object.fromEntries(results.map(({test, status: fileStatus, subtests}) =>
            [test, [fileStatus, ...subtests.map(({name, status: subtestStatus}) => `${subtestStatus} ${name}`)]])),
    };
}

run({
    every_kind_of_file() {
        const {status, stdout, files} = outcomes();

        assertEquals(status, 1);
        assertEquals(files, {
            '/area/crash.any.js': ['CRASH'],
            '/area/fail.any.js': ['OK', 'FAIL fails', 'PASS passes'],
            '/area/pass.any.js': ['OK', 'PASS passes'],
            '/area/throw-later.any.js': ['ERROR', 'PASS goes on'],
            '/area/throw.any.js': ['ERROR'],
            '/area/twice.any.js': ['OK', 'PASS is done twice', 'PASS the rest'],
            '/pages/document.html': ['OK', 'PASS What a script writes comes before what follows it',
                'PASS Events go down and up', 'PASS Handlers of elements', 'PASS HTML is read and written',
                'PASS Frames come and go', 'PASS Nodes cannot be cloned'],
            '/pages/globals.html': ['OK', 'PASS No global is of the host',
                'PASS Those of GJS and of the library are hidden', 'PASS A script can use their names'],
            '/pages/known.any.js': ['OK', 'FAIL is known to fail', 'PASS is thought to fail', 'FAIL has no reason'],
            '/pages/names.sub.html': ['OK', 'PASS Names are substituted'],
            '/pages/never.html': ['TIMEOUT', 'TIMEOUT never ends', 'PASS ends'],
            '/pages/no-harness.html': ['ERROR'],
            '/pages/old.htm': ['OK', 'PASS An .htm file'],
            '/pages/page.html': ['OK', 'PASS A script sees what is before it',
                'PASS Declarations are shared by scripts', 'PASS load comes after the frames'],
            '/pages/script.window.js?first': ['OK', 'PASS A .window.js file'],
            '/pages/script.window.js?second': ['OK', 'PASS A .window.js file'],
            '/pages/thread.worker.js': ['SKIP'],
        });
        assert(/^area +6 +6 +5 +0 +4$/m.test(stdout), stdout);
        assert(/^pages +10 +21 +18 +1 +6$/m.test(stdout), stdout);
        assert(stdout.includes('CRASH area/crash.any.js'), stdout);
        assert(stdout.includes('FAIL area/fail.any.js: fails'), stdout);
        assert(stdout.includes('1 skipped: There are no workers yet'), stdout);
    },
    expectations() {
        const {status, stdout} = outcomes('pages/known');

        assertEquals(status, 1);
        assert(!stdout.includes('is known to fail'), stdout);
        assert(stdout.includes('PASS pages/known.any.js: is thought to fail: A failure was expected'), stdout);
        assert(stdout.includes('NOTRUN pages/known.any.js: is not there'), stdout);
        assert(stdout.includes('FAIL pages/known.any.js: has no reason'), stdout);
    },
    expectations_are_updated() {
        const file = tree.resolve_relative_path('expectations/area/fail.any.js.json');

        assertEquals(outcomes('area/fail').status, 1);
        outcomes('area/fail', '--update-expectations');
        let text = new TextDecoder().decode(file.load_contents(null)[1]);
        assertEquals(JSON.parse(text), {gjs: {subtests: {fails: ''}}});
        // A reason is still missing.
        assertEquals(outcomes('area/fail').status, 1);
        file.replace_contents(text.replace('""', '"On purpose"'), null, false, Gio.FileCreateFlags.NONE, null);
        assertEquals(outcomes('area/fail').status, 0);
        outcomes('area/fail', '--update-expectations');
        text = new TextDecoder().decode(file.load_contents(null)[1]);
        assertEquals(JSON.parse(text), {gjs: {subtests: {fails: 'On purpose'}}});
        file.delete(null);
    },
    a_file_that_passes() {
        assertEquals(outcomes('area/pass').status, 0);
    },
    html() {
        const page = GLib.build_filenamev([tree.get_path(), 'report.html']);
        runHarness('--wpt', tree.get_path(), '--html', page, 'area/fail', 'thread');
        const text = new TextDecoder().decode(GLib.file_get_contents(page)[1]);

        for (const part of ['area/fail.any.js', 'on purpose', 'passes', 'pages/thread.worker.js', '1/2'])
            assert(text.includes(part), part);
        assert(!/(src|href)=/.test(text), 'The page needs nothing but itself');
    },
    tap() {
        const {status, stdout} = runHarness('--wpt', tree.get_path(), '--tap', 'area/fail', 'thread');

        assertEquals(status, 1);
        assert(stdout.includes('not ok 1 - area/fail.any.js: fails'), stdout);
        assert(stdout.includes('ok 2 - area/fail.any.js: passes'), stdout);
        assert(stdout.includes('ok 3 - pages/thread.worker.js # SKIP There are no workers yet'), stdout);
        assert(stdout.trim().endsWith('1..3'), stdout);
    },
    wrong_arguments() {
        for (const args of [['--nonsense'], ['--json'], ['--wpt', '/nowhere'], ['no-such-test'],
            ['--engine', 'netscape'], ['--compare', '--tap']]) {
            const {status, stdout, stderr} = runHarness(...args);

            assertEquals(status, 2);
            assertEquals(stdout, '');
            assertEquals(stderr.trim().split('\n').length, 1);
        }
    },
}, () => remove(tree));
