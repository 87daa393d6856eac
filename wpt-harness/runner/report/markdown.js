// markdown.js: how engines compare, as a document
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {areasOf, cellOf} from './sums.js';

const escapeMarkdown = text => text.replace(/[|<>*_`\\]/g, character => `\\${character}`).replace(/\s+/g, ' ');

// One entry for the subtests of a file that fail for the same reason.
function listFailures(run) {
    const lines = [];

    for (const {test, subtests, status, reason} of run.results) {
        const byReason = new Map();

        if (status !== 'OK')
            lines.push(`- \`${test}\`: ${status}. ${escapeMarkdown(reason ?? 'Unexpected.')}`);
        for (const {name, status: subtestStatus, reason: why} of subtests) {
            if (subtestStatus !== 'PASS')
                byReason.set(why ?? 'Unexpected.', [...byReason.get(why ?? 'Unexpected.') ?? [], name]);
        }
        for (const [why, names] of byReason) {
            lines.push(`- \`${test}\`: ${escapeMarkdown(why)}`);
            lines.push(...names.map(name => `  - ${escapeMarkdown(name)}`));
        }
    }
    return lines.length > 0 ? lines : ['None.'];
}

/** docs/conformance.md */
export function makeComparison(runs) {
    return `${[
        'Title: How engines compare',
        '',
        '# How engines compare',
        '',
        '<!-- `./dev wpt --compare` writes this page. -->',
        '',
        'How many subtests of the suite in `wpt-harness/suite/` pass, by area and engine, in one run. The',
        'suite follows the standard; where an engine does not, the reason is below.',
        '',
        `| area | ${runs.map(({engine, version}) => `${engine} ${version}`).join(' | ')} |`,
        `|---|${runs.map(() => '---').join('|')}|`,
        ...areasOf(runs).map(area => `| ${area} | ${runs.map(run => cellOf(run, area)).join(' | ')} |`),
        ...runs.flatMap(run => ['', `## What fails in ${run.engine}`, '', ...listFailures(run)]),
    ].join('\n')}\n`;
}
