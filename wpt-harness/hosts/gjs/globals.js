// globals.js: the globals of a script, which are the properties of its window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {atob, btoa} from '../../shared/base64.js';
import {requirePackage} from '../../shared/packages.js';
import {Response, fetch} from './fetch.js';
import {fileClasses} from './files.js';
import {ImageData} from './image-data.js';
import {Location} from './location.js';
import {nodeClasses} from './nodes.js';
import {languageNames} from './scope.js';
import {Window} from './window.js';

const {EventTarget} = WebMessaging;
const urlClasses = requirePackage('whatwg-url/webidl2js-wrapper.js');

function define(window, members, enumerable = true) {
    for (const [name, value] of Object.entries(members))
        Object.defineProperty(window, name, {value, writable: true, configurable: true, enumerable});
}

// Accessors, because the answers change with the context. Scripts can replace those without a setter.
function defineAttributes(page) {
    const {window, context} = page;
    const location = new Location(page);
    const origin = window.get_origin().serialize();
    const attribute = (name, get, set = value => define(window, {[name]: value})) =>
        Object.defineProperty(window, name, {get, set, configurable: true, enumerable: true});

    for (const name of ['window', 'self', 'frames', 'globalThis'])
        attribute(name, () => window);
    attribute('document', () => page.document);
    attribute('location', () => location, value => location.assign(value));
    attribute('origin', () => origin);
    attribute('closed', () => context.closed);
    attribute('parent', () => page.getProxy(context.parent ?? context));
    attribute('top', () => page.getProxy(context.top));
    attribute('opener', () => page.getProxy(context.opener));
    attribute('length', () => context.children.length);
    attribute('frameElement', () => context.element);
    attribute('name', () => context.name, value => {
        context.name = `${value}`;
    });
}

// The classes of the language are the same in all windows, because GJS has one global object only.
function defineLanguage({window}) {
    define(window, Object.fromEntries(languageNames.map(name => [name, globalThis[name]])), false);
}

// A class of the library whose objects belong to the window that creates them, and close with it.
const bindConstructor = (name, construct) => new Proxy(WebMessaging[name], {
    apply() {
        throw new TypeError(`${name} is a constructor`);
    },
    construct: (_class, args) => construct(...args),
});

function defineMessaging({window}) {
    const {BroadcastChannel, MessageChannel} = WebMessaging;

    WebMessaging.installGlobals(window);
    define(window, {
        BroadcastChannel: bindConstructor('BroadcastChannel',
            (...args) => BroadcastChannel.forWindow(...args.slice(0, 1), window)),
        MessageChannel: bindConstructor('MessageChannel', () => MessageChannel.new_for_window(window)),
    }, false);
    define(window, {
        addEventListener: EventTarget.prototype.addEventListener.bind(window),
        removeEventListener: EventTarget.prototype.removeEventListener.bind(window),
        dispatchEvent: EventTarget.prototype.dispatchEvent.bind(window),
        postMessage: (...args) => window.postMessageFrom(window, ...args),
    });
}

// URL, #api, and File API, #creating-revoking
function defineUrls({window, site}) {
    urlClasses.URL.install(window, ['Window']);
    urlClasses.URLSearchParams.install(window, ['Window']);
    define(window.URL, {
        createObjectURL(blob) {
            const url = `blob:${window.origin}/${GLib.uuid_string_random()}`;

            site.blobs.set(url, {text: new TextDecoder().decode(blob.bytes_), type: blob.type || 'text/plain'});
            return url;
        },
        revokeObjectURL: url => site.blobs.delete(`${url}`),
    });
}

// Timers, microtasks, and other callbacks of a page
function defineTasks(page) {
    const {timers} = page;

    define(page.window, {
        setTimeout: (callback, delay, ...args) => timers.start(false, callback, delay, args),
        setInterval: (callback, delay, ...args) => timers.start(true, callback, delay, args),
        clearTimeout: id => timers.clear(id),
        clearInterval: id => timers.clear(id),
        requestAnimationFrame: callback => timers.start(false, callback, 16, [0]),
        queueMicrotask: callback => Promise.resolve().then(() => page.call(callback)),
        reportError: error => page.reportException(error),
        fetch: reference => fetch(page, reference),
    });
}

function defineBrowser(page) {
    const {window, context, url} = page;

    define(window, {
        open: (reference = 'about:blank', name = '') => page.getProxy(context.open(reference, name)),
        close: () => context.close(),
        focus() {},
        blur() {},
        stop() {},
        alert() {},
        getComputedStyle: () => ({}),
        console: {log: print, error: printerr, warn: printerr, info: print, debug: print},
        performance: {now: () => GLib.get_monotonic_time() / 1000, mark() {}, measure() {}},
        navigator: {userAgent: 'libwebmessaging', onLine: true},
        history: {length: 1, back() {}, forward() {}, go() {}},
        innerWidth: 800,
        innerHeight: 600,
        isSecureContext: url.protocol === 'https:',
        atob,
        btoa,
    });
}

function collectGarbage() {
    // Several times: the finalizer of one wrapper drops objects whose wrappers can be collected next.
    for (let i = 0; i < 3; i++)
        System.gc();
}

/** Defines all globals of a page's scripts. */
export function installGlobals(page) {
    const {window} = page;

    defineLanguage(page);
    defineAttributes(page);
    defineMessaging(page);
    defineUrls(page);
    defineTasks(page);
    defineBrowser(page);
    define(window, {...nodeClasses, ...fileClasses, ImageData, Location, Response, Window}, false);
    define(window, {
        garbageCollect: collectGarbage,
        // In a task of its own: targets of WeakRefs are kept alive until the current job ends.
        gc: () => new Promise(resolve => setTimeout(() => resolve(collectGarbage()))),
    });
}
