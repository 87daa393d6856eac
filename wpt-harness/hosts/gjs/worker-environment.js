// worker-environment.js: the host's side of the scope of a worker
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import WebMessaging from 'gi://WebMessaging?version=1';

import {define, defineAttribute, defineReplaceable} from '../../shared/define.js';
import {WorkerNavigator} from '../../shared/navigator.js';
import {Environment} from './environment.js';
import {bindConstructor, installGlobals} from './globals.js';
import {WorkerLocation} from './location.js';
import {Scope} from './scope.js';
import {isWorkerScript} from './scripts.js';

const {
    BroadcastChannel, DOMException, DedicatedWorkerGlobalScope, Origin, SharedWorkerGlobalScope, WorkerGlobalScope,
} = WebMessaging;

/** The settings of a worker: HTML, workers.html#set-up-a-worker-environment-settings-object */
export class WorkerEnvironment extends Environment {
    constructor(site, url, global, type) {
        super(site, url, global);
        this.type = type;
        this.origin = url.protocol === 'data:' ? Origin.new_opaque() : Origin.new_for_url(url.href);
        installGlobals(this, 'Worker');
        this.#defineScope();
        this.scope = new Scope(global);
    }

    #defineScope() {
        const {global, origin, url} = this;
        const location = new WorkerLocation(url);
        const navigator = new WorkerNavigator();
        const isDedicated = global instanceof DedicatedWorkerGlobalScope;
        const {name} = global;

        defineAttribute(global, 'self', () => global);
        defineAttribute(global, 'location', () => location);
        defineAttribute(global, 'navigator', () => navigator);
        defineReplaceable(global, 'name', () => name);
        // It is for windows.
        delete global.SharedWorker;
        define(global, {
            importScripts: (...references) => this.importScripts(references),
            close: WorkerGlobalScope.prototype.close.bind(global),
            ...isDedicated ? {postMessage: global.postMessage.bind(global)} : {},
        });
        define(global, {
            BroadcastChannel: bindConstructor('BroadcastChannel',
                (...args) => BroadcastChannel.forOrigin(...args.slice(0, 1), origin)),
            WorkerGlobalScope,
            WorkerLocation,
            WorkerNavigator,
            ...isDedicated ? {DedicatedWorkerGlobalScope} : {SharedWorkerGlobalScope},
        }, false);
    }

    // The script, as a function; null if it cannot be loaded, which the owner is told.
    #load(response) {
        const {global, url} = this;

        try {
            if (this.type === 'module')
                return this.modules.load(url.href, response);
            if (isWorkerScript(response, url))
                return this.compile(response.text, url);
        } catch (error) {
            printerr(`${url.href}: ${error}`);
        }
        global.report_failure();
        global.close();
        return null;
    }

    /** HTML, workers.html#run-a-worker, from the step on at which the script has been fetched */
    run(response) {
        const script = this.#load(response);

        if (script === null)
            return;
        if (this.type === 'module')
            this.#start(script);
        else
            this.call(script);
    }

    // Evaluates a module as far as it goes without waiting: the messages for the worker come next.
    #start(script) {
        let isRunning = true;

        script().catch(error => this.reportException(error)).finally(() => {
            isRunning = false;
        });
        while (isRunning && !this.global.closing && GLib.MainContext.default().iteration(false))
            ;
    }

    /** HTML, workers.html#import-scripts-into-worker-global-scope */
    importScripts(references) {
        if (this.type === 'module')
            throw new TypeError('A module imports its scripts');
        const urls = references.map(reference => {
            const url = this.resolve(`${reference}`);

            if (url === null)
                throw new DOMException(`Invalid URL: ${reference}`, 'SyntaxError');
            return url;
        });

        for (const url of urls) {
            const response = this.site.fetch(url.href);

            if (!isWorkerScript(response, url))
                throw new DOMException(`The script ${url.href} cannot be loaded`, 'NetworkError');
            this.compile(response.text, url)();
        }
    }

    // The library tells the owner.
    reportUnhandled({message, filename, lineno, colno}, stack) {
        this.global.report_exception(`${message}`, filename, lineno, colno, stack, null);
    }
}
