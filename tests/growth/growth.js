// growth.js: reads messages in GJS, for run.py
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import System from 'system';
import WebMessaging from 'gi://WebMessaging?version=1';

const readText = path => new TextDecoder().decode(GLib.file_get_contents(path)[1]);

/** What the kernel has given to this thread, which it counts when the thread sleeps. */
function getSeconds() {
    GLib.usleep(1);
    return Number(readText('/proc/thread-self/schedstat').split(' ')[0]) / 1e9;
}

/** A field of the kernel's account of the process, in bytes. */
function getMemory(field) {
    const line = readText('/proc/self/status').split('\n').find(text => text.startsWith(field));

    return Number(line.split(/\s+/)[1]) * 1024;
}

function read(bytes) {
    try {
        WebMessaging.SerializedData.new_from_bytes(bytes).toValue();
        return 'ok';
    } catch (error) {
        return `${error}`;
    }
}

for (const path of ARGV) {
    const bytes = new GLib.Bytes(GLib.file_get_contents(path)[1]);

    System.gc();
    // Forgets the most memory that the process had so far.
    GLib.file_set_contents_full('/proc/self/clear_refs', '5', GLib.FileSetContentsFlags.NONE, 0o200);
    const memory = getMemory('VmRSS:');
    const start = getSeconds();
    const outcome = read(bytes);
    const seconds = getSeconds() - start;

    print([seconds, Math.max(0, getMemory('VmHWM:') - memory), outcome.replace(/\s+/g, ' ')].join('\t'));
}
