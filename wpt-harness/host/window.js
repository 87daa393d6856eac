// window.js: windows, the contexts that they are shown in, and what they see of each other
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

import {Document, addEventHandlers, classes} from './dom.js';
import {Blob, File, FileList, FileReader, ImageData} from './files.js';
import {parse5} from './packages.js';
import {runScript} from './script.js';
import {resolveUrl, splitUrl} from './site.js';

const {DOMException, Event, EventTarget, MessageEvent} = WebMessaging;

// HTML, nav-history-apis.html#cross-origin-objects
const CROSS_ORIGIN = ['window', 'self', 'location', 'close', 'closed', 'focus', 'blur', 'frames', 'length',
    'top', 'opener', 'parent', 'postMessage'];
const HARMLESS = ['then', Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable];

const securityError = () =>
    new DOMException('The window is of another origin', 'SecurityError');

/** URL, #url-class, with what GLib knows of URLs. */
class URL {
    constructor(url, base) {
        const href = resolveUrl(`${url}`, base === undefined ? null : `${base}`);

        if (href === null)
            throw new TypeError(`${url} is no URL`);
        this.href = href;
    }

    get origin() {
        try {
            return WebMessaging.Origin.new_for_url(this.href).serialize();
        } catch {
            return 'null';
        }
    }

    get searchParams() {
        const pairs = this.search.slice(1).split('&').filter(pair => pair !== '').map(pair =>
            pair.split('=').map(part => decodeURIComponent(part.replaceAll('+', ' '))));

        return {
            get: name => pairs.find(([key]) => key === name)?.[1] ?? null,
            has: name => pairs.some(([key]) => key === name),
        };
    }

    toString() {
        return this.href;
    }

    toJSON() {
        return this.href;
    }
}
for (const part of ['protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    Object.defineProperty(URL.prototype, part, {
        get() {
            return splitUrl(this.href)[part];
        },
        set(value) {
            const parts = {...splitUrl(this.href), [part]: `${value}`};
            const authority = part === 'host' ? parts.host
                : `${parts.hostname}${parts.port === '' ? '' : `:${parts.port}`}`;
            this.href = `${parts.protocol}//${authority}${parts.pathname}${parts.search}${parts.hash}`;
        },
        enumerable: true,
        configurable: true,
    });
}

/** HTML, nav-history-apis.html#the-location-interface */
class Location extends URL {
    #window;

    constructor(window) {
        super(window.url);
        this.#window = window;
        Object.defineProperty(this, 'href', {
            get: () => window.url,
            set: url => this.assign(url),
            enumerable: true,
        });
    }

    assign(url) {
        this.#window.context.navigate(this.#window.resolve(`${url}`), this.#window);
    }

    replace(url) {
        this.assign(url);
    }

    reload() {
        this.assign(this.#window.url);
    }
}

/** HTML, browsers.html#browsing-context: a window for each document that it has shown. */
class Context {
    constructor(site, parent, element, opener) {
        this.site = site;
        this.parent = parent;
        this.element = element;
        this.opener = opener;
        this.children = [];
        this.name = element?.getAttribute('name') ?? '';
        this.window = null;
        this.closed = false;
        this.navigation = 0;
        this.show('about:blank', '', parent?.window ?? opener);
    }

    get top() {
        return this.parent?.top ?? this;
    }

    /** Shows a document: the one before goes, with its ports. */
    show(url, html, initiator) {
        this.discardWindow();
        const isLocal = /^about:|^blob:/.test(url);
        const sandbox = this.element?.getAttribute('sandbox') ?? null;
        let origin;

        if (sandbox !== null && !sandbox.includes('allow-same-origin'))
            origin = WebMessaging.Origin.new_opaque();
        else if (isLocal && initiator)
            origin = initiator.get_origin();
        else if (/^data:/.test(url))
            origin = WebMessaging.Origin.new_opaque();
        else
            origin = isLocal ? WebMessaging.Origin.new_opaque() : WebMessaging.Origin.new_for_url(url);
        this.window = new HostWindow({origin});
        this.window.open_(this, url);
        this.window.parse(html);
    }

    /** HTML, browsing-the-web.html#navigate */
    navigate(url, initiator, finished = () => {}) {
        const navigation = ++this.navigation;

        if (url === null || this.closed) {
            finished();
            return;
        }
        if (/^javascript:/.test(url)) {
            setTimeout(() => {
                runScript(this.window, decodeURIComponent(url.slice(11)), url);
                finished();
            });
            return;
        }
        this.parent?.window.beginLoad();
        setTimeout(() => {
            if (navigation === this.navigation && !this.closed) {
                const page = /^about:/.test(url) ? {text: ''} : this.site.fetch(url);
                const text = page === null ? '' : page.type === 'text/html' || page.type === undefined
                    ? page.text : `<pre>${page.text.replaceAll('<', '&lt;')}</pre>`;

                this.show(url, text, initiator);
                this.window.whenLoaded(() => {
                    finished();
                    this.element?.dispatchEvent(new Event('load'));
                });
            }
            this.parent?.window?.endLoad();
        });
    }

    /** HTML, iframe-embed-object.html#process-the-iframe-attributes */
    loadFrame() {
        const {element} = this;
        const initiator = element.ownerDocument.defaultView;
        const source = element.getAttribute('src');
        const text = element.getAttribute('srcdoc');

        if (text !== null) {
            const navigation = ++this.navigation;
            initiator.beginLoad();
            setTimeout(() => {
                if (navigation === this.navigation && !this.closed) {
                    this.show('about:srcdoc', text, initiator);
                    this.window.whenLoaded(() => element.dispatchEvent(new Event('load')));
                }
                initiator.endLoad();
            });
        } else if (source === null || source === '' || source === 'about:blank') {
            // The load event of the first document comes at once.
            setTimeout(() => !this.closed && element.dispatchEvent(new Event('load')));
        } else {
            this.navigate(initiator.resolve(source), initiator);
        }
    }

    discardWindow() {
        const {window} = this;

        if (window === null)
            return;
        [...this.children].forEach(child => child.discard());
        window.destroy_();
    }

    discard() {
        if (this.closed)
            return;
        this.closed = true;
        this.discardWindow();
        if (this.parent !== null)
            this.parent.children.splice(this.parent.children.indexOf(this), 1);
    }
}

/** HTML, nav-history-apis.html#the-window-object */
export const HostWindow = GObject.registerClass({
    GTypeName: 'WebMessagingHostWindow',
}, class Window extends WebMessaging.Window {
    open_(context, url) {
        this.context = context;
        this.url = url;
        this.proxies = new Map();
        this.timers = new Set();
        this.nLoading = 1;
        this.loadCallbacks = [];
        this.document = new Document(this);
        const location = new Location(this);
        const origin = this.get_origin().serialize();
        const property = (name, get, set = value => {
            Object.defineProperty(this, name, {value, writable: true, configurable: true, enumerable: true});
        }) => Object.defineProperty(this, name, {get, set, configurable: true, enumerable: true});

        property('location', () => location, value => location.assign(value));
        property('window', () => this);
        property('self', () => this);
        property('frames', () => this);
        property('globalThis', () => this);
        property('origin', () => origin);
        property('closed', () => context.closed);
        property('parent', () => this.getProxy(context.parent ?? context));
        property('top', () => this.getProxy(context.top));
        property('opener', () => context.opener === null ? null : this.getProxy(context.opener.context));
        property('length', () => context.children.length);
        property('name', () => context.name, value => {
            context.name = `${value}`;
        });
        property('frameElement', () => context.element);
        this.installGlobals_();
    }

    installGlobals_() {
        const window = this;
        // The ports of a channel go with the window that it was made in.
        const MessageChannel = function () {
            if (new.target === undefined)
                throw new TypeError('MessageChannel is a constructor');
            return WebMessaging.MessageChannel.new_for_window(window);
        };
        MessageChannel.prototype = WebMessaging.MessageChannel.prototype;

        WebMessaging.installGlobals(this);
        Object.defineProperty(this, 'structuredClone', {value: WebMessaging.structuredClone, writable: true, configurable: true});
        Object.assign(this, classes, {
            Blob, File, FileList, FileReader, ImageData, Location,
            URL: class extends URL {
                static createObjectURL(blob) {
                    const url = `blob:${window.origin}/${GLib.uuid_string_random()}`;

                    window.context.site.blobs.set(url, {
                        text: new TextDecoder().decode(blob.bytes_), type: blob.type || 'text/plain',
                    });
                    return url;
                }

                static revokeObjectURL(url) {
                    window.context.site.blobs.delete(`${url}`);
                }
            },
            Window: HostWindow,
            console: {log: print, error: printerr, warn: printerr, info: print, debug: print},
            performance: {now: () => GLib.get_monotonic_time() / 1000, mark() {}, measure() {}},
            navigator: {userAgent: 'libwebmessaging', onLine: true},
            history: {length: 1, back() {}, forward() {}, go() {}},
            innerWidth: 800, innerHeight: 600, isSecureContext: this.url.startsWith('https:'),
            queueMicrotask: callback => Promise.resolve().then(callback),
            getComputedStyle: () => ({}),
            addEventListener: EventTarget.prototype.addEventListener.bind(this),
            removeEventListener: EventTarget.prototype.removeEventListener.bind(this),
            dispatchEvent: EventTarget.prototype.dispatchEvent.bind(this),
            postMessage: (...args) => this.postMessageFrom(this, ...args),
            reportError: error => this.reportException_(error),
            fetch: url => this.fetch_(url),
            open: (url, name) => this.openWindow_(url, name),
            close: () => this.context.parent === null && setTimeout(() => this.context.discard()),
            focus() {},
            blur() {},
            stop() {},
            alert() {},
            setTimeout: (callback, delay, ...args) => this.startTimer_(false, callback, delay, args),
            setInterval: (callback, delay, ...args) => this.startTimer_(true, callback, delay, args),
            clearTimeout: id => clearTimeout(id),
            clearInterval: id => clearInterval(id),
            requestAnimationFrame: callback => this.startTimer_(false, callback, 16, [0]),
        });
        Object.defineProperty(this, 'MessageChannel', {value: MessageChannel, writable: true, configurable: true});
        // What GObject adds to a window is no variable of its scripts.
        Object.defineProperty(this, Symbol.unscopables, {value: Object.fromEntries([
            'connect', 'connect_after', 'disconnect', 'emit', 'ref', 'unref', 'notify', 'bind_property', 'set', 'get',
            'context', 'url', 'proxies', 'timers', 'load', 'resolve', 'parse',
        ].map(name => [name, true]))});
    }

    /** What a script of this window sees of a context: the same object each time. */
    getProxy(context) {
        if (context.window === this)
            return this;
        if (!this.proxies.has(context))
            this.proxies.set(context, new Proxy({}, makeProxyHandler(this, context)));
        return this.proxies.get(context);
    }

    resolve(url) {
        return resolveUrl(`${url}`, /^(about|blob|data):/.test(this.url) ? this.baseUrl_() : this.url);
    }

    baseUrl_() {
        const initiator = this.context.parent?.window ?? this.context.opener;

        return initiator === null || initiator === this ? null : initiator.resolve('.') ?? initiator.url;
    }

    startTimer_(repeats, callback, delay = 0, args) {
        const run = () => {
            if (!repeats)
                this.timers.delete(id);
            try {
                if (typeof callback === 'function')
                    callback.apply(this, args);
                else
                    runScript(this, `${callback}`, this.url);
            } catch (error) {
                this.reportException_(error);
            }
        };
        const id = repeats ? setInterval(run, Number(delay)) : setTimeout(run, Number(delay));

        this.timers.add(id);
        return id;
    }

    // HTML, webappapis.html#report-an-exception
    reportException_(error) {
        const event = new Event('error', {cancelable: true});

        Object.assign(event, {
            error, message: error?.message ?? String(error), filename: error?.fileName ?? this.url,
            lineno: error?.lineNumber ?? 0, colno: error?.columnNumber ?? 0,
        });
        this.dispatchEvent(event);
        if (!event.defaultPrevented)
            printerr(`${this.url}: ${error}\n${error?.stack ?? ''}`);
    }

    async fetch_(url) {
        const page = this.context.site.fetch(this.resolve(url));

        return {
            ok: page !== null,
            status: page === null ? 404 : 200,
            text: async () => page?.text ?? '',
            json: async () => JSON.parse(page?.text ?? ''),
            blob: async () => new Blob([page?.text ?? ''], {type: page?.type}),
            arrayBuffer: async () => new TextEncoder().encode(page?.text ?? '').buffer,
        };
    }

    openWindow_(url = 'about:blank', name = '') {
        const existing = this.context.children.find(child => child.name === name && name !== '');
        const context = existing ?? new Context(this.context.site, null, null, this);

        context.name = name;
        if (url !== '' && url !== 'about:blank')
            context.navigate(this.resolve(url), this);
        return this.getProxy(context);
    }

    // Frames

    openFrame(element) {
        const context = new Context(this.context.site, this.context, element, null);
        const index = this.context.children.length;

        this.context.children.push(context);
        Object.defineProperty(this, index, {
            get: () => {
                const child = this.context.children[index];
                return child === undefined ? undefined : this.getProxy(child);
            },
            configurable: true,
            enumerable: true,
        });
        for (const name of [element.getAttribute('name'), element.id]) {
            if (name && !(name in this))
                Object.defineProperty(this, name, {value: this.getProxy(context), writable: true, configurable: true});
        }
        // Processed by loadFrame() when the element is complete.
        element.context = context;
        context.loadFrame();
        return context;
    }

    // Documents

    /** HTML, parsing.html: makes the nodes one by one, so that scripts see what is before them. */
    parse(html) {
        const parsed = parse5.parse(html);

        for (const child of parsed.childNodes)
            this.document.build(child, this.document, true);
        this.document.readyState = 'interactive';
        this.document.dispatchEvent(new Event('DOMContentLoaded', {bubbles: true}));
        this.dispatchEvent(new Event('DOMContentLoaded', {bubbles: true}));
        setTimeout(() => this.endLoad());
    }

    beginLoad() {
        this.nLoading++;
    }

    endLoad() {
        if (--this.nLoading > 0 || this.document.readyState === 'complete' || this.destroyed)
            return;
        this.document.readyState = 'complete';
        this.document.dispatchEvent(new Event('readystatechange'));
        this.dispatchEvent(new Event('load'));
        this.dispatchEvent(new Event('pageshow'));
        this.loadCallbacks.forEach(callback => callback());
    }

    whenLoaded(callback) {
        if (this.document.readyState === 'complete')
            callback();
        else
            this.loadCallbacks.push(callback);
    }

    /** Does something later that the load event waits for. */
    load(callback) {
        this.beginLoad();
        setTimeout(() => {
            if (!this.destroyed)
                callback();
            this.endLoad();
        });
    }

    runScriptElement(element) {
        const source = element.getAttribute('src');
        const url = source === null ? this.url : this.resolve(source);
        const page = source === null ? {text: element.textContent} : this.context.site.fetch(url);

        if (page === null) {
            element.dispatchEvent(new Event('error'));
            return;
        }
        const previous = this.document.currentScript;
        this.document.currentScript = element;
        try {
            runScript(this, page.text, url);
        } catch (error) {
            this.reportException_(error);
        }
        this.document.currentScript = previous;
        if (url.endsWith('/resources/testharnessreport.js'))
            this.context.site.onTestharness(this);
        if (source !== null)
            element.dispatchEvent(new Event('load'));
    }

    /** HTML, document-lifecycle.html#destroy-a-document: the library closes the ports. */
    destroy_() {
        if (this.destroyed)
            return;
        this.dispatchEvent(new Event('pagehide'));
        this.dispatchEvent(new Event('unload'));
        this.destroyed = true;
        for (const id of this.timers)
            clearTimeout(id);
        WebMessaging.Window.prototype.close.call(this);
    }
});
HostWindow.isWindow = true;
Object.defineProperty(HostWindow.prototype, Symbol.toStringTag, {value: 'Window', configurable: true});
Object.defineProperty(HostWindow.prototype, 'toString',
    {value: Object.prototype.toString, configurable: true, writable: true});
addEventHandlers(HostWindow, ['load', 'error', 'unload', 'pagehide', 'pageshow', 'beforeunload', 'hashchange', 'unhandledrejection']);

// HTML, nav-history-apis.html#the-windowproxy-exotic-object. The target is not the window, which
// changes when the context navigates.
function makeProxyHandler(accessor, context) {
    const isSameOrigin = () => accessor.get_origin().is_same_origin(context.window.get_origin());
    const postMessage = (...args) => context.window.postMessageFrom(accessor, ...args);
    const close = () => context.parent === null && setTimeout(() => context.discard());

    function get(key) {
        switch (key) {
        case 'window':
        case 'self':
        case 'frames':
            return accessor.getProxy(context);
        case 'parent':
            return accessor.getProxy(context.parent ?? context);
        case 'top':
            return accessor.getProxy(context.top);
        case 'opener':
            return context.opener === null ? null : accessor.getProxy(context.opener.context);
        case 'closed':
            return context.closed;
        case 'length':
            return context.children.length;
        case 'postMessage':
            return postMessage;
        case 'close':
            return close;
        case 'focus':
        case 'blur':
            return () => {};
        default:
            if (typeof key === 'string' && /^\d+$/.test(key)) {
                const child = context.children[key];
                return child === undefined ? undefined : accessor.getProxy(child);
            }
            return undefined;
        }
    }
    const isSpecial = key => CROSS_ORIGIN.includes(key) && key !== 'location' ||
        typeof key === 'string' && /^\d+$/.test(key);

    return {
        get(_target, key) {
            if (isSpecial(key))
                return get(key);
            if (isSameOrigin()) {
                const value = context.window[key];
                // Methods of GObject know only the window itself.
                return typeof value === 'function' && key in HostWindow.prototype && !(key in Object.prototype)
                    ? value.bind(context.window) : value;
            }
            if (HARMLESS.includes(key))
                return undefined;
            if (key === 'location') {
                return Object.defineProperty({}, 'href', {
                    set: url => context.navigate(accessor.resolve(url), accessor),
                    get() {
                        throw securityError();
                    },
                });
            }
            const child = context.children.find(({name}) => name === key && name !== '');
            if (child !== undefined)
                return accessor.getProxy(child);
            throw securityError();
        },
        set(_target, key, value) {
            if (key === 'location') {
                context.navigate(accessor.resolve(value), accessor);
                return true;
            }
            if (!isSameOrigin())
                throw securityError();
            return Reflect.set(context.window, key, value);
        },
        has(_target, key) {
            if (isSpecial(key))
                return typeof key !== 'string' || !/^\d+$/.test(key) || key in context.children;
            if (!isSameOrigin())
                throw securityError();
            return key in context.window;
        },
        deleteProperty(_target, key) {
            if (!isSameOrigin())
                throw securityError();
            return Reflect.deleteProperty(context.window, key);
        },
        getPrototypeOf: () => isSameOrigin() ? HostWindow.prototype : null,
        setPrototypeOf: () => false,
        ownKeys: () => [],
    };
}

// What a script sees of the sender of a message: its proxy, in the window that has received it.
const {get: getSource} = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'source');
Object.defineProperty(MessageEvent.prototype, 'source', {
    get() {
        const source = getSource.call(this);
        const {target} = this;

        return source instanceof HostWindow && target instanceof HostWindow
            ? target.getProxy(source.context) : source;
    },
    enumerable: true,
    configurable: true,
});

export {Context};
