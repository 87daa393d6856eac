// chain.js: a process in a chain, in GJS; test_chain.py tells what the processes say to each other
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Usage: chain.js INDEX [COMMAND…]; the commands start the processes behind this one.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

const BATCH = 500;
const LAST = -1;

const loop = new GLib.MainLoop(null, false);
const up = WebMessaging.MessagePort.new_from_environment();
let end = null;
let nMessages = 0;
let sent = 0;
let received = 0;

function startNext(index, [command, ...commands]) {
    const launcher = new Gio.SubprocessLauncher();
    const port = WebMessaging.MessagePort.new_for_launcher(launcher);

    launcher.spawnv([...GLib.shell_parse_argv(command)[1], `${index + 1}`, ...commands]);
    launcher.close();
    port.onmessage = event => up.postMessage(event.data);

    return port;
}

function reportIfDone() {
    if (sent === nMessages && received === nMessages)
        up.postMessage(`done ${received}`);
}

function sendBatch() {
    for (let i = 0; i < BATCH && sent < nMessages; i++)
        end.postMessage(sent++);
    if (sent < nMessages)
        return GLib.SOURCE_CONTINUE;

    reportIfDone();

    return GLib.SOURCE_REMOVE;
}

function onNumber({data}) {
    if (data === LAST && up.closed) {
        print('still connected');
        loop.quit();
    } else if (data === LAST) {
        end.postMessage(LAST);
    } else {
        if (data !== received) {
            printerr(`${data} has come instead of ${received}`);
            System.exit(1);
        }
        received++;
        if (received === nMessages)
            reportIfDone();
    }
}

const [index, ...commands] = ARGV;
const down = commands.length > 0 ? startNext(Number(index), commands) : null;
const [pid] = new TextDecoder().decode(GLib.file_get_contents('/proc/self/stat')[1]).split(' ');

up.postMessage(`pid ${pid}`);
up.onclose = () => {
    if (end !== null)
        end.postMessage(LAST);
    else
        loop.quit();
};
up.onmessage = ({data, ports: [port]}) => {
    const [hops, first, number] = data.split(' ').map(Number);

    if (hops > 0) {
        down.postMessage(`${hops - 1} ${first} ${number}`, [port]);
        return;
    }

    end = port;
    sent = first;
    nMessages = number;
    end.onclose = () => loop.quit();
    end.onmessage = onNumber;
    GLib.idle_add(GLib.PRIORITY_DEFAULT_IDLE, sendBatch);
};

loop.run();
