"""CBOR becomes values of Python, as docs/wire-format.md describes it.

cbor2 reads the items; what they mean is decided here. See HTML,
structured-data.html#structureddeserialize.

A message may come from outside, and its reader was not written by its sender. So nothing here costs
more than a multiple of the length of the message: Deserializer.spend() counts what could.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any

from . import exceptions
from .cbor_reader import CborReader
from .cbor_writer import UNDEFINED
from .dates import to_datetime
from .exceptions import ERROR_CLASSES, CloneError
from .frozen import Freezer
from .patterns import REGEXP_FLAGS, count_characters, from_javascript
from .records import Registry, fill_fields, make_empty
from .views import VIEW_FORMATS, make_view
from .wire import (
    BUFFER, EPOCH_TIME, HANDLE, HOLE, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAP, MAX_DEPTH,
    NEGATIVE_BIGNUM, OBJECT, POSITIVE_BIGNUM, RECORD, REFERENCE, REGEXP, RESIZABLE, SET, SHAREABLE,
    SPARSE, VIEW, WTF8,
)

BOXED_TYPES = ("Boolean", "Number", "String", "BigInt")

# What a message may cost: so much for each byte, and so much in any case. The units are explained
# where they are spent; the time for one is a few nanoseconds.
COST_OF_BYTE = 1024
COST_OF_MESSAGE = 2**21
COST_OF_HOLE = 16

# Stands for a shared value before its place is taken by the value.
PENDING = object()

# A reader of an object: yields the slot of each value that it needs, -1 for one that is not
# shared, is sent the value, and returns the object.
Reader = Generator[int, Any, Any]


class Deserializer(CborReader):
    """Deserializes one message."""

    def __init__(self, registry: Registry, dom_exception: type, data: bytes,
                 get_buffer: Callable[[int], bytes], get_handle: Callable[[int], Any]) -> None:
        super().__init__(data)
        self.registry = registry
        self.dom_exception = dom_exception
        self.get_buffer = get_buffer
        self.get_handle = get_handle
        self.budget = COST_OF_MESSAGE + COST_OF_BYTE * len(data)
        self.freezer = Freezer(self.spend)
        self.shared: list[Any] = []

    def deserialize(self) -> Any:
        """Returns the value."""
        try:
            value = self._read_all()
        except Exception as error:
            raise CloneError(f"Message could not be deserialized: {error}") from error
        if not self.is_at_end():
            raise CloneError("Message could not be deserialized: something follows it")
        return value

    def _read_all(self) -> Any:
        if self.is_plain():
            try:
                return self.read_plain()
            except RecursionError:
                self.file.seek(0)
        return self._read()

    def spend(self, cost: int) -> None:
        """Counts what a message costs."""
        self.budget -= cost
        if self.budget < 0:
            raise CloneError("it takes too long, or too much memory, for its length")

    def _read(self) -> Any:
        """Reads a value and all that it contains, however deep, on a stack of our own."""
        stack: list[Reader] = []
        value = self._begin(-1)
        while True:
            if type(value) is GeneratorType:
                if len(stack) == MAX_DEPTH:
                    raise CloneError("it is nested too deeply")
                stack.append(value)
                value = None
            elif not stack:
                return value
            try:
                slot = stack[-1].send(value)
            except StopIteration as stop:
                stack.pop()
                value = stop.value
            else:
                value = self._begin(slot)

    def _begin(self, slot: int) -> Any:
        """The next value, or its reader; slot is its number if it occurs again."""
        major, info = self.read_initial()
        if major == MAJOR_ARRAY:
            return self._read_list(slot, self.read_number(info))
        if major == MAJOR_MAP:
            return self._read_members(self._open(slot, {}), self.read_number(info), slot)
        if major == MAJOR_TAG:
            tag = self.read_number(info)
            reader = self._READERS.get(tag)
            return reader(self, slot) if reader is not None else self._read_typed_array(slot, tag)
        return self._close(slot, self.read_primitive(major, info))

    def _open(self, slot: int, value: Any) -> Any:
        """Notes a container that occurs again, before its content is read."""
        if slot >= 0:
            self.shared[slot] = value
            self.freezer.open(value)
        return value

    def _close(self, slot: int, value: Any) -> Any:
        """Notes a value that occurs again, and is complete."""
        if slot >= 0:
            self.shared[slot] = value
            self.freezer.close(value)
        return value

    def _read_list(self, slot: int, length: int) -> Reader:
        items = self._open(slot, [])
        for _ in range(length):
            items.append((yield -1))
        return self._close(slot, items)

    def _read_members(self, members: dict, length: int, slot: int = -1) -> Reader:
        for _ in range(length):
            key = yield -1
            members[key] = yield -1
        return self._close(slot, members)

    def _read_date(self, slot: int) -> Reader:
        return self._close(slot, to_datetime((yield -1)))

    def _read_positive_bignum(self, slot: int) -> Reader:
        return self._close(slot, int.from_bytes((yield -1), "big"))

    def _read_negative_bignum(self, slot: int) -> Reader:
        return self._close(slot, -1 - int.from_bytes((yield -1), "big"))

    def _read_shareable(self, _slot: int) -> Any:
        self.shared.append(PENDING)
        return self._begin(len(self.shared) - 1)

    def _read_reference(self, _slot: int) -> Any:
        value = self.shared[self.read_head(0)]
        if value is PENDING:
            raise CloneError("Python cannot make a value of this type that contains itself")
        return value

    def _read_set(self, slot: int) -> Reader:
        items = self._open(slot, set())
        counts: dict[int, int] = {}
        length = self.read_head(MAJOR_ARRAY)
        for _ in range(length):
            items.add(self.freezer.freeze_key((yield -1), counts))
        if len(items) != length:
            raise CloneError("members of a set are equal in Python")
        return self._close(slot, items)

    def _read_map(self, slot: int) -> Reader:
        mapping = self._open(slot, {})
        counts: dict[int, int] = {}
        length = self.read_head(MAJOR_MAP)
        for _ in range(length):
            key = self.freezer.freeze_key((yield -1), counts)
            mapping[key] = yield -1
        if len(mapping) != length:
            raise CloneError("keys of a map are equal in Python")
        return self._close(slot, mapping)

    def _read_wtf8(self, _slot: int) -> Reader:
        return (yield -1).decode("utf-8", "surrogatepass")

    def _read_regexp(self, slot: int) -> Reader:
        length = self.read_head(MAJOR_ARRAY)
        source = yield -1
        names = (yield -1) if length > 1 else ""
        flags = re.RegexFlag(0)
        for name, flag in REGEXP_FLAGS.items():
            if name in names:
                flags |= flag
        self.spend(count_characters(source))
        return self._close(slot, re.compile(from_javascript(source), flags))

    def _read_handle(self, slot: int) -> Any:
        handle = self.get_handle(self.read_head(0))
        if handle is None:
            raise CloneError("it names an object that did not come with it")
        return self._close(slot, handle)

    def _read_buffer(self, slot: int) -> bytes:
        return self._close(slot, self.get_buffer(self.read_head(0)))

    def _read_typed_array(self, slot: int, tag: int) -> Reader:
        if tag not in VIEW_FORMATS:
            raise CloneError(f"Python has no type for tag {tag}")
        return self._close(slot, make_view(VIEW_FORMATS[tag], (yield -1)))

    def _read_view(self, slot: int) -> Reader:
        self.read_head(MAJOR_ARRAY)
        tag, data, offset, length = (yield -1), (yield -1), (yield -1), (yield -1)
        if tag not in VIEW_FORMATS:
            raise CloneError("Python has no format for the elements of a typed array")
        whole = memoryview(data)[offset:]
        itemsize = memoryview(b"").cast(VIEW_FORMATS[tag]).itemsize
        count = len(whole) // itemsize if length is None else length
        if offset > len(data) or count * itemsize > len(whole):
            raise CloneError("a view ends outside of its bytes")
        return self._close(slot, make_view(VIEW_FORMATS[tag], whole[:count * itemsize]))

    def _read_resizable(self, slot: int) -> Reader:
        self.read_head(MAJOR_ARRAY)
        data = yield -1
        yield -1
        return self._close(slot, data)

    def _read_hole(self, _slot: int) -> Reader:
        yield -1
        return UNDEFINED

    def _read_sparse(self, slot: int) -> Reader:
        self.read_head(MAJOR_ARRAY)
        length = yield -1
        self.spend(length * COST_OF_HOLE)
        items = self._open(slot, [UNDEFINED] * length)
        for _ in range(self.read_head(MAJOR_MAP)):
            index = yield -1
            if not isinstance(index, int):
                raise CloneError("a list has no properties other than its elements")
            items[index] = yield -1
        return self._close(slot, items)

    def _read_record(self, slot: int) -> Reader:
        self.read_head(MAJOR_ARRAY)
        record = self.registry.by_name.get((yield -1))
        if record is None:
            members = self._open(slot, {})
            return (yield from self._read_members(members, self.read_head(MAJOR_MAP), slot))
        if record.read is None:
            value = self._open(slot, make_empty(record.cls))
            fill_fields(value, (yield from self._read_members({}, self.read_head(MAJOR_MAP))))
        else:
            value = record.read((yield from self._read_members({}, self.read_head(MAJOR_MAP))))
        return self._close(slot, value)

    def _read_object(self, slot: int) -> Reader:
        self.read_head(MAJOR_ARRAY)
        name = yield -1
        if name in BOXED_TYPES:
            return self._close(slot, (yield -1))
        if name == "DOMException":
            members = yield from self._read_members({}, self.read_head(MAJOR_MAP))
            return self._close(
                slot, self.dom_exception(members.get("message", ""), members.get("name", "Error")))
        if name not in ERROR_CLASSES:
            raise CloneError(f"Python has no type “{name}”")
        return self._close(slot, (yield from self._read_exception(slot, ERROR_CLASSES[name])))

    def _read_exception(self, slot: int, cls: type[Exception]) -> Reader:
        error = None
        group: dict[str, Any] = {}
        for _ in range(self.read_head(MAJOR_MAP)):
            key = yield -1
            if key == "class":
                cls = exceptions.find_class((yield -1), cls)
            elif group or key == "errors" and error is None:
                group[key] = yield -1
            else:
                if error is None:
                    # Its cause may contain the error.
                    error = self._open(slot, cls.__new__(cls))
                exceptions.set_member(error, key, (yield -1))
        if group:
            return exceptions.make_group(group)
        return error if error is not None else cls.__new__(cls)

    _READERS: dict[int, Callable[["Deserializer", int], Any]] = {
        EPOCH_TIME: _read_date,
        POSITIVE_BIGNUM: _read_positive_bignum,
        NEGATIVE_BIGNUM: _read_negative_bignum,
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
