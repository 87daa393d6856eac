// files.js: Blob, File, FileList and FileReader
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {makeSerializable, setSerializable} from './serializable.js';

const {defineInterface} = imports.overrides.webmessaging.interfaces;

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
export class Blob {
    constructor(parts, options = {}) {
        setSerializable(this, 'Blob', () => ({bytes: this.bytes_, type: this.type_}));
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
}

/** File API, #file-section */
export class File extends Blob {
    constructor(parts, name, options = {}) {
        super(parts, options);
        setSerializable(this, 'File', () =>
            ({bytes: this.bytes_, type: this.type_, name: this.name_, lastModified: this.lastModified_}));
        this.name_ = `${name}`;
        this.lastModified_ = options.lastModified ?? Date.now();
    }

    get name() {
        return this.name_;
    }

    get lastModified() {
        return this.lastModified_;
    }
}

/** File API, #filelist-section; always empty, as nobody chooses files here. */
export class FileList {
    constructor() {
        setSerializable(this, 'FileList', () => ({}));
    }

    get length() {
        return 0;
    }

    item() {
        return null;
    }
}

/** File API, #APIASynch, without progress events and abort() */
export class FileReader extends EventTarget {
    _read(convert) {
        setTimeout(() => {
            this.result = convert();
            for (const type of ['load', 'loadend']) {
                const event = new Event(type);

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
}

makeSerializable(Blob, 'Blob', 0, ({bytes, type}) => new Blob([bytes], {type}));
makeSerializable(File, 'File', 2, ({bytes, name, ...options}) => new File([bytes], name, options));
makeSerializable(FileList, 'FileList', 0, () => new FileList());
defineInterface(FileReader, 'FileReader');

/** The classes that a window has of these. */
export const fileClasses = {Blob, File, FileList, FileReader};
