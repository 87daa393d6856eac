// canvas.js: a 2D context that fills rectangles, to create ImageData
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {ImageData} from './image-data.js';

/** HTML, canvas.html#canvasrenderingcontext2d */
export class Context2D {
    constructor(canvas) {
        this.canvas = canvas;
        this.fillStyle = '#000000';
        this.pixels = new Uint8ClampedArray(canvas.width * canvas.height * 4);
    }

    fillRect(x, y, width, height) {
        const hex = /^#(..)(..)(..)$/.exec(this.fillStyle)?.slice(1).map(digits => parseInt(digits, 16));
        const [red, green, blue, alpha = 1] = hex ?? this.fillStyle.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0];

        for (let row = y; row < Math.min(y + height, this.canvas.height); row++) {
            for (let column = x; column < Math.min(x + width, this.canvas.width); column++)
                this.pixels.set([red, green, blue, alpha * 255], (row * this.canvas.width + column) * 4);
        }
    }

    createImageData(width, height) {
        return typeof width === 'number' ? new ImageData(width, height) : new ImageData(width.width, width.height);
    }

    getImageData(x, y, width, height) {
        const data = new ImageData(width, height);

        for (let row = 0; row < height; row++) {
            const start = ((y + row) * this.canvas.width + x) * 4;
            data.data.set(this.pixels.subarray(start, start + width * 4), row * width * 4);
        }
        return data;
    }

    putImageData(data, x, y) {
        for (let row = 0; row < data.height; row++) {
            this.pixels.set(data.data.subarray(row * data.width * 4, (row + 1) * data.width * 4),
                ((y + row) * this.canvas.width + x) * 4);
        }
    }
}

/** Gives a canvas a getContext(). domino defines one that always throws, and that is not configurable
 * on the prototype. HTML, canvas.html#dom-canvas-getcontext */
export function equipCanvas(element) {
    let context = null;

    if (!Object.hasOwn(element, 'getContext')) {
        Object.defineProperty(element, 'getContext', {
            value: type => type === '2d' ? context ??= new Context2D(element) : null,
        });
    }
}
