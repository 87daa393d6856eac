"""The tags and numbers of the wire format: docs/wire-format.md."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from .library import WebMessagingPrivate

# Byte arrays from this size on are kept out of line.
OUT_OF_LINE = WebMessagingPrivate.OUT_OF_LINE_SIZE

# Values are nested no deeper than this; the reader in C takes no more from outside.
MAX_DEPTH = 1024

MAJOR_ARRAY = 4
MAJOR_MAP = 5
MAJOR_TAG = 6
MAJOR_SIMPLE = 7

EPOCH_TIME = int(WebMessagingPrivate.Tag.EPOCH_TIME)
POSITIVE_BIGNUM = int(WebMessagingPrivate.Tag.POSITIVE_BIGNUM)
NEGATIVE_BIGNUM = int(WebMessagingPrivate.Tag.NEGATIVE_BIGNUM)
OBJECT = int(WebMessagingPrivate.Tag.OBJECT)
SHAREABLE = int(WebMessagingPrivate.Tag.SHAREABLE)
REFERENCE = int(WebMessagingPrivate.Tag.REFERENCE)
SET = int(WebMessagingPrivate.Tag.SET)
MAP = int(WebMessagingPrivate.Tag.MAP)
WTF8 = int(WebMessagingPrivate.Tag.WTF8)
REGEXP = int(WebMessagingPrivate.Tag.REGEXP)
HANDLE = int(WebMessagingPrivate.Tag.HANDLE)
BUFFER = int(WebMessagingPrivate.Tag.BUFFER)
VIEW = int(WebMessagingPrivate.Tag.VIEW)
RESIZABLE = int(WebMessagingPrivate.Tag.RESIZABLE)
SPARSE = int(WebMessagingPrivate.Tag.SPARSE)
RECORD = int(WebMessagingPrivate.Tag.RECORD)
HOLE = int(WebMessagingPrivate.Tag.HOLE)
UINT8_CLAMPED = int(WebMessagingPrivate.Tag.UINT8_CLAMPED)

# RFC 8746, little-endian: the tag for a kind of elements (unsigned, signed, float) and their size.
VIEW_TAGS = {
    ("u", 1): int(WebMessagingPrivate.Tag.UINT8), ("i", 1): int(WebMessagingPrivate.Tag.INT8),
    ("u", 2): int(WebMessagingPrivate.Tag.UINT16), ("i", 2): int(WebMessagingPrivate.Tag.INT16),
    ("u", 4): int(WebMessagingPrivate.Tag.UINT32), ("i", 4): int(WebMessagingPrivate.Tag.INT32),
    ("u", 8): int(WebMessagingPrivate.Tag.UINT64), ("i", 8): int(WebMessagingPrivate.Tag.INT64),
    ("f", 4): int(WebMessagingPrivate.Tag.FLOAT32), ("f", 8): int(WebMessagingPrivate.Tag.FLOAT64),
}
