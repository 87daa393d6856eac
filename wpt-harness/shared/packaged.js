// packaged.js: resources that the suite takes from an npm package; runs in any engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** The paths of these resources in a checkout, and in the package, beside its testharness.js. */
export const PACKAGED = {
    '/resources/testharness.js': 'testharness.js',
    '/resources/idlharness.js': 'idlharness.js',
    '/resources/WebIDLParser.js': 'webidl2/lib/webidl2.js',
};
