// loader.js: finds the scripts of a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {requirePackage} from '../../shared/packages.js';
import {Site} from '../../shared/site.js';
import {locateTests} from '../../shared/tests.js';
import {replaceImportCalls} from './import-calls.js';
import {isWorkerScript} from './scripts.js';

const {URL} = requirePackage('whatwg-url');
const [root] = imports.natives.arguments;
const site = new Site(locateTests(root), '');

/** The text of a script; null if there is none. */
export function loadScript(href) {
    const url = URL.parse(href);
    const response = url === null ? null : site.fetch(url.href);

    return response !== null && isWorkerScript(response, url) ? replaceImportCalls(response.text, href) : null;
}
