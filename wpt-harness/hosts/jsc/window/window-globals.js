// window-globals.js: the globals of a window beside those of the library
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {define, defineReplaceable} from '../../../shared/define.js';
import {Navigator} from '../../../shared/navigator.js';
import {requirePackage} from '../../../shared/packages.js';
import {fileClasses} from './files.js';
import {defineImport, defineUrls, installGlobals} from './globals.js';
import {postMessage} from './host.js';
import {ImageBitmap, OffscreenCanvas, createImageBitmap} from './image-bitmap.js';
import {ImageData} from './image-data.js';
import {Location} from './location.js';
import {nodeClasses} from './nodes.js';
import {setOrigin} from './opaque-origins.js';
import {ReadableStream} from './readable-stream.js';
import {Response} from './response.js';
import {defineWindowMembers} from './window-members.js';
import {Window} from './window.js';

const urlClasses = requirePackage('whatwg-url/webidl2js-wrapper.js');

/** Defines all globals of a page's scripts. */
export function installWindowGlobals(page) {
    const {window} = page;

    installGlobals(window, {
        fetch: (reference, options) => page.site.fetch(page.resolve(reference)?.href, options),
        isSecure: () => page.url.protocol === 'https:',
    });
    defineImport(window, (...args) => page.modules.import(...args));
    defineUrls(window, urlClasses, 'Window', () => page.origin.name);
    setOrigin(() => page.origin.name);
    defineWindowMembers(page);
    defineReplaceable(window, 'origin', () => page.origin.serialize());
    define(window, {createImageBitmap, postMessage: (...args) => postMessage(page, page, args)});
    define(window, {
        ...nodeClasses, ...fileClasses, ImageBitmap, ImageData, Location, Navigator, OffscreenCanvas, ReadableStream,
        Response, Window,
        // HTML, embedded-content.html#dom-image
        Image: function Image() {
            return page.document.createElement('img');
        },
    }, false);
}
