// process-child.js: a child process that does what its parent says, for tests in any language
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

import {Document, Note} from './process-classes.js';

const loop = new GLib.MainLoop(null, false);
const port = WebMessaging.MessagePort.fromEnvironment();

const actions = {
    echo: ({value}) => port.postMessage(value),

    // Answers through the ports that have come.
    answer({value}, ports) {
        for (const other of ports)
            other.postMessage(value);
    },

    // Sends a port, whose other side echoes.
    make() {
        const {port1, port2} = new WebMessaging.MessageChannel();

        port1.onmessage = ({data}) => port1.postMessage(data);
        port.postMessage({made: true}, [port2]);
    },

    count({n}) {
        for (let i = 0; i < n; i++)
            port.postMessage(i);
    },

    classes({note, document}) {
        port.postMessage({
            note: note instanceof Note && note.text,
            document: document instanceof Document && document.read(),
        });
    },

    send() {
        const note = new Note();

        note.text = 'of GJS';
        const document = Document.forText('in GJS');
        port.postMessage({note, document}, [document]);
    },

    language: () => port.postMessage('GJS'),

    // Does not read for a while.
    sleep: ({milliseconds}) => GLib.usleep(milliseconds * 1000),

    close() {
        port.close();
        loop.quit();
    },
};

port.onmessage = ({data, ports}) => actions[data.action](data, ports);
port.onclose = () => loop.quit();
loop.run();
