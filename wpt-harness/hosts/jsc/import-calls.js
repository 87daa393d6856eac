// import-calls.js: import() in scripts that are not modules
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {parse} from './declarations.js';

// The engine has no loader of modules, so import() becomes a call of a function that the realm has.
function replace(text, href) {
    try {
        return parse(text, 'script', href, `importFrom_(${JSON.stringify(href)})`).source;
    } catch {
        // The engine tells what is wrong with it; or it is a module.
        return text;
    }
}

/** Returns a script that imports by what defineImport() defines. */
export const replaceImportCalls = (text, href) => /\bimport\s*\(/.test(text) ? replace(text, href) : text;
