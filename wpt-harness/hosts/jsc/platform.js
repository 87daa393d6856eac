// platform.js: what the harness needs of the system, in JavaScriptCore
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

const {DOMException} = globalThis;
const {
    harness, isFile, isFolder, makeId, nProcessors, readFile, removeFile, temporaryFolder, writeFile,
} = imports.natives;

export {DOMException, harness, isFile, isFolder, makeId, nProcessors, readFile, removeFile, temporaryFolder, writeFile};
