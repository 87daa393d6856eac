"""Values of Python become CBOR, as docs/wire-format.md describes it.

cbor2 writes the items; what they mean is decided here. See HTML,
structured-data.html#structuredserializeinternal.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import datetime
import itertools
import numbers
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from . import exceptions, views
from .cbor_writer import UNDEFINED, CborWriter
from .dates import to_seconds
from .exceptions import CloneError
from .patterns import REGEXP_FLAGS, to_javascript
from .records import Record, Registry
from .wire import (
    BUFFER,
    EPOCH_TIME,
    HANDLE,
    MAJOR_ARRAY,
    MAJOR_MAP,
    MAJOR_TAG,
    MAP,
    MAX_DEPTH,
    OBJECT,
    OUT_OF_LINE,
    RECORD,
    REFERENCE,
    REGEXP,
    SET,
    SHAREABLE,
    VIEW,
    WTF8,
)

PRIMITIVES = frozenset((int, float, bool, type(None), type(UNDEFINED)))
ATOMS = PRIMITIVES | {str, bytes}

# Python makes one object of equal constants in a program. Up to these sizes, immutable values are
# written anew each time, so that a receiver that can change them does not change two of them.
SMALL_CONSTANT = 64
SMALL_BYTES = 64

# Writes the beginning of an object, and returns the values that follow it, if there can be any.
Writer = Callable[["Serializer", Any], Iterable[Any] | None]


class Serializer(CborWriter):
    """Serializes one message."""

    def __init__(self, registry: Registry, dom_exception: type,
                 is_serializable: Callable[[Any], bool], handles: dict[int, int]) -> None:
        """handles: the number of each object that is transferred, by its id()."""
        super().__init__()
        self.registry = registry
        self.dom_exception = dom_exception
        self.is_serializable = is_serializable
        self.handles = handles
        self.n_transferred = len(handles)
        # What comes with the message: cloned objects, and byte arrays out of line.
        self.objects: list[Any] = []
        self.buffers: list[bytes] = []
        # Where each object begins. The objects are kept, so that no other one gets its id().
        self.memory: dict[int, tuple[int, Any]] = {}
        # The same for small byte strings, which are objects only if there are views of them.
        self.small_bytes: dict[int, tuple[int, bytes]] = {}
        self.references: list[tuple[int, int]] = []
        self.depth = 0

    def serialize(self, value: Any) -> bytes:
        """Returns the CBOR of a value."""
        self._write(value)
        return self._insert_references() if self.references else self.finish()

    def _insert_references(self) -> bytes:
        """That an object occurs again is known only then: the tags for it go in last."""
        source = self.finish()
        starts = sorted({start for _, start in self.references})
        # The tag of a shared object is a level of its own for a reader.
        if self.depth + min(len(starts), self.depth) > MAX_DEPTH:
            raise_too_deep()
        numbers_of = {start: number for number, start in enumerate(starts)}
        marks = [(at, 0, numbers_of[start]) for at, start in self.references]
        marks += [(start, 1, 0) for start in starts]
        out = CborWriter()
        done = 0
        # What refers to an object stands before another one that begins at the same place.
        for at, is_start, number in sorted(marks, key=lambda mark: mark[:2]):
            out.file.write(source[done:at])
            done = at
            if is_start:
                out.write_head(MAJOR_TAG, SHAREABLE)
            else:
                out.write_head(MAJOR_TAG, REFERENCE)
                out.write_head(0, number)
        out.file.write(source[done:])
        return out.finish()

    def _write(self, value: Any) -> None:
        """Writes a value and all that it contains, however deep, on a stack of our own."""
        stack: list[Iterator[Any]] = [iter((value,))]
        while stack:
            for item in stack[-1]:
                kind = type(item)
                if kind is str:
                    self._write_str(item)
                elif kind in PRIMITIVES:
                    self.write_primitive(item)
                else:
                    children = self._write_object(item)
                    if children is not None:
                        self.depth = max(self.depth, len(stack))
                        if len(stack) == MAX_DEPTH:
                            raise_too_deep()
                        stack.append(iter(children))
                        break
            else:
                stack.pop()

    def _write_object(self, value: Any) -> Iterable[Any] | None:
        key = id(value)
        start = self.memory.get(key)
        if start is not None:
            self.references.append((self.file.tell(), start[0]))
            return None
        kind = type(value)
        if kind is dict or kind is list:
            self.memory[key] = (self.file.tell(), value)
            return self._write_mapping(value) if kind is dict else self._write_items(value)
        if key in self.handles:
            return self._write_handle(value)

        record = self.registry.by_class.get(type(value))
        if record is not None:
            return self._write_record(value, record)
        kind, writer = find_writer(self.registry, value)
        if kind in VALUES:
            return writer(self, value)
        if kind is Record:
            return self._write_record(value, writer)
        if type(value) not in (tuple, frozenset) or not is_small_constant(value):
            self.memory[key] = (self.file.tell(), value)
        return writer(self, value)

    def _write_str(self, text: str) -> None:
        try:
            self.write_primitive(text)
        except UnicodeEncodeError:
            self.write_head(MAJOR_TAG, WTF8)
            self.write_primitive(_join_surrogates(text).encode("utf-8", "surrogatepass"))

    def _write_string(self, value: str) -> None:
        self._write_str(str.__str__(value))

    def _write_int(self, value: int) -> None:
        self.write_primitive(int.__index__(value))

    def _write_float(self, value: float) -> None:
        self.write_primitive(float.__float__(value))

    def _write_handle(self, value: Any) -> None:
        self.write_head(MAJOR_TAG, HANDLE)
        self.write_head(0, self.handles[id(value)])

    def _write_mapping(self, mapping: Mapping) -> Iterable[Any]:
        items = list(mapping.items())
        for key, _ in items:
            if type(key) is not str:
                break
        else:
            self.write_head(MAJOR_MAP, len(items))
            return itertools.chain.from_iterable(items)
        if all(isinstance(key, str) for key, _ in items):
            return self._write_members(items)
        self.write_head(MAJOR_TAG, MAP)
        self.write_head(MAJOR_MAP, len(items))
        return itertools.chain.from_iterable(items)

    def _write_members(self, items: Iterable[tuple[str, Any]]) -> Iterable[Any]:
        items = [(key if type(key) is str else str.__str__(key), value) for key, value in items]
        self.write_head(MAJOR_MAP, len(items))
        return itertools.chain.from_iterable(items)

    def _write_items(self, items: Iterable[Any]) -> Iterable[Any]:
        items = list(items)
        self.write_head(MAJOR_ARRAY, len(items))
        return items

    def _write_set(self, items: Iterable[Any]) -> Iterable[Any]:
        self.write_head(MAJOR_TAG, SET)
        return self._write_items(items)

    def _write_bytes(self, data: bytes) -> None:
        """A byte string that is nobody's exporter yet."""
        key = id(data)
        if type(data) is bytes and len(data) <= SMALL_BYTES:
            self.small_bytes.setdefault(key, (self.file.tell(), data))
        else:
            self.memory[key] = (self.file.tell(), data)
        self._write_byte_string(bytes(memoryview(data)))

    def _write_byte_string(self, data: bytes) -> None:
        if len(data) < OUT_OF_LINE:
            self.write_primitive(data)
        else:
            self.write_head(MAJOR_TAG, BUFFER)
            self.write_head(0, len(self.buffers))
            self.buffers.append(data)

    def _write_exporter(self, data: Any) -> None:
        """The bytes of a view, which others may share."""
        key = id(data)
        if key in self.small_bytes:
            self.memory[key] = self.small_bytes.pop(key)
        if key not in self.memory:
            self.memory[key] = (self.file.tell(), data)
            self._write_byte_string(bytes(data))
        else:
            self.references.append((self.file.tell(), self.memory[key][0]))

    def _write_buffer(self, value: Any) -> None:
        self._write_memoryview(memoryview(value))

    def _write_memoryview(self, view: memoryview) -> None:
        try:
            tag = views.get_tag(view)
        except ValueError:
            raise CloneError("memoryview object could not be cloned: it was released") from None
        data = view.obj
        if not isinstance(data, (bytes, bytearray)) or not views.is_little_endian(view) \
                or not view.c_contiguous:
            return self._write_copy(tag, view)
        # Views of the same bytes share them at the receiver too.
        offset = views.get_address(view) - views.get_address(data) if view.nbytes > 0 else 0
        if offset % view.itemsize != 0:
            return self._write_copy(tag, view)
        if view.nbytes == memoryview(data).nbytes:
            self.write_head(MAJOR_TAG, tag)
            self._write_exporter(data)
        else:
            self.write_head(MAJOR_TAG, VIEW)
            self.write_head(MAJOR_ARRAY, 4)
            self.write_head(0, tag)
            self._write_exporter(data)
            self.write_head(0, offset)
            self.write_head(0, view.nbytes // view.itemsize)
        return None

    def _write_copy(self, tag: int, view: memoryview) -> None:
        self.write_head(MAJOR_TAG, tag)
        self._write_byte_string(views.to_little_endian(view))

    def _write_datetime(self, value: datetime.datetime) -> None:
        seconds = to_seconds(value)
        self.write_head(MAJOR_TAG, EPOCH_TIME)
        self.write_primitive(seconds)

    def _write_pattern(self, value: re.Pattern) -> None:
        if not isinstance(value.pattern, str) or value.flags & (re.VERBOSE | re.LOCALE):
            raise CloneError("Pattern object could not be cloned: it is of bytes, or verbose")
        self.write_head(MAJOR_TAG, REGEXP)
        self.write_head(MAJOR_ARRAY, 2)
        self._write_str(to_javascript(value.pattern))
        self._write_str("".join(name for name, flag in REGEXP_FLAGS.items() if value.flags & flag))

    def _write_exception(self, value: BaseException) -> Iterable[Any]:
        self.write_head(MAJOR_TAG, OBJECT)
        self.write_head(MAJOR_ARRAY, 2)
        if isinstance(value, self.dom_exception):
            self._write_str("DOMException")
            return self._write_members((("name", value.name), ("message", value.message)))
        self._write_str(exceptions.find_name(value))
        return self._write_members(exceptions.get_members(value).items())

    def _write_record(self, value: Any, record: Record) -> Iterable[Any]:
        if not record.is_value:
            self.memory[id(value)] = (self.file.tell(), value)
        self.write_head(MAJOR_TAG, RECORD)
        self.write_head(MAJOR_ARRAY, 2)
        self._write_str(record.name)
        return self._write_members(record.write(value).items())

    def _write_other(self, value: Any) -> None:
        """An object of a class that this module does not know."""
        if self.is_serializable(value):
            self.handles[id(value)] = self.n_transferred + len(self.objects)
            self.objects.append(value)
            self._write_handle(value)
            return
        try:
            view = memoryview(value)
        except TypeError:
            view = None
        if view is not None and view.ndim > 0 and hasattr(value, "__len__"):
            self.memory[id(value)] = (self.file.tell(), value)
            self._write_memoryview(view)
        else:
            self.write_primitive(to_number(value, view))


def raise_too_deep() -> None:
    """Raises the error for values that no reader would take."""
    raise CloneError("Value could not be cloned: it is nested too deeply")


# How objects of these classes, and of those derived from them, are written.
WRITERS: dict[type, Writer] = {
    dict: Serializer._write_mapping,
    list: Serializer._write_items,
    tuple: Serializer._write_items,
    set: Serializer._write_set,
    frozenset: Serializer._write_set,
    bytes: Serializer._write_bytes,
    bytearray: Serializer._write_bytes,
    memoryview: Serializer._write_memoryview,
    array.array: Serializer._write_buffer,
    datetime.datetime: Serializer._write_datetime,
    re.Pattern: Serializer._write_pattern,
    BaseException: Serializer._write_exception,
    str: Serializer._write_string,
    int: Serializer._write_int,
    float: Serializer._write_float,
    Mapping: Serializer._write_mapping,
    object: Serializer._write_other,
}

# Objects of these are no objects on the wire, or their writer takes care of the memory.
VALUES = frozenset((str, int, float, bytes, bytearray, object))


def find_writer(registry: Registry, value: Any) -> tuple[type, Any]:
    """The nearest base class that is known, with its writer; or Record, with a record."""
    for cls in type(value).__mro__:
        if cls is object and isinstance(value, Mapping):
            return Mapping, WRITERS[Mapping]
        if cls in WRITERS:
            return cls, WRITERS[cls]
        record = registry.by_class.get(cls)
        if record is not None and record.with_subclasses:
            return Record, record
    raise AssertionError(value)


def is_small_constant(value: tuple | frozenset) -> bool:
    """Tells whether there are only some primitive values in a tuple and in those that it contains."""
    n_left = SMALL_CONSTANT
    stack = [value]
    while stack:
        items = stack.pop()
        n_left -= len(items)
        if n_left < 0:
            return False
        for item in items:
            if type(item) is tuple or type(item) is frozenset:
                stack.append(item)
            elif type(item) not in ATOMS:
                return False
    return True


def to_number(value: Any, view: memoryview | None) -> Any:
    """The number that an object of a library for numbers is, such as a scalar of NumPy."""
    try:
        if view is not None and view.ndim == 0:
            number = view.tolist()
            if type(number) in PRIMITIVES:
                return number
        elif hasattr(type(value), "__index__"):
            return int.__index__(value.__index__())
        elif hasattr(type(value), "__float__") and not isinstance(value, numbers.Rational):
            return float.__float__(value.__float__())
    except (TypeError, ValueError, NotImplementedError):
        pass
    error = CloneError(f"{type(value).__name__} object could not be cloned")
    error.culprit = value
    raise error


def _join_surrogates(text: str) -> str:
    """Two surrogates that are a pair are one code point, as in JavaScript."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
