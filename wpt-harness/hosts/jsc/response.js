// response.js: Response
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {Blob, toBytes} from './files.js';

const {setPlatformObject} = imports.overrides.webmessaging.state;

/** Fetch, #response-class */
export class Response {
    constructor(body = '') {
        setPlatformObject(this);
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
}
imports.overrides.webmessaging.interfaces.defineInterface(Response, 'Response');
