// scope.js: runs scripts with a window as their global object
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// GJS has one global object. Here each window is an object, and its scripts run in a with statement that
// makes the properties of the window their variables. A second with statement around it hides what a
// browser does not have: the globals of GJS and the members of introspected classes.

import {analyze} from './declarations.js';
import {introspectedNames} from './window.js';

const gjsNames = ['ARGV', 'Debugger', 'GjsFileImporter', 'console', 'imports', 'log', 'logError', 'print', 'printerr',
    'window', ...['set', 'clear'].flatMap(verb => [`${verb}Timeout`, `${verb}Interval`])];
const constantNames = ['undefined', 'NaN', 'Infinity', 'globalThis'];

/** The globals of the language. */
export const languageNames = Object.getOwnPropertyNames(globalThis)
    .filter(name => !gjsNames.includes(name) && !constantNames.includes(name));

export class Scope {
    #window;
    // Has the names that are hidden unless they are properties of the window.
    #outer = Object.create(null);

    constructor(window) {
        const unscopables = Object.create(null);

        this.#window = window;
        // Hides inherited members, until a script declares a variable of that name.
        for (const name of introspectedNames)
            Object.defineProperty(unscopables, name, {get: () => !Object.hasOwn(window, name)});
        for (const name of [...introspectedNames, ...gjsNames, 'arguments'])
            Object.defineProperty(this.#outer, name, {get() {}, set: value => this.#declare(name, value)});
        Object.defineProperty(window, Symbol.unscopables, {value: unscopables});
    }

    #declare(name, value) {
        Object.defineProperty(this.#window, name,
            {value, writable: true, enumerable: true, configurable: true});
    }

    /** HTML, webappapis.html#run-a-classic-script */
    run(source, url) {
        const {text, isStrict, variables, functions} = analyze(source);

        for (const name of [...variables, ...functions]) {
            if (!(name in this.#window) || this.#window[Symbol.unscopables][name])
                this.#declare(name, undefined);
        }
        const hoisted = functions.map(name => `this.${name} = ${name};`).join('');
        // Strict code is put into a function: a with statement cannot be strict itself.
        const [head, tail] = isStrict ? ["(() => { 'use strict'; ", '\n})();'] : ['', ''];
        new Function(`with (arguments[0]) with (this) { ${head}${hoisted} ${text}${tail}\n}\n//# sourceURL=${url}`)
            .call(this.#window, this.#outer);
    }

    /** The function that an event handler content attribute stands for: HTML,
     * webappapis.html#getting-the-current-value-of-the-event-handler */
    compileHandler(element, source) {
        const scopes = [this.#outer, this.#window, this.#window.document, element];

        return new Function('with (this[0]) with (this[1]) with (this[2]) with (this[3]) ' +
            `{ return function (event) { ${source}\n}; }`).call(scopes);
    }
}
