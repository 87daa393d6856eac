#!/usr/bin/env -S gjs -m
// Asks for a port over D-Bus and talks through it: dbus-client.js ADDRESS
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

const loop = new GLib.MainLoop(null, false);
const connection = Gio.DBusConnection.new_for_address_sync(
    ARGV[0], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, null, null);
const [reply, fdList] = connection.call_with_unix_fd_list_sync(
    null, '/greeter', 'org.example.Greeter', 'Open', null, null, Gio.DBusCallFlags.NONE, -1, null, null);
const handle = reply.get_child_value(0).get_handle();
const port = WebMessaging.MessagePort.fromFd(fdList.steal_fds()[handle]);

port.onmessage = event => {
    print(event.data);
    port.close();
    loop.quit();
};
port.postMessage('over D-Bus');

loop.run();
