// abort.js: AbortController and AbortSignal
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {assign} = imports.overrides.webmessaging.builtins;
const {deriveTarget, fireTrusted, makeWeakReference, startTimer} = imports.overrides.webmessaging.derivedClasses;
const {DOMException} = imports.overrides.webmessaging.domException;
const {addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {stateOf} = imports.overrides.webmessaging.state;
const {extend, nameClass, requireArguments, toSequence} = imports.overrides.webmessaging.webidl;

const makeReason = (reason, name = 'AbortError', message = 'The operation was aborted') =>
    reason === undefined ? new DOMException(message, name) : reason;

const toggle = (set, element, isIn) => isIn ? set.add(element) : set.delete(element);

// Timeouts that somebody listens to.
const timeouts = new Set();

// DOM, #abort-signal-garbage-collection: a signal that somebody listens to stays as long as what may abort it.
function keepIfHeard(signal) {
    const state = stateOf(signal);
    const isHeard = !state.aborted &&
        (state.hasListener || state.algorithms.size > 0 || state.heardDependents.size > 0);

    if (isHeard === state.isHeard)
        return;
    state.isHeard = isHeard;
    if (state.isTimeout)
        toggle(timeouts, signal, isHeard);
    for (const source of state.sources) {
        toggle(stateOf(source).heardDependents, signal, isHeard);
        keepIfHeard(source);
    }
}

// DOM, #abortsignal-add; returns what removes the algorithm again.
function addAlgorithm(signal, algorithm) {
    const {algorithms} = stateOf(signal);

    algorithms.add(algorithm);
    keepIfHeard(signal);
    return () => {
        algorithms.delete(algorithm);
        keepIfHeard(signal);
    };
}

function listenersChanged(signal, type, isListening) {
    if (type !== 'abort')
        return;
    stateOf(signal).hasListener = isListening;
    keepIfHeard(signal);
}

function addDependent(source, signal) {
    const state = stateOf(source);
    const {dependents} = state;

    dependents.add(stateOf(signal).reference);
    if (dependents.size < state.sweepAt)
        return;
    for (const reference of dependents) {
        if (reference.deref() === undefined)
            dependents.delete(reference);
    }
    state.sweepAt = Math.max(state.sweepAt, dependents.size * 2);
}

// DOM, #aborting-ongoing-activities. An engine that has them keeps its own.
function install(WebMessaging) {
    const {Event, EventTarget} = WebMessaging;
    let makesSignal = false;

    const AbortSignal = deriveTarget(EventTarget, 'AbortSignal', () => {
        if (!makesSignal)
            throw new TypeError('Illegal constructor');
        // sources: of a signal that any() has made
        // dependents: weak references to the signals that any() has made of this one
        return {
            aborted: false, algorithms: new Set(), sources: new Set(),
            dependents: new Set(), sweepAt: 100, heardDependents: new Set(),
            hasListener: false, isHeard: false, isTimeout: false,
            addAlgorithm, listenersChanged,
        };
    });

    function makeSignal() {
        makesSignal = true;
        try {
            return new AbortSignal();
        } finally {
            makesSignal = false;
        }
    }

    // DOM, #run-the-abort-steps
    function runAbortSteps(signal) {
        const {algorithms} = stateOf(signal);
        const event = new Event('abort');

        for (const algorithm of [...algorithms])
            algorithm();
        algorithms.clear();
        fireTrusted(signal, event);
    }

    function setAborted(signal, reason) {
        const state = stateOf(signal);

        assign(state, {aborted: true, reason});
        keepIfHeard(signal);
        for (const source of state.sources)
            stateOf(source).dependents.delete(state.reference);
        state.sources.clear();
    }

    // DOM, #abortsignal-signal-abort
    function signalAbort(signal, reason) {
        const {aborted, dependents} = stateOf(signal);

        if (aborted)
            return;
        const affected = [signal, ...[...dependents].map(reference => reference.deref())]
            .filter(other => other !== undefined && !stateOf(other).aborted);
        affected.forEach(other => setAborted(other, reason));
        dependents.clear();
        affected.forEach(runAbortSteps);
    }

    nameClass(AbortSignal, 'AbortSignal');
    extend(AbortSignal, {
        get aborted() {
            return stateOf(this).aborted;
        },
        get reason() {
            return stateOf(this).reason;
        },
        throwIfAborted() {
            const {aborted, reason} = stateOf(this);

            if (aborted)
                throw reason;
        },
    });
    addEventHandler(AbortSignal, 'abort');

    const statics = {
        abort(reason = undefined) {
            const signal = makeSignal();

            setAborted(signal, makeReason(reason));
            return signal;
        },
        timeout(...args) {
            requireArguments(args, 1, 'AbortSignal.timeout');
            const milliseconds = Number(args[0]);
            const signal = makeSignal();

            if (!Number.isFinite(milliseconds) || milliseconds < 0 || milliseconds > Number.MAX_SAFE_INTEGER)
                throw new TypeError('AbortSignal.timeout: the argument is not a number of milliseconds');
            const reference = makeWeakReference(signal);

            stateOf(signal).isTimeout = true;
            startTimer(Math.min(Math.trunc(milliseconds), 0xffffffff), () => {
                const waiting = reference.deref();

                if (waiting !== undefined)
                    signalAbort(waiting, makeReason(undefined, 'TimeoutError', 'The operation timed out'));
            });
            return signal;
        },
        // DOM, #create-a-dependent-abort-signal
        any(...args) {
            requireArguments(args, 1, 'AbortSignal.any');
            const signals = toSequence(args[0], 'AbortSignal.any');
            const result = makeSignal();

            if (!signals.every(signal => signal instanceof AbortSignal))
                throw new TypeError('AbortSignal.any: an element of the sequence is not an AbortSignal');
            const aborted = signals.find(signal => signal.aborted);
            if (aborted !== undefined) {
                setAborted(result, aborted.reason);
                return result;
            }
            const {sources} = stateOf(result);
            for (const signal of signals) {
                const own = stateOf(signal).sources;
                for (const source of own.size > 0 ? own : [signal])
                    sources.add(source);
            }
            stateOf(result).reference = makeWeakReference(result);
            for (const source of sources)
                addDependent(source, result);
            return result;
        },
    };
    for (const [name, value] of Object.entries(statics)) {
        Object.defineProperty(AbortSignal, name,
            {value, configurable: true, enumerable: true, writable: true});
    }
    Object.defineProperty(statics.abort, 'length', {value: 0, configurable: true});
    for (const name of ['timeout', 'any'])
        Object.defineProperty(statics[name], 'length', {value: 1, configurable: true});

    class AbortController {
        #signal = makeSignal();

        get signal() {
            return this.#signal;
        }

        abort(reason = undefined) {
            signalAbort(this.#signal, makeReason(reason));
        }
    }
    for (const name of ['signal', 'abort'])
        Object.defineProperty(AbortController.prototype, name, {enumerable: true});
    Object.defineProperty(AbortController.prototype.abort, 'length', {value: 0, configurable: true});
    Object.defineProperty(AbortController.prototype, Symbol.toStringTag,
        {value: 'AbortController', configurable: true});

    Object.assign(WebMessaging, {AbortController, AbortSignal});
}
