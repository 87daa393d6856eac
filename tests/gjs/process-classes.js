// process-classes.js: classes whose objects go to another process; process_classes.py has the same
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

/** Copied by its text. */
export const Note = GObject.registerClass({
    GTypeName: 'TestProcessNote',
    Implements: [WebMessaging.Serializable],
}, class Note extends GObject.Object {
    vfunc_serialize() {
        return new GLib.Variant('s', this.text);
    }

    vfunc_deserialize(serialized) {
        this.text = serialized.unpack();
        return true;
    }
});

// Owns the descriptor of an object on its way.
const DocumentHolder = GObject.registerClass({
    GTypeName: 'TestProcessDocumentHolder',
}, class DocumentHolder extends GObject.Object {});

/** Owns the descriptor of a file with a text, in a list: nothing else of GJS closes one by itself. */
export const Document = GObject.registerClass({
    GTypeName: 'TestProcessDocument',
    Implements: [WebMessaging.Transferable],
}, class Document extends GObject.Object {
    static forText(text) {
        const document = new Document();
        const [fd, name] = GLib.file_open_tmp(null);

        Gio.UnixOutputStream.new(fd, false).write_all(text, null);
        GLib.unlink(name);
        document.fdList = new Gio.UnixFDList();
        document.fdList.append(fd);
        GLib.close(fd);
        return document;
    }

    read() {
        const fd = this.fdList.get(0);
        const [, bytes] = GLib.file_get_contents(`/proc/self/fd/${fd}`);

        GLib.close(fd);
        return new TextDecoder().decode(bytes);
    }

    vfunc_is_detached() {
        return this.fdList === undefined;
    }

    vfunc_transfer() {
        const holder = new DocumentHolder();

        holder.fdList = this.fdList;
        this.fdList = undefined;
        return holder;
    }

    vfunc_transfer_receive(holder) {
        this.fdList = holder.fdList;
        return true;
    }

    vfunc_export_data_holder(holder, fdList) {
        return new GLib.Variant('(sh)', ['document', fdList.append(holder.fdList.get(0))]);
    }

    vfunc_import_data_holder(value, fdList) {
        const holder = new DocumentHolder();
        const [name, index] = value.deepUnpack();

        if (name !== 'document')
            throw new TypeError('That is not a document');
        holder.fdList = new Gio.UnixFDList();
        holder.fdList.append(fdList.get(index));
        return holder;
    }
});
