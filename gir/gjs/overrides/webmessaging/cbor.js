// cbor.js: what the reader and the writer of CBOR have in common
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

/* exported Tag, viewTypes, OUT_OF_LINE, MAX_DEPTH, MAJOR_UINT, MAJOR_NEGINT, MAJOR_BYTES, MAJOR_TEXT,
   MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_OTHER */

const constants = imports.overrides.webmessaging.constants;

// docs/wire-format.md tells what the tags mean.
var {Tag} = constants;

// RFC 8746, little-endian
var viewTypes = new Map([
    ['Uint8Array', Tag.UINT8], ['Uint8ClampedArray', Tag.UINT8_CLAMPED], ['Uint16Array', Tag.UINT16],
    ['Uint32Array', Tag.UINT32], ['BigUint64Array', Tag.UINT64], ['Int8Array', Tag.INT8],
    ['Int16Array', Tag.INT16], ['Int32Array', Tag.INT32], ['BigInt64Array', Tag.INT64],
    ['Float16Array', Tag.FLOAT16], ['Float32Array', Tag.FLOAT32], ['Float64Array', Tag.FLOAT64],
]);

// Byte arrays from this size on are kept out of line.
var OUT_OF_LINE = constants.OUT_OF_LINE_SIZE;

// How deep values may be nested.
var {MAX_DEPTH} = constants;

var MAJOR_UINT = 0;
var MAJOR_NEGINT = 1;
var MAJOR_BYTES = 2;
var MAJOR_TEXT = 3;
var MAJOR_ARRAY = 4;
var MAJOR_MAP = 5;
var MAJOR_TAG = 6;
var MAJOR_OTHER = 7;
