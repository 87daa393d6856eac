// broadcastChannel.js: BroadcastChannel
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported install */

const {GObject} = imports.gi;
const {fromCString, toCString} = imports.overrides.webmessaging.cString;
const {addEventHandler} = imports.overrides.webmessaging.eventTarget;
const {extend, nameClass, requireArguments, toDOMString} = imports.overrides.webmessaging.webidl;

// HTML, web-messaging.html#broadcasting-to-other-browsing-contexts
function install({BroadcastChannel, SerializedData}) {
    BroadcastChannel.prototype._init = function (...args) {
        requireArguments(args, 1, 'BroadcastChannel');
        GObject.Object.prototype._init.call(this, {name: toCString(toDOMString(args[0]))});
    };

    nameClass(BroadcastChannel, 'BroadcastChannel', 1);
    extend(BroadcastChannel, {
        get name() {
            return fromCString(this.get_name());
        },
        postMessage(...args) {
            requireArguments(args, 1, 'BroadcastChannel.postMessage');
            // Steps 1 and 2 come before the message is read. The library knows which of them it is.
            if (this.get_closed())
                this.post_message(null);
            else
                this.post_serialized(SerializedData.serialize(args[0]));
        },
    }, {postMessage: 1});
    addEventHandler(BroadcastChannel, 'message');
    addEventHandler(BroadcastChannel, 'messageerror');

    // Not of the web: where a page has an origin, here it is said.
    BroadcastChannel.forOrigin = function (...args) {
        requireArguments(args, 2, 'BroadcastChannel.forOrigin');
        return BroadcastChannel.new_for_origin(toCString(toDOMString(args[0])), args[1]);
    };
    BroadcastChannel.forWindow = function (...args) {
        requireArguments(args, 2, 'BroadcastChannel.forWindow');
        return BroadcastChannel.new_for_window(toCString(toDOMString(args[0])), args[1]);
    };
}
