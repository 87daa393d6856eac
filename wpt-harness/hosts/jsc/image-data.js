// image-data.js: ImageData
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {makeSerializable, setSerializable} from './serializable.js';

/** HTML, imagebitmap-and-animations.html#imagedata */
export class ImageData {
    constructor(...args) {
        setSerializable(this, 'ImageData', () => ({data: this.data, width: this.width, height: this.height}));
        if (args[0] instanceof Uint8ClampedArray) {
            [this.data, this.width] = args;
            this.height = args[2] ?? this.data.length / 4 / this.width;
        } else {
            [this.width, this.height] = args;
            this.data = new Uint8ClampedArray(this.width * this.height * 4);
        }
        this.colorSpace = 'srgb';
    }
}
makeSerializable(ImageData, 'ImageData', 2, ({data, width, height}) => new ImageData(data, width, height));
