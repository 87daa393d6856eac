"""CBOR becomes values of Python, as docs/wire-format.md describes it.

cbor2 reads the items; what they mean is decided here. See HTML,
structured-data.html#structureddeserialize.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import dataclasses
import datetime
import io
import re
from collections.abc import Callable
from typing import Any

import cbor2
from cbor2.types import FrozenDict

from .dates import to_datetime
from .exceptions import ERROR_CLASSES, CloneError, find_exception, set_error_member
from .patterns import REGEXP_FLAGS, from_javascript
from .records import Types
from .views import VIEW_FORMATS, make_view
from .wire import (
    BUFFER, EPOCH_TIME, HANDLE, HOLE, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAP, OBJECT, RECORD,
    REFERENCE, REGEXP, RESIZABLE, SET, SHAREABLE, SPARSE, VIEW, WTF8,
)

UNDEFINED = cbor2.undefined


# A sparse array of JavaScript becomes a list only where that is not much longer than the message.
MAX_HOLES = 65536

# The bytes that tags and the like begin with, which may stand for other things as well.
SPECIAL_BYTES = re.compile(rb"[\xc0-\xf3\xf8-\xfa\xfc-\xff]")

# False, true, null, undefined, and floats of three sizes.
SIMPLE_VALUES = bytes.fromhex("f4 f5 f6 f7 f9 fa fb")

BOXED_TYPES = ("Boolean", "Number", "String", "BigInt")


def _freeze(value: Any) -> Any:
    """A value that can be a key or a member of a set."""
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    if isinstance(value, dict):
        return FrozenDict({key: _freeze(item) for key, item in value.items()})
    if isinstance(value, set):
        return frozenset(value)
    return value


class Decoder:
    """Decodes one message."""

    def __init__(self, types: Types, data: bytes, get_buffer: Callable[[int], bytes],
                 get_handle: Callable[[int], Any]) -> None:
        self.types = types
        self.data = data
        self.get_buffer = get_buffer
        self.get_handle = get_handle
        self.file = io.BytesIO(data)
        self.primitives = cbor2.CBORDecoder(self.file)
        self.shared: list[Any] = []

    def decode(self) -> Any:
        """Returns the value."""
        try:
            # What has no tags has nothing that cbor2 would understand in another way.
            value = self.read() if SPECIAL_BYTES.search(self.data) else self.primitives.decode()
            if self.file.tell() != len(self.data):
                raise CloneError("There is something after the message")
            return value
        except (cbor2.CBORDecodeError, ValueError, OverflowError, OSError, IndexError,
                RecursionError, TypeError, re.error) as error:
            raise CloneError(f"Python cannot hold the message: {error}") from error

    def read(self, slot: int = -1) -> Any:
        """The next value; slot is its number if it occurs again."""
        initial = self.file.read(1)
        if not initial:
            raise CloneError("The message ends too early")
        major, subtype = initial[0] >> 5, initial[0] & 31
        if major == MAJOR_ARRAY:
            return self._read_list(slot, self.primitives.decode_uint(subtype))
        if major == MAJOR_MAP:
            return self._read_members(self.remember(slot, {}), self.primitives.decode_uint(subtype))
        if major == MAJOR_TAG:
            return self._read_tagged(slot, self.primitives.decode_uint(subtype))
        if initial[0] >= 0xe0 and initial[0] not in SIMPLE_VALUES:
            raise CloneError("The message is damaged")
        self.file.seek(-1, io.SEEK_CUR)
        return self.remember(slot, self.primitives.decode())

    def remember(self, slot: int, value: Any) -> Any:
        """Notes a value that occurs again, before its content is read."""
        if slot >= 0:
            self.shared[slot] = value
        return value

    def _read_head(self, major: int) -> int:
        initial = self.file.read(1)
        if not initial or initial[0] >> 5 != major:
            raise CloneError("The message is damaged")
        return self.primitives.decode_uint(initial[0] & 31)

    def _read_list(self, slot: int, length: int) -> list:
        items = self.remember(slot, [])
        for _ in range(length):
            items.append(self.read())
        return items

    def _read_members(self, members: dict, length: int) -> dict:
        for _ in range(length):
            key = self.read()
            members[key] = self.read()
        return members

    def _read_tagged(self, slot: int, tag: int) -> Any:
        reader = self._READERS.get(tag)
        if reader is not None:
            return reader(self, slot)
        view_format = VIEW_FORMATS.get(tag)
        if view_format is None:
            raise CloneError(f"Python has no type for tag {tag}")
        return self.remember(slot, make_view(view_format, self.read()))

    def _read_date(self, slot: int) -> datetime.datetime:
        return self.remember(slot, to_datetime(self.read()))

    def _read_positive_bignum(self, _slot: int) -> int:
        return int.from_bytes(self.read(), "big")

    def _read_negative_bignum(self, _slot: int) -> int:
        return -1 - int.from_bytes(self.read(), "big")

    def _read_shareable(self, _slot: int) -> Any:
        self.shared.append(self)
        return self.read(len(self.shared) - 1)

    def _read_reference(self, _slot: int) -> Any:
        value = self.shared[self._read_head(0)]
        if value is self:
            raise CloneError("Python cannot hold a set or a key that contains itself")
        return value

    def _read_set(self, slot: int) -> set:
        length = self._read_head(MAJOR_ARRAY)
        items = self.remember(slot, set())
        for _ in range(length):
            items.add(_freeze(self.read()))
        if len(items) != length:
            raise CloneError("Members of a set are equal in Python")
        return items

    def _read_map(self, slot: int) -> dict:
        length = self._read_head(MAJOR_MAP)
        mapping = self.remember(slot, {})
        for _ in range(length):
            key = _freeze(self.read())
            mapping[key] = self.read()
        if len(mapping) != length:
            raise CloneError("Keys of a map are equal in Python")
        return mapping

    def _read_wtf8(self, _slot: int) -> str:
        return self.read().decode("utf-8", "surrogatepass")

    def _read_regexp(self, slot: int) -> re.Pattern:
        length = self._read_head(MAJOR_ARRAY)
        source = self.read()
        names = self.read() if length > 1 else ""
        flags = re.RegexFlag(0)
        for name, flag in REGEXP_FLAGS.items():
            if name in names:
                flags |= flag
        return self.remember(slot, re.compile(from_javascript(source), flags))

    def _read_handle(self, slot: int) -> Any:
        handle = self.get_handle(self._read_head(0))
        if handle is None:
            raise CloneError("The message names an object that did not come with it")
        return self.remember(slot, handle)

    def _read_buffer(self, slot: int) -> bytes:
        return self.remember(slot, self.get_buffer(self._read_head(0)))

    def _read_view(self, slot: int) -> memoryview:
        _length, tag, data, offset, length = (
            self._read_head(MAJOR_ARRAY), self.read(), self.read(), self.read(), self.read())
        if tag not in VIEW_FORMATS:
            raise CloneError("Python has no format for the elements of a typed array")
        whole = memoryview(data)[offset:]
        itemsize = memoryview(b"").cast(VIEW_FORMATS[tag]).itemsize
        count = len(whole) // itemsize if length is None else length
        if offset > len(data) or count * itemsize > len(whole):
            raise CloneError("A view ends outside of its bytes")
        return self.remember(slot, make_view(VIEW_FORMATS[tag], whole[:count * itemsize]))

    def _read_resizable(self, slot: int) -> bytes:
        self._read_head(MAJOR_ARRAY)
        data = self.remember(slot, self.read())
        self.read()
        return data

    def _read_hole(self, _slot: int) -> Any:
        self.read()
        return UNDEFINED

    def _read_sparse(self, slot: int) -> list:
        self._read_head(MAJOR_ARRAY)
        length = self.read()
        if length > MAX_HOLES + len(self.data):
            raise CloneError("A sparse array is too long for a list")
        items = self.remember(slot, [UNDEFINED] * length)
        for _ in range(self._read_head(MAJOR_MAP)):
            index = self.read()
            if not isinstance(index, int):
                raise CloneError("A list has no properties other than its elements")
            items[index] = self.read()
        return items

    def _read_record(self, slot: int) -> Any:
        self._read_head(MAJOR_ARRAY)
        cls = self.types.record_classes.get(self.read())
        if cls is None:
            return self._read_members(self.remember(slot, {}), self._read_head(MAJOR_MAP))
        record = self.remember(slot, cls.__new__(cls))
        members = self._read_members({}, self._read_head(MAJOR_MAP))
        for field in dataclasses.fields(cls):
            if field.name not in members:
                raise CloneError(f"A record has no “{field.name}”")
            object.__setattr__(record, field.name, members[field.name])
        return record

    def _read_object(self, slot: int) -> Any:
        self._read_head(MAJOR_ARRAY)
        name = self.read()
        if name == "DOMException":
            members = self._read_members({}, self._read_head(MAJOR_MAP))
            return self.remember(
                slot, self.types.dom_exception(members["message"], members["name"]))
        if name in BOXED_TYPES:
            return self.remember(slot, self.read())
        if name not in ERROR_CLASSES:
            raise CloneError(f"Python has no type “{name}”")

        return self._read_exception(slot, ERROR_CLASSES[name])

    def _read_exception(self, slot: int, cls: type[Exception]) -> Exception:
        error = None
        for _ in range(self._read_head(MAJOR_MAP)):
            key = self.read()
            if key == "class":
                cls = find_exception(self.read(), cls)
                continue
            if error is None:
                # Its cause may contain the error.
                error = self.remember(slot, cls.__new__(cls))
            set_error_member(error, key, self.read())
        return error if error is not None else self.remember(slot, cls.__new__(cls))

    _READERS: dict[int, Callable[["Decoder", int], Any]] = {
        EPOCH_TIME: _read_date,
        2: _read_positive_bignum,
        3: _read_negative_bignum,
        OBJECT: _read_object,
        SHAREABLE: _read_shareable,
        REFERENCE: _read_reference,
        SET: _read_set,
        MAP: _read_map,
        WTF8: _read_wtf8,
        REGEXP: _read_regexp,
        HANDLE: _read_handle,
        BUFFER: _read_buffer,
        VIEW: _read_view,
        RESIZABLE: _read_resizable,
        SPARSE: _read_sparse,
        RECORD: _read_record,
        HOLE: _read_hole,
    }
