// files.js: Blob, File, FileList and FileReader
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import WebMessaging from 'gi://WebMessaging?version=1';

import {HostObject, defineClass} from './serializable.js';

/** File API, #process-blob-parts */
export function toBytes(part) {
    if (part instanceof Blob)
        return part.bytes_;
    if (part instanceof ArrayBuffer)
        return new Uint8Array(part.slice());
    if (ArrayBuffer.isView(part))
        return new Uint8Array(part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength));
    return new TextEncoder().encode(`${part}`);
}

function join(parts) {
    const size = parts.reduce((sum, {length}) => sum + length, 0);
    const bytes = new Uint8Array(size);
    let position = 0;

    for (const part of parts) {
        bytes.set(part, position);
        position += part.length;
    }
    return bytes;
}

/** File API, #blob-section */
export const Blob = defineClass(class extends HostObject {
    constructor(parts, options = {}) {
        super();
        if (parts !== undefined && typeof parts?.[Symbol.iterator] !== 'function')
            throw new TypeError('Blob: the parts are not a sequence');
        this.bytes_ = join([...parts ?? []].map(toBytes));
        this.type_ = /^[\x20-\x7e]*$/.test(options.type ?? '') ? `${options.type ?? ''}`.toLowerCase() : '';
    }

    get size() {
        return this.bytes_.length;
    }

    get type() {
        return this.type_;
    }

    slice(start = 0, end = this.size, type = '') {
        const blob = new Blob([], {type});

        blob.bytes_ = this.bytes_.slice(start, end);
        return blob;
    }

    async text() {
        return new TextDecoder().decode(this.bytes_);
    }

    async arrayBuffer() {
        return this.bytes_.slice().buffer;
    }
}, 'Blob', 0, ['bytes_', 'type_']);

/** File API, #file-section */
export const File = defineClass(class extends Blob {
    constructor(parts, name, options = {}) {
        super(parts, options);
        this.name_ = `${name}`;
        this.lastModified_ = options.lastModified ?? Date.now();
    }

    get name() {
        return this.name_;
    }

    get lastModified() {
        return this.lastModified_;
    }
}, 'File', 2, ['bytes_', 'type_', 'name_', 'lastModified_']);

/** File API, #filelist-section; always empty, as nobody chooses files here. */
export const FileList = defineClass(class extends HostObject {
    get length() {
        return 0;
    }

    item() {
        return null;
    }
}, 'FileList', 0, []);

/** File API, #APIASynch, without progress events and abort() */
export const FileReader = defineClass(class extends WebMessaging.EventTarget {
    _read(convert) {
        setTimeout(() => {
            this.result = convert();
            for (const type of ['load', 'loadend']) {
                const event = new WebMessaging.Event(type);

                this[`on${type}`]?.(event);
                this.dispatchEvent(event);
            }
        });
    }

    readAsText(blob) {
        this._read(() => new TextDecoder().decode(blob.bytes_));
    }

    readAsArrayBuffer(blob) {
        this._read(() => blob.bytes_.slice().buffer);
    }
}, 'FileReader');

/** The classes that a window has of these. */
export const fileClasses = {Blob, File, FileList, FileReader};
