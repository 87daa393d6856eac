// worker-realm.js: a worker, in its own realm
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {define, defineAttribute} from '../../shared/define.js';
import {WorkerNavigator} from '../../shared/navigator.js';
import {requirePackage} from '../../shared/packages.js';
import {Site} from '../../shared/site.js';
import {locateTests} from '../../shared/tests.js';
import {fileClasses} from './files.js';
import {defineImport, defineUrls, installGlobals} from './globals.js';
import {ImageBitmap, OffscreenCanvas, createImageBitmap} from './image-bitmap.js';
import {ImageData} from './image-data.js';
import {nameWorkerOrigin, setOrigin} from './opaque-origins.js';
import {ReadableStream} from './readable-stream.js';
import {Response} from './response.js';

const [root] = imports.natives.arguments;
const navigator = new WorkerNavigator();

// The library makes location later. Most workers need neither URLs nor files, and they take time to load.
let site = null;
const getSite = () => site ??= new Site(locateTests(root), '');
for (const name of ['URL', 'URLSearchParams']) {
    Object.defineProperty(globalThis, name, {
        get() {
            ['URL', 'URLSearchParams'].forEach(key => delete globalThis[key]);
            defineUrls(globalThis, requirePackage('whatwg-url/webidl2js-wrapper.js'), 'Worker', () => getOriginName());
            return globalThis[name];
        },
        set: value => define(globalThis, {[name]: value}, false),
        configurable: true,
    });
}

let modules = null;
const getModules = () => modules ??= imports.natives.loadBundle('worker-modules');
imports.overrides.webmessaging.workers.moduleScripts.load = (url, text) => getModules().load(url, text);
defineImport(globalThis, (...args) => getModules().importModule(...args));

let originName = null;
const getOriginName = () => originName ??= nameWorkerOrigin(globalThis.location);
setOrigin(getOriginName);
installGlobals(globalThis, {
    fetch: reference => getSite().fetch(new globalThis.URL(reference, globalThis.location.href).href),
    isSecure: () => globalThis.location.protocol === 'https:',
});
defineAttribute(globalThis, 'navigator', () => navigator);
define(globalThis, {createImageBitmap});
define(globalThis, {
    ...fileClasses, ImageBitmap, ImageData, OffscreenCanvas, ReadableStream, Response, WorkerNavigator,
}, false);
