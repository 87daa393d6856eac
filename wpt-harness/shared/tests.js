// tests.js: where tests, their resources and their expectations are
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';

import {PACKAGED} from './packaged.js';

/** The folder of the harness. */
export const harness = Gio.File.new_for_uri(import.meta.url).get_parent().get_parent();

/** Finds what belongs to the tests in a folder. The suite of this repository takes testharness.js from
 * an npm package. */
export function locateTests(root) {
    const isSuite = root.equal(harness.get_child('suite'));
    const packages = harness.resolve_relative_path('node_modules/wpt-runner/testharness');
    const findResource = path => isSuite && path in PACKAGED
        ? packages.resolve_relative_path(PACKAGED[path]) : root.resolve_relative_path(`.${path}`);

    return {
        root, findResource,
        testharness: findResource('/resources/testharness.js'),
        expectations: harness.resolve_relative_path(isSuite ? 'expectations/suite' : 'expectations/wpt'),
    };
}
