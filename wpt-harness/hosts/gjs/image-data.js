// image-data.js: ImageData
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

import {pack, shape, unpackBytes} from './serializable.js';

/** HTML, imagebitmap-and-animations.html#imagedata */
export const ImageData = shape(GObject.registerClass({
    GTypeName: 'WebMessagingHostImageData',
    Implements: [WebMessaging.Serializable],
}, class extends GObject.Object {
    constructor(...args) {
        super();
        if (args.length === 0)
            return;
        if (args[0] instanceof Uint8ClampedArray) {
            [this.data, this.width] = args;
            this.height = args[2] ?? this.data.length / 4 / this.width;
        } else {
            [this.width, this.height] = args;
            this.data = new Uint8ClampedArray(this.width * this.height * 4);
        }
        this.colorSpace = 'srgb';
    }

    vfunc_serialize() {
        return pack(new Uint8Array(this.data), this.width, this.height, this.colorSpace);
    }

    vfunc_deserialize(variant) {
        this.data = new Uint8ClampedArray(unpackBytes(variant).buffer);
        [this.width, this.height, this.colorSpace] = [1, 2, 3].map(i => variant.get_child_value(i).unpack());
        return true;
    }
}), 'ImageData');
