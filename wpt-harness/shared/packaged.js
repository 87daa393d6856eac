// packaged.js: what the suite of this repository has from an npm package, in any engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** The resources of a checkout that the suite of this repository has from the npm package: where they
 * are beside its testharness.js. */
export const PACKAGED = {
    '/resources/testharness.js': 'testharness.js',
    '/resources/idlharness.js': 'idlharness.js',
    '/resources/WebIDLParser.js': 'webidl2/lib/webidl2.js',
};
