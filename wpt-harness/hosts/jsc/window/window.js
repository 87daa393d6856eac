// window.js: the window that scripts of its realm see
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {pageOf} from './host.js';
import {isEvent} from './is-event.js';

const {EventTarget, addErrorHandler, addEventHandler, dispatch} = imports.overrides.webmessaging.eventTarget;
const {internalsOf} = imports.overrides.webmessaging.events;
const {setGlobalTarget} = imports.overrides.webmessaging.globalScope;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {setPlatformObject, stateOf} = imports.overrides.webmessaging.state;
const {ErrorEvent, Event, MessageEvent} = globalThis;

let isMaking = true;

/** HTML, nav-history-apis.html#the-window-object */
export class Window extends EventTarget {
    constructor() {
        if (!isMaking)
            throw new TypeError('Illegal constructor');
        super();
    }
}
defineInterface(Window, 'Window');
for (const type of ['message', 'messageerror', 'load', 'unload', 'pagehide', 'pageshow', 'beforeunload', 'hashchange',
    'unhandledrejection'])
    addEventHandler(Window, type);
addErrorHandler(Window);

/** The event target that the global object stands for. */
export const window = new Window();
isMaking = false;
setPlatformObject(globalThis);
stateOf(globalThis).isMessageSource = true;
setGlobalTarget(window, [EventTarget, Window]);

// The event may be of another realm.
const isOwnEvent = Function.prototype[Symbol.hasInstance].bind(Event);
const dispatchOwn = EventTarget.prototype.dispatchEvent;

function adoptEvent(event) {
    if (isOwnEvent(event) || !isEvent(event))
        return event;
    return 'data' in event ? new MessageEvent(event.type, event)
        : 'lineno' in event ? new ErrorEvent(event.type, event) : new Event(event.type, event);
}

Object.defineProperty(globalThis, 'dispatchEvent', {
    value: {
        dispatchEvent(...args) {
            return dispatchOwn.call(this, ...args.map(adoptEvent));
        },
    }.dispatchEvent,
    configurable: true, enumerable: true, writable: true,
});

/** Dispatches an event that has visited nodes. */
export const dispatchAtWindow = (_window, event) => dispatch(window, adoptEvent(event));

/** DOM, #concept-event-fire */
export function fire(target, type, init) {
    const event = new Event(type, init);

    internalsOf(event).isTrusted = true;
    if (target === globalThis)
        dispatch(window, event);
    else
        target.dispatchEvent(event);
}

export {pageOf};
