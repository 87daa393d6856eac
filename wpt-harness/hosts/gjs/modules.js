// modules.js: module scripts, from the URLs of the site
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// GJS imports files only, and into its own global scope. So a module becomes a function here. What it
// imports are properties of an object in a with statement around it, which read the variables of the
// other module; `import(…)` and `import.meta` become members of that object too.

import {requirePackage} from '../../shared/packages.js';
import {collectPattern, parse, replaceParts} from './declarations.js';
import {isScriptType} from './scripts.js';

const {URL} = requirePackage('whatwg-url');

const IMPORTED = {ImportDefaultSpecifier: 'default', ImportNamespaceSpecifier: '*'};

const nameOf = node => node.name ?? node.value;

function listDeclared(declaration) {
    const names = new Set();

    if (declaration?.id !== undefined)
        names.add(declaration.id.name);
    declaration?.declarations?.forEach(({id}) => collectPattern(id, names));
    return names;
}

// What a module imports and exports, and its text as that of a function.
function analyzeModule(script, url) {
    const {source, body} = parse(script, 'module', url);
    const module = {requests: [], imports: [], exports: [], reexports: [], stars: []};
    const parts = [];

    for (const node of body) {
        const {start, end, declaration, specifiers = []} = node;
        const request = node.source?.value;

        if (request !== undefined)
            module.requests.push(request);
        switch (node.type) {
        case 'ImportDeclaration':
            module.imports.push(...specifiers.map(({type, local, imported}) => ({
                request, local: local.name, imported: IMPORTED[type] ?? nameOf(imported),
            })));
            parts.push({start, end, text: ''});
            break;
        case 'ExportAllDeclaration':
            if (node.exported === null)
                module.stars.push(request);
            else
                module.reexports.push({exported: nameOf(node.exported), imported: '*', request});
            parts.push({start, end, text: ''});
            break;
        case 'ExportNamedDeclaration':
            for (const {local, exported} of specifiers) {
                if (request === undefined)
                    module.exports.push({exported: nameOf(exported), local: nameOf(local)});
                else
                    module.reexports.push({exported: nameOf(exported), imported: nameOf(local), request});
            }
            for (const name of listDeclared(declaration))
                module.exports.push({exported: name, local: name});
            parts.push({start, end: declaration?.start ?? end, text: ''});
            break;
        case 'ExportDefaultDeclaration': {
            const name = /^(Function|Class)Declaration$/.test(declaration.type) ? declaration.id?.name : undefined;

            module.exports.push({exported: 'default', local: name ?? 'default_'});
            parts.push({start, end: declaration.start, text: name === undefined ? 'const default_ = ' : ''});
            break;
        }
        }
    }
    return {...module, text: replaceParts(source, parts)};
}

const makeAccessor = get => ({get, enumerable: true, configurable: true});

/** The modules of an environment: HTML, webappapis.html#module-map */
export class Modules {
    #environment;
    #records = new Map();

    constructor(environment) {
        this.#environment = environment;
    }

    #resolve(reference, base) {
        const url = /^(\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(reference) ? URL.parse(reference, base) : null;

        if (url === null)
            throw new TypeError(`The module ${reference} cannot be found`);
        return url.href;
    }

    // HTML, webappapis.html#fetch-a-module-script-tree: the module, and all that it imports.
    #link(href, response = this.#environment.site.fetch(href)) {
        if (this.#records.has(href))
            return this.#records.get(href);
        if (response === null || !isScriptType(response.type))
            throw new TypeError(`The module ${href} cannot be loaded`);

        const record = {...analyzeModule(response.text, href), href, namespace: Object.create(null), evaluation: null};
        this.#records.set(href, record);
        try {
            record.linked = new Map(record.requests.map(request => [request, this.#link(this.#resolve(request, href))]));
            this.#defineExports(record);
        } catch (error) {
            this.#records.delete(href);
            throw error;
        }
        return record;
    }

    #find({linked}, request, name) {
        const {namespace} = linked.get(request);

        return name === '*' ? namespace : namespace[name];
    }

    #defineExports(record) {
        const {namespace, linked} = record;

        for (const {exported, imported, request} of record.reexports)
            Object.defineProperty(namespace, exported, makeAccessor(() => this.#find(record, request, imported)));
        for (const {exported} of record.exports)
            Object.defineProperty(namespace, exported, makeAccessor(() => record.getters[exported]()));
        for (const request of record.stars) {
            const {namespace: other} = linked.get(request);

            for (const name of Object.keys(other)) {
                if (name !== 'default' && !(name in namespace))
                    Object.defineProperty(namespace, name, makeAccessor(() => other[name]));
            }
        }
    }

    #makeBindings(record) {
        const bindings = Object.create(null);

        for (const {local, imported, request} of record.imports)
            Object.defineProperty(bindings, local, makeAccessor(() => this.#find(record, request, imported)));
        bindings.import_ = Object.assign(reference => this.import(`${reference}`, record.href), {meta: {url: record.href}});
        bindings.export_ = getters => {
            record.getters = getters;
        };
        return bindings;
    }

    // ECMAScript, #sec-innermoduleevaluation
    #evaluate(record) {
        return record.evaluation ??= (async () => {
            for (const other of record.linked.values()) {
                // A module of a circle is evaluated already, or about to be.
                if (other.evaluation === null)
                    await this.#evaluate(other);
            }
            const getters = record.exports.map(({exported, local}) => `${JSON.stringify(exported)}: () => ${local}`);

            await this.#environment.scope.compileModule(
                `export_({${getters.join()}}); ${record.text}`, record.href, this.#makeBindings(record))();
        })();
    }

    /** Loads a module; the returned function evaluates it. */
    load(href, response) {
        const record = this.#link(href, response);

        return () => this.#evaluate(record);
    }

    /** ECMAScript, #sec-import-calls */
    async import(reference, base) {
        const record = this.#link(this.#resolve(reference, base));

        await this.#evaluate(record);
        return record.namespace;
    }
}
