// expectations.js: which failures are expected, and why
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// Each test with expected failures has a JSON file, with an entry for each engine:
//
//   {"gjs": {"file": "why the file as a whole does not end well",
//            "subtests": {"name of a subtest": "why it fails"}}}
//
// A subtest that passes although a failure was expected, one that does not exist any more, and one
// without a reason are as unexpected as a failure that is not in the file.

import {readText, writeText} from '../shared/text.js';

export class Expectations {
    constructor(folder, engine) {
        this._folder = folder;
        this._engine = engine;
    }

    _getFile(test) {
        return this._folder.resolve_relative_path(`${test}.json`);
    }

    _read(test) {
        const file = this._getFile(test);

        return file.query_exists(null) ? JSON.parse(readText(file)) : {};
    }

    /** Adds what is unexpected to a result, and the reasons to the subtests that fail. */
    apply(result) {
        const {file = null, subtests = {}} = this._read(result.test)[this._engine] ?? {};
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
        const all = this._read(result.test);
        const {file = '', subtests = {}} = all[this._engine] ?? {};
        const failed = result.subtests.filter(({status}) => status !== 'PASS');

        delete all[this._engine];
        if (result.status !== 'OK' || failed.length > 0) {
            all[this._engine] = {
                ...result.status === 'OK' ? {} : {file},
                subtests: Object.fromEntries(failed.map(({name}) => [name, subtests[name] ?? ''])),
            };
        }

        const target = this._getFile(result.test);
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
