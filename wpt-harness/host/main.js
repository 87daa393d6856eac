// main.js: runs one test page in windows of its own and writes its results
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: gjs -m main.js ROOT TESTHARNESS TEST [VARIANT]

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

import {RESULT_MARK, TIMEOUT_SECONDS, getTimeout, toResults} from '../test-meta.js';
import {locateTests, readText} from '../common.js';
import {requirePackage} from './packages.js';
import {Site} from './site.js';
import {Context} from './context.js';

const {URL} = requirePackage('whatwg-url');
const [root, , test, variant = ''] = System.programArgs;
const loop = new GLib.MainLoop(null, false);
const folder = Gio.File.new_for_path(root);
const site = new Site(locateTests(folder), '');
const context = new Context(site);
let finished = false;

function finish(tests, status) {
    if (finished)
        return;
    finished = true;
    print(`${RESULT_MARK}${JSON.stringify(toResults(tests, status))}`);
    loop.quit();
}

globalThis.reportError = error => context.page.reportException(error);
site.onTestharness = window => {
    if (window !== context.window)
        return;
    window.setup({output: false});
    window.add_completion_callback(finish);
};
context.navigate(new URL(site.getUrl(folder.get_relative_path(Gio.File.new_for_path(test)), variant)), null, () => {
    if (typeof context.window.add_completion_callback !== 'function')
        finish([], {status: 1, message: 'The page did not load testharness.js'});
});
setTimeout(() => {
    context.window.timeout?.();
    // The completion callbacks come later.
    setTimeout(() => finish([], {status: 2, message: 'The page did not come to an end'}), 1000);
}, TIMEOUT_SECONDS[getTimeout(readText(Gio.File.new_for_path(test)))] * 1000);
if (!finished)
    loop.run();
System.exit(0);
