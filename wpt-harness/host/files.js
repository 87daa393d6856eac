// files.js: Blob and its kin, as classes of an application that the library can clone
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import WebMessaging from 'gi://WebMessaging?version=1';

const {nameClass} = imports.overrides.webmessaging.webidl;

function toBytes(part) {
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

function shape(klass, name) {
    nameClass(klass, name);
    return klass;
}

const pack = (bytes, ...rest) => new GLib.Variant(`(ay${rest.map(value =>
    typeof value === 'number' ? 'd' : 's').join('')})`, [bytes, ...rest]);
const unpackBytes = variant =>
    variant.get_child_value(0).get_data_as_bytes().toArray().slice();

/** File API, #blob-section */
export const Blob = shape(GObject.registerClass({
    GTypeName: 'WebMessagingHostBlob',
    Implements: [WebMessaging.Serializable],
}, class extends GObject.Object {
    constructor(parts, options = {}) {
        super();
        if (parts !== undefined && typeof parts?.[Symbol.iterator] !== 'function')
            throw new TypeError('Blob: the parts are no sequence');
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

    vfunc_serialize() {
        return pack(this.bytes_, this.type_);
    }

    vfunc_deserialize(variant) {
        this.bytes_ = unpackBytes(variant);
        this.type_ = variant.get_child_value(1).unpack();
        return true;
    }
}), 'Blob');

/** File API, #file-section */
export const File = shape(GObject.registerClass({
    GTypeName: 'WebMessagingHostFile',
    Implements: [WebMessaging.Serializable],
}, class extends Blob {
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

    vfunc_serialize() {
        return pack(this.bytes_, this.type_, this.name_, this.lastModified_);
    }

    vfunc_deserialize(variant) {
        this.bytes_ = unpackBytes(variant);
        [this.type_, this.name_, this.lastModified_] = [1, 2, 3].map(i => variant.get_child_value(i).unpack());
        return true;
    }
}), 'File');

/** File API, #filelist-section: files come into one from a file control only, or a clone. */
export const FileList = shape(GObject.registerClass({
    GTypeName: 'WebMessagingHostFileList',
    Implements: [WebMessaging.Serializable],
}, class extends GObject.Object {
    get length() {
        return 0;
    }

    item() {
        return null;
    }

    vfunc_serialize() {
        return new GLib.Variant('()', []);
    }

    vfunc_deserialize() {
        return true;
    }
}), 'FileList');

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

/** File API, #APIASynch: as far as it reads a Blob to its end. */
export const FileReader = shape(GObject.registerClass({
    GTypeName: 'WebMessagingHostFileReader',
}, class extends WebMessaging.EventTarget {
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
}), 'FileReader');

/** Fetch, #response-class: as far as it reads what it was given. */
export const Response = shape(GObject.registerClass({
    GTypeName: 'WebMessagingHostResponse',
}, class extends GObject.Object {
    constructor(body = '') {
        super();
        this.bytes_ = toBytes(body);
    }

    async text() {
        return new TextDecoder().decode(this.bytes_);
    }

    async json() {
        return JSON.parse(await this.text());
    }

    async arrayBuffer() {
        return this.bytes_.slice().buffer;
    }

    async blob() {
        return new Blob([this.bytes_]);
    }
}), 'Response');

// GJS makes objects of classes that it knows only: an instance of a script's own class is one of ours
// with another prototype.
const derivable = klass => new Proxy(klass, {
    construct(target, args, newTarget) {
        const object = Reflect.construct(target, args);

        return newTarget.prototype === target.prototype
            ? object : Object.setPrototypeOf(object, newTarget.prototype);
    },
});

/** What a window has of these, by their names there. */
export const fileClasses = {
    Blob: derivable(Blob), File: derivable(File), FileList, FileReader, ImageData: derivable(ImageData), Response,
};
