#!/usr/bin/env -S gjs -m
// Two windows talk through a channel.
//
// The page sends one port of a channel to the frame with postMessage(), and keeps the other. The
// frame answers through the port that it has received.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

const loop = new GLib.MainLoop(null, false);
const page = WebMessaging.Window.new('https://page.example/');
const frame = WebMessaging.Window.new('https://frame.example/');
const {port1, port2} = WebMessaging.MessageChannel.new_for_window(page);

// In the frame: a message has come to the window, with a port.
frame.onmessage = event => {
    print(`The frame received "${event.data}" from ${event.origin}`);

    const [port] = event.ports;
    port.postMessage('Hello from the frame!');
};

// In the page: the answer has come through the channel.
port1.onmessage = event => {
    print(`The page received "${event.data}"`);

    port1.close();
    loop.quit();
};

frame.postMessageFrom(page, 'Hello from the page!', '*', [port2]);

loop.run();
