// loader.js: finds the scripts of a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {requirePackage} from '../../shared/packages.js';
import {Site} from '../../shared/site.js';
import {locateTests} from '../../shared/tests.js';
import {parse} from './declarations.js';
import {isWorkerScript} from './scripts.js';

const {URL} = requirePackage('whatwg-url');
const [root] = imports.natives.arguments;
const site = new Site(locateTests(root), '');

// The engine has no loader of modules, so import() becomes a call of worker-realm.js.
function replaceImports(text, href) {
    try {
        return parse(text, 'script', href, `importFrom_(${JSON.stringify(href)})`).source;
    } catch {
        // The engine tells what is wrong with it; or it is a module.
        return text;
    }
}

/** The text of a script; null if there is none. */
export function loadScript(href) {
    const url = URL.parse(href);
    const response = url === null ? null : site.fetch(url.href);

    if (response === null || !isWorkerScript(response, url))
        return null;
    return /\bimport\s*\(/.test(response.text) ? replaceImports(response.text, href) : response.text;
}
