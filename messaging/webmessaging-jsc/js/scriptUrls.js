// scriptUrls.js: URLs of scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported nameScript, parseLocation, resolveUrl */

const {fromCString, toCString, toCUrl} = imports.overrides.webmessaging.cString;
const {DOMException} = imports.overrides.webmessaging.domException;
const {toUSVString} = imports.overrides.webmessaging.webidl;
const {natives} = imports;

const isOpaque = url => /^(data|blob|about|javascript):/i.test(url);

// HTML, urls-and-fetching.html#encoding-parsing-a-url, as far as scripts need that
function resolveUrl(reference, where) {
    const text = toCUrl(toUSVString(reference)).replace(/^[\0- ]+|[\0- ]+$|[\t\n\r]/g, '');

    if (isOpaque(text))
        return text;
    const url = natives.resolveUrl(toCString(text.replace(/[^!#$%&'()*+,\-./:;=?@[\]\w~]+/gu, encodeURIComponent)));

    if (url === null)
        throw new DOMException(`${where}: '${text}' is not a valid URL`, 'SyntaxError');
    return fromCString(url);
}

// What a script is called in a stack.
var nameScript = url => /^data:/i.test(url) && url.length > 100 ? `${url.slice(0, 100)}...`
    : url.replace(/\s/g, encodeURIComponent);

// URL, #concept-url-origin, of the URL inside the URL of a blob
function parseBlobOrigin(url) {
    return /^https?:/.test(url) ? parseLocation(url).origin : 'null';
}

// HTML, workers.html#worker-locations
function parseLocation(url) {
    const [, protocol, host = '', pathname, search, hash] =
        /^([^:]*:)(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url);
    const [, hostname, port = ''] = /^(.*?)(?::(\d*))?$/s.exec(host.replace(/^.*@/s, ''));
    const optional = part => part === undefined || part.length === 1 ? '' : part;

    return {
        href: url,
        origin: protocol === 'blob:' ? parseBlobOrigin(pathname)
            : /^https?:$/.test(protocol) ? `${protocol}//${host}` : 'null',
        protocol,
        host,
        hostname,
        port,
        pathname,
        search: optional(search),
        hash: optional(hash),
    };
}
