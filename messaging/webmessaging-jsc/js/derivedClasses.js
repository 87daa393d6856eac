// derivedClasses.js: what the classes of AbortSignal need of the engine
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported deriveTarget, fireTrusted, makeWeakReference, startTimer */

const {assign} = imports.overrides.webmessaging.builtins;
const {dispatch} = imports.overrides.webmessaging.eventTarget;
const {internalsOf} = imports.overrides.webmessaging.events;
const {stateOf} = imports.overrides.webmessaging.state;
const {startTimer: start} = imports.overrides.webmessaging.timers;

// A class of event targets; makeState() may throw.
function deriveTarget(EventTarget, _name, makeState) {
    return class extends EventTarget {
        constructor() {
            const state = makeState();

            super();
            assign(stateOf(this), state);
        }
    };
}

// DOM, #concept-event-fire
function fireTrusted(target, event) {
    internalsOf(event).isTrusted = true;
    return dispatch(target, event);
}

function makeWeakReference(target) {
    return new WeakRef(target);
}

function startTimer(milliseconds, callback) {
    start(milliseconds, callback);
}
