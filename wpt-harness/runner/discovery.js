// discovery.js: finds the tests in a folder, as wptserve does
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';

import {parseMeta} from '../shared/test-meta.js';
import {readText} from '../shared/text.js';
import {listPages} from '../shared/wrappers.js';

// Folders and files that are not tests: resources, and tests for people.
const NO_TEST = /(^|\/)(resources|support|tools|common|fonts|images|node_modules)\/|-(manual|ref|notref)\.|(^|\/)\./;

// Tests that are out of scope for the library, or that it cannot run yet, by path.
const SKIPPED = [
    [/back-forward-cache|back_forward_cache|bfcache/i, 'There is no back/forward cache'],
    [/user[-_]activation/i, 'There is no user activation'],
    [/CryptoKey/, 'There is no Web Cryptography'],
    [/cross-partition/, 'There are no storage partitions'],
    [/image_transfer/, 'There are no canvas images'],
    [/shared-?array-?buffer/i, 'No host shares memory between workers'],
    [/serviceworker|service-worker/i, 'There are no service workers'],
    [/\.xhtml$|\.xht$|\.svg$/, 'Only HTML is parsed'],
];

const UNSUPPORTED_GLOBALS = [
    [/serviceworker/, 'There are no service workers'],
    [/shadowrealm/, 'There are no shadow realms'],
];

/** The kinds of files. */
export const TEST_KINDS = ['any', 'window', 'worker', 'page'];

/** The global scopes that tests can be run in, in a host that has all. */
export const GLOBALS = ['window', 'window-module', 'dedicatedworker', 'dedicatedworker-module', 'sharedworker', 'sharedworker-module'];

function readKind(name) {
    if (/\.any\.js$/.test(name))
        return 'any';
    if (/\.window\.js$/.test(name))
        return 'window';
    if (/\.worker\.js$/.test(name))
        return 'worker';
    return /\.x?html?$|\.xht$/.test(name) ? 'page' : null;
}

const findReason = (path, global) =>
    [...UNSUPPORTED_GLOBALS.filter(([pattern]) => pattern.test(global)),
        ...SKIPPED.filter(([pattern]) => pattern.test(path))][0]?.[1] ?? null;

function* walk(root, folder) {
    const children = [...folder.enumerate_children(
        'standard::name,standard::type', Gio.FileQueryInfoFlags.NONE, null)];

    children.sort((a, b) => a.get_name() < b.get_name() ? -1 : 1);
    for (const info of children) {
        const child = folder.get_child(info.get_name());
        const path = root.get_relative_path(child);

        if (NO_TEST.test(info.get_file_type() === Gio.FileType.DIRECTORY ? `${path}/` : path))
            continue;
        if (info.get_file_type() === Gio.FileType.DIRECTORY)
            yield* walk(root, child);
        else
            yield {file: child, path};
    }
}

/** The tests below a folder, as {file, kind, global, test, source, isFirst, skip}: a file has one for each
 * global scope that it is for, and each variant. */
export function* findTests(root, patterns) {
    for (const {file, path} of walk(root, root)) {
        const kind = readKind(path);

        if (kind === null)
            continue;
        const text = readText(file);
        if (kind === 'page' && !/testharness\.js/.test(text))
            continue;

        const {variants} = parseMeta(text);
        const pageVariants = [...text.matchAll(/<meta\s+name=["']?variant["']?\s+content=["']([^"']*)["']/gi)]
            .map(([, variant]) => variant);
        const all = [...variants, ...pageVariants];

        for (const [index, {global, path: page}] of listPages(path, text).entries()) {
            for (const variant of all.length > 0 ? all : ['']) {
                const test = `${page}${variant}`;

                if (patterns.length === 0 || patterns.some(pattern => path.includes(pattern) || test.includes(pattern))) {
                    yield {
                        file, kind, global, test, source: `${path}${variant}`, isFirst: index === 0,
                        skip: findReason(path, global),
                    };
                }
            }
        }
    }
}
