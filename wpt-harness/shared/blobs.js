// blobs.js: what the URLs of blobs stand for
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const SEPARATOR = '\n'.charCodeAt(0);

function find(url) {
    const [, id] = /^blob:.*\/([\da-f-]+)$/.exec(url) ?? [];

    return id === undefined ? null
        : Gio.File.new_for_path(GLib.build_filenamev([GLib.get_tmp_dir(), `web-messaging-blob-${id}`]));
}

/** File API, #blob-url-entry. The page and its workers are processes, so each blob is a file, in the folder
 * for temporary files that the runner has made for them. */
export const blobs = {
    /** Makes a URL for bytes. */
    add(origin, bytes, type) {
        const url = `blob:${origin}/${GLib.uuid_string_random()}`;
        const head = new TextEncoder().encode(`${JSON.stringify({url, type})}\n`);
        const contents = new Uint8Array(head.length + bytes.length);

        contents.set(head);
        contents.set(bytes, head.length);
        find(url).replace_contents(contents, null, false, Gio.FileCreateFlags.PRIVATE, null);
        return url;
    },

    /** What a URL stands for, as {text, type}; null if that is nothing. */
    get(url) {
        const file = find(url);

        if (file === null || !file.query_exists(null))
            return null;
        const [, contents] = file.load_contents(null);
        const end = contents.indexOf(SEPARATOR);
        const {url: name, type} = JSON.parse(new TextDecoder().decode(contents.subarray(0, end)));
        return name === url ? {type, text: new TextDecoder().decode(contents.subarray(end + 1))} : null;
    },

    revoke(url) {
        try {
            find(url)?.delete(null);
        } catch {
            // It has been revoked before.
        }
    },
};
