// run-page.js: runs one test page in windows of its own
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {requirePackage} from '../../shared/packages.js';
import {readFile} from '../../shared/platform.js';
import {RESULT_MARK, toResults} from '../../shared/results.js';
import {Site} from '../../shared/site.js';
import {TIMEOUT_SECONDS, getTimeout} from '../../shared/test-meta.js';
import {locateTests} from '../../shared/tests.js';
import {Context} from './context.js';

const {URL} = requirePackage('whatwg-url');

/** Starts a test page; returns its Context.
 * programArguments: those of the host: ROOT TESTHARNESS FILE TEST
 * report: is called once, with the line that has the results */
export function runPage([root, , file, test], report) {
    const site = new Site(locateTests(root), '');
    const context = new Context(site);
    let isFinished = false;

    function finish(tests, status) {
        if (isFinished)
            return;
        isFinished = true;
        report(`${RESULT_MARK}${JSON.stringify(toResults(tests, status))}`);
    }

    site.onTestharness = window => {
        if (window !== context.window)
            return;
        window.setup({output: false});
        window.add_completion_callback(finish);
    };
    context.navigate(new URL(site.getUrl(test)), null, () => {
        if (typeof context.window.add_completion_callback !== 'function')
            finish([], {status: 1, message: 'The page did not load testharness.js'});
    });
    setTimeout(() => {
        context.window.timeout?.();
        // The completion callbacks are called later, and much later on a busy machine.
        setTimeout(() => finish([], {status: 2, message: 'The page did not come to an end'}), 5000);
    }, TIMEOUT_SECONDS[getTimeout(readFile(file))] * 1000);
    return context;
}
