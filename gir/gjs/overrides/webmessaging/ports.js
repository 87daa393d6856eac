// ports.js: MessagePort and MessageChannel
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {Gio, WebMessagingPrivate} = imports.gi;
const {addEventHandler, toSignal, whenAborted} = imports.overrides.webmessaging.eventTarget;
const {serialize, toGBytes, toTransferList} = imports.overrides.webmessaging.messages;
const {adopt} = imports.overrides.webmessaging.realm;
const {stateOf} = imports.overrides.webmessaging.state;
const {extend, nameClass, requireArguments, toDictionary} = imports.overrides.webmessaging.webidl;

function toCancellable(options, where) {
    if (options === null || options instanceof Gio.Cancellable)
        return {cancellable: options};

    const {signal} = toDictionary(options, where);
    return signal === undefined ? {cancellable: null}
        : {cancellable: new Gio.Cancellable(), signal: toSignal(signal, where)};
}

// HTML, web-messaging.html#message-ports
function installPort({MessagePort}) {
    MessagePort.prototype._init = function () {
        throw new TypeError('Illegal constructor');
    };

    nameClass(MessagePort, 'MessagePort');
    extend(MessagePort, {
        postMessage(...args) {
            requireArguments(args, 1, 'MessagePort.postMessage');
            const transfer = toTransferList(args[1], 'MessagePort.postMessage');

            serialize(args[0], transfer, toGBytes, ({cbor, buffers, objects: cloned}, objects) =>
                WebMessagingPrivate.post_cbor(this, cbor, buffers, objects, cloned));
        },
    }, {postMessage: 1});
    const {start} = MessagePort.prototype;
    MessagePort.prototype.start = function () {
        adopt(this);
        start.call(this);
    };
    // Not of the web: for `await`. The argument is a Gio.Cancellable, or {signal}.
    MessagePort.prototype.receive = function (options = null) {
        const {cancellable, signal} = toCancellable(options, 'MessagePort.receive');
        let forgetSignal = () => {};

        if (signal?.aborted)
            return Promise.reject(signal.reason);
        if (signal !== undefined)
            forgetSignal = whenAborted(signal, () => cancellable.cancel());
        adopt(this);
        return new Promise((resolve, reject) => {
            this.receive_async(cancellable, (port, result) => {
                forgetSignal();
                try {
                    resolve(port.receive_finish(result));
                } catch (error) {
                    reject(signal?.aborted ? signal.reason : error);
                }
            });
        });
    };
    // The events of the messages, until the channel ends.
    MessagePort.prototype[Symbol.asyncIterator] = async function* () {
        for (;;) {
            let event;

            try {
                event = await this.receive();
            } catch (error) {
                if (error.name === 'InvalidStateError')
                    return;
                throw error;
            }
            yield event;
        }
    };
    addEventHandler(MessagePort, 'message', port => port.start());
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
    installChannel(WebMessaging);
}
