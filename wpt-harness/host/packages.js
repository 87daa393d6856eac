// packages.js: loads the npm packages that the host of windows needs
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// GJS does not know how Node finds a package. These are CommonJS modules, and need nothing of Node.

import Gio from 'gi://Gio';

import {here, readText} from '../common.js';

const modules = new Map();

function findFile(file) {
    for (const suffix of ['', '.js', '.cjs', '/index.js']) {
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

function findPackage(name) {
    const [, packageName, rest] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(name);
    const folder = here.resolve_relative_path(`node_modules/${packageName}`);
    const {exports, main} = JSON.parse(readText(folder.get_child('package.json')));
    const key = rest === undefined ? '.' : `./${rest}`;
    const target = exports?.[key] === undefined ? rest ?? main ?? 'index.js'
        : readTarget(Array.isArray(exports[key]) ? exports[key][0] : exports[key]);

    return findFile(folder.resolve_relative_path(target));
}

function load(file) {
    const path = file.get_path();

    if (!modules.has(path)) {
        const module = {exports: {}};
        const require = name => load(name.startsWith('.')
            ? findFile(file.get_parent().resolve_relative_path(name)) : findPackage(name));

        modules.set(path, module);
        new Function('module', 'exports', 'require', `${readText(file)}\n//# sourceURL=${path}`)(
            module, module.exports, require);
    }
    return modules.get(path).exports;
}

export const parse5 = load(findPackage('parse5'));
export const acorn = load(findPackage('acorn'));
