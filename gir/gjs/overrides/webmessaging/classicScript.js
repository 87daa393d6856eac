// classicScript.js: runs classic scripts one after the other in the global scope
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported runClassic */

const {notePrefix} = imports.overrides.webmessaging.scriptUrls;
const {nameScript} = imports.overrides.webmessaging.urlParts;

const isFunction = ({type}) => /^(Function(Declaration|Expression)|ArrowFunctionExpression|Class.*)$/.test(type);

function* namesOf(pattern) {
    switch (pattern?.type) {
    case 'Identifier':
        yield pattern.name;
        break;
    case 'ObjectPattern':
        for (const {expression, value} of pattern.properties)
            yield* namesOf(value ?? expression);
        break;
    case 'ArrayPattern':
        for (const element of pattern.elements)
            yield* namesOf(element);
        break;
    case 'AssignmentExpression':
        yield* namesOf(pattern.left);
        break;
    case 'SpreadExpression':
        yield* namesOf(pattern.expression);
        break;
    }
}

// The variables that a function or script declares with var, wherever they are in it.
function* findVars(node) {
    if (typeof node !== 'object' || node === null || node.type !== undefined && isFunction(node))
        return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var')
        yield* node.declarations.flatMap(({id}) => [...namesOf(id)]);
    for (const child of Object.values(node))
        yield* findVars(child);
}

// What a script declares, where an eval() keeps that to itself.
function findHidden({body}) {
    const names = [];
    const directives = body.findIndex(({type, expression}) =>
        type !== 'ExpressionStatement' || typeof expression.value !== 'string');
    const isStrict = body.slice(0, directives < 0 ? body.length : directives)
        .some(({expression}) => expression.value === 'use strict');

    for (const statement of body) {
        const {type, kind, declarations, id} = statement;

        if (type === 'VariableDeclaration' && kind !== 'var')
            names.push(...declarations.flatMap(declaration => [...namesOf(declaration.id)]));
        else if (type === 'ClassStatement' || isStrict && type === 'FunctionDeclaration')
            names.push(id.name);
        else if (isStrict)
            names.push(...findVars(statement));
    }
    return {names: [...new Set(names)], isStrict};
}

// HTML, webappapis.html#run-a-classic-script. All the classic scripts of a global object see what each
// of them declares. An eval() in the global scope does that for functions and var; let, const and
// classes remain its own, and in strict mode all of them do. So the script begins with a call that
// makes properties of them, which are there in time for a script that it imports.
function share(text) {
    let hidden;

    try {
        hidden = findHidden(Reflect.parse(text, {loc: false}));
    } catch {
        return '';
    }
    const {names, isStrict} = hidden;
    if (names.length === 0)
        return '';
    Object.defineProperty(globalThis, '$share', {
        value(accessors) {
            delete globalThis.$share;
            for (const [name, [get, set]] of Object.entries(accessors)) {
                // What GJS has put there stays what it is for other scripts.
                if (Object.getOwnPropertyDescriptor(globalThis, name)?.configurable !== false)
                    Object.defineProperty(globalThis, name, {get, set, configurable: true, enumerable: false});
            }
        },
        configurable: true,
    });
    return `${isStrict ? '"use strict";' : ''}$share({${names.map(name =>
        `${name}:[()=>${name},$=>{${name}=$}]`).join()}});`;
}

function runClassic(text, url, isFirst) {
    const isAlone = isFirst && !/importScripts|use strict/.test(text);
    const prefix = isAlone || Reflect.parse === undefined ? '' : share(text);

    notePrefix(url, prefix.length);
    (0, eval)(`${prefix}${text}\n//# sourceURL=${nameScript(url)}`);
}
