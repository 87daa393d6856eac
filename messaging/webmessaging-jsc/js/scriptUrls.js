// scriptUrls.js: URLs of scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported resolveUrl */

const {fromCString, toCString, toCUrl} = imports.overrides.webmessaging.cString;
const {DOMException} = imports.overrides.webmessaging.domException;
const {encodeUrl, isOpaque, stripUrl} = imports.overrides.webmessaging.urlParts;
const {toUSVString} = imports.overrides.webmessaging.webidl;
const {natives} = imports;

// HTML, urls-and-fetching.html#encoding-parsing-a-url, as far as scripts need that
function resolveUrl(reference, where) {
    const text = stripUrl(toCUrl(toUSVString(reference)));

    if (isOpaque(text))
        return text;
    const url = natives.resolveUrl(toCString(encodeUrl(text)));

    if (url === null)
        throw new DOMException(`${where}: '${text}' is not a valid URL`, 'SyntaxError');
    return fromCString(url);
}
