// names.js: prints the names that a library has in GJS, as JSON: names.js NAMESPACE
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import System from 'system';

const [namespace] = System.programArgs;
const {default: library} = await import(`gi://${namespace}?version=1`);
const namesOf = object => Object.getOwnPropertyNames(object);
const result = {};

for (const name of namesOf(library)) {
    const value = library[name];

    // Classes and enumerations
    result[name] = /^[A-Z][a-zA-Z]+$/.test(name)
        ? {prototype: namesOf(value?.prototype ?? {}), statics: namesOf(value ?? {})} : null;
}
print(JSON.stringify(result));
