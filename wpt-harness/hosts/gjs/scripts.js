// scripts.js: what is a script
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/** MIME Sniffing, #javascript-mime-type */
export const isScriptType = type => /^(text|application)\/(x-)?(java|ecma)script$/.test(type);

/** Whether a response may be run as the script of a worker: HTML, webappapis.html#fetch-a-classic-worker-script */
export const isWorkerScript = (response, url) =>
    response !== null && (!/^https?:$/.test(url.protocol) || isScriptType(response.type));
