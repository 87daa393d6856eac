// tests.js: where tests, their resources and their expectations are
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {PACKAGED} from './packaged.js';
import {joinPath} from './paths.js';
import {harness} from './platform.js';

/** Finds what belongs to the tests in a folder; all are paths. The suite of this repository takes
 * testharness.js from an npm package. */
export function locateTests(folder) {
    const root = joinPath(folder, '.');
    const isSuite = root === joinPath(harness, 'suite');
    const packages = joinPath(harness, 'node_modules/wpt-runner/testharness');
    const findResource = path =>
        isSuite && path in PACKAGED ? joinPath(packages, PACKAGED[path]) : joinPath(root, path);

    return {
        root, findResource,
        testharness: findResource('/resources/testharness.js'),
        expectations: joinPath(harness, isSuite ? 'expectations/suite' : 'expectations/wpt'),
    };
}
