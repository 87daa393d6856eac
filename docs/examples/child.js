#!/usr/bin/env -S gjs -m
// A child process, which answers its parent.
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

const loop = new GLib.MainLoop(null, false);
const port = WebMessaging.MessagePort.fromEnvironment();

port.onmessage = event => port.postMessage(`Hello ${event.data}, here is GJS`);
port.onclose = () => loop.quit();

loop.run();
