// names.mjs: prints the names in the types, as JSON: names.mjs FILE NAMESPACE
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import fs from 'node:fs';
import process from 'node:process';

import ts from 'typescript';

const [, , path, namespace] = process.argv;
const source = ts.createSourceFile(path, fs.readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
const result = {};

function addMembers(name, statics, prototype) {
    const entry = result[name] ??= {statics: [], prototype: []};

    entry.statics.push(...statics);
    entry.prototype.push(...prototype);
}

const isStatic = member => member.modifiers?.some(({kind}) => kind === ts.SyntaxKind.StaticKeyword);
const namesOf = members => members.filter(({name}) => name !== undefined && !ts.isComputedPropertyName(name))
    .map(({name}) => name.text);
const declarationsOf = ({declarationList}) => declarationList.declarations;

function addStatement(node) {
    const name = node.name?.text;

    if (ts.isClassDeclaration(node))
        addMembers(name, namesOf(node.members.filter(isStatic)), namesOf(node.members.filter(member => !isStatic(member))));
    else if (ts.isInterfaceDeclaration(node))
        addMembers(name, [], namesOf(node.members));
    else if (ts.isEnumDeclaration(node))
        addMembers(name, namesOf(node.members), []);
    else if (ts.isModuleDeclaration(node))
        addMembers(name, node.body.statements.filter(ts.isVariableStatement).flatMap(statement => namesOf(declarationsOf(statement))), []);
    else if (ts.isFunctionDeclaration(node))
        result[name] = null;
    else if (ts.isVariableStatement(node))
        namesOf(declarationsOf(node)).forEach(variable => { result[variable] = null; });
}

const module = source.statements.find(node => node.name?.text === `gi://${namespace}?version=1`);

module.body.statements.find(ts.isModuleDeclaration).body.statements.forEach(addStatement);
// An interface alone is nothing that a program finds.
for (const [name, entry] of Object.entries(result)) {
    if (entry !== null && entry.statics.length === 0 && entry.prototype.length > 0 && /Options$|Init$/.test(name))
        delete result[name];
}
process.stdout.write(JSON.stringify(result));
