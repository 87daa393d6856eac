// location.js: Location and WorkerLocation
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {requirePackage} from '../../shared/packages.js';

const {URL} = requirePackage('whatwg-url');
const PARTS = ['protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];

/** HTML, nav-history-apis.html#the-location-interface */
export class Location {
    #page;

    constructor(page) {
        this.#page = page;
    }

    get href() {
        return this.#page.url.href;
    }

    set href(url) {
        this.assign(url);
    }

    get origin() {
        return this.#page.url.origin;
    }

    assign(reference) {
        const url = this.#page.resolve(reference);

        if (url === null)
            throw new WebMessaging.DOMException(`Invalid URL: ${reference}`, 'SyntaxError');
        this.#page.context.navigate(url, this.#page);
    }

    replace(reference) {
        this.assign(reference);
    }

    reload() {
        this.assign(this.href);
    }

    toString() {
        return this.href;
    }
}
for (const part of PARTS) {
    Object.defineProperty(Location.prototype, part, {
        get() {
            return new URL(this.href)[part];
        },
        set(value) {
            const url = new URL(this.href);

            url[part] = value;
            this.assign(url.href);
        },
        enumerable: true,
        configurable: true,
    });
}

/** HTML, workers.html#worker-locations */
export class WorkerLocation {
    #url;

    constructor(url) {
        this.#url = url;
    }

    toString() {
        return this.href;
    }

    static {
        for (const part of ['href', 'origin', ...PARTS]) {
            Object.defineProperty(WorkerLocation.prototype, part, {
                get() {
                    return this.#url[part];
                },
                enumerable: true,
                configurable: true,
            });
        }
    }
}
