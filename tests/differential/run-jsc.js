// run-jsc.js: what run.mjs does, in JavaScriptCore
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: jsc-run run-jsc.js N-VALUES N-IMPOSSIBLE

load('../gjs/describe.mjs');
load('values.mjs');

const [nValues, nImpossible] = scriptArgs.map(Number);
for (let seed = 0; seed < nValues; seed++)
    print(tryToClone(makeValue(seed), structuredClone));
for (let seed = 0; seed < nImpossible; seed++)
    print(tryToClone(makeImpossible(seed), structuredClone));
exit(0);
