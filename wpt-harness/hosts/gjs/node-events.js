// node-events.js: dispatches events of the library at nodes
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

// A node is an object of domino and not an event target of the library. An event at a node also visits
// the ancestors of the node, and the window.

import WebMessaging from 'gi://WebMessaging?version=1';

import {isEvent} from './is-event.js';
import {dispatchAtWindow} from './window.js';

const {toListener, toRemovedListener} = imports.overrides.webmessaging.conversions;
const {callListener, whenAborted} = imports.overrides.webmessaging.eventTarget;
const {DOMException, Event} = WebMessaging;

const listeners = new WeakMap();
const handlers = new WeakMap();

function listenersOf(node) {
    if (!listeners.has(node))
        listeners.set(node, []);
    return listeners.get(node);
}

function findListener(node, type, callback, capture) {
    return listenersOf(node).find(listener =>
        listener.type === type && listener.callback === callback && listener.capture === capture);
}

function removeListener(node, listener) {
    const list = listenersOf(node);

    listener.removed = true;
    listener.forgetSignal?.();
    list.splice(list.indexOf(listener), 1);
}

// Overrides what the event reports: the library does not know that it is dispatched at nodes.
function defineState(event, state) {
    for (const [name, value] of Object.entries(state))
        Object.defineProperty(event, name, {value, configurable: true, writable: true});
}

// DOM, #concept-event-listener-invoke
function invoke(node, event, phase, isStopped) {
    defineState(event, {currentTarget: node, eventPhase: phase});
    for (const listener of [...listenersOf(node)]) {
        const {type, callback, capture, once, removed} = listener;

        if (removed || type !== event.type || phase === Event.CAPTURING_PHASE && !capture ||
            phase === Event.BUBBLING_PHASE && capture)
            continue;
        if (once)
            removeListener(node, listener);
        callListener(callback, node, event);
        if (isStopped())
            return;
    }
}

// DOM, #concept-event-dispatch. Departure: the window gets events that bubble, in that phase only.
function dispatch(node, event) {
    const path = [];
    let isStopped = false;

    for (let ancestor = node; ancestor !== null; ancestor = ancestor.parentNode)
        path.push(ancestor);
    const window = path.at(-1).defaultView ?? null;
    defineState(event, {
        target: node,
        srcElement: node,
        composedPath: () => window === null ? [...path] : [...path, window],
        stopImmediatePropagation() {
            isStopped = true;
            event.stopPropagation();
        },
    });

    const visit = (target, phase) => event.cancelBubble || invoke(target, event, phase, () => isStopped);
    path.slice(1).reverse().forEach(ancestor => visit(ancestor, Event.CAPTURING_PHASE));
    visit(node, Event.AT_TARGET);
    if (event.bubbles) {
        path.slice(1).forEach(ancestor => visit(ancestor, Event.BUBBLING_PHASE));
        if (window !== null && !event.cancelBubble) {
            defineState(event, {currentTarget: window});
            dispatchAtWindow(window, event);
        }
    }
    for (const name of ['currentTarget', 'eventPhase', 'composedPath', 'stopImmediatePropagation'])
        delete event[name];
}

/** DOM, #interface-eventtarget, of nodes */
export const nodeEvents = {
    addEventListener(...args) {
        const {type, callback, capture, once, signal} = toListener(args);

        if (callback === null || signal?.aborted || findListener(this, type, callback, capture) !== undefined)
            return;

        const listener = {type, callback, capture, once, removed: false};
        listenersOf(this).push(listener);
        if (signal !== undefined)
            listener.forgetSignal = whenAborted(signal, () => removeListener(this, listener));
    },

    removeEventListener(...args) {
        const {type, callback, capture} = toRemovedListener(args);
        const listener = findListener(this, type, callback, capture);

        if (listener !== undefined)
            removeListener(this, listener);
    },

    dispatchEvent(event) {
        if (!isEvent(event))
            throw new TypeError('EventTarget.dispatchEvent: the argument is not an Event');
        if (event.eventPhase !== Event.NONE)
            throw new DOMException('The event is already being dispatched', 'InvalidStateError');
        dispatch(this, event);
        return !event.defaultPrevented;
    },
};

/** The handler of a node for a type of events: HTML, webappapis.html#event-handlers */
export const getHandler = (node, type) => handlers.get(node)?.[type]?.callback ?? null;

export function setHandler(node, type, callback) {
    if (!handlers.has(node))
        handlers.set(node, {});
    const own = handlers.get(node);

    // A handler that is replaced keeps its place among the listeners.
    if (own[type] === undefined) {
        own[type] = {};
        node.addEventListener(type, event => {
            if (own[type].callback?.call(node, event) === false)
                event.preventDefault();
        });
    }
    own[type].callback = typeof callback === 'function' ? callback : null;
}
