// fetch.js: fetch() and Response, for files of the site only
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GObject from 'gi://GObject';

import {Blob, toBytes} from './files.js';
import {shape} from './serializable.js';

/** Fetch, #response-class */
export const Response = shape(GObject.registerClass({
    GTypeName: 'WebMessagingHostResponse',
}, class extends GObject.Object {
    constructor(body = '') {
        super();
        this.bytes_ = toBytes(body);
    }

    async text() {
        return new TextDecoder().decode(this.bytes_);
    }

    async json() {
        return JSON.parse(await this.text());
    }

    async arrayBuffer() {
        return this.bytes_.slice().buffer;
    }

    async blob() {
        return new Blob([this.bytes_]);
    }
}), 'Response');

/** Fetch, #fetch-method */
export async function fetch(page, reference, options) {
    const found = page.site.fetch(page.resolve(reference)?.href, options);

    return Object.assign(new Response(found?.text ?? ''),
        {ok: found !== null, status: found === null ? 404 : 200});
}
