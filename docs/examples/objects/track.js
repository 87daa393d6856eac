// track.js: gets tracks of any language, and returns them twice as long
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

GObject.registerClass({
    GTypeName: 'ExampleTrack',
    Implements: [WebMessaging.Serializable],
}, class Track extends GObject.Object {
    vfunc_serialize() {
        return new GLib.Variant('a{sv}', {
            title: new GLib.Variant('s', this.title),
            seconds: new GLib.Variant('d', this.seconds),
        });
    }

    vfunc_deserialize(description) {
        const {title, seconds = 0} = description.recursiveUnpack();

        Object.assign(this, {title, seconds});
        return true;
    }
});

const port = WebMessaging.MessagePort.fromEnvironment();

for await (const {data: track} of port) {
    track.seconds *= 2;
    port.postMessage(track);
}
