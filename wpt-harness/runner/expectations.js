// expectations.js: which failures are expected, and why
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Each file of tests with expected failures has a JSON file, with an entry for each engine. One that is
// named "gjs in dedicatedworker" takes its place in that global scope.
//
//   {"gjs": {"file": "why the file as a whole does not end well",
//            "subtests": {"name of a subtest": "why it fails"}}}
//
// A subtest that passes although a failure was expected, one that does not exist any more, and one
// without a reason are as unexpected as a failure that is not in the file.

import {readText, writeText} from '../shared/text.js';

// Whether the same things fail, whatever their order and reasons.
function isEqual(a, b) {
    const names = ({subtests}) => Object.keys(subtests).sort().join('\n');

    return ('file' in a) === ('file' in b) && names(a) === names(b);
}

export class Expectations {
    constructor(folder, engine) {
        this._folder = folder;
        this._engine = engine;
    }

    _getFile({source}) {
        return this._folder.resolve_relative_path(`${source}.json`);
    }

    _read(result) {
        const file = this._getFile(result);

        return file.query_exists(null) ? JSON.parse(readText(file)) : {};
    }

    // The name of the entry for a global scope other than the one that comes first.
    _getOwnName({global}) {
        return `${this._engine} in ${global}`;
    }

    _find(all, result) {
        return all[this._getOwnName(result)] ?? all[this._engine];
    }

    /** Adds what is unexpected to a result, and the reasons to the subtests that fail. */
    apply(result) {
        const {file = null, subtests = {}} = this._find(this._read(result), result) ?? {};
        const missing = new Map(Object.entries(subtests));

        result.unexpected = [];
        result.reason = file;
        if (result.status !== 'OK' && !file)
            result.unexpected.push({name: null, status: result.status, message: result.message});
        else if (result.status === 'OK' && file !== null)
            result.unexpected.push({name: null, status: 'OK', message: 'An error was expected'});

        for (const subtest of result.subtests) {
            const {name, status, message} = subtest;
            const reason = missing.get(name);

            missing.delete(name);
            if (status === 'PASS') {
                if (reason !== undefined)
                    result.unexpected.push({name, status, message: 'A failure was expected'});
            } else if (reason) {
                subtest.reason = reason;
            } else {
                result.unexpected.push({name, status, message});
            }
        }
        if (file === null) {
            for (const name of missing.keys())
                result.unexpected.push({name, status: 'NOTRUN', message: 'There is no such subtest'});
        }
    }

    /** Writes the file for a result; it keeps the known reasons. */
    update(result) {
        const all = this._read(result);
        const {file = '', subtests = {}} = this._find(all, result) ?? {};
        const failed = result.subtests.filter(({status}) => status !== 'PASS');
        const entry = {
            ...result.status === 'OK' ? {} : {file},
            subtests: Object.fromEntries(failed.map(({name}) => [name, subtests[name] ?? ''])),
        };
        const isKnown = result.isFirst ? result.status === 'OK' && failed.length === 0
            : isEqual(entry, all[this._engine] ?? {subtests: {}});
        const name = result.isFirst ? this._engine : this._getOwnName(result);

        if (isKnown)
            delete all[name];
        else
            all[name] = entry;
        this._write(this._getFile(result), all);
    }

    _write(target, all) {
        if (Object.keys(all).length > 0) {
            const folder = target.get_parent();

            if (!folder.query_exists(null))
                folder.make_directory_with_parents(null);
            writeText(target, `${JSON.stringify(all, null, 2)}\n`);
        } else if (target.query_exists(null)) {
            target.delete(null);
        }
    }
}
