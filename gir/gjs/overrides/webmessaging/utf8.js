// utf8.js: text in bytes, and back
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported decodeText, encodeText */

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
// GJS 1.74 takes a byte order mark away nevertheless.
const losesMark = textDecoder.decode(new Uint8Array([0xef, 0xbb, 0xbf])) === '';

// The string has no lone surrogates.
function encodeText(string) {
    return textEncoder.encode(string);
}

// Throws if the bytes are not UTF-8.
function decodeText(bytes) {
    const hasMark = losesMark && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

    return hasMark ? `\ufeff${textDecoder.decode(bytes)}` : textDecoder.decode(bytes);
}
