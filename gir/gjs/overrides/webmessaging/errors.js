// errors.js: errors of the library, as scripts know them, and those of scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported callLibrary, reportException */

const {GLib} = imports.gi;
const {DOMException} = imports.overrides.webmessaging.domException;

function callLibrary(call) {
    try {
        return call();
    } catch (error) {
        const {MessagingError, dom_exception_get_name: getName, messaging_error_quark: getDomain} =
            imports.gi.WebMessaging;

        if (!(error instanceof GLib.Error) || error.domain !== getDomain())
            throw error;
        if (error.code === MessagingError.INVALID_ARGUMENT)
            throw new TypeError(error.message);
        throw new DOMException(error.message, getName(error));
    }
}

// HTML, webappapis.html#report-an-exception
function reportException(error) {
    if (typeof globalThis.reportError === 'function')
        globalThis.reportError(error);
    else
        logError(error);
}
