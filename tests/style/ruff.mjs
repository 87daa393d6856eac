// ruff.mjs: lints Python files with Ruff, from the package of its WebAssembly build
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: node ruff.mjs [--fix] FILE…; the exit status is 1 if something was found that was not mended.
// Only what cannot change the meaning is mended: this build of Ruff does not say which fixes are safe.

import {readFileSync, writeFileSync} from 'node:fs';

import {PositionEncoding, Workspace} from '@astral-sh/ruff-wasm-nodejs';

const workspace = new Workspace({
    'target-version': 'py311', // of Debian 12
    'line-length': 120,
    lint: {
        select: ['E', 'W', 'F', 'B', 'C4', 'I', 'PIE', 'PLC', 'PLE', 'PLW', 'RET', 'RUF', 'SIM', 'UP'],
        ignore: [
            'B905', // zip() without strict
            'E402', // imports below gi.require_version()
            'RUF012', // mutable class attributes
        ],
    },
}, PositionEncoding.Utf16);

const isSafe = ({code, fix}) => fix && /^(I|W|UP)\d/.test(code);

/** Applies the fixes of as many findings as do not overlap; returns the new text. */
function mend(text, findings) {
    const starts = [0];
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1))
        starts.push(end + 1);
    const offset = ({row, column}) => starts[row - 1] + column - 1;

    const edits = findings.filter(isSafe).flatMap(({fix}) => fix.edits)
        .map(({content, location, end_location: end}) => [offset(location), offset(end), content ?? ''])
        .sort(([a], [b]) => b - a);
    let limit = text.length + 1;
    let result = text;
    for (const [start, end, content] of edits) {
        if (end > limit)
            continue;
        result = result.slice(0, start) + content + result.slice(end);
        limit = start;
    }
    return result;
}

const args = process.argv.slice(2);
const fix = args[0] === '--fix' && args.shift();
let found = false;

for (const path of args) {
    let text = readFileSync(path, 'utf8');
    let findings = workspace.check(text);

    for (let round = 0; fix && round < 10 && findings.some(isSafe); round++) {
        text = mend(text, findings);
        writeFileSync(path, text);
        findings = workspace.check(text);
    }
    for (const {code, message, start_location: {row, column}} of findings) {
        console.log(`${path}:${row}:${column}: ${code ?? 'syntax'} ${message}`);
        found = true;
    }
}
process.exitCode = found ? 1 : 0;
