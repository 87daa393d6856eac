// navigator.js: Navigator and WorkerNavigator
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {nProcessors} from './platform.js';

/** HTML, system-state.html#the-navigator-object, what workers have of it, too */
export class WorkerNavigator {
    get userAgent() {
        return 'libwebmessaging';
    }

    get onLine() {
        return true;
    }

    get language() {
        return 'en';
    }

    get languages() {
        return Object.freeze(['en']);
    }

    get hardwareConcurrency() {
        return nProcessors;
    }
}

export class Navigator extends WorkerNavigator {}
