// ports.js: MessagePort and MessageChannel
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {WebMessagingPrivate} = imports.gi;
const {dataCloneError} = imports.overrides.webmessaging.domException;
const {callLibrary} = imports.overrides.webmessaging.errors;
const {addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {serialize, toGBytes, toTransferList} = imports.overrides.webmessaging.messages;
const {adopt} = imports.overrides.webmessaging.realm;
const {extend, nameClass, requireArguments} = imports.overrides.webmessaging.webidl;

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

            if (transfer.includes(this))
                throw dataCloneError('A port cannot be transferred in a message that it posts itself');
            serialize(args[0], transfer, toGBytes, ({cbor, buffers, objects: cloned}, objects) =>
                WebMessagingPrivate.post_cbor(this, cbor, buffers, objects, cloned));
        },
    }, {postMessage: 1});
    // Not of the web: for `await`.
    MessagePort.prototype.receive = function (cancellable = null) {
        adopt(this);
        return new Promise((resolve, reject) => {
            this.receive_async(cancellable, (_port, result) => {
                try {
                    resolve(callLibrary(() => this.receive_finish(result)));
                } catch (error) {
                    reject(error);
                }
            });
        });
    };
    addEventHandler(MessagePort, 'message', port => port.start());
    addEventHandler(MessagePort, 'messageerror');
    addEventHandler(MessagePort, 'close');
}

// HTML, web-messaging.html#message-channels
function installChannel({MessageChannel}) {
    nameClass(MessageChannel, 'MessageChannel');
    extend(MessageChannel, {
        get port1() {
            return this.get_port1();
        },
        get port2() {
            return this.get_port2();
        },
    });
}

function install(WebMessaging) {
    installPort(WebMessaging);
    installChannel(WebMessaging);
}
