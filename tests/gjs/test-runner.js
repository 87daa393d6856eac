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

// The processes that run a program, and have a variable in their environment.
function findProcesses(program, text) {
    const read = path => {
        try {
            return new TextDecoder().decode(GLib.file_get_contents(path)[1]);
        } catch {
            // It has ended.
            return '';
        }
    };
    const folder = Gio.File.new_for_path('/proc');

    return [...folder.enumerate_children('standard::name', Gio.FileQueryInfoFlags.NONE, null)]
        .map(info => info.get_name())
        .filter(name => /^\d+$/.test(name) && read(`/proc/${name}/cmdline`).includes(program) &&
            read(`/proc/${name}/environ`).includes(text));
}

function runHarness(...args) {
    const launcher = new Gio.SubprocessLauncher(
        {flags: Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_PIPE});
    launcher.setenv('WPT_TREE', tree.get_path(), true);
    const process = launcher.spawnv(
        ['gjs', '-m', harness.resolve_relative_path('runner/main.js').get_path(), ...args]);
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
        const {status, stdout, files} = outcomes('area/', 'pages/');

        assertEquals(status, 1);
        assertEquals(files, {
            '/area/crash.any.html': ['CRASH'],
            '/area/fail.any.html': ['OK', 'FAIL fails', 'PASS passes'],
            '/area/pass.any.html': ['OK', 'PASS passes'],
            '/area/pass.any.worker.html': ['OK', 'PASS passes'],
            '/area/throw-later.any.html': ['ERROR', 'PASS goes on'],
            '/area/throw.any.html': ['ERROR'],
            '/area/twice.any.html': ['OK', 'PASS is done twice', 'PASS the rest'],
            '/pages/document.html': ['OK', 'PASS What a script writes comes before what follows it',
                'PASS Events go down and up', 'PASS Handlers of elements', 'PASS HTML is read and written',
                'PASS Frames come and go', 'PASS Nodes cannot be cloned'],
            '/pages/globals.html': ['OK', 'PASS No global is of the host',
                'PASS Those of GJS and of the library are hidden', 'PASS A script can use their names'],
            '/pages/known.any.html': ['OK', 'FAIL is known to fail', 'PASS is thought to fail', 'FAIL has no reason'],
            '/pages/names.sub.html': ['OK', 'PASS Names are substituted'],
            '/pages/never.html': ['TIMEOUT', 'TIMEOUT never ends', 'PASS ends'],
            '/pages/no-harness.html': ['ERROR'],
            '/pages/old.htm': ['OK', 'PASS An .htm file'],
            '/pages/page.html': ['OK', 'PASS A script sees what is before it',
                'PASS Declarations are shared by scripts', 'PASS load comes after the frames'],
            '/pages/script.window.html?first': ['OK', 'PASS A .window.js file'],
            '/pages/script.window.html?second': ['OK', 'PASS A .window.js file'],
        });
        assert(/^area +7 +7 +6 +0 +4$/m.test(stdout), stdout);
        assert(/^pages +10 +21 +18 +1 +6$/m.test(stdout), stdout);
        assert(stdout.includes('CRASH area/crash.any.html'), stdout);
        assert(stdout.includes('FAIL area/fail.any.html: fails'), stdout);
    },
    workers() {
        const {status, stdout, files} = outcomes('workers/');
        const ran = ['OK', 'PASS runs what it asks for', 'PASS knows where it runs'];
        const globals = ['OK', 'PASS Those of GJS and of the library are hidden',
            'PASS The scope has what a worker has', 'PASS A script can use their names'];

        assertEquals(status, 1);
        assertEquals(files, {
            '/workers/crash.any.worker.html': ['ERROR', 'PASS passes', 'TIMEOUT exits'],
            '/workers/everywhere.any.html': [...ran],
            '/workers/everywhere.any.sharedworker-module.html': [...ran],
            '/workers/everywhere.any.sharedworker.html': [...ran],
            '/workers/everywhere.any.window-module.html': [...ran],
            '/workers/everywhere.any.worker-module.html': [...ran],
            '/workers/everywhere.any.worker.html': [...ran],
            '/workers/fail.any.html': ['OK', 'FAIL fails everywhere', 'PASS fails in workers'],
            '/workers/fail.any.worker.html': ['OK', 'FAIL fails everywhere', 'FAIL fails in workers'],
            '/workers/globals.any.sharedworker.html': [...globals],
            '/workers/globals.any.worker.html': [...globals],
            '/workers/leaves.window.html': ['OK', 'PASS leaves workers behind'],
            '/workers/thread.worker.html': ['OK', 'PASS in a worker', 'PASS knows its URL'],
            '/workers/throw.any.worker.html': ['ERROR', 'PASS passes'],
            '/workers/everywhere.any.serviceworker.html': ['SKIP'],
            '/workers/everywhere.any.serviceworker-module.html': ['SKIP'],
            '/workers/everywhere.any.shadowrealm.html': ['SKIP'],
        });
        assert(stdout.includes('2 skipped: There are no service workers'), stdout);
    },
    workers_end_with_their_page() {
        assertEquals(outcomes('workers/leaves').status, 0);
        assertEquals(findProcesses('worker-main.js', `WPT_TREE=${tree.get_path()}`), []);
    },
    expectations() {
        const {status, stdout} = outcomes('pages/known');

        assertEquals(status, 1);
        assert(!stdout.includes('is known to fail'), stdout);
        assert(stdout.includes('PASS pages/known.any.html: is thought to fail: A failure was expected'), stdout);
        assert(stdout.includes('NOTRUN pages/known.any.html: is not there'), stdout);
        assert(stdout.includes('FAIL pages/known.any.html: has no reason'), stdout);
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
    expectations_of_a_global() {
        const file = tree.resolve_relative_path('expectations/workers/fail.any.js.json');
        const reason = 'On purpose';

        outcomes('workers/fail', '--update-expectations');
        const text = new TextDecoder().decode(file.load_contents(null)[1]);
        assertEquals(JSON.parse(text), {
            gjs: {subtests: {'fails everywhere': ''}},
            'gjs in dedicatedworker': {subtests: {'fails everywhere': '', 'fails in workers': ''}},
        });
        file.replace_contents(text.replaceAll('""', JSON.stringify(reason)), null, false, Gio.FileCreateFlags.NONE, null);
        assertEquals(outcomes('workers/fail').status, 0);

        // One entry is enough for globals in which the same fails.
        file.replace_contents(JSON.stringify({gjs: {subtests: {'fails everywhere': reason, 'fails in workers': reason}}}),
            null, false, Gio.FileCreateFlags.NONE, null);
        assertEquals(outcomes('workers/fail.any.worker').status, 0);
        assertEquals(outcomes('workers/fail.any.html').status, 1);
        file.delete(null);
    },
    a_file_that_passes() {
        assertEquals(outcomes('area/pass').status, 0);
    },
    html() {
        const page = GLib.build_filenamev([tree.get_path(), 'report.html']);
        runHarness('--wpt', tree.get_path(), '--html', page, 'area/fail', 'everywhere.any.service');
        const text = new TextDecoder().decode(GLib.file_get_contents(page)[1]);

        for (const part of ['area/fail.any.html', 'on purpose', 'passes', 'workers/everywhere.any.serviceworker.html', '1/2'])
            assert(text.includes(part), part);
        assert(!/(src|href)=/.test(text), 'The page needs nothing but itself');
    },
    tap() {
        const {status, stdout} = runHarness('--wpt', tree.get_path(), '--tap', 'area/fail', 'everywhere.any.service');

        assertEquals(status, 1);
        assert(stdout.includes('not ok 1 - area/fail.any.html: fails'), stdout);
        assert(stdout.includes('ok 2 - area/fail.any.html: passes'), stdout);
        assert(stdout.includes('ok 3 - workers/everywhere.any.serviceworker.html # SKIP There are no service workers'), stdout);
        assert(stdout.trim().endsWith('1..4'), stdout);
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
