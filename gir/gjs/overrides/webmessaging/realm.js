// realm.js: messages that arrive become values of JavaScript
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported VERSION, adopt */

const {GLib, WebMessagingPrivate} = imports.gi;
const {decodeMessage} = imports.overrides.webmessaging.messages;
const {stateOf} = imports.overrides.webmessaging.state;

var VERSION = '0.1.0';

// HTML, structured-data.html#structureddeserializewithtransfer: before anybody sees the event.
function deserialize(event, cbor) {
    try {
        stateOf(event).data = cbor === null || cbor.length === 0 ? null
            : decodeMessage(cbor, () => WebMessagingPrivate.get_message(event),
                index => event.get_object(index));
        return 1;
    } catch (error) {
        GLib.log_structured?.('WebMessaging', GLib.LogLevelFlags.LEVEL_DEBUG,
            {MESSAGE: `A message could not be deserialized: ${error}`});
        return -1;
    }
}

// Throws if the library is not of the version of these files.
const realm = WebMessagingPrivate.Realm.new(VERSION, deserialize);

// The library makes sure that GJS calls anything, and performs a microtask checkpoint after each callback
// (HTML, webappapis.html#clean-up-after-running-script). Where it does not know the engine, it tries a
// function, and delivers one message in a turn: GJS settles promises ahead of the next turn.
if (!WebMessagingPrivate.attach_gjs()) {
    realm.set_checkpoint(() => true);
    WebMessagingPrivate.set_batching(false);
}

// Messages at an event target that a script listens to are for the script from now on.
function adopt(target) {
    realm.adopt(target);
}
