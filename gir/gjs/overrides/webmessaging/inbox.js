// inbox.js: receive() and iteration at workers, which fire messages also when nobody waits
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported getInbox */

const {GObject, Gio} = imports.gi;
const {whenAborted} = imports.overrides.webmessaging.eventTarget;
const {callLibrary} = imports.overrides.webmessaging.errors;
const {iterate, toCancellable} = imports.overrides.webmessaging.ports;
const {adopt} = imports.overrides.webmessaging.realm;
const {stateOf} = imports.overrides.webmessaging.state;

const {connect, disconnect} = GObject.Object.prototype;

// A port that is not started keeps what nobody waits for. A worker is started when it is made; so once
// a script has asked for a message, this keeps the others, unless there are listeners for them or the
// worker is not started (a scope, while its script runs for the first time).
class Inbox {
    #target;
    #events = [];
    #consumers = new Set();
    #cancellable = null;
    #nIterations = 0;

    constructor(target) {
        this.#target = target;
    }

    get #keepsMessages() {
        const {isStarted, listeners, onmessage = null} = stateOf(this.#target);

        return isStarted && (this.#nIterations > 0 ||
            onmessage === null && ![...listeners?.values() ?? []].some(({type}) => type === 'message'));
    }

    // The target is about to be started, or has a handler for messages now.
    start() {
        this.take();
        Promise.resolve().then(() => this.flush());
    }

    // Asks the library for the next message, if anybody wants it.
    take() {
        if (this.#cancellable !== null || this.#consumers.size === 0 && !this.#keepsMessages)
            return;
        const cancellable = new Gio.Cancellable();

        this.#cancellable = cancellable;
        this.#target.receive_async(cancellable, (target, result) => {
            this.#cancellable = null;
            try {
                this.#deliver(target.receive_finish(result));
            } catch (error) {
                if (!cancellable.is_cancelled()) {
                    this.#consumers.forEach(({reject}) => reject(error));
                    this.#consumers.clear();
                    return;
                }
            }
            this.take();
        });
    }

    #deliver(event) {
        const [consumer] = this.#consumers;

        if (consumer === undefined) {
            this.#events.push(event);
            this.flush();
        } else {
            this.#consumers.delete(consumer);
            consumer.resolve(event);
        }
    }

    // Fires what is kept if somebody listens now.
    flush() {
        if (this.#keepsMessages || !stateOf(this.#target).isStarted)
            return;
        for (const event of this.#events.splice(0)) {
            stateOf(event).isTrusted = true;
            this.#target.dispatchEvent(event);
        }
    }

    async receive(options, where) {
        const {cancellable, signal} = toCancellable(options, where);
        const isAborted = signal?.aborted ?? cancellable?.is_cancelled() ?? false;
        let forget = () => {};

        if (isAborted)
            throw whyAborted(signal, cancellable);
        if (this.#events.length > 0)
            return this.#events.shift();
        try {
            return await new Promise((resolve, reject) => {
                const consumer = {resolve, reject};
                const abort = () => {
                    this.#forgetConsumer(consumer);
                    reject(whyAborted(signal, cancellable));
                };

                if (signal !== undefined) {
                    forget = whenAborted(signal, abort);
                } else if (cancellable !== null) {
                    // Gio.Cancellable has methods of its own with these names.
                    const id = connect.call(cancellable, 'cancelled', abort);

                    forget = () => disconnect.call(cancellable, id);
                }
                this.#consumers.add(consumer);
                this.take();
            });
        } finally {
            forget();
        }
    }

    #forgetConsumer(consumer) {
        this.#consumers.delete(consumer);
        if (this.#consumers.size === 0 && !this.#keepsMessages)
            this.#cancellable?.cancel();
    }

    async* iterate() {
        this.#nIterations++;
        this.take();
        try {
            yield* iterate(() => this.receive(null));
        } finally {
            this.#nIterations--;
            this.flush();
        }
    }
}

function whyAborted(signal, cancellable) {
    if (signal !== undefined)
        return signal.reason;
    try {
        return callLibrary(() => cancellable.set_error_if_cancelled());
    } catch (error) {
        return error;
    }
}

function getInbox(target) {
    adopt(target);
    return stateOf(target).inbox ??= new Inbox(target);
}
