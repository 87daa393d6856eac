// worker-modules.js: the modules of a worker, in its own realm
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// A bundle of its own: most workers have no modules, and a parser takes time to load.

import {Site} from '../../shared/site.js';
import {locateTests} from '../../shared/tests.js';
import {compileModule} from './compile-module.js';
import {Modules} from './modules.js';

const {evaluate} = imports.natives;
const [root] = imports.natives.arguments;
const modules = new Modules({
    site: new Site(locateTests(root), ''),
    scope: {compileModule: (...args) => compileModule(evaluate, ...args)},
});

/** Links a module; the returned function evaluates it. */
export const load = (href, text) => modules.load(href, {type: 'text/javascript', text});

/** What import() does in a script with this URL. */
export const importModule = (reference, base) => modules.import(reference, base);
