// image-data.js: ImageData
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {HostObject, defineClass} from './serializable.js';

/** HTML, imagebitmap-and-animations.html#imagedata */
export const ImageData = defineClass(class extends HostObject {
    constructor(...args) {
        super();
        if (args[0] instanceof Uint8ClampedArray) {
            [this.data, this.width] = args;
            this.height = args[2] ?? this.data.length / 4 / this.width;
        } else {
            [this.width, this.height] = args;
            this.data = new Uint8ClampedArray(this.width * this.height * 4);
        }
        this.colorSpace = 'srgb';
    }

    get data() {
        return this.data_;
    }

    // In GJS, a message brings bytes that are not clamped.
    set data(data) {
        this.data_ = data instanceof Uint8ClampedArray ? data : new Uint8ClampedArray(data.buffer);
    }
}, 'ImageData', 2, ['data', 'width', 'height', 'colorSpace']);
