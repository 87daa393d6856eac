// worker-throws.js: a worker that throws while it runs
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

onmessage = ({data}) => postMessage([data, reported.message, reported.error instanceof TypeError]);
let reported;
addEventListener('error', event => { reported = event; });
throw new TypeError('of a worker');
