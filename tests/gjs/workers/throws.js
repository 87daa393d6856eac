// throws.js: a worker in which exceptions are thrown
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

function thrower() {
    throw new RangeError('in a function');
}

onmessage = ({data}) => {
    if (data === 'close')
        close();
    else
        thrower();
};
throw new TypeError('at first');
