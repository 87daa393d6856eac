// realm.js: messages that arrive become values of JavaScript
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {GLib} = imports.gi;
const {decodeMessage} = imports.overrides.webmessaging.messages;
const {stateOf} = imports.overrides.webmessaging.state;

function install(WebMessaging) {
    // GJS settles promises from a source of the main loop, ahead of all others. So that this happens
    // after each message (HTML, webappapis.html#perform-a-microtask-checkpoint), only one is
    // delivered in a turn.
    WebMessaging.tasks_set_batching(false);

    // HTML, structured-data.html#structureddeserializewithtransfer: before anybody sees the event.
    WebMessaging.tasks_set_probe(() => true);
    WebMessaging.tasks_set_deserializer(false, (event, cbor) => {
        try {
            stateOf(event).data = cbor === null || cbor.length === 0 ? null
                : decodeMessage(cbor, () => event.get_message(), index => event.get_object(index));
            return 1;
        } catch (error) {
            GLib.log_structured?.('WebMessaging', GLib.LogLevelFlags.LEVEL_DEBUG,
                {MESSAGE: `A message could not be deserialized: ${error}`});
            return -1;
        }
    });
}
