// globals.js: the globals that scripts of windows and of workers have beside those of the library
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {atob, btoa} from '../../shared/base64.js';
import {blobs} from '../../shared/blobs.js';
import {define, defineReplaceable} from '../../shared/define.js';
import {beginBlobUrl} from './opaque-origins.js';
import {makeResponse} from './response.js';

const {natives} = imports;
const {sharing} = imports.overrides.webmessaging.platformObjects;

/** Defines what import() is in scripts that are not modules, see import-calls.js.
 * importModule: imports a module by its reference, from a script with that URL */
export function defineImport(global, importModule) {
    const importFrom = base => async reference => {
        try {
            return await importModule(`${reference}`, base);
        } catch (error) {
            // The host finds modules in a realm of its own.
            throw error?.name === 'TypeError' && !(error instanceof TypeError) ? new TypeError(error.message) : error;
        }
    };

    Object.defineProperty(global, 'importFrom_', {value: importFrom, configurable: true});
}

function collectGarbage() {
    // Several times: what frees one wrapper drops objects whose wrappers can be collected next.
    for (let i = 0; i < 3; i++)
        natives.collectGarbage();
}

/** The URL class of a global object, with the functions of File API, #creating-revoking */
export function defineUrls(global, urlClasses, exposure, getOriginName) {
    urlClasses.URL.install(global, [exposure]);
    urlClasses.URLSearchParams.install(global, [exposure]);
    define(global.URL, {
        createObjectURL: blob => blobs.add(beginBlobUrl(getOriginName()), blob.bytes_, blob.type),
        revokeObjectURL: url => blobs.revoke(`${url}`),
    });
}

/** Defines them.
 * fetch: finds what is at a URL, which may be relative
 * isSecure: whether the scope was loaded from a secure place */
export function installGlobals(global, {fetch, isSecure}) {
    const start = Date.now();

    // HTML, structured-data.html#structuredserializeinternal, step 13.2.1: it is not cross-origin isolated.
    sharing.isAllowedInAgent = false;

    define(global, {
        requestAnimationFrame: callback => global.setTimeout(callback, 16, 0),
        fetch: async (reference, options) => makeResponse(fetch(`${reference}`, options)),
        console: {
            log: text => natives.print(`${text}`), error: text => natives.printError(`${text}`),
            warn: text => natives.printError(`${text}`), info: text => natives.print(`${text}`), debug() {},
        },
        performance: {now: () => Date.now() - start, mark() {}, measure() {}},
        crossOriginIsolated: false,
        atob,
        btoa,
        garbageCollect: collectGarbage,
        // In a task of its own: targets of WeakRefs are kept alive until the current job ends.
        gc: () => new Promise(resolve => global.setTimeout(() => resolve(collectGarbage()))),
    });
    defineReplaceable(global, 'isSecureContext', isSecure);
}
