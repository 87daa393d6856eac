// workerMain.js: the program of a worker, which runs a script
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {GLib, GIRepository} = imports.gi;

// The library is where the owner has it, which may have told nobody but its own GIRepository.
const libraryPath = GLib.getenv('WEB_MESSAGING_LIBRARY_PATH');

if (libraryPath) {
    const {Repository} = GIRepository;

    (Repository.dup_default?.() ?? Repository).prepend_library_path(libraryPath);
}
GLib.unsetenv('WEB_MESSAGING_LIBRARY_PATH');

const {WebMessaging} = imports.gi;
const {fromCString} = imports.overrides.webmessaging.cString;
const {runClassic} = imports.overrides.webmessaging.classicScript;
const {DOMException} = imports.overrides.webmessaging.domException;
const {adopt} = imports.overrides.webmessaging.realm;
const {noteFile, putObjects, readScript, resolveUrl, setBase} = imports.overrides.webmessaging.scriptUrls;
const {reportFailure, reportScript} = imports.overrides.webmessaging.workerScope;

const scope = WebMessaging.WorkerGlobalScope.from_environment();
const data = scope.get_data();
const url = fromCString(data.get_child_value(0).get_string()[0]);
const type = data.get_child_value(1).get_string()[0];

function takeObjects(list) {
    const entries = [];

    for (let i = 0; i < list.n_children(); i++) {
        const entry = list.get_child_value(i);

        entries.push([
            entry.get_child_value(0).get_string()[0],
            entry.get_child_value(1).get_data_as_bytes().toArray(),
        ]);
    }
    putObjects(entries);
}

function runMainClassic({text}) {
    try {
        runClassic(text, url, true);
    } catch (error) {
        reportScript(scope, url, error);
    }
}

// HTML, workers.html#import-scripts-into-worker-global-scope
function importScripts(...references) {
    if (type === 'module')
        throw new TypeError('importScripts: a module uses import');
    const urls = references.map(reference => resolveUrl(reference, 'importScripts'));

    for (const scriptUrl of urls) {
        let text;

        try {
            ({text} = readScript(scriptUrl));
        } catch (error) {
            throw new DOMException(`importScripts: '${scriptUrl}' could not be loaded: ${error.message}`,
                'NetworkError');
        }
        runClassic(text, scriptUrl, false);
    }
}

// GJS imports files only: a script from elsewhere gets one that has no name.
function toFileUrl({text, file}) {
    if (file !== null)
        return file.get_uri();
    const [fd, path] = GLib.file_open_tmp('worker-XXXXXX.js');
    GLib.unlink(path);
    const fileUrl = `file:///proc/self/fd/${fd}`;
    const {Gio} = imports.gi;
    const stream = new Gio.UnixOutputStream({fd, close_fd: false});
    stream.write_all(new TextEncoder().encode(text), null);
    noteFile(url, fileUrl);
    return fileUrl;
}

// The messages wait until the module has run, with all that it awaits.
function runMainModule(script) {
    let running = true;

    import(toFileUrl(script)).catch(error => reportScript(scope, url, error)).finally(() => {
        running = false;
    });
    while (running && !scope.closing)
        GLib.MainContext.default().iteration(true);
}

function runMain() {
    let script;

    try {
        script = readScript(url);
    } catch (error) {
        reportFailure(scope, url, error);
        return;
    }
    if (type === 'module')
        runMainModule(script);
    else
        runMainClassic(script);
}

adopt(scope);
setBase(url);
takeObjects(data.get_child_value(2));
scope.installGlobals(globalThis, url);
Object.defineProperty(globalThis, 'importScripts',
    {value: importScripts, configurable: true, enumerable: true, writable: true});
runMain();
scope.run();
imports.gi.WebMessagingPrivate.exit();
