// text.js: texts in files
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';

/** The text of a file. */
export function readText(file) {
    const [, bytes] = file.load_contents(null);

    return new TextDecoder().decode(bytes);
}

/** Writes a file as a whole. */
export function writeText(file, text) {
    file.replace_contents(new TextEncoder().encode(text), null, false, Gio.FileCreateFlags.NONE, null);
}
