// response.js: Response
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {Blob, toBytes} from './files.js';
import {HostObject, defineClass} from './serializable.js';

/** Fetch, #response-class */
export const Response = defineClass(class extends HostObject {
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
}, 'Response');

/** What fetch() resolves to, for what a site has found. */
export const makeResponse = found => Object.assign(new Response(found?.text ?? ''),
    {ok: found !== null, status: found === null ? 404 : 200});
