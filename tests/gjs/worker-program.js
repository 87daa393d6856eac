// worker-program.js: a program that makes its scope itself
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

const scope = WebMessaging.WorkerGlobalScope.from_environment();

scope.onmessage = event => {
    scope.postMessage([
        scope.name, scope.get_data().deepUnpack(), event.data, event.target === scope,
        scope instanceof WebMessaging.DedicatedWorkerGlobalScope,
    ]);
    scope.report_exception('own report', null, 0, 0, null, null);
    scope.close();
};
scope.run();
