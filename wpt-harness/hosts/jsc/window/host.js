// host.js: what a window has of the host, which is a realm of its own
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {providePackage} from '../../../shared/packages.js';

const {host} = imports.natives;
const {pageOf, postMessage} = host;

// A package that is large, and whose realm no script notices
for (const name of ['whatwg-url', 'whatwg-url/webidl2js-wrapper.js'])
    providePackage(name, host.requirePackage(name));

export {pageOf, postMessage};
