// main.js: runs one test page and writes its results
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: gjs -m main.js ROOT TESTHARNESS FILE TEST

import GLib from 'gi://GLib';
import System from 'system';

import {runPage} from './run-page.js';

const loop = new GLib.MainLoop(null, false);
const context = runPage(System.programArgs, line => {
    print(line);
    loop.quit();
});

globalThis.reportError = error => context.page.reportException(error);
loop.run();
System.exit(0);
