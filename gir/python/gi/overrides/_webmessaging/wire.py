"""The tags and numbers of the wire format: docs/wire-format.md."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

# Byte arrays from this size on are kept out of line.
OUT_OF_LINE = 4096

EPOCH_TIME = 1
OBJECT = 27
SHAREABLE = 28
REFERENCE = 29
SET = 258
MAP = 259
WTF8 = 273
REGEXP = 21066
HANDLE = 0x57454200
BUFFER = 0x57454201
VIEW = 0x57454202
RESIZABLE = 0x57454203
SPARSE = 0x57454204
RECORD = 0x57454205
HOLE = 0x57454208

MAJOR_BYTES = 2
MAJOR_ARRAY = 4
MAJOR_MAP = 5
MAJOR_TAG = 6
