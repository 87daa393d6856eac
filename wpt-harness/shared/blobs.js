// blobs.js: what the URLs of blobs stand for
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {isFile, makeId, readFile, removeFile, temporaryFolder, writeFile} from './platform.js';

function find(url) {
    const [, id] = /^blob:.*\/([\da-f_-]+)$/.exec(url) ?? [];

    return id === undefined ? null : `${temporaryFolder}/web-messaging-blob-${id}`;
}

/** File API, #blob-url-entry. The page and its workers are processes or threads, so each blob is a file, in
 * the folder for temporary files that the runner has made for them. */
export const blobs = {
    /** Makes a URL for bytes.
     * start: what the URL begins with, an origin and a slash */
    add(start, bytes, type) {
        const url = `blob:${start}${makeId()}`;

        writeFile(find(url), JSON.stringify({url, type, text: new TextDecoder().decode(bytes)}));
        return url;
    },

    /** What a URL stands for, as {text, type}; null if that is nothing. */
    get(url) {
        const path = find(url);

        if (path === null || !isFile(path))
            return null;
        const {url: name, type, text} = JSON.parse(readFile(path));
        return name === url ? {type, text} : null;
    },

    revoke(url) {
        const path = find(url);

        if (path !== null)
            removeFile(path);
    },
};
