// cbor.js: what the reader and the writer of CBOR have in common
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported Tag, viewTypes, OUT_OF_LINE, MAX_DEPTH, MAJOR_UINT, MAJOR_NEGINT, MAJOR_BYTES, MAJOR_TEXT,
   MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_OTHER */

// docs/wire-format.md tells what the tags mean.
var Tag = {
    EPOCH_TIME: 1,
    POSITIVE_BIGNUM: 2,
    NEGATIVE_BIGNUM: 3,
    OBJECT: 27,
    SHAREABLE: 28,
    REFERENCE: 29,
    SET: 258,
    MAP: 259,
    WTF8: 273,
    REGEXP: 21066,
    HANDLE: 0x57454200,
    BUFFER: 0x57454201,
    VIEW: 0x57454202,
    RESIZABLE: 0x57454203,
    SPARSE: 0x57454204,
    RECORD: 0x57454205,
    HOLE: 0x57454208,
};

// RFC 8746, little-endian
var viewTypes = new Map([
    ['Uint8Array', 64], ['Uint8ClampedArray', 68], ['Uint16Array', 69], ['Uint32Array', 70],
    ['BigUint64Array', 71], ['Int8Array', 72], ['Int16Array', 77], ['Int32Array', 78],
    ['BigInt64Array', 79], ['Float16Array', 84], ['Float32Array', 85], ['Float64Array', 86],
]);

// Byte arrays from this size on are kept out of line.
var OUT_OF_LINE = 4096;

// How deep values may be nested.
var MAX_DEPTH = 1024;

var MAJOR_UINT = 0;
var MAJOR_NEGINT = 1;
var MAJOR_BYTES = 2;
var MAJOR_TEXT = 3;
var MAJOR_ARRAY = 4;
var MAJOR_MAP = 5;
var MAJOR_TAG = 6;
var MAJOR_OTHER = 7;
