// sums.js: what a run adds up to, by area
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';

export const countPassed = result => result.subtests.filter(({status}) => status === 'PASS').length;

const folderOf = ({test}) => GLib.path_get_dirname(test);

/** The sums of each area (the folder of a test), and of 'all'. */
export function sumUp(results, areaOf = folderOf) {
    const empty = () => ({files: 0, subtests: 0, passed: 0, expected: 0, unexpected: 0});
    const areas = new Map();
    const all = empty();

    for (const result of results) {
        const name = areaOf(result);
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

// Not all engines have workers, so these are counted on their own.
const areaOfComparison = result => `${folderOf(result)}${/worker/.test(result.global) ? ', in workers' : ''}`;

/** How much of an area passes, in an engine. */
export function cellOf(run, area) {
    const sums = sumUp(run.results, areaOfComparison).get(area);

    return sums === undefined ? '—' : `${sums.passed}/${sums.subtests}`;
}

/** The areas of several runs. */
export const areasOf = runs => [...new Set(runs.flatMap(run => [...sumUp(run.results, areaOfComparison).keys()]))]
    .filter(area => area !== 'all').sort().concat('all');
