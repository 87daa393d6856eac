// declarations.js: what a script declares, as properties of its window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// A script runs in a with statement on its window. What it declares at its top level has to become
// properties of the window, as the scripts of a page see the declarations of each other.

import {requirePackage} from '../../shared/packages.js';

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

/** A script with its declarations as assignments, and the names that it declares. */
export function analyze(source) {
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

