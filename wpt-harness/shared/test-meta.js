// test-meta.js: what test files say of themselves
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** How long a test file may take, by its `// META: timeout=`. */
export const TIMEOUT_SECONDS = {normal: 10, long: 60};

/** The `// META:` lines at the head of a script test. */
export function parseMeta(text) {
    const meta = {title: null, timeout: 'normal', scripts: [], variants: [], globals: []};

    for (const line of text.split('\n')) {
        const match = /^\/\/ META: *(\w+) *= *(.*?)\s*$/.exec(line);

        if (match === null)
            break;
        const [, key, value] = match;
        if (key === 'title')
            meta.title = value;
        else if (key === 'timeout' && value in TIMEOUT_SECONDS)
            meta.timeout = value;
        else if (key === 'script')
            meta.scripts.push(value);
        else if (key === 'variant')
            meta.variants.push(value);
        else if (key === 'global')
            meta.globals.push(...value.split(',').map(name => name.trim()));
    }

    return meta;
}

/** The timeout that a test file of any kind asks for. */
export function getTimeout(text) {
    return /<meta\s+name=["']?timeout["']?\s+content=["']?long/i.test(text) ? 'long' : parseMeta(text).timeout;
}
