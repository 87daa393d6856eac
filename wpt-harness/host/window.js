// window.js: windows, the contexts that they are shown in, and what they see of each other
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {Document, addEventHandlers, classes} from './dom.js';
import {Response, fileClasses, shape} from './files.js';
import {requirePackage} from './packages.js';
import {atob, btoa} from './base64.js';
import {runScript} from './script.js';

const parse5 = requirePackage('parse5');
const {URL, percentDecodeString} = requirePackage('whatwg-url');
const urlInterfaces = requirePackage('whatwg-url/webidl2js-wrapper.js');
const {DOMException, Event, EventTarget, MessageEvent} = WebMessaging;

// HTML, nav-history-apis.html#cross-origin-objects
const CROSS_ORIGIN = ['window', 'self', 'location', 'close', 'closed', 'focus', 'blur', 'frames', 'length',
    'top', 'opener', 'parent', 'postMessage'];
const HARMLESS = ['then', Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable];

const GJS_GLOBALS = ['window', 'imports', 'globalThis', 'ARGV', 'print', 'printerr', 'log', 'logError',
    'console', 'Debugger', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'undefined',
    'NaN', 'Infinity', 'reportError'];
const LANGUAGE_GLOBALS = Object.getOwnPropertyNames(globalThis)
    .filter(name => !GJS_GLOBALS.includes(name) && !name.startsWith('Gjs'));

function collectGarbage() {
    for (let i = 0; i < 3; i++)
        System.gc();
}

const securityError = () =>
    new DOMException('The window is of another origin', 'SecurityError');

/** HTML, nav-history-apis.html#the-location-interface */
class Location {
    #window;

    constructor(window) {
        this.#window = window;
    }

    get href() {
        return this.#window.url_.href;
    }

    set href(url) {
        this.assign(url);
    }

    get origin() {
        return new URL(this.href).origin;
    }

    assign(url) {
        const target = this.#window.resolve_(url);

        if (target === null)
            throw new DOMException(`Invalid URL: ${url}`, 'SyntaxError');
        this.#window.context_.navigate(target, this.#window);
    }

    replace(url) {
        this.assign(url);
    }

    reload() {
        this.assign(this.href);
    }

    toString() {
        return this.href;
    }
}
for (const part of ['protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    Object.defineProperty(Location.prototype, part, {
        get() {
            return new URL(this.href)[part];
        },
        set(value) {
            const url = new URL(this.href);

            url[part] = value;
            this.assign(url.href);
        },
        enumerable: true,
        configurable: true,
    });
}

// What has no origin is shown in one of its own, as any error page.
function getOrigin(url) {
    try {
        return WebMessaging.Origin.new_for_url(url.href);
    } catch {
        return WebMessaging.Origin.new_opaque();
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
        this.show(new URL('about:blank'), '', parent?.window ?? opener);
    }

    get top() {
        return this.parent?.top ?? this;
    }

    /** Shows a document: the one before goes, with its ports. */
    show(url, html, initiator) {
        this.discardWindow();
        const isLocal = url.protocol === 'about:' || url.protocol === 'blob:';
        const sandbox = this.element?.getAttribute('sandbox') ?? null;
        let origin;

        if (sandbox !== null && !sandbox.includes('allow-same-origin'))
            origin = WebMessaging.Origin.new_opaque();
        else if (isLocal && initiator)
            origin = initiator.get_origin();
        else
            origin = isLocal || url.protocol === 'data:' ? WebMessaging.Origin.new_opaque() : getOrigin(url);
        this.window = new HostWindow({origin});
        this.window.open_(this, url);
        this.window.parse_(html);
    }

    /** HTML, browsing-the-web.html#navigate */
    navigate(url, initiator, finished = () => {}) {
        this.navigation++;
        if (url === null || this.closed) {
            finished();
            return;
        }
        if (url.protocol === 'javascript:') {
            setTimeout(() => {
                const source = percentDecodeString(url.href.slice(url.protocol.length));
                runScript(this.window, new TextDecoder().decode(source), url.href);
                finished();
            });
            return;
        }
        this.showLater(url, initiator, () => {
            const page = url.protocol === 'about:' ? {text: ''} : this.site.fetch(url.href);

            if (page === null)
                return '';
            return page.type === 'text/html' || page.type === undefined
                ? page.text : `<pre>${page.text.replaceAll('<', '&lt;')}</pre>`;
        }, finished);
    }

    // Shows a document in a task of its own, which the load event of the parent waits for, unless
    // another one was to be shown meanwhile.
    showLater(url, initiator, getText, finished = () => {}) {
        const {navigation} = this;
        const parent = this.parent?.window;

        parent?.beginLoad_();
        setTimeout(() => {
            if (navigation === this.navigation && !this.closed) {
                this.show(url, getText(), initiator);
                this.window.whenLoaded_(() => {
                    finished();
                    this.element?.dispatchEvent(new Event('load'));
                });
            }
            parent?.endLoad_();
        });
    }

    /** HTML, iframe-embed-object.html#process-the-iframe-attributes */
    loadFrame() {
        const {element} = this;
        const initiator = element.ownerDocument.defaultView;
        const source = element.getAttribute('src');
        const text = element.getAttribute('srcdoc');

        if (text !== null) {
            this.navigation++;
            this.showLater(new URL('about:srcdoc'), initiator, () => text);
        } else if (source === null || source === '' || source === 'about:blank') {
            // The load event of the first document comes at once.
            setTimeout(() => !this.closed && element.dispatchEvent(new Event('load')));
        } else {
            this.navigate(initiator.resolve_(source), initiator);
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
        this.context_ = context;
        this.url_ = url;
        this.proxies_ = new Map();
        this.timers_ = new Set();
        this.nLoading_ = 1;
        this.loadCallbacks_ = [];
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
        property('parent', () => this.getProxy_(context.parent ?? context));
        property('top', () => this.getProxy_(context.top));
        property('opener', () => context.opener === null ? null : this.getProxy_(context.opener.context_));
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
        const MessageChannel = new Proxy(WebMessaging.MessageChannel, {
            apply() {
                throw new TypeError('MessageChannel is a constructor');
            },
            construct: () => WebMessaging.MessageChannel.new_for_window(window),
        });

        // What the language itself has is the same in all windows: GJS makes one global object only.
        for (const name of LANGUAGE_GLOBALS) {
            Object.defineProperty(this, name,
                {value: globalThis[name], writable: true, configurable: true});
        }
        WebMessaging.installGlobals(this);
        Object.assign(this, classes, {
            ...fileClasses, Location,
            atob, btoa,
            Window: HostWindow,
            // An object of the library goes when its wrapper is collected, and lets go of others then.
            garbageCollect: collectGarbage,
            // What a WeakRef has seen in this job is kept until its end.
            gc: () => new Promise(resolve => setTimeout(() => resolve(collectGarbage()))),
            console: {log: print, error: printerr, warn: printerr, info: print, debug: print},
            performance: {now: () => GLib.get_monotonic_time() / 1000, mark() {}, measure() {}},
            navigator: {userAgent: 'libwebmessaging', onLine: true},
            history: {length: 1, back() {}, forward() {}, go() {}},
            innerWidth: 800, innerHeight: 600, isSecureContext: this.url_.protocol === 'https:',
            queueMicrotask: callback => Promise.resolve().then(callback),
            getComputedStyle: () => ({}),
            addEventListener: EventTarget.prototype.addEventListener.bind(this),
            removeEventListener: EventTarget.prototype.removeEventListener.bind(this),
            dispatchEvent: EventTarget.prototype.dispatchEvent.bind(this),
            postMessage: (...args) => this.postMessageFrom(this, ...args),
            reportError: error => this.reportException_(error),
            fetch: url => this.fetch_(url),
            open: (url, name) => this.openWindow_(url, name),
            close: () => this.context_.parent === null && setTimeout(() => this.context_.discard()),
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
        this.installUrls_();
        Object.defineProperty(this, 'MessageChannel', {value: MessageChannel, writable: true, configurable: true});
        // What GObject adds to a window is no variable of its scripts.
        Object.defineProperty(this, Symbol.unscopables, {value: Object.fromEntries([
            'connect', 'connect_after', 'disconnect', 'emit', 'ref', 'unref', 'notify', 'bind_property', 'set', 'get',
        ].map(name => [name, true]))});
    }

    // URL, #api, and File API, #creating-revoking
    installUrls_() {
        const {blobs} = this.context_.site;

        urlInterfaces.URL.install(this, ['Window']);
        urlInterfaces.URLSearchParams.install(this, ['Window']);
        this.URL.createObjectURL = blob => {
            const url = `blob:${this.origin}/${GLib.uuid_string_random()}`;

            blobs.set(url, {text: new TextDecoder().decode(blob.bytes_), type: blob.type || 'text/plain'});
            return url;
        };
        this.URL.revokeObjectURL = url => blobs.delete(`${url}`);
    }

    /** What a script of this window sees of a context: the same object each time. */
    getProxy_(context) {
        if (context.window === this)
            return this;
        if (!this.proxies_.has(context))
            this.proxies_.set(context, new Proxy({}, makeProxyHandler(this, context)));
        return this.proxies_.get(context);
    }

    resolve_(url) {
        return URL.parse(url, this.baseUrl_().href);
    }

    // HTML, urls-and-fetching.html#fallback-base-url
    baseUrl_() {
        const initiator = this.context_.parent?.window ?? this.context_.opener;

        return this.url_.protocol !== 'about:' || initiator === null ? this.url_ : initiator.baseUrl_();
    }

    startTimer_(repeats, callback, delay = 0, args) {
        const run = () => {
            if (!repeats)
                this.timers_.delete(id);
            try {
                if (typeof callback === 'function')
                    callback.apply(this, args);
                else
                    runScript(this, `${callback}`, this.url_.href);
            } catch (error) {
                this.reportException_(error);
            }
        };
        const id = repeats ? setInterval(run, Number(delay)) : setTimeout(run, Number(delay));

        this.timers_.add(id);
        return id;
    }

    // HTML, webappapis.html#report-an-exception
    reportException_(error) {
        const event = new Event('error', {cancelable: true});

        Object.assign(event, {
            error, message: error?.message ?? String(error), filename: error?.fileName ?? this.url_.href,
            lineno: error?.lineNumber ?? 0, colno: error?.columnNumber ?? 0,
        });
        this.dispatchEvent(event);
        if (!event.defaultPrevented)
            printerr(`${this.url_.href}: ${error}\n${error?.stack ?? ''}`);
    }

    async fetch_(url) {
        const page = this.context_.site.fetch(this.resolve_(url)?.href);

        return Object.assign(new Response(page?.text ?? ''),
            {ok: page !== null, status: page === null ? 404 : 200});
    }

    openWindow_(url = 'about:blank', name = '') {
        const existing = this.context_.children.find(child => child.name === name && name !== '');
        const context = existing ?? new Context(this.context_.site, null, null, this);

        context.name = name;
        if (url !== '' && url !== 'about:blank')
            context.navigate(this.resolve_(url), this);
        return this.getProxy_(context);
    }

    // Frames

    openFrame_(element) {
        const context = new Context(this.context_.site, this.context_, element, null);
        const index = this.context_.children.length;

        this.context_.children.push(context);
        Object.defineProperty(this, index, {
            get: () => {
                const child = this.context_.children[index];
                return child === undefined ? undefined : this.getProxy_(child);
            },
            configurable: true,
            enumerable: true,
        });
        for (const name of [element.getAttribute('name'), element.id]) {
            if (name && !(name in this))
                Object.defineProperty(this, name, {value: this.getProxy_(context), writable: true, configurable: true});
        }
        // Processed by loadFrame() when the element is complete.
        element.context_ = context;
        context.loadFrame();
        return context;
    }

    // Documents

    /** HTML, parsing.html: makes the nodes one by one, so that scripts see what is before them. */
    parse_(html) {
        const parsed = parse5.parse(html);

        for (const child of parsed.childNodes)
            this.document.build(child, this.document, true);
        this.document.readyState = 'interactive';
        this.document.dispatchEvent(new Event('DOMContentLoaded', {bubbles: true}));
        this.dispatchEvent(new Event('DOMContentLoaded', {bubbles: true}));
        setTimeout(() => this.endLoad_());
    }

    beginLoad_() {
        this.nLoading_++;
    }

    endLoad_() {
        if (--this.nLoading_ > 0 || this.document.readyState === 'complete' || this.destroyed_)
            return;
        this.document.readyState = 'complete';
        this.document.dispatchEvent(new Event('readystatechange'));
        this.dispatchEvent(new Event('load'));
        this.dispatchEvent(new Event('pageshow'));
        this.loadCallbacks_.forEach(callback => callback());
    }

    whenLoaded_(callback) {
        if (this.document.readyState === 'complete')
            callback();
        else
            this.loadCallbacks_.push(callback);
    }

    /** Does something later that the load event waits for. */
    load_(callback) {
        this.beginLoad_();
        setTimeout(() => {
            if (!this.destroyed_)
                callback();
            this.endLoad_();
        });
    }

    runScriptElement_(element) {
        const source = element.getAttribute('src');
        const url = source === null ? this.url_ : this.resolve_(source);
        const page = source === null ? {text: element.textContent} : this.context_.site.fetch(url?.href);

        if (page === null) {
            element.dispatchEvent(new Event('error'));
            return;
        }
        const previous = this.document.currentScript;
        this.document.currentScript = element;
        try {
            runScript(this, page.text, url.href);
        } catch (error) {
            this.reportException_(error);
        }
        this.document.currentScript = previous;
        if (url.pathname === '/resources/testharnessreport.js')
            this.context_.site.onTestharness(this);
        if (source !== null)
            element.dispatchEvent(new Event('load'));
    }

    /** HTML, document-lifecycle.html#destroy-a-document: the library closes the ports. */
    destroy_() {
        if (this.destroyed_)
            return;
        this.dispatchEvent(new Event('pagehide'));
        this.dispatchEvent(new Event('unload'));
        this.destroyed_ = true;
        for (const id of this.timers_)
            clearTimeout(id);
        WebMessaging.Window.prototype.close.call(this);
    }
});
HostWindow.isWindow = true;
shape(HostWindow, 'Window');
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
            return accessor.getProxy_(context);
        case 'parent':
            return accessor.getProxy_(context.parent ?? context);
        case 'top':
            return accessor.getProxy_(context.top);
        case 'opener':
            return context.opener === null ? null : accessor.getProxy_(context.opener.context_);
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
                return child === undefined ? undefined : accessor.getProxy_(child);
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
                    set: url => context.navigate(accessor.resolve_(url), accessor),
                    get() {
                        throw securityError();
                    },
                });
            }
            const child = context.children.find(({name}) => name === key && name !== '');
            if (child !== undefined)
                return accessor.getProxy_(child);
            throw securityError();
        },
        set(_target, key, value) {
            if (key === 'location') {
                context.navigate(accessor.resolve_(value), accessor);
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
const {get: getOwnSource} = Object.getOwnPropertyDescriptor({
    get source() {
        const source = getSource.call(this);
        const {target} = this;

        return source instanceof HostWindow && target instanceof HostWindow
            ? target.getProxy_(source.context_) : source;
    },
}, 'source');
Object.defineProperty(MessageEvent.prototype, 'source', {get: getOwnSource});

export {Context};
