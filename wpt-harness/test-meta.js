// test-meta.js: what the runner and all hosts know of test files, in any engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

export const RESULT_MARK = '\u0001results ';

/** How long a test file may take, by its `// META: timeout=`. */
export const TIMEOUT_SECONDS = {normal: 10, long: 60};

/** The `// META:` lines at the head of a script test. */
export function parseMeta(text) {
    const meta = {title: null, timeout: 'normal', scripts: [], variants: [], globals: null};

    for (const line of text.split('\n')) {
        const match = /^\/\/ META: *(\w+) *= *(.*?)\s*$/.exec(line);

        if (match === null)
            break;
        const [, key, value] = match;
        if (key === 'title')
            meta.title = value;
        else if (key === 'timeout' && value in TIMEOUT_SECONDS)
            meta.timeout = value;
        else if (key === 'script')
            meta.scripts.push(value);
        else if (key === 'variant')
            meta.variants.push(value);
        else if (key === 'global')
            meta.globals = value.split(',').map(name => name.trim());
    }

    return meta;
}

/** How long a test file of any kind says that it takes. */
export function getTimeout(text) {
    return /<meta\s+name=["']?timeout["']?\s+content=["']?long/i.test(text) ? 'long' : parseMeta(text).timeout;
}

/** The resources of a checkout that the suite of this repository has from the npm package: where they
 * are beside its testharness.js. */
export const PACKAGED = {
    '/resources/testharness.js': 'testharness.js',
    '/resources/idlharness.js': 'idlharness.js',
    '/resources/WebIDLParser.js': 'webidl2/lib/webidl2.js',
};

/** What testharness.js hands to its completion callbacks, as JSON can hold it. */
export function toResults(tests, status) {
    return {
        status: status.status,
        message: status.message,
        subtests: tests.map(({name, status: subtestStatus, message}) =>
            ({name, status: subtestStatus, message})),
    };
}

const HARNESS_STATUS = ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED'];
const SUBTEST_STATUS = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED'];

/** The same with the names that reports have for numbers. */
export function nameResults({status, message, subtests}) {
    return {
        status: HARNESS_STATUS[status],
        message,
        subtests: subtests.map(subtest => ({...subtest, status: SUBTEST_STATUS[subtest.status]})),
    };
}
