// recording.js: gets an open file, and tells what is in it
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

GObject.registerClass({
    GTypeName: 'ExampleRecording',
    Implements: [WebMessaging.Transferable],
}, class Recording extends GObject.Object {
    // The list of descriptors is both the data holder and what the object keeps.
    fdList = null;

    read() {
        return new TextDecoder().decode(GLib.file_get_contents(`/proc/self/fd/${this.fdList.peek_fds()[0]}`)[1]);
    }

    vfunc_is_detached() {
        return this.fdList === null;
    }

    vfunc_transfer() {
        const holder = this.fdList;

        this.fdList = null;
        return holder;
    }

    vfunc_transfer_receive(holder) {
        this.fdList = holder;
        return true;
    }

    vfunc_export_data_holder(holder, fdList) {
        return new GLib.Variant('h', fdList.append(holder.peek_fds()[0]));
    }

    vfunc_import_data_holder(value, fdList) {
        return Gio.UnixFDList.new_from_array([fdList.get(value.get_handle())]);
    }
});

const port = WebMessaging.MessagePort.fromEnvironment();
const {data: {title, recording}} = await port.receive();

port.postMessage(`${title}: ${recording.read()}`);
