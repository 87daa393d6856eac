// opaque-origins.js: origins that are the same as nothing but themselves
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// In all threads the library takes such an origin for that of a host which nobody else has the name of. Scripts see
// "null".

const {makeId} = imports.natives;
const {broadcasting} = imports.overrides.webmessaging.broadcastChannel;

const nameOf = id => `https://${id}.opaque`;
const findId = name => /^https:\/\/([^.]*)\.opaque$/.exec(name)?.[1] ?? null;

export const nameOpaqueOrigin = () => nameOf(makeId());

/** HTML, browsers.html#ascii-serialisation-of-an-origin */
export const serializeOrigin = name => findId(name) === null ? name : 'null';

/** What begins the URLs of the blobs of an origin. */
export function beginBlobUrl(name) {
    const id = findId(name);

    return id === null ? `${name}/` : `null/${id}_`;
}

/** The name of the origin of a worker: HTML, workers.html#set-up-a-worker-environment-settings-object. A blob has the
 * origin of who made its URL. */
export function nameWorkerOrigin({href, origin}) {
    const [, id] = /^blob:null\/([^_]*)_/.exec(href) ?? [];

    return id !== undefined ? nameOf(id) : origin === 'null' ? nameOpaqueOrigin() : origin;
}

/** Tells the library the name of the origin of a realm. */
export function setOrigin(getName) {
    broadcasting.getOrigin = getName;
    broadcasting.serialize = serializeOrigin;
}
