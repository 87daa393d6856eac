// tap.js: what a run has found, in the Test Anything Protocol
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

export function printTap({results, skipped}) {
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
    for (const {test, reason} of skipped)
        print(`ok ${++n} - ${test} # SKIP ${reason}`);
    print(`1..${n}`);
}
