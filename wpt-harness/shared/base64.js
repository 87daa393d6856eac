// base64.js: base64 as scripts know it
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

const invalidCharacter = message => new WebMessaging.DOMException(message, 'InvalidCharacterError');

/** HTML, webappapis.html#dom-atob; Infra, #forgiving-base64-decode */
export function atob(text) {
    const data = `${text}`.replace(/[\t\n\f\r ]/g, '')
        .replace(/^((?:.{4})*(?:..(?===$)|...(?==$)))=+$/, '$1');

    if (/[^A-Za-z0-9+/]/.test(data) || data.length % 4 === 1)
        throw invalidCharacter('The string is not correctly encoded in base64');
    if (data === '')
        return '';
    const bytes = GLib.base64_decode(data.padEnd(Math.ceil(data.length / 4) * 4, '='));
    return Array.from(bytes, byte => String.fromCharCode(byte)).join('');
}

/** HTML, webappapis.html#dom-btoa */
export function btoa(text) {
    const data = `${text}`;

    if (/[^\0-\xff]/.test(data))
        throw invalidCharacter('The string has characters outside of the Latin1 range');
    return data === '' ? '' : GLib.base64_encode(Uint8Array.from(data, character => character.charCodeAt(0)));
}
