// platform.js: what the harness needs of the system, in GJS
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// The host for JavaScriptCore has a module of the same name and with the same exports.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

const {DOMException} = WebMessaging;
const fileOf = path => Gio.File.new_for_path(path);

/** The path of the folder of the harness. */
const harness = Gio.File.new_for_uri(import.meta.url).get_parent().get_parent().get_path();

function isFile(path) {
    return fileOf(path).query_file_type(Gio.FileQueryInfoFlags.NONE, null) === Gio.FileType.REGULAR;
}

function isFolder(path) {
    return fileOf(path).query_file_type(Gio.FileQueryInfoFlags.NONE, null) === Gio.FileType.DIRECTORY;
}

function readFile(path) {
    const [, bytes] = fileOf(path).load_contents(null);

    return new TextDecoder().decode(bytes);
}

function writeFile(path, text) {
    fileOf(path).replace_contents(new TextEncoder().encode(text), null, false, Gio.FileCreateFlags.PRIVATE, null);
}

function removeFile(path) {
    if (isFile(path))
        fileOf(path).delete(null);
}

const makeId = () => GLib.uuid_string_random();
const nProcessors = GLib.get_num_processors();
const temporaryFolder = GLib.get_tmp_dir();

export {DOMException, harness, isFile, isFolder, makeId, nProcessors, readFile, removeFile, temporaryFolder, writeFile};
