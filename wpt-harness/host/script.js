// script.js: runs scripts in the scope of a window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// GJS has one global object. A window is an object of its own, whose properties are the variables
// of its scripts: they run in a with statement. Declarations at the top level become properties of
// the window, as those of script elements are seen by each other.

import {requirePackage} from './packages.js';

const acorn = requirePackage('acorn');

function collectPattern(pattern, names) {
    switch (pattern?.type) {
    case 'Identifier':
        names.add(pattern.name);
        break;
    case 'ObjectPattern':
        pattern.properties.forEach(({value, argument}) => collectPattern(value ?? argument, names));
        break;
    case 'ArrayPattern':
        pattern.elements.forEach(element => collectPattern(element, names));
        break;
    case 'AssignmentPattern':
        collectPattern(pattern.left, names);
        break;
    case 'RestElement':
        collectPattern(pattern.argument, names);
        break;
    }
}

// The variables that var declares anywhere outside of functions.
function collectVariables(node, names) {
    if (node === null || typeof node !== 'object' || /Function|Class/.test(node.type ?? ''))
        return;
    if (Array.isArray(node)) {
        node.forEach(item => collectVariables(item, names));
        return;
    }
    if (node.type === 'VariableDeclaration' && node.kind === 'var')
        node.declarations.forEach(({id}) => collectPattern(id, names));
    for (const key in node) {
        if (key !== 'type')
            collectVariables(node[key], names);
    }
}

// A declaration as an assignment to properties of the window that are there already.
function toAssignments(node, source) {
    const parts = node.declarations.filter(({init}) => init !== null)
        .map(({start, end}) => `(${source.slice(start, end)})`);

    return `;${parts.join(', ')};`;
}

function analyze(source) {
    const {body} = acorn.parse(source, {ecmaVersion: 'latest', sourceType: 'script', allowHashBang: true});
    const isStrict = body[0]?.directive === 'use strict';
    const variables = new Set();
    const functions = [];
    let text = source;
    const replace = (node, replacement) => {
        // Lines keep their numbers.
        const lost = text.slice(node.start, node.end).split('\n').length - replacement.split('\n').length;
        text = `${text.slice(0, node.start)}${replacement}${'\n'.repeat(Math.max(lost, 0))}${text.slice(node.end)}`;
    };

    if (!isStrict)
        collectVariables(body, variables);
    // From the end, so that the places of those before stay.
    for (const node of body.slice().reverse()) {
        if (node.type === 'FunctionDeclaration') {
            functions.push(node.id.name);
        } else if (node.type === 'VariableDeclaration' && (isStrict || node.kind !== 'var')) {
            node.declarations.forEach(({id}) => collectPattern(id, variables));
            replace(node, isStrict ? toAssignments(node, source)
                : `var ${source.slice(node.start + node.kind.length, node.end)}`);
        } else if (node.type === 'ClassDeclaration') {
            variables.add(node.id.name);
            replace(node, `${isStrict ? ';' : 'var '}${node.id.name} = ${source.slice(node.start, node.end)};`);
        }
    }

    return {text, isStrict, variables, functions};
}

/** Runs a script with the properties of a window as its variables. */
export function runScript(window, source, url) {
    const {text, isStrict, variables, functions} = analyze(source);

    for (const name of [...variables, ...functions]) {
        if (!(name in window))
            window[name] = undefined;
    }
    const hoisted = functions.map(name => `this.${name} = ${name};`).join('');
    // A strict script has a function of its own: there is no with statement in strict code.
    const [head, tail] = isStrict ? ["(function () { 'use strict'; ", '\n}).call(this);'] : ['', ''];
    new Function(`with (this) { ${head}${hoisted} ${text}${tail}\n}\n//# sourceURL=${url}`).call(window);
}

/** The function that an event handler content attribute stands for. */
export function compileHandler(window, document, element, source) {
    return new Function('window', 'document', 'element',
        `with (window) { with (document) { with (element) { return function (event) { ${source}\n}; } } }`)(
        window, document, element);
}
