// text.js: reads and writes text files
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';

/** Reads a file. */
export function readText(file) {
    const [, bytes] = file.load_contents(null);

    return new TextDecoder().decode(bytes);
}

/** Replaces the contents of a file. */
export function writeText(file, text) {
    file.replace_contents(new TextEncoder().encode(text), null, false, Gio.FileCreateFlags.NONE, null);
}
