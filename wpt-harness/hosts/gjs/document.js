// document.js: the document of a page, and its parser
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {equipCanvas} from './canvas.js';
import {domino} from './domino.js';
import {ignoreScript, runScript, watchDocument} from './insertion.js';
import {define} from './nodes.js';

const {Document, HTMLCanvasElement, HTMLParser} = domino.impl;
const {CustomEvent, DOMException, Event, MessageEvent} = WebMessaging;

const eventClasses = {customevent: CustomEvent, messageevent: MessageEvent};

// A parser for innerHTML, which marks scripts so that they never run: HTML,
// parsing.html#parsing-html-fragments
function makeFragmentParser(...args) {
    const parser = new HTMLParser(...args);
    const {_asDocumentFragment: makeFragment} = parser;

    parser._asDocumentFragment = () => {
        const fragment = makeFragment.call(parser);

        fragment.querySelectorAll('script').forEach(ignoreScript);
        return fragment;
    };
    return parser;
}

// Defines what domino leaves to a browser, on the document itself: the properties of domino's prototype
// are not configurable.
function equip(document, page, write) {
    define(document, {
        defaultView: page.window,
        currentScript: null,
        cookie: '',
        referrer: '',
        hidden: false,
        visibilityState: 'visible',
        get location() {
            return page.window.location;
        },
        set location(url) {
            page.window.location = url;
        },
        get URL() {
            return page.url.href;
        },
        get documentURI() {
            return page.url.href;
        },
        get baseURI() {
            return page.baseUrl.href;
        },
        get domain() {
            return page.domain ?? page.url.hostname;
        },
        // HTML, browsers.html#dom-document-domain; any parent of the host will do.
        set domain(value) {
            if (!`.${page.url.hostname}`.endsWith(`.${value}`))
                throw new DOMException('The domain is not a parent of the host', 'SecurityError');
            page.domain = `${value}`;
        },
        get scripts() {
            return this.getElementsByTagName('script');
        },
        hasFocus: () => true,
        createElement(name) {
            const element = Document.prototype.createElement.call(this, name);

            if (element instanceof HTMLCanvasElement)
                equipCanvas(element);
            return element;
        },
        createEvent(name) {
            const event = new (eventClasses[`${name}`.toLowerCase()] ?? Event)('');

            // domino initializes the event of click() with it.
            return Object.assign(event, {initMouseEvent: event.initEvent});
        },
        // HTML, dynamic-markup-insertion.html
        open() {
            this.replaceChildren();
            return this;
        },
        write: (...texts) => write(texts.join('')),
        writeln: (...texts) => write(`${texts.join('')}\n`),
        close() {},
        _resolve: reference => page.resolve(reference)?.href ?? null,
    });
    document.implementation.mozHTMLParser = makeFragmentParser;
}

// HTML, parsing.html#script-data-state and those after it: in a script, what looks like a comment may have scripts in it.
const AFTER = {
    outside: {'<script': 'script', '<!--': 'comment'},
    comment: {'-->': 'outside'},
    script: {'<!--': 'escaped', '</script': 'outside'},
    escaped: {'-->': 'script', '<script': 'doubleEscaped', '</script': 'outside'},
    doubleEscaped: {'-->': 'script', '</script': 'escaped'},
};

// The parts of a document that end with scripts, and what is after the last one.
function splitAtScripts(html) {
    const parts = [];
    let state = 'outside';
    let start = 0;

    for (const {0: token, 1: kind = token, index} of html.matchAll(/<!--|-->|(<\/?script)\b[^>]*>/gi)) {
        state = AFTER[state][kind.toLowerCase()] ?? state;
        if (kind.startsWith('</') && state === 'outside') {
            parts.push(html.slice(start, index + token.length));
            start = index + token.length;
        }
    }
    return [...parts, html.slice(start)];
}

/** HTML, parsing.html: the parser stops at the end of each script, which runs there. */
class DocumentParser {
    #parser;
    #isParsing = false;
    // Scripts that the parser has inserted and not finished.
    #scripts = [];

    constructor(page) {
        this.#parser = new HTMLParser(page.url.href);
        this.document = this.#parser.document();
        equip(this.document, page, text => this.#insert(text));
        watchDocument(this.document, script => this.#isParsing ? this.#scripts.push(script) : runScript(script));
    }

    write(html) {
        for (const part of splitAtScripts(html)) {
            this.#isParsing = true;
            this.#parser.parse(part);
            this.#isParsing = false;
            if (part.endsWith('>'))
                this.#scripts.splice(0).forEach(script => runScript(script, true));
        }
    }

    end() {
        const {defaultView} = this.document;

        // At the end of a document, domino fires an event of its own class at the window, if there is one.
        define(this.document, {defaultView: null});
        this.#parser.parse('', true);
        this.#parser = null;
        define(this.document, {defaultView});
    }

    // document.write(): at the position of the parser, or at the end of a document that is complete.
    // Departure: the latter does not open the document again by itself.
    #insert(text) {
        const {document} = this;

        if (this.#parser !== null)
            this.write(text);
        else if (document.documentElement !== null)
            (document.body ?? document.documentElement).insertAdjacentHTML('beforeend', text);
        else
            document.appendChild(document.adoptNode(domino.createDocument(text, true).documentElement));
    }
}

/** Makes the parser of a page, which has the document. */
export const makeParser = page => new DocumentParser(page);
