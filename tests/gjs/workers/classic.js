// classic.js: a worker that imports scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const early = 1;
let {a, b: [c = 3, ...rest], ...others} = {a: 2, b: [undefined, 4], d: 5};

class Early {}

importScripts('library.js', '../workers/second.js?query#fragment');
libraryLet = 8;
postMessage({
    library: [libraryConst, libraryLet, libraryFunction(), new libraryClass().x, libraryVar, nestedVar],
    globals: [globalThis.libraryVar, globalThis.secondVar],
    own: [early, a, c, rest, others, typeof Early],
});
close();
