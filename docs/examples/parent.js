#!/usr/bin/env -S gjs -m
// Starts a child process in any language and talks to it: parent.js COMMAND…
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

const loop = new GLib.MainLoop(null, false);
const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.NONE});
const port = WebMessaging.MessagePort.forLauncher(launcher);

launcher.spawnv(ARGV);
launcher.close();

port.onmessage = event => {
    print(event.data);
    port.close();
    loop.quit();
};
port.postMessage('GJS');

loop.run();
