// scriptUrls.js: URLs of scripts, and the scripts that they name
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported correctFrame, createObjectURL, getObjects, noteFile, notePrefix, putObjects,
   readScript, resolveUrl, revokeObjectURL, setBase */

const {GLib, Gio} = imports.gi;
const {DOMException} = imports.overrides.webmessaging.domException;
const {encodeUrl, isOpaque, nameScript, stripUrl} = imports.overrides.webmessaging.urlParts;
const {toUSVString} = imports.overrides.webmessaging.webidl;

// In a worker its script, otherwise the main program.
let base = null;

function setBase(url) {
    base = url;
}

function getBase() {
    const {programPath} = imports.system;

    return base ?? (programPath === null
        ? `${GLib.filename_to_uri(GLib.get_current_dir(), null)}/`
        : Gio.File.new_for_commandline_arg(programPath).get_uri());
}

// HTML, urls-and-fetching.html#encoding-parsing-a-url, as far as scripts need that
function resolveUrl(reference, where) {
    const text = reference instanceof Gio.File ? reference.get_uri()
        : stripUrl(toUSVString(reference));

    if (isOpaque(text))
        return text;
    try {
        const from = getBase();

        return GLib.Uri.resolve_relative(isOpaque(from) ? null : from, encodeUrl(text),
            GLib.UriFlags.ENCODED | GLib.UriFlags.PARSE_RELAXED);
    } catch (error) {
        throw new DOMException(`${where}: '${text}' is not a valid URL: ${error.message}`, 'SyntaxError');
    }
}

var withoutFragment = url => url.replace(/#.*$/s, '');

// Where a script is not what and where the engine takes it for, by its name.
const files = new Map();
const prefixes = new Map();

// The module with this URL is in that file.
function noteFile(url, file) {
    files.set(file, nameScript(url));
}

// The engine sees so many characters before those of the script.
function notePrefix(url, length) {
    prefixes.set(nameScript(url), length);
}

// A line of a stack, as the author of the script knows it.
function correctFrame(line) {
    for (const [file, name] of files)
        line = line.replaceAll(file, name);
    return line.replace(/@(.*):1:(\d+)$/, (_match, name, column) =>
        `@${name}:1:${column - (prefixes.get(name) ?? 0)}`);
}

// File API, #creating-revoking: the objects are bytes. GJS has no blobs.
const objects = new Map();

function createObjectURL(source) {
    const bytes = typeof source === 'string' ? new TextEncoder().encode(toUSVString(source))
        : source instanceof ArrayBuffer ? new Uint8Array(source.slice(0))
            : source instanceof GLib.Bytes ? source.toArray().slice()
                : ArrayBuffer.isView(source)
                    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice() : null;

    if (bytes === null)
        throw new TypeError('createObjectURL: the argument is neither a string nor bytes');
    const url = `blob:null/${GLib.uuid_string_random()}`;
    objects.set(url, bytes);
    return url;
}

function revokeObjectURL(url) {
    objects.delete(withoutFragment(`${url}`));
}

var getObjects = () => [...objects];

function putObjects(entries) {
    for (const [url, bytes] of entries)
        objects.set(url, bytes);
}

// URL, #string-percent-decode. GLib decodes no text that has another % in it.
function percentDecode(text) {
    const bytes = new TextEncoder().encode(text);
    let n = 0;

    for (let i = 0; i < bytes.length; i++) {
        const digits = bytes[i] === 0x25 ? String.fromCharCode(bytes[i + 1], bytes[i + 2]) : '';
        const isEncoded = /^[0-9a-f]{2}$/i.test(digits);

        bytes[n++] = isEncoded ? parseInt(digits, 16) : bytes[i];
        i += isEncoded ? 2 : 0;
    }
    return bytes.subarray(0, n);
}

// Infra, #forgiving-base64-decode. GLib needs the padding.
function decodeBase64(text) {
    const trimmed = text.replace(/[\t\n\f\r ]/g, '');
    const digits = trimmed.length % 4 === 0 ? trimmed.replace(/={1,2}$/, '') : trimmed;

    if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1)
        throw new Error('the URL has characters that are not base64');
    return GLib.base64_decode(digits.padEnd(Math.ceil(digits.length / 4) * 4, '='));
}

// Fetch, #data-url-processor
function readData(url) {
    const [, parameters, body] = /^data:([^,]*),(.*)$/is.exec(withoutFragment(url)) ?? [];

    if (body === undefined)
        throw new Error('the URL has no comma');
    const bytes = percentDecode(body);
    return /; *base64\s*$/i.test(parameters) ? decodeBase64(new TextDecoder().decode(bytes)) : bytes;
}

// Returns the text of a script, and the file that it is in, if there is one.
function readScript(url) {
    const [, scheme] = /^([^:]*):/.exec(url);
    let file = null;
    let bytes;

    switch (scheme.toLowerCase()) {
    case 'data':
        bytes = readData(url);
        break;
    case 'blob':
        bytes = objects.get(withoutFragment(url));
        if (bytes === undefined)
            throw new Error('the URL was revoked, or made in another process');
        break;
    case 'file':
    case 'resource':
        file = Gio.File.new_for_uri(withoutFragment(url).replace(/\?.*$/s, ''));
        [, bytes] = file.load_contents(null);
        break;
    default:
        throw new Error(`scripts cannot be loaded by the scheme ${scheme}`);
    }
    return {text: new TextDecoder().decode(bytes), file};
}
