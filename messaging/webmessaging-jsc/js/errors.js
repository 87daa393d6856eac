// errors.js: errors of the library, as scripts know them, and those of scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported callLibrary, extractError, forgetReports, reportException, reportRejection, setErrorTarget, toException */

const {toText} = imports.overrides.webmessaging.webidl;
const {natives} = imports;

// The functions that call C throw what scripts expect.
var callLibrary = call => call();

function toException({name, message}) {
    const {DOMException} = imports.overrides.webmessaging.domException;

    return name === 'TypeError' ? new TypeError(message) : new DOMException(message, name);
}

// Files that no program has written.
const isOwnFrame = line => line.includes('resource:///org/webmessaging/');

// As toText(): undefined if a getter throws.
function read(object, name) {
    try {
        return object[name];
    } catch {
        return undefined;
    }
}

// HTML, webappapis.html#extract-error
function extractError(error, prefix = 'Uncaught') {
    const stack = typeof error === 'object' && error !== null ? read(error, 'stack') : undefined;
    const isError = typeof stack === 'string';
    const frames = isError ? stack.split('\n').filter(line => line !== '' && !isOwnFrame(line)) : [];
    const [, file, line, column] = frames.map(frame => /^(?:.*?@)?(.*):(\d+):(\d+)$/.exec(frame))
        .find(match => match !== null) ??
        [null, ...isError ? ['sourceURL', 'line', 'column'].map(name => read(error, name)) : []];

    return {
        message: `${prefix} ${toText(error)}`,
        filename: toText(file ?? ''),
        lineno: Number(toText(line)) >>> 0,
        colno: Number(toText(column)) >>> 0,
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

// A script that was ended from outside ran no `finally` block.
function forgetReports() {
    reporting = false;
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

function tellHost({message, filename, lineno, colno, stack}) {
    const {toCString} = imports.overrides.webmessaging.cString;

    natives.reportToHost(toCString(message), toCString(filename), lineno, colno, toCString(stack));
}

// HTML, webappapis.html#notify-about-rejected-promises. The engine calls this when the microtasks have run and a
// promise is still rejected without a handler; it does not tell when the promise gets one later. An event comes in
// a task of its own, so that a listener that rejects promises itself does not keep the engine from returning.
function reportRejection(promise, reason) {
    const details = extractError(reason, 'Uncaught (in promise)');

    if (errorTarget === null) {
        tellHost(details);
        return;
    }
    const {fireTrusted, startTimer} = imports.overrides.webmessaging.derivedClasses;
    const {PromiseRejectionEvent} = imports.overrides.webmessaging.events;

    startTimer(0, () => {
        if (fireTrusted(errorTarget, new PromiseRejectionEvent('unhandledrejection', {cancelable: true, promise, reason})))
            tellHost(details);
    });
}
