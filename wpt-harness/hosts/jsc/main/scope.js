// scope.js: runs scripts in the realm of a window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {compileModule, nameScript} from './compile-module.js';
import {realmOf} from './window.js';

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

    /** Compiles a module; the returned function is asynchronous.
     * bindings: variables that it has beside its own */
    compileModule(text, url, bindings) {
        return compileModule(this.#realm.evaluate, text, url, bindings);
    }

    /** The function that an event handler content attribute stands for: HTML,
     * webappapis.html#getting-the-current-value-of-the-event-handler */
    compileHandler(element, source) {
        return new this.#global.Function('with (this[0]) with (this[1]) ' +
            `{ return function (event) { ${source}\n}; }`).call([this.#global.document, element]);
    }
}
