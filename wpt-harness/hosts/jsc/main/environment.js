// environment.js: what the host knows of a window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {requirePackage} from '../../../shared/packages.js';
import {replaceImportCalls} from './import-calls.js';
import {Modules} from './modules.js';
import {realmOf} from './window.js';

const {URL} = requirePackage('whatwg-url');

/** HTML, webappapis.html#environment-settings-object */
export class Environment {
    // global: the global object of its scripts; a subclass gives them the scope
    constructor(site, url, global) {
        this.site = site;
        this.url = url;
        this.global = global;
        this.modules = new Modules(this);
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
        realmOf(this.global).reportException(error);
    }

    /** Compiles a classic script; the returned function runs it. */
    compile(text, url) {
        return this.scope.compile(replaceImportCalls(text, url.href), url.href);
    }

    /** Calls a callback of a script, and reports its exceptions. */
    call(callback) {
        try {
            callback();
        } catch (error) {
            this.reportException(error);
        }
    }

    /** The library ends what belongs to the realm. */
    destroy() {
    }
}
