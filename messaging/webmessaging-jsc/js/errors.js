// errors.js: errors of the library, as scripts know them, and those of scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported callLibrary, extractError, reportException, setErrorTarget, toException */

const {natives} = imports;

// The functions that call C throw what scripts expect.
var callLibrary = call => call();

function toException({name, message}) {
    const {DOMException} = imports.overrides.webmessaging.domException;

    return name === 'TypeError' ? new TypeError(message) : new DOMException(message, name);
}

// Files that no program has written.
const isOwnFrame = line => line.includes('resource:///org/webmessaging/');

function toText(value) {
    try {
        return `${value}`;
    } catch {
        return 'an exception';
    }
}

// HTML, webappapis.html#extract-error
function extractError(error) {
    const isError = typeof error === 'object' && error !== null && typeof error.stack === 'string';
    const frames = isError ? error.stack.split('\n').filter(line => line !== '' && !isOwnFrame(line)) : [];
    const [, file, line, column] = frames.map(frame => /^(?:.*?@)?(.*):(\d+):(\d+)$/.exec(frame))
        .find(match => match !== null) ??
        [null, error?.sourceURL ?? '', error?.line ?? 0, error?.column ?? 0];

    return {
        message: `Uncaught ${toText(error)}`,
        filename: isError ? `${file}` : '',
        lineno: isError ? Number(line) : 0,
        colno: isError ? Number(column) : 0,
        stack: frames.join('\n'),
        error,
    };
}

// Where the exceptions of the realm are fired before they are reported; null if the global object is not an
// event target.
let errorTarget = null;
let reporting = false;

function setErrorTarget(target) {
    errorTarget = target;
}

// HTML, webappapis.html#report-an-exception
function reportException(error) {
    const {toCString} = imports.overrides.webmessaging.cString;
    const details = extractError(error);
    const {message, filename, lineno, colno, stack} = details;

    if (errorTarget !== null && !reporting) {
        const {fireTrusted} = imports.overrides.webmessaging.derivedClasses;
        const {ErrorEvent} = imports.overrides.webmessaging.events;

        reporting = true;
        try {
            if (!fireTrusted(errorTarget, new ErrorEvent('error', {cancelable: true, ...details})))
                return;
        } finally {
            reporting = false;
        }
    }
    natives.report(toCString(message), toCString(filename), lineno, colno, toCString(stack));
}
