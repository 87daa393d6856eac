// ports.js: MessagePort and MessageChannel
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install, iterate, toCancellable */

const {Gio, WebMessagingPrivate} = imports.gi;
const {toSignal} = imports.overrides.webmessaging.conversions;
const {addEventHandler, whenAborted} = imports.overrides.webmessaging.eventTarget;
const {postMessage} = imports.overrides.webmessaging.messages;
const {adopt} = imports.overrides.webmessaging.realm;
const {stateOf} = imports.overrides.webmessaging.state;
const {extend, nameClass, toDictionary} = imports.overrides.webmessaging.webidl;

function toCancellable(options, where) {
    if (options === null || options instanceof Gio.Cancellable)
        return {cancellable: options};
    if (typeof options !== 'object' && options !== undefined)
        throw new TypeError(`${where}: the argument is neither a Gio.Cancellable nor {signal}`);

    const {signal} = toDictionary(options, where);
    return signal === undefined ? {cancellable: null}
        : {cancellable: new Gio.Cancellable(), signal: toSignal(signal, where)};
}

function promise(port, options, where, {start, finish}) {
    const {cancellable, signal} = toCancellable(options, where);
    let forgetSignal = () => {};

    if (signal?.aborted)
        return Promise.reject(signal.reason);
    if (signal !== undefined)
        forgetSignal = whenAborted(signal, () => cancellable.cancel());
    return new Promise((resolve, reject) => {
        start.call(port, cancellable, (source, result) => {
            forgetSignal();
            try {
                resolve(finish.call(source, result));
            } catch (error) {
                reject(signal?.aborted ? signal.reason : error);
            }
        });
    });
}

// The events of the messages, until the channel ends.
async function* iterate(next) {
    for (;;) {
        let event;

        try {
            event = await next();
        } catch (error) {
            if (error.name === 'InvalidStateError')
                return;
            throw error;
        }
        yield event;
    }
}

// Not of the web: ports that come from another process, or go to one, under names that are like its own.
function installProcesses({MessagePort}) {
    const aliases = [
        [MessagePort, {
            flushAll: 'flush_all',
            forLauncher: 'new_for_launcher',
            fromEnvironment: 'new_from_environment',
            fromFd: 'new_from_fd',
            fromFdList: 'new_from_fd_list',
            fromSocket: 'new_from_socket',
        }],
        [MessagePort.prototype, {
            stealFd: 'steal_fd',
            stealSocket: 'steal_socket',
            stealToFdList: 'steal_to_fd_list',
        }],
    ];

    for (const [owner, names] of aliases) {
        for (const [name, introspected] of Object.entries(names))
            owner[name] = owner[introspected];
    }
    Object.defineProperty(MessagePort.prototype, 'peerCredentials', {
        get() {
            return this.get_peer_credentials();
        },
        configurable: true,
    });
}

// HTML, web-messaging.html#message-ports
function installPort({MessagePort}) {
    MessagePort.prototype._init = function () {
        throw new TypeError('Illegal constructor');
    };

    nameClass(MessagePort, 'MessagePort');
    extend(MessagePort, {
        postMessage(...args) {
            postMessage(this, args, 'MessagePort.postMessage');
        },
    }, {postMessage: 1});
    const {start} = MessagePort.prototype;
    function startPort() {
        adopt(this);
        start.call(this);
    }

    MessagePort.prototype.start = startPort;
    // Not of the web: for `await`. The options are a Gio.Cancellable, or {signal}.
    MessagePort.prototype.receive = function (options = null) {
        return promise(this, options, 'MessagePort.receive', {
            start(cancellable, callback) {
                adopt(this);
                this.receive_async(cancellable, callback);
            },
            finish: MessagePort.prototype.receive_finish,
        });
    };
    // Waits until no more than this many bytes wait for a receiver in another process.
    MessagePort.prototype.drain = function (amount = 0, options = null) {
        if (!(amount >= 0 && amount <= Number.MAX_SAFE_INTEGER))
            throw new TypeError('MessagePort.drain: the argument is not a number of bytes');
        return promise(this, options, 'MessagePort.drain', {
            start(cancellable, callback) {
                this.drain_async(Math.trunc(amount), cancellable, callback);
            },
            finish: MessagePort.prototype.drain_finish,
        });
    };
    MessagePort.prototype[Symbol.asyncIterator] = function () {
        return iterate(() => this.receive());
    };
    addEventHandler(MessagePort, 'message', port => startPort.call(port));
    addEventHandler(MessagePort, 'messageerror');
    addEventHandler(MessagePort, 'close');
}

// HTML, web-messaging.html#message-channels
function installChannel({MessageChannel}) {
    // The garbage collector does not see what C holds. So the script's side of a channel keeps the ports,
    // and a channel, its ports and what a script puts into them go together.
    function portsOf(channel) {
        const state = stateOf(channel);

        if (state.ports === undefined) {
            state.ports = [channel.get_port1(), channel.get_port2()];
            WebMessagingPrivate.release_ports(channel);
        }
        return state.ports;
    }

    nameClass(MessageChannel, 'MessageChannel');
    extend(MessageChannel, {
        get port1() {
            return portsOf(this)[0];
        },
        get port2() {
            return portsOf(this)[1];
        },
    });
}

function install(WebMessaging) {
    installPort(WebMessaging);
    installProcesses(WebMessaging);
    installChannel(WebMessaging);
}
