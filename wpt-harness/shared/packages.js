// packages.js: loads npm packages
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Neither GJS nor JavaScriptCore finds packages as Node does. The packages of the harness are CommonJS modules;
// the only function of Node that they use is atob().

import {atob} from './base64.js';
import {joinPath, parentOf} from './paths.js';
import {harness, isFile, isFolder, readFile} from './platform.js';

const modules = new Map();

function findFile(path) {
    const found = ['', '.js', '.cjs', '.json', '/index.js'].map(suffix => `${path}${suffix}`).find(isFile);

    if (found === undefined)
        throw new Error(`There is no module ${path}`);
    return found;
}

// The part of the "exports" of a package that leads to CommonJS.
function readTarget(target) {
    if (typeof target === 'string')
        return target;
    return readTarget(target.require ?? target.node ?? target.default);
}

// Searches as Node does: a package may have other versions of its dependencies in its own folder.
function findPackageFolder(name, from) {
    for (let folder = from; folder !== '/'; folder = parentOf(folder)) {
        const candidate = joinPath(folder, `node_modules/${name}`);

        if (isFolder(candidate))
            return candidate;
    }
    throw new Error(`There is no package ${name}`);
}

function findPackage(name, from) {
    const [, packageName, rest] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(name);
    const folder = findPackageFolder(packageName, from);
    const {exports, main} = JSON.parse(readFile(joinPath(folder, 'package.json')));
    const target = exports?.[rest === '' ? '.' : `./${rest}`];

    return findFile(joinPath(folder, target === undefined ? rest || (main ?? 'index.js')
        : readTarget(Array.isArray(target) ? target[0] : target)));
}

function load(path) {
    if (modules.has(path))
        return modules.get(path).exports;

    const module = {exports: {}};
    const folder = parentOf(path);
    const require = name => load(name.startsWith('.') ? findFile(joinPath(folder, name)) : findPackage(name, folder));

    modules.set(path, module);
    if (path.endsWith('.json')) {
        module.exports = JSON.parse(readFile(path));
    } else {
        new Function('module', 'exports', 'require', 'atob', `${readFile(path)}\n//# sourceURL=${path}`)(
            module, module.exports, require, atob);
    }
    return module.exports;
}

// Packages that were loaded elsewhere
const provided = new Map();

/** The exports of an npm package. */
export const requirePackage = name => provided.get(name) ?? load(findPackage(name, harness));

/** Takes the exports of a package from somebody else who has loaded it. */
export const providePackage = (name, exports) => provided.set(name, exports);

/** Replaces the exports of a module of a package, for those who load it later. */
export function replaceModule(name, replace) {
    const path = findPackage(name, harness);

    modules.set(path, {exports: replace(load(path))});
}
