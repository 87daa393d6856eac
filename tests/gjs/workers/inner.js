// inner.js: a worker of a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

onmessage = ({data, ports: [port]}) => {
    if (data === 'throw')
        throw new RangeError('inside');
    if (data === 'close')
        close();
    port?.postMessage(`${name} got ${data}`);
    postMessage(data);
};
