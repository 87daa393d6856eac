// window-globals.js: the globals of a window beside those of the library
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {Navigator} from '../../../shared/navigator.js';
import {requirePackage} from '../../../shared/packages.js';
import {fileClasses} from './files.js';
import {define, defineAttribute, defineImport, defineReplaceable, defineUrls, installGlobals} from './globals.js';
import {postMessage} from './host.js';
import {ImageBitmap, OffscreenCanvas, createImageBitmap} from './image-bitmap.js';
import {ImageData} from './image-data.js';
import {Location} from './location.js';
import {nodeClasses} from './nodes.js';
import {setOrigin} from './opaque-origins.js';
import {ReadableStream} from './readable-stream.js';
import {Response} from './response.js';
import {Window} from './window.js';

const urlClasses = requirePackage('whatwg-url/webidl2js-wrapper.js');

// Accessors, because the answers change with the context
function defineAttributes(page) {
    const {window, context} = page;
    const location = new Location(page);
    const attribute = (name, get) => defineReplaceable(window, name, get);

    for (const name of ['window', 'self', 'frames'])
        attribute(name, () => window);
    attribute('document', () => page.document);
    defineAttribute(window, 'location', () => location, value => location.assign(value));
    attribute('closed', () => context.closed);
    attribute('parent', () => page.getProxy(context.parent ?? context));
    attribute('top', () => page.getProxy(context.top));
    attribute('opener', () => page.getProxy(context.opener));
    attribute('length', () => context.children.length);
    attribute('frameElement', () => context.element);
    attribute('origin', () => page.origin.serialize());
    defineAttribute(window, 'name', () => context.name, value => {
        context.name = `${value}`;
    });
}

function defineBrowser(page) {
    const {window, context} = page;

    define(window, {
        postMessage: (...args) => postMessage(page, page, args),
        open: (reference = 'about:blank', name = '') => page.getProxy(context.open(reference, name)),
        close: () => context.close(),
        focus() {},
        blur() {},
        stop() {},
        alert() {},
        getComputedStyle: () => ({}),
        navigator: new Navigator(),
        history: {length: 1, back() {}, forward() {}, go() {}},
        innerWidth: 800,
        innerHeight: 600,
    });
}

/** Defines all globals of a page's scripts. */
export function installWindowGlobals(page) {
    const {window} = page;

    installGlobals(window, {
        Response,
        fetch: (reference, options) => page.site.fetch(page.resolve(reference)?.href, options),
        isSecure: () => page.url.protocol === 'https:',
    });
    defineImport(window, (...args) => page.modules.import(...args));
    defineUrls(window, urlClasses, 'Window', () => page.origin.name);
    setOrigin(() => page.origin.name);
    defineAttributes(page);
    defineBrowser(page);
    define(window, {createImageBitmap});
    define(window, {
        ...nodeClasses, ...fileClasses, ImageBitmap, ImageData, Location, Navigator, OffscreenCanvas, ReadableStream,
        Response, Window,
        // HTML, embedded-content.html#dom-image
        Image: function Image() {
            return page.document.createElement('img');
        },
    }, false);
}
