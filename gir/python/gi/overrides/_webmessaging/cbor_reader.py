"""Reads CBOR items with cbor2."""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import io
import re
from typing import Any

import cbor2

from .exceptions import CloneError
from .wire import MAJOR_ARRAY, MAJOR_SIMPLE, MAJOR_TAG

# The bytes that tags and the like begin with, which may stand for other things as well.
SPECIAL_BYTES = re.compile(rb"[\xc0-\xf3\xf8-\xfa\xfc-\xff]")

# What follows 7 in the head: false, true, null, undefined, and floats of three sizes.
SIMPLE_VALUES = frozenset((20, 21, 22, 23, 25, 26, 27))


def read_plain(data: bytes) -> Any:
    """Reads a message in which nothing can be a tag: what cbor2 makes of it is what is meant.

    Raises LookupError for any other message, and for one that is too deep for cbor2.
    """
    if SPECIAL_BYTES.search(data) is not None:
        raise LookupError
    file = io.BytesIO(data)
    try:
        value = cbor2.CBORDecoder(file).decode()
    except RecursionError:
        raise LookupError from None
    if file.tell() != len(data):
        raise CloneError("Invalid message: something follows the value")
    return value


class CborReader:
    """Takes one item after the other from a message. Its end is an IndexError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.file = io.BytesIO(data)
        self.read_bytes = self.file.read
        decoder = cbor2.CBORDecoder(self.file)
        self._decode_number = decoder.decode_uint
        self._decode_major = (decoder.decode_uint, decoder.decode_negint,
                              decoder.decode_bytestring, decoder.decode_string)
        self._decode_special = decoder.decode_special

    def is_at_end(self) -> bool:
        """Tells whether the message has been read."""
        return self.file.tell() == len(self.data)

    def read_number(self, initial: int) -> int:
        """The rest of a head that begins with a byte: a length, a number or a tag."""
        info = initial & 31
        return info if info < 24 else self._decode_number(info)

    def read_primitive(self, initial: int) -> Any:
        """The rest of an item that has no other items in it."""
        if initial < 24:
            return initial
        major, info = initial >> 5, initial & 31
        if info > 27:
            raise CloneError("it is damaged")
        if major < MAJOR_ARRAY:
            return self._decode_major[major](info)
        if major != MAJOR_SIMPLE or info not in SIMPLE_VALUES:
            raise CloneError("it is damaged")
        return self._decode_special(info)

    def read_next_primitive(self) -> Any:
        """An item that has no other items in it."""
        return self.read_primitive(self.read_bytes(1)[0])

    def read_head(self, expected: int) -> int:
        """The head of an item of one major type."""
        initial = self.read_bytes(1)[0]
        if initial >> 5 != expected:
            raise CloneError("it is damaged")
        info = initial & 31
        return info if info < 24 else self._decode_number(info)


def _check_cbor2() -> None:
    """Reading an item by its parts is not in the API that cbor2 promises to keep."""
    reader = CborReader(bytes.fromhex("1864 3863 43010203 62c3a9 fb3ff8000000000000 f9 3c00 f6 f5 da57454200"))
    try:
        items = [reader.read_next_primitive() for _ in range(8)]
        items.append(reader.read_head(MAJOR_TAG))
    except Exception as error:
        raise ImportError(f"WebMessaging cannot use this version of cbor2: {error!r}") from error
    if items != [100, -100, b"\1\2\3", "é", 1.5, 1.0, None, True, 0x57454200]:
        raise ImportError("WebMessaging cannot use this version of cbor2: it reads other values")


_check_cbor2()
