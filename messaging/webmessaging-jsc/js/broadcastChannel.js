// broadcastChannel.js: BroadcastChannel
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported BroadcastChannel, broadcasting */

const {isOver, live, natives, track} = imports.overrides.webmessaging.bridge;
const {assign} = imports.overrides.webmessaging.builtins;
const {toCString} = imports.overrides.webmessaging.cString;
const {DOMException} = imports.overrides.webmessaging.domException;
const {EventTarget, addEventHandler, hasListener} = imports.overrides.webmessaging.eventTarget;
const {defineInterface} = imports.overrides.webmessaging.interfaces;
const {postMessage} = imports.overrides.webmessaging.messages;
const {stateOf} = imports.overrides.webmessaging.state;
const {requireArguments, toDOMString} = imports.overrides.webmessaging.webidl;

// A host that knows origins tells that of the global object, in the form of HTML,
// browsers.html#ascii-serialisation-of-an-origin; without one, all realms hear each other.
// serialize() makes that form, if the host needs names that tell opaque origins apart.
var broadcasting = {getOrigin: () => '', serialize: origin => origin};

// A message may turn out to be one that the realm has no value for.
const isListening = channel => hasListener(channel, 'message') || hasListener(channel, 'messageerror');

// HTML, web-messaging.html#broadcasting-to-other-browsing-contexts: one that listens must not be collected.
function updateLife(channel) {
    if (!stateOf(channel).isClosed && isListening(channel))
        live.add(channel);
    else
        live.delete(channel);
}

var BroadcastChannel = class BroadcastChannel extends EventTarget {
    #name;

    constructor(name) {
        requireArguments(arguments, 1, 'BroadcastChannel');
        const text = toDOMString(name);

        super();
        this.#name = text;
        track(this, natives.makeBroadcastChannel(toCString(text), broadcasting.getOrigin()));
        assign(stateOf(this), {isClosed: false, listenersChanged: listen});
    }

    get name() {
        return this.#name;
    }

    postMessage(message) {
        requireArguments(arguments, 1, 'BroadcastChannel.postMessage');
        // Steps 1 and 2 come before the message is read.
        void this.#name;
        if (isOver())
            return;
        if (stateOf(this).isClosed)
            throw new DOMException('BroadcastChannel is closed', 'InvalidStateError');
        postMessage(stateOf(this).number, [message], 'BroadcastChannel.postMessage');
    }

    close() {
        void this.#name;
        stateOf(this).isClosed = true;
        natives.close(stateOf(this).number);
        updateLife(this);
    }
};
defineInterface(BroadcastChannel, 'BroadcastChannel', 1, {postMessage: 1});
addEventHandler(BroadcastChannel, 'message');
addEventHandler(BroadcastChannel, 'messageerror');

function listen(channel) {
    natives.listen(stateOf(channel).number, isListening(channel));
    updateLife(channel);
}
