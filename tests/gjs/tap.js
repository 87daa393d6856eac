// tap.js: runs test functions and prints their results in the Test Anything Protocol
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import System from 'system';

import {describe} from './describe.mjs';

const TIMEOUT_SECONDS = 60;

/** Iterates the main context until the condition holds. */
export function waitUntil(condition) {
    const context = GLib.MainContext.default();
    let expired = false;
    const id = GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, TIMEOUT_SECONDS, () => {
        expired = true;
        return GLib.SOURCE_CONTINUE;
    });

    while (!condition() && !expired)
        context.iteration(true);
    GLib.source_remove(id);
    assert(!expired, 'timed out');
}

/** Runs all that is ready. */
export function settle() {
    while (GLib.MainContext.default().iteration(false))
        ;
}

export function assert(condition, message = 'assertion failed') {
    if (!condition)
        throw new Error(message);
}

/** Checks that two values are equal as far as a clone could show. */
export function assertEquals(actual, expected) {
    const text = describe(actual);
    const expectedText = describe(expected);

    assert(text === expectedText, `${text} is not ${expectedText}`);
}

/** The error that the function throws. */
export function assertThrows(callback) {
    try {
        callback();
    } catch (error) {
        return error;
    }
    throw new Error('nothing was thrown');
}

/**
 * Runs the functions of an object, one after the other, each a test; then cleans up.
 * The title of a test is the name of its function, with spaces for `_`.
 */
export function run(tests, cleanUp = () => {}) {
    const entries = Object.entries(tests);
    let failed = 0;

    print(`1..${entries.length}`);
    entries.forEach(([name, test], index) => {
        const line = `ok ${index + 1} - ${name.replaceAll('_', ' ')}`;

        try {
            test();
            print(line);
        } catch (error) {
            failed++;
            print(`# ${error}`);
            print(`# ${error.stack}`.trimEnd().replaceAll('\n', '\n# '));
            print(`not ${line}`);
        }
    });
    cleanUp();
    System.exit(failed === 0 ? 0 : 1);
}
