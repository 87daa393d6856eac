// run.mjs: clones random values and prints what became of each, in GJS or Node
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: gjs -m run.mjs N-VALUES N-IMPOSSIBLE, or node run.mjs …

import {makeImpossible, makeValue, tryToClone} from './values.mjs';

let args;
let print;
if (typeof imports === 'undefined') {
    args = process.argv.slice(2);
    print = text => process.stdout.write(`${text}\n`);
} else {
    const {default: WebMessaging} = await import('gi://WebMessaging?version=1');

    WebMessaging.installGlobals();
    args = (await import('system')).default.programArgs;
    ({print} = globalThis);
}

const [nValues, nImpossible] = args.map(Number);
const lines = [];
for (let seed = 0; seed < nValues; seed++)
    lines.push(tryToClone(makeValue(seed), structuredClone));
for (let seed = 0; seed < nImpossible; seed++)
    lines.push(tryToClone(makeImpossible(seed), structuredClone));
print(lines.join('\n'));
