// workers.js: Worker and SharedWorker of a window or worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

const {DOMException, SharedWorker, Worker} = WebMessaging;
const {toDictionary} = imports.overrides.webmessaging.webidl;

const main = Gio.File.new_for_uri(import.meta.url).get_parent().get_child('worker-main.js').get_path();
const command = ['gjs', '-m', main];

function readOptions(argument, where) {
    const {name = '', type = 'classic', credentials = 'same-origin'} = toDictionary(argument, where);

    if (!['classic', 'module'].includes(`${type}`))
        throw new TypeError(`${where}: '${type}' is not a type of worker`);
    if (!['omit', 'same-origin', 'include'].includes(`${credentials}`))
        throw new TypeError(`${where}: '${credentials}' does not say which credentials to send`);
    return {name: `${name}`, type: `${type}`};
}

// The URL of the script, and what worker-main.js gets.
function prepare(environment, reference, type) {
    const {site, origin} = environment;
    const url = environment.resolve(reference);

    if (url === null)
        throw new DOMException(`Invalid URL: ${reference}`, 'SyntaxError');
    // A worker of the same origin only
    const isAllowed = url.protocol === 'data:' || url.origin === origin.serialize();
    // A blob may be revoked while the worker starts.
    const script = isAllowed ? site.fetch(url.href) : null;

    return {
        url: url.href,
        data: new GLib.Variant('s', JSON.stringify({root: site.root, url: url.href, type, script})),
    };
}

/** The constructors: HTML, workers.html#dom-worker and #dom-sharedworker. The workers are processes of
 * the host, which the library connects. */
export function makeWorkerClasses(environment) {
    const makeClass = (klass, construct) => new Proxy(klass, {
        apply() {
            throw new TypeError(`${klass.name} is a constructor`);
        },
        construct(_class, args) {
            if (args.length === 0)
                throw new TypeError(`${klass.name}: 1 argument required, but only 0 present`);
            return construct(...args);
        },
    });

    return {
        Worker: makeClass(Worker, (reference, options) => {
            const {name, type} = readOptions(options, 'Worker');
            const {data} = prepare(environment, `${reference}`, type);
            const worker = Worker.new_process(command, name, data, null);

            environment.adoptWorker(worker);
            worker.start();
            return worker;
        }),
        SharedWorker: makeClass(SharedWorker, (reference, argument) => {
            const {name, type} = readOptions(
                typeof argument === 'object' || argument === undefined ? argument : {name: argument}, 'SharedWorker');
            const {url, data} = prepare(environment, `${reference}`, type);

            return SharedWorker.new(`${environment.origin.serialize()} ${url}`, name, command, data);
        }),
    };
}
