// scope.js: runs scripts in the realm of a window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {realmOf} from './window.js';

const nameScript = url => url.replace(/\s/g, encodeURIComponent);

/** What environment.js and modules.js need of a realm. */
export class Scope {
    #global;
    #realm;

    constructor(global) {
        this.#global = global;
        this.#realm = realmOf(global);
    }

    /** HTML, webappapis.html#creating-a-classic-script; it is compiled when it is run. */
    compile(source, url) {
        return () => this.#realm.evaluate(source, nameScript(url));
    }

    /** The engine has no loader of modules, so a module becomes an asynchronous function.
     * bindings: variables that it has beside its own */
    compileModule(text, url, bindings) {
        return this.#realm.evaluate(
            `(function () { with (this) return async function () { 'use strict'; ${text}\n}; })`, nameScript(url))
            .call(bindings);
    }

    /** The function that an event handler content attribute stands for: HTML,
     * webappapis.html#getting-the-current-value-of-the-event-handler */
    compileHandler(element, source) {
        return new this.#global.Function('with (this[0]) with (this[1]) ' +
            `{ return function (event) { ${source}\n}; }`).call([this.#global.document, element]);
    }
}
