// origin.js: origins
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// The methods are those of WebOrigin.

/** HTML, browsers.html#concept-origin */
export class Origin {
    #text;

    constructor(text) {
        this.#text = text;
    }

    static new_opaque() {
        return new Origin(null);
    }

    static new_for_url(url) {
        const [, scheme, host] = /^((?:https?|wss?):\/\/)(?:[^/?#]*@)?([^/?#]*)/.exec(url) ?? [];

        return new Origin(scheme === undefined ? null : `${scheme}${host}`);
    }

    is_same_origin(other) {
        return this === other || this.#text !== null && this.#text === other.#text;
    }

    serialize() {
        return this.#text ?? 'null';
    }
}
