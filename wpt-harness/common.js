// common.js: what the modules of the runner share
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';

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
