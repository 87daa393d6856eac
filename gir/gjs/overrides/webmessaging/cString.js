// cString.js: strings of JavaScript that a string of C cannot hold
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported toCString, fromCString, toCUrl */

// A string of C ends at U+0000, and has no lone surrogates. So that one string does not pass for
// another, each of these code units is written as U+FDD0, which stands for no character, and four
// digits; U+FDD0 itself too.
const escape = '\ufdd0';
const suspicious = /[\0\ufdd0\ud800-\udfff]/;

function toCString(string) {
    const text = suspicious.test(string) ? string.replace(/[\0\ufdd0]|\p{Surrogate}/gu, unit =>
        `${escape}${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : string;

    // A script may have changed replace(), or what has made the string: C must not get null.
    return typeof text === 'string' ? text : '';
}

function fromCString(text) {
    return text.includes(escape) ? text.replace(/\ufdd0([0-9a-f]{4})/g,
        (_match, digits) => String.fromCharCode(parseInt(digits, 16))) : text;
}

// URL, #concept-basic-url-parser: around a URL U+0000 goes, as a space does; in a path it is
// percent-encoded, and in a host %00 is the same error.
function toCUrl(url) {
    return url.includes('\0') ? url.replace(/^[\0- ]+|[\0- ]+$/g, ends => ends.replaceAll('\0', ' '))
        .replaceAll('\0', '%00') : url;
}
