"""CBOR becomes values of Python, as docs/wire-format.md describes it.

cbor2 reads the items; what they mean is decided here. See HTML,
structured-data.html#structureddeserialize.

A message may come from outside, and its reader was not written by its sender. So nothing here costs
more than a multiple of the length of the message: spend() counts what could.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import datetime
import re
from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any

from . import exceptions
from .cbor_reader import CborReader, read_plain
from .cbor_writer import UNDEFINED
from .dates import to_datetime
from .exceptions import ERROR_CLASSES, CloneError
from .frozen import Freezer, is_simple_key
from .patterns import REGEXP_FLAGS, count_characters, from_javascript
from .records import Registry, fill_fields, make_empty
from .views import VIEW_FORMATS, make_view
from .wire import (
    BUFFER,
    EPOCH_TIME,
    HANDLE,
    HOLE,
    MAJOR_ARRAY,
    MAJOR_MAP,
    MAJOR_TAG,
    MAP,
    MAX_DEPTH,
    NEGATIVE_BIGNUM,
    OBJECT,
    POSITIVE_BIGNUM,
    RECORD,
    REFERENCE,
    REGEXP,
    RESIZABLE,
    SET,
    SHAREABLE,
    SPARSE,
    VIEW,
    WTF8,
)

BOXED_TYPES = ("Boolean", "Number", "String", "BigInt")

# What a message may cost: so much for each byte, and so much in any case. The units are explained
# where they are spent; the time for one is a few nanoseconds.
COST_OF_BYTE = 1024
COST_OF_MESSAGE = 2**21
COST_OF_HOLE = 16
# Python looks up the other cases of each character in a class.
COST_OF_CLASS = 10000

# What begins with a smaller byte is an integer, a byte string or a text.
FIRST_CONTAINER = MAJOR_ARRAY << 5

# Stands for a shared value before its place is taken by the value.
PENDING = object()

# Reads an object that contains others: yields the reader of each that contains others itself, is
# sent the object that this one has read, and returns the object.
Reader = Generator["Reader", Any, Any]


def deserialize(registry: Registry, dom_exception: type, data: bytes,
                get_buffer: Callable[[int], bytes], get_handle: Callable[[int], Any]) -> Any:
    """The value of a message.

    get_buffer returns the byte arrays that are kept out of line, get_handle the objects that came
    with the message, both by their number.
    """
    try:
        try:
            return read_plain(data)
        except LookupError:
            return _Deserializer(registry, dom_exception, data, get_buffer, get_handle).read_all()
    except Exception as error:
        raise CloneError(f"Message could not be deserialized: {error}") from error


class _Deserializer(CborReader):
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

    def read_all(self) -> Any:
        """Reads the whole message."""
        value = self._read()
        if not self.is_at_end():
            raise CloneError("something follows the value")
        return value

    def spend(self, cost: int) -> None:
        """Counts what a message costs."""
        self.budget -= cost
        if self.budget < 0:
            raise CloneError("it takes too long, or too much memory, for its length")

    def _read(self) -> Any:
        """Reads a value and all that it contains, however deep, on a stack of our own."""
        value = self._begin()
        if type(value) is not GeneratorType:
            return value
        stack: list[Reader] = [value]
        value = None
        while True:
            try:
                stack.append(stack[-1].send(value))
            except StopIteration as stop:
                stack.pop()
                value = stop.value
                if not stack:
                    return value
            else:
                value = None
                if len(stack) > MAX_DEPTH:
                    raise CloneError("it is nested too deeply")

    def _begin(self, slot: int = -1) -> Any:
        """The next value, or its reader; slot is its number if it occurs again."""
        initial = self.read_bytes(1)[0]
        if initial < FIRST_CONTAINER:
            value = initial if initial < 24 else self.read_primitive(initial)
            return value if slot < 0 else self._close(slot, value)
        return self._begin_other(initial, slot)

    def _begin_other(self, initial: int, slot: int = -1) -> Any:
        """The same for all but the most frequent types, after the first byte."""
        major = initial >> 5
        if major == MAJOR_TAG:
            info = initial & 31
            tag = info if info < 24 else self._decode_number(info)
            reader = self._READERS.get(tag)
            return reader(self, slot) if reader is not None else self._read_typed_array(slot, tag)
        if major == MAJOR_ARRAY:
            return self._read_list(slot, self.read_number(initial))
        if major == MAJOR_MAP:
            return self._read_members(self._open(slot, {}), self.read_number(initial), slot)
        value = self.read_primitive(initial)
        return value if slot < 0 else self._close(slot, value)

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

    def _read_list(self, slot: int, length: int) -> Any:
        """A list, or its reader if it contains others: many do not."""
        items = self._open(slot, [])
        for index in range(length):
            initial = self.read_bytes(1)[0]
            if initial >= FIRST_CONTAINER:
                return self._read_items(slot, items, initial, length - index - 1)
            items.append(initial if initial < 24 else self.read_primitive(initial))
        return self._close(slot, items)

    def _read_items(self, slot: int, items: list, initial: int, n_more: int) -> Reader:
        item = self._begin_other(initial)
        items.append((yield item) if type(item) is GeneratorType else item)
        for _ in range(n_more):
            item = self._begin()
            items.append((yield item) if type(item) is GeneratorType else item)
        return self._close(slot, items)

    def _read_members(self, members: dict, length: int, slot: int = -1) -> Reader:
        for _ in range(length):
            key, value = self._begin(), self._begin()
            members[key] = (yield value) if type(value) is GeneratorType else value
        return self._close(slot, members)

    def _read_date(self, slot: int) -> datetime.datetime:
        return self._close(slot, to_datetime(self.read_next_primitive()))

    def _read_positive_bignum(self, slot: int) -> int:
        return self._close(slot, int.from_bytes(self.read_next_primitive(), "big"))

    def _read_negative_bignum(self, slot: int) -> int:
        return self._close(slot, -1 - int.from_bytes(self.read_next_primitive(), "big"))

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
            item = self._begin()
            if type(item) is GeneratorType:
                item = yield item
            items.add(item if is_simple_key(item) else self.freezer.freeze_key(item, counts))
        if len(items) != length:
            raise CloneError("members of a set are equal in Python")
        return self._close(slot, items)

    def _read_map(self, slot: int) -> Reader:
        mapping = self._open(slot, {})
        counts: dict[int, int] = {}
        length = self.read_head(MAJOR_MAP)
        for _ in range(length):
            key = self._begin()
            if type(key) is GeneratorType:
                key = yield key
            if not is_simple_key(key):
                key = self.freezer.freeze_key(key, counts)
            value = self._begin()
            mapping[key] = (yield value) if type(value) is GeneratorType else value
        if len(mapping) != length:
            raise CloneError("keys of a map are equal in Python")
        return self._close(slot, mapping)

    def _read_wtf8(self, _slot: int) -> str:
        return self.read_next_primitive().decode("utf-8", "surrogatepass")

    def _read_regexp(self, slot: int) -> re.Pattern:
        length = self.read_head(MAJOR_ARRAY)
        source = self._begin()
        names = self._begin() if length > 1 else ""
        flags = re.RegexFlag(0)
        for name, flag in REGEXP_FLAGS.items():
            if name in names:
                flags |= flag
        self.spend(count_characters(source))
        if flags & re.IGNORECASE:
            self.spend(source.count("[") * COST_OF_CLASS)
        return self._close(slot, re.compile(from_javascript(source), flags))

    def _read_handle(self, slot: int) -> Any:
        handle = self.get_handle(self.read_head(0))
        if handle is None:
            raise CloneError("it names an object that did not come with it")
        return self._close(slot, handle)

    def _read_buffer(self, slot: int) -> bytes:
        return self._close(slot, self.get_buffer(self.read_head(0)))

    def _read_typed_array(self, slot: int, tag: int) -> memoryview:
        if tag not in VIEW_FORMATS:
            raise CloneError(f"Python has no type for tag {tag}")
        return self._close(slot, make_view(VIEW_FORMATS[tag], self._begin()))

    def _read_view(self, slot: int) -> memoryview:
        self.read_head(MAJOR_ARRAY)
        tag, data = self.read_head(0), self._begin()
        offset, length = self.read_head(0), self.read_next_primitive()
        if tag not in VIEW_FORMATS:
            raise CloneError("Python has no format for the elements of a typed array")
        whole = memoryview(data)[offset:]
        itemsize = memoryview(b"").cast(VIEW_FORMATS[tag]).itemsize
        count = len(whole) // itemsize if length is None else length
        if offset > len(data) or count * itemsize > len(whole):
            raise CloneError("a view ends outside of its bytes")
        return self._close(slot, make_view(VIEW_FORMATS[tag], whole[:count * itemsize]))

    def _read_resizable(self, slot: int) -> bytes:
        self.read_head(MAJOR_ARRAY)
        data = self._begin()
        self.read_head(0)
        if not isinstance(data, bytes):
            raise CloneError("a resizable byte array has no bytes")
        return self._close(slot, data)

    def _read_hole(self, _slot: int) -> Any:
        self.read_next_primitive()
        return UNDEFINED

    def _read_sparse(self, slot: int) -> Reader:
        self.read_head(MAJOR_ARRAY)
        length = self.read_head(0)
        self.spend(length * COST_OF_HOLE)
        items = self._open(slot, [UNDEFINED] * length)
        for _ in range(self.read_head(MAJOR_MAP)):
            index, item = self._begin(), self._begin()
            if not isinstance(index, int):
                raise CloneError("a list has no properties other than its elements")
            items[index] = (yield item) if type(item) is GeneratorType else item
        return self._close(slot, items)

    def _read_record(self, slot: int) -> Reader:
        self.read_head(MAJOR_ARRAY)
        record = self.registry.by_name.get(self._begin())
        length = self.read_head(MAJOR_MAP)
        if record is None:
            return (yield from self._read_members(self._open(slot, {}), length, slot))
        if record.read is None:
            value = self._open(slot, make_empty(record.cls))
            fill_fields(value, (yield from self._read_members({}, length)))
        else:
            value = record.read((yield from self._read_members({}, length)))
        return self._close(slot, value)

    def _read_object(self, slot: int) -> Any:
        self.read_head(MAJOR_ARRAY)
        name = self._begin()
        if name in BOXED_TYPES:
            return self._close(slot, self._begin())
        if name == "DOMException":
            return self._read_dom_exception(slot)
        if name in ERROR_CLASSES:
            return self._read_exception(slot, ERROR_CLASSES[name])
        raise CloneError(f"Python has no type “{name}”")

    def _read_dom_exception(self, slot: int) -> Reader:
        members = yield from self._read_members({}, self.read_head(MAJOR_MAP))
        return self._close(
            slot, self.dom_exception(members.get("message", ""), members.get("name", "Error")))

    def _read_exception(self, slot: int, cls: type[Exception]) -> Reader:
        error = None
        first: dict[str, Any] = {}
        for _ in range(self.read_head(MAJOR_MAP)):
            key = self._begin()
            is_first = key in ("class", "errors") or first.get("class") == exceptions.GLIB_ERROR \
                or "errors" in first
            if error is None and not is_first:
                # Its cause may contain the error.
                cls = exceptions.find_class(first.get("class"), cls)
                error = self._open(slot, cls.__new__(cls))
            value = self._begin()
            if type(value) is GeneratorType:
                value = yield value
            if error is None:
                first[key] = value
            else:
                exceptions.set_member(error, key, value)
        if error is None and ("errors" in first or first.get("class") == exceptions.GLIB_ERROR):
            error = exceptions.make_from_members(first)
        if error is None:
            cls = exceptions.find_class(first.get("class"), cls)
            error = cls.__new__(cls)
        return self._close(slot, error)

    _READERS: dict[int, Callable[["_Deserializer", int], Any]] = {
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
