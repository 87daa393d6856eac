// globals.js: the globals that scripts of windows and of workers have
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

import {atob, btoa} from '../../shared/base64.js';
import {blobs} from '../../shared/blobs.js';
import {define, defineReplaceable} from '../../shared/define.js';
import {requirePackage} from '../../shared/packages.js';
import {fileClasses} from './files.js';
import {ImageData} from './image-data.js';
import {Response, makeResponse} from './response.js';
import {languageNames} from './scope.js';
import {makeWorkerClasses} from './workers.js';

const {EventTarget} = WebMessaging;
const urlClasses = requirePackage('whatwg-url/webidl2js-wrapper.js');

/** A class of the library whose objects belong to a global object: they close with it. */
export const bindConstructor = (name, construct) => new Proxy(WebMessaging[name], {
    apply() {
        throw new TypeError(`${name} is a constructor`);
    },
    construct: (_class, args) => construct(...args),
});

// URL, #api, and File API, #creating-revoking
function defineUrls({global, origin}, exposure) {
    urlClasses.URL.install(global, [exposure]);
    urlClasses.URLSearchParams.install(global, [exposure]);
    define(global.URL, {
        createObjectURL: blob => blobs.add(`${origin.serialize()}/`, blob.bytes_, blob.type),
        revokeObjectURL: url => blobs.revoke(`${url}`),
    });
}

// Timers, microtasks, and other callbacks of an environment
function defineTasks(environment) {
    const {timers} = environment;

    define(environment.global, {
        setTimeout: (callback, delay, ...args) => timers.start(false, callback, delay, args),
        setInterval: (callback, delay, ...args) => timers.start(true, callback, delay, args),
        clearTimeout: id => timers.clear(id),
        clearInterval: id => timers.clear(id),
        requestAnimationFrame: callback => timers.start(false, callback, 16, [0]),
        queueMicrotask: callback => Promise.resolve().then(() => environment.call(callback)),
        reportError: error => environment.reportException(error),
        fetch: async (reference, options) =>
            makeResponse(environment.site.fetch(environment.resolve(reference)?.href, options)),
    });
}

function collectGarbage() {
    // Several times: the finalizer of one wrapper drops objects whose wrappers can be collected next.
    for (let i = 0; i < 3; i++)
        System.gc();
}

/** Defines them.
 * exposure: 'Window' or 'Worker' */
export function installGlobals(environment, exposure) {
    const {global, origin, url} = environment;

    // The classes of the language are the same everywhere, because GJS has one global object only.
    define(global, Object.fromEntries(languageNames.map(name => [name, globalThis[name]])), false);
    WebMessaging.installGlobals(global);
    define(global, Object.fromEntries(['addEventListener', 'removeEventListener', 'dispatchEvent'].map(name =>
        [name, EventTarget.prototype[name].bind(global)])));
    defineUrls(environment, exposure);
    defineTasks(environment);
    define(global, {
        console: {log: print, error: printerr, warn: printerr, info: print, debug: print},
        performance: {now: () => GLib.get_monotonic_time() / 1000, mark() {}, measure() {}},
        isSecureContext: url.protocol === 'https:',
        crossOriginIsolated: false,
        atob,
        btoa,
        garbageCollect: collectGarbage,
        // In a task of its own: targets of WeakRefs are kept alive until the current job ends.
        gc: () => new Promise(resolve => setTimeout(() => resolve(collectGarbage()))),
    });
    define(global, {...fileClasses, ...makeWorkerClasses(environment), ImageData, Response}, false);
    defineReplaceable(global, 'origin', () => origin.serialize());
    define(global, {globalThis: global}, false);
}
