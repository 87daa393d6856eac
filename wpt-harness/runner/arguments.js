// arguments.js: the arguments of the runner
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {ENGINE_NAMES} from './engines.js';
import {UsageError} from './usage-error.js';

export const USAGE = `Usage: ./dev wpt [OPTION…] [PATTERN…]

Runs the test files whose path contains one of the patterns, or all of them.

  --engine NAME one of ${ENGINE_NAMES.join(', ')}; gjs, if none is given. gjs and jsc
                (JavaScriptCore) run this library, the others bring their own
  --compare     run them in every engine that is installed, and write docs/conformance.md if it was
                all of them
  --wpt DIR     the tests of a web-platform-tests checkout, not the suite of this folder
  --expectations DIR
                the folder of the files that say what fails, and why
  --update-expectations
                write down which subtests fail; the reasons are yours to add
  --json FILE   write the results in the wptreport format
  --html FILE   write them as a page to read
  --tap         print them in the Test Anything Protocol
  --help        print this text`;

const FLAGS = ['tap', 'compare', 'update-expectations', 'help'];
const VALUES = ['engine', 'wpt', 'expectations', 'json', 'html'];

export function parseArguments(args) {
    const options = {patterns: []};

    while (args.length > 0) {
        const arg = args.shift();
        const name = arg.slice(2);

        if (!arg.startsWith('-')) {
            options.patterns.push(arg);
        } else if (FLAGS.includes(name)) {
            options[name] = true;
        } else if (VALUES.includes(name)) {
            if (args.length === 0)
                throw new UsageError(`${arg} needs an argument`);
            options[name] = args.shift();
        } else {
            throw new UsageError(`no such option: ${arg}`);
        }
    }
    if (options.compare && (options.engine ?? options.json ?? options.html ?? options.tap) !== undefined)
        throw new UsageError('--compare chooses its engines, and prints a table');

    return options;
}
