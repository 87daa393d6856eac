// worker-imports.js: a worker that imports another script
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const results = [];

importScripts('worker-imported.js');
results.push(imported, letOfTheOther);
for (const url of ['no-such-file.js', 'data:text/javascript,not a script', 'data:text/javascript,throw {message: "of the imported"}']) {
    try {
        importScripts(url);
    } catch (error) {
        results.push(error.name ?? error.message);
    }
}
postMessage(results);
