// utf8.js: text in bytes, and back
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported decodeAnyText, decodeText, encodeText */

const {copyToC, readFromC} = imports.overrides.webmessaging.bridge;
const {natives} = imports;

// The string has no lone surrogates; a script may have changed the method that has made it.
function encodeText(string) {
    return readFromC(natives.encodeText(typeof string === 'string' ? string : ''));
}

// Throws if the bytes are not UTF-8.
function decodeText(bytes) {
    return bytes.length === 0 ? '' : natives.decodeText(copyToC(bytes));
}

// With U+FFFD for what is not UTF-8.
function decodeAnyText(bytes) {
    return natives.decodeAnyText(copyToC(bytes));
}
