// results.js: the results of a test file, in any engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** Marks the line of a host's output that has the results. */
export const RESULT_MARK = '\u0001results ';

/** The arguments of a completion callback of testharness.js, as an object for JSON. */
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

/** The same, with numbers replaced by the names that reports use. */
export function nameResults({status, message, subtests}) {
    return {
        status: HARNESS_STATUS[status],
        message,
        subtests: subtests.map(subtest => ({...subtest, status: SUBTEST_STATUS[subtest.status]})),
    };
}
