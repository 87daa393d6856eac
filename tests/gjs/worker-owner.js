// worker-owner.js: a program that ends while its workers run, and says which processes they are
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

WebMessaging.installGlobals();

const own = new Gio.Credentials().get_unix_pid();
const sayPid = 'postMessage(new imports.gi.Gio.Credentials().get_unix_pid());';
const nested = `data:,${sayPid}`;
const loop = new GLib.MainLoop(null, false);
const workers = [
    new Worker(`data:,${sayPid}`),
    new Worker(`data:,${sayPid} for (;;) ;`),
    new Worker(`data:,${sayPid} setInterval(() => {}, 10); await new Promise(() => {});`, {type: 'module'}),
    new Worker(`data:,new Worker('${nested}').onmessage = ({data}) => postMessage(data);`),
];
const {port} = new SharedWorker(
    `data:,const postMessage = message => onconnect = ({ports: [port]}) => port.postMessage(message); ${sayPid}`);
let n = 0;

for (const target of [...workers, port]) {
    target.onmessage = ({data}) => {
        print(data);
        if (++n === workers.length + 1)
            loop.quit();
    };
}
loop.run();
if (ARGV[0] === 'kill')
    GLib.spawn_command_line_sync(`kill -9 ${own}`);
System.exit(0);
