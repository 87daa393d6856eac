// common.js: what the modules of the runner share
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';

import {PACKAGED} from './test-meta.js';

export const here = Gio.File.new_for_uri(import.meta.url).get_parent();

/** What the user has to change. */
export class UsageError extends Error {}

/** The text of a file. */
export function readText(file) {
    const [, bytes] = file.load_contents(null);

    return new TextDecoder().decode(bytes);
}

/** Writes a file as a whole. */
export function writeText(file, text) {
    file.replace_contents(new TextEncoder().encode(text), null, false, Gio.FileCreateFlags.NONE, null);
}

/** The tests in a folder, and where the resources are that they use: the suite of this repository has
 * its own from the npm package. */
export function locateTests(root) {
    const isSuite = root.equal(here.get_child('suite'));
    const packages = here.resolve_relative_path('node_modules/wpt-runner/testharness');
    const findResource = path => isSuite && path in PACKAGED
        ? packages.resolve_relative_path(PACKAGED[path]) : root.resolve_relative_path(`.${path}`);

    return {
        root, findResource,
        testharness: findResource('/resources/testharness.js'),
        expectations: here.resolve_relative_path(isSuite ? 'expectations/suite' : 'expectations/wpt'),
    };
}
