// declarations.js: turns declarations of a script into properties of its window
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// A script runs in a with statement on its window. Its top-level declarations have to become properties
// of the window, because the other scripts of the page can use them.

import {requirePackage} from '../../shared/packages.js';

/** Adds the names that a pattern declares. */
export function collectPattern(pattern, names) {
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

/** Replaces parts of a source, which are {start, end, text}. Keeps line numbers. */
export function replaceParts(source, parts) {
    let result = source;

    // From the end, so that the positions of earlier parts stay valid.
    for (const {start, end, text} of [...parts].sort((a, b) => b.start - a.start)) {
        const lost = source.slice(start, end).split('\n').length - text.split('\n').length;

        result = `${result.slice(0, start)}${text}${'\n'.repeat(Math.max(lost, 0))}${result.slice(end)}`;
    }
    return result;
}

function collectImports(node, parts, text) {
    if (node === null || typeof node !== 'object')
        return;
    if (node.type === 'ImportExpression' || node.type === 'MetaProperty' && node.meta.name === 'import')
        parts.push({start: node.start, end: node.start + 'import'.length, text});
    for (const key in node)
        collectImports(node[key], parts, text);
}

let acorn;

/** Parses a script or module, in which `import(…)` and `import.meta` have become `import_(…)` and
 * `import_.meta`.
 * replacement: what stands for `import` then */
export function parse(source, sourceType, url, replacement = 'import_') {
    acorn ??= requirePackage('acorn');
    const parseText = text => {
        try {
            return acorn.parse(text, {ecmaVersion: 'latest', sourceType, allowHashBang: true});
        } catch (error) {
            // The place is in the script, and not in acorn.
            error.stack = `@${url}:${error.loc?.line}:${error.loc?.column + 1}\n`;
            throw error;
        }
    };

    if (!/\bimport\s*[(.]/.test(source))
        return {source, body: parseText(source).body};
    const parts = [];
    collectImports(parseText(source).body, parts, replacement);
    const text = replaceParts(source, parts);
    return {source: text, body: parseText(text).body};
}

// Rewrites a declaration as assignments; the properties of the window exist already.
function toAssignments(node, source) {
    const parts = node.declarations.filter(({init}) => init !== null)
        .map(({start, end}) => `(${source.slice(start, end)})`);

    return `;${parts.join(', ')};`;
}

/** The rewritten text of a script, and the names that it declares. */
export function analyze(script, url) {
    const {source, body} = parse(script, 'script', url);
    const isStrict = body[0]?.directive === 'use strict';
    const variables = new Set();
    const functions = [];
    const parts = [];

    if (!isStrict)
        collectVariables(body, variables);
    for (const node of body) {
        const {start, end} = node;

        if (node.type === 'FunctionDeclaration') {
            functions.push(node.id.name);
        } else if (node.type === 'VariableDeclaration' && (isStrict || node.kind !== 'var')) {
            node.declarations.forEach(({id}) => collectPattern(id, variables));
            parts.push({
                start, end, text: isStrict ? toAssignments(node, source)
                    : `var ${source.slice(start + node.kind.length, end)}`,
            });
        } else if (node.type === 'ClassDeclaration') {
            variables.add(node.id.name);
            parts.push({start, end, text: `${isStrict ? ';' : 'var '}${node.id.name} = ${source.slice(start, end)};`});
        }
    }

    return {text: replaceParts(source, parts), isStrict, variables, functions};
}
