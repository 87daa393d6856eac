// packages.js: loads npm packages in GJS
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// GJS cannot find packages as Node does. The packages of the harness are CommonJS modules; the only
// function of Node that they use is atob().

import Gio from 'gi://Gio';

import {atob} from './base64.js';
import {harness} from './tests.js';
import {readText} from './text.js';

const modules = new Map();

function findFile(file) {
    for (const suffix of ['', '.js', '.cjs', '.json', '/index.js']) {
        const candidate = Gio.File.new_for_path(`${file.get_path()}${suffix}`);

        if (candidate.query_file_type(Gio.FileQueryInfoFlags.NONE, null) === Gio.FileType.REGULAR)
            return candidate;
    }
    throw new Error(`There is no module ${file.get_path()}`);
}

// The part of the "exports" of a package that leads to CommonJS.
function readTarget(target) {
    if (typeof target === 'string')
        return target;
    return readTarget(target.require ?? target.node ?? target.default);
}

function readJson(file) {
    return JSON.parse(readText(file));
}

// Searches as Node does: a package may have other versions of its dependencies in its own folder.
function findPackageFolder(name, from) {
    for (let folder = from; folder !== null; folder = folder.get_parent()) {
        const candidate = folder.resolve_relative_path(`node_modules/${name}`);

        if (candidate.query_exists(null))
            return candidate;
    }
    throw new Error(`There is no package ${name}`);
}

function findPackage(name, from) {
    const [, packageName, rest] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(name);
    const folder = findPackageFolder(packageName, from);
    const {exports, main} = readJson(folder.get_child('package.json'));
    const target = exports?.[rest === '' ? '.' : `./${rest}`];

    return findFile(folder.resolve_relative_path(target === undefined ? rest || (main ?? 'index.js')
        : readTarget(Array.isArray(target) ? target[0] : target)));
}

function load(file) {
    const path = file.get_path();

    if (modules.has(path))
        return modules.get(path).exports;

    const module = {exports: {}};
    const folder = file.get_parent();
    const require = name => load(name.startsWith('.')
        ? findFile(folder.resolve_relative_path(name)) : findPackage(name, folder));

    modules.set(path, module);
    if (path.endsWith('.json')) {
        module.exports = readJson(file);
    } else {
        new Function('module', 'exports', 'require', 'atob', `${readText(file)}\n//# sourceURL=${path}`)(
            module, module.exports, require, atob);
    }
    return module.exports;
}

/** The exports of an npm package. */
export const requirePackage = name => load(findPackage(name, harness));
