// window-realm.js: a window, in its own realm
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {makeParser} from './document.js';
import {installWindowGlobals} from './window-globals.js';
import {fire, window} from './window.js';

const {natives} = imports;
const {reportException} = imports.overrides.webmessaging.errors;
const {Dispatch, dispatch} = imports.overrides.webmessaging.eventTarget;
const {makeEvent, makeMessageEvent} = imports.overrides.webmessaging.events;
const {stateOf} = imports.overrides.webmessaging.state;
const {moduleScripts} = imports.overrides.webmessaging.workers;
const {requireArguments, toDictionary, toSequence, toUSVString} = imports.overrides.webmessaging.webidl;
const {DOMException, ErrorEvent, MessageChannel} = globalThis;

// Messages go through a channel, to which they come from one window after the other.
const {port1, port2} = new MessageChannel();
const senders = [];

// The event at the port becomes one at the window; nobody listens at the port itself.
stateOf(port2).redirect = event => {
    const {origin, getSource, accepts} = senders.shift();
    const {type, data, ports} = event;

    return accepts() ? new Dispatch(window, makeMessageEvent(type, {data, origin, source: getSource(), ports}))
        : new Dispatch(port2, event);
};
port2.start();

// The dictionary WindowPostMessageOptions, or the targetOrigin and the transfer list
function readArguments(args) {
    requireArguments(args, 1, 'Window.postMessage');
    const where = 'Window.postMessage';
    const [message, second, third] = args;

    if (args.length > 2 || typeof second !== 'object' && second !== undefined)
        return {message, targetOrigin: toUSVString(second), transfer: third === undefined ? [] : toSequence(third, where)};
    const {targetOrigin, transfer} = toDictionary(second, where);

    return {
        message,
        targetOrigin: targetOrigin === undefined ? '/' : toUSVString(targetOrigin),
        transfer: transfer === undefined ? [] : toSequence(transfer, where),
    };
}

const postToWindow = (args, sender) => {
    const {message, transfer} = args;

    port1.postMessage(message, transfer);
    senders.push(sender);
};

// A worker of the same origin only. What nobody handles at it is for the window: HTML,
// webappapis.html#runtime-script-errors-2
function guard(klass) {
    const guarded = new Proxy(klass, {
        construct(_class, [...args], newTarget) {
            if (args.length === 0)
                return new klass();
            const [reference, ...rest] = args;
            const url = globalThis.URL.parse(`${reference}`, globalThis.document.baseURI);
            if (url === null)
                throw new DOMException(`Invalid URL: ${reference}`, 'SyntaxError');
            const isForeign = url.protocol !== 'data:' && url.origin !== globalThis.origin;
            const worker = Reflect.construct(klass, [isForeign ? 'about:blank' : `${reference}`, ...rest], newTarget);

            stateOf(worker).unhandled = event => {
                if (event instanceof ErrorEvent) {
                    const {message, filename, lineno, colno} = event;

                    dispatch(window, makeEvent('error', {message, filename, lineno, colno, error: null}));
                }
            };
            return worker;
        },
    });

    klass.prototype.constructor = guarded;
    Object.defineProperty(globalThis, klass.name, {value: guarded, configurable: true, writable: true});
}
guard(globalThis.Worker);
guard(globalThis.SharedWorker);

// Workers can be modules; those of windows are not run here.
moduleScripts.load = () => {
    throw new TypeError('Windows run their modules');
};

const {evaluate, shutDown} = natives;

function throwError(name, message) {
    throw new DOMException(message, name);
}

const global = globalThis;

export {
    DOMException, evaluate, fire, global, installWindowGlobals, makeParser, postToWindow, readArguments, reportException,
    shutDown, throwError,
};
