// environment.js: what the host knows of a window or a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {requirePackage} from '../../shared/packages.js';
import {Modules} from './modules.js';
import {Timers} from './timers.js';

const {ErrorEvent} = WebMessaging;
const {toText} = imports.overrides.webmessaging.webidl;
const {URL} = requirePackage('whatwg-url');

// Where an exception was thrown, as far as its stack tells.
function findPlace(stack, url) {
    const [, filename, lineno, colno] = /^.*?@((?:https?|blob|data):.*):(\d+):(\d+)$/m.exec(stack) ?? [null, url.href, 0, 0];

    return {filename, lineno: Number(lineno), colno: Number(colno)};
}

/** HTML, webappapis.html#environment-settings-object */
export class Environment {
    #isReporting = false;

    // global: the global object of its scripts; a subclass gives them the scope
    constructor(site, url, global) {
        this.site = site;
        this.url = url;
        this.global = global;
        this.timers = new Timers(this);
        this.modules = new Modules(this);
        this.workers = new Set();
    }

    get baseUrl() {
        return this.url;
    }

    /** Resolves a reference to a URL; null if it is not valid. */
    resolve(reference) {
        return URL.parse(reference, this.baseUrl.href);
    }

    /** HTML, webappapis.html#report-an-exception */
    reportException(error) {
        const stack = typeof error?.stack === 'string' ? error.stack : '';

        this.reportError({error, message: `Uncaught ${toText(error)}`, ...findPlace(stack, this.url)}, stack);
    }

    /** Tells the scripts of an error, and if none of them handles it, the user. */
    reportError(init, stack) {
        const {message, filename} = init;

        // An exception of a handler of errors is not for the handlers.
        if (!this.#isReporting) {
            this.#isReporting = true;
            const isHandled = !this.global.dispatchEvent(new ErrorEvent('error', {cancelable: true, ...init}));
            this.#isReporting = false;
            if (isHandled)
                return;
        }
        this.reportUnhandled(init, stack);
        printerr(`${filename || this.url.href}: ${message}\n${stack ?? ''}`);
    }

    reportUnhandled() {
    }

    /** Compiles a classic script; the returned function runs it. */
    compile(text, url) {
        return this.scope.compile(text, url.href, reference => this.modules.import(`${reference}`, url.href));
    }

    /** Has a worker end with the environment. */
    adoptWorker(worker) {
        this.workers.add(worker);
        worker.connect('close', () => this.workers.delete(worker));
    }

    /** Calls a callback of a script, and reports its exceptions. */
    call(callback) {
        try {
            callback();
        } catch (error) {
            this.reportException(error);
        }
    }

    /** Ends what belongs to the environment. */
    destroy() {
        this.timers.clearAll();
        this.workers.forEach(worker => worker.terminate());
    }
}
