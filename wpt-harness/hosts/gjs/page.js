// page.js: the host's side of a window: its document, and how far that is loaded
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {requirePackage} from '../../shared/packages.js';
import {DocumentParser} from './document.js';
import {installGlobals} from './globals.js';
import {makeProxy} from './proxy.js';
import {Scope} from './scope.js';
import {Timers} from './timers.js';
import {makeWindow} from './window.js';

const {Event} = WebMessaging;
const {URL} = requirePackage('whatwg-url');

/** A window in a context, with the document that it shows. */
export class Page {
    constructor(context, url, origin) {
        this.context = context;
        this.url = url;
        // What scripts have set document.domain to
        this.domain = null;
        this.window = makeWindow(this, origin);
        this.parser = new DocumentParser(this);
        this.timers = new Timers(this);
        this.proxies = new Map();
        this.destroyed = false;
        this.nLoading = 1;
        this.loadCallbacks = [];
        installGlobals(this);
        this.scope = new Scope(this.window);
    }

    get site() {
        return this.context.site;
    }

    /** The WindowProxy of a context, for scripts of this page: the same object each time. */
    getProxy(context) {
        if (context === null || context === undefined)
            return context;
        if (context.page === this)
            return this.window;
        if (!this.proxies.has(context))
            this.proxies.set(context, makeProxy(this, context));
        return this.proxies.get(context);
    }

    /** HTML, browsers.html#same-origin-domain: whether the scripts of one page see the other one. */
    isSameOriginDomain(page) {
        return this.domain === null && page.domain === null
            ? this.window.get_origin().is_same_origin(page.window.get_origin())
            : this.url.protocol === page.url.protocol && this.domain === page.domain;
    }

    // HTML, urls-and-fetching.html#fallback-base-url
    get baseUrl() {
        const initiator = (this.context.parent ?? this.context.opener)?.page;

        return this.url.protocol === 'about:' ? initiator?.baseUrl ?? this.url : this.url;
    }

    /** Resolves a reference to a URL; null if it is not valid. */
    resolve(reference) {
        return URL.parse(reference, this.baseUrl.href);
    }

    /** HTML, webappapis.html#report-an-exception */
    reportException(error) {
        const event = new Event('error', {cancelable: true});

        Object.assign(event, {
            error, message: error?.message ?? String(error), filename: error?.fileName ?? this.url.href,
            lineno: error?.lineNumber ?? 0, colno: error?.columnNumber ?? 0,
        });
        this.window.dispatchEvent(event);
        if (!event.defaultPrevented)
            printerr(`${this.url.href}: ${error}\n${error?.stack ?? ''}`);
    }

    /** Calls a callback of a script, and reports its exceptions. */
    call(callback) {
        try {
            callback();
        } catch (error) {
            this.reportException(error);
        }
    }

    get document() {
        return this.parser.document;
    }

    /** HTML, parsing.html#the-end */
    parse(html) {
        this.parser.write(html);
        this.parser.end();
        this.document.readyState = 'interactive';
        this.document.dispatchEvent(new Event('DOMContentLoaded', {bubbles: true}));
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
        this.document.dispatchEvent(new Event('readystatechange'));
        this.window.dispatchEvent(new Event('load'));
        this.window.dispatchEvent(new Event('pageshow'));
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
        const page = source === null ? {text: element.textContent} : this.site.fetch(url?.href);

        if (page === null) {
            element.dispatchEvent(new Event('error'));
            return;
        }
        const previous = this.document.currentScript;
        this.document.currentScript = element;
        this.call(() => this.scope.run(page.text, url.href));
        this.document.currentScript = previous;
        if (url.pathname === '/resources/testharnessreport.js')
            this.site.onTestharness(this.window);
        if (source !== null)
            element.dispatchEvent(new Event('load'));
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
        this.window.dispatchEvent(new Event('pagehide'));
        this.window.dispatchEvent(new Event('unload'));
        this.destroyed = true;
        this.timers.clearAll();
        WebMessaging.Window.prototype.close.call(this.window);
    }
}
