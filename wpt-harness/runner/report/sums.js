// sums.js: what a run adds up to, by area
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';

export const countPassed = result => result.subtests.filter(({status}) => status === 'PASS').length;

/** The sums of each area (the folder of a test), and of 'all'. */
export function sumUp(results) {
    const empty = () => ({files: 0, subtests: 0, passed: 0, expected: 0, unexpected: 0});
    const areas = new Map();
    const all = empty();

    for (const result of results) {
        const name = GLib.path_get_dirname(result.test);
        const sums = {
            files: 1,
            subtests: result.subtests.length,
            passed: countPassed(result),
            expected: result.subtests.filter(({reason}) => reason !== undefined).length,
            unexpected: result.unexpected.length,
        };

        if (!areas.has(name))
            areas.set(name, empty());
        for (const key in sums) {
            areas.get(name)[key] += sums[key];
            all[key] += sums[key];
        }
    }
    areas.set('all', all);

    return areas;
}

/** How much of an area passes, in an engine. */
export function cellOf(run, area) {
    const sums = sumUp(run.results).get(area);

    return sums === undefined ? '—' : `${sums.passed}/${sums.subtests}`;
}

/** The areas of several runs. */
export const areasOf = runs => [...new Set(runs.flatMap(run => [...sumUp(run.results).keys()]))]
    .filter(area => area !== 'all').sort().concat('all');
