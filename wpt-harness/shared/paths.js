// paths.js: paths of files
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** Finds a path from a folder, without "." and ".." in it. */
export function joinPath(folder, path) {
    const parts = [];

    for (const part of `${folder}/${path}`.split('/')) {
        if (part === '..')
            parts.pop();
        else if (part !== '' && part !== '.')
            parts.push(part);
    }
    return `/${parts.join('/')}`;
}

/** The folder that a file or folder is in. */
export const parentOf = path => joinPath(path, '..');
