// image-bitmap.js: ImageBitmap and OffscreenCanvas
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {Context2D} from './canvas.js';
import {ImageData} from './image-data.js';
import {HostObject, makeSerializable, setSerializable, setTransferable} from './serializable.js';

const {DOMException} = globalThis;

let making = false;

/** HTML, imagebitmap-and-animations.html#imagebitmap */
export class ImageBitmap extends HostObject {
    // null once it is closed or transferred
    #image;

    constructor(image) {
        if (!making)
            throw new TypeError('Illegal constructor');
        super();
        this.#image = image;
        setSerializable(this, 'ImageBitmap', () => {
            if (this.#image === null)
                throw new DOMException('A detached ImageBitmap could not be cloned', 'DataCloneError');
            return {image: this.#image};
        });
        setTransferable(this, 'ImageBitmap', {
            transfer: () => ({image: this.#image}),
            isDetached: () => this.#image === null,
            detach: () => this.close(),
        });
    }

    get width() {
        return this.#image?.width ?? 0;
    }

    get height() {
        return this.#image?.height ?? 0;
    }

    close() {
        this.#image = null;
    }
}

function makeBitmap(image) {
    making = true;
    try {
        return new ImageBitmap(image);
    } finally {
        making = false;
    }
}
makeSerializable(ImageBitmap, 'ImageBitmap', 0, ({image}) => makeBitmap(image));

/** HTML, imagebitmap-and-animations.html#dom-createimagebitmap. Departure: of canvases and ImageData only, and all of
 * it. */
export async function createImageBitmap(source) {
    if (source?.width === 0 || source?.height === 0)
        throw new DOMException('The image is empty', 'InvalidStateError');
    if (source instanceof ImageData)
        return makeBitmap(new ImageData(source.data.slice(), source.width, source.height));
    if (typeof source?.getContext !== 'function')
        throw new TypeError('createImageBitmap: the source is not an image');
    return makeBitmap(source.getContext('2d').getImageData(0, 0, source.width, source.height));
}

/** HTML, canvas.html#offscreencanvas */
export class OffscreenCanvas extends HostObject {
    #width;
    #height;
    #context = null;
    #isDetached = false;

    constructor(width, height) {
        super();
        this.#width = width >>> 0;
        this.#height = height >>> 0;
        setTransferable(this, 'OffscreenCanvas', {
            transfer: () => {
                if (this.#context !== null)
                    throw new DOMException('An OffscreenCanvas with a context could not be transferred', 'InvalidStateError');
                return {width: this.#width, height: this.#height};
            },
            isDetached: () => this.#isDetached,
            detach: () => {
                this.#isDetached = true;
                this.#width = this.#height = 0;
            },
        });
    }

    get width() {
        return this.#width;
    }

    get height() {
        return this.#height;
    }

    getContext(type) {
        if (this.#isDetached)
            throw new DOMException('The OffscreenCanvas is detached', 'InvalidStateError');
        return type === '2d' ? this.#context ??= new Context2D(this) : null;
    }
}
makeSerializable(OffscreenCanvas, 'OffscreenCanvas', 2, ({width, height}) => new OffscreenCanvas(width, height));
