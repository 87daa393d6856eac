// site.js: what wptserve would answer to a URL, without a server
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {blobs} from './blobs.js';
import {handlers} from './handlers.js';
import {requirePackage} from './packages.js';
import {joinPath} from './paths.js';
import {isFile, readFile} from './platform.js';
import {findWrapper} from './wrappers.js';

const {URL} = requirePackage('whatwg-url');
const parseDataUrl = requirePackage('data-urls');

// The hosts and ports of wptserve, all of them over the same folder.
const SUBDOMAINS = {
    '': '', www: 'www', www1: 'www1', www2: 'www2', nonexistent: 'nonexistent',
    'élève': 'xn--lve-6lad', '天気の良い日': 'xn--n8j6ds53lwwkrqhv28a',
};
const HOSTS = {'': 'web-platform.test', alt: 'not-web-platform.test'};
const PORTS = {http: [8000, 8001], https: [8443, 8444], ws: [8666], wss: [8888]};
const CONTENT_TYPES = {
    js: 'text/javascript', mjs: 'text/javascript', html: 'text/html', htm: 'text/html',
    json: 'application/json', css: 'text/css',
};

const domainsOf = host => Object.fromEntries(
    Object.entries(SUBDOMAINS).map(([name, label]) => [name, label === '' ? host : `${label}.${host}`]));
/** The names of all hosts. */
export const hostNames = Object.values(HOSTS).flatMap(host => Object.values(domainsOf(host)));
const VALUES = {
    host: HOSTS[''],
    hosts: {'': domainsOf(HOSTS['']), alt: domainsOf(HOSTS.alt)},
    domains: domainsOf(HOSTS['']),
};

// {{location[host]}} and the like.
function substitute(text, url, ports) {
    const {protocol, host, hostname, port, pathname, search, searchParams} = url;
    const location = {
        scheme: protocol.slice(0, -1), host, hostname, port, path: pathname, pathname, query: search,
        server: `${protocol}//${host}`,
    };

    return text.replace(/\{\{([^}]+)\}\}/g, (whole, expression) => {
        const [, name, keys] = /^\s*(?:\$\w+:)?(\w+)((?:\[[^\]]*\])*)\s*$/.exec(expression) ?? [];
        let value = {...VALUES, ports, location, GET: Object.fromEntries(searchParams)}[name];

        for (const [, key] of (keys ?? '').matchAll(/\[([^\]]*)\]/g))
            value = value?.[key];
        return value === undefined ? whole : String(value);
    });
}

// The page for a script test, as wptserve makes it.
function fetchData(href) {
    const data = parseDataUrl(href);

    return data === null ? null : {type: data.mimeType.essence, text: new TextDecoder().decode(data.body)};
}

// The MIME type that the file of headers beside a file says.
function readType(path) {
    const headers = `${path}.headers`;

    return isFile(headers) ? /^content-type:\s*([^\s;]+)/im.exec(readFile(headers))?.[1].toLowerCase() : undefined;
}

/** The files of a folder, at all origins of wptserve. */
export class Site {
    // report: the script that is served in place of testharnessreport.js
    constructor(tests, report, ports = PORTS) {
        this._tests = tests;
        this._report = report;
        this._ports = ports;
    }

    /** The path of the folder. */
    get root() {
        return this._tests.root;
    }

    /** The URL of a test. */
    getUrl(test) {
        const scheme = /\.(https|serviceworker)\./.test(test) ? 'https' : 'http';

        return `${scheme}://${HOSTS['']}:${this._ports[scheme][0]}/${test}`;
    }

    // Finds a file; null if there is none, or if it is outside of the folder.
    _locate(pathname) {
        const {root, findResource} = this._tests;
        const path = decodeURIComponent(pathname);
        const resource = findResource(path);

        return [joinPath(root, path), resource].find(candidate =>
            (candidate === resource || candidate.startsWith(`${root}/`)) && isFile(candidate)) ?? null;
    }

    /** The resource at a URL, as {text, type}; null if there is none.
     * options: those of fetch() */
    fetch(href, options = {}) {
        const url = URL.parse(href);

        switch (url?.protocol) {
        case 'data:':
            return fetchData(href);
        case 'blob:':
            url.hash = '';
            return blobs.get(url.href);
        case 'http:':
        case 'https:':
            return hostNames.includes(url.hostname) ? this._fetchFile(url, options) : null;
        default:
            return null;
        }
    }

    _fetchFile(url, options) {
        const {pathname, search} = url;

        if (pathname === '/resources/testharnessreport.js')
            return {type: 'text/javascript', text: this._report};

        const direct = this._locate(pathname);
        const wrapper = direct === null ? findWrapper(pathname, search) : null;
        const file = direct ?? (wrapper && this._locate(wrapper.pathname));

        if (file === null)
            return null;
        if (pathname in handlers)
            return handlers[pathname](url, options);
        if (wrapper !== null)
            return wrapper.make(readFile(file));
        let text = readFile(file);
        if (/\.sub\.[^/]*$/.test(pathname) || /[?&]pipe=sub/.test(search))
            text = substitute(text, url, this._ports);
        return {text, type: readType(file) ?? CONTENT_TYPES[pathname.split('.').pop()] ?? 'text/plain'};
    }
}
