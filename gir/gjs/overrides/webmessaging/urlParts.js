// urlParts.js: what is in the URL of a script
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported encodeUrl, isOpaque, nameScript, parseLocation, stripUrl */

// GLib does not know the schemes whose URLs have no hierarchy.
var isOpaque = url => /^(data|blob|about|javascript):/i.test(url);

// URL, #concept-url-parser, as far as scripts need that
var stripUrl = text => text.replace(/^[\0- ]+|[\0- ]+$|[\t\n\r]/g, '');
var encodeUrl = text => text.replace(/[^!#$%&'()*+,\-./:;=?@[\]\w~]+/gu, encodeURIComponent);

// What a script is called in a stack. One that is its own URL would be there in full, for each frame.
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
