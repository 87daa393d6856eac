// markdown.js: how engines compare, as a document
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {areasOf, cellOf} from './sums.js';

const escapeMarkdown = text => text.replace(/[|<>*_`\\]/g, character => `\\${character}`).replace(/\s+/g, ' ');

// One entry for the subtests of a file that fail for the same reason.
function add(map, key, value) {
    map.set(key, [...map.get(key) ?? [], value]);
}

// What fails in a file, for the same reason and in the same global scopes: [[reason, scopes], names].
function groupFailures(results) {
    const scopes = new Map();
    const groups = new Map();

    for (const {global, subtests, status, reason} of results) {
        if (status !== 'OK')
            add(scopes, JSON.stringify([`${status}. ${reason ?? 'Unexpected.'}`, null]), global);
        for (const {name, status: subtestStatus, reason: why = 'Unexpected.'} of subtests) {
            if (subtestStatus !== 'PASS')
                add(scopes, JSON.stringify([why, name]), global);
        }
    }
    for (const [key, globals] of scopes) {
        const [why, name] = JSON.parse(key);
        add(groups, JSON.stringify([why, globals.length < results.length ? globals : []]), name);
    }
    return [...groups].map(([key, names]) => [JSON.parse(key), names.filter(name => name !== null)]);
}

function listFailures(run) {
    const files = new Map();
    const lines = [];

    for (const result of run.results)
        add(files, result.source, result);
    for (const [source, results] of files) {
        for (const [[why, globals], names] of groupFailures(results)) {
            lines.push(`- \`${source}\`${globals.map(name => `, ${name}`).join('')}: ${escapeMarkdown(why)}`);
            lines.push(...names.map(name => `  - ${escapeMarkdown(name)}`));
        }
    }
    return lines.length > 0 ? lines : ['None.'];
}

/** docs/conformance.md */
export function makeComparison(runs) {
    return `${[
        '# How engines compare',
        '',
        '<!-- `./dev wpt --compare` writes this page. -->',
        '',
        'How many subtests of the suite in `wpt-harness/suite/` pass, by area and engine, in one run. The',
        'suite follows the standard; where an engine does not, the reason is below, with the global scopes if',
        'it is not so in all. This library runs in gjs and in jsc, which is JavaScriptCore. The harness runs',
        'scripts without a page in Node, Deno and Bun, and no workers.',
        '',
        `| area | ${runs.map(({engine, version}) => `${engine} ${version}`).join(' | ')} |`,
        `|---|${runs.map(() => '---').join('|')}|`,
        ...areasOf(runs).map(area => `| ${area} | ${runs.map(run => cellOf(run, area)).join(' | ')} |`),
        ...runs.flatMap(run => ['', `## What fails in ${run.engine}`, '', ...listFailures(run)]),
    ].join('\n')}\n`;
}
