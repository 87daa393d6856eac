// proxy.js: WindowProxy objects, through which windows see each other
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {Window, makeException, markWindow, pageOf, postMessage} from './window.js';

const {MessageEvent} = WebMessaging;

// HTML, nav-history-apis.html#cross-origin-objects, except for location: these members answer for the
// context, whichever page it shows.
const CONTEXT_MEMBERS = ['window', 'self', 'close', 'closed', 'focus', 'blur', 'frames', 'length', 'top',
    'opener', 'parent', 'postMessage'];
const HARMLESS = ['then', Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable];

const isIndex = key => typeof key === 'string' && /^\d+$/.test(key);
const isOfContext = key => CONTEXT_MEMBERS.includes(key) || isIndex(key);

// HTML, nav-history-apis.html#the-windowproxy-exotic-object. The target of the proxy is an empty object
// and not the window, because the window changes when the context navigates.
class ProxyHandler {
    // page: the page whose scripts use the proxy
    constructor(page, context) {
        this.page = page;
        this.context = context;
        this.postMessage = (...args) => postMessage(context.page, page, args);
        this.close = () => context.close();
        this.ignore = () => {};
    }

    get isSameOriginDomain() {
        return this.page.isSameOriginDomain(this.context.page);
    }

    checkOrigin() {
        if (!this.isSameOriginDomain)
            throw makeException(this.page.window, 'The window is of another origin', 'SecurityError');
    }

    getOfContext(key) {
        const {page, context} = this;

        switch (key) {
        case 'window':
        case 'self':
        case 'frames':
            return page.getProxy(context);
        case 'parent':
            return page.getProxy(context.parent ?? context);
        case 'top':
            return page.getProxy(context.top);
        case 'opener':
            return page.getProxy(context.opener);
        case 'closed':
            return context.closed;
        case 'length':
            return context.children.length;
        case 'postMessage':
            return this.postMessage;
        case 'close':
            return this.close;
        case 'focus':
        case 'blur':
            return this.ignore;
        default:
            return page.getProxy(context.children[key]);
        }
    }

    getOfOtherOrigin(key) {
        const {page, context} = this;

        if (HARMLESS.includes(key))
            return undefined;
        if (key === 'location') {
            return Object.defineProperty({}, 'href', {
                set: url => this.navigate(url),
                get: () => this.checkOrigin(),
            });
        }
        const child = context.children.find(({name}) => name === key && name !== '');
        if (child === undefined)
            this.checkOrigin();
        return page.getProxy(child);
    }

    navigate(url) {
        this.context.navigate(this.page.resolve(url), this.page);
    }

    get(_target, key) {
        const {window} = this.context;

        if (isOfContext(key))
            return this.getOfContext(key);
        if (!this.isSameOriginDomain)
            return this.getOfOtherOrigin(key);
        // Methods of GObject cannot be called on a proxy.
        return typeof window[key] === 'function' && key in Window.prototype && !(key in Object.prototype)
            ? window[key].bind(window) : window[key];
    }

    set(_target, key, value) {
        if (key === 'location') {
            this.navigate(value);
            return true;
        }
        this.checkOrigin();
        return Reflect.set(this.context.window, key, value);
    }

    has(_target, key) {
        if (isOfContext(key))
            return !isIndex(key) || key in this.context.children;
        this.checkOrigin();
        return key in this.context.window;
    }

    deleteProperty(_target, key) {
        this.checkOrigin();
        return Reflect.deleteProperty(this.context.window, key);
    }

    getPrototypeOf() {
        return this.isSameOriginDomain ? Window.prototype : null;
    }

    setPrototypeOf() {
        return false;
    }

    ownKeys() {
        return [];
    }
}

/** The WindowProxy of a context, for the scripts of another page. */
export const makeProxy = (page, context) =>
    markWindow(new Proxy({}, new ProxyHandler(page, context)), context);

// The source of a message is the sender's WindowProxy, as the receiving window sees it.
const {get: getSource} = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'source');
const {get: getProxiedSource} = Object.getOwnPropertyDescriptor({
    get source() {
        const source = getSource.call(this);

        return source instanceof Window && this.target instanceof Window
            ? pageOf(this.target).getProxy(pageOf(source).context) : source;
    },
}, 'source');
Object.defineProperty(MessageEvent.prototype, 'source', {get: getProxiedSource});
