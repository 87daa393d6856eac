// main.js: runs one test page and writes its results
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {runPage} from './run-page.js';

const {natives} = imports;

runPage(natives.arguments, line => {
    natives.print(line);
    natives.quit();
});
