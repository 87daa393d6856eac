// outcome.js: how long a file may take, and the result of one that never reports
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {TIMEOUT_SECONDS, getTimeout} from '../shared/test-meta.js';
import {readText} from '../shared/text.js';

// A host that does not end after the test's own timeout is killed this much later.
const GRACE_SECONDS = 10;

/** The result of a file that reported none. */
export const failure = (status, message) => ({status, message, subtests: []});

/** The number of seconds after which the runner gives up on a file. */
export function getTimeLimit(file) {
    return TIMEOUT_SECONDS[getTimeout(readText(file))] + GRACE_SECONDS;
}
