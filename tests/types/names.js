// names.js: prints the names that the library has in GJS, as JSON
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

const namesOf = object => Object.getOwnPropertyNames(object);
const result = {};

for (const name of namesOf(WebMessaging)) {
    const value = WebMessaging[name];

    // Classes and enumerations
    result[name] = /^[A-Z][a-zA-Z]+$/.test(name)
        ? {prototype: namesOf(value?.prototype ?? {}), statics: namesOf(value ?? {})} : null;
}
print(JSON.stringify(result));
