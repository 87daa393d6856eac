// base64.js: base64 as scripts know it
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {DOMException} from './platform.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const invalidCharacter = message => new DOMException(message, 'InvalidCharacterError');

/** HTML, webappapis.html#dom-atob; Infra, #forgiving-base64-decode */
export function atob(text) {
    const data = `${text}`.replace(/[\t\n\f\r ]/g, '')
        .replace(/^((?:.{4})*(?:..(?===$)|...(?==$)))=+$/, '$1');
    let result = '';

    if (/[^A-Za-z0-9+/]/.test(data) || data.length % 4 === 1)
        throw invalidCharacter('The string is not correctly encoded in base64');
    for (let i = 0; i < data.length; i += 4) {
        const digits = [...data.slice(i, i + 4)];
        const bits = digits.reduce((sum, digit, place) => sum | DIGITS.indexOf(digit) << 18 - 6 * place, 0);

        for (let byte = 0; byte < digits.length - 1; byte++)
            result += String.fromCharCode(bits >> 16 - 8 * byte & 0xff);
    }
    return result;
}

/** HTML, webappapis.html#dom-btoa */
export function btoa(text) {
    const data = `${text}`;
    let result = '';

    if (/[^\0-\xff]/.test(data))
        throw invalidCharacter('The string has characters outside of the Latin1 range');
    for (let i = 0; i < data.length; i += 3) {
        const length = Math.min(3, data.length - i);
        let bits = 0;

        for (let byte = 0; byte < length; byte++)
            bits |= data.charCodeAt(i + byte) << 16 - 8 * byte;
        for (let place = 0; place < 4; place++)
            result += place <= length ? DIGITS[bits >> 18 - 6 * place & 63] : '=';
    }
    return result;
}
