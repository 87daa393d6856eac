// errors.js: errors of the library, as scripts know them, and those of scripts
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported callLibrary, install, reportException */

const {GLib, Gio} = imports.gi;
const {DOMException} = imports.overrides.webmessaging.domException;
const {requireVariants} = imports.overrides.webmessaging.mistakes;

// An error of the library, or of a class of the program that it has called; that one is the cause.
function toException(error) {
    const {MessagingError, dom_exception_get_name: getName} = imports.gi.WebMessaging;
    const name = getName(error) ??
        (error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED) ? 'AbortError' : 'OperationError');
    const exception = error.matches(MessagingError, MessagingError.INVALID_ARGUMENT)
        ? new TypeError(error.message) : new DOMException(error.message, name);

    Object.defineProperty(exception, 'cause', {value: error, configurable: true, writable: true});
    Object.defineProperty(exception, 'matches',
        {value: (domain, code) => error.matches(domain, code), configurable: true, writable: true});
    return exception;
}

function callLibrary(call) {
    try {
        return call();
    } catch (error) {
        throw error instanceof GLib.Error ? toException(error) : error;
    }
}

// The methods of a class or namespace throw what scripts expect.
function convertErrors(owner, names) {
    for (const name of names) {
        const method = owner[name];

        owner[name] = function (...args) {
            return callLibrary(() => method.apply(this, args));
        };
    }
}

function install({
    BroadcastChannel, DedicatedWorkerGlobalScope, EventTarget, MessagePort, Origin, SerializedData,
    Window, Worker, WorkerGlobalScope,
}) {
    for (const klass of [BroadcastChannel, DedicatedWorkerGlobalScope, MessagePort, Worker])
        requireVariants(klass);
    convertErrors(BroadcastChannel.prototype, ['post_message', 'post_serialized']);
    convertErrors(DedicatedWorkerGlobalScope.prototype, ['post_message', 'post_serialized', 'receive_finish']);
    convertErrors(EventTarget.prototype, ['dispatch_event']);
    convertErrors(MessagePort, [
        'flush_all', 'new_for_launcher', 'new_from_environment', 'new_from_fd', 'new_from_fd_list',
        'new_from_socket', 'take_over',
    ]);
    convertErrors(MessagePort.prototype, [
        'drain_finish', 'hand_over', 'post_message', 'post_serialized', 'receive_finish', 'steal_fd',
        'steal_socket', 'steal_to_fd_list',
    ]);
    convertErrors(Origin, ['new_for_url']);
    convertErrors(SerializedData, ['new', 'new_from_bytes']);
    convertErrors(SerializedData.prototype, ['deserialize', 'get_value', 'to_bytes']);
    convertErrors(Window, ['new']);
    convertErrors(Window.prototype, ['post_message', 'post_serialized']);
    convertErrors(Worker, ['new_process']);
    convertErrors(Worker.prototype, ['post_message', 'post_serialized', 'receive_finish']);
    convertErrors(WorkerGlobalScope, ['from_environment']);
}

// HTML, webappapis.html#report-an-exception
function reportException(error) {
    if (typeof globalThis.reportError === 'function')
        globalThis.reportError(error);
    else
        logError(error);
}
