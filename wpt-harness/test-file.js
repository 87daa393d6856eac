// test-file.js: what the runner and the host know of test files
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

export const RESULT_MARK = '\u0001results ';

/** How long a test file may take, by its `// META: timeout=`. */
export const TIMEOUT_SECONDS = {normal: 10, long: 60};

/** The text of a file. */
export function readText(file) {
    const [, bytes] = file.load_contents(null);

    return new TextDecoder().decode(bytes);
}

/** The `// META:` lines at the head of a script test. */
export function parseMeta(text) {
    const meta = {title: null, timeout: 'normal', scripts: []};

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
    }

    return meta;
}
