// origin.js: origins
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {nameOpaqueOrigin, serializeOrigin} from './opaque-origins.js';

// The methods are those of WebOrigin.

/** HTML, browsers.html#concept-origin */
export class Origin {
    constructor(name) {
        this.name = name;
    }

    static new_opaque() {
        return new Origin(nameOpaqueOrigin());
    }

    static new_for_url(url) {
        const [, scheme, host] = /^((?:https?|wss?):\/\/)(?:[^/?#]*@)?([^/?#]*)/.exec(url) ?? [];

        return scheme === undefined ? Origin.new_opaque() : new Origin(`${scheme}${host}`);
    }

    is_same_origin(other) {
        return this.name === other.name;
    }

    serialize() {
        return serializeOrigin(this.name);
    }
}
