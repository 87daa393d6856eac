// context.js: browsing contexts: a tab or a frame, which shows one page after the other
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {requirePackage} from '../../shared/packages.js';
import {Page} from './page.js';

const {Origin} = WebMessaging;
const {URL, percentDecodeString} = requirePackage('whatwg-url');
const blankUrl = new URL('about:blank');

// A document without a valid origin is opaque, as an error page is.
function getOrigin(url) {
    try {
        return Origin.new_for_url(url.href);
    } catch {
        return Origin.new_opaque();
    }
}

/** HTML, document-sequences.html#browsing-context */
export class Context {
    #page = null;
    #creator;

    // element: the iframe, in a context that has a parent
    // opener: the context whose script has opened this one
    constructor(site, {parent = null, element = null, opener = null, name = ''} = {}) {
        this.site = site;
        this.parent = parent;
        this.element = element;
        this.opener = opener;
        this.name = name;
        this.children = [];
        this.closed = false;
        this.navigation = 0;
        this.#creator = (parent ?? opener)?.page;
    }

    /** The page that is shown. The initial about:blank is made when somebody looks at it. */
    get page() {
        if (this.#page === null) {
            this.show(blankUrl, '', this.#creator);
            if (this.closed)
                this.discardPage();
        }
        return this.#page;
    }

    /** Whether the page is that one. */
    shows(page) {
        return this.#page === page;
    }

    get window() {
        return this.page.window;
    }

    get top() {
        return this.parent?.top ?? this;
    }

    // HTML, browsers.html#determining-the-origin
    determineOrigin(url, initiator) {
        const sandbox = this.element?.getAttribute('sandbox') ?? null;

        if (sandbox !== null && !sandbox.includes('allow-same-origin'))
            return Origin.new_opaque();
        if (url.protocol === 'about:' || url.protocol === 'blob:')
            return initiator?.origin ?? Origin.new_opaque();
        return url.protocol === 'data:' ? Origin.new_opaque() : getOrigin(url);
    }

    /** Replaces the page; the one before is destroyed, with its ports. */
    show(url, html, initiator) {
        const origin = this.determineOrigin(url, initiator);

        this.discardPage();
        this.#page = new Page(this, url, origin);
        this.#page.parse(html);
    }

    /** HTML, browsing-the-web.html#navigate; does nothing if the URL is null, which means invalid. */
    navigate(url, initiator, finished = () => {}) {
        this.navigation++;
        if (url === null || this.closed) {
            finished();
        } else if (url.protocol === 'javascript:') {
            setTimeout(() => {
                const source = percentDecodeString(url.href.slice(url.protocol.length));

                this.page.compile(new TextDecoder().decode(source), url)();
                finished();
            });
        } else {
            this.showLater(url, initiator, () => this.fetchDocument(url), finished);
        }
    }

    fetchDocument(url) {
        const {type = 'text/html', text} = this.site.fetch(url.href) ?? {text: ''};

        return type === 'text/html' ? text : `<pre>${text.replaceAll('<', '&lt;')}</pre>`;
    }

    // Shows a document from a task of its own, unless another navigation was started meanwhile. The load
    // event of the parent waits for it.
    showLater(url, initiator, getText, finished = () => {}) {
        const {navigation} = this;
        const parent = this.parent?.page;

        parent?.beginLoad();
        setTimeout(() => {
            if (navigation === this.navigation && !this.closed) {
                this.show(url, getText(), initiator);
                this.page.whenLoaded(() => {
                    finished();
                    this.parent?.page.fire(this.element, 'load');
                });
            }
            parent?.endLoad();
        });
    }

    /** HTML, document-sequences.html#create-a-new-child-navigable */
    openFrame(element) {
        const frame = new Context(this.site, {parent: this, element, name: element.getAttribute('name') ?? ''});

        this.children.push(frame);
        this.page.addFrame(frame);
        return frame;
    }

    /** HTML, iframe-embed-object.html#process-the-iframe-attributes */
    loadFrame() {
        const {element} = this;
        const initiator = this.parent.page;
        const source = element.getAttribute('src');
        const text = element.getAttribute('srcdoc');

        if (text !== null) {
            this.navigation++;
            this.showLater(new URL('about:srcdoc'), initiator, () => text);
        } else if (source === null || source === '' || source === 'about:blank') {
            // The initial about:blank stays, and only its load event is fired.
            setTimeout(() => !this.closed && initiator.fire(element, 'load'));
        } else {
            this.navigate(initiator.resolve(source), initiator);
        }
    }

    /** HTML, nav-history-apis.html#window-open-steps */
    open(url, name) {
        const initiator = this.page;
        const target = this.children.find(child => child.name === name && name !== '') ??
            new Context(this.site, {opener: this, name});

        if (url !== '' && url !== 'about:blank')
            target.navigate(initiator.resolve(url), initiator);
        return target;
    }

    /** HTML, nav-history-apis.html#dom-window-close: frames cannot be closed. */
    close() {
        if (this.parent === null)
            setTimeout(() => this.discard());
    }

    discardPage() {
        [...this.children].forEach(child => child.discard());
        this.#page?.destroy();
    }

    discard() {
        if (this.closed)
            return;
        this.closed = true;
        this.discardPage();
        if (this.parent !== null)
            this.parent.children.splice(this.parent.children.indexOf(this), 1);
    }
}
