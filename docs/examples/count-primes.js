// The script of a worker, which workers.js starts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

function isPrime(n) {
    for (let i = 2; i * i <= n; i++) {
        if (n % i === 0)
            return false;
    }
    return n > 1;
}

self.onmessage = ({data: {from, to}}) => {
    let count = 0;

    for (let n = from; n < to; n++) {
        if (isPrime(n))
            count++;
    }
    postMessage(count);
};
