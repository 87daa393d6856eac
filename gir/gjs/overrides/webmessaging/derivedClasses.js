// derivedClasses.js: what the classes of AbortSignal need of GObject and GLib
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported deriveTarget, fireTrusted, makeWeakReference, startTimer */

const {GLib, GObject} = imports.gi;
const {stateOf} = imports.overrides.webmessaging.state;

// A class of event targets; makeState() may throw.
function deriveTarget(EventTarget, name, makeState) {
    return GObject.registerClass({GTypeName: `WebScript${name}`}, class extends EventTarget {
        _init() {
            const state = makeState();

            super._init();
            Object.assign(stateOf(this), state);
        }
    });
}

// DOM, #concept-event-fire
function fireTrusted(target, event) {
    stateOf(event).isTrusted = true;
    return target.dispatchEvent(event);
}

// A WeakRef of GJS 1.74 keeps its object.
function makeWeakReference(target) {
    const group = GObject.SignalGroup.new(GObject.Object.$gtype);

    group.set_target(target);
    return {deref: () => group.dup_target() ?? undefined};
}

function startTimer(milliseconds, callback) {
    const source = GLib.timeout_source_new(milliseconds);

    source.set_callback(() => {
        callback();
        return GLib.SOURCE_REMOVE;
    });
    source.attach(GLib.MainContext.ref_thread_default());
}
