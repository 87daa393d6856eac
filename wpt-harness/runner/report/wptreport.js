// wptreport.js: what a run has found, in JSON
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** The wptreport format, which wpt.fyi and its tools read. */
export function makeJson({engine, version, results, skipped, started, ended}) {
    return JSON.stringify({
        run_info: {product: engine === 'gjs' ? 'libwebmessaging' : engine === 'jsc' ? 'libwebmessaging-jsc' : engine, version, os: 'linux'},
        time_start: started,
        time_end: ended,
        results: results.map(({test, status, message, subtests, duration}) => ({
            test: `/${test}`,
            status,
            message: message ?? null,
            duration: Math.round(duration),
            subtests: subtests.map(({name, status: subtestStatus, message: text}) =>
                ({name, status: subtestStatus, message: text ?? null})),
        })).concat(skipped.map(({test, reason}) =>
            ({test: `/${test}`, status: 'SKIP', message: reason, duration: 0, subtests: []}))),
    }, null, 2);
}
