"""Values of Python become CBOR, as docs/wire-format.md describes it.

cbor2 writes the items; what they mean is decided here. See HTML,
structured-data.html#structuredserializeinternal.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import dataclasses
import datetime
import io
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import cbor2

from .dates import EPOCH
from .exceptions import ERROR_CLASSES, CloneError
from .patterns import REGEXP_FLAGS, to_javascript
from .records import Types
from .views import FORMAT_KINDS, VIEW_TAGS, get_address, to_little_endian
from .wire import (
    BUFFER, EPOCH_TIME, HANDLE, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAP, OBJECT, OUT_OF_LINE,
    RECORD, REFERENCE, REGEXP, SET, SHAREABLE, VIEW, WTF8,
)

UNDEFINED = cbor2.undefined


class Encoder:
    """Encodes one message."""

    def __init__(self, types: Types, handles: dict[int, int]) -> None:
        """handles: the number of each object that is transferred, by its id()."""
        self.types = types
        self.handles = handles
        self.n_transferred = len(handles)
        self.objects: list[Any] = []
        self.buffers: list[bytes] = []
        self.file = io.BytesIO()
        self.primitives = cbor2.CBOREncoder(self.file)
        self.write_primitive = self.primitives.encode
        self.write_head = self.primitives.encode_length
        # Where each object begins. The objects are kept, so that no other one gets its id().
        self.memory: dict[int, tuple[int, Any]] = {}
        self.references: list[tuple[int, int]] = []

    def encode(self, value: Any) -> bytes:
        """Returns the CBOR of a value."""
        self.write(value)
        return self._insert_references() if self.references else self.file.getvalue()

    def _insert_references(self) -> bytes:
        """That an object occurs again is known only then: the tags for it go in last."""
        source = self.file.getvalue()
        starts = sorted({start for _, start in self.references})
        numbers = {start: number for number, start in enumerate(starts)}
        marks = [(at, 0, numbers[start]) for at, start in self.references]
        marks += [(start, 1, 0) for start in starts]
        out = io.BytesIO()
        write_head = cbor2.CBOREncoder(out).encode_length
        done = 0
        # What refers to an object stands before another one that begins at the same place.
        for at, is_start, number in sorted(marks, key=lambda mark: mark[:2]):
            out.write(source[done:at])
            done = at
            if is_start:
                write_head(MAJOR_TAG, SHAREABLE)
            else:
                write_head(MAJOR_TAG, REFERENCE)
                write_head(0, number)
        out.write(source[done:])
        return out.getvalue()

    def write(self, value: Any) -> None:
        kind = type(value)
        if kind is str:
            self._write_str(value)
        elif kind in (int, float, bool) or value is None or value is UNDEFINED:
            self.write_primitive(value)
        elif id(value) in self.handles:
            self._write_handle(value)
        elif id(value) in self.memory:
            self.references.append((self.file.tell(), self.memory[id(value)][0]))
        else:
            self.memory[id(value)] = (self.file.tell(), value)
            self._write_object(value)

    def _write_str(self, text: str) -> None:
        try:
            self.write_primitive(text)
        except UnicodeEncodeError:
            self.write_head(MAJOR_TAG, WTF8)
            self.write_primitive(_join_surrogates(text).encode("utf-8", "surrogatepass"))

    def _write_handle(self, value: Any) -> None:
        self.write_head(MAJOR_TAG, HANDLE)
        self.write_head(0, self.handles[id(value)])

    def _write_object(self, value: Any) -> None:
        for kinds, write in self._WRITERS:
            if isinstance(value, kinds):
                write(self, value)
                return
        if type(value) in self.types.record_names:
            self._write_record(value)
        elif self.types.is_serializable(value):
            self.handles[id(value)] = self.n_transferred + len(self.objects)
            self.objects.append(value)
            self._write_handle(value)
        else:
            raise CloneError(f"A {type(value).__name__} cannot be cloned")

    def _write_mapping(self, mapping: Mapping) -> None:
        items = list(mapping.items())
        has_names = all(isinstance(key, str) for key, _ in items)
        if not has_names:
            self.write_head(MAJOR_TAG, MAP)
        self.write_head(MAJOR_MAP, len(items))
        for key, value in items:
            self.write(str(key) if has_names else key)
            self.write(value)

    def _write_items(self, items: Any) -> None:
        items = list(items)
        self.write_head(MAJOR_ARRAY, len(items))
        for item in items:
            self.write(item)

    def _write_set(self, items: Any) -> None:
        self.write_head(MAJOR_TAG, SET)
        self._write_items(items)

    def _write_bytes(self, data: Any) -> None:
        if len(data) < OUT_OF_LINE:
            self.write_primitive(bytes(data))
        else:
            self.write_head(MAJOR_TAG, BUFFER)
            self.write_head(0, len(self.buffers))
            self.buffers.append(bytes(data))

    def _write_array(self, value: array.array) -> None:
        self._write_memoryview(memoryview(value))

    def _write_memoryview(self, view: memoryview) -> None:
        kind = FORMAT_KINDS.get(view.format.lstrip("@"))
        if kind is None or not view.c_contiguous:
            raise CloneError(f"A memoryview of format “{view.format}” cannot be cloned")
        tag = VIEW_TAGS[kind, view.itemsize]
        exporter = view.obj
        if not isinstance(exporter, (bytes, bytearray)):
            self.write_head(MAJOR_TAG, tag)
            self._write_bytes(to_little_endian(view))
            return
        # Views of the same bytes share them at the receiver too.
        offset = get_address(view) - get_address(exporter) if view.nbytes > 0 else 0
        if sys.byteorder == "big" and view.itemsize > 1 or offset % view.itemsize != 0:
            self.write_head(MAJOR_TAG, tag)
            self._write_bytes(to_little_endian(view))
        elif view.nbytes == len(exporter):
            self.write_head(MAJOR_TAG, tag)
            self.write(exporter)
        else:
            self.write_head(MAJOR_TAG, VIEW)
            self.write_head(MAJOR_ARRAY, 4)
            self.write_head(0, tag)
            self.write(exporter)
            self.write_head(0, offset)
            self.write_head(0, view.nbytes // view.itemsize)

    def _write_datetime(self, value: datetime.datetime) -> None:
        if value.tzinfo is None:
            raise CloneError("A datetime without a time zone cannot be cloned")
        since = value - EPOCH
        seconds = since.days * 86400 + since.seconds
        self.write_head(MAJOR_TAG, EPOCH_TIME)
        self.write_primitive(
            (seconds * 1000000 + since.microseconds) / 1e6 if since.microseconds else seconds)

    def _write_pattern(self, value: re.Pattern) -> None:
        if not isinstance(value.pattern, str) or value.flags & (re.VERBOSE | re.LOCALE):
            raise CloneError("A pattern of bytes, or a verbose one, cannot be cloned")
        self.write_head(MAJOR_TAG, REGEXP)
        self.write_head(MAJOR_ARRAY, 2)
        self._write_str(to_javascript(value.pattern))
        self._write_str("".join(name for name, flag in REGEXP_FLAGS.items() if value.flags & flag))

    def _write_exception(self, value: BaseException) -> None:
        members: dict[str, Any] = {}
        if isinstance(value, self.types.dom_exception):
            name = "DOMException"
            members = {"name": value.name, "message": value.message}
        else:
            name = next((name for name, cls in reversed(ERROR_CLASSES.items())
                         if isinstance(value, cls)), "Error")
            message = value.args[0] if len(value.args) == 1 else str(value)
            # The name of the class comes first: the receiver makes the object of it.
            if type(value) is not ERROR_CLASSES[name]:
                members["class"] = type(value).__name__
            if value.args:
                members["message"] = str(message)
            if isinstance(getattr(value, "stack", None), str):
                members["stack"] = value.stack
            if getattr(value, "cause", value.__cause__) is not None:
                members["cause"] = getattr(value, "cause", value.__cause__)
        self.write_head(MAJOR_TAG, OBJECT)
        self.write_head(MAJOR_ARRAY, 2)
        self._write_str(name)
        self._write_mapping(members)

    def _write_record(self, value: Any) -> None:
        self.write_head(MAJOR_TAG, RECORD)
        self.write_head(MAJOR_ARRAY, 2)
        self._write_str(self.types.record_names[type(value)])
        self._write_mapping({field.name: getattr(value, field.name)
                             for field in dataclasses.fields(value)})

    def _write_number(self, value: Any) -> None:
        self.write_primitive(int(value) if isinstance(value, int) else float(value))

    def _write_string(self, value: str) -> None:
        self._write_str(str.__str__(value))

    _WRITERS: list[tuple[Any, Callable[["Encoder", Any], None]]] = [
        (Mapping, _write_mapping),
        ((list, tuple), _write_items),
        ((set, frozenset), _write_set),
        ((bytes, bytearray), _write_bytes),
        (memoryview, _write_memoryview),
        (array.array, _write_array),
        (datetime.datetime, _write_datetime),
        (re.Pattern, _write_pattern),
        (BaseException, _write_exception),
        ((int, float), _write_number),
        (str, _write_string),
    ]


def _join_surrogates(text: str) -> str:
    """Two surrogates that are a pair are one code point, as in JavaScript."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
