// page.js: the host's side of a window: its document, and how far that is loaded
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {makeParser} from './document.js';
import {Environment} from './environment.js';
import {makeProxy} from './proxy.js';
import {Scope} from './scope.js';
import {closeWindow, fireAt, makeWindow, setPage} from './window.js';
import {installWindowGlobals} from './window-globals.js';

const {ErrorEvent} = WebMessaging;

/** A window in a context, with the document that it shows. */
export class Page extends Environment {
    constructor(context, url, origin) {
        super(context.site, url, makeWindow(context, url, origin));
        this.context = context;
        this.origin = origin;
        // What scripts have set document.domain to
        this.domain = null;
        setPage(this.window, this);
        this.parser = makeParser(this);
        this.proxies = new Map();
        this.destroyed = false;
        this.nLoading = 1;
        this.nInline = 0;
        this.loadCallbacks = [];
        installWindowGlobals(this);
        this.scope = new Scope(this.window);
    }

    get window() {
        return this.global;
    }

    /** The WindowProxy of a context, for scripts of this page: the same object each time. */
    getProxy(context) {
        if (context === null || context === undefined)
            return context;
        if (context.shows(this))
            return this.window;
        if (!this.proxies.has(context))
            this.proxies.set(context, makeProxy(this, context));
        return this.proxies.get(context);
    }

    /** HTML, browsers.html#same-origin-domain: whether the scripts of one page see the other one. */
    isSameOriginDomain(page) {
        return this.domain === null && page.domain === null ? this.origin.is_same_origin(page.origin)
            : this.url.protocol === page.url.protocol && this.domain === page.domain;
    }

    // HTML, urls-and-fetching.html#fallback-base-url
    get baseUrl() {
        const initiator = (this.context.parent ?? this.context.opener)?.page;

        return this.url.protocol === 'about:' ? initiator?.baseUrl ?? this.url : this.url;
    }

    /** HTML, webappapis.html#runtime-script-errors-2: what nobody handles at the worker is for the window.
     * In a worker the library does it. */
    adoptWorker(worker) {
        super.adoptWorker(worker);
        worker.connect('error', (_worker, event) => {
            if (event instanceof ErrorEvent && !event.defaultPrevented) {
                const {message, filename, lineno, colno} = event;

                this.reportError({message, filename, lineno, colno, error: null}, '');
            }
        });
    }

    get document() {
        return this.parser.document;
    }

    /** DOM, #concept-event-fire, at the window or a node of it */
    fire(target, type, init) {
        fireAt(this.window, target, type, init);
    }

    /** HTML, parsing.html#the-end */
    parse(html) {
        this.parser.write(html);
        this.parser.end();
        this.document.readyState = 'interactive';
        this.fire(this.document, 'DOMContentLoaded', {bubbles: true});
        setTimeout(() => this.endLoad());
    }

    // The load event waits until endLoad() was called as often as beginLoad(), and once for the parser.

    beginLoad() {
        this.nLoading++;
    }

    endLoad() {
        if (--this.nLoading > 0 || this.document.readyState === 'complete' || this.destroyed)
            return;
        this.document.readyState = 'complete';
        this.fire(this.document, 'readystatechange');
        this.fire(this.window, 'load');
        this.fire(this.window, 'pageshow');
        this.loadCallbacks.forEach(callback => callback());
    }

    whenLoaded(callback) {
        if (this.document.readyState === 'complete')
            callback();
        else
            this.loadCallbacks.push(callback);
    }

    /** Calls back from a task of its own, which the load event waits for. */
    load(callback) {
        this.beginLoad();
        setTimeout(() => {
            if (!this.destroyed)
                callback();
            this.endLoad();
        });
    }

    /** HTML, scripting.html#execute-the-script-element */
    runScriptElement(element) {
        const source = element.getAttribute('src');
        const url = source === null ? this.url : this.resolve(source);
        const response = source === null ? {text: element.textContent, type: 'text/javascript'}
            : this.site.fetch(url?.href);

        if (response === null) {
            this.fire(element, 'error');
            return;
        }
        if (element.getAttribute('type') === 'module')
            this.runModule(url, response, source === null);
        else
            this.runClassic(url, response, element);
        if (source !== null)
            this.fire(element, 'load');
    }

    runClassic(url, {text}, element) {
        const previous = this.document.currentScript;

        this.document.currentScript = element;
        this.call(() => this.compile(text, url)());
        this.document.currentScript = previous;
        if (url.pathname === '/resources/testharnessreport.js')
            this.site.onTestharness(this.window);
    }

    // An inline module is not in the module map, so its URL is one of its own there.
    runModule({href}, response, isInline) {
        this.call(() => this.modules.load(isInline ? `${href}#${this.nInline++}` : href, response)()
            .catch(error => this.reportException(error)));
    }

    /** HTML, document-sequences.html#create-a-new-child-navigable: a window has its frames by number
     * and by name. */
    addFrame(context) {
        const {children} = this.context;
        const {element} = context;
        const index = children.indexOf(context);

        Object.defineProperty(this.window, index, {
            get: () => this.getProxy(children[index]),
            configurable: true,
            enumerable: true,
        });
        for (const name of [element.getAttribute('name'), element.id]) {
            if (name && !(name in this.window)) {
                Object.defineProperty(this.window, name,
                    {value: this.getProxy(context), writable: true, configurable: true});
            }
        }
    }

    /** HTML, document-lifecycle.html#destroy-a-document: the library closes the ports. */
    destroy() {
        if (this.destroyed)
            return;
        this.fire(this.window, 'pagehide');
        this.fire(this.window, 'unload');
        this.destroyed = true;
        super.destroy();
        closeWindow(this.window);
    }
}
