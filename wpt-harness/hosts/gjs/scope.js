// scope.js: runs scripts with an object as their global object
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// GJS has one global object. Here each window is an object, and so is the scope of a worker; scripts run
// in a with statement that makes its properties their variables. A second with statement around it hides
// what a browser does not have: the globals of GJS and the members of introspected classes.

import {analyze} from './declarations.js';

const gjsNames = ['ARGV', 'Debugger', 'GjsFileImporter', 'console', 'imports', 'log', 'logError', 'print', 'printerr',
    'window', ...['set', 'clear'].flatMap(verb => [`${verb}Timeout`, `${verb}Interval`])];
const constantNames = ['undefined', 'NaN', 'Infinity', 'globalThis'];

/** The globals of the language. */
export const languageNames = Object.getOwnPropertyNames(globalThis)
    .filter(name => !gjsNames.includes(name) && !constantNames.includes(name));

const isOfTheWeb = name => /^on[a-z]+$/.test(name) ||
    ['addEventListener', 'removeEventListener', 'dispatchEvent', 'constructor', 'toString'].includes(name);

// Members that an object inherits from GObject and the library, and a browser does not have.
function listIntrospectedNames(object) {
    const names = new Set();

    for (let klass = Object.getPrototypeOf(object); klass !== Object.prototype; klass = Object.getPrototypeOf(klass))
        Object.getOwnPropertyNames(klass).filter(name => !isOfTheWeb(name)).forEach(name => names.add(name));
    return names;
}

export class Scope {
    #global;
    // Has the names that are hidden unless they are properties of the global object.
    #outer = Object.create(null);

    constructor(global) {
        const introspectedNames = listIntrospectedNames(global);
        const unscopables = Object.create(null);

        this.#global = global;
        // Hides inherited members, until a script declares a variable of that name.
        for (const name of introspectedNames)
            Object.defineProperty(unscopables, name, {get: () => !Object.hasOwn(global, name)});
        for (const name of [...introspectedNames, ...gjsNames, 'arguments'])
            Object.defineProperty(this.#outer, name, {get() {}, set: value => this.#declare(name, value)});
        Object.defineProperty(global, Symbol.unscopables, {value: unscopables});
    }

    #declare(name, value) {
        Object.defineProperty(this.#global, name,
            {value, writable: true, enumerable: true, configurable: true});
    }

    // The code is all on the first line of its function, so that errors have the right one.
    #compile(head, text, tail, url) {
        return (0, eval)(`${head} ${text}\n${tail}\n//# sourceURL=${url.replace(/\s/g, encodeURIComponent)}`);
    }

    /** Compiles a script; its exceptions are those of the returned function. HTML,
     * webappapis.html#creating-a-classic-script
     * importModule: what import() calls */
    compile(source, url, importModule) {
        const {text, isStrict, variables, functions} = analyze(source, url);
        const hoisted = functions.map(name => `this.${name} = ${name};`).join('');
        // Strict code is put into a function: a with statement cannot be strict itself.
        const [head, tail] = isStrict ? ["(() => { 'use strict'; ", '})();'] : ['', ''];
        const script = this.#compile(
            `(function (import_) { with (arguments[1]) with (this) { ${head}${hoisted}`, text, `${tail} } })`, url);

        return () => {
            for (const name of [...variables, ...functions]) {
                if (!(name in this.#global) || this.#global[Symbol.unscopables][name])
                    this.#declare(name, undefined);
            }
            script.call(this.#global, importModule, this.#outer);
        };
    }

    /** Compiles a module; the returned function is asynchronous.
     * bindings: variables that it has beside its own */
    compileModule(text, url, bindings) {
        return this.#compile(
            "(function () { with (this[0]) with (this[1]) with (this[2]) return async function () { 'use strict';",
            text, '}; })', url).call([this.#outer, this.#global, bindings]);
    }

    /** The function that an event handler content attribute stands for: HTML,
     * webappapis.html#getting-the-current-value-of-the-event-handler */
    compileHandler(element, source) {
        const scopes = [this.#outer, this.#global, this.#global.document, element];

        return new Function('with (this[0]) with (this[1]) with (this[2]) with (this[3]) ' +
            `{ return function (event) { ${source}\n}; }`).call(scopes);
    }
}
