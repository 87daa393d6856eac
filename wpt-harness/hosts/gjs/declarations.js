// declarations.js: turns declarations of a script into properties of its window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// A script runs in a with statement on its window. Its top-level declarations have to become properties
// of the window, because the other scripts of the page can use them.

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

// The names that var declares, at any depth outside of functions.
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

// Rewrites a declaration as assignments; the properties of the window exist already.
function toAssignments(node, source) {
    const parts = node.declarations.filter(({init}) => init !== null)
        .map(({start, end}) => `(${source.slice(start, end)})`);

    return `;${parts.join(', ')};`;
}

/** The rewritten text of a script, and the names that it declares. */
export function analyze(source) {
    const {body} = acorn.parse(source, {ecmaVersion: 'latest', sourceType: 'script', allowHashBang: true});
    const isStrict = body[0]?.directive === 'use strict';
    const variables = new Set();
    const functions = [];
    let text = source;
    const replace = (node, replacement) => {
        // Keeps line numbers.
        const lost = text.slice(node.start, node.end).split('\n').length - replacement.split('\n').length;
        text = `${text.slice(0, node.start)}${replacement}${'\n'.repeat(Math.max(lost, 0))}${text.slice(node.end)}`;
    };

    if (!isStrict)
        collectVariables(body, variables);
    // From the end, so that the positions of earlier nodes stay valid.
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

