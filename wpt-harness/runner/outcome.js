// outcome.js: how long a file may take, and what it comes to when it has no results
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {TIMEOUT_SECONDS, getTimeout} from '../shared/test-meta.js';
import {readText} from '../shared/text.js';

// A process that does not even time out by itself is ended this much later.
const GRACE_SECONDS = 10;

/** The results of a file that has none. */
export const failure = (status, message) => ({status, message, subtests: []});

/** The number of seconds after which a file has no more results to expect. */
export function getTimeLimit(file) {
    return TIMEOUT_SECONDS[getTimeout(readText(file))] + GRACE_SECONDS;
}
