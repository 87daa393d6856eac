// terminal.js: what a run has found, on a terminal
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {areasOf, cellOf, sumUp} from './sums.js';

export function printProgress(result, nDone, nFiles) {
    printerr(`[${nDone}/${nFiles}] ${result.test}`);
}

export function printUnexpected(results) {
    for (const {test, unexpected} of results) {
        for (const {name, status, message} of unexpected)
            print(`${status} ${name === null ? test : `${test}: ${name}`}: ${message ?? ''}`);
    }
}

function printRows(rows) {
    const width = Math.max(...rows.map(([name]) => name.length));

    for (const [name, ...columns] of rows)
        print(name.padEnd(width), ...columns.map(column => String(column).padStart(10)));
}

// How many files were skipped, by reason.
function countSkipped(skipped) {
    const counts = new Map();

    for (const {reason} of skipped)
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return counts;
}

export function printTable({results, skipped}) {
    const columns = ['files', 'subtests', 'passed', 'expected', 'unexpected'];

    printRows([['area', ...columns], ...[...sumUp(results)].map(([name, sums]) =>
        [name, ...columns.map(column => sums[column])])]);
    for (const [reason, count] of countSkipped(skipped))
        print(`${count} skipped: ${reason}`);
}

export function printComparison(runs) {
    printRows([
        ['area', ...runs.map(run => run.engine)],
        ...areasOf(runs).map(area => [area, ...runs.map(run => cellOf(run, area))]),
    ]);
}
