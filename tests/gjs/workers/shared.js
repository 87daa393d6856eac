// shared.js: a worker that several users share
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const users = [];

onconnect = ({data, ports, source}) => {
    const [port] = ports;

    users.push(port);
    port.postMessage({n: users.length, name, data, nPorts: ports.length, isSource: source === port});
    port.onmessage = event => {
        if (event.data === 'close')
            close();
        else if (event.data === 'throw')
            throw new Error('for the console');
        else
            users.forEach(user => user.postMessage(event.data));
    };
};
