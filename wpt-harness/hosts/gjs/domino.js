// domino.js: the package that has the classes of nodes
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {replaceModule, requirePackage} from '../../shared/packages.js';

const {DOMException} = WebMessaging;

// domino has exceptions of its own, which it makes from codes.
replaceModule('@mixmark-io/domino/lib/DOMException.js', original => {
    const codes = Object.getOwnPropertyNames(original).filter(name => name.endsWith('_ERR'));
    const nameOf = code => `${codes.find(name => original[name] === code).toLowerCase().slice(0, -3)}error`
        .replace(/(^|_)(.)/g, (_match, _dash, letter) => letter.toUpperCase());

    return Object.assign(function (code) {
        return new DOMException('The operation on the node is not possible', nameOf(code));
    }, Object.fromEntries(codes.map(name => [name, original[name]])));
});

export const domino = requirePackage('@mixmark-io/domino');
