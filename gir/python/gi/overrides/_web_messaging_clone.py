"""The structured clone algorithm for Python values.

Values become CBOR and come back, as docs/wire-format.md describes it. cbor2 reads and writes the
items; what they mean is decided here. See HTML, structured-data.html.
"""

# Copyright (C) 2026 The libwebmessaging authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import builtins
import ctypes
import dataclasses
import datetime
import io
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import cbor2
from cbor2.types import FrozenDict

UNDEFINED = cbor2.undefined

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

# RFC 8746, little-endian: the tag for a kind of elements and their size, and back to a format.
VIEW_TAGS = {
    ("u", 1): 64, ("u", 2): 69, ("u", 4): 70, ("u", 8): 71,
    ("i", 1): 72, ("i", 2): 77, ("i", 4): 78, ("i", 8): 79,
    ("f", 4): 85, ("f", 8): 86,
}
VIEW_FORMATS = {
    0: "B", 64: "B", 68: "B", 69: "H", 70: "I", 71: "Q",
    72: "b", 77: "h", 78: "i", 79: "q", 85: "f", 86: "d",
}
FORMAT_KINDS = dict.fromkeys("BHILQN", "u") | dict.fromkeys("bhilqn", "i") | dict.fromkeys("fd", "f")

REGEXP_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}

# A sparse array of JavaScript becomes a list only where that is not much longer than the message.
MAX_HOLES = 65536


class EvalError(Exception):
    """What JavaScript calls by this name."""


class URIError(ValueError):
    """What JavaScript calls by this name."""


ERROR_CLASSES: dict[str, type[Exception]] = {
    "Error": Exception,
    "EvalError": EvalError,
    "RangeError": ValueError,
    "ReferenceError": NameError,
    "SyntaxError": SyntaxError,
    "TypeError": TypeError,
    "URIError": URIError,
}


class CloneError(Exception):
    """A value that cannot be cloned. The caller makes a DOMException of it."""


class Types:
    """What the override module knows, and this one does not: platform objects and records."""

    def __init__(self, dom_exception: type, is_serializable: Callable[[Any], bool]) -> None:
        self.dom_exception = dom_exception
        self.is_serializable = is_serializable
        self.record_names: dict[type, str] = {}
        self.record_classes: dict[str, type] = {}

    def register(self, cls: type, name: str) -> None:
        """Makes the objects of a dataclass records of a name."""
        if not dataclasses.is_dataclass(cls):
            raise TypeError(f"{cls.__name__} is not a dataclass")
        if self.record_classes.get(name, cls) is not cls:
            raise ValueError(f"There is another class for records “{name}”")
        self.record_names[cls] = name
        self.record_classes[name] = cls


class _Buffer(ctypes.Structure):
    """The beginning of Py_buffer; the rest is room for it."""

    _fields_ = [("address", ctypes.c_void_p), ("rest", ctypes.c_byte * 256)]


def _address(exporter: Any) -> int:
    buffer = _Buffer()
    get, release = ctypes.pythonapi.PyObject_GetBuffer, ctypes.pythonapi.PyBuffer_Release
    get.argtypes = [ctypes.py_object, ctypes.POINTER(_Buffer), ctypes.c_int]
    release.argtypes = [ctypes.POINTER(_Buffer)]
    release.restype = None
    get(exporter, ctypes.byref(buffer), 0)
    release(ctypes.byref(buffer))
    return buffer.address or 0


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
            self._write_bytes(_little_endian(view))
            return
        # Views of the same bytes share them at the receiver too.
        offset = _address(view) - _address(exporter) if view.nbytes > 0 else 0
        if sys.byteorder == "big" and view.itemsize > 1 or offset % view.itemsize != 0:
            self.write_head(MAJOR_TAG, tag)
            self._write_bytes(_little_endian(view))
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
        self._write_str(_to_javascript(value.pattern))
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


def _little_endian(view: memoryview) -> bytes:
    if sys.byteorder == "little" or view.itemsize == 1:
        return view.tobytes()
    copy = array.array(view.format.lstrip("@"), view.tobytes())
    copy.byteswap()
    return copy.tobytes()


# What the two languages have different words for. A class of characters is one word, so that
# nothing in it is taken for something else.
PYTHON_WORDS = re.compile(
    r"\\.|\(\?P<|\(\?P=(?P<name>\w+)\)|(?P<start>\[\^?)(?P<bracket>\]?)(?P<rest>(?:\\.|[^\\\]])*\])",
    re.DOTALL)
JAVASCRIPT_WORDS = re.compile(
    r"\(\?<!\[\\s\\S\]\)|\(\?!\[\\s\\S\]\)|\\k<(?P<name>\w+)>|\\.|\(\?<(?![=!])|\[\^?(?:\\.|[^\\\]])*\]",
    re.DOTALL)
TO_JAVASCRIPT = {"(?P<": "(?<", r"\A": r"(?<![\s\S])", r"\Z": r"(?![\s\S])"}
FROM_JAVASCRIPT = {value: key for key, value in TO_JAVASCRIPT.items()} | {
    "[]": r"(?!)", "[^]": r"[\s\S]"}


def _to_javascript(pattern: str) -> str:
    """The source of a regular expression in the words that JavaScript has for it."""
    def translate(match: re.Match) -> str:
        if match["name"]:
            return rf"\k<{match['name']}>"
        if match["bracket"]:
            return rf"{match['start']}\]{match['rest']}"
        return TO_JAVASCRIPT.get(match[0], match[0])

    return PYTHON_WORDS.sub(translate, pattern)


def _from_javascript(source: str) -> str:
    def translate(match: re.Match) -> str:
        if match["name"]:
            return f"(?P={match['name']})"
        return FROM_JAVASCRIPT.get(match[0], match[0])

    return JAVASCRIPT_WORDS.sub(translate, source)


def _freeze(value: Any) -> Any:
    """A value that can be a key or a member of a set."""
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    if isinstance(value, dict):
        return FrozenDict({key: _freeze(item) for key, item in value.items()})
    if isinstance(value, set):
        return frozenset(value)
    return value


def _make_view(view_format: str, data: Any) -> memoryview:
    view = memoryview(data).cast("B")
    if sys.byteorder == "big" and memoryview(b"").cast(view_format).itemsize > 1:
        swapped = array.array(view_format, view.tobytes())
        swapped.byteswap()
        view = memoryview(swapped.tobytes())
    return view.cast(view_format)


def _find_exception(name: str | None, base: type[Exception]) -> type[Exception]:
    """A class of Python itself, by its name; one of an application is its standard base."""
    cls = getattr(builtins, name, None) if name is not None else None
    return cls if isinstance(cls, type) and issubclass(cls, base) else base


def _set_error_member(error: Exception, key: str, value: Any) -> None:
    if key == "message":
        error.args = (value,)
        if isinstance(error, SyntaxError):
            error.msg = value
    elif key == "stack":
        error.stack = value
    elif key == "cause":
        error.cause = value
        if isinstance(value, BaseException):
            error.__cause__ = value


# The bytes that tags and the like begin with, which may stand for other things as well.
SPECIAL_BYTES = re.compile(rb"[\xc0-\xf3\xf8-\xfa\xfc-\xff]")

# False, true, null, undefined, and floats of three sizes.
SIMPLE_VALUES = bytes.fromhex("f4 f5 f6 f7 f9 fa fb")

BOXED_TYPES = ("Boolean", "Number", "String", "BigInt")

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def _to_datetime(seconds: float) -> datetime.datetime:
    """From seconds since 1970. A double far from then tells milliseconds apart, but no less."""
    if isinstance(seconds, int):
        return EPOCH + datetime.timedelta(seconds=seconds)
    if abs(seconds) < 2**32:
        return EPOCH + datetime.timedelta(microseconds=round(seconds * 1e6))
    return EPOCH + datetime.timedelta(milliseconds=round(seconds * 1e3))


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
        return self.remember(slot, _make_view(view_format, self.read()))

    def _read_date(self, slot: int) -> datetime.datetime:
        return self.remember(slot, _to_datetime(self.read()))

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
        return self.remember(slot, re.compile(_from_javascript(source), flags))

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
        return self.remember(slot, _make_view(VIEW_FORMATS[tag], whole[:count * itemsize]))

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
                cls = _find_exception(self.read(), cls)
                continue
            if error is None:
                # Its cause may contain the error.
                error = self.remember(slot, cls.__new__(cls))
            _set_error_member(error, key, self.read())
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
